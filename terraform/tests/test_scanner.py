"""The scanner checkov over everything that is Terraform: nothing is found, and every exception has a reason."""

import json
import re
import subprocess

import pytest

from conftest import ROOT, TOOLS

SCANNER = TOOLS / "checkov/bin/checkov"
SKIP = re.compile(r"checkov:skip=([A-Z0-9_]+)(?::(.*))?")


@pytest.fixture(scope="module")
def report(terraform):
    if not SCANNER.is_file():
        pytest.skip("the scanner checkov is not installed: make terraform-tools")
    command = [str(SCANNER), "--framework", "terraform", "--directory", str(terraform.copy()), "--skip-download", "--quiet", "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    return json.loads(done.stdout)


def test_the_scanner_finds_nothing(report, capsys):
    summary = report["summary"]
    with capsys.disabled():
        print(f"\ncheckov {summary['checkov_version']}: {summary['resource_count']} resources, {summary['passed']} checks passed, {summary['skipped']} excepted, {summary['failed']} failed")
    assert summary["parsing_errors"] == 0
    assert summary["resource_count"] > 0 and summary["passed"] > 0
    found = [f"{check['check_id']} {check['check_name']}: {check['resource']} in {check['file_path']}" for check in report["results"]["failed_checks"]]
    assert found == []


def test_every_exception_has_a_reason_of_words():
    excepted = 0
    for file in sorted(ROOT.rglob("*.tf")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            for check, reason in SKIP.findall(line):
                excepted += 1
                assert len(re.findall(r"[A-Za-z]{2,}", reason)) >= 4, f"{file.relative_to(ROOT)}:{number}: {check} is excepted without a reason"
    assert excepted > 0


def test_nothing_is_excepted_elsewhere():
    named = [".checkov.yml", ".checkov.yaml", ".checkov.baseline"]
    assert [file for folder in [ROOT, ROOT.parent] for file in named if (folder / file).exists()] == []
