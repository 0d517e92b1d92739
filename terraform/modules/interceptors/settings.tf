locals {
  packages       = { request = var.packages.request, response = var.packages.response }
  function_names = { for point in keys(local.packages) : point => "${var.name}-${point}" }

  # One document for both: what one function needs of it, the other checks.
  settings = merge(
    var.settings,
    { registry = merge(try(var.settings.registry, {}), { table = var.registry.table_arn }) },
    { for name in ["metrics"] : name => { namespace = var.metrics_namespace } if var.metrics_namespace != null },
  )

  # One by one, so that a plan hides the secrets and shows the settings.
  secrets     = { for name in nonsensitive(keys(var.secret_environment)) : name => var.secret_environment[name] }
  environment = merge(local.secrets, { TENANTGATE_SETTINGS = jsonencode(local.settings) })
  # Bytes, not characters: base64 makes four characters of three bytes.
  environment_texts     = nonsensitive(join("", flatten([for name, value in local.environment : [name, value]])))
  environment_bytes     = floor(length(base64encode(local.environment_texts)) / 4) * 3 - length(regexall("=", base64encode(local.environment_texts)))
  environment_bytes_max = 4096

  # What of the settings the roles depend on.
  asks_for_tenants = (
    try(var.settings.iam, null) != null
    || anytrue([for issuer in try(var.settings.issuers, []) : try(issuer.tenantSelection, "CLAIM") == "MEMBERSHIP"])
    || anytrue([for issuer in try(var.settings.issuers, []) : try(issuer.machineClients, "REFUSE") == "REGISTERED"])
  )
  records_tasks = try(var.settings.registry.tasks, "OFF") == "RECORD"
  # Of the keys of the tenant context only the one that signs: the others are published, and not by the functions.
  context_keys        = try(var.settings.tenantContext.keys, [])
  context_signs_with  = length(local.context_keys) == 1 ? try(local.context_keys[0].kid, null) : try(var.settings.tenantContext.signWith, null)
  context_kms_keys    = [for key in local.context_keys : key.kms if try(key.kms, null) != null && key.kid == local.context_signs_with]
  context_secret_arns = [for key in local.context_keys : key.secretsManager if try(key.secretsManager, null) != null && key.kid == local.context_signs_with]
}
