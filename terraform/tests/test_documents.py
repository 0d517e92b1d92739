"""That what documents and workflows tell people to run is there: commands with these arguments, targets of make, files."""

import pathlib
import re
import shlex
import subprocess

import pytest
import yaml

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = ["docs/deploy.md", "docs/ci.md", "docs/state-keys.md", "docs/existing-gateway.md", "docs/operations.md", "docs/tenant-session.md", "examples/runtime-python/README.md"]
WORKFLOWS = sorted((PROJECT / "examples/ci/github").rglob("*.yml"))


def scripts_of(workflow):
    """The steps' scripts, in order."""
    document = yaml.safe_load(workflow.read_text())
    if "runs" in document:
        steps = document["runs"]["steps"]
    else:
        steps = [step for job in document["jobs"].values() for step in job["steps"]]
    return [step["run"] for step in steps if "run" in step]


def lines():
    """Each line of shell, with where it stands."""
    for name in DOCUMENTS:
        text = (PROJECT / name).read_text()
        for block in re.findall(r"^\s*```(?:sh|bash)\n(.*?)^\s*```", text, re.M | re.S):
            yield from ((name, line) for line in re.sub(r"\\\n\s*", " ", block).splitlines())
    for workflow in WORKFLOWS:
        for script in scripts_of(workflow):
            yield from ((workflow.name, line) for line in script.splitlines())


def commands(program):
    """Each use of a program, with its arguments as a shell would pass them, values made up."""
    for place, line in lines():
        for start in re.finditer(rf"(?:^|[\s(;|&]){program} (?=[a-z])", line):
            text = line[start.end() :]
            text = re.sub(r"\$\{(\w+):\+([^}]*)\}", r"\2", text)
            text = re.sub(r"\$\{?FAIL_ON\}?", "widen", text)
            text = re.sub(r"\$\([^)]*\)|\$\{?\w+\}?", "value", text)
            text = re.split(r"\s(?:<|>>?|\||&&?|\|\||#)(?=\s|$)|[;)]", text)[0]
            yield place, shlex.split(text)


@pytest.mark.parametrize("program", ["tenantgate", "tenantgate-session"])
def test_every_command_is_one(program):
    binary = PROJECT / "target/debug" / program
    if not binary.exists():
        pytest.skip(f"{program} is not built: make build")
    seen = 0
    for place, arguments in commands(program):
        # Help is printed only once everything before it was understood.
        done = subprocess.run([binary, *arguments, "--help"], capture_output=True, text=True)
        assert done.returncode == 0, f"{place}: {program} {' '.join(arguments)}\n{done.stderr}"
        seen += 1
    assert seen >= {"tenantgate": 12, "tenantgate-session": 1}[program], seen


def test_every_target_of_make_is_one():
    makefile = (PROJECT / "Makefile").read_text()
    seen = 0
    for place, arguments in commands("make"):
        assert re.search(rf"^{re.escape(arguments[0])}:", makefile, re.M), f"{place}: make {arguments[0]}"
        for name in (argument.split("=")[0] for argument in arguments[1:] if "=" in argument):
            assert re.search(rf"\b{name}\b", makefile), f"{place}: make {arguments[0]} {name}="
        seen += 1
    assert seen >= 4, seen


def test_workflows_give_values_to_scripts_through_the_environment():
    """What a pull request can choose never becomes a part of a script."""
    assert len(WORKFLOWS) >= 3
    for workflow in WORKFLOWS:
        for script in scripts_of(workflow):
            inserted = re.findall(r"\$\{\{.*?\}\}", script)
            assert all(re.fullmatch(r"\$\{\{ inputs\.ref \}\}", text) for text in inserted), f"{workflow.name}: {inserted}"


def test_scripts_of_workflows_are_bash():
    for workflow in WORKFLOWS:
        for script in scripts_of(workflow):
            done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
            assert done.returncode == 0, f"{workflow.name}: {done.stderr}"
