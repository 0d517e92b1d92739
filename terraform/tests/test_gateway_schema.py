"""The module `gateway` against the schema of a provider that is not here, and against AWS's model of the API."""

import copy
import json
import pathlib
import re

import boto3
import pytest

from conftest import ROOT
from hcl import parse
from schema_check import problems

MODULE = ROOT / "modules/gateway"
SCHEMAS = json.loads((pathlib.Path(__file__).parent / "gateway_schema.json").read_text())
LEAST, NEWEST = sorted(SCHEMAS)
OPERATIONS = {"aws_bedrockagentcore_gateway": "CreateGateway", "aws_bedrockagentcore_gateway_target": "CreateGatewayTarget"}


@pytest.fixture(scope="module")
def module(node):
    return parse(node, MODULE)


@pytest.fixture(scope="module")
def model():
    return boto3.client("bedrock-agentcore-control", region_name="eu-central-1").meta.service_model


def check(model, resource, body, version=NEWEST):
    return problems(body, SCHEMAS[version][resource], model.operation_model(OPERATIONS[resource]).input_shape, resource)


def bodies(module):
    found = {resource: body for resource in OPERATIONS for [body] in module["resource"][resource].values()}
    assert len(found) == 2
    return found


@pytest.mark.parametrize("version", SCHEMAS)
def test_arguments_and_blocks_are_those_of_the_provider(module, model, version):
    for resource, body in bodies(module).items():
        assert check(model, resource, body, version) == []


def test_the_least_version_is_the_one_that_was_checked(module):
    [block] = module["terraform"]
    [providers] = block["required_providers"]
    assert providers["aws"]["version"] == f">= {LEAST}, < 7.0.0"


def test_what_only_newer_providers_know_is_checked_here(module):
    newer = {resource for resource in module["resource"] if resource.startswith("aws_bedrockagentcore_")}
    assert newer == set(SCHEMAS[NEWEST])


GATEWAY = "aws_bedrockagentcore_gateway"
TARGET = "aws_bedrockagentcore_gateway_target"


def renamed(block, old, new):
    block[new] = block.pop(old)


@pytest.mark.parametrize(
    ("resource", "change", "found"),
    [
        (GATEWAY, lambda body: renamed(body, "kms_key_arn", "kms_key"), "kms_key is no argument"),
        (GATEWAY, lambda body: body.pop("role_arn"), "role_arn is missing"),
        (GATEWAY, lambda body: body.update(authorizer_type="JWT"), "authorizer_type is 'JWT'"),
        (GATEWAY, lambda body: body.update(exception_level="INFO"), "exception_level is 'INFO'"),
        (GATEWAY, lambda body: body["interceptor_configuration"].append(body["interceptor_configuration"][0]), "stands 3 times"),
        (GATEWAY, lambda body: body["interceptor_configuration"].clear(), "stands 0 times"),
        (GATEWAY, lambda body: body["interceptor_configuration"][0].pop("interceptor"), "interceptor_configuration.interceptor is missing"),
        (GATEWAY, lambda body: body["interceptor_configuration"][0].update(interception_points=["INPUT"]), "interception_points is 'INPUT'"),
        (GATEWAY, lambda body: body["interceptor_configuration"][1]["input_configuration"][0].pop("pass_request_headers"), "pass_request_headers is missing"),
        (GATEWAY, lambda body: renamed(body["interceptor_configuration"][0], "interceptor", "function"), "function is no argument"),
        (GATEWAY, lambda body: body["authorizer_configuration"].append(body["authorizer_configuration"][0]), "stands 2 times"),
        (GATEWAY, lambda body: body["authorizer_configuration"][0]["custom_jwt_authorizer"][0].pop("discovery_url"), "discovery_url is missing"),
        (GATEWAY, lambda body: renamed(body["dynamic"], "protocol_configuration", "protocol"), "protocol is no block"),
        (GATEWAY, lambda body: body.update(tags=[{"Name": "x"}]), "tags is written as a block"),
        (TARGET, lambda body: body.pop("gateway_identifier"), "gateway_identifier is missing"),
        (TARGET, lambda body: body.pop("target_configuration"), "target_configuration is missing"),
        (TARGET, lambda body: renamed(body["target_configuration"][0]["dynamic"], "http", "https"), "https is no block"),
        (TARGET, lambda body: renamed(body["dynamic"]["metadata_configuration"][0]["content"][0], "allowed_request_headers", "request_headers"), "request_headers is no argument"),
    ],
)
def test_a_mistake_is_found(module, model, resource, change, found):
    body = copy.deepcopy(bodies(module)[resource])
    change(body)
    breaches = check(model, resource, body)
    assert any(found in breach for breach in breaches), breaches


def test_exported_attributes_are_those_of_the_provider():
    text = "\n".join(file.read_text() for file in sorted(MODULE.glob("*.tf")))
    gateway = set(re.findall(r"aws_bedrockagentcore_gateway\.this\.(\w+)", text))
    assert gateway == {"gateway_id", "gateway_arn", "gateway_url"}
    assert gateway <= set(SCHEMAS[LEAST][GATEWAY]["exported"])
    assert set(re.findall(r"\btarget\.(target_id)\b", text)) <= set(SCHEMAS[LEAST][TARGET]["exported"])


def test_nothing_tells_callers_what_went_wrong(module):
    assert "exception_level" not in json.dumps(module)


def rule(module, variable, index=0):
    """The pattern in a variable's validation."""
    condition = module["variable"][variable][0]["validation"][index]["condition"]
    return re.search(r'regex\("((?:[^"\\]|\\.)+)"', condition)[1].replace("\\\\", "\\")


@pytest.mark.parametrize(
    ("variable", "shape", "good", "bad"),
    [
        ("name", "GatewayName", ["tools", "tools-prod", "t1-2", "a" * 48], ["tools_prod", "-tools", "tools--prod", "", "tools.prod"]),
        (
            "request_interceptor_arn",
            "LambdaFunctionArn",
            ["arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-request:live", "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:a_b:7"],
            ["arn:aws:lambda:eu-central-1:12345:function:f:live", "arn:aws:sqs:eu-central-1:123456789012:f:live", "arn:aws:lambda:eu-central-1:123456789012:function:f:a:b"],
        ),
        (
            "jwt",
            "DiscoveryUrl",
            ["https://login.example/.well-known/openid-configuration", "https://login.example/t/.well-known/oauth-authorization-server/t"],
            ["https://login.example", "https://login.example/.well-known/openid-configuration?x=1", "https://login.example/.well-known/jwks.json"],
        ),
        ("kms_key_arn", "KmsKeyArn", ["arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"], ["arn:aws:kms:eu-central-1:123456789012:alias/x"]),
    ],
)
def test_rules_of_variables_take_nothing_that_the_api_refuses(module, model, variable, shape, good, bad):
    own, api = re.compile(rule(module, variable)), model.shape_for(shape).metadata["pattern"]
    for text in good:
        assert own.search(text) and re.fullmatch(api, text), text
    for text in bad:
        assert not own.search(text) and not re.fullmatch(api, text), text


def test_rules_are_stricter_where_that_is_meant(module):
    unqualified = "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-request"
    for variable in ["request_interceptor_arn", "response_interceptor_arn"]:
        assert not re.search(rule(module, variable), unqualified)
        assert not re.search(rule(module, variable), unqualified + ":$LATEST")
    assert not re.search(rule(module, "jwt"), "http://login.example/.well-known/openid-configuration")


def test_closed_lists_of_the_module_are_those_of_the_api(module, model):
    types = set(model.shape_for("SchemaType").enum)
    lists = [set(re.findall(r'"(\w+)"', text)) for text in re.findall(r"contains\((\[[^\]]*\]), property\.\w+\)", json.dumps(module).replace('\\"', '"'))]
    assert lists == [types, types]
    assert model.shape_for("GatewayProtocolType").enum == ["MCP"]
    assert model.shape_for("AllowedRequestHeaders").metadata["max"] == 10
    assert model.shape_for("HttpHeaderName").metadata["max"] == 100
