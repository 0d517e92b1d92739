resource "aws_iam_role" "interceptor" {
  for_each = local.packages

  name               = local.function_names[each.key]
  description        = "What the ${upper(each.key)} interceptor of ${var.name} may do"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
  tags               = var.tags
}

# Lambda, for this one function.
data "aws_iam_policy_document" "trust" {
  for_each = local.packages

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [local.function_arns[each.key], "${local.function_arns[each.key]}:*"]
    }
  }
}

resource "aws_iam_role_policy" "interceptor" {
  for_each = local.packages

  name   = "interceptor"
  role   = aws_iam_role.interceptor[each.key].name
  policy = data.aws_iam_policy_document.interceptor[each.key].json
}

locals {
  # Which partitions of the table each function reads by Query, and writes, as docs/registry.md says.
  query_keys = {
    request  = concat(local.asks_for_tenants ? ["CLIENT#*", "USER#*"] : [], var.features.http ? ["ROUTE#*"] : [])
    response = local.asks_for_tenants ? ["CLIENT#*", "USER#*"] : []
  }
  conversation_keys = local.records_tasks && var.features.http ? ["CONVERSATION#*"] : []
  put_keys = {
    request  = concat(var.features.http ? ["CONTEXT#*"] : [], local.conversation_keys)
    response = concat(local.conversation_keys, local.records_tasks ? ["TASK#*"] : [])
  }
  change_keys = {
    request  = []
    response = var.features.pins ? ["CHANGE#*"] : []
  }
  # Whose keys a statement reaches: of all others nothing.
  table_statements = {
    for point in keys(local.packages) : point => {
      for sid, statement in {
        Query   = { actions = ["dynamodb:Query"], keys = local.query_keys[point] }
        Record  = { actions = ["dynamodb:PutItem"], keys = local.put_keys[point] }
        Changes = { actions = ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem"], keys = local.change_keys[point] }
      } : sid => statement if length(statement.keys) > 0
    }
  }
  # Only requests that go on are signed.
  sign_keys   = { request = local.context_kms_keys, response = [] }
  secret_arns = { request = local.context_secret_arns, response = [] }
}

data "aws_iam_policy_document" "interceptor" {
  #checkov:skip=CKV_AWS_111:X-Ray knows no resources, and network interfaces have no names yet when Lambda makes them
  #checkov:skip=CKV_AWS_356:X-Ray knows no resources, and network interfaces have no names yet when Lambda makes them
  for_each = local.packages

  statement {
    sid       = "Lookup"
    actions   = ["dynamodb:BatchGetItem"]
    resources = [var.registry.table_arn]
  }

  dynamic "statement" {
    for_each = local.table_statements[each.key]

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = [var.registry.table_arn]

      condition {
        test     = "ForAllValues:StringLike"
        variable = "dynamodb:LeadingKeys"
        values   = statement.value.keys
      }

      # ForAllValues is true also where there is no key at all.
      condition {
        test     = "Null"
        variable = "dynamodb:LeadingKeys"
        values   = ["false"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.registry.kms_key_arn == null ? [] : [var.registry.kms_key_arn]

    content {
      sid       = "TableKey"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["dynamodb.${element(split(":", var.registry.table_arn), 3)}.amazonaws.com"]
      }
    }
  }

  statement {
    sid       = "EnvironmentKey"
    actions   = ["kms:Decrypt"]
    resources = [local.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:aws:lambda:FunctionArn"
      values   = [local.function_arns[each.key]]
    }
  }

  dynamic "statement" {
    for_each = length(local.sign_keys[each.key]) > 0 ? [local.sign_keys[each.key]] : []

    content {
      sid       = "SignContexts"
      actions   = ["kms:Sign"]
      resources = statement.value

      condition {
        test     = "StringEquals"
        variable = "kms:SigningAlgorithm"
        values   = ["ECDSA_SHA_256"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(local.secret_arns[each.key]) > 0 ? [local.secret_arns[each.key]] : []

    content {
      sid       = "ContextSecret"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = length(local.secret_arns[each.key]) > 0 && var.secrets_kms_key_arn != null ? [var.secrets_kms_key_arn] : []

    content {
      sid       = "ContextSecretKey"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:EncryptionContext:SecretARN"
        values   = local.secret_arns[each.key]
      }
    }
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arns[each.key]}:*"]
  }

  # X-Ray has no resources to name.
  statement {
    sid       = "Trace"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }

  # Lambda makes the network interfaces with this role; the code of the function must not.
  dynamic "statement" {
    for_each = var.network == null ? [] : [true]

    content {
      sid       = "NetworkInterfaces"
      actions   = local.network_actions
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = var.network == null ? [] : [true]

    content {
      sid       = "NetworkInterfacesNotByCode"
      effect    = "Deny"
      actions   = local.network_actions
      resources = ["*"]

      condition {
        test     = "ArnEquals"
        variable = "lambda:SourceFunctionArn"
        values   = [local.function_arns[each.key]]
      }
    }
  }
}

locals {
  network_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]
}
