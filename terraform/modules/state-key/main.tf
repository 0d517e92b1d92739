locals {
  # The path below tells what the unit is: agents stand beside tenants/, and no agent is called so.
  folder = join("/", concat(
    ["agentcore", var.env, var.app_id],
    var.agent_name == null ? [] : [var.agent_name],
    var.tenant_alias == null ? [] : [local.tenants_folder, var.tenant_alias],
  ))

  tenants_folder = "tenants"
}

# What a part may be. `tenantgate state key` has the same rules; fixtures/state-keys.json holds both to them.
locals {
  part = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"

  # Long numbers and UUIDs, wherever they stand.
  id_shapes = ["[0-9]{6}", "(^|-)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-|$)"]

  # Words, between hyphens, that a machine made: hexadecimal with a digit, long with a digit, letters and digits by turns.
  id_words = [
    { characters = 8, pattern = "^[a-f]*[0-9][0-9a-f]*$" },
    { characters = 16, pattern = "[0-9]" },
    { characters = 8, pattern = "[0-9][a-z]+[0-9]+[a-z]+[0-9]" },
  ]

  # An alias that says what it is an id of, or is a letter or two and a number.
  id_names = [
    "^tenant",
    "^(account|acct|client|cust|customer|id|org|sub|tid|uid|user|usr)(-|[0-9]|$)",
    "^[a-z]{1,2}-?[0-9]+$",
  ]

  # Compared without case and separators: tenant-a is Tenant_A.
  known_tenants = [for id in var.tenant_ids : replace(lower(id), "/[^0-9a-z]/", "")]
}
