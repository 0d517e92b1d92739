resource "aws_lambda_function" "interceptor" {
  #checkov:skip=CKV_AWS_116:The gateway calls and waits for the answer; there is no event that a queue could keep
  #checkov:skip=CKV_AWS_117:A VPC is a choice (variable network): what the functions talk to are public AWS endpoints and issuers
  #checkov:skip=CKV_AWS_272:Code signing is a choice (variable code_signing_config_arn): it needs a signing profile of the account's
  for_each = local.packages

  function_name                  = local.function_names[each.key]
  description                    = "tenantgate, ${upper(each.key)} interceptor of ${var.name}"
  role                           = aws_iam_role.interceptor[each.key].arn
  filename                       = each.value
  source_code_hash               = filebase64sha256(each.value)
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  architectures                  = [var.architecture]
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = coalesce(var.reserved_concurrency, -1)
  publish                        = true
  kms_key_arn                    = local.kms_key_arn
  code_signing_config_arn        = var.code_signing_config_arn
  tags                           = var.tags

  environment {
    variables = local.environment
  }

  # The functions print JSON themselves, at INFO; of Lambda's own lines those about single invocations are left out.
  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "WARN"
    log_group             = aws_cloudwatch_log_group.interceptor[each.key].name
  }

  tracing_config {
    mode = "Active"
  }

  dynamic "vpc_config" {
    for_each = var.network == null ? [] : [var.network]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  lifecycle {
    precondition {
      condition     = local.environment_bytes <= local.environment_bytes_max
      error_message = "settings and secret_environment have ${local.environment_bytes} bytes together; Lambda takes ${local.environment_bytes_max}. Shorten settings: presets instead of claims, key addresses instead of keys"
    }
  }

  # A function that runs before it may log leaves no audit line.
  depends_on = [aws_iam_role_policy.interceptor]
}

# The gateway calls the alias. It moves to each version that is published, or stays at a pinned one.
resource "aws_lambda_alias" "live" {
  for_each = local.packages

  name             = "live"
  description      = "What the gateway calls"
  function_name    = aws_lambda_function.interceptor[each.key].function_name
  function_version = coalesce(var.pinned_versions[each.key], aws_lambda_function.interceptor[each.key].version)
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  for_each = var.provisioned_concurrency > 0 ? local.packages : {}

  function_name                     = aws_lambda_function.interceptor[each.key].function_name
  qualifier                         = aws_lambda_alias.live[each.key].name
  provisioned_concurrent_executions = var.provisioned_concurrency
}
