#!/usr/bin/env python3
"""A large registry: how long the operator's commands and the interceptors' lookups take, and with how much memory.

Usage: scale.py BINARIES [--tenants 10000] [--rules 100] [--members 1000000]

The registry is the embedded one in a file, served as DynamoDB would be; no call leaves this machine.
"""

import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time

ISSUER = "https://issuer.example/main"
CALLERS = 5_000


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("binaries", type=pathlib.Path)
    arguments.add_argument("--tenants", type=int, default=10_000)
    arguments.add_argument("--rules", type=int, default=100)
    arguments.add_argument("--members", type=int, default=1_000_000)
    given = arguments.parse_args()
    os.environ.setdefault("TENANTGATE_BY", "scale")
    with tempfile.TemporaryDirectory() as folder:
        Scale(given, pathlib.Path(folder)).run()


class Scale:
    def __init__(self, given, folder):
        self.given, self.folder = given, folder
        self.command = given.binaries.resolve() / "tenantgate"
        self.tenants = [f"tenant-{number:05}" for number in range(given.tenants)]
        self.url = None

    def run(self):
        given = self.given
        print(f"{given.tenants} tenants with {given.rules} rules each, {given.members} members\n")
        self.write(1)
        self.write(2)
        self.write_members()
        file = self.folder / "registry.db"
        self.run_command("registry create", "registry", "create", "--file", file, at=[])
        server = subprocess.Popen(
            [self.command, "registry", "serve", "--file", file, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        try:
            for line in iter(server.stdout.readline, ""):
                found = re.search(r"http://[0-9.:]+", line)
                if found:
                    self.url = found.group(0)
                    break
            threading.Thread(target=server.stderr.read, daemon=True).start()
            self.measure(server)
        finally:
            server.kill()
        print(f"\nthe file of the registry has {file.stat().st_size / 1e6:.0f} MB")

    def measure(self, server):
        tenant, user = self.tenants[len(self.tenants) // 2], "user-0000000"
        self.run_command("registry load: tenants and first versions", "registry", "load", self.folder / "1")
        self.run_command("policy publish: a version for each tenant", "policy", "publish", self.folder / "2" / "policies")
        self.run_command("the same again: nothing to do", "policy", "publish", self.folder / "2" / "policies")
        self.run_command("member import", "member", "import", self.folder / "members.csv", "--issuer", ISSUER)
        self.run_command("member list of one tenant", "member", "list", "--tenant", tenant)
        self.run_command("tenant suspend", "tenant", "suspend", tenant)
        self.run_command("tenant resume", "tenant", "resume", tenant)
        self.run_command("policy rollback", "policy", "rollback", tenant)
        self.run_command("who-can in one tenant, with members", "who-can", "t1___tool1", "--tenant", tenant, "--with-members")
        self.run_command("who-can in all tenants", "who-can", "t1___tool1")
        self.run_command("who-can in all tenants, with members", "who-can", "t1___tool1", "--with-members")
        self.run_command("what-can", "what-can", user, "--issuer", ISSUER)
        self.run_command("status", "status")
        self.run_command("report", "report", "--out", self.folder / "report.html")
        size = (self.folder / "report.html").stat().st_size
        print(f"the page of the report has {size / 1e6:.1f} MB")
        for entries in (100, 1_000, 10_000):
            self.look_up(entries)

    def run_command(self, what, *words, at=None):
        at = ["--endpoint-url", self.url] if at is None else at
        started = time.monotonic()
        process = subprocess.Popen([self.command, *words, *at], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = []
        reader = threading.Thread(target=lambda: said.extend(process.stderr), daemon=True)
        reader.start()
        _, status, used = os.wait4(process.pid, 0)
        reader.join()
        took = time.monotonic() - started
        if status:
            sys.exit(f"{what} failed: {''.join(said[-5:])}")
        cpu = used.ru_utime + used.ru_stime
        print(f"{what:46} {took:9.1f} s  {cpu:9.1f} s of processor  {used.ru_maxrss / 1024:7.0f} MB", flush=True)

    def look_up(self, entries):
        """Callers that were never seen, each once: how long a decision takes, and what the process holds in the end."""
        draw = random.Random(1)
        names, callers = [], {}
        for _ in range(CALLERS):
            number = draw.randrange(self.given.members)
            name = f"user-{number:07}"
            names.append(name)
            tenant = self.tenants[number % len(self.tenants)]
            callers[name] = {"key": "es256", "claims": {"sub": name, "custom:tenant_id": tenant}}
        (self.folder / "callers.json").write_text(json.dumps(callers))
        settings = {
            "registry": {"table": "${registry.table}", "endpointUrl": "${registry.endpoint}", "cacheEntriesMax": entries},
            "issuers": [{"issuer": ISSUER, "audiences": ["https://gateway.example"], "algorithms": ["ES256"],
                         "claims": {"tenant": "custom:tenant_id"}, "keys": {"jwks": "JWKS"}}],
        }
        text = json.dumps(settings).replace('"JWKS"', "${jwks.main}")
        (self.folder / "settings.json").write_text(text)
        process = subprocess.Popen(
            [self.command, "invoke", "request", "--endpoint-url", self.url, "--settings", self.folder / "settings.json",
             "--callers", self.folder / "callers.json", "--key-dir", self.folder / "keys"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        passed, times, first, most = 0, [], 0, 0
        for index, name in enumerate(names):
            started = time.monotonic()
            process.stdin.write(event(name) + "\n")
            process.stdin.flush()
            passed += "transformedGatewayRequest" in process.stdout.readline()
            times.append(time.monotonic() - started)
            if index == 0:
                first = resident(process.pid)
            if index % 250 == 0:
                most = max(most, resident(process.pid))
        most = max(most, resident(process.pid))
        process.stdin.close()
        process.wait()
        times.sort()
        middle, late = times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000
        print(f"{CALLERS} new callers, cacheEntriesMax {entries:6}: {passed} let through, {middle:.2f} ms in the middle, "
              f"{late:.2f} ms for 99 of 100, the interceptor from {first:.0f} to {most:.0f} MB", flush=True)

    def write(self, version):
        folder = self.folder / str(version)
        (folder / "policies").mkdir(parents=True)
        for tenant in self.tenants:
            rules = []
            for number in range(self.given.rules):
                rule = {"ruleId": f"r{number}", "effect": "ALLOW", "resourceType": "TOOL",
                        "resources": [f"agent:tool:t{number % 10}___tool{number}"]}
                if number % 4 == version:
                    rule["principals"] = {"roles": [f"role{number % 3}"]}
                rules.append(rule)
            document = {"policyId": f"P-{tenant}", "tenantId": tenant, "rules": rules}
            (folder / "policies" / f"{tenant}.json").write_text(json.dumps(document))
        tenants = [{"tenantId": tenant, "status": "ACTIVE", "policyId": f"P-{tenant}"} for tenant in self.tenants]
        (folder / "tenants.json").write_text(json.dumps(tenants))

    def write_members(self):
        with open(self.folder / "members.csv", "w") as out:
            out.write("subject,tenantId,roles,status\n")
            for number in range(self.given.members):
                tenant = self.tenants[number % len(self.tenants)]
                out.write(f"user-{number:07},{tenant},role{number % 3},ACTIVE\n")


def event(name):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "t3___tool3", "arguments": {}}}
    headers = {"authorization": "Bearer ${token.%s}" % name, "content-type": "application/json"}
    request = {"path": "/mcp", "httpMethod": "POST", "headers": headers, "body": body, "context": None}
    return json.dumps({"interceptorInputVersion": "1.0", "mcp": {"gatewayRequest": request, "gatewayResponse": None}})


def resident(parent):
    """MB of the one child of a process."""
    children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    if not children:
        for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
            children += (task / "children").read_text().split()
    for child in children:
        found = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{child}/status").read_text())
        if found:
            return int(found.group(1)) / 1024
    return 0


if __name__ == "__main__":
    main()
