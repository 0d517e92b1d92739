data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  kms_key_arn = var.encryption.key == "MODULE" ? one(aws_kms_key.interceptors[*].arn) : var.encryption.key_arn

  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  # Provider 5 calls it `name`, provider 6 `region`; both know `id`.
  region = data.aws_region.current.id

  # Written out rather than taken from the resources, which need the roles first.
  function_arns  = { for point, name in local.function_names : point => "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${name}" }
  log_group_arns = { for point, name in local.function_names : point => "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${name}" }
}

resource "aws_kms_key" "interceptors" {
  count = var.encryption.key == "MODULE" ? 1 : 0

  description         = "Encrypts logs and environment of the tenantgate functions of ${var.name}"
  enable_key_rotation = true
  # The longest wait there is: without the key nobody reads the audit lines.
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key[0].json
  tags                    = var.tags
}

resource "aws_kms_alias" "interceptors" {
  count = var.encryption.key == "MODULE" ? 1 : 0

  name          = "alias/${var.name}-interceptors"
  target_key_id = aws_kms_key.interceptors[0].key_id
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:In a key's policy the resource * is the key itself, and the account is who administers it
  #checkov:skip=CKV_AWS_111:In a key's policy the resource * is the key itself, and the account is who administers it
  #checkov:skip=CKV_AWS_356:In a key's policy the resource * is the key itself
  count = var.encryption.key == "MODULE" ? 1 : 0

  # As AWS recommends: the policies of the account say who may use the key.
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${local.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = values(local.log_group_arns)
    }
  }
}
