"""The tests that stand in the module `gateway`: with a provider of its own where there is one, and with the one that is here."""

import json

import pytest

from gateway_stand_in import stand_in


def test_the_module_s_tests_pass_without_the_resources_that_only_a_newer_provider_knows(terraform, node):
    module = stand_in(node, terraform.copy())
    terraform.run(module, "init")
    terraform.run(module, "validate")
    report(terraform.run(module, "test", "-json", check=False))


def test_the_module_s_tests_pass(terraform):
    module = terraform.copy() / "modules/gateway"
    if terraform.run(module, "init", check=False).returncode != 0:
        pytest.skip("no provider hashicorp/aws 6.50.0 or later is here; where there is a registry, `make check-online` runs the tests of the module gateway with the newest")
    terraform.run(module, "validate")
    report(terraform.run(module, "test", "-json", check=False))


def report(done):
    """Fails with what Terraform says, and unless there were runs at all."""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    runs = {line["test_run"]["run"]: line["test_run"]["status"] for line in lines if line.get("type") == "test_run" and line["test_run"].get("progress") == "complete"}
    diagnostics = [f"{line['diagnostic']['summary']}: {line['diagnostic']['detail']}" for line in lines if line.get("type") == "diagnostic"]
    assert len(runs) >= 20, diagnostics
    assert set(runs.values()) == {"pass"}, ({run: status for run, status in runs.items() if status != "pass"}, diagnostics)
    assert done.returncode == 0, diagnostics
