# The isolation of tenants in an emulated account, as the tests apply it.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region                      = var.region
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  endpoints {
    iam = var.endpoint
    sts = var.endpoint
  }
}

module "isolation" {
  source = "../../../modules/tenant-isolation"

  name             = var.name
  path             = "/tenants/"
  broker_role_arns = ["arn:aws:iam::${var.account}:role/tenantgate-session"]
  web_identity = {
    provider_arn = "arn:aws:iam::${var.account}:oidc-provider/login.example.com/tenants"
    audiences    = ["tenantgate"]
  }
  tenant_ids = var.tenant_ids
  memories = {
    pooled              = ["arn:aws:bedrock-agentcore:${var.region}:${var.account}:memory/pooled-a1b2c3d4e5"]
    silo                = ["arn:aws:bedrock-agentcore:${var.region}:${var.account}:memory/*"]
    namespace_variables = ["tenancy"]
  }
  knowledge_base_arns = ["arn:aws:bedrock:${var.region}:${var.account}:knowledge-base/*"]
  tables = [
    { arn = "arn:aws:dynamodb:${var.region}:${var.account}:table/orders", indexes = ["by-customer"], write = true },
    { arn = "arn:aws:dynamodb:${var.region}:${var.account}:table/prices" },
  ]
  buckets = [
    { arn = "arn:aws:s3:::documents", write = true },
    { arn = "arn:aws:s3:::manuals" },
  ]
  kms_key_arns = ["arn:aws:kms:${var.region}:${var.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
}

variable "endpoint" {
  description = "URL of the emulator."
  type        = string
}

variable "account" {
  description = "The emulated account."
  type        = string
}

variable "region" {
  description = "The emulated region."
  type        = string
}

variable "name" {
  description = "Name of the role."
  type        = string
  default     = "tenantgate-tenant"
}

variable "tenant_ids" {
  description = "The tenants that sessions may be started for."
  type        = set(string)
  default     = null
}

output "isolation" {
  description = "All that the module gives."
  value       = module.isolation
}
