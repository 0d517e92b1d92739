"""What the module `gateway` asks of AWS, evaluated by Terraform, against AWS's own model of the API and an emulator of it."""

import json

import boto3
import pytest

from api_request import api_request, breaches
from gateway_stand_in import stand_in

REQUEST_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-request:live"
RESPONSE_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-response:live"
TOOL_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:orders"
RUNTIME_ARN = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/support-AbC1234567"
CONTEXT_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant-Context"

INTERCEPTORS = {"request_interceptor_arn": REQUEST_ARN, "response_interceptor_arn": RESPONSE_ARN}
TOOLS = INTERCEPTORS | {
    "name": "tools-prod",
    "jwt": {"discovery_url": "https://login.example/.well-known/openid-configuration", "clients": ["3n4b5EXAMPLE"]},
    "headers": {"tenant_context": CONTEXT_HEADER},
    "kms_key_arn": "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "semantic_search": True,
    "targets": {
        "orders": {
            "description": "Orders",
            "lambda": {
                "arn": TOOL_ARN,
                "tools": [
                    {
                        "name": "getOrder",
                        "description": "One order",
                        "properties": {"id": {"type": "string", "required": True}, "fields": {"type": "array", "items": "string"}},
                    },
                    {"name": "listOrders", "description": "All orders"},
                ],
            },
        },
        "crm": {"headers": ["x-request-id"], "mcp_server": {"endpoint": "https://crm.example/mcp", "jwt_passthrough": True}},
        "wiki": {"mcp_server": {"endpoint": "https://wiki.example/mcp"}},
    },
}
AGENTS = INTERCEPTORS | {
    "name": "agents-prod",
    "protocol": "HTTP",
    "jwt": {"discovery_url": "https://login.example/.well-known/openid-configuration", "audiences": ["agents"], "scopes": ["agents/call"]},
    "targets": {"support": {"runtime": {"arn": RUNTIME_ARN}}, "sales": {"runtime": {"arn": RUNTIME_ARN, "qualifier": "blue", "jwt_passthrough": True}}},
}


@pytest.fixture(scope="session")
def apply(terraform, moto, node):
    """Applies the module without what only a 6.x provider knows, and returns the outputs."""
    module = stand_in(node, terraform.copy())
    environment = {"AWS_ENDPOINT_URL": moto.url}
    terraform.run(module, "init", env=environment)

    def applied(variables):
        state = module / f"{variables['name']}.tfstate"
        (module / "terraform.tfvars.json").write_text(json.dumps(variables))
        terraform.run(module, "apply", "-auto-approve", f"-state={state}", env=environment)
        outputs = json.loads(terraform.run(module, "output", "-json", f"-state={state}", env=environment).stdout)
        return {name: output["value"] for name, output in outputs.items()}

    return applied


@pytest.fixture(scope="session")
def tools(apply):
    return apply(TOOLS)


@pytest.fixture(scope="session")
def agents(apply):
    return apply(AGENTS)


@pytest.fixture(scope="session")
def model():
    return boto3.client("bedrock-agentcore-control", region_name="eu-central-1").meta.service_model


def requests(model, outputs):
    gateway = api_request(outputs["stand_in"]["gateway"], model.operation_model("CreateGateway").input_shape)
    of_target = model.operation_model("CreateGatewayTarget").input_shape
    return gateway, {name: api_request(target, of_target) for name, target in outputs["stand_in"]["targets"].items()}


def test_requests_keep_to_the_model_of_the_api(model, tools, agents):
    for outputs in [tools, agents]:
        gateway, targets = requests(model, outputs)
        assert breaches(gateway, model.operation_model("CreateGateway").input_shape) == []
        assert len(targets) >= 2
        for target in targets.values():
            assert breaches(target, model.operation_model("CreateGatewayTarget").input_shape) == []


def test_breaches_of_the_model_are_found(model, tools):
    gateway, targets = requests(model, tools)
    shape = model.operation_model("CreateGateway").input_shape
    for member, value in [
        ("name", "tools_prod"),
        ("authorizerType", "JWT"),
        ("roleArn", None),
        ("exceptionLevel", "INFO"),
        ("interceptorConfigurations", gateway["interceptorConfigurations"] * 2),
        ("authorizerConfiguration", {"customJWTAuthorizer": {"discoveryUrl": "https://login.example"}}),
    ]:
        wrong = {**gateway, member: value} if value is not None else {name: own for name, own in gateway.items() if name != member}
        assert breaches(wrong, shape) != [], member


def test_the_gateway_has_both_interceptors_and_gives_them_the_headers(model, tools, agents):
    for outputs in [tools, agents]:
        gateway, _ = requests(model, outputs)
        assert gateway["interceptorConfigurations"] == [
            {"interceptionPoints": [point], "interceptor": {"lambda": {"arn": arn}}, "inputConfiguration": {"passRequestHeaders": True}}
            for point, arn in [("REQUEST", REQUEST_ARN), ("RESPONSE", RESPONSE_ARN)]
        ]
        assert gateway["authorizerType"] == "CUSTOM_JWT"
        assert "exceptionLevel" not in gateway


def test_tools_are_behind_a_gateway_of_mcp_without_batches_and_streams(model, tools):
    gateway, _ = requests(model, tools)
    assert gateway["protocolType"] == "MCP"
    assert gateway["protocolConfiguration"] == {
        "mcp": {
            "supportedVersions": ["2025-06-18", "2025-11-25", "2026-07-28"],
            "searchType": "SEMANTIC",
            "streamingConfiguration": {"enableResponseStreaming": False},
        }
    }
    assert gateway["authorizerConfiguration"]["customJWTAuthorizer"] == {"discoveryUrl": TOOLS["jwt"]["discovery_url"], "allowedClients": ["3n4b5EXAMPLE"]}


def test_agents_are_behind_a_gateway_without_a_protocol_type(model, agents):
    gateway, targets = requests(model, agents)
    assert not {"protocolType", "protocolConfiguration"} & set(gateway)
    assert targets["support"]["targetConfiguration"] == {"http": {"agentcoreRuntime": {"arn": RUNTIME_ARN, "qualifier": "DEFAULT"}}}
    assert targets["support"]["credentialProviderConfigurations"] == [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
    assert targets["sales"]["credentialProviderConfigurations"] == [{"credentialProviderType": "JWT_PASSTHROUGH"}]
    headers = ["x-tenant-id", "x-user-id", "x-agent-name", "x-app-id", "x-route-binding-id"]
    assert targets["support"]["metadataConfiguration"]["allowedRequestHeaders"] == headers


def test_targets_get_the_headers_that_the_interceptor_writes(model, tools):
    _, targets = requests(model, tools)
    assert targets["wiki"]["metadataConfiguration"] == {"allowedRequestHeaders": ["x-tenant-id", "x-user-id", CONTEXT_HEADER]}
    assert targets["crm"]["metadataConfiguration"] == {"allowedRequestHeaders": ["x-tenant-id", "x-user-id", CONTEXT_HEADER, "x-request-id"]}
    assert "metadataConfiguration" not in targets["orders"]
    assert "credentialProviderConfigurations" not in targets["wiki"]
    [get_order, list_orders] = targets["orders"]["targetConfiguration"]["mcp"]["lambda"]["toolSchema"]["inlinePayload"]
    assert get_order["inputSchema"] == {
        "type": "object",
        "properties": {"fields": {"type": "array", "items": {"type": "string"}}, "id": {"type": "string"}},
        "required": ["id"],
    }
    assert list_orders["inputSchema"] == {"type": "object"}


def test_the_emulator_takes_the_requests_and_gives_them_back(model, moto, tools, agents):
    client = moto.client("bedrock-agentcore-control")
    for outputs in [tools, agents]:
        gateway, targets = requests(model, outputs)
        # The emulator knows of no gateway without a protocol type; AWS's model does.
        gateway.setdefault("protocolType", "MCP")
        assert gateway.pop("tags") == {}
        gateway_id = client.create_gateway(**gateway)["gatewayId"]
        answer = client.get_gateway(gatewayIdentifier=gateway_id)
        assert {name: answer.get(name) for name in gateway} == gateway
        for target in targets.values():
            target |= {"gatewayIdentifier": gateway_id}
            target_id = client.create_gateway_target(**target)["targetId"]
            answer = client.get_gateway_target(gatewayIdentifier=gateway_id, targetId=target_id)
            assert {name: answer.get(name) for name in target if name != "gatewayIdentifier"} == {
                name: value for name, value in target.items() if name != "gatewayIdentifier"
            }


def test_the_role_invokes_what_the_gateway_has_and_nothing_else(moto, tools, agents):
    iam = moto.client("iam")
    policy = iam.get_role_policy(RoleName=tools["role_name"], PolicyName="invoke")["PolicyDocument"]
    allowed = {statement["Sid"]: (statement["Action"], statement["Resource"]) for statement in policy["Statement"]}
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Allow"}
    assert set(allowed) == {"Interceptors", "Tools", "Key"}
    assert (allowed["Interceptors"][0], set(allowed["Interceptors"][1])) == ("lambda:InvokeFunction", {REQUEST_ARN, RESPONSE_ARN})
    assert allowed["Tools"] == ("lambda:InvokeFunction", TOOL_ARN)
    policy = iam.get_role_policy(RoleName=agents["role_name"], PolicyName="invoke")["PolicyDocument"]
    allowed = {statement["Sid"]: (statement["Action"], statement["Resource"]) for statement in policy["Statement"]}
    assert set(allowed) == {"Interceptors", "Agents"}
    assert (allowed["Agents"][0], set(allowed["Agents"][1])) == ("bedrock-agentcore:InvokeAgentRuntime", {RUNTIME_ARN, RUNTIME_ARN + "/runtime-endpoint/DEFAULT"})


def test_the_role_is_for_this_gateway(moto, tools):
    [statement] = moto.client("iam").get_role(RoleName=tools["role_name"])["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "bedrock-agentcore.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:bedrock-agentcore:eu-central-1:123456789012:gateway/tools-prod-??????????"},
    }
