variables {
  env    = "prod"
  app_id = "billing"
}

run "an_application_has_one_state" {
  command = plan
  assert {
    condition     = output.key == "agentcore/prod/billing/terraform.tfstate"
    error_message = "unexpected key ${output.key}"
  }
  assert {
    condition     = jsonencode(output.unit) == jsonencode({ env = "prod", app_id = "billing", agent_name = null, tenant_alias = null })
    error_message = "the unit must be what was given"
  }
}

run "an_agent_has_its_own" {
  command = plan
  variables {
    agent_name = "order-support"
  }
  assert {
    condition     = output.key == "agentcore/prod/billing/order-support/terraform.tfstate"
    error_message = "unexpected key ${output.key}"
  }
}

run "a_dedicated_stack_has_its_own" {
  command = plan
  variables {
    tenant_alias = "blue-harbour"
    tenant_ids   = ["Tenant-A", "blue"]
  }
  assert {
    condition     = output.key == "agentcore/prod/billing/tenants/blue-harbour/terraform.tfstate"
    error_message = "unexpected key ${output.key}"
  }
}

run "a_path_is_refused" {
  command = plan
  variables {
    agent_name = "../staging"
  }
  expect_failures = [var.agent_name]
}

run "upper_case_is_refused" {
  command = plan
  variables {
    env = "Prod"
  }
  expect_failures = [var.env]
}

run "a_line_end_is_refused" {
  command = plan
  variables {
    app_id = "billing\n"
  }
  expect_failures = [var.app_id]
}

run "the_folder_of_dedicated_stacks_is_no_agent" {
  command = plan
  variables {
    agent_name = "tenants"
  }
  expect_failures = [var.agent_name]
}

run "a_tenant_id_is_no_alias" {
  command = plan
  variables {
    tenant_alias = "tenant-a"
  }
  expect_failures = [var.tenant_alias]
}

run "a_known_tenant_is_no_alias" {
  command = plan
  variables {
    tenant_alias = "north-sea"
    tenant_ids   = ["North_Sea"]
  }
  expect_failures = [var.tenant_alias]
}

run "an_agent_is_no_dedicated_stack" {
  command = plan
  variables {
    tenant_alias = "blue-harbour"
    agent_name   = "order-support"
  }
  expect_failures = [var.tenant_alias]
}
