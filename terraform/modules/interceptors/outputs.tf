output "request_alias_arn" {
  description = "ARN of the REQUEST function with its alias: what the gateway calls."
  value       = aws_lambda_alias.live["request"].arn
}

output "response_alias_arn" {
  description = "ARN of the RESPONSE function with its alias: what the gateway calls."
  value       = aws_lambda_alias.live["response"].arn
}

output "alias_name" {
  description = "Name of the alias of both functions."
  value       = aws_lambda_alias.live["request"].name
}

output "request_function_name" {
  description = "Name of the REQUEST function."
  value       = aws_lambda_function.interceptor["request"].function_name
}

output "response_function_name" {
  description = "Name of the RESPONSE function."
  value       = aws_lambda_function.interceptor["response"].function_name
}

output "function_versions" {
  description = "The newest version of each function, and the one that its alias is set to."
  value = {
    for point in keys(local.packages) : point => {
      newest = aws_lambda_function.interceptor[point].version
      live   = aws_lambda_alias.live[point].function_version
    }
  }
}

output "code_sha256" {
  description = "SHA-256 of each package in base64, as Lambda's CodeSha256 of the newest version."
  value       = { for point, path in local.packages : point => filebase64sha256(path) }
}

output "role_arns" {
  description = "ARNs of the functions' roles."
  value       = { for point, role in aws_iam_role.interceptor : point => role.arn }
}

output "log_group_names" {
  description = "Names of the log groups; the audit lines are in them."
  value       = { for point, group in aws_cloudwatch_log_group.interceptor : point => group.name }
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts logs and environment."
  value       = local.kms_key_arn
}

output "alarm_names" {
  description = "Names of all alarms."
  value       = sort(concat(values(aws_cloudwatch_metric_alarm.interceptor)[*].alarm_name, values(aws_cloudwatch_metric_alarm.denial_rate)[*].alarm_name, aws_cloudwatch_metric_alarm.canary[*].alarm_name))
}
