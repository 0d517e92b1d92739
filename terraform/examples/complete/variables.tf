variable "region" {
  type        = string
  description = "The region, as in eu-central-1."
  nullable    = false
}

variable "env" {
  type        = string
  description = "The environment, as in prod. It is a part of the state's key and of all names."
  nullable    = false
}

variable "app_id" {
  type        = string
  description = "The application whose tools are guarded, as in billing. It is a part of the state's key and of all names."
  nullable    = false
}

variable "issuer" {
  type = object({
    url        = string
    preset     = optional(string, "generic-oidc")
    audiences  = optional(set(string), [])
    client_ids = optional(set(string), [])
  })
  description = "Who issues the users' tokens: its address, which provider it is (cognito, entra, okta, auth0, keycloak or generic-oidc), and the audiences and client ids that are accepted. Every preset but cognito needs an audience."
  nullable    = false

  validation {
    condition     = can(regex("^https://[^\\s?#]+$", var.issuer.url))
    error_message = "issuer.url must be an https address, exactly as in the tokens' iss claim."
  }

  validation {
    condition     = length(var.issuer.audiences) + (var.issuer.preset == "cognito" ? length(var.issuer.client_ids) : 0) > 0
    error_message = "issuer.audiences must not be empty; for cognito, whose access tokens have none, issuer.client_ids must not."
  }
}

variable "settings" {
  type        = any
  description = "More settings of the interceptors, as docs/settings.md has them; they go over those that are made of the issuer."
  default     = {}
}

variable "packages" {
  type = object({
    request  = string
    response = string
  })
  description = "Paths of the two functions' zips, as `make package` builds them."
  nullable    = false
}

variable "architecture" {
  type        = string
  description = "What the packages were built for: arm64 or x86_64."
  default     = "arm64"
}

variable "protocol" {
  type        = string
  description = "MCP for a gateway in front of tools, HTTP for one in front of agents."
  default     = "MCP"
}

variable "targets" {
  type        = any
  description = "What the gateway leads to, as in the module gateway."
  default     = {}
}

variable "pins" {
  type        = bool
  description = "Whether policies pin the definitions of tools."
  default     = false
}

variable "isolation" {
  type        = any
  description = "Who may start sessions for tenants, and the memories, tables, buckets and knowledge bases in which tenants are kept apart, as in the module tenant-isolation; null while no agent has data."
  default     = null
}

variable "alarm_email" {
  type        = string
  description = "Who is told of alarms; the address has to confirm it. Null for nobody yet."
  default     = null
}

variable "deletion_protection" {
  type        = bool
  description = "Whether the registry's table refuses to be deleted."
  default     = true
}

variable "reserved_concurrency" {
  type        = number
  description = "How many copies of each function may run at once, kept free for it; null is no bound. A new account has 10 in all and can reserve none; where there are 1,000, take 100."
  default     = null
}

variable "pinned_versions" {
  type = object({
    request  = optional(string)
    response = optional(string)
  })
  description = "Versions of the functions to go back to, as in the module interceptors; empty for the newest."
  default     = {}
  nullable    = false
}

variable "secret_environment" {
  type        = map(string)
  description = "Secrets that settings reads from environment variables, by their names. They stand in the Terraform state."
  default     = {}
  nullable    = false
  sensitive   = true
}

variable "secrets_kms_key_arn" {
  type        = string
  description = "Key of the secrets in Secrets Manager that settings names, where it is not aws/secretsmanager."
  default     = null
}

variable "canary" {
  type        = bool
  description = "Whether the REQUEST function is called every five minutes without a credential, with an alarm if it does not refuse that."
  default     = false
}

variable "network" {
  type = object({
    subnet_ids         = set(string)
    security_group_ids = set(string)
  })
  description = "Subnets and security groups, for functions in a VPC; null for none."
  default     = null
}

variable "metrics_namespace" {
  description = "Namespace in CloudWatch of the metrics that the functions count themselves (docs/observability.md). Null is none."
  type        = string
  default     = null
}
