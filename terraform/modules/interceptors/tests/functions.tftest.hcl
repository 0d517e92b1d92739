# The real provider, without an account: what is planned, and the real policy documents. Nothing is sent anywhere. Any file does for a package.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  packages = { request = "./main.tf", response = "./outputs.tf" }
  registry = { table_arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry" }
  settings = { issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }] }
}

run "functions_are_small_bounded_and_traced" {
  command = plan

  assert {
    condition     = { for point, function in aws_lambda_function.interceptor : point => function.function_name } == { request = "tenantgate-request", response = "tenantgate-response" }
    error_message = "the functions have other names"
  }

  assert {
    condition = alltrue([for function in aws_lambda_function.interceptor :
      function.runtime == "provided.al2023" && function.handler == "bootstrap" && function.architectures == tolist(["arm64"]) && function.memory_size == 512 && function.timeout == 10 && function.publish
    ])
    error_message = "a function is not as documented"
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.interceptor : function.reserved_concurrent_executions == 100])
    error_message = "a function may take all of the account's concurrency"
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.interceptor : function.tracing_config[0].mode == "Active"])
    error_message = "a function is not traced"
  }

  assert {
    condition = alltrue([for point, function in aws_lambda_function.interceptor :
      function.logging_config[0].log_format == "JSON" && function.logging_config[0].application_log_level == "INFO" && function.logging_config[0].system_log_level == "WARN" && function.logging_config[0].log_group == "/aws/lambda/tenantgate-${point}"
    ])
    error_message = "a function logs something else than JSON, or elsewhere"
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.interceptor : group.retention_in_days == 400])
    error_message = "audit lines are kept for another time"
  }

  assert {
    condition     = aws_kms_key.interceptors[0].enable_key_rotation
    error_message = "the key does not rotate"
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.interceptor : length(function.vpc_config) == 0]) && length(aws_lambda_provisioned_concurrency_config.live) == 0
    error_message = "there is a network or provisioned concurrency that nobody asked for"
  }

  assert {
    condition     = alltrue([for alias in aws_lambda_alias.live : alias.name == "live"])
    error_message = "the alias has another name"
  }
}

run "settings_get_the_table_and_stay_otherwise_as_they_are" {
  command = plan

  variables {
    settings = {
      registry = { table = "tenantgate-registry", cacheTtlMs = 1000 }
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      refusal  = "HTTP_403"
    }
  }

  assert {
    condition = alltrue([for function in aws_lambda_function.interceptor :
      jsondecode(function.environment[0].variables.TENANTGATE_SETTINGS) == {
        registry = { table = "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry", cacheTtlMs = 1000 }
        issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
        refusal  = "HTTP_403"
      }
    ])
    error_message = "the functions get other settings"
  }
}

run "aliases_stay_at_pinned_versions" {
  command = plan

  variables {
    pinned_versions = { request = "12" }
  }

  assert {
    condition     = aws_lambda_alias.live["request"].function_version == "12"
    error_message = "the alias is not at the version it is pinned to"
  }
}

run "concurrency_can_be_unbounded_and_then_has_no_alarm" {
  command = plan

  variables {
    reserved_concurrency = null
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.interceptor : function.reserved_concurrent_executions == -1])
    error_message = "there is a bound"
  }

  assert {
    condition     = length([for name in keys(aws_cloudwatch_metric_alarm.interceptor) : name if endswith(name, "-concurrency")]) == 0
    error_message = "there is an alarm on a bound that is none"
  }
}

run "copies_can_be_kept_ready" {
  command = plan

  variables {
    provisioned_concurrency = 2
  }

  assert {
    condition     = length(aws_lambda_provisioned_concurrency_config.live) == 2 && alltrue([for kept in aws_lambda_provisioned_concurrency_config.live : kept.qualifier == "live" && kept.provisioned_concurrent_executions == 2])
    error_message = "no copies are kept ready at the alias"
  }
}

run "a_given_key_encrypts_logs_and_environment" {
  command = plan

  variables {
    encryption = { key = "GIVEN", key_arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000009" }
  }

  assert {
    condition     = length(aws_kms_key.interceptors) == 0 && alltrue([for function in aws_lambda_function.interceptor : function.kms_key_arn == var.encryption.key_arn]) && alltrue([for group in aws_cloudwatch_log_group.interceptor : group.kms_key_id == var.encryption.key_arn])
    error_message = "another key than the given one is used"
  }
}

run "a_network_and_a_signer_are_passed_on" {
  command = plan

  variables {
    network                 = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    code_signing_config_arn = "arn:aws:lambda:eu-central-1:123456789012:code-signing-config:csc-0123456789abcdef0"
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.interceptor : function.vpc_config[0].subnet_ids == toset(["subnet-1"]) && function.vpc_config[0].security_group_ids == toset(["sg-1"]) && function.code_signing_config_arn == var.code_signing_config_arn])
    error_message = "network or signer are lost"
  }
}

run "the_environment_is_bounded" {
  command         = plan
  expect_failures = [aws_lambda_function.interceptor]

  variables {
    # With the names of the variables 4,100 bytes and more, of 3,000 characters: an é has two bytes.
    settings = {
      issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = [replace(format("%01100d", 0), "0", "é"), format("%01700d", 0)] }]
    }
  }
}

run "an_environment_of_4096_bytes_fits" {
  command = plan

  variables {
    settings = {
      issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = [format("%03800d", 0)] }]
    }
  }

  assert {
    condition     = local.environment_bytes > 3900 && local.environment_bytes == length("TENANTGATE_SETTINGS") + length(local.environment.TENANTGATE_SETTINGS)
    error_message = "bytes are counted wrongly"
  }
}

run "secrets_of_the_environment_are_passed_on" {
  command = plan

  variables {
    settings = {
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      hashKeys = { crm = { environment = "HASH_SECRET_CRM" } }
    }
    secret_environment = { HASH_SECRET_CRM = "0123456789abcdef0123456789abcdef" }
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.interceptor : nonsensitive(function.environment[0].variables.HASH_SECRET_CRM == "0123456789abcdef0123456789abcdef")])
    error_message = "a function has no secret to hash with"
  }
}
