# Alarms, metrics of the audit lines, canary. What the patterns match is tested with real lines in terraform/tests.
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

run "each_function_has_its_alarms_and_there_is_no_canary" {
  command = plan

  variables {
    alarm_actions = ["arn:aws:sns:eu-central-1:123456789012:alarms"]
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.interceptor)) == toset(flatten([for point in ["request", "response"] : [for name in ["concurrency", "duration", "errors", "faults", "residue", "suspicious", "throttles"] : "${point}-${name}"]]))
    error_message = "an alarm is missing, or there is one more"
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.interceptor), values(aws_cloudwatch_metric_alarm.denial_rate)) : contains(alarm.alarm_actions, "arn:aws:sns:eu-central-1:123456789012:alarms") && contains(alarm.ok_actions, "arn:aws:sns:eu-central-1:123456789012:alarms") && alarm.treat_missing_data == "notBreaching"])
    error_message = "an alarm tells nobody, or goes off where nothing happens"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.interceptor["request-duration"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.interceptor["request-duration"].threshold == 1000
    error_message = "the alarm on the duration is not on its p99"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.interceptor["response-concurrency"].threshold == 80 && aws_cloudwatch_metric_alarm.interceptor["response-concurrency"].dimensions == tomap({ FunctionName = "tenantgate-response" })
    error_message = "the alarm on the concurrency is not at 80 % of 100"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.interceptor["request-faults"].namespace == "tenantgate/tenantgate-request" && aws_cloudwatch_metric_alarm.interceptor["request-faults"].metric_name == "Faults"
    error_message = "the alarm on faults looks elsewhere"
  }

  assert {
    condition     = [for query in aws_cloudwatch_metric_alarm.denial_rate["request"].metric_query : query.expression if query.id == "rate"][0] == "IF(decisions >= 100, 100 * FILL(denials, 0) / decisions, 0)"
    error_message = "the denial rate is no share of enough decisions"
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.canary) + length(aws_cloudwatch_event_target.canary) + length(aws_lambda_permission.canary) + length(aws_cloudwatch_log_metric_filter.canary) + length(aws_cloudwatch_metric_alarm.canary) == 0
    error_message = "there is a canary that nobody asked for"
  }
}

run "thresholds_are_those_given" {
  command = plan

  variables {
    reserved_concurrency = 10
    alarm_thresholds     = { duration_p99_ms = 250, faults = 5, suspicious = 9, denial_percent = 20, denial_decisions_min = 7, concurrency_percent = 75 }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.interceptor["request-duration"].threshold == 250 && aws_cloudwatch_metric_alarm.interceptor["request-faults"].threshold == 5 && aws_cloudwatch_metric_alarm.interceptor["request-suspicious"].threshold == 9 && aws_cloudwatch_metric_alarm.interceptor["request-concurrency"].threshold == 8 && aws_cloudwatch_metric_alarm.denial_rate["request"].threshold == 20
    error_message = "an alarm has another threshold"
  }

  assert {
    condition     = startswith([for query in aws_cloudwatch_metric_alarm.denial_rate["request"].metric_query : query.expression if query.id == "rate"][0], "IF(decisions >= 7,")
    error_message = "the denial rate counts from other traffic on"
  }
}

run "each_function_s_audit_lines_are_counted_apart" {
  command = plan

  assert {
    condition     = alltrue([for name, filter in aws_cloudwatch_log_metric_filter.audit : filter.log_group_name == "/aws/lambda/tenantgate-${split("-", name)[0]}" && filter.metric_transformation[0].namespace == "tenantgate/tenantgate-${split("-", name)[0]}"])
    error_message = "a filter counts one function's lines as the other's"
  }

  assert {
    condition     = toset([for filter in aws_cloudwatch_log_metric_filter.audit : filter.metric_transformation[0].name]) == toset(["Decisions", "Refusals", "Denials", "Faults", "RedactionResidue", "Suspicious"])
    error_message = "a metric is missing"
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.interceptor : group.skip_destroy]) && aws_kms_key.interceptors[0].deletion_window_in_days == 30
    error_message = "a destroy takes the audit lines, or their key sooner than it has to"
  }
}

run "the_canary_has_no_credential_and_is_missed" {
  command = plan

  variables {
    canary = true
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.canary) == 1 && aws_cloudwatch_event_rule.canary[0].schedule_expression == "rate(5 minutes)"
    error_message = "the canary does not come every five minutes"
  }

  assert {
    condition     = length(regexall("(?i)authorization|bearer|cookie|context", aws_cloudwatch_event_target.canary[0].input)) == 0 && jsondecode(aws_cloudwatch_event_target.canary[0].input).interceptorInputVersion == "1.0"
    error_message = "the canary has a credential, or is no event of a gateway"
  }

  assert {
    condition     = jsondecode(jsondecode(aws_cloudwatch_event_target.canary[0].input).mcp.rawGatewayRequest.body) == jsondecode(aws_cloudwatch_event_target.canary[0].input).mcp.gatewayRequest.body
    error_message = "the canary's two messages disagree"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.canary[0].treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.canary[0].comparison_operator == "LessThanThreshold" && aws_cloudwatch_metric_alarm.canary[0].metric_name == aws_cloudwatch_log_metric_filter.canary[0].metric_transformation[0].name
    error_message = "a canary that is not refused goes unnoticed"
  }

  assert {
    condition     = aws_lambda_permission.canary[0].principal == "events.amazonaws.com" && aws_lambda_permission.canary[0].qualifier == "live" && aws_lambda_permission.canary[0].function_name == "tenantgate-request"
    error_message = "more than the rule may call, or more than the REQUEST function is called"
  }
}
