"""The modules, applied to an emulator of AWS: what is really there afterwards, what a release and a rollback do, and what is left."""

import base64
import hashlib
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

from conftest import ACCOUNT, REGION

REQUEST = "tenantgate-request"
RESPONSE = "tenantgate-response"
TABLE = "tenantgate-registry"


class Stack:
    """`roots/emulator`, with packages of its own."""

    def __init__(self, terraform, moto):
        self._terraform = terraform
        self._environment = {"AWS_ENDPOINT_URL": moto.url, "TF_INPUT": "0"}
        copy = terraform.copy()
        self.folder = copy / "tests/roots/emulator"
        # moto keeps no LoggingConfig: Terraform would set it again, and publish a version, each time.
        (copy / "modules/interceptors/emulator_override.tf").write_text(
            'resource "aws_lambda_function" "interceptor" {\n  lifecycle {\n    ignore_changes = [logging_config]\n  }\n}\n'
        )
        self.arguments = {}
        for point in ("request", "response"):
            self.package(point, b"first")
        self.terraform("init")

    def terraform(self, command, *arguments, check=True, **variables):
        given = [f"-var={name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in variables.items()]
        return self._terraform.run(self.folder, command, *arguments, *given, env=self._environment, check=check)

    def package(self, point, program):
        """A real zip, the same for the same program."""
        with zipfile.ZipFile(self.folder / f"{point}.zip", "w") as package:
            entry = zipfile.ZipInfo("bootstrap", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100755 << 16
            package.writestr(entry, b"#!/bin/false " + point.encode() + program)

    def variables(self, **more):
        return {"packages": {"request": "request.zip", "response": "response.zip"}} | more

    def apply(self, **variables):
        self.terraform("apply", "-auto-approve", **self.variables(**variables))
        return {name: output["value"] for name, output in json.loads(self.terraform("output", "-json").stdout).items()}

    def planned(self):
        """What would be made, without making it: values by address."""
        self.terraform("plan", "-out=plan", **self.variables())
        plan = json.loads(self.terraform("show", "-json", "plan").stdout)
        return {change["address"]: change["change"]["after"] for change in plan["resource_changes"]}

    def plan(self, **variables):
        """0: there is nothing to change; 2: there is."""
        done = self.terraform("plan", "-detailed-exitcode", check=False, **self.variables(**variables))
        assert done.returncode in (0, 2), done.stdout + done.stderr
        return done

    def destroy(self, check=True, **variables):
        return self.terraform("destroy", "-auto-approve", check=check, **self.variables(**variables))


@pytest.fixture(scope="module")
def stack(terraform, moto):
    stack = Stack(terraform, moto)
    stack.outputs = stack.apply()
    return stack


def test_the_second_apply_changes_nothing(stack):
    done = stack.plan()
    assert done.returncode == 0, done.stdout


def test_the_table_is_protected_and_expires(stack, moto):
    dynamodb = moto.client("dynamodb")
    table = dynamodb.describe_table(TableName=TABLE)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    assert table["DeletionProtectionEnabled"] is True
    assert table["SSEDescription"]["KMSMasterKeyArn"] == stack.outputs["registry"]["kms_key_arn"]
    assert table["TableArn"] == stack.outputs["registry"]["table_arn"]
    recovery = dynamodb.describe_continuous_backups(TableName=TABLE)["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    expiry = dynamodb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}


def test_keys_rotate(stack, moto):
    kms = moto.client("kms")
    for module in ("registry", "interceptors"):
        assert kms.get_key_rotation_status(KeyId=stack.outputs[module]["kms_key_arn"])["KeyRotationEnabled"] is True


@pytest.mark.parametrize("function", [REQUEST, RESPONSE])
def test_functions_are_as_asked_for(stack, moto, function):
    client = moto.client("lambda")
    configuration = client.get_function_configuration(FunctionName=function)
    assert (configuration["Runtime"], configuration["Handler"], configuration["Architectures"]) == ("provided.al2023", "bootstrap", ["arm64"])
    assert (configuration["MemorySize"], configuration["Timeout"]) == (512, 10)
    assert configuration["TracingConfig"] == {"Mode": "Active"}
    assert configuration["KMSKeyArn"] == stack.outputs["interceptors"]["kms_key_arn"]
    settings = json.loads(configuration["Environment"]["Variables"]["TENANTGATE_SETTINGS"])
    assert settings["registry"] == {"cacheTtlMs": 5000, "table": stack.outputs["registry"]["table_arn"], "tasks": "RECORD"}
    assert client.get_function_concurrency(FunctionName=function)["ReservedConcurrentExecutions"] == 100
    group = moto.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"][0]
    assert (group["retentionInDays"], group["kmsKeyId"]) == (400, stack.outputs["interceptors"]["kms_key_arn"])


@pytest.mark.parametrize("function", [REQUEST, RESPONSE])
def test_functions_log_json(stack, moto, function):
    configuration = moto.client("lambda").get_function_configuration(FunctionName=function)
    if "LoggingConfig" not in configuration:
        pytest.skip("moto keeps no LoggingConfig; the module's own tests check what is planned")
    assert (configuration["LoggingConfig"]["LogFormat"], configuration["LoggingConfig"]["LogGroup"]) == ("JSON", f"/aws/lambda/{function}")


def test_aliases_point_to_the_first_version(stack, moto):
    for point, function in (("request", REQUEST), ("response", RESPONSE)):
        alias = moto.client("lambda").get_alias(FunctionName=function, Name="live")
        assert alias["FunctionVersion"] == "1"
        assert alias["AliasArn"] == stack.outputs["interceptors"][f"{point}_alias_arn"]
        assert alias["AliasArn"] == f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}:live"


def test_code_is_what_was_packed(stack, moto):
    for point, function in (("request", REQUEST), ("response", RESPONSE)):
        packed = base64.b64encode(hashlib.sha256((stack.folder / f"{point}.zip").read_bytes()).digest()).decode()
        assert stack.outputs["interceptors"]["code_sha256"][point] == packed
        assert moto.client("lambda").get_function_configuration(FunctionName=function)["CodeSha256"] == packed


def test_roles_hold_one_policy_each_and_trust_their_function(stack, moto):
    iam = moto.client("iam")
    for function in (REQUEST, RESPONSE):
        role = iam.get_role(RoleName=function)["Role"]
        [trust] = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
        assert trust["Condition"]["ArnLike"]["aws:SourceArn"] == [arn, f"{arn}:*"]
        assert iam.list_role_policies(RoleName=function)["PolicyNames"] == ["interceptor"]
        assert iam.list_attached_role_policies(RoleName=function)["AttachedPolicies"] == []


def test_policies_reach_this_table_and_key_only(stack, moto):
    table, key = stack.outputs["registry"]["table_arn"], stack.outputs["registry"]["kms_key_arn"]
    for function in (REQUEST, RESPONSE):
        document = moto.client("iam").get_role_policy(RoleName=function, PolicyName="interceptor")["PolicyDocument"]
        statements = {statement["Sid"]: statement for statement in document["Statement"]}
        for sid, statement in statements.items():
            assert statement["Effect"] == "Allow"
            if any(action.startswith("dynamodb:") for action in listed(statement["Action"])):
                assert statement["Resource"] == table, sid
            assert "*" not in listed(statement["Resource"]) or sid == "Trace", sid
            assert not any(action.endswith("*") for action in listed(statement["Action"])), sid
        assert statements["TableKey"]["Resource"] == key
        signs = [statement["Resource"] for statement in statements.values() if "kms:Sign" in listed(statement["Action"])]
        assert signs == ([stack.outputs["context_key_arn"]] if function == REQUEST else [])


WRITES = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"]
PARTITIONS = ["USER", "CLIENT", "TENANT", "BASELINE", "TASK", "CONVERSATION", "CHANGE", "ROUTE", "CONTEXT"]
# As docs/registry.md says, with all features and settings of `roots/emulator`.
ALLOWED = {
    REQUEST: {("dynamodb:Query", name) for name in ("USER", "CLIENT", "ROUTE")} | {("dynamodb:PutItem", name) for name in ("CONTEXT", "CONVERSATION")},
    RESPONSE: {("dynamodb:Query", name) for name in ("USER", "CLIENT")}
    | {("dynamodb:PutItem", name) for name in ("TASK", "CONVERSATION")}
    | {("dynamodb:BatchWriteItem", "CHANGE"), ("dynamodb:DeleteItem", "CHANGE")},
}


@pytest.mark.parametrize("function", [REQUEST, RESPONSE])
def test_roles_reach_their_partitions_and_no_others(stack, moto, node, function):
    """Every action on every kind of partition, evaluated on the policy that is really attached."""
    asked = [(action, name) for action in ["dynamodb:Query", *WRITES] for name in PARTITIONS]
    results = evaluate(stack, moto, node, function, [(action, {"dynamodb:LeadingKeys": [f"{name}#acme#1"]}) for action, name in asked])
    assert {question for question, result in zip(asked, results) if result == "Allowed"} == ALLOWED[function]


@pytest.mark.parametrize("function", [REQUEST, RESPONSE])
def test_roles_read_by_key_and_never_scan_or_reach_two_partitions_by_one(stack, moto, node, function):
    mixed = {"dynamodb:LeadingKeys": ["CHANGE#acme#1", "TENANT#acme"]}
    asked = [
        ("dynamodb:BatchGetItem", {"dynamodb:LeadingKeys": ["TENANT#acme", "BASELINE"]}),
        ("dynamodb:Scan", {}),
        ("dynamodb:Query", {}),
        ("dynamodb:BatchWriteItem", mixed),
        ("dynamodb:DeleteTable", {}),
    ]
    assert evaluate(stack, moto, node, function, asked) == ["Allowed", *["ImplicitlyDenied"] * 4]


def evaluate(stack, moto, node, function, asked):
    table = stack.outputs["registry"]["table_arn"]
    return node.run(
        "identity_policy.mjs",
        {
            "policy": moto.client("iam").get_role_policy(RoleName=function, PolicyName="interceptor")["PolicyDocument"],
            "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/{function}/{function}",
            "account": ACCOUNT,
            "requests": [{"action": action, "resource": table, "context": context} for action, context in asked],
        },
    )


def test_alarms_tell_the_topic(stack, moto):
    alarms = {alarm["AlarmName"]: alarm for alarm in moto.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert set(stack.outputs["interceptors"]["alarm_names"]) < set(alarms)
    assert len(stack.outputs["interceptors"]["alarm_names"]) == 17
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"]
    assert alarms["tenantgate-canary"]["TreatMissingData"] == "breaching"
    assert {alarm["TreatMissingData"] for name, alarm in alarms.items() if name != "tenantgate-canary"} == {"notBreaching"}


def test_alarms_and_dashboard_look_at_metrics_that_somebody_makes(stack, moto):
    made = {
        (transformation["metricNamespace"], transformation["metricName"])
        for group in (REQUEST, RESPONSE)
        for found in moto.client("logs").describe_metric_filters(logGroupName=f"/aws/lambda/{group}")["metricFilters"]
        for transformation in found["metricTransformations"]
    }
    cloudwatch = moto.client("cloudwatch")
    watched = set()
    for alarm in cloudwatch.describe_alarms()["MetricAlarms"]:
        for metric in [alarm] if "MetricName" in alarm else [query["MetricStat"]["Metric"] for query in alarm["Metrics"] if "MetricStat" in query]:
            watched.add((metric["Namespace"], metric["MetricName"]))
    body = json.loads(cloudwatch.get_dashboard(DashboardName="tenantgate")["DashboardBody"])
    for widget in body["widgets"]:
        for metric in widget["properties"].get("metrics", []):
            if isinstance(metric[0], str):
                watched.add((metric[0], metric[1]))
    ours = {metric for metric in watched if metric[0].startswith("tenantgate/")}
    assert ours == made, "each metric is made and looked at"
    assert {namespace for namespace, _ in watched - ours} == {"AWS/DynamoDB", "AWS/Lambda"}


def test_the_canary_may_call_the_alias_and_nothing_else_may(stack, moto):
    events = moto.client("events")
    [target] = events.list_targets_by_rule(Rule="tenantgate-canary")["Targets"]
    assert target["Arn"] == stack.outputs["interceptors"]["request_alias_arn"]
    policy = json.loads(moto.client("lambda").get_policy(FunctionName=REQUEST, Qualifier="live")["Policy"])
    [statement] = policy["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"] == f"arn:aws:events:{REGION}:{ACCOUNT}:rule/tenantgate-canary"
    for qualifier in ({"FunctionName": RESPONSE, "Qualifier": "live"}, {"FunctionName": RESPONSE}):
        with pytest.raises(ClientError, match="ResourceNotFound"):
            moto.client("lambda").get_policy(**qualifier)


def test_a_release_moves_the_alias_and_a_pin_moves_it_back(stack, moto):
    live = lambda function: moto.client("lambda").get_alias(FunctionName=function, Name="live")["FunctionVersion"]
    stack.package("request", b"second")
    outputs = stack.apply()
    assert (live(REQUEST), live(RESPONSE)) == ("2", "1")
    assert outputs["interceptors"]["function_versions"] == {"request": {"newest": "2", "live": "2"}, "response": {"newest": "1", "live": "1"}}

    stack.apply(pinned_versions={"request": "1"})
    assert (live(REQUEST), live(RESPONSE)) == ("1", "1")
    assert stack.plan(pinned_versions={"request": "1"}).returncode == 0

    stack.apply()
    assert live(REQUEST) == "2"


def test_the_protected_table_survives_a_destroy_and_all_goes_without_protection(stack, moto):
    done = stack.destroy(check=False)
    assert done.returncode != 0
    assert "DeletionProtectionEnabled" in done.stderr
    assert moto.client("dynamodb").list_tables()["TableNames"] == [TABLE]

    # As docs/deploy.md says: protection is taken off by an apply of its own.
    stack.apply(deletion_protection=False)
    stack.destroy(deletion_protection=False)
    assert left(moto) == {}


def left(moto):
    """What of the modules is still there, by kind."""
    keys = moto.client("kms")
    there = {
        "tables": moto.client("dynamodb").list_tables()["TableNames"],
        "functions": moto.client("lambda").list_functions()["Functions"],
        "log groups": moto.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/tenantgate-")["logGroups"],
        "roles": [role["RoleName"] for role in moto.client("iam").list_roles()["Roles"] if role["RoleName"].startswith("tenantgate")],
        "alarms": moto.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "dashboards": moto.client("cloudwatch").list_dashboards()["DashboardEntries"],
        "rules": moto.client("events").list_rules()["Rules"],
        # A key is only ever scheduled for deletion. A "Default key" is moto's own, for an alias of AWS's.
        "keys": [
            described["Description"]
            for key in keys.list_keys()["Keys"]
            if (described := keys.describe_key(KeyId=key["KeyId"])["KeyMetadata"])["KeyState"] != "PendingDeletion" and described["Description"] != "Default key"
        ],
    }
    return {kind: found for kind, found in there.items() if found}


def listed(value):
    return [value] if isinstance(value, str) else value
