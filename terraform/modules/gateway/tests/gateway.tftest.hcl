mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/tools-prod-gateway" }
  }
}

variables {
  name                     = "tools-prod"
  request_interceptor_arn  = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-request:live"
  response_interceptor_arn = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-response:live"

  jwt = {
    discovery_url = "https://login.example/.well-known/openid-configuration"
    clients       = ["3n4b5EXAMPLE"]
  }

  targets = {
    orders = {
      lambda = {
        arn   = "arn:aws:lambda:eu-central-1:123456789012:function:orders:live"
        tools = [{ name = "getOrder", description = "One order", properties = { id = { type = "string", required = true } } }]
      }
    }
    crm = { mcp_server = { endpoint = "https://crm.example/mcp" } }
  }
}

run "both_interceptors_are_attached_and_get_the_headers" {
  assert {
    condition     = length(aws_bedrockagentcore_gateway.this.interceptor_configuration) == 2
    error_message = "there must be an interceptor at each point"
  }

  assert {
    condition     = contains(aws_bedrockagentcore_gateway.this.interceptor_configuration[0].interception_points, "REQUEST")
    error_message = "the first interceptor must be that of the REQUEST point"
  }

  assert {
    condition     = aws_bedrockagentcore_gateway.this.interceptor_configuration[0].interceptor[0].lambda[0].arn == var.request_interceptor_arn
    error_message = "the REQUEST interceptor must be the alias that was given"
  }

  assert {
    condition     = aws_bedrockagentcore_gateway.this.interceptor_configuration[1].interceptor[0].lambda[0].arn == var.response_interceptor_arn
    error_message = "the RESPONSE interceptor must be the alias that was given"
  }

  assert {
    condition     = alltrue([for point in aws_bedrockagentcore_gateway.this.interceptor_configuration : point.input_configuration[0].pass_request_headers])
    error_message = "headers must be passed at both points"
  }
}

run "answers_are_not_streamed" {
  assert {
    condition     = !aws_bedrockagentcore_gateway.this.protocol_configuration[0].mcp[0].streaming_configuration[0].enable_response_streaming
    error_message = "streaming must be off by default"
  }

  assert {
    condition     = !contains(aws_bedrockagentcore_gateway.this.protocol_configuration[0].mcp[0].supported_versions, "2025-03-26")
    error_message = "the version with batches must not be spoken"
  }
}

run "the_role_is_assumed_by_this_gateway_alone" {
  assert {
    condition = anytrue([
      for condition in data.aws_iam_policy_document.trust.statement[0].condition :
      condition.test == "ArnLike" && condition.variable == "aws:SourceArn" && contains(condition.values, "arn:aws:bedrock-agentcore:eu-central-1:123456789012:gateway/tools-prod-??????????")
    ])
    error_message = "the trust policy must name the gateways that the name begins"
  }

  assert {
    condition = anytrue([
      for condition in data.aws_iam_policy_document.trust.statement[0].condition :
      condition.test == "StringEquals" && condition.variable == "aws:SourceAccount" && contains(condition.values, "123456789012")
    ])
    error_message = "the trust policy must name the account"
  }
}

run "the_role_invokes_exactly_interceptors_and_tools" {
  assert {
    condition = toset(flatten([for statement in data.aws_iam_policy_document.invoke.statement : statement.resources])) == toset([
      var.request_interceptor_arn,
      var.response_interceptor_arn,
      "arn:aws:lambda:eu-central-1:123456789012:function:orders:live",
    ])
    error_message = "the role must invoke both interceptors and the tools' functions, and nothing else"
  }
}

run "a_server_gets_the_identity_headers" {
  assert {
    condition     = toset(aws_bedrockagentcore_gateway_target.this["crm"].metadata_configuration[0].allowed_request_headers) == toset(["x-tenant-id", "x-user-id"])
    error_message = "the identity headers must reach the server"
  }
}

run "an_unqualified_interceptor_is_refused" {
  command = plan

  variables {
    request_interceptor_arn = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-request"
  }

  expect_failures = [var.request_interceptor_arn]
}

run "the_newest_code_is_refused" {
  command = plan

  variables {
    response_interceptor_arn = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-response:$LATEST"
  }

  expect_failures = [var.response_interceptor_arn]
}

run "one_function_for_both_points_is_refused" {
  command = plan

  variables {
    response_interceptor_arn = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-request:other"
  }

  expect_failures = [var.response_interceptor_arn]
}

run "a_name_that_no_gateway_can_have_is_refused" {
  command = plan

  variables {
    name = "Tools_Prod"
  }

  expect_failures = [var.name]
}

run "an_address_without_discovery_is_refused" {
  command = plan

  variables {
    jwt = { discovery_url = "https://login.example", clients = ["3n4b5EXAMPLE"] }
  }

  expect_failures = [var.jwt]
}

run "tokens_for_anybody_are_refused" {
  command = plan

  variables {
    jwt = { discovery_url = "https://login.example/.well-known/openid-configuration", scopes = ["tools/call"] }
  }

  expect_failures = [var.jwt]
}

run "the_version_with_batches_is_refused" {
  command = plan

  variables {
    mcp_versions = ["2025-03-26", "2025-06-18"]
  }

  expect_failures = [var.mcp_versions]
}

run "headers_of_one_name_are_refused" {
  command = plan

  variables {
    headers = { tenant = "x-identity", user = "X-Identity" }
  }

  expect_failures = [var.headers]
}

run "a_header_that_aws_keeps_is_refused" {
  command = plan

  variables {
    headers = { tenant_context = "X-Amzn-Tenant-Context" }
  }

  expect_failures = [var.headers]
}

run "an_eleventh_header_is_refused" {
  command = plan

  variables {
    targets = {
      crm = {
        mcp_server = { endpoint = "https://crm.example/mcp" }
        headers    = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
      }
    }
  }

  expect_failures = [var.targets]
}

run "ten_headers_are_taken" {
  command = plan

  variables {
    targets = {
      crm = {
        mcp_server = { endpoint = "https://crm.example/mcp" }
        headers    = ["a", "b", "c", "d", "e", "f", "g", "h", "X-Tenant-Id"]
      }
    }
  }

  assert {
    condition     = length(aws_bedrockagentcore_gateway_target.this["crm"].metadata_configuration[0].allowed_request_headers) == 10
    error_message = "the interceptor's own header must not be listed twice"
  }
}

run "a_caller_s_token_as_a_header_is_refused" {
  command = plan

  variables {
    targets = {
      crm = {
        mcp_server = { endpoint = "https://crm.example/mcp" }
        headers    = ["Authorization"]
      }
    }
  }

  expect_failures = [var.targets]
}

run "an_interceptor_as_a_tool_is_refused" {
  command = plan

  variables {
    targets = {
      orders = {
        lambda = {
          arn   = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-response"
          tools = [{ name = "getOrder", description = "One order" }]
        }
      }
    }
  }

  expect_failures = [var.targets]
}

run "a_target_of_two_kinds_is_refused" {
  command = plan

  variables {
    targets = {
      orders = {
        lambda     = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:orders", tools = [{ name = "getOrder", description = "One order" }] }
        mcp_server = { endpoint = "https://crm.example/mcp" }
      }
    }
  }

  expect_failures = [var.targets]
}

run "an_agent_behind_a_gateway_of_mcp_is_refused" {
  command = plan

  variables {
    targets = { support = { runtime = { arn = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/support-AbC1234567" } } }
  }

  expect_failures = [var.targets]
}

run "an_agent_behind_a_gateway_of_http_is_taken" {
  command = plan

  variables {
    protocol = "HTTP"
    targets  = { support = { runtime = { arn = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/support-AbC1234567" } } }
  }

  assert {
    condition     = aws_bedrockagentcore_gateway.this.protocol_type == null
    error_message = "a gateway with agents has no protocol type"
  }

  assert {
    condition     = length(aws_bedrockagentcore_gateway_target.this["support"].metadata_configuration[0].allowed_request_headers) == 5
    error_message = "an agent gets the headers of its route"
  }
}

run "a_server_without_encryption_is_refused" {
  command = plan

  variables {
    targets = { crm = { mcp_server = { endpoint = "http://crm.example/mcp" } } }
  }

  expect_failures = [var.targets]
}
