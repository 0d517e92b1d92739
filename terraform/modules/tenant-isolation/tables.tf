# DynamoDB tables whose partition keys begin with the tenant and '#', which no tenant's id holds.

data "aws_iam_policy_document" "tables" {
  statement {
    sid       = "ReadItems"
    actions   = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
    resources = [for table in var.tables : table.arn]
    dynamic "condition" {
      for_each = local.leading_key_conditions
      content {
        test     = condition.value.test
        variable = "dynamodb:LeadingKeys"
        values   = condition.value.values
      }
    }
  }

  # On an index the leading key is the index's own partition key: only listed ones have the tenant there.
  dynamic "statement" {
    for_each = length(local.index_arns) > 0 ? [local.index_arns] : []
    content {
      sid       = "QueryIndexes"
      actions   = ["dynamodb:Query"]
      resources = statement.value
      dynamic "condition" {
        for_each = local.leading_key_conditions
        content {
          test     = condition.value.test
          variable = "dynamodb:LeadingKeys"
          values   = condition.value.values
        }
      }
    }
  }

  dynamic "statement" {
    for_each = anytrue([for table in var.tables : table.write]) ? [true] : []
    content {
      sid       = "WriteItems"
      actions   = ["dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
      resources = [for table in var.tables : table.arn if table.write]
      dynamic "condition" {
        for_each = local.leading_key_conditions
        content {
          test     = condition.value.test
          variable = "dynamodb:LeadingKeys"
          values   = condition.value.values
        }
      }
    }
  }
}

locals {
  index_arns = flatten([for table in var.tables : [for index in table.indexes : "${table.arn}/index/${index}"]])

  # ForAllValues is true of a request that names no key at all.
  leading_key_conditions = [
    { test = "ForAllValues:StringLike", values = ["${local.tenant}#*"] },
    { test = "Null", values = ["false"] },
  ]
}
