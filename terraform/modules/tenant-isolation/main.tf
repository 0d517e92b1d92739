# The role that sessions of tenants assume, with what it may do as one managed policy a concern.

resource "aws_iam_role" "tenant" {
  name                 = var.name
  path                 = var.path
  description          = "Sessions of tenants, each bound to its tenant by the session tag TenantID"
  assume_role_policy   = data.aws_iam_policy_document.trust.minified_json
  max_session_duration = local.session_seconds_max
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  lifecycle {
    precondition {
      condition     = length(data.aws_iam_policy_document.trust.minified_json) <= local.trust_policy_size_max
      error_message = "the trust policy has ${length(data.aws_iam_policy_document.trust.minified_json)} characters, and IAM takes ${local.trust_policy_size_max} at most: list fewer tenant_ids, or leave the list out and keep it in the broker"
    }
    # A tag of the role is the principal tag of every session that brings none of its own.
    postcondition {
      condition     = !contains([for key in keys(self.tags_all) : lower(key)], "tenantid")
      error_message = "the role must not carry the tag TenantID, also not through the provider's default_tags: it would be the tenant of sessions without one"
    }
  }
}

resource "aws_iam_policy" "tenant" {
  for_each = local.policies

  name        = "${var.name}-${each.key}"
  path        = var.path
  description = "What sessions of ${var.name} may and may not do: ${replace(each.key, "-", " ")}"
  policy      = each.value
  tags        = var.tags

  lifecycle {
    precondition {
      condition     = length(each.value) <= local.policy_size_max
      error_message = "the policy '${each.key}' has ${length(each.value)} characters, and IAM takes ${local.policy_size_max} at most: list fewer resources, or use the module twice"
    }
  }
}

resource "aws_iam_role_policy_attachment" "tenant" {
  for_each = aws_iam_policy.tenant

  role       = aws_iam_role.tenant.name
  policy_arn = each.value.arn
}

# A policy that somebody adds by hand shows in the next plan, and leaves with the next apply.
resource "aws_iam_role_policy_attachments_exclusive" "tenant" {
  role_name   = aws_iam_role.tenant.name
  policy_arns = [for policy in aws_iam_policy.tenant : policy.arn]
}

resource "aws_iam_role_policies_exclusive" "tenant" {
  role_name    = aws_iam_role.tenant.name
  policy_names = []
}

# Accounts start with half of what IAM can be asked to take.
check "trust_policy_fits_the_default_quota" {
  assert {
    condition     = length(data.aws_iam_policy_document.trust.minified_json) <= 2048
    error_message = "the trust policy has ${length(data.aws_iam_policy_document.trust.minified_json)} characters: more than 2048 needs the raised quota 'Role trust policy length' in the account"
  }
}

locals {
  # Only concerns with resources get a policy. The guard is always there.
  policies = merge(
    { guard = data.aws_iam_policy_document.guard.minified_json },
    length(var.memories.pooled) + length(var.memories.silo) > 0 ? { memory = data.aws_iam_policy_document.memory.minified_json } : {},
    length(var.knowledge_base_arns) > 0 ? { knowledge-bases = data.aws_iam_policy_document.knowledge_bases.minified_json } : {},
    length(var.tables) > 0 ? { tables = data.aws_iam_policy_document.tables.minified_json } : {},
    length(var.buckets) > 0 ? { buckets = data.aws_iam_policy_document.buckets.minified_json } : {},
    length(var.kms_key_arns) > 0 ? { keys = data.aws_iam_policy_document.keys.minified_json } : {},
  )

  # In policies this is a variable of IAM's, filled in at each request from the session's tag.
  tenant = "$${aws:PrincipalTag/TenantID}"

  # Values that a session tag may have and a tenant's id may not. A slash is the dangerous one: the tenant 'acme/x' would own a part of acme's prefix.
  malformed_tenants = ["*/*", "*:*", "*=*", "*+*", "*@*", "* *", ".*", "-*", "_*", "${join("", [for _ in range(64) : "?"])}*"]

  # A broker that runs as a role chains roles, and a chained session ends after an hour at most.
  session_seconds_max   = 3600
  policy_size_max       = 6144
  trust_policy_size_max = 4096
}
