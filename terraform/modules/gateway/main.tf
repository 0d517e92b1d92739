# Interceptors at both points, headers passed, tokens checked, nothing said of what went wrong (exception_level): none of
# it is left to a variable.
resource "aws_bedrockagentcore_gateway" "this" {
  name            = var.name
  role_arn        = aws_iam_role.gateway.arn
  authorizer_type = "CUSTOM_JWT"
  protocol_type   = var.protocol == "MCP" ? "MCP" : null
  kms_key_arn     = var.kms_key_arn
  tags            = var.tags

  authorizer_configuration {
    custom_jwt_authorizer {
      discovery_url    = var.jwt.discovery_url
      allowed_audience = length(var.jwt.audiences) > 0 ? var.jwt.audiences : null
      allowed_clients  = length(var.jwt.clients) > 0 ? var.jwt.clients : null
      allowed_scopes   = length(var.jwt.scopes) > 0 ? var.jwt.scopes : null
    }
  }

  interceptor_configuration {
    interception_points = ["REQUEST"]

    interceptor {
      lambda {
        arn = var.request_interceptor_arn
      }
    }

    # Who calls stands in a header.
    input_configuration {
      pass_request_headers = true
    }
  }

  interceptor_configuration {
    interception_points = ["RESPONSE"]

    interceptor {
      lambda {
        arn = var.response_interceptor_arn
      }
    }

    # Whose answer it is, too.
    input_configuration {
      pass_request_headers = true
    }
  }

  dynamic "protocol_configuration" {
    for_each = var.protocol == "MCP" ? [true] : []

    content {
      mcp {
        supported_versions = var.mcp_versions
        search_type        = var.semantic_search ? "SEMANTIC" : null

        # Said also where it is off: what is not said could be on one day.
        streaming_configuration {
          enable_response_streaming = var.response_streaming
        }
      }
    }
  }

  # A gateway that may not invoke its interceptors refuses everybody.
  depends_on = [aws_iam_role_policy.gateway]
}
