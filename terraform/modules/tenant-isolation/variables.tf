variable "name" {
  description = "Name of the role, and beginning of the names of its policies."
  type        = string
  default     = "tenantgate-tenant"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,48}$", var.name))
    error_message = "name must have 1 to 48 characters out of letters, digits and _+=,.@-, so that the names of policies built from it fit IAM"
  }
}

variable "path" {
  description = "IAM path of the role and its policies."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([A-Za-z0-9._-]+/)*$", var.path)) && length(var.path) <= 512
    error_message = "path must begin and end with '/', for example /tenants/"
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of a managed policy that bounds the role. Null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of a managed policy, for example arn:aws:iam::123456789012:policy/boundary"
  }
}

variable "broker_role_arns" {
  description = "ARNs of the roles that may start sessions for tenants with sts:AssumeRole. Who holds one of them may be any tenant: never the role that agents run as."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.broker_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$", arn))])
    error_message = "broker_role_arns must be ARNs of roles without wildcards, for example arn:aws:iam::123456789012:role/tenantgate-session"
  }
  validation {
    condition     = length(var.broker_role_arns) > 0 || var.web_identity != null
    error_message = "nobody could start a session: give broker_role_arns, web_identity, or both"
  }
}

variable "web_identity" {
  description = "OpenID Connect provider whose tokens carry the tag TenantID and a source identity themselves, and the audiences that they must be for. Null for none."
  type = object({
    provider_arn = string
    audiences    = set(string)
  })
  default = null

  validation {
    condition     = var.web_identity == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[A-Za-z0-9.-]+(/[A-Za-z0-9._/-]+)?$", var.web_identity.provider_arn))
    error_message = "web_identity.provider_arn must be the ARN of an IAM OpenID Connect provider, for example arn:aws:iam::123456789012:oidc-provider/login.example.com"
  }
  validation {
    condition     = var.web_identity == null || try(length(var.web_identity.audiences) > 0 && alltrue([for audience in var.web_identity.audiences : can(regex("^[^*?$[:space:]]+$", audience))]), false)
    error_message = "web_identity.audiences must name at least one audience, each without spaces and without *, ? and $"
  }
}

variable "tenant_ids" {
  description = "The tenants that sessions may be started for. Null for every well-formed id, when the broker alone knows the tenants."
  type        = set(string)
  default     = null

  validation {
    condition     = var.tenant_ids == null || try(length(var.tenant_ids) > 0 && alltrue([for id in var.tenant_ids : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", id))]), false)
    error_message = "tenant_ids must be null or name at least one tenant; an id has 1 to 63 characters out of letters, digits and ._- and begins with a letter or digit"
  }
  validation {
    condition     = var.tenant_ids == null || length(var.memories.pooled) == 0 || try(alltrue([for id in var.tenant_ids : !strcontains(id, ".")]), false)
    error_message = "a tenant whose id has a dot cannot share a pooled memory, because actor ids take no dot: give it a memory of its own"
  }
}

variable "memories" {
  description = "ARNs of AgentCore memories: pooled ones, shared by tenants and divided by actor ids '<tenant>/...' and namespaces '/tenants/<tenant>/...', and silo ones, each of one tenant and tagged TenantID. Silo ARNs may end in memory/*. namespace_variables: keys of the custom namespace variables by which strategies of pooled memories write the tenant; each event must then bring them with the session's tenant."
  type = object({
    pooled              = optional(list(string), [])
    silo                = optional(list(string), [])
    namespace_variables = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for arn in var.memories.pooled : can(regex("^arn:aws[a-z-]*:bedrock-agentcore:[a-z0-9-]+:[0-9]{12}:memory/[A-Za-z0-9_-]+$", arn))])
    error_message = "memories.pooled must be exact ARNs, for example arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/shared-a1b2c3d4e5"
  }
  validation {
    condition     = alltrue([for arn in var.memories.silo : can(regex("^arn:aws[a-z-]*:bedrock-agentcore:[a-z0-9-]+:[0-9]{12}:memory/([A-Za-z0-9_-]+|\\*)$", arn))])
    error_message = "memories.silo must be ARNs of memories in one account and region, exact or ending in memory/*"
  }
  validation {
    condition     = length(setintersection(var.memories.pooled, var.memories.silo)) == 0
    error_message = "a memory is either pooled or silo: the same ARN must not stand in both lists"
  }
  validation {
    condition     = length(var.memories.namespace_variables) <= 5 && alltrue([for key in var.memories.namespace_variables : can(regex("^[a-z][a-z0-9]{0,31}$", key))])
    error_message = "memories.namespace_variables must be at most 5 keys of lower-case letters and digits, beginning with a letter"
  }
}

variable "knowledge_base_arns" {
  description = "ARNs of Bedrock knowledge bases, each of one tenant and tagged TenantID. They may end in knowledge-base/*."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.knowledge_base_arns : can(regex("^arn:aws[a-z-]*:bedrock:[a-z0-9-]+:[0-9]{12}:knowledge-base/([A-Z0-9]{10}|\\*)$", arn))])
    error_message = "knowledge_base_arns must name region and account, for example arn:aws:bedrock:eu-central-1:123456789012:knowledge-base/* (without them an ARN matches nothing)"
  }
}

variable "tables" {
  description = "DynamoDB tables whose partition keys begin with '<tenant>#'; the indexes whose partition keys do so too; and whether sessions may write."
  type = list(object({
    arn     = string
    indexes = optional(set(string), [])
    write   = optional(bool, false)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for table in var.tables : can(regex("^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]{3,255}$", table.arn))])
    error_message = "tables[*].arn must be exact ARNs, for example arn:aws:dynamodb:eu-central-1:123456789012:table/orders"
  }
  validation {
    condition     = alltrue(flatten([for table in var.tables : [for index in table.indexes : can(regex("^[A-Za-z0-9_.-]{3,255}$", index))]]))
    error_message = "tables[*].indexes must be names of indexes, without wildcards"
  }
}

variable "buckets" {
  description = "S3 buckets in which each tenant has the prefix '<tenant>/', and whether sessions may write."
  type = list(object({
    arn   = string
    write = optional(bool, false)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for bucket in var.buckets : can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket.arn))])
    error_message = "buckets[*].arn must be ARNs of buckets, without a path, for example arn:aws:s3:::documents"
  }
}

variable "kms_key_arns" {
  description = "KMS keys that encrypt the resources above. Sessions use them through those services only."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))])
    error_message = "kms_key_arns must be ARNs of keys, not of aliases, for example arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }
  validation {
    condition     = length(var.kms_key_arns) == 0 || length(var.memories.pooled) + length(var.memories.silo) + length(var.knowledge_base_arns) + length(var.tables) + length(var.buckets) > 0
    error_message = "kms_key_arns without any resource that they encrypt: a key is used through the services of these only"
  }
}

variable "tags" {
  description = "Tags of the role and its policies. Never TenantID."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = !contains([for key in keys(var.tags) : lower(key)], "tenantid")
    error_message = "tags must not hold TenantID, in whatever case: a tag of the role would be the tenant of sessions without one"
  }
}
