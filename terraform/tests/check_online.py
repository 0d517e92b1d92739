"""What needs the Terraform registry: the modules and roots with the newest provider of version 6. Prints what it checked; needs no account.

    python3 terraform/tests/check_online.py
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECKED = {
    "modules/registry": ["validate", "test"],
    "modules/interceptors": ["validate", "test"],
    "modules/tenant-isolation": ["validate", "test"],
    "modules/gateway": ["validate", "test"],
    "examples/complete": ["validate"],
    "examples/existing-gateway": ["validate"],
}


def main(source="direct {}", checked=CHECKED):
    if not shutil.which("terraform"):
        sys.exit("there is no terraform")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        # Straight from the registry, whatever this machine is configured to take instead; each provider is fetched once.
        (folder / "terraform.rc").write_text(f'plugin_cache_dir = "{folder}/plugins"\nprovider_installation {{\n  {source}\n}}\n')
        (folder / "plugins").mkdir()
        shutil.copytree(ROOT, folder / "terraform", ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "node_modules", "__pycache__"))
        failed = [path for path, commands in checked.items() if not check(folder, path, commands)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def check(folder, path, commands):
    init = run(folder, path, "init", "-upgrade", "-backend=false")
    if init.returncode != 0:
        print(f"{path}: terraform init failed, so nothing was checked\n{init.stderr.strip()}", flush=True)
        return False
    version = json.loads(run(folder, path, "version", "-json").stdout)["provider_selections"]["registry.terraform.io/hashicorp/aws"]
    for command in commands:
        done = run(folder, path, command)
        if done.returncode != 0:
            print(f"{path}: terraform {command} failed with hashicorp/aws {version}\n{done.stdout}{done.stderr}", flush=True)
            return False
    print(f"{path}: {' and '.join(commands)} passed with hashicorp/aws {version}", flush=True)
    return True


def run(folder, path, *arguments):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    environment = kept | {"TF_CLI_CONFIG_FILE": str(folder / "terraform.rc"), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", "AWS_REGION": "eu-central-1"}
    command = ["terraform", *arguments, *([] if arguments[0] == "version" else ["-no-color"])]
    return subprocess.run(command, cwd=folder / "terraform" / path, env=environment, capture_output=True, text=True)


if __name__ == "__main__":
    main()
