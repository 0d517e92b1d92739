output "table_name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.registry.name
}

output "table_arn" {
  description = "ARN of the table."
  value       = aws_dynamodb_table.registry.arn
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the table; null where AWS owns it."
  value       = local.kms_key_arn
}

output "replica_table_arns" {
  description = "ARNs of the table's copies, by region."
  value       = { for region in keys(var.replicas) : region => replace(aws_dynamodb_table.registry.arn, "/^(arn:[a-z-]+:dynamodb):[a-z0-9-]+:/", "$${1}:${region}:") }
}

output "reader_policy_json" {
  description = "IAM policy of an operator who reads the table, as with `tenantgate registry dump`."
  value       = data.aws_iam_policy_document.reader.json
}

output "lookup_policy_json" {
  description = "IAM policy of `tenantgate-session`, which asks the table about the bearers of tokens."
  value       = data.aws_iam_policy_document.lookup.json
}

output "writer_policy_json" {
  description = "IAM policy of an operator or pipeline that reads and writes the table, as with `tenantgate registry load`."
  value       = data.aws_iam_policy_document.writer.json
}
