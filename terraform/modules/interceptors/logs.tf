resource "aws_cloudwatch_log_group" "interceptor" {
  for_each = local.packages

  name              = "/aws/lambda/${local.function_names[each.key]}"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.kms_key_arn
  tags              = var.tags
  # Kept on a destroy: the audit lines are in it.
  skip_destroy = var.keep_logs
}

locals {
  # Whose fault a refusal is (interceptors/src/refusal/code.rs). What a caller or a target alone can bring about stands in no list of
  # faults: nobody outside shall ring that alarm.
  denial_codes = ["ARGUMENTS_REFUSED", "DENY_RULE", "MAX_TOKENS", "METHOD_NOT_GRANTABLE", "NO_RULE", "PUSH_URL", "STREAMING"]
  fault_codes = {
    program  = ["DEADLINE", "PANIC", "SETTINGS"]
    registry = ["BASELINE_MISSING", "POLICY_INVALID", "POLICY_MISMATCH", "POLICY_MISSING", "REGISTRY_ITEM_MALFORMED", "REGISTRY_UNAVAILABLE", "ROUTE_MALFORMED", "TASK_MALFORMED"]
    # Policies and settings that do not go together.
    configuration = ["ARGUMENT_CONFLICT", "HEADER_CONFLICT", "REDACTION_KEY"]
    # Whom the functions ask: issuers, KMS, Secrets Manager, the token endpoint.
    dependency = ["CONTEXT_KEY_UNAVAILABLE", "CONTEXT_SIGNING", "EXCHANGE_ANSWER", "EXCHANGE_UNAVAILABLE", "KEYS_UNAVAILABLE"]
    # The gateway speaks otherwise than it is known to.
    gateway = ["DECISION_CONTEXT_CONFLICT", "DECISION_CONTEXT_MALFORMED", "DECISION_CONTEXT_MISSING", "EVENT_FAMILY_UNCLEAR", "EVENT_SHAPE", "EVENT_VERSION", "HTTP_REQUEST_ID"]
  }

  # A caller or a target can bring it about alone, and so can a fault of ours: only many of them are worth a look.
  suspicious_codes = ["EVENT_UNREADABLE", "EXCHANGE_ISSUER", "EXCHANGE_REFUSED", "PIN_CHANGES_TOO_MANY"]

  audit_line   = "$.target = \"tenantgate::audit\""
  refused_line = "${local.audit_line} && $.effect = \"DENY\""

  # Metrics of each function's audit lines: name of the filter -> metric and pattern. Several filters may count into one metric.
  audit_filters = merge(
    {
      decisions  = { metric = "Decisions", pattern = "{ ${local.audit_line} && $.effect = \"*\" }" }
      refusals   = { metric = "Refusals", pattern = "{ ${local.refused_line} }" }
      denials    = { metric = "Denials", pattern = "{ ${local.refused_line} && (${join(" || ", [for code in local.denial_codes : "$.reason = \"${code}\""])}) }" }
      suspicious = { metric = "Suspicious", pattern = "{ ${local.refused_line} && (${join(" || ", [for code in local.suspicious_codes : "$.reason = \"${code}\""])}) }" }
      residue    = { metric = "RedactionResidue", pattern = "{ ${local.refused_line} && $.reason = \"REDACTION_RESIDUE\" }" }
    },
    {
      for kind, codes in local.fault_codes : "faults-${kind}" => {
        metric  = "Faults"
        pattern = "{ ${local.refused_line} && (${join(" || ", [for code in codes : "$.reason = \"${code}\""])}) }"
      }
    },
  )
  filters = merge([
    for point in keys(local.packages) : { for name, filter in local.audit_filters : "${point}-${name}" => merge(filter, { point = point }) }
  ]...)
  # A name of its own for each function: metrics of filters have no fixed dimensions.
  namespaces = { for point, name in local.function_names : point => "tenantgate/${name}" }
}

resource "aws_cloudwatch_log_metric_filter" "audit" {
  for_each = local.filters

  name           = each.key
  log_group_name = aws_cloudwatch_log_group.interceptor[each.value.point].name
  pattern        = each.value.pattern

  metric_transformation {
    namespace = local.namespaces[each.value.point]
    name      = each.value.metric
    value     = "1"
    unit      = "Count"
    # Only one filter of a metric may say that there was nothing.
    default_value = startswith(each.value.metric, "Faults") ? null : "0"
  }

  lifecycle {
    precondition {
      condition     = length(each.value.pattern) <= 1024
      error_message = "the pattern has ${length(each.value.pattern)} characters; CloudWatch Logs takes 1024"
    }
  }
}
