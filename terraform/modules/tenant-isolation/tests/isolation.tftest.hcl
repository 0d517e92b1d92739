# The shape of what the module makes, and what it refuses. What the policies mean is judged in terraform/tests.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "tagging"
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  default_tags {
    tags = { TenantID = "platform" }
  }
}

variables {
  broker_role_arns = ["arn:aws:iam::123456789012:role/tenantgate-session"]
}

run "only_the_guard_without_resources" {
  command = plan

  assert {
    condition     = keys(output.policy_json) == ["guard"]
    error_message = "a concern without resources must not get a policy"
  }
  assert {
    condition     = alltrue([for statement in jsondecode(output.policy_json.guard).Statement : statement.Effect == "Deny"])
    error_message = "the guard must only deny"
  }
  assert {
    condition     = aws_iam_role.tenant.max_session_duration == 3600
    error_message = "a session must end after an hour"
  }
  assert {
    condition     = length(aws_iam_role_policies_exclusive.tenant.policy_names) == 0
    error_message = "the role must have no inline policies"
  }
}

run "one_policy_a_concern" {
  command = plan

  variables {
    memories            = { pooled = ["arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/pooled-a1b2c3d4e5"], silo = ["arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/*"] }
    knowledge_base_arns = ["arn:aws:bedrock:eu-central-1:123456789012:knowledge-base/*"]
    tables              = [{ arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders", indexes = ["by-customer"] }]
    buckets             = [{ arn = "arn:aws:s3:::documents" }]
    kms_key_arns        = ["arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
  }

  assert {
    condition     = keys(output.policy_json) == ["buckets", "guard", "keys", "knowledge-bases", "memory", "tables"]
    error_message = "each concern with resources must have its policy"
  }
  assert {
    condition     = keys(output.policy_json) == keys(aws_iam_policy.tenant)
    error_message = "what is shown must be what is attached"
  }
  assert {
    condition     = !strcontains(output.policy_json.tables, "PutItem") && !strcontains(output.policy_json.buckets, "PutObject")
    error_message = "sessions must not write unless asked for"
  }
  assert {
    condition     = alltrue(flatten([for text in values(output.policy_json) : [for statement in jsondecode(text).Statement : !contains(flatten([statement.Resource]), "*") if statement.Effect == "Allow"]]))
    error_message = "nothing may be allowed on every resource"
  }
}

run "trust_names_exactly_the_brokers" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(output.trust_policy_json).Statement : statement.Action] == ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    error_message = "each action of STS must have a statement with its own keys"
  }
  assert {
    condition     = alltrue([for statement in jsondecode(output.trust_policy_json).Statement : statement.Principal == { AWS = "arn:aws:iam::123456789012:role/tenantgate-session" }])
    error_message = "only the broker may start sessions"
  }
}

run "trust_in_an_issuer_that_carries_the_tag" {
  command = plan

  variables {
    broker_role_arns = []
    web_identity     = { provider_arn = "arn:aws:iam::123456789012:oidc-provider/login.example.com/tenants", audiences = ["tenantgate"] }
  }

  assert {
    condition     = jsondecode(output.trust_policy_json).Statement[0].Action == "sts:AssumeRoleWithWebIdentity"
    error_message = "a web identity must be assumed with sts:AssumeRoleWithWebIdentity"
  }
  assert {
    condition     = jsondecode(output.trust_policy_json).Statement[0].Condition.StringEquals["login.example.com/tenants:aud"] == "tenantgate"
    error_message = "the audience must be demanded under the issuer's key"
  }
}

run "listed_tenants_are_named_in_trust_and_guard" {
  command = plan

  variables {
    tenant_ids = ["globex", "acme"]
  }

  assert {
    condition     = jsondecode(output.trust_policy_json).Statement[0].Condition.StringEquals["aws:RequestTag/TenantID"] == ["acme", "globex"]
    error_message = "sessions must start for listed tenants only"
  }
  assert {
    condition     = jsondecode(output.policy_json.guard).Statement[1].Condition.StringNotEquals["aws:PrincipalTag/TenantID"] == ["acme", "globex"]
    error_message = "sessions of tenants that left the list must be denied"
  }
}

# Several variables at once, as far as their validations do not look at each other: each run starts the provider anew.

run "refuses_what_would_be_too_wide" {
  command = plan
  variables {
    web_identity        = { provider_arn = "arn:aws:iam::123456789012:oidc-provider/login.example.com", audiences = [] }
    memories            = { pooled = ["arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/*"] }
    knowledge_base_arns = ["arn:aws:bedrock:knowledge-base/*"]
    tables              = [{ arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/*" }]
    buckets             = [{ arn = "arn:aws:s3:::documents/*" }]
    tags                = { tenantid = "acme" }
  }
  expect_failures = [var.web_identity, var.memories, var.knowledge_base_arns, var.tables, var.buckets, var.tags]
}

run "refuses_wildcards_in_brokers_an_empty_list_of_tenants_and_aliases_of_keys" {
  command = plan
  variables {
    broker_role_arns = ["arn:aws:iam::123456789012:role/tenantgate-*"]
    tenant_ids       = []
    buckets          = [{ arn = "arn:aws:s3:::documents" }]
    kms_key_arns     = ["arn:aws:kms:eu-central-1:123456789012:alias/documents"]
  }
  expect_failures = [var.broker_role_arns, var.tenant_ids, var.kms_key_arns]
}

run "refuses_odd_names_and_places" {
  command = plan
  variables {
    name                     = "tenants of ours"
    path                     = "tenants"
    permissions_boundary_arn = "arn:aws:iam::123456789012:role/boundary"
    web_identity             = { provider_arn = "https://login.example.com", audiences = ["tenantgate"] }
    memories                 = { pooled = ["arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/m-1"], silo = ["arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/m-1"] }
    tables                   = [{ arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders", indexes = ["*"] }]
  }
  expect_failures = [var.name, var.path, var.permissions_boundary_arn, var.web_identity, var.memories, var.tables]
}

run "refuses_a_whole_account_as_broker_tenants_with_separators_and_keys_of_nothing" {
  command = plan
  variables {
    broker_role_arns = ["arn:aws:iam::123456789012:root"]
    tenant_ids       = ["acme/bob"]
    kms_key_arns     = ["arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
  }
  expect_failures = [var.broker_role_arns, var.tenant_ids, var.kms_key_arns]
}

run "refuses_that_nobody_is_trusted_and_tenants_with_wildcards" {
  command = plan
  variables {
    broker_role_arns = []
    tenant_ids       = ["acme*"]
  }
  expect_failures = [var.broker_role_arns, var.tenant_ids]
}

run "refuses_tenants_with_dots_in_pooled_memory" {
  command = plan
  variables {
    tenant_ids = ["acme.eu"]
    memories   = { pooled = ["arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/pooled-a1b2c3d4e5"] }
  }
  expect_failures = [var.tenant_ids]
}

run "refuses_a_tenant_in_the_default_tags_of_the_provider" {
  command = plan
  providers = {
    aws = aws.tagging
  }
  expect_failures = [aws_iam_role.tenant]
}

run "refuses_a_trust_policy_that_iam_would_not_take" {
  command = plan
  variables {
    tenant_ids = [for number in range(120) : format("tenant-with-a-rather-long-name-%03d", number)]
  }
  expect_failures = [aws_iam_role.tenant, check.trust_policy_fits_the_default_quota]
}

run "warns_of_a_trust_policy_above_the_default_quota" {
  command = plan
  variables {
    tenant_ids = [for number in range(30) : format("tenant-with-a-rather-long-name-%03d", number)]
  }
  expect_failures = [check.trust_policy_fits_the_default_quota]
}

run "refuses_a_policy_that_iam_would_not_take" {
  command = plan
  variables {
    tables = [for number in range(120) : { arn = format("arn:aws:dynamodb:eu-central-1:123456789012:table/orders-of-the-year-%03d", number) }]
  }
  expect_failures = [aws_iam_policy.tenant]
}
