terraform {
  # Rules below refer to several variables.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The least version whose schema the tests compare with; which argument came when is in the README.
      version = ">= 6.50.0, < 7.0.0"
    }
  }
}
