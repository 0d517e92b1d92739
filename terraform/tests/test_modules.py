"""Each module for itself: valid, and its own tests passed, without a network."""

import json
import re

import pytest

MODULES = ["registry", "interceptors", "gateway", "tenant-isolation", "state-key"]
# What needs a younger provider than 5.100, the least that the other modules take.
PROVIDER_6 = {"gateway"}


@pytest.mark.parametrize("module", MODULES)
def test_module_is_valid_and_passes_its_tests(terraform, module, capsys):
    folder = terraform.copy() / "modules" / module
    if not folder.is_dir():
        pytest.skip(f"there is no module {module}")
    initialised = terraform.run(folder, "init", "-input=false", check=False)
    if initialised.returncode != 0 and module in PROVIDER_6:
        pytest.skip(f"terraform finds no provider 6.x for the module {module}: validate and test it with a network (make check-online)")
    assert initialised.returncode == 0, initialised.stderr

    validated = json.loads(terraform.run(folder, "validate", "-json", check=False).stdout)
    assert validated["diagnostics"] == [], validated["diagnostics"]

    tested = terraform.run(folder, "test", check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    summary = re.search(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", tested.stdout)
    assert summary, tested.stdout
    passed, failed, skipped = (int(number or 0) for number in summary.groups())
    assert passed > 0 and (failed, skipped) == (0, 0), tested.stdout
    with capsys.disabled():
        print(f"\nmodule {module}: {passed} runs passed")
