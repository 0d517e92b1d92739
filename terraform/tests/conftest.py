"""What the tests share: Terraform with a provider, an emulator of AWS, Node with its packages."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import boto3
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOLS = ROOT.parent / "target"
ACCOUNT = "123456789012"
REGION = "eu-central-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}


class Terraform:
    """Terraform, run in copies of the modules, so that nothing of it is left in the source tree."""

    def __init__(self, folder):
        self._folder = folder
        self._copies = 0
        self._configuration = folder / "terraform.rc"
        mirror = provider_mirror()
        installation = f'  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n' if mirror else "  direct {}\n"
        self._configuration.write_text(f"provider_installation {{\n{installation}}}\n")

    def copy(self):
        """A fresh copy of the whole `terraform` folder."""
        self._copies += 1
        copy = self._folder / f"copy{self._copies}"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "node_modules", "__pycache__"))
        return copy

    def run(self, folder, *arguments, env=None, check=True):
        """Runs one command there and returns what `subprocess.run` does, with output as text."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
        environment |= CREDENTIALS | {"TF_CLI_CONFIG_FILE": str(self._configuration), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        environment |= env or {}
        command = ["terraform", *arguments, *(["-no-color"] if arguments[0] not in ("version", "fmt") else [])]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
        if check and done.returncode != 0:
            pytest.fail(f"{' '.join(command)} ended with {done.returncode} in {folder}:\n{done.stdout}\n{done.stderr}", pytrace=False)
        return done


def provider_mirror():
    """The folder in which providers lie on this machine, if there is one: no registry is asked then."""
    given = os.environ.get("TENANTGATE_TF_PLUGINS")
    candidates = [pathlib.Path(given)] if given else []
    candidates += [pathlib.Path.home() / ".terraform.d/plugins", pathlib.Path("/usr/share/terraform/plugins")]
    candidates += [found.parent for pattern in ("*/registry.terraform.io", "*/*/registry.terraform.io") for found in pathlib.Path("/").glob(pattern)]
    return next((folder for folder in candidates if (folder / "registry.terraform.io/hashicorp/aws").is_dir()), None)


@pytest.fixture(scope="session")
def terraform(tmp_path_factory):
    if not shutil.which("terraform"):
        pytest.skip("there is no terraform")
    terraform = Terraform(tmp_path_factory.mktemp("terraform"))
    probe = tmp_path_factory.mktemp("probe")
    (probe / "main.tf").write_text('terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = ">= 5.100.0"\n    }\n  }\n}\n')
    if terraform.run(probe, "init", check=False).returncode != 0:
        pytest.skip("terraform finds no provider hashicorp/aws 5.100.0 or later, neither on disk nor in a registry")
    return terraform


class Moto:
    """A server of moto's: one emulated account, empty at the start of the run."""

    def __init__(self, url):
        self.url = url

    def client(self, service, **options):
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"} | options
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **keys)


@pytest.fixture(scope="session")
def moto():
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"MOTO_ACCOUNT_ID": ACCOUNT},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url + "/moto-api/", server)
        yield Moto(url)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=10)


class Node:
    """Node, with the packages of package.json."""

    def __init__(self, packages):
        self._packages = packages

    def run(self, script, document):
        """Runs a script of this folder with a JSON document on its standard input, and returns the one that it prints."""
        source = pathlib.Path(__file__).parent / script
        staged = self._packages / source.name
        staged.write_bytes(source.read_bytes())
        done = subprocess.run(["node", str(staged)], input=json.dumps(document), capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            pytest.fail(f"{script} ended with {done.returncode}:\n{done.stderr}", pytrace=False)
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def node():
    packages = TOOLS / "terraform-node"
    if not shutil.which("node") or not (packages / "node_modules").is_dir():
        pytest.skip("the Node packages of terraform/tests/package.json are not installed: make terraform-tools")
    return Node(packages)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(url, server):
    for _ in range(300):
        if server.poll() is not None:
            pytest.fail(f"the server for {url} ended with {server.returncode}", pytrace=False)
        try:
            return urllib.request.urlopen(url, timeout=5)
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"nothing answers at {url}", pytrace=False)
