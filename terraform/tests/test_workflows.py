"""The scripts of the workflow for policies, run in a repository as docs/ci.md describes one."""

import json
import os
import pathlib
import shutil
import subprocess
import xml.etree.ElementTree

import pytest
import yaml

PROJECT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = PROJECT / "target/debug"
WORKFLOW = yaml.safe_load((PROJECT / "examples/ci/github/workflows/policies.yml").read_text())

POLICY = {
    "policyId": "POL-ACME",
    "tenantId": "acme",
    "rules": [
        {"ruleId": "read", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"]},
        {"ruleId": "no-refund", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:orders___refund"]},
    ],
}


@pytest.fixture
def repository(tmp_path):
    if not all((BINARIES / name).exists() for name in ("tenantgate", "request-interceptor", "response-interceptor")):
        pytest.skip("tenantgate and the interceptors are not built: make build")
    repository = tmp_path / "repository"
    (repository / "registry/policies").mkdir(parents=True)
    settings = {
        "registry": {"table": "tenantgate-registry"},
        "issuers": [{"issuer": "https://issuer.example", "preset": "generic-oidc", "audiences": ["tenantgate"]}],
    }
    (repository / "settings.json").write_text(json.dumps(settings))
    fixtures = repository / "fixtures"
    fixtures.mkdir()
    for name in ("callers.json", "canaries.json", "settings", "registry", "exchanges/message-shape"):
        source = PROJECT / "fixtures" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, fixtures / name)
    git(repository, "init", "--quiet", "--initial-branch=main")
    commit(repository, POLICY)
    return repository


def test_a_policy_without_faults_passes_lint_and_a_wrong_one_does_not(repository):
    assert step(repository, "Lint the policies").returncode == 0
    commit(repository, POLICY | {"rules": [{"effect": "ALLOW", "resourceType": "TOOL", "resources": []}]})
    assert step(repository, "Lint the policies").returncode != 0


def test_the_fixtures_are_replayed_into_a_report(repository):
    done = step(repository, "Replay the fixtures")
    assert done.returncode == 0, done.stdout + done.stderr
    suites = xml.etree.ElementTree.parse(repository / "replay.xml").getroot()
    assert len(list(suites.iter("testcase"))) >= 20
    case = next((repository / "fixtures/exchanges").rglob("reply.json"))
    case.write_text('{"other": true}')
    assert step(repository, "Replay the fixtures").returncode != 0


def test_who_gains_access_stands_in_the_summary_and_fails_unless_it_is_meant(repository):
    base = git(repository, "rev-parse", "HEAD")
    commit(repository, POLICY | {"rules": POLICY["rules"][:1]})
    widened = step(repository, "Who gains and who loses access", BASE=base, FAIL_ON="widen")
    assert widened.returncode != 0
    summary = (repository / "summary.md").read_text()
    assert "agent:tool:orders___refund" in summary, summary
    git(repository, "worktree", "remove", "--force", str(repository.parent / "runner/base"))
    assert step(repository, "Who gains and who loses access", BASE=base, FAIL_ON="never").returncode == 0


def test_nothing_gained_passes(repository):
    base = git(repository, "rev-parse", "HEAD")
    commit(repository, POLICY | {"rules": POLICY["rules"][1:]})
    done = step(repository, "Who gains and who loses access", BASE=base, FAIL_ON="widen")
    assert done.returncode == 0, done.stdout + done.stderr


def step(repository, name, **variables):
    """Runs the script as the runner does: bash -e, with the variables of the step."""
    steps = [step for job in WORKFLOW["jobs"].values() for step in job["steps"] if step.get("name") == name]
    assert len(steps) == 1, name
    assert set(steps[0].get("env", {})) == set(variables)
    runner = repository.parent / "runner"
    runner.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"PATH": f"{BINARIES}{os.pathsep}{os.environ['PATH']}", "RUNNER_TEMP": str(runner), "GITHUB_STEP_SUMMARY": str(repository / "summary.md")}
    return subprocess.run(["bash", "-e", "-c", steps[0]["run"]], cwd=repository, env=environment | variables, capture_output=True, text=True)


def commit(repository, policy):
    (repository / "registry/policies/acme.json").write_text(json.dumps(policy, indent=2))
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "policies")


def git(repository, *arguments):
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True, text=True).stdout.strip()
