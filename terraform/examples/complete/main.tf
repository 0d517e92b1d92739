locals {
  name = "${var.app_id}-${var.env}"

  # One document for the functions, and the gateway reads its names of headers from it.
  settings = merge(
    {
      issuers = [merge(
        { issuer = var.issuer.url, preset = var.issuer.preset },
        length(var.issuer.audiences) > 0 ? { audiences = sort(var.issuer.audiences) } : {},
        length(var.issuer.client_ids) > 0 ? { clientIds = sort(var.issuer.client_ids) } : {},
      )]
    },
    var.settings,
  )

  context_header = try(local.settings.tenantContext.header, "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant-Context")
}

# Where the state of this unit lies; `make tf-init` has put it there.
module "state_key" {
  source = "../../modules/state-key"

  env    = var.env
  app_id = var.app_id
}

module "registry" {
  source = "../../modules/registry"

  name                = "${local.name}-registry"
  deletion_protection = var.deletion_protection
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

module "interceptors" {
  source = "../../modules/interceptors"

  name          = local.name
  packages      = var.packages
  architecture  = var.architecture
  settings      = local.settings
  registry      = { table_arn = module.registry.table_arn, kms_key_arn = module.registry.kms_key_arn }
  features      = { http = var.protocol == "HTTP", pins = var.pins }
  alarm_actions = [aws_sns_topic.alarms.arn]

  reserved_concurrency = var.reserved_concurrency
  pinned_versions      = var.pinned_versions
  secret_environment   = var.secret_environment
  secrets_kms_key_arn  = var.secrets_kms_key_arn
  canary               = var.canary
  metrics_namespace    = var.metrics_namespace
  network              = var.network
}

module "gateway" {
  source = "../../modules/gateway"

  name                     = local.name
  protocol                 = var.protocol
  request_interceptor_arn  = module.interceptors.request_alias_arn
  response_interceptor_arn = module.interceptors.response_alias_arn
  targets                  = var.targets

  jwt = {
    discovery_url = "${trimsuffix(var.issuer.url, "/")}/.well-known/openid-configuration"
    audiences     = var.issuer.audiences
    clients       = var.issuer.client_ids
  }

  headers = {
    tenant         = try(local.settings.headers.tenant, "x-tenant-id")
    user           = try(local.settings.headers.user, "x-user-id")
    agent_name     = try(local.settings.headers.agentName, "x-agent-name")
    app_id         = try(local.settings.headers.appId, "x-app-id")
    route_binding  = try(local.settings.headers.routeBinding, "x-route-binding-id")
    tenant_context = can(local.settings.tenantContext.issuer) ? local.context_header : null
  }
}

module "isolation" {
  source = "../../modules/tenant-isolation"
  count  = var.isolation == null ? 0 : 1

  name                = "${local.name}-tenant"
  broker_role_arns    = try(var.isolation.broker_role_arns, [])
  web_identity        = try(var.isolation.web_identity, null)
  tenant_ids          = try(var.isolation.tenant_ids, null)
  memories            = try(var.isolation.memories, {})
  knowledge_base_arns = try(var.isolation.knowledge_base_arns, [])
  tables              = try(var.isolation.tables, [])
  buckets             = try(var.isolation.buckets, [])
  kms_key_arns        = try(var.isolation.kms_key_arns, [])
}
