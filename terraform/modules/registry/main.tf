# The layout is that of `tenantgate registry create`: all ids are parts of the two keys, DynamoDB deletes what has expired, and
# operators list what has `listedIn` through the index.
resource "aws_dynamodb_table" "registry" {
  #checkov:skip=CKV_AWS_119:By default there is a customer key; a key of AWS's own is a choice (variable encryption) that the scanner cannot evaluate
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.deletion_protection
  # Replicas are fed from the stream. Nothing else reads it.
  stream_enabled   = length(var.replicas) > 0
  stream_view_type = length(var.replicas) > 0 ? "NEW_AND_OLD_IMAGES" : null
  tags             = var.tags

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  attribute {
    name = "listedIn"
    type = "S"
  }

  global_secondary_index {
    name            = "directory"
    hash_key        = "listedIn"
    range_key       = "pk"
    projection_type = "ALL"
  }

  ttl {
    attribute_name = "expiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = var.recovery_days
  }

  server_side_encryption {
    # Off means a key that AWS owns: DynamoDB encrypts always.
    enabled     = var.encryption.key != "AWS"
    kms_key_arn = local.kms_key_arn
  }

  dynamic "replica" {
    for_each = var.replicas

    content {
      region_name            = replica.key
      kms_key_arn            = replica.value.kms_key_arn
      point_in_time_recovery = true
      propagate_tags         = true
    }
  }
}

locals {
  # Null where AWS owns the key.
  kms_key_arn = var.encryption.key == "MODULE" ? one(aws_kms_key.registry[*].arn) : var.encryption.key_arn
}
