output "registry" {
  description = "All that module registry puts out."
  value       = module.registry
}

output "interceptors" {
  description = "All that module interceptors puts out."
  value       = module.interceptors
}

output "context_key_arn" {
  description = "ARN of the key that signs tenant contexts."
  value       = aws_kms_key.context.arn
}
