data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

resource "aws_iam_role" "gateway" {
  name               = "${var.name}-gateway"
  description        = "What the gateway ${var.name} invokes its interceptors and targets as."
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = var.tags
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["bedrock-agentcore.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    # The id of a gateway is its name and ten characters that are not known before the gateway, which needs the role. A star
    # would also be for gateways whose names begin with this one.
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:bedrock-agentcore:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:gateway/${var.name}-??????????"]
    }
  }
}

resource "aws_iam_role_policy" "gateway" {
  name   = "invoke"
  role   = aws_iam_role.gateway.id
  policy = data.aws_iam_policy_document.invoke.json
}

locals {
  tool_arns = distinct([for target in values(var.targets) : target.lambda.arn if target.lambda != null])
  runtimes  = [for name, target in var.targets : target.runtime if local.credentials[name] == "GATEWAY_IAM_ROLE" && target.runtime != null]
}

# Functions and agents by their ARNs, qualified where they are invoked qualified. No star stands for any.
data "aws_iam_policy_document" "invoke" {
  statement {
    sid       = "Interceptors"
    actions   = ["lambda:InvokeFunction"]
    resources = [var.request_interceptor_arn, var.response_interceptor_arn]
  }

  dynamic "statement" {
    for_each = length(local.tool_arns) > 0 ? [true] : []

    content {
      sid       = "Tools"
      actions   = ["lambda:InvokeFunction"]
      resources = local.tool_arns
    }
  }

  dynamic "statement" {
    for_each = length(local.runtimes) > 0 ? [true] : []

    content {
      sid       = "Agents"
      actions   = ["bedrock-agentcore:InvokeAgentRuntime"]
      resources = distinct(flatten([for runtime in local.runtimes : [runtime.arn, "${runtime.arn}/runtime-endpoint/${runtime.qualifier}"]]))
    }
  }

  dynamic "statement" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      sid       = "Key"
      actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["bedrock-agentcore.${data.aws_region.current.id}.amazonaws.com"]
      }
    }
  }
}
