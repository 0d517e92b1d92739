output "key" {
  description = "The key of the unit's state in the backend."
  value       = "${local.folder}/terraform.tfstate"
}

output "unit" {
  description = "The deploy unit: env, app_id, agent_name and tenant_alias, the last two null where they do not apply."
  value = {
    env          = var.env
    app_id       = var.app_id
    agent_name   = var.agent_name
    tenant_alias = var.tenant_alias
  }
}
