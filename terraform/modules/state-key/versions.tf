terraform {
  # Rules below refer to several variables and to locals.
  required_version = ">= 1.9"
}
