variable "packages" {
  description = "Paths of the two packages."
  type        = object({ request = string, response = string })
}

variable "deletion_protection" {
  description = "Whether the table refuses to be deleted."
  type        = bool
  default     = true
}

variable "pinned_versions" {
  description = "Versions to which the aliases are set."
  type        = object({ request = optional(string), response = optional(string) })
  default     = {}
}

variable "reserved_concurrency" {
  description = "How many copies of each function may run at once."
  type        = number
  default     = 100
}
