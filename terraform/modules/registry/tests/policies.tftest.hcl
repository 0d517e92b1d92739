# Mocked, since what is read from the table (its ARN) is known only after an apply.
mock_provider "aws" {
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001", key_id = "00000000-0000-0000-0000-000000000001" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

run "outputs_are_those_of_the_table" {
  assert {
    condition     = output.table_arn == "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry" && output.kms_key_arn == "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001"
    error_message = "the outputs name something else than what was made"
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.writer.statement : statement.resources == toset([output.table_arn])])
    error_message = "the writer's policy reaches more than the table"
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.writer.statement : statement.actions])) == toset(["dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem"])
    error_message = "a writer may do more, or less, than the commands do"
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.reader.statement : statement.actions if statement.resources == toset(["${output.table_arn}/index/directory"])] == [toset(["dynamodb:Query"])]
    error_message = "a reader may do more, or less, with the index than list"
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.reader.statement : statement.actions])) == toset(["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "kms:Decrypt"])
    error_message = "a reader may do more than read"
  }
}

run "replicas_have_the_arn_of_their_region" {
  variables {
    encryption = { key = "AWS" }
    replicas   = { eu-west-1 = {} }
  }

  assert {
    condition     = output.replica_table_arns == { eu-west-1 = "arn:aws:dynamodb:eu-west-1:123456789012:table/tenantgate-registry" }
    error_message = "the ARN of a replica is not that of its region"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.reader.statement) == 2
    error_message = "there is a statement about a key that is nobody's"
  }
}
