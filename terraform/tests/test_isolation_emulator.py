"""tenant-isolation applied to an emulated account: what is attached, what a session carries, and what is left afterwards."""

import json

import pytest

from isolation_cases import ACCOUNT, REGION

NAME = "tenantgate-listed"
TENANTS = ["acme", "globex"]


# A list of tenants has no '+' in its policies, which the emulator hands back as a blank.
@pytest.fixture(scope="module")
def applied(terraform, moto):
    root = terraform.copy() / "tests/roots/isolation"
    variables = {"endpoint": moto.url, "account": ACCOUNT, "region": REGION, "name": NAME, "tenant_ids": json.dumps(TENANTS)}
    arguments = [f"-var={name}={value}" for name, value in variables.items()]
    terraform.run(root, "init")
    terraform.run(root, "apply", "-auto-approve", *arguments)
    outputs = json.loads(terraform.run(root, "output", "-json").stdout)["isolation"]["value"]
    yield lambda *command: terraform.run(root, *command, *arguments, check=False), outputs
    terraform.run(root, "destroy", "-auto-approve", *arguments)
    iam = moto.client("iam")
    left = [role["RoleName"] for role in iam.list_roles()["Roles"]] + [policy["PolicyName"] for policy in iam.list_policies(Scope="Local")["Policies"]]
    assert not [name for name in left if name.startswith(NAME)], "destroy leaves nothing"


def test_the_role_is_as_the_module_says(applied, moto):
    _, outputs = applied
    iam = moto.client("iam")
    role = iam.get_role(RoleName=NAME)["Role"]
    assert role["Arn"] == outputs["role_arn"] == f"arn:aws:iam::{ACCOUNT}:role/tenants/{NAME}"
    assert role["MaxSessionDuration"] == 3600
    assert role["AssumeRolePolicyDocument"] == json.loads(outputs["trust_policy_json"])
    assert not role.get("Tags")
    assert iam.list_role_policies(RoleName=NAME)["PolicyNames"] == []
    attached = {}
    for policy in iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]
        attached[policy["PolicyName"].removeprefix(f"{NAME}-")] = document
    assert attached == {concern: json.loads(text) for concern, text in outputs["policy_json"].items()}


def test_a_session_starts_with_its_tag(applied, moto):
    _, outputs = applied
    session = moto.client("sts").assume_role(
        RoleArn=outputs["role_arn"],
        RoleSessionName="tenantgate-0123456789abcdef",
        SourceIdentity="0123456789abcdef0123456789abcdef",
        Tags=[{"Key": "TenantID", "Value": "acme"}],
        TransitiveTagKeys=["TenantID"],
        DurationSeconds=3600,
    )
    assert session["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{NAME}/tenantgate-0123456789abcdef"
    keys = session["Credentials"]
    caller = moto.client(
        "sts", aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"]
    ).get_caller_identity()
    assert caller["Arn"] == session["AssumedRoleUser"]["Arn"]


def test_only_listed_tenants_are_served(applied, node):
    """With a list, trust and guard hold the tenants one by one: who leaves the list loses running sessions too."""
    _, outputs = applied
    policies = {name: json.loads(text) for name, text in outputs["policy_json"].items()} | {"trust": json.loads(outputs["trust_policy_json"])}
    requests = {}
    for tenant in (*TENANTS, "initech", "Acme", "acme-2", "", None):
        requests["use", tenant] = {
            "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/{NAME}/tenantgate-1",
            "action": "s3:GetObject",
            "resource": f"arn:aws:s3:::documents/{tenant}/x",
            "context": {} if tenant is None else {"aws:PrincipalTag/TenantID": tenant},
            "identity": list(outputs["policy_json"]),
        }
        for action in ("sts:AssumeRole", "sts:TagSession"):
            requests[action, tenant] = {
                "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/tenantgate-session/instance",
                "action": action,
                "resource": outputs["role_arn"],
                "context": {"aws:TagKeys": ["TenantID"], "sts:TransitiveTagKeys": ["TenantID"], "sts:SourceIdentity": "ab", "sts:RoleSessionName": "tenantgate-1"}
                | ({} if tenant is None else {"aws:RequestTag/TenantID": tenant}),
                "identity": [],
                "attached": "trust",
            }
    cases = [request | {"account": ACCOUNT} for request in requests.values()]
    [answers] = node.run("evaluate.mjs", {"cases": cases, "variants": [{"policies": policies, "chosen": list(range(len(cases)))}]})
    for (what, tenant), answer in zip(requests, answers, strict=True):
        right = "Allowed" if tenant in TENANTS else "ExplicitlyDenied" if what == "use" else "ImplicitlyDenied"
        assert answer["result"] == right, f"{what} for {tenant!r}"


def test_a_second_apply_changes_nothing(applied):
    run, _ = applied
    done = run("plan", "-detailed-exitcode")
    assert done.returncode == 0, done.stdout


def test_a_policy_attached_by_hand_is_taken_off(applied, moto):
    run, outputs = applied
    iam = moto.client("iam")
    everything = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    iam.put_role_policy(RoleName=NAME, PolicyName="by-hand", PolicyDocument=everything)
    by_hand = iam.create_policy(PolicyName="by-hand", PolicyDocument=everything)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=NAME, PolicyArn=by_hand)
    assert run("plan", "-detailed-exitcode").returncode == 2
    done = run("apply", "-auto-approve")
    assert done.returncode == 0, done.stderr
    assert iam.list_role_policies(RoleName=NAME)["PolicyNames"] == []
    assert len(iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]) == len(outputs["policy_json"])
    iam.delete_policy(PolicyArn=by_hand)
