# What no session may do, whatever else is attached to the role one day.

data "aws_iam_policy_document" "guard" {
  # A statement with an unset variable does not match. That is right for an Allow, and would silence a Deny: so this one asks for the tag itself.
  statement {
    sid       = "DenyWithoutTenant"
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
    condition {
      test     = "Null"
      variable = "aws:PrincipalTag/TenantID"
      values   = ["true"]
    }
  }

  # With a list, this also ends the running sessions of a tenant that left it.
  statement {
    sid       = "DenyUnknownTenant"
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
    condition {
      test     = var.tenant_ids == null ? "StringLike" : "StringNotEquals"
      variable = "aws:PrincipalTag/TenantID"
      values   = var.tenant_ids == null ? concat([""], local.malformed_tenants) : sort(var.tenant_ids)
    }
  }

  statement {
    sid       = "DenyForeignTenant"
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
    condition {
      test     = "StringNotEquals"
      variable = "aws:ResourceTag/TenantID"
      values   = [local.tenant]
    }
    # Resources without the tag are judged by the statements that allow.
    condition {
      test     = "Null"
      variable = "aws:ResourceTag/TenantID"
      values   = ["false"]
    }
  }

  # A session that becomes another principal leaves these policies behind.
  statement {
    sid       = "DenyOtherIdentities"
    effect    = "Deny"
    actions   = ["iam:*", "sts:*"]
    resources = ["*"]
  }

  # A session that can change tags, or policies of resources, decides itself what is its own.
  statement {
    sid    = "DenyTagsAndPolicies"
    effect = "Deny"
    actions = [
      "bedrock:TagResource",
      "bedrock:UntagResource",
      "bedrock-agentcore:*ResourcePolicy",
      "bedrock-agentcore:TagResource",
      "bedrock-agentcore:UntagResource",
      "dynamodb:*ResourcePolicy",
      "dynamodb:TagResource",
      "dynamodb:UntagResource",
      "kms:*Grant",
      "kms:PutKeyPolicy",
      "kms:TagResource",
      "kms:UntagResource",
      "s3:*Tagging",
      "s3:Put*Acl",
      "s3:*BucketPolicy",
      "s3:TagResource",
      "s3:UntagResource",
      "tag:*",
    ]
    resources = ["*"]
  }

  # IAM has no key by which a pooled resource's tenants could be told apart in these.
  statement {
    sid    = "DenyActionsWithoutTenantKey"
    effect = "Deny"
    actions = [
      "bedrock:RetrieveAndGenerate*",
      "bedrock-agentcore:BatchDeleteMemoryRecords",
      # It names records by their id, and the key sees only the namespaces that it moves them to.
      "bedrock-agentcore:BatchUpdateMemoryRecords",
      "bedrock-agentcore:DeleteMemoryRecord",
      "bedrock-agentcore:GetMemoryRecord",
      "bedrock-agentcore:IngestData",
      "bedrock-agentcore:ListActors",
      "bedrock-agentcore:ListMemoryExtractionJobs",
      "dynamodb:ExportTableToPointInTime",
      "dynamodb:GetRecords",
      # A statement names its keys in its text; the same reads and writes exist as plain calls.
      "dynamodb:PartiQL*",
      "dynamodb:Scan",
    ]
    resources = ["*"]
  }
}
