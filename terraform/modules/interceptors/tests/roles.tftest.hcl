# What the functions may do, setting by setting: the real policy documents of the real provider.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  packages   = { request = "./main.tf", response = "./outputs.tf" }
  registry   = { table_arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry" }
  encryption = { key = "GIVEN", key_arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000009" }
  settings   = { issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }] }
}

run "by_default_the_table_is_looked_up_and_nothing_else" {
  command = plan

  assert {
    condition     = alltrue([for document in data.aws_iam_policy_document.interceptor : toset([for statement in jsondecode(document.json).Statement : statement.Sid]) == toset(["Lookup", "EnvironmentKey", "Log", "Trace"])])
    error_message = "a function may do more than look up, log and trace"
  }

  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.interceptor : alltrue([for statement in jsondecode(document.json).Statement :
      statement.Action == "dynamodb:BatchGetItem" && statement.Resource == var.registry.table_arn if statement.Sid == "Lookup"
    ])])
    error_message = "the lookup is not BatchGetItem on the table alone"
  }

  assert {
    condition = alltrue([for point, document in data.aws_iam_policy_document.interceptor : alltrue([for statement in jsondecode(document.json).Statement :
      statement.Resource == "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/tenantgate-${point}:*" if statement.Sid == "Log"
    ])])
    error_message = "a function may write to another log group than its own"
  }

  assert {
    condition = alltrue([for point, document in data.aws_iam_policy_document.interceptor : alltrue([for statement in jsondecode(document.json).Statement :
      statement.Condition.StringEquals == { "kms:EncryptionContext:aws:lambda:FunctionArn" = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-${point}" } if statement.Sid == "EnvironmentKey"
    ])])
    error_message = "a function may decrypt more than its environment"
  }

  assert {
    condition = alltrue([for point, document in data.aws_iam_policy_document.trust : jsondecode(document.json).Statement[0].Principal == { Service = "lambda.amazonaws.com" } && jsondecode(document.json).Statement[0].Condition == {
      StringEquals = { "aws:SourceAccount" = "123456789012" }
      ArnLike      = { "aws:SourceArn" = ["arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-${point}", "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-${point}:*"] }
    }])
    error_message = "a role trusts more than its own function"
  }
}

run "a_tenant_from_the_registry_takes_a_query_of_users_and_clients" {
  command = plan

  variables {
    settings = { issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"], tenantSelection = "MEMBERSHIP" }] }
  }

  assert {
    condition     = local.query_keys == { request = tolist(["CLIENT#*", "USER#*"]), response = tolist(["CLIENT#*", "USER#*"]) }
    error_message = "the functions cannot ask for the tenant, or may ask for more"
  }

  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.interceptor : length([for statement in jsondecode(document.json).Statement : statement
      if statement.Action == "dynamodb:Query" && statement.Resource == var.registry.table_arn && try(statement.Condition, null) == {
        "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["CLIENT#*", "USER#*"] }
        Null                      = { "dynamodb:LeadingKeys" = "false" }
      }
    ]) == 1])
    error_message = "the query is not bound to the partitions of users and clients"
  }
}

run "machine_clients_take_the_same_query" {
  command = plan

  variables {
    settings = { issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"], machineClients = "REGISTERED" }] }
  }

  assert {
    condition     = local.query_keys == { request = tolist(["CLIENT#*", "USER#*"]), response = tolist(["CLIENT#*", "USER#*"]) }
    error_message = "the functions cannot ask for a machine's tenant"
  }
}

run "aws_principals_take_the_same_query_and_need_no_issuer" {
  command = plan

  variables {
    settings = { iam = { principals = [{ arn = "arn:aws:iam::123456789012:role/batch", client = "batch" }] } }
  }

  assert {
    condition     = local.query_keys == { request = tolist(["CLIENT#*", "USER#*"]), response = tolist(["CLIENT#*", "USER#*"]) }
    error_message = "the functions cannot ask for a principal's tenant"
  }
}

run "tasks_are_written_by_the_response_function_alone" {
  command = plan

  variables {
    settings = {
      registry = { tasks = "RECORD" }
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
    }
  }

  assert {
    condition     = length(local.table_statements.request) == 0
    error_message = "the REQUEST function may write or query"
  }

  assert {
    condition = [for statement in jsondecode(data.aws_iam_policy_document.interceptor["response"].json).Statement : statement if statement.Action == "dynamodb:PutItem"][0].Condition == {
      "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = "TASK#*" }
      Null                      = { "dynamodb:LeadingKeys" = "false" }
    }
    error_message = "the RESPONSE function may write more than tasks"
  }
}

run "the_http_family_takes_routes_and_contexts_at_request" {
  command = plan

  variables {
    features = { http = true }
  }

  assert {
    condition     = local.query_keys.request == tolist(["ROUTE#*"]) && local.put_keys.request == tolist(["CONTEXT#*"]) && length(local.table_statements.response) == 0
    error_message = "routes and contexts are not the REQUEST function's alone"
  }
}

run "conversations_belong_to_both" {
  command = plan

  variables {
    features = { http = true }
    settings = {
      registry = { tasks = "RECORD" }
      issuers  = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
    }
  }

  assert {
    condition     = local.put_keys == { request = tolist(["CONTEXT#*", "CONVERSATION#*"]), response = tolist(["CONVERSATION#*", "TASK#*"]) }
    error_message = "a function cannot write a conversation, or may write more"
  }
}

run "pins_are_written_by_the_response_function_alone" {
  command = plan

  variables {
    features = { pins = true }
  }

  assert {
    condition     = length(local.table_statements.request) == 0 && join(" ", keys(local.table_statements.response)) == "Changes"
    error_message = "changed tools are not the RESPONSE function's alone"
  }

  assert {
    condition = length([for statement in jsondecode(data.aws_iam_policy_document.interceptor["response"].json).Statement : statement
      if statement.Sid == "Changes" && try(toset(statement.Action), null) == toset(["dynamodb:BatchWriteItem", "dynamodb:DeleteItem"]) && try(statement.Condition["ForAllValues:StringLike"], null) == { "dynamodb:LeadingKeys" = "CHANGE#*" }
    ]) == 1
    error_message = "the RESPONSE function may write or delete more than changed tools"
  }
}

run "the_key_of_the_table_is_used_through_dynamodb_only" {
  command = plan

  variables {
    registry = { table_arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/tenantgate-registry", kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001" }
  }

  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.interceptor : length([for statement in jsondecode(document.json).Statement : statement
      if statement.Action == "kms:Decrypt" && statement.Resource == var.registry.kms_key_arn && try(statement.Condition, null) == { StringEquals = { "kms:ViaService" = "dynamodb.eu-central-1.amazonaws.com" } }
    ]) == 1])
    error_message = "the table's key cannot be used, or elsewhere too"
  }
}

run "contexts_are_signed_at_request_with_the_one_key" {
  command = plan

  variables {
    settings = {
      issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      tenantContext = {
        issuer   = "https://tenantgate.example/test"
        signWith = "2"
        keys = [
          { kid = "1", kms = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000011" },
          { kid = "2", kms = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000012" },
          { kid = "3", secretsManager = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:context-AbCdEf" },
        ]
      }
    }
  }

  assert {
    condition = length([for statement in jsondecode(data.aws_iam_policy_document.interceptor["request"].json).Statement : statement
      if statement.Action == "kms:Sign" && statement.Resource == "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000012" && try(statement.Condition, null) == { StringEquals = { "kms:SigningAlgorithm" = "ECDSA_SHA_256" } }
    ]) == 1
    error_message = "the REQUEST function cannot sign with the key of signWith, or may with another"
  }

  assert {
    condition     = length(regexall("secretsmanager", data.aws_iam_policy_document.interceptor["request"].json)) == 0
    error_message = "the REQUEST function may read a secret that it does not sign with"
  }

  assert {
    condition     = length(regexall("kms:Sign|secretsmanager", data.aws_iam_policy_document.interceptor["response"].json)) == 0
    error_message = "the RESPONSE function may sign"
  }
}

run "a_secret_is_read_and_its_key_used_for_it_alone" {
  command = plan

  variables {
    secrets_kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000013"
    settings = {
      issuers = [{ issuer = "https://idp.example", preset = "generic-oidc", audiences = ["https://gateway.example"] }]
      tenantContext = {
        issuer = "https://tenantgate.example/test"
        keys   = [{ kid = "1", secretsManager = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:context-AbCdEf" }]
      }
    }
  }

  assert {
    condition = length([for statement in jsondecode(data.aws_iam_policy_document.interceptor["request"].json).Statement : statement
      if statement.Action == "secretsmanager:GetSecretValue" && statement.Resource == "arn:aws:secretsmanager:eu-central-1:123456789012:secret:context-AbCdEf"
    ]) == 1
    error_message = "the REQUEST function cannot read the secret"
  }

  assert {
    condition = length([for statement in jsondecode(data.aws_iam_policy_document.interceptor["request"].json).Statement : statement
      if statement.Sid == "ContextSecretKey" && statement.Resource == var.secrets_kms_key_arn && try(statement.Condition, null) == { StringEquals = { "kms:EncryptionContext:SecretARN" = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:context-AbCdEf" } }
    ]) == 1
    error_message = "the key of the secret is good for more than the secret"
  }
}

run "code_in_a_vpc_touches_no_network_interfaces" {
  command = plan

  variables {
    network = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition = alltrue([for point, document in data.aws_iam_policy_document.interceptor : length([for statement in jsondecode(document.json).Statement : statement
      if statement.Effect == "Deny" && try(contains(statement.Action, "ec2:CreateNetworkInterface"), false) && try(statement.Condition, null) == { ArnEquals = { "lambda:SourceFunctionArn" = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-${point}" } }
    ]) == 1])
    error_message = "the function's code may make network interfaces"
  }
}
