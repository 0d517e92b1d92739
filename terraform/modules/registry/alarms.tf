# A lookup that is throttled or fails is a refusal, so that one of them matters.
resource "aws_cloudwatch_metric_alarm" "throttles" {
  alarm_name          = "${var.name}-throttles"
  alarm_description   = "Lookups or writes of ${var.name} are throttled: callers are refused with REGISTRY_UNAVAILABLE. Look for a hot partition, and at the account's limits of on-demand tables."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  # DynamoDB reports nothing where nothing was throttled.
  treat_missing_data = "notBreaching"
  alarm_actions      = var.alarm_actions
  ok_actions         = var.alarm_actions
  tags               = var.tags

  metric_query {
    id          = "throttles"
    expression  = "SUM(METRICS())"
    label       = "Throttled reads and writes"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { reads = "ReadThrottleEvents", writes = "WriteThrottleEvents" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/DynamoDB"
        metric_name = metric_query.value
        dimensions  = { TableName = aws_dynamodb_table.registry.name }
        period      = 60
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "system_errors" {
  alarm_name          = "${var.name}-system-errors"
  alarm_description   = "DynamoDB answers HTTP 500 for ${var.name}: callers are refused with REGISTRY_UNAVAILABLE. See AWS Health."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  # A single failure is tried again by the SDK.
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags

  metric_query {
    id          = "errors"
    expression  = "SUM(METRICS())"
    label       = "System errors"
    return_data = true
  }

  # The metric exists for each operation alone; these are those of the interceptors.
  dynamic "metric_query" {
    for_each = toset(["BatchGetItem", "BatchWriteItem", "DeleteItem", "PutItem", "Query"])

    content {
      id = lower(metric_query.value)

      metric {
        namespace   = "AWS/DynamoDB"
        metric_name = "SystemErrors"
        dimensions  = { TableName = aws_dynamodb_table.registry.name, Operation = metric_query.value }
        period      = 60
        stat        = "Sum"
      }
    }
  }
}

# In another region a revocation is in force when it has been replicated, and the interceptors' cache is over.
resource "aws_cloudwatch_metric_alarm" "replication" {
  for_each = var.replicas

  alarm_name          = "${var.name}-replication-${each.key}"
  alarm_description   = "Changes of ${var.name} take more than half a minute to reach ${each.key}: whoever is suspended may go on there that long."
  namespace           = "AWS/DynamoDB"
  metric_name         = "ReplicationLatency"
  dimensions          = { TableName = aws_dynamodb_table.registry.name, ReceivingRegion = each.key }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  # Milliseconds.
  threshold          = 30000
  period             = 60
  evaluation_periods = 3
  # Without changes there is nothing to replicate.
  treat_missing_data = "notBreaching"
  alarm_actions      = var.alarm_actions
  ok_actions         = var.alarm_actions
  tags               = var.tags
}
