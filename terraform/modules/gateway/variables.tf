variable "name" {
  type        = string
  description = "The gateway's name, as in tools-prod. Another name is another gateway, with another address."
  nullable    = false

  # Ids of gateways are lower case, and the role's trust policy names them by what they begin with.
  validation {
    condition     = can(regex("^([0-9a-z]-?){1,48}$", var.name)) && length(var.name) <= 48
    error_message = "name must be 1 to 48 of a-z, 0-9 and single hyphens, and begin with a letter or digit, as in tools-prod."
  }
}

variable "request_interceptor_arn" {
  type        = string
  description = "The function of the REQUEST point, by the ARN of an alias or version: the module interceptors' request_alias_arn."
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]+:[a-zA-Z0-9_-]+$", var.request_interceptor_arn))
    error_message = "request_interceptor_arn must be a function's ARN with an alias or a version at its end, as in arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-request:live. Without one, a release could not be rolled back; $LATEST is none."
  }
}

variable "response_interceptor_arn" {
  type        = string
  description = "The function of the RESPONSE point, by the ARN of an alias or version: the module interceptors' response_alias_arn."
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]+:[a-zA-Z0-9_-]+$", var.response_interceptor_arn))
    error_message = "response_interceptor_arn must be a function's ARN with an alias or a version at its end, as in arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-response:live. Without one, a release could not be rolled back; $LATEST is none."
  }

  validation {
    condition     = try(split(":", var.response_interceptor_arn)[6] != split(":", var.request_interceptor_arn)[6], true)
    error_message = "response_interceptor_arn and request_interceptor_arn are the same function; each point has its own, with rights of its own."
  }
}

variable "jwt" {
  type = object({
    discovery_url = string
    audiences     = optional(set(string), [])
    clients       = optional(set(string), [])
    scopes        = optional(set(string), [])
  })
  description = "Whose tokens the gateway takes: where the issuer describes itself, and which audiences, client ids and scopes are accepted (an empty set does not check). Tokens are checked once more by the interceptors, against their own settings."
  nullable    = false

  validation {
    condition     = can(regex("^https://[^\\s?#]+/\\.well-known/(openid-configuration|oauth-authorization-server)(/[^\\s?#]+)?$", var.jwt.discovery_url))
    error_message = "jwt.discovery_url must be an https address with /.well-known/openid-configuration or /.well-known/oauth-authorization-server, without query, as in https://login.example/.well-known/openid-configuration."
  }

  validation {
    condition     = length(var.jwt.audiences) + length(var.jwt.clients) > 0
    error_message = "jwt must have audiences or clients; else every token of the issuer would do, whomever it was issued for."
  }

  validation {
    condition     = alltrue([for scope in var.jwt.scopes : can(regex("^[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,255}$", scope))])
    error_message = "jwt.scopes must be scopes of 1 to 255 printable characters without spaces, quotes and backslashes, each an element of its own."
  }
}

variable "protocol" {
  type        = string
  description = "MCP: one MCP server in front of the tools of all targets. HTTP: each target is an agent with a path of its own; such a gateway has no protocol type."
  default     = "MCP"
  nullable    = false

  validation {
    condition     = contains(["MCP", "HTTP"], var.protocol)
    error_message = "protocol must be MCP or HTTP."
  }
}

variable "mcp_versions" {
  type        = set(string)
  description = "The versions of MCP that are spoken."
  default     = ["2025-06-18", "2025-11-25", "2026-07-28"]
  nullable    = false

  # 2025-03-26 has batches, which are refused whole; without it no client is led to send one.
  validation {
    condition     = length(var.mcp_versions) > 0 && length(setsubtract(var.mcp_versions, ["2025-06-18", "2025-11-25", "2026-07-28"])) == 0
    error_message = "mcp_versions must be some of 2025-06-18, 2025-11-25 and 2026-07-28."
  }
}

variable "response_streaming" {
  type        = bool
  description = "Whether answers of MCP may be streamed. The RESPONSE interceptor then sees each message that has an id, but no progress and no log message: what a tool writes into those is redacted by nobody. Leave it off where policies redact."
  default     = false
  nullable    = false
}

variable "semantic_search" {
  type        = bool
  description = "Whether the gateway offers its tool for searching tools. It is gated and filtered like any other."
  default     = false
  nullable    = false
}

variable "headers" {
  type = object({
    tenant         = optional(string, "x-tenant-id")
    user           = optional(string, "x-user-id")
    agent_name     = optional(string, "x-agent-name")
    app_id         = optional(string, "x-app-id")
    route_binding  = optional(string, "x-route-binding-id")
    tenant_context = optional(string)
  })
  description = "Names of the headers that the interceptor writes, as in its settings (headers, and tenantContext.header: null if nothing is signed). Targets get them; the three of routes only where protocol is HTTP."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in values(var.headers) : can(regex("^[a-zA-Z0-9_-]{1,100}$", name)) if name != null])
    error_message = "headers must be names of 1 to 100 letters, digits, hyphens and underscores."
  }

  validation {
    condition     = length(distinct([for name in values(var.headers) : lower(name) if name != null])) == length([for name in values(var.headers) : name if name != null])
    error_message = "headers must all be different; case does not count."
  }

  validation {
    condition = alltrue([
      for name in values(var.headers) : startswith(lower(name), "x-amzn-bedrock-agentcore-runtime-custom-") if try(startswith(lower(name), "x-amzn-"), false)
    ])
    error_message = "headers must not begin with X-Amzn-, unless with X-Amzn-Bedrock-AgentCore-Runtime-Custom-: the gateway passes no others on."
  }
}

variable "targets" {
  type = map(object({
    description = optional(string)
    headers     = optional(set(string), [])

    lambda = optional(object({
      arn = string
      tools = list(object({
        name        = string
        description = string
        properties = optional(map(object({
          type        = string
          description = optional(string)
          required    = optional(bool, false)
          items       = optional(string)
        })), {})
      }))
    }))

    mcp_server = optional(object({
      endpoint        = string
      jwt_passthrough = optional(bool, false)
    }))

    runtime = optional(object({
      arn             = string
      qualifier       = optional(string, "DEFAULT")
      jwt_passthrough = optional(bool, false)
    }))
  }))
  description = <<-EOT
    What the gateway leads to, by name, which is also the first part of its tools' names. Each is exactly one of
    `lambda` (a function whose event is the arguments; `arn` exactly as it shall be invoked; its tools with their flat
    properties, `items` being the type of an array's elements), `mcp_server` (another MCP server), and, where protocol is
    HTTP, `runtime` (an agent on AgentCore Runtime). `jwt_passthrough` hands the caller's token on. `headers` are those of
    the caller that the target gets beside the interceptor's own.
  EOT
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.targets) : can(regex("^([0-9a-zA-Z]-?){1,100}$", name)) && length(name) <= 100])
    error_message = "targets must have names of 1 to 100 letters, digits and single hyphens."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : length([for kind in [target.lambda, target.mcp_server, target.runtime] : true if kind != null]) == 1])
    error_message = "targets must each have exactly one of lambda, mcp_server and runtime."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : (target.runtime != null) == (var.protocol == "HTTP")])
    error_message = "targets of a gateway whose protocol is MCP are lambda or mcp_server, those of one whose protocol is HTTP are runtime: AgentCore has no gateway for both."
  }

  validation {
    condition = alltrue([
      for target in values(var.targets) : can(regex("^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]+(:[a-zA-Z0-9_-]+)?$", target.lambda.arn)) if target.lambda != null
    ])
    error_message = "targets.*.lambda.arn must be the ARN of a function, or of an alias or version of one."
  }

  validation {
    condition = alltrue([
      for target in values(var.targets) : !contains([split(":", var.request_interceptor_arn)[6], split(":", var.response_interceptor_arn)[6]], split(":", target.lambda.arn)[6]) if can(split(":", target.lambda.arn)[6])
    ])
    error_message = "targets.*.lambda.arn must not be an interceptor."
  }

  validation {
    condition = alltrue(flatten([
      for target in values(var.targets) : [
        for tool in target.lambda.tools : concat(
          [can(regex("^[A-Za-z0-9_.-]{1,128}$", tool.name)), tool.description != ""],
          [for property in values(tool.properties) : contains(["string", "number", "integer", "boolean", "object", "array"], property.type)],
          [for property in values(tool.properties) : contains(["string", "number", "integer", "boolean", "object", "array"], property.items) if property.items != null],
          [for property in values(tool.properties) : (property.items != null) == (property.type == "array")],
        )
      ] if target.lambda != null
    ]))
    error_message = "targets.*.lambda.tools must have a name of A-Z a-z 0-9 _ . -, a description, and properties of the types string, number, integer, boolean, object and array, the last and no other with the type of its items."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : length(target.lambda.tools) > 0 if target.lambda != null])
    error_message = "targets.*.lambda.tools must not be empty."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : can(regex("^https://[^\\s?#]+$", target.mcp_server.endpoint)) if target.mcp_server != null])
    error_message = "targets.*.mcp_server.endpoint must be an https address."
  }

  validation {
    condition = alltrue([
      for target in values(var.targets) : can(regex("^arn:aws[a-zA-Z-]*:bedrock-agentcore:[a-z0-9-]+:[0-9]{12}:runtime/[a-zA-Z][a-zA-Z0-9_]{0,47}-[a-zA-Z0-9]{10}$", target.runtime.arn)) if target.runtime != null
    ])
    error_message = "targets.*.runtime.arn must be the ARN of a runtime of AgentCore, without endpoint."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : can(regex("^([1-9][0-9]{0,4}|[a-zA-Z][a-zA-Z0-9_]{0,47})$", target.runtime.qualifier)) if target.runtime != null])
    error_message = "targets.*.runtime.qualifier must be the name of an endpoint, as DEFAULT, or a version."
  }

  # The gateway passes no others on, and the provider or the service refuses them.
  validation {
    condition = alltrue(flatten([
      for target in values(var.targets) : [
        for name in target.headers :
        can(regex("^[a-zA-Z0-9_-]{1,100}$", name)) && lower(name) != "authorization" && (!startswith(lower(name), "x-amzn-") || startswith(lower(name), "x-amzn-bedrock-agentcore-runtime-custom-"))
      ]
    ]))
    error_message = "targets.*.headers must be names of 1 to 100 letters, digits, hyphens and underscores; neither Authorization nor X-Amzn-*, unless X-Amzn-Bedrock-AgentCore-Runtime-Custom-*."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : length(target.headers) == 0 if target.lambda != null])
    error_message = "targets.*.headers must be empty for lambda: a function gets the arguments of the call and nothing else."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : length(distinct([for name in concat(local.interceptor_headers, tolist(target.headers)) : lower(name)])) <= 10])
    error_message = "targets.*.headers are too many: a target gets at most 10 headers, those of the interceptor included (2 for MCP, 5 for HTTP, and the tenant context)."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : try(length(target.description) >= 1 && length(target.description) <= 200, true)])
    error_message = "targets.*.description must have 1 to 200 characters."
  }
}

variable "kms_key_arn" {
  type        = string
  description = "The KMS key that encrypts the gateway's configuration; null for one of AWS's. The key's policy has to admit the gateway's role."
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:aws(|-cn|-us-gov):kms:[a-zA-Z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]{36}$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key by its id; aliases and keys of several regions (mrk-) are not taken."
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags of the gateway and its role."
  default     = {}
  nullable    = false
}
