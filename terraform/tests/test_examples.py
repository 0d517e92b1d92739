"""The roots under `examples`: valid, and applied to an emulated account and taken away again."""

import json
import os
import zipfile

import boto3
import pytest

from api_request import api_request, breaches
from gateway_stand_in import stand_in

ISOLATION = {
    "broker_role_arns": ["arn:aws:iam::123456789012:role/tenant-broker"],
    "memories": {"pooled": ["arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/shared-a1b2c3d4e5"]},
}
STATE_IN_FILE = 'terraform {\n  backend "local" {}\n}\n'


@pytest.fixture
def root(terraform, moto, node, tmp_path):
    """Prepares a root with the values of its own terraform.tfvars.example, and returns its folder and how commands run in it."""

    def prepared(name, overrides):
        copy = terraform.copy()
        stand_in(node, copy)
        folder = copy / "examples" / name
        (folder / "state_override.tf").write_text(STATE_IN_FILE)
        (folder / "terraform.tfvars").write_text((folder / "terraform.tfvars.example").read_text())
        values = {"packages": packages(tmp_path), "deletion_protection": False, "isolation": ISOLATION}
        (folder / "test.auto.tfvars.json").write_text(json.dumps(values | overrides))
        programs = tmp_path / "programs"
        programs.mkdir()
        # A destroy keeps them, and the next apply of the same name would find them.
        for group in moto.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/billing-")["logGroups"]:
            moto.client("logs").delete_log_group(logGroupName=group["logGroupName"])
        environment = {"AWS_ENDPOINT_URL": moto.url, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        terraform.run(folder, "init", env=environment)
        return folder, programs, lambda *arguments: terraform.run(folder, *arguments, env=environment)

    return prepared


def packages(folder):
    paths = {}
    for point in ["request", "response"]:
        paths[point] = str(folder / f"{point}.zip")
        with zipfile.ZipFile(paths[point], "w") as package:
            package.writestr("bootstrap", f"#!/bin/sh\n# {point}\n")
    return paths


def outputs(run):
    return {name: output["value"] for name, output in json.loads(run("output", "-json").stdout).items()}


def test_existing_gateway_is_valid(terraform):
    folder = terraform.copy() / "examples/existing-gateway"
    terraform.run(folder, "init", "-backend=false")
    terraform.run(folder, "validate")


def test_complete_is_valid(terraform):
    folder = terraform.copy() / "examples/complete"
    if terraform.run(folder, "init", "-backend=false", check=False).returncode != 0:
        pytest.skip("no provider hashicorp/aws 6.50.0 or later is here; where there is a registry, `make check-online` validates examples/complete with the newest")
    terraform.run(folder, "validate")


def test_complete_is_applied_and_destroyed(root, moto):
    _, _, run = root("complete", {"alarm_email": "ops@billing.example"})
    isolation_broker(moto)
    run("apply", "-auto-approve")
    given = outputs(run)
    assert given["state_key"] == "agentcore/dev/billing/terraform.tfstate"
    assert given["tenant_role_arn"] == "arn:aws:iam::123456789012:role/billing-dev-tenant"

    model = boto3.client("bedrock-agentcore-control", region_name="eu-central-1").meta.service_model
    gateway = api_request(given["stand_in"]["gateway"], model.operation_model("CreateGateway").input_shape)
    assert breaches(gateway, model.operation_model("CreateGateway").input_shape) == []
    attached = [interceptor["interceptor"]["lambda"]["arn"] for interceptor in gateway["interceptorConfigurations"]]
    assert attached == [given["functions"]["request"]["alias_arn"], given["functions"]["response"]["alias_arn"]]
    for arn in attached:
        function, alias = arn.split(":")[6:]
        assert moto.client("lambda").get_alias(FunctionName=function, Name=alias)["AliasArn"] == arn
    assert moto.client("dynamodb").describe_table(TableName=given["registry_table"])["Table"]["TableStatus"] == "ACTIVE"

    run("destroy", "-auto-approve")
    assert given["registry_table"] not in moto.client("dynamodb").list_tables()["TableNames"]
    kept = moto.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/billing-")["logGroups"]
    assert [group["logGroupName"] for group in kept] == ["/aws/lambda/billing-dev-request", "/aws/lambda/billing-dev-response"]


def test_headers_of_targets_follow_the_settings(root, moto):
    tenant_context = {"issuer": "https://tenantgate.example/dev", "keys": [{"kid": "1", "kms": "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}
    targets = {"crm": {"mcp_server": {"endpoint": "https://crm.example/mcp"}}}
    settings = {"headers": {"tenant": "x-customer"}, "tenantContext": tenant_context}
    folder, _, run = root("complete", {"settings": settings, "targets": targets, "isolation": None})
    run("plan", "-out=plan")
    planned = json.loads(run("show", "-json", "plan").stdout)["planned_values"]["outputs"]["stand_in_headers"]["value"]
    assert planned == {"crm": ["x-customer", "x-user-id", "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant-Context"]}


def test_existing_gateway_is_attached_after_the_rights_and_detached_before_they_go(root, moto):
    iam = moto.client("iam")
    iam.create_role(RoleName="tools-gateway", AssumeRolePolicyDocument="{}")
    folder, programs, run = root("existing-gateway", {"attach": True, "gateway_role_name": "tools-gateway"})
    isolation_broker(moto)
    # Stands for the command: notes how it was called.
    (programs / "tenantgate").write_text(f'#!/bin/sh\necho "$@" >> {folder}/calls\n')
    (programs / "tenantgate").chmod(0o755)

    run("apply", "-auto-approve")
    given = outputs(run)
    [call] = (folder / "calls").read_text().splitlines()
    assert call.startswith(given["attach_command"].removeprefix("tenantgate ") + " --backup gateway-tools-a1b2c3d4e5.")
    [statement] = iam.get_role_policy(RoleName="tools-gateway", PolicyName="tenantgate-interceptors")["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert set(statement["Resource"]) == {given["functions"][point]["alias_arn"] for point in ["request", "response"]}

    run("apply", "-auto-approve")
    assert len((folder / "calls").read_text().splitlines()) == 1

    destroyed = run("destroy", "-auto-approve").stdout
    [_, call] = (folder / "calls").read_text().splitlines()
    assert call.startswith(given["detach_command"].removeprefix("tenantgate ") + " --backup gateway-tools-a1b2c3d4e5.")
    detached = destroyed.index("terraform_data.detached[0]: Destruction complete")
    for later in ["aws_iam_role_policy.invoke[0]: Destroying", "aws_lambda_alias.live"]:
        assert detached < destroyed.index(later, destroyed.index("terraform_data.detached[0]: Destroying")), later


def test_another_gateway_is_attached_after_the_first_was_detached_with_its_rights(root, moto):
    iam = moto.client("iam")
    for role in ["first-gateway", "second-gateway"]:
        iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
    isolation_broker(moto)
    first = {"attach": True, "gateway_id": "first-a1b2c3d4e5", "gateway_role_name": "first-gateway"}
    folder, programs, run = root("existing-gateway", first)
    (programs / "tenantgate").write_text(f'#!/bin/sh\necho "$2 $4" >> {folder}/calls\n')
    (programs / "tenantgate").chmod(0o755)
    run("apply", "-auto-approve")

    second = ["-var=gateway_id=second-a1b2c3d4e5", "-var=gateway_role_name=second-gateway"]
    applied = run("apply", "-auto-approve", *second).stdout
    assert (folder / "calls").read_text().splitlines() == ["attach first-a1b2c3d4e5", "detach first-a1b2c3d4e5", "attach second-a1b2c3d4e5"]
    events = [
        "terraform_data.detached[0]: Destruction complete",
        "aws_iam_role_policy.invoke[0]: Destroying",
        "aws_iam_role_policy.invoke[0]: Creation complete",
        "terraform_data.attached[0]: Creating",
    ]
    places = [applied.index(event) for event in events]
    assert places == sorted(places)
    assert iam.list_role_policies(RoleName="first-gateway")["PolicyNames"] == []
    run("destroy", "-auto-approve", *second)
    assert (folder / "calls").read_text().splitlines()[3:] == ["detach second-a1b2c3d4e5"]


def test_alarms_and_metrics_of_the_existing_gateway_are_as_many_as_the_docs_say(root, moto):
    isolation_broker(moto)
    _, _, run = root("existing-gateway", {})
    run("plan", "-out=plan")
    planned = json.loads(run("show", "-json", "plan").stdout)["planned_values"]["root_module"]["child_modules"]
    resources = [resource for module in planned for resource in module["resources"]]
    alarms = [resource["values"] for resource in resources if resource["type"] == "aws_cloudwatch_metric_alarm"]
    in_alarms = sum(1 if not alarm.get("metric_query") else sum(len(query["metric"]) for query in alarm["metric_query"]) for alarm in alarms)
    filters = [resource["values"]["metric_transformation"][0] for resource in resources if resource["type"] == "aws_cloudwatch_log_metric_filter"]
    metrics = {(metric["namespace"], metric["name"]) for metric in filters}
    assert {"alarms": len(alarms), "metrics in alarms": in_alarms, "log metrics": len(metrics)} == {"alarms": 16, "metrics in alarms": 23, "log metrics": 12}


def isolation_broker(moto):
    """The role that starts sessions is somebody else's; IAM wants it to be there."""
    iam = moto.client("iam")
    if "tenant-broker" not in {role["RoleName"] for role in iam.list_roles()["Roles"]}:
        iam.create_role(RoleName="tenant-broker", AssumeRolePolicyDocument="{}")
