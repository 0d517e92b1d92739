output "attach_command" {
  description = "What attaches the interceptors to the gateway, after a look at what it would change (--dry-run)."
  value       = "tenantgate gateway attach ${local.attachment} --yes"
}

output "detach_command" {
  description = "What takes exactly these interceptors off the gateway. To be run before a destroy, unless attach is true."
  value       = "tenantgate gateway detach ${local.attachment} --yes"
}

output "gateway_role_policy_json" {
  description = "What the role of the gateway needs: the right to invoke the two functions."
  value       = data.aws_iam_policy_document.invoke.json
}

output "registry_table" {
  description = "The table to which `tenantgate registry load` writes."
  value       = module.registry.table_name
}

output "functions" {
  description = "The interceptors' aliases and the SHA-256 of the code behind them, as `tenantgate deploy check` compares them."
  value = {
    request  = { alias_arn = module.interceptors.request_alias_arn, code_sha256 = module.interceptors.code_sha256.request }
    response = { alias_arn = module.interceptors.response_alias_arn, code_sha256 = module.interceptors.code_sha256.response }
  }
}

output "tenant_role_arn" {
  description = "The role of tenants' sessions, for tenantgate-session; null without isolation."
  value       = one(module.isolation[*].role_arn)
}

output "lookup_policy_json" {
  description = "The policy by which `tenantgate-session` asks the registry; its role needs it beside the broker's."
  value       = module.registry.lookup_policy_json
}

output "broker_policy_json" {
  description = "The policy by which a broker may start sessions for tenants; null without isolation."
  value       = one(module.isolation[*].broker_policy_json)
}

output "state_key" {
  description = "The key under which this unit's state belongs."
  value       = module.state_key.key
}
