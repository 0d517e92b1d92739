resource "aws_cloudwatch_dashboard" "interceptors" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = concat(flatten([for index, point in ["request", "response"] : [
      {
        type = "metric", x = 0, y = index * 6, width = 6, height = 6
        properties = {
          title = "${upper(point)}: decisions", region = local.region, view = "timeSeries", stacked = true, period = 300, stat = "Sum"
          metrics = [
            [{ expression = "decisions - refusals", label = "Allowed", id = "allowed" }],
            [{ expression = "refusals - FILL(denials, 0) - FILL(faults, 0)", label = "Refused: callers, targets", id = "others" }],
            [local.namespaces[point], "Denials", { label = "Denied by policy", id = "denials" }],
            [local.namespaces[point], "Faults", { label = "Faults", id = "faults" }],
            [local.namespaces[point], "Decisions", { id = "decisions", visible = false }],
            [local.namespaces[point], "Refusals", { id = "refusals", visible = false }],
          ]
        }
      },
      {
        type = "metric", x = 6, y = index * 6, width = 6, height = 6
        properties = {
          title = "${upper(point)}: duration (ms)", region = local.region, view = "timeSeries", stacked = false, period = 300
          metrics = [for statistic in ["p50", "p99", "Maximum"] :
            ["AWS/Lambda", "Duration", "FunctionName", local.function_names[point], { stat = statistic, label = statistic }]
          ]
          annotations = { horizontal = [{ label = "alarm at p99", value = var.alarm_thresholds.duration_p99_ms }] }
        }
      },
      {
        type = "metric", x = 12, y = index * 6, width = 6, height = 6
        properties = {
          title = "${upper(point)}: errors, throttles, concurrency", region = local.region, view = "timeSeries", stacked = false, period = 60
          metrics = [
            ["AWS/Lambda", "Errors", "FunctionName", local.function_names[point], { stat = "Sum" }],
            ["AWS/Lambda", "Throttles", "FunctionName", local.function_names[point], { stat = "Sum" }],
            ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", local.function_names[point], { stat = "Maximum" }],
          ]
        }
      },
      {
        type = "log", x = 18, y = index * 6, width = 6, height = 6
        properties = {
          title = "${upper(point)}: why callers were refused", region = local.region, view = "table"
          query = "SOURCE '${aws_cloudwatch_log_group.interceptor[point].name}' | filter target = 'tenantgate::audit' and effect = 'DENY' | stats count(*) as refusals by reason, tenant | sort refusals desc | limit 20"
        }
      },
      ]]), [
      {
        type = "alarm", x = 0, y = 12, width = 24, height = 4
        properties = {
          title  = "Alarms"
          alarms = concat(values(aws_cloudwatch_metric_alarm.interceptor)[*].arn, values(aws_cloudwatch_metric_alarm.denial_rate)[*].arn, aws_cloudwatch_metric_alarm.canary[*].arn)
        }
      },
    ])
  })
}
