# What the tests apply to the emulator: the modules that provider 5.100 knows, joined as in examples/complete.
resource "aws_sns_topic" "alarms" {
  #checkov:skip=CKV_AWS_26:It stands in an emulator and nothing is sent to it
  name = "alarms"
}

# Not known before the apply, as in a real stack.
resource "aws_kms_key" "context" {
  #checkov:skip=CKV2_AWS_64:The default policy of a key does in an emulator
  description              = "Signs tenant contexts"
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
}

module "registry" {
  source = "../../../modules/registry"

  deletion_protection = var.deletion_protection
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

module "interceptors" {
  source = "../../../modules/interceptors"

  packages             = var.packages
  registry             = { table_arn = module.registry.table_arn, kms_key_arn = module.registry.kms_key_arn }
  reserved_concurrency = var.reserved_concurrency
  pinned_versions      = var.pinned_versions
  alarm_actions        = [aws_sns_topic.alarms.arn]
  canary               = true
  keep_logs            = false
  features             = { http = true, pins = true }
  settings = {
    registry = { tasks = "RECORD", cacheTtlMs = 5000 }
    issuers = [{
      issuer          = "https://idp.example"
      audiences       = ["https://gateway.example"]
      algorithms      = ["ES256"]
      keys            = { url = "https://idp.example/keys" }
      tenantSelection = "MEMBERSHIP"
    }]
    tenantContext = {
      issuer = "https://tenantgate.example/test"
      keys   = [{ kid = "1", kms = aws_kms_key.context.arn }]
    }
  }
  tags = { stack = "test" }
}
