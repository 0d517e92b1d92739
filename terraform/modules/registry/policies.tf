# For operators: nothing here is attached to anybody. The interceptors have policies of their own, in their module.
data "aws_iam_policy_document" "reader" {
  statement {
    sid       = "Read"
    actions   = ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"]
    resources = [aws_dynamodb_table.registry.arn]
  }

  statement {
    sid       = "List"
    actions   = ["dynamodb:Query"]
    resources = ["${aws_dynamodb_table.registry.arn}/index/directory"]
  }

  dynamic "statement" {
    for_each = var.encryption.key == "AWS" ? [] : [local.kms_key_arn]

    content {
      sid       = "Decrypt"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringLike"
        variable = "kms:ViaService"
        values   = ["dynamodb.*.amazonaws.com"]
      }
    }
  }
}

# What the commands do that change the registry, and `registry load`. Whoever may write here decides about every tenant.
data "aws_iam_policy_document" "writer" {
  source_policy_documents = [data.aws_iam_policy_document.reader.json]

  statement {
    sid       = "Write"
    actions   = ["dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem"]
    resources = [aws_dynamodb_table.registry.arn]
  }
}

# What `tenantgate-session` does: it asks who a token's bearer is, and neither lists nor scans.
data "aws_iam_policy_document" "lookup" {
  statement {
    sid       = "Lookup"
    actions   = ["dynamodb:BatchGetItem"]
    resources = [aws_dynamodb_table.registry.arn]
  }

  # Where a tenant comes from the registry.
  statement {
    sid       = "FindTenant"
    actions   = ["dynamodb:Query"]
    resources = [aws_dynamodb_table.registry.arn]

    condition {
      test     = "ForAllValues:StringLike"
      variable = "dynamodb:LeadingKeys"
      values   = ["USER#*", "CLIENT#*"]
    }

    condition {
      test     = "Null"
      variable = "dynamodb:LeadingKeys"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = var.encryption.key == "AWS" ? [] : [local.kms_key_arn]

    content {
      sid       = "Decrypt"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringLike"
        variable = "kms:ViaService"
        values   = ["dynamodb.*.amazonaws.com"]
      }
    }
  }
}
