variable "env" {
  type        = string
  description = "The environment, as in prod."
  nullable    = false

  validation {
    condition     = can(regex(local.part, var.env))
    error_message = "env must be words of a-z and 0-9, joined by single hyphens, and begin with a letter, as in prod."
  }

  validation {
    condition     = length(var.env) >= 2 && length(var.env) <= 16
    error_message = "env must have 2 to 16 characters, as in prod."
  }

  validation {
    condition = !anytrue(concat(
      [for shape in local.id_shapes : can(regex(shape, var.env))],
      [for word in split("-", var.env) : anytrue([for id in local.id_words : length(word) >= id.characters && can(regex(id.pattern, word))])],
    ))
    error_message = "env looks like an id (a UUID, a long number, a hash); keys are made of names that people gave, as in prod."
  }
}

variable "app_id" {
  type        = string
  description = "The application that the unit belongs to, as in billing."
  nullable    = false

  validation {
    condition     = can(regex(local.part, var.app_id))
    error_message = "app_id must be words of a-z and 0-9, joined by single hyphens, and begin with a letter, as in billing."
  }

  validation {
    condition     = length(var.app_id) >= 2 && length(var.app_id) <= 40
    error_message = "app_id must have 2 to 40 characters, as in billing."
  }

  validation {
    condition = !anytrue(concat(
      [for shape in local.id_shapes : can(regex(shape, var.app_id))],
      [for word in split("-", var.app_id) : anytrue([for id in local.id_words : length(word) >= id.characters && can(regex(id.pattern, word))])],
    ))
    error_message = "app_id looks like an id (a UUID, a long number, a hash); keys are made of names that people gave, as in billing."
  }

  validation {
    condition     = !contains(local.known_tenants, replace(lower(var.app_id), "/[^0-9a-z]/", ""))
    error_message = "app_id is one of tenant_ids; a tenant's id never stands in a key, and a dedicated stack is named by tenant_alias."
  }
}

variable "agent_name" {
  type        = string
  description = "The agent that has a state of its own, as in order-support; null for the application's common state."
  default     = null

  validation {
    condition     = var.agent_name == null ? true : can(regex(local.part, var.agent_name))
    error_message = "agent_name must be words of a-z and 0-9, joined by single hyphens, and begin with a letter, as in order-support."
  }

  validation {
    condition     = var.agent_name == null ? true : length(var.agent_name) >= 2 && length(var.agent_name) <= 48
    error_message = "agent_name must have 2 to 48 characters, as in order-support."
  }

  validation {
    condition = var.agent_name == null ? true : !anytrue(concat(
      [for shape in local.id_shapes : can(regex(shape, var.agent_name))],
      [for word in split("-", var.agent_name) : anytrue([for id in local.id_words : length(word) >= id.characters && can(regex(id.pattern, word))])],
    ))
    error_message = "agent_name looks like an id (a UUID, a long number, a hash); keys are made of names that people gave, as in order-support."
  }

  validation {
    condition     = var.agent_name == null ? true : !contains(local.known_tenants, replace(lower(var.agent_name), "/[^0-9a-z]/", ""))
    error_message = "agent_name is one of tenant_ids; a tenant's id never stands in a key, and a dedicated stack is named by tenant_alias."
  }

  validation {
    condition     = var.agent_name == null ? true : var.agent_name != local.tenants_folder
    error_message = "agent_name must not be tenants: the folder of that name holds the dedicated stacks."
  }
}

variable "tenant_alias" {
  type        = string
  description = "The name of a dedicated stack, as in blue-harbour; null wherever tenants share a stack. Chosen by the platform team, and never a tenant's id."
  default     = null

  validation {
    condition     = var.tenant_alias == null ? true : can(regex(local.part, var.tenant_alias))
    error_message = "tenant_alias must be words of a-z and 0-9, joined by single hyphens, and begin with a letter, as in blue-harbour."
  }

  validation {
    condition     = var.tenant_alias == null ? true : length(var.tenant_alias) >= 3 && length(var.tenant_alias) <= 32
    error_message = "tenant_alias must have 3 to 32 characters, as in blue-harbour."
  }

  validation {
    condition = var.tenant_alias == null ? true : !anytrue(concat(
      [for shape in local.id_shapes : can(regex(shape, var.tenant_alias))],
      [for word in split("-", var.tenant_alias) : anytrue([for id in local.id_words : length(word) >= id.characters && can(regex(id.pattern, word))])],
      [for name in local.id_names : can(regex(name, var.tenant_alias))],
    ))
    error_message = "tenant_alias looks like an id (a UUID, a long number, a hash, an account, a numbered tenant); keys are made of names that people gave, as in blue-harbour."
  }

  validation {
    condition     = var.tenant_alias == null ? true : !contains(local.known_tenants, replace(lower(var.tenant_alias), "/[^0-9a-z]/", ""))
    error_message = "tenant_alias is one of tenant_ids; a tenant's id never stands in a key. Give the dedicated stack an alias of its own, as in blue-harbour."
  }

  validation {
    condition     = var.tenant_alias == null ? true : var.agent_name == null
    error_message = "tenant_alias and agent_name must not be given together: a state belongs to an agent or to a dedicated stack."
  }
}

variable "tenant_ids" {
  type        = set(string)
  description = "The known tenants' ids, which no part may equal; case and separators do not count."
  default     = []
  nullable    = false
}
