# What the variables refuse. Nothing is planned beyond them.
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  packages = { request = "./main.tf", response = "./outputs.tf" }
  registry = { table_arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry" }
  settings = { issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }] }
}

run "a_name_with_a_slash_is_refused" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "prod/tenantgate"
  }
}

run "a_package_that_is_not_there_is_refused" {
  command         = plan
  expect_failures = [var.packages]

  variables {
    packages = { request = "./main.tf", response = "./nowhere.zip" }
  }
}

run "one_package_for_both_is_refused" {
  command         = plan
  expect_failures = [var.packages]

  variables {
    packages = { request = "./main.tf", response = "./main.tf" }
  }
}

run "another_processor_is_refused" {
  command         = plan
  expect_failures = [var.architecture]

  variables {
    architecture = "riscv64"
  }
}

run "settings_without_anybody_who_may_call_are_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = { issuers = [] }
  }
}

run "settings_that_are_no_object_are_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = "issuers"
  }
}

run "another_table_than_the_registry_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      registry = { table = "other" }
    }
  }
}

run "the_name_of_the_table_s_folder_is_no_table" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      registry = { table = "table" }
    }
  }
}

run "an_emulator_s_address_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      registry = { endpointUrl = "http://localhost:8000" }
    }
  }
}

run "an_emulator_s_address_is_refused_anywhere" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers       = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      tenantContext = { issuer = "https://tenantgate.example", keys = [{ kid = "1", kms = "arn:aws:kms:eu-central-1:123456789012:key/1", endpointUrl = "http://localhost:8000" }] }
    }
  }
}

run "a_private_key_in_the_settings_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers       = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      tokenExchange = { client = { privateKey = "-----BEGIN PRIVATE KEY-----" } }
    }
  }
}

run "the_private_half_of_a_web_key_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = { issuers = [{ issuer = "https://idp.example", algorithms = ["ES256"], audiences = ["https://gateway.example"], keys = { jwks = { keys = [{ kty = "EC", kid = "1", d = "AAAA" }] } } }] }
  }
}

run "a_shared_key_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = { issuers = [{ issuer = "https://idp.example", algorithms = ["ES256"], audiences = ["https://gateway.example"], keys = { jwks = { keys = [{ kty = "oct", kid = "1", k = "AAAA" }] } } }] }
  }
}

run "a_lookup_as_long_as_the_function_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      registry = { timeoutMs = 9500 }
    }
  }
}

run "a_function_as_short_as_a_lookup_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    timeout_seconds = 2
  }
}

run "a_secret_that_nobody_gives_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      hashKeys = { crm = { environment = "HASH_SECRET_CRM" } }
    }
  }
}

run "a_secret_that_nobody_reads_is_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    secret_environment = { HASH_SECRET_CRM = "0123456789abcdef0123456789abcdef" }
  }
}

run "a_registry_that_is_no_table_is_refused" {
  command         = plan
  expect_failures = [var.registry]

  variables {
    registry = { table_arn = "tenantgate-registry" }
  }
}

run "an_index_is_no_table" {
  command         = plan
  expect_failures = [var.registry]

  variables {
    registry = { table_arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry/index/all" }
  }
}

run "secrets_named_like_lambda_s_variables_are_refused" {
  command         = plan
  expect_failures = [var.secret_environment]

  variables {
    settings = {
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      hashKeys = { crm = { environment = "AWS_SECRET_ACCESS_KEY" } }
    }
    secret_environment = { AWS_SECRET_ACCESS_KEY = "0123456789abcdef0123456789abcdef" }
  }
}

run "too_little_memory_is_refused" {
  command         = plan
  expect_failures = [var.memory_mb]

  variables {
    memory_mb = 64
  }
}

run "a_function_that_outlasts_its_caller_is_refused" {
  command         = plan
  expect_failures = [var.timeout_seconds]

  variables {
    timeout_seconds = 900
  }
}

run "no_concurrency_at_all_is_refused" {
  command         = plan
  expect_failures = [var.reserved_concurrency]

  variables {
    reserved_concurrency = 0
  }
}

run "more_provisioned_than_reserved_is_refused" {
  command         = plan
  expect_failures = [var.provisioned_concurrency]

  variables {
    provisioned_concurrency = 101
  }
}

run "latest_is_no_version_to_pin" {
  command         = plan
  expect_failures = [var.pinned_versions]

  variables {
    pinned_versions = { response = "$LATEST" }
  }
}

run "a_period_that_logs_do_not_know_is_refused" {
  command         = plan
  expect_failures = [var.log_retention_days]

  variables {
    log_retention_days = 100
  }
}

run "another_owner_of_the_key_is_refused" {
  command         = plan
  expect_failures = [var.encryption]

  variables {
    encryption = { key = "AWS" }
  }
}

run "a_given_key_without_its_arn_is_refused" {
  command         = plan
  expect_failures = [var.encryption]

  variables {
    encryption = { key = "GIVEN" }
  }
}

run "a_network_without_security_groups_is_refused" {
  command         = plan
  expect_failures = [var.network]

  variables {
    network = { subnet_ids = ["subnet-1"], security_group_ids = [] }
  }
}

run "an_alarm_action_that_is_no_arn_is_refused" {
  command         = plan
  expect_failures = [var.alarm_actions]

  variables {
    alarm_actions = ["ops@example.com"]
  }
}

run "a_share_above_all_is_refused" {
  command         = plan
  expect_failures = [var.alarm_thresholds]

  variables {
    alarm_thresholds = { denial_percent = 101 }
  }
}

run "a_p99_beyond_the_timeout_is_refused" {
  command         = plan
  expect_failures = [var.alarm_thresholds]

  variables {
    alarm_thresholds = { duration_p99_ms = 10000 }
  }
}

run "an_alarm_on_no_decisions_is_refused" {
  command         = plan
  expect_failures = [var.alarm_thresholds]

  variables {
    alarm_thresholds = { denial_decisions_min = 0 }
  }
}

run "the_table_may_be_named_in_the_settings" {
  command = plan

  variables {
    settings = {
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      registry = { table = "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry", timeoutMs = 9000 }
    }
  }
}

run "metrics_of_the_settings_are_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      metrics = { namespace = "another" }
    }
  }
}

run "samples_without_metrics_are_refused" {
  command         = plan
  expect_failures = [var.settings]

  variables {
    settings = {
      issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      audit   = { sampleAllows = 0.1 }
    }
  }
}

run "namespaces_of_aws_are_refused" {
  command         = plan
  expect_failures = [var.metrics_namespace]

  variables {
    metrics_namespace = "AWS/Lambda"
  }
}

run "the_denial_rate_with_samples_is_that_of_the_functions_own_metrics" {
  command = plan

  variables {
    metrics_namespace = "tenantgate"
    settings = {
      issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      audit   = { sampleAllows = 0.1 }
    }
  }

  assert {
    condition     = alltrue([for query in aws_cloudwatch_metric_alarm.denial_rate["request"].metric_query : length(query.metric) == 0 || alltrue([for metric in query.metric : metric.namespace == "tenantgate" && metric.dimensions == tomap({ Point = "REQUEST" })])])
    error_message = "the denial rate is that of samples"
  }

  assert {
    condition     = jsondecode(aws_lambda_function.interceptor["request"].environment[0].variables.TENANTGATE_SETTINGS).metrics.namespace == "tenantgate"
    error_message = "the functions do not know the namespace"
  }
}
