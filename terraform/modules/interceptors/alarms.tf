locals {
  # Alarms on one metric each. Where nothing is reported nothing happened, and that is no alarm.
  metric_alarms = {
    errors = {
      description = "An interceptor ends with an error, which it never does by itself: it ran out of time or memory, or cannot start. The gateway may try again."
      namespace   = "AWS/Lambda", metric = "Errors", statistic = "Sum", threshold = 1, period = 60, periods = 1
    }
    throttles = {
      description = "An interceptor is not started for want of concurrency: callers get no answer. See reserved_concurrency."
      namespace   = "AWS/Lambda", metric = "Throttles", statistic = "Sum", threshold = 1, period = 60, periods = 1
    }
    duration = {
      description = "One decision in a hundred takes longer than alarm_thresholds.duration_p99_ms."
      namespace   = "AWS/Lambda", metric = "Duration", statistic = "p99", threshold = var.alarm_thresholds.duration_p99_ms, period = 300, periods = 3
    }
    faults = {
      description = "Callers are refused for something that is wrong on our side. The audit lines have the reason, lines of the target tenantgate::operator more of it."
      namespace   = null, metric = "Faults", statistic = "Sum", threshold = var.alarm_thresholds.faults, period = 300, periods = 1
    }
    suspicious = {
      description = "Many refusals that a caller or a target can bring about alone, and a fault of ours too: an event that cannot be read, a token endpoint that refuses, too many changed tools."
      namespace   = null, metric = "Suspicious", statistic = "Sum", threshold = var.alarm_thresholds.suspicious, period = 300, periods = 1
    }
    residue = {
      description = "Answers are withheld, since a value that a policy redacts is still in them where no rule reaches (REDACTION_RESIDUE). The policy needs another path."
      namespace   = null, metric = "RedactionResidue", statistic = "Sum", threshold = 1, period = 300, periods = 1
    }
    concurrency = {
      description = "An interceptor uses most of its reserved concurrency; beyond it callers get no answer."
      namespace   = "AWS/Lambda", metric = "ConcurrentExecutions", statistic = "Maximum", threshold = ceil(coalesce(var.reserved_concurrency, 0) * var.alarm_thresholds.concurrency_percent / 100), period = 60, periods = 3
    }
  }
  alarms = merge([
    for point, function in local.function_names : {
      for name, alarm in local.metric_alarms : "${point}-${name}" => merge(alarm, {
        # Lambda's metrics are told apart by dimension, those of the audit lines by namespace.
        dimensions = alarm.namespace == null ? {} : { FunctionName = function }
        namespace  = coalesce(alarm.namespace, local.namespaces[point])
      })
      # Without a bound there is nothing to come near to.
      if name != "concurrency" || var.reserved_concurrency != null
    }
  ]...)
}

resource "aws_cloudwatch_metric_alarm" "interceptor" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}

# A new policy that is too strict, or somebody who tries doors. Of few decisions a share says nothing.
resource "aws_cloudwatch_metric_alarm" "denial_rate" {
  for_each = local.packages

  alarm_name          = "${var.name}-${each.key}-denial-rate"
  alarm_description   = "The policies deny ${var.alarm_thresholds.denial_percent} % of the decisions or more. Look for a policy that was published, and for a caller behind most of it."
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarm_thresholds.denial_percent
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags

  metric_query {
    id          = "rate"
    expression  = "IF(decisions >= ${var.alarm_thresholds.denial_decisions_min}, 100 * FILL(denials, 0) / decisions, 0)"
    label       = "Denied by policy (%)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { decisions = "Decisions", denials = "Denials" }

    content {
      id = metric_query.key

      metric {
        # What the functions count themselves is right with samples of lines, too.
        namespace   = coalesce(var.metrics_namespace, local.namespaces[each.key])
        metric_name = metric_query.value
        dimensions  = var.metrics_namespace == null ? {} : { Point = upper(each.key) }
        period      = 300
        stat        = "Sum"
      }
    }
  }
}
