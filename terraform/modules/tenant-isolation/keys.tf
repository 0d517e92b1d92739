# KMS keys of the resources above: used by the services for the session, never by the session itself.

data "aws_iam_policy_document" "keys" {
  statement {
    sid       = "UseThroughServices"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = var.kms_key_arns
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = local.key_services
    }
    # Without its variable this statement would hold for sessions of no tenant too.
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalTag/TenantID"
      values   = ["?*"]
    }
  }
}

locals {
  key_regions = distinct([for arn in var.kms_key_arns : split(":", arn)[3]])
  key_services = flatten([for region in local.key_regions : concat(
    length(var.memories.pooled) + length(var.memories.silo) > 0 ? ["bedrock-agentcore.${region}.amazonaws.com"] : [],
    length(var.knowledge_base_arns) > 0 ? ["bedrock.${region}.amazonaws.com"] : [],
    length(var.tables) > 0 ? ["dynamodb.${region}.amazonaws.com"] : [],
    length(var.buckets) > 0 ? ["s3.${region}.amazonaws.com"] : [],
  )])
}
