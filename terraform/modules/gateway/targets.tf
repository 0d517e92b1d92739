locals {
  # What the interceptor writes and a target would not get otherwise. A Lambda function sees no headers, listed or not.
  interceptor_headers = [
    for name in concat(
      [var.headers.tenant, var.headers.user, var.headers.tenant_context],
      var.protocol == "HTTP" ? [var.headers.agent_name, var.headers.app_id, var.headers.route_binding] : [],
    ) : name if name != null
  ]

  # Names differ by more than case, so that a caller's header is not listed twice.
  target_headers = {
    for name, target in var.targets : name => concat(
      local.interceptor_headers,
      [for header in sort(target.headers) : header if !contains([for own in local.interceptor_headers : lower(own)], lower(header))],
    )
  }
}

resource "aws_bedrockagentcore_gateway_target" "this" {
  for_each = var.targets

  name               = each.key
  description        = each.value.description
  gateway_identifier = aws_bedrockagentcore_gateway.this.gateway_id

  target_configuration {
    dynamic "mcp" {
      for_each = each.value.runtime == null ? [each.value] : []

      content {
        dynamic "lambda" {
          for_each = mcp.value.lambda == null ? [] : [mcp.value.lambda]

          content {
            lambda_arn = lambda.value.arn

            tool_schema {
              dynamic "inline_payload" {
                for_each = lambda.value.tools

                content {
                  name        = inline_payload.value.name
                  description = inline_payload.value.description

                  input_schema {
                    type = "object"

                    dynamic "property" {
                      for_each = inline_payload.value.properties

                      content {
                        name        = property.key
                        type        = property.value.type
                        description = property.value.description
                        required    = property.value.required

                        dynamic "items" {
                          for_each = property.value.items == null ? [] : [property.value.items]

                          content {
                            type = items.value
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }

        dynamic "mcp_server" {
          for_each = mcp.value.mcp_server == null ? [] : [mcp.value.mcp_server]

          content {
            endpoint = mcp_server.value.endpoint
          }
        }
      }
    }

    dynamic "http" {
      for_each = each.value.runtime == null ? [] : [each.value.runtime]

      content {
        agentcore_runtime {
          arn       = http.value.arn
          qualifier = http.value.qualifier
        }
      }
    }
  }

  # A server that gets neither is called without credentials, or with those that the interceptor writes.
  dynamic "credential_provider_configuration" {
    for_each = local.credentials[each.key] == null ? [] : [local.credentials[each.key]]

    content {
      dynamic "gateway_iam_role" {
        for_each = credential_provider_configuration.value == "GATEWAY_IAM_ROLE" ? [true] : []

        content {}
      }

      dynamic "jwt_passthrough" {
        for_each = credential_provider_configuration.value == "JWT_PASSTHROUGH" ? [true] : []

        content {}
      }
    }
  }

  dynamic "metadata_configuration" {
    for_each = each.value.lambda == null ? [true] : []

    content {
      allowed_request_headers = local.target_headers[each.key]
    }
  }
}

locals {
  credentials = {
    for name, target in var.targets : name => (
      try(target.mcp_server.jwt_passthrough, false) || try(target.runtime.jwt_passthrough, false) ? "JWT_PASSTHROUGH" :
      target.mcp_server == null ? "GATEWAY_IAM_ROLE" : null
    )
  }
}
