output "gateway_url" {
  description = "The address that clients call."
  value       = module.gateway.gateway_url
}

output "gateway_id" {
  description = "The gateway's id."
  value       = module.gateway.gateway_id
}

output "target_ids" {
  description = "The targets' ids, by name."
  value       = module.gateway.target_ids
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

output "alarm_topic_arn" {
  description = "The topic that all alarms go to."
  value       = aws_sns_topic.alarms.arn
}

output "state_key" {
  description = "The key under which this unit's state belongs."
  value       = module.state_key.key
}
