# What the broker's own role needs: to start sessions on exactly this role, under the same conditions as the trust policy's.

data "aws_iam_policy_document" "broker" {
  statement {
    sid       = "StartTenantSession"
    actions   = ["sts:AssumeRole"]
    resources = [aws_iam_role.tenant.arn]
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

  statement {
    sid       = "TagIsTheTenant"
    actions   = ["sts:TagSession"]
    resources = [aws_iam_role.tenant.arn]
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
    sid       = "SourceIdentityIsSet"
    actions   = ["sts:SetSourceIdentity"]
    resources = [aws_iam_role.tenant.arn]
    condition {
      test     = "StringLike"
      variable = "sts:SourceIdentity"
      values   = ["?*"]
    }
  }
}
