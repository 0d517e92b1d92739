"""The module's own tests, with the provider and without any account."""

import re


def test_the_module_holds_its_own_tests(terraform):
    module = terraform.copy() / "modules/tenant-isolation"
    terraform.run(module, "init", "-backend=false")
    terraform.run(module, "validate")
    done = terraform.run(module, "test", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed, 0 failed", done.stdout)
    assert passed and int(passed[1]) > 10, done.stdout
