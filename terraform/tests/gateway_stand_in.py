"""A copy of the module `gateway` that a provider without `aws_bedrockagentcore_*` can run.

The resources that only a 6.x provider knows become local values with the same arguments and blocks, so that Terraform
itself evaluates what they would be given; all else (variables and their rules, role, policies) stays as it is.
"""

import re

from hcl import body, pairs, parse

GATEWAY = {
    "gateway_id": "tools-0123456789",
    "gateway_arn": "arn:aws:bedrock-agentcore:eu-central-1:123456789012:gateway/tools-0123456789",
    "gateway_url": "https://tools-0123456789.gateway.bedrock-agentcore.eu-central-1.amazonaws.com/mcp",
}
FLOOR = '">= 6.50.0, < 7.0.0"'
NAMES = {"aws_bedrockagentcore_gateway_target.this": "local.gateway_target_stand_in", "aws_bedrockagentcore_gateway.this": "local.gateway_stand_in"}


def stand_in(node, terraform_folder):
    """Replaces the resources in a copy of the whole `terraform` folder, and returns the module's folder."""
    module = terraform_folder / "modules/gateway"
    resources = parse(node, module)["resource"]
    [gateway] = resources["aws_bedrockagentcore_gateway"]["this"]
    [target] = resources["aws_bedrockagentcore_gateway_target"]["this"]
    assert set(resources) == {"aws_bedrockagentcore_gateway", "aws_bedrockagentcore_gateway_target", "aws_iam_role", "aws_iam_role_policy"}
    for file in [*module.glob("*.tf"), *module.glob("tests/*.tftest.hcl")]:
        text = re.sub(r'(?ms)^resource "aws_bedrockagentcore_\w+" "this" \{\n.*?^\}\n', "", file.read_text())
        file.write_text(renamed(text).replace(FLOOR, '">= 5.100.0"'))
    (module / "stand_in.tf").write_text(STAND_IN % (body(gateway), attributes(GATEWAY), pairs(target["for_each"]), renamed(body(target)).replace("each.", "each_.")))
    example = terraform_folder / "examples/complete"
    if example.is_dir():
        for file in example.glob("*.tf"):
            file.write_text(file.read_text().replace(FLOOR, '">= 5.100.0"'))
        (example / "stand_in.tf").write_text(EXAMPLE)
    return module


def renamed(text):
    for name, local in NAMES.items():
        text = text.replace(name, local)
    return text


def attributes(values):
    return "{\n" + "".join(f'{name} = "{value}"\n' for name, value in values.items()) + "}"


STAND_IN = """
locals {
  gateway_stand_in = merge(%s, %s)

  gateway_target_stand_in = { for each_ in %s : each_.key => merge(%s, { target_id = each_.key }) }
}

output "stand_in" {
  value = { gateway = local.gateway_stand_in, targets = local.gateway_target_stand_in }
}
"""

# Headers apart, since a plan knows them before there are functions.
EXAMPLE = """
output "stand_in" {
  value = module.gateway.stand_in
}

output "stand_in_headers" {
  value = { for name, target in module.gateway.stand_in.targets : name => try(target.metadata_configuration[0].allowed_request_headers, []) }
}
"""
