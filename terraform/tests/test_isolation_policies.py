"""The policies of tenant-isolation, as the module renders them, judged request by request with an evaluator of IAM policies."""

import collections
import copy
import json

import pytest

from isolation_cases import ACCOUNT, REGION, TENANT_VARIABLES, session_cases
from isolation_starts import AUDIENCE, start_cases

CASES = [*session_cases(), *start_cases()]
# What the evaluator's copy of AWS's reference lacks. The guide of AgentCore documents its own keys; the other is a provider's.
UNKNOWN = {"bedrock-agentcore:namespacePath", *(f"bedrock-agentcore:namespaceVariable/{key}" for key in ("tenancy", *TENANT_VARIABLES)), AUDIENCE}


@pytest.fixture(scope="module")
def policies(terraform, moto):
    """The policies by name, and two that stand for what lies around them."""
    root = terraform.copy() / "tests/roots/isolation"
    arguments = [f"-var={name}={value}" for name, value in {"endpoint": moto.url, "account": ACCOUNT, "region": REGION}.items()]
    terraform.run(root, "init")
    terraform.run(root, "apply", "-auto-approve", *arguments)
    rendered = json.loads(terraform.run(root, "output", "-json").stdout)["isolation"]["value"]
    yield {name: json.loads(text) for name, text in rendered["policy_json"].items()} | {
        "trust": json.loads(rendered["trust_policy_json"]),
        "broker": json.loads(rendered["broker_policy_json"]),
        "everything": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
        "key-policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}]},
    }
    terraform.run(root, "destroy", "-auto-approve", *arguments)


@pytest.fixture(scope="module")
def answers(policies, node):
    [answers] = evaluate(node, [{"policies": policies, "chosen": list(range(len(CASES))), "validate": True}])
    return list(zip(CASES, answers, strict=True))


def test_every_request_gets_the_right_answer(answers):
    wrong = [f"{case} -- was {answer['result']}" for case, answer in answers if not case.is_right(answer["result"])]
    assert not wrong, "\n".join(wrong)
    assert len(answers) > 1000


def test_the_reference_knows_the_keys_and_agrees(answers):
    disagree = [f"{case} -- was {answer}" for case, answer in answers if answer.get("validated", answer["result"]) != answer["result"] and not brings_several_namespaces(case)]
    assert not disagree, "\n".join(disagree)
    unknown = [f"{case} -- {answer['unknown']}" for case, answer in answers if case.right == "Allowed" and set(answer.get("unknown", ())) - UNKNOWN]
    assert not unknown, "requests that should work, with keys that the reference does not list for their action:\n" + "\n".join(unknown)
    assert sum("validated" in answer for _, answer in answers) > 1000


def test_every_action_that_is_allowed_has_its_negative_twins(policies):
    kinds = collections.defaultdict(set)
    for case in CASES:
        kinds[case.policy, case.action].add(case.kind)
    needed = {
        "memory": {"own", "foreign", "untagged", "empty", "look-alike", "omitted", "elsewhere", "malformed"},
        "keys": {"own", "untagged", "empty", "omitted", "elsewhere", "other service"},
        "trust": {"own", "foreign principal"},
        "broker": {"own", "elsewhere"},
    }
    needed |= {"knowledge-bases": needed["memory"], "tables": needed["memory"], "buckets": needed["memory"] - {"omitted"}}
    counted = 0
    for name, kinds_needed in needed.items():
        for statement in policies[name]["Statement"]:
            for action in listed(statement["Action"]) if statement["Effect"] == "Allow" else []:
                counted += 1
                assert "*" not in action, f"{name} allows {action}"
                assert kinds_needed <= kinds[name, action], f"{name}: {action} lacks {kinds_needed - kinds[name, action]}"
    assert counted > 30


def test_every_part_of_every_policy_is_needed_by_a_case(policies, node):
    """Without a condition, a value, a denial, or with every resource in place of the named ones, some answer is wrong: so the cases bite."""
    mutants, survivors = 0, []
    for name in policies.keys() - {"everything", "key-policy"}:
        own = [index for index, case in enumerate(CASES) if case.policy == name and ("guard" in case.identity) == (name == "guard")]
        named = list(mutations(policies[name]))
        answers = evaluate(node, [{"policies": policies | {name: mutant}, "chosen": own, "hunt": True} for _, mutant in named])
        survivors += [f"{name}: {what}" for (what, _), results in zip(named, answers, strict=True) if is_all_right(own, results)]
        mutants += len(named)
    assert not survivors, "\n".join(survivors)
    assert mutants > 100


def mutations(policy):
    for place, statement in enumerate(policy["Statement"]):
        label = statement["Sid"]

        def mutant(change, place=place):
            changed = copy.deepcopy(policy)
            change(changed["Statement"][place])
            return changed

        if len(policy["Statement"]) > 1:
            yield f"{label} left out", {**policy, "Statement": [other for other in policy["Statement"] if other is not statement]}
        for action in listed(statement["Action"]):
            if len(listed(statement["Action"])) > 1:
                yield f"{label} without {action}", mutant(lambda s, action=action: s.update(Action=[a for a in listed(s["Action"]) if a != action]))
        if listed(statement.get("Resource", "*")) != ["*"]:
            yield f"{label} on every resource", mutant(lambda s: s.update(Resource="*"))
        for resource in listed(statement.get("Resource", [])):
            if len(listed(statement["Resource"])) > 1:
                yield f"{label} without {resource}", mutant(lambda s, resource=resource: s.update(Resource=[r for r in listed(s["Resource"]) if r != resource]))
        for kind, identifier in statement.get("Principal", {}).items():
            if len(statement["Principal"]) > 1:
                yield f"{label} without {kind}", mutant(lambda s, kind=kind: s["Principal"].pop(kind))
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                yield f"{label} without {operator} {key}", mutant(lambda s, operator=operator, key=key: drop(s["Condition"], operator, key))
                for value in listed(values) if len(listed(values)) > 1 else []:
                    yield f"{label} without {operator} {key} {value}", mutant(
                        lambda s, operator=operator, key=key, value=value: s["Condition"][operator].update({key: [v for v in listed(values) if v != value]})
                    )


def drop(conditions, operator, key):
    del conditions[operator][key]
    if not conditions[operator]:
        del conditions[operator]


def is_all_right(chosen, results):
    return len(results) == len(chosen) and all(CASES[index].is_right(result["result"]) for index, result in zip(chosen, results, strict=True))


def evaluate(node, variants):
    return node.run("evaluate.mjs", {"cases": [case.request() for case in CASES], "variants": variants})


def brings_several_namespaces(case):
    """The reference types the key as one text, though a batch brings a namespace for each record."""
    return isinstance(case.context.get("bedrock-agentcore:namespace"), list)


def listed(value):
    return value if isinstance(value, list) else [value]
