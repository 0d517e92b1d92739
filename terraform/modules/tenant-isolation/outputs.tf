output "role_arn" {
  description = "ARN of the role that sessions of tenants assume."
  value       = aws_iam_role.tenant.arn
}

output "role_name" {
  description = "Name of that role, to revoke its running sessions by."
  value       = aws_iam_role.tenant.name
}

output "trust_policy_json" {
  description = "The role's trust policy: who may start a session, and what it must bring."
  value       = data.aws_iam_policy_document.trust.minified_json
}

output "policy_json" {
  description = "The role's policies by concern: guard, memory, knowledge-bases, tables, buckets, keys, as far as there are resources for them."
  value       = local.policies
}

output "broker_policy_json" {
  description = "Policy for the role of the broker, which starts sessions of tenants on exactly this role."
  value       = data.aws_iam_policy_document.broker.minified_json
}
