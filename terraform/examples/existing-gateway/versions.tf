terraform {
  # The lock in the bucket (use_lockfile) came with 1.10.
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }

  # Bucket, region and key are given to `terraform init`: `make tf-init` derives the key from the deploy unit.
  backend "s3" {}
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { env = var.env, app_id = var.app_id }
  }
}
