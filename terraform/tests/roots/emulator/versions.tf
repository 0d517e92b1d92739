terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

# The environment says where the emulator is (AWS_ENDPOINT_URL).
provider "aws" {
  skip_metadata_api_check = true
  s3_use_path_style       = true
}
