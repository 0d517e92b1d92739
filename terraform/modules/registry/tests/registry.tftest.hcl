# The real provider, without an account: what is planned, and the real policy documents. Nothing is sent anywhere.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

run "defaults_are_the_safe_ones" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.registry.name == "tenantgate-registry" && aws_dynamodb_table.registry.billing_mode == "PAY_PER_REQUEST"
    error_message = "the table is not as `tenantgate registry create` makes it"
  }

  assert {
    condition     = aws_dynamodb_table.registry.hash_key == "pk" && aws_dynamodb_table.registry.range_key == "sk" && toset([for attribute in aws_dynamodb_table.registry.attribute : "${attribute.name}:${attribute.type}"]) == toset(["pk:S", "sk:S", "listedIn:S"])
    error_message = "the keys are not those of the layout"
  }

  assert {
    condition     = toset([for index in aws_dynamodb_table.registry.global_secondary_index : "${index.name}:${index.hash_key}:${index.range_key}:${index.projection_type}"]) == toset(["directory:listedIn:pk:ALL"])
    error_message = "the index is not that of the layout"
  }

  assert {
    condition     = aws_dynamodb_table.registry.deletion_protection_enabled
    error_message = "the table can be deleted by mistake"
  }

  assert {
    condition     = aws_dynamodb_table.registry.point_in_time_recovery[0].enabled && aws_dynamodb_table.registry.point_in_time_recovery[0].recovery_period_in_days == 35
    error_message = "the table cannot be restored"
  }

  assert {
    condition     = aws_dynamodb_table.registry.ttl[0].enabled && aws_dynamodb_table.registry.ttl[0].attribute_name == "expiresAt"
    error_message = "what has expired stays for ever"
  }

  assert {
    condition     = aws_dynamodb_table.registry.server_side_encryption[0].enabled && aws_kms_key.registry[0].enable_key_rotation
    error_message = "the table is not encrypted by a key of its own that rotates"
  }

  assert {
    condition     = !aws_dynamodb_table.registry.stream_enabled && length(aws_dynamodb_table.registry.replica) == 0
    error_message = "there is a stream that nobody needs"
  }

  assert {
    condition     = length(jsondecode(data.aws_iam_policy_document.key[0].json).Statement) == 1 && jsondecode(data.aws_iam_policy_document.key[0].json).Statement[0].Principal.AWS == "arn:aws:iam::123456789012:root"
    error_message = "the key is somebody else's than the account's"
  }
}

run "a_given_key_is_used_and_none_is_made" {
  command = plan

  variables {
    encryption = { key = "GIVEN", key_arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001" }
  }

  assert {
    condition     = length(aws_kms_key.registry) == 0 && aws_dynamodb_table.registry.server_side_encryption[0].kms_key_arn == var.encryption.key_arn && output.kms_key_arn == var.encryption.key_arn
    error_message = "another key than the given one encrypts the table"
  }
}

run "aws_owns_the_key_where_that_is_asked_for" {
  command = plan

  variables {
    encryption = { key = "AWS" }
  }

  assert {
    condition     = length(aws_kms_key.registry) == 0 && !aws_dynamodb_table.registry.server_side_encryption[0].enabled && output.kms_key_arn == null
    error_message = "there is a key although AWS owns it"
  }
}

run "replicas_have_recovery_a_key_and_an_alarm_each" {
  command = plan

  variables {
    replicas = {
      eu-west-1 = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000002" }
      us-east-1 = { kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000003" }
    }
  }

  assert {
    condition     = aws_dynamodb_table.registry.stream_enabled && aws_dynamodb_table.registry.stream_view_type == "NEW_AND_OLD_IMAGES"
    error_message = "replicas need a stream of both images"
  }

  assert {
    condition     = toset([for replica in aws_dynamodb_table.registry.replica : replica.region_name]) == toset(["eu-west-1", "us-east-1"]) && alltrue([for replica in aws_dynamodb_table.registry.replica : replica.point_in_time_recovery && replica.kms_key_arn == var.replicas[replica.region_name].kms_key_arn])
    error_message = "a replica is not as asked for"
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.replication)) == toset(["eu-west-1", "us-east-1"])
    error_message = "nobody is told when revocations come late to a region"
  }
}

run "alarms_tell_whom_they_should" {
  command = plan

  variables {
    alarm_actions = ["arn:aws:sns:eu-central-1:123456789012:alarms"]
  }

  assert {
    condition     = alltrue([for alarm in [aws_cloudwatch_metric_alarm.throttles, aws_cloudwatch_metric_alarm.system_errors] : contains(alarm.alarm_actions, "arn:aws:sns:eu-central-1:123456789012:alarms") && alarm.treat_missing_data == "notBreaching"])
    error_message = "an alarm tells nobody"
  }
}

run "a_name_with_other_characters_is_refused" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "tenantgate/registry"
  }
}

run "more_days_than_dynamodb_keeps_are_refused" {
  command         = plan
  expect_failures = [var.recovery_days]

  variables {
    recovery_days = 36
  }
}

run "another_owner_of_the_key_is_refused" {
  command         = plan
  expect_failures = [var.encryption]

  variables {
    encryption = { key = "NONE" }
  }
}

run "a_given_key_without_its_arn_is_refused" {
  command         = plan
  expect_failures = [var.encryption]

  variables {
    encryption = { key = "GIVEN" }
  }
}

run "an_arn_that_nobody_asked_for_is_refused" {
  command         = plan
  expect_failures = [var.encryption]

  variables {
    encryption = { key_arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001" }
  }
}

run "an_alias_is_no_key" {
  command         = plan
  expect_failures = [var.encryption]

  variables {
    encryption = { key = "GIVEN", key_arn = "arn:aws:kms:eu-central-1:123456789012:alias/registry" }
  }
}

run "a_replica_without_a_key_is_refused" {
  command         = plan
  expect_failures = [var.replicas]

  variables {
    replicas = { eu-west-1 = {} }
  }
}

run "a_replica_with_a_key_is_refused_where_aws_owns_the_table_s" {
  command         = plan
  expect_failures = [var.replicas]

  variables {
    encryption = { key = "AWS" }
    replicas   = { eu-west-1 = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000002" } }
  }
}

run "a_replica_that_is_no_region_is_refused" {
  command         = plan
  expect_failures = [var.replicas]

  variables {
    encryption = { key = "AWS" }
    replicas   = { Ireland = {} }
  }
}

run "an_alarm_action_that_is_no_arn_is_refused" {
  command         = plan
  expect_failures = [var.alarm_actions]

  variables {
    alarm_actions = ["ops@example.com"]
  }
}
