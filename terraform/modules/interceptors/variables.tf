variable "name" {
  description = "Name of the deployment: the functions are <name>-request and <name>-response."
  type        = string
  default     = "tenantgate"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,50}$", var.name))
    error_message = "name must have 1 to 50 of the characters A-Z a-z 0-9 _ -"
  }
}

variable "packages" {
  description = "Paths of the two packages: zips with an executable `bootstrap` at the root, built for the architecture."
  type = object({
    request  = string
    response = string
  })

  validation {
    condition     = fileexists(var.packages.request) && fileexists(var.packages.response)
    error_message = "packages must be paths of files that are there: build them first"
  }

  validation {
    # Whoever swaps the two, or gives one twice, has a gateway that refuses everything.
    condition     = var.packages.request != var.packages.response
    error_message = "packages.request and packages.response are two programs"
  }
}

variable "architecture" {
  description = "Processor for which the packages were built: arm64 (a fifth cheaper) or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64"
  }
}

variable "settings" {
  description = "The settings document of both interceptors (docs/settings.md). `registry.table` is set here; where it is given it must be the table of `registry`."
  type        = any

  validation {
    condition     = try(length(var.settings.issuers), 0) > 0 || try(length(var.settings.iam.principals), 0) > 0
    error_message = "settings needs at least one entry of issuers, or iam.principals: with neither every caller is refused"
  }

  validation {
    condition     = try(var.settings.registry.table, null) == null || contains([var.registry.table_arn, element(split("/", var.registry.table_arn), 1)], try(var.settings.registry.table, ""))
    error_message = "settings.registry.table must be the table of registry.table_arn, by its ARN or name; leave it out and it is"
  }

  validation {
    condition     = !can(regex("\"endpointUrl\":", jsonencode(var.settings)))
    error_message = "settings must not have an endpointUrl: it is for emulators"
  }

  validation {
    # Private PEMs, and the private members of JSON Web Keys. The settings stand in the state and in the console.
    condition     = !can(regex("-----BEGIN|\"(d|dp|dq|k|p|q|qi)\":\"", jsonencode(var.settings)))
    error_message = "settings must hold no secrets: name a file, an environment variable, or a key in KMS or Secrets Manager"
  }

  validation {
    condition     = try(tonumber(var.settings.registry.timeoutMs), 1500) <= var.timeout_seconds * 1000 - 1000
    error_message = "settings.registry.timeoutMs must be at least a second below timeout_seconds: else Lambda ends the function before it can refuse"
  }

  validation {
    condition     = join(" ", sort(distinct(flatten(regexall("\"environment\":\"([^\"]*)\"", jsonencode(var.settings)))))) == join(" ", sort(nonsensitive(keys(var.secret_environment))))
    error_message = "the environment variables that settings names and those of secret_environment must be the same"
  }

  validation {
    condition     = try(var.settings.metrics, null) == null
    error_message = "settings must not have metrics: metrics_namespace sets them"
  }

  validation {
    condition     = var.metrics_namespace != null || try(tonumber(var.settings.audit.sampleAllows), 1) >= 1
    error_message = "settings.audit.sampleAllows below 1 needs metrics_namespace: filters on audit lines would count a part of the decisions"
  }
}

variable "registry" {
  description = "The table of the Policy Registry, and the customer key that encrypts it, as module `registry` puts them out."
  type = object({
    table_arn   = string
    kms_key_arn = optional(string)
  })

  validation {
    condition     = can(regex("^arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+$", var.registry.table_arn))
    error_message = "registry.table_arn must be the ARN of a table"
  }
}

variable "features" {
  description = "What the policies and the gateway use, and the functions therefore may do in the table. http: targets of the http family (routes, decision contexts, with registry.tasks RECORD conversations). pins: policies that pin tools. What is missing here is refused at run time with REGISTRY_UNAVAILABLE."
  type = object({
    http = optional(bool, false)
    pins = optional(bool, false)
  })
  default = {}
}

variable "secret_environment" {
  description = "Secrets that settings reads from environment variables, by their names. They stand in the Terraform state: KMS and Secrets Manager are the better places where a setting knows them."
  type        = map(string)
  default     = {}
  sensitive   = true

  validation {
    condition     = alltrue([for name in keys(var.secret_environment) : can(regex("^[A-Za-z][A-Za-z0-9_]*$", name)) && !startswith(name, "AWS_") && !startswith(name, "LAMBDA_") && !startswith(name, "TENANTGATE_SETTINGS")])
    error_message = "the names in secret_environment must begin with a letter, have A-Z a-z 0-9 _, and be none that Lambda or tenantgate knows"
  }
}

variable "secrets_kms_key_arn" {
  description = "Key of the secrets in Secrets Manager that settings names, where it is not aws/secretsmanager."
  type        = string
  default     = null
}

variable "memory_mb" {
  description = "Memory of each function. They use some 15 MB, and a few times the largest body; processor time comes in proportion, and cold starts and redactions want that."
  type        = number
  default     = 512

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb must be a whole number from 128 to 10240"
  }
}

variable "timeout_seconds" {
  description = "When Lambda ends an invocation; the interceptors answer 200 ms before. The slowest call with sense in it fetches keys (2 s), reads the registry (1.5 s a lookup), exchanges a token (2 s) and signs (1.5 s). Far below the 15 minutes of a gateway call."
  type        = number
  default     = 10

  validation {
    condition     = var.timeout_seconds >= 2 && var.timeout_seconds <= 60 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds must be a whole number from 2 to 60: the caller waits for both functions, and the gateway may try again"
  }
}

variable "reserved_concurrency" {
  description = "How many copies of each function may run at once; they are kept free for it, and taken from what the account has. 100 carry the gateway's 200 calls a second as long as each takes less than half a second. Null is no bound."
  type        = number
  default     = 100

  validation {
    # 0 throttles every invocation: what a gateway then does is not documented, and no caller gets an answer.
    condition     = try(var.reserved_concurrency >= 1 && floor(var.reserved_concurrency) == var.reserved_concurrency, var.reserved_concurrency == null)
    error_message = "reserved_concurrency must be a whole number from 1 on, or null; 0 is no bound but an outage: to shut tenants out, suspend them in the registry"
  }
}

variable "provisioned_concurrency" {
  description = "How many copies of each function are kept ready at the alias, against cold starts; billed by the hour. 0 is none."
  type        = number
  default     = 0

  validation {
    condition     = var.provisioned_concurrency >= 0 && floor(var.provisioned_concurrency) == var.provisioned_concurrency && var.provisioned_concurrency <= coalesce(var.reserved_concurrency, 1000)
    error_message = "provisioned_concurrency must be a whole number from 0 to reserved_concurrency"
  }
}

variable "pinned_versions" {
  description = "Versions to which the alias is set instead of the newest, to go back to a former release. Code and settings of that version are in force; the role, and the table, are today's."
  type = object({
    request  = optional(string)
    response = optional(string)
  })
  default = {}

  validation {
    condition     = alltrue([for version in compact(values(var.pinned_versions)) : can(regex("^[1-9][0-9]*$", version))])
    error_message = "pinned_versions must be numbers of published versions, as \"12\"; $LATEST is none"
  }
}

variable "metrics_namespace" {
  description = "Namespace of the metrics that the functions themselves count (docs/observability.md), with times, caches and classes. Null is none; then settings must not sample allows, since the alarm on the share of denials counts audit lines."
  type        = string
  default     = null

  validation {
    condition     = var.metrics_namespace == null || can(regex("^[0-9A-Za-z._/#-][0-9A-Za-z._/#:-]{0,254}$", var.metrics_namespace)) && !startswith(coalesce(var.metrics_namespace, "-"), "AWS/")
    error_message = "metrics_namespace must be 1 to 255 of a-z A-Z 0-9 . _ - / # :, not beginning with : or AWS/"
  }
}

variable "log_retention_days" {
  description = "How long logs, and with them the audit lines, are kept."
  type        = number
  default     = 400

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of the periods that CloudWatch Logs knows, as 30, 90, 365, 400, 731"
  }
}

variable "keep_logs" {
  description = "Whether a destroy leaves the log groups, and with them the audit lines. The key of this module is scheduled for deletion all the same: see Logs after a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "encryption" {
  description = "Whose key encrypts logs and environment: MODULE (a key that this module makes and that rotates) or GIVEN (the key of key_arn, whose policy must let CloudWatch Logs use it)."
  type = object({
    key     = optional(string, "MODULE")
    key_arn = optional(string)
  })
  default = {}

  validation {
    condition     = contains(["MODULE", "GIVEN"], var.encryption.key)
    error_message = "encryption.key must be MODULE or GIVEN"
  }

  validation {
    condition     = var.encryption.key == "GIVEN" ? var.encryption.key_arn != null : var.encryption.key_arn == null
    error_message = "encryption.key_arn belongs to encryption.key = \"GIVEN\", and to no other"
  }
}

variable "network" {
  description = "Subnets and security groups, for functions in a VPC. They need a way to DynamoDB, to the issuers' keys, and to what else settings names. Null is none: the functions then have no way into a VPC."
  type = object({
    subnet_ids         = set(string)
    security_group_ids = set(string)
  })
  default = null

  validation {
    condition     = try(length(var.network.subnet_ids) > 0 && length(var.network.security_group_ids) > 0, var.network == null)
    error_message = "network needs at least one subnet and one security group"
  }
}

variable "code_signing_config_arn" {
  description = "Code signing configuration that says whose packages the functions take. Null is none."
  type        = string
  default     = null
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

variable "alarm_thresholds" {
  description = "When alarms go off: p99 of the duration; how many refusals in five minutes are nobody's but the operator's fault, and how many a caller or a target could bring about alone; the share of decisions that the policies deny, from how many decisions in five minutes on; the share of the reserved concurrency in use."
  type = object({
    duration_p99_ms      = optional(number, 1000)
    faults               = optional(number, 1)
    suspicious           = optional(number, 100)
    denial_percent       = optional(number, 50)
    denial_decisions_min = optional(number, 100)
    concurrency_percent  = optional(number, 80)
  })
  default = {}

  validation {
    condition     = var.alarm_thresholds.duration_p99_ms > 0 && var.alarm_thresholds.duration_p99_ms < var.timeout_seconds * 1000
    error_message = "alarm_thresholds.duration_p99_ms must be above 0 and below timeout_seconds"
  }

  validation {
    condition     = alltrue([for percent in [var.alarm_thresholds.denial_percent, var.alarm_thresholds.concurrency_percent] : percent > 0 && percent <= 100])
    error_message = "the percents of alarm_thresholds must be above 0 and at most 100"
  }

  validation {
    condition     = var.alarm_thresholds.denial_decisions_min >= 1 && var.alarm_thresholds.faults >= 1 && var.alarm_thresholds.suspicious >= 1
    error_message = "alarm_thresholds.denial_decisions_min, alarm_thresholds.faults and alarm_thresholds.suspicious must be at least 1"
  }
}

variable "canary" {
  description = "Whether the REQUEST function is called every five minutes without a credential, with an alarm if it does not refuse that."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of all that is made here."
  type        = map(string)
  default     = {}
}
