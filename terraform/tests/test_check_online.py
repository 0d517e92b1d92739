"""The check against the registry, here with the provider that is on disk."""

import pytest

import check_online
from conftest import provider_mirror


@pytest.fixture
def mirror(terraform):
    folder = provider_mirror()
    if not folder:
        pytest.skip("no provider is on disk; make check-online asks the registry")
    return source(folder)


def source(folder):
    return f'filesystem_mirror {{\n    path = "{folder}"\n  }}'


def test_it_says_what_it_checked_and_with_which_provider(mirror, capsys):
    check_online.main(mirror, {"examples/existing-gateway": ["validate"]})
    said = capsys.readouterr().out
    assert said.startswith("examples/existing-gateway: validate passed with hashicorp/aws "), said


def test_what_could_not_be_checked_is_a_failure(mirror, tmp_path, capsys):
    with pytest.raises(SystemExit, match="failed: modules/gateway"):
        check_online.main(source(tmp_path), {"modules/gateway": ["validate", "test"]})
    assert "modules/gateway: terraform init failed, so nothing was checked" in capsys.readouterr().out


def test_everything_with_a_provider_is_checked():
    folders = sorted(check_online.ROOT.glob("modules/*")) + sorted(check_online.ROOT.glob("examples/*"))
    needing = {str(folder.relative_to(check_online.ROOT)) for folder in folders if "required_providers" in (folder / "versions.tf").read_text()}
    assert set(check_online.CHECKED) == needing
