# S3 buckets in which each tenant has the prefix of its name.

data "aws_iam_policy_document" "buckets" {
  statement {
    sid       = "ReadObjects"
    actions   = ["s3:GetObject"]
    resources = [for bucket in var.buckets : "${bucket.arn}/${local.tenant}/*"]
  }

  dynamic "statement" {
    for_each = anytrue([for bucket in var.buckets : bucket.write]) ? [true] : []
    content {
      sid       = "WriteObjects"
      actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      resources = [for bucket in var.buckets : "${bucket.arn}/${local.tenant}/*" if bucket.write]
    }
  }

  # A delimiter only folds keys that begin with the prefix, so it needs no condition of its own.
  statement {
    sid       = "ListObjects"
    actions   = ["s3:ListBucket"]
    resources = [for bucket in var.buckets : bucket.arn]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.tenant}/*"]
    }
  }

  # To S3 these are plain names, but programs that take keys for paths climb out of the prefix with them.
  statement {
    sid       = "DenyDotSegments"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = flatten([for bucket in var.buckets : ["${bucket.arn}/*/../*", "${bucket.arn}/*/.."]])
  }
}
