data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_kms_key" "registry" {
  count = var.encryption.key == "MODULE" ? 1 : 0

  description         = "Encrypts the tenantgate table ${var.name}"
  enable_key_rotation = true
  # The longest wait there is: without the key the table is lost, and its backups with it.
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key[0].json
  tags                    = var.tags
}

resource "aws_kms_alias" "registry" {
  count = var.encryption.key == "MODULE" ? 1 : 0

  # An alias has no dots.
  name          = "alias/${replace(var.name, ".", "-")}"
  target_key_id = aws_kms_key.registry[0].key_id
}

# As AWS recommends: the policies of the account say who may use the key.
data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:In a key's policy the resource * is the key itself, and the account is who administers it
  #checkov:skip=CKV_AWS_111:In a key's policy the resource * is the key itself, and the account is who administers it
  #checkov:skip=CKV_AWS_356:In a key's policy the resource * is the key itself
  count = var.encryption.key == "MODULE" ? 1 : 0

  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}
