# Who may start a session, and what it must bring. One statement an action, each with the keys that IAM has for that action and no others:
# sts:TagSession knows neither session name nor source identity, and sts:SetSourceIdentity knows no tags.

data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = length(var.broker_role_arns) > 0 ? [true] : []
    content {
      sid     = "BrokerStartsSession"
      actions = ["sts:AssumeRole"]
      principals {
        type        = "AWS"
        identifiers = var.broker_role_arns
      }
      dynamic "condition" {
        for_each = local.session_conditions
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
      condition {
        test     = "StringLike"
        variable = "sts:RoleSessionName"
        values   = ["tenantgate-?*"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.web_identity == null ? [] : [var.web_identity]
    content {
      sid     = "IssuerStartsSession"
      actions = ["sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = [statement.value.provider_arn]
      }
      dynamic "condition" {
        for_each = local.session_conditions
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
      condition {
        test     = "StringEquals"
        variable = "${local.issuer}:aud"
        values   = statement.value.audiences
      }
    }
  }

  statement {
    sid     = "TagIsTheTenant"
    actions = ["sts:TagSession"]
    dynamic "principals" {
      for_each = local.trusted
      content {
        type        = principals.key
        identifiers = principals.value
      }
    }
    dynamic "condition" {
      for_each = local.tag_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }

  statement {
    sid     = "SourceIdentityIsSet"
    actions = ["sts:SetSourceIdentity"]
    dynamic "principals" {
      for_each = local.trusted
      content {
        type        = principals.key
        identifiers = principals.value
      }
    }
    condition {
      test     = "StringLike"
      variable = "sts:SourceIdentity"
      values   = ["?*"]
    }
  }
}

locals {
  trusted = merge(
    length(var.broker_role_arns) > 0 ? { AWS = var.broker_role_arns } : {},
    var.web_identity == null ? {} : { Federated = [var.web_identity.provider_arn] },
  )

  # IAM names the keys of an issuer by the part of the provider's ARN that follows 'oidc-provider/'.
  issuer = var.web_identity == null ? "" : split(":oidc-provider/", var.web_identity.provider_arn)[1]

  # Exactly one tag, named exactly so, that has a value and stays when the session assumes a further role.
  tag_conditions = [
    { test = var.tenant_ids == null ? "StringLike" : "StringEquals", variable = "aws:RequestTag/TenantID", values = var.tenant_ids == null ? ["?*"] : sort(var.tenant_ids) },
    { test = "ForAllValues:StringEquals", variable = "aws:TagKeys", values = ["TenantID"] },
    { test = "ForAnyValue:StringEquals", variable = "sts:TransitiveTagKeys", values = ["TenantID"] },
  ]

  # STS asks for sts:TagSession only when a call brings tags, so the call itself has to demand them, and the source identity likewise.
  session_conditions = concat(
    local.tag_conditions,
    var.tenant_ids == null ? [{ test = "StringNotLike", variable = "aws:RequestTag/TenantID", values = local.malformed_tenants }] : [],
    [{ test = "StringLike", variable = "sts:SourceIdentity", values = ["?*"] }],
  )
}
