# A call without a credential, every five minutes. It is refused before the registry is asked, so that it costs no read, and nobody's
# policy has a part in it. An alarm says when the function does not even refuse any more.
locals {
  # Names a tool that no gateway has: the audit lines of the canary are told apart by it.
  canary_tool = "tenantgate-canary___probe"
  canary_message = {
    jsonrpc = "2.0"
    id      = 1
    method  = "tools/call"
    params  = { name = local.canary_tool, arguments = {} }
  }
  canary_event = {
    interceptorInputVersion = "1.0"
    mcp = {
      rawGatewayRequest = { body = jsonencode(local.canary_message) }
      gatewayRequest = {
        path       = "/mcp"
        httpMethod = "POST"
        headers    = { "Content-Type" = "application/json", "Accept" = "application/json, text/event-stream" }
        body       = local.canary_message
      }
    }
  }
  canary_seconds = 300
}

resource "aws_cloudwatch_event_rule" "canary" {
  count = var.canary ? 1 : 0

  name                = "${var.name}-canary"
  description         = "Calls the REQUEST interceptor of ${var.name} without a credential"
  schedule_expression = "rate(${local.canary_seconds / 60} minutes)"
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "canary" {
  count = var.canary ? 1 : 0

  rule  = aws_cloudwatch_event_rule.canary[0].name
  arn   = aws_lambda_alias.live["request"].arn
  input = jsonencode(local.canary_event)

  # One that is late proves nothing.
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }
}

resource "aws_lambda_permission" "canary" {
  count = var.canary ? 1 : 0

  statement_id  = "canary"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.interceptor["request"].function_name
  qualifier     = aws_lambda_alias.live["request"].name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.canary[0].arn
}

resource "aws_cloudwatch_log_metric_filter" "canary" {
  count = var.canary ? 1 : 0

  name           = "canary"
  log_group_name = aws_cloudwatch_log_group.interceptor["request"].name
  pattern        = "{ ${local.refused_line} && $.reason = \"CREDENTIAL_MISSING\" && $.tool = \"${local.canary_tool}\" }"

  # No default: nothing is the bad news.
  metric_transformation {
    namespace = local.namespaces["request"]
    name      = "CanaryRefusals"
    value     = "1"
    unit      = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "canary" {
  count = var.canary ? 1 : 0

  alarm_name          = "${var.name}-canary"
  alarm_description   = "The REQUEST interceptor has not refused a call without a credential for a quarter of an hour: it does not run, does not refuse, or leaves no audit lines."
  namespace           = local.namespaces["request"]
  metric_name         = "CanaryRefusals"
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = local.canary_seconds
  # One of three may be late.
  evaluation_periods = 3
  treat_missing_data = "breaching"
  alarm_actions      = var.alarm_actions
  ok_actions         = var.alarm_actions
  tags               = var.tags
}
