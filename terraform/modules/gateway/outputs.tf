output "gateway_id" {
  description = "The gateway's id."
  value       = aws_bedrockagentcore_gateway.this.gateway_id
}

output "gateway_arn" {
  description = "The gateway's ARN."
  value       = aws_bedrockagentcore_gateway.this.gateway_arn
}

output "gateway_url" {
  description = "The address that clients call."
  value       = aws_bedrockagentcore_gateway.this.gateway_url
}

output "role_arn" {
  description = "The role that the gateway invokes everything as. A function in another account needs a permission for it."
  value       = aws_iam_role.gateway.arn
}

output "role_name" {
  description = "The role's name, for further policies that targets beyond those of this module need."
  value       = aws_iam_role.gateway.name
}

output "target_ids" {
  description = "The targets' ids, by name."
  value       = { for name, target in aws_bedrockagentcore_gateway_target.this : name => target.target_id }
}
