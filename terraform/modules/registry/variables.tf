variable "name" {
  description = "Name of the table."
  type        = string
  default     = "tenantgate-registry"

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.name))
    error_message = "name must have 3 to 255 of the characters A-Z a-z 0-9 _ . -"
  }
}

variable "deletion_protection" {
  description = "Whether the table refuses to be deleted. Without the table every caller is refused; turn it off in an apply of its own before a destroy."
  type        = bool
  default     = true
}

variable "recovery_days" {
  description = "How many days back the table can be restored, to the second."
  type        = number
  default     = 35

  validation {
    condition     = var.recovery_days >= 1 && var.recovery_days <= 35 && floor(var.recovery_days) == var.recovery_days
    error_message = "recovery_days must be a whole number from 1 to 35"
  }
}

variable "encryption" {
  description = "Whose key encrypts the table: MODULE (a key that this module makes and that rotates), GIVEN (the key of key_arn) or AWS (a key that AWS owns: free, and nobody in the account can revoke it)."
  type = object({
    key     = optional(string, "MODULE")
    key_arn = optional(string)
  })
  default = {}

  validation {
    condition     = contains(["MODULE", "GIVEN", "AWS"], var.encryption.key)
    error_message = "encryption.key must be MODULE, GIVEN or AWS"
  }

  validation {
    condition     = var.encryption.key == "GIVEN" ? var.encryption.key_arn != null : var.encryption.key_arn == null
    error_message = "encryption.key_arn belongs to encryption.key = \"GIVEN\", and to no other"
  }

  validation {
    condition     = var.encryption.key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.encryption.key_arn))
    error_message = "encryption.key_arn must be the ARN of a key; an alias does not do"
  }
}

variable "replicas" {
  description = "Regions that hold a copy of the table, each with the key that encrypts it there. A key is needed unless encryption.key is AWS."
  type = map(object({
    kms_key_arn = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for region in keys(var.replicas) : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", region))])
    error_message = "the keys of replicas must be names of regions, as eu-west-1"
  }

  validation {
    condition     = alltrue([for replica in values(var.replicas) : (replica.kms_key_arn != null) == (var.encryption.key != "AWS")])
    error_message = "each replica needs the kms_key_arn of a key in its region, and none where encryption.key is AWS: a table and its replicas are encrypted alike"
  }
}

variable "alarm_actions" {
  description = "ARNs of what is told when an alarm goes off and when it is over, as SNS topics."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for action in var.alarm_actions : startswith(action, "arn:")])
    error_message = "alarm_actions must be ARNs"
  }
}

variable "tags" {
  description = "Tags of all that is made here."
  type        = map(string)
  default     = {}
}
