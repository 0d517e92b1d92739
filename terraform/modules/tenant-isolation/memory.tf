# AgentCore Memory. Events, actors and records have neither ARN nor tag: inside one memory only actor ids and namespaces tell tenants apart.

data "aws_iam_policy_document" "memory" {
  dynamic "statement" {
    for_each = length(var.memories.pooled) > 0 ? [var.memories.pooled] : []
    content {
      sid       = "PooledEvents"
      actions   = local.event_actions
      resources = statement.value
      condition {
        test     = "StringLike"
        variable = "bedrock-agentcore:actorId"
        values   = ["${local.tenant}/*"]
      }
    }
  }

  # Strategies may write to namespaces with variables that the caller fills in. Where one stands for the tenant, it must be the session's.
  dynamic "statement" {
    for_each = length(var.memories.pooled) > 0 ? [var.memories.pooled] : []
    content {
      sid       = "PooledEventWrites"
      actions   = ["bedrock-agentcore:CreateEvent"]
      resources = statement.value
      condition {
        test     = "StringLike"
        variable = "bedrock-agentcore:actorId"
        values   = ["${local.tenant}/*"]
      }
      dynamic "condition" {
        for_each = toset(var.memories.namespace_variables)
        content {
          test     = "StringEquals"
          variable = "bedrock-agentcore:namespaceVariable/${condition.value}"
          values   = [local.tenant]
        }
      }
    }
  }

  # Each of the two keys is filled from the request parameter of its own name only: one statement a key.
  dynamic "statement" {
    for_each = length(var.memories.pooled) > 0 ? local.namespace_keys : {}
    content {
      sid       = statement.value.sid
      actions   = local.record_read_actions
      resources = var.memories.pooled
      condition {
        test     = "StringLike"
        variable = statement.key
        values   = [local.namespaces]
      }
      # A request may give both parameters. The other one must not lead elsewhere.
      condition {
        test     = "StringLikeIfExists"
        variable = statement.value.other
        values   = [local.namespaces]
      }
    }
  }

  # A batch brings a namespace for each record, so every one counts, and none at all is refused.
  dynamic "statement" {
    for_each = length(var.memories.pooled) > 0 ? [var.memories.pooled] : []
    content {
      sid       = "PooledRecordWrites"
      actions   = local.record_write_actions
      resources = statement.value
      condition {
        test     = "ForAllValues:StringLike"
        variable = "bedrock-agentcore:namespace"
        values   = [local.namespaces]
      }
      condition {
        test     = "Null"
        variable = "bedrock-agentcore:namespace"
        values   = ["false"]
      }
    }
  }

  # The caller chooses the variables of a strategy's namespace. One that is not given is no denial here.
  dynamic "statement" {
    for_each = local.tenant_variables
    content {
      sid       = "DenyForeignVariable${title(statement.value)}"
      effect    = "Deny"
      actions   = ["bedrock-agentcore:CreateEvent"]
      resources = ["*"]
      condition {
        test     = "StringNotEquals"
        variable = "bedrock-agentcore:namespaceVariable/${statement.value}"
        values   = [local.tenant]
      }
      condition {
        test     = "Null"
        variable = "bedrock-agentcore:namespaceVariable/${statement.value}"
        values   = ["false"]
      }
    }
  }

  # A memory of one tenant carries that tenant's tag.
  dynamic "statement" {
    for_each = length(var.memories.silo) > 0 ? [var.memories.silo] : []
    content {
      sid       = "SiloMemory"
      actions   = concat(["bedrock-agentcore:CreateEvent"], local.event_actions, local.record_read_actions, local.record_write_actions)
      resources = statement.value
      condition {
        test     = "StringEquals"
        variable = "aws:ResourceTag/TenantID"
        values   = [local.tenant]
      }
    }
  }
}

locals {
  namespaces = "/tenants/${local.tenant}/*"

  namespace_keys = {
    "bedrock-agentcore:namespace"     = { sid = "PooledRecordsByNamespace", other = "bedrock-agentcore:namespacePath" }
    "bedrock-agentcore:namespacePath" = { sid = "PooledRecordsByNamespacePath", other = "bedrock-agentcore:namespace" }
  }

  event_actions = [
    "bedrock-agentcore:DeleteEvent",
    "bedrock-agentcore:GetEvent",
    "bedrock-agentcore:ListEvents",
    "bedrock-agentcore:ListSessions",
  ]
  # Names under which a custom namespace variable is likely to be the tenant.
  tenant_variables = setsubtract(["account", "customer", "org", "tenant", "tenantid", "tid"], var.memories.namespace_variables)

  record_read_actions  = ["bedrock-agentcore:ListMemoryRecords", "bedrock-agentcore:RetrieveMemoryRecords"]
  record_write_actions = ["bedrock-agentcore:BatchCreateMemoryRecords"]
}
