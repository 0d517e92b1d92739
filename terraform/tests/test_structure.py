"""What all modules and roots have: the standard files, and words for every variable and output."""

import re

import pytest

from conftest import ROOT
from hcl import parse

MODULES = sorted(folder for folder in (ROOT / "modules").iterdir() if folder.is_dir())
ROOTS = sorted(folder for folder in (ROOT / "examples").iterdir() if folder.is_dir())


def name(folder):
    return str(folder.relative_to(ROOT))


@pytest.fixture(scope="module", params=[*MODULES, *ROOTS], ids=name)
def folder(request):
    return request.param


@pytest.fixture(scope="module")
def parsed(node, folder):
    return parse(node, folder)


def test_the_five_modules_and_both_roots_are_here():
    assert [folder.name for folder in MODULES] == ["gateway", "interceptors", "registry", "state-key", "tenant-isolation"]
    assert [folder.name for folder in ROOTS] == ["complete", "existing-gateway"]


def test_standard_files_are_there(folder):
    for file in ["main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"]:
        assert (folder / file).is_file(), file
    if folder in MODULES:
        assert list(folder.glob("tests/*.tftest.hcl")), "a module has tests"


def test_variables_and_outputs_stand_in_their_files(folder):
    for file in folder.glob("*.tf"):
        for kind in ["variable", "output"]:
            if file.name != f"{kind}s.tf":
                assert not re.search(rf'(?m)^{kind} "', file.read_text()), f"{file.name} has a {kind}"


def test_variables_have_a_type_and_a_description(parsed):
    assert parsed["variable"]
    for variable, [body] in parsed["variable"].items():
        assert re.fullmatch("[a-z][a-z0-9_]*", variable), variable
        assert body.get("type"), f"{variable} has no type"
        assert is_described(body), f"{variable} is not described"


def test_outputs_are_described(parsed):
    assert parsed["output"]
    for output, [body] in parsed["output"].items():
        assert re.fullmatch("[a-z][a-z0-9_]*", output), output
        assert is_described(body), f"{output} is not described"


def is_described(body):
    return len(body.get("description", "").split()) >= 2


def test_variables_are_used(folder, parsed):
    text = "\n".join(file.read_text() for file in folder.glob("*.tf"))
    assert [variable for variable in parsed["variable"] if not re.search(rf"\bvar\.{variable}\b", text)] == []


def test_versions_are_bounded(parsed):
    whole = {}
    for block in parsed["terraform"]:
        whole |= block
    assert re.fullmatch(r">= 1\.\d+", whole["required_version"])
    for required in whole.get("required_providers", []):
        assert set(required) == {"aws"}
        assert re.fullmatch(r">= \d+\.\d+\.\d+, < 7\.0\.0", required["aws"]["version"])


def test_only_roots_configure_providers_and_state(folder, parsed):
    is_root = folder in ROOTS
    assert ("provider" in parsed) == is_root
    assert any("backend" in block for block in parsed["terraform"]) == is_root


def test_modules_are_taken_from_here(parsed):
    for module, [body] in parsed.get("module", {}).items():
        assert body["source"] == f"../../modules/{body['source'].rsplit('/', 1)[-1]}", module


def test_an_example_of_values_names_what_has_no_default(folder, node):
    if folder not in ROOTS:
        return
    parsed = parse(node, folder)
    values = node.run("hcl.mjs", {"terraform.tfvars": (folder / "terraform.tfvars.example").read_text()})["terraform.tfvars"]
    needed = {variable for variable, [body] in parsed["variable"].items() if "default" not in body}
    assert needed <= set(values) <= set(parsed["variable"])


def test_nothing_that_terraform_leaves_behind_is_here():
    left = [file for pattern in [".terraform", ".terraform.lock.hcl", "*.tfstate*", "*.tfvars"] for file in ROOT.rglob(pattern)]
    assert left == []
