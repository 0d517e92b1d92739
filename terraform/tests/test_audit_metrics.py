"""That the metrics count the audit lines they are meant to: those of the fixtures, and those that the interceptors really print."""

import http.server
import json
import os
import queue
import re
import subprocess
import threading
import time

import pytest

from conftest import ROOT, TOOLS
from metric_filter import matches
from test_emulator import Stack

REPOSITORY = ROOT.parent
FILTERS = 'module.interceptors.aws_cloudwatch_log_metric_filter.audit["request-{}"]'
CANARY_FILTER = "module.interceptors.aws_cloudwatch_log_metric_filter.canary[0]"
CANARY_TARGET = "module.interceptors.aws_cloudwatch_event_target.canary[0]"

# The caller's own doing, or the target's: neither denied by a policy nor a fault. A new code belongs here or into modules/interceptors/logs.tf.
OTHERS = {
    *("ACTOR_REQUIRED", "AGENT_SUSPENDED", "AGENT_UNKNOWN", "ANSWER_MISSING", "ANSWER_UNREADABLE"),
    *("ARGUMENTS_CONTROL_CHARACTER", "ARGUMENTS_LIMIT", "ARGUMENTS_TYPE", "ARGUMENTS_UNRESOLVED", "COMPLETION_REFERENCE"),
    *("CONTEXT_TOO_LONG", "CREDENTIAL_AMBIGUOUS", "CREDENTIAL_MISSING", "CREDENTIAL_SCHEME", "CREDENTIAL_SIGV4"),
    *("DECISION_CONTEXT_TOO_LARGE", "EXCHANGE_SCOPE", "HEADER_MISMATCH", "HEADER_UNRESOLVED"),
    *("HTTP_BODY", "HTTP_BODY_ENCODING", "HTTP_BODY_PRESENCE", "HTTP_CONTENT_TYPE", "HTTP_METHOD", "HTTP_PATH", "HTTP_QUERY", "HTTP_REQUEST"),
    *("HTTP_RUNTIME_USER", "IAM_PRINCIPAL", "KILLED", "MEMBER_SUSPENDED", "METHOD_NOT_IN_VERSION", "METHOD_UNKNOWN", "NAME", "NOT_A_MEMBER"),
    *("PARAMS_TYPE", "PIN_CHANGED", "PROMPT_NAME", "PROTOCOL_VERSION", "RAW_BODY_MISMATCH", "REDACTION_OPAQUE", "REDACTION_WORK"),
    *("REPLY_TOO_LARGE", "RESOURCE_URI", "ROUTE_SUSPENDED", "ROUTE_UNBOUND"),
    *("TASK_CONFLICT", "TASK_EXPIRED", "TASK_FOREIGN", "TASK_ID", "TASK_UNKNOWN"),
    *("TENANT_AMBIGUOUS", "TENANT_FOREIGN", "TENANT_SELECTOR", "TENANT_SUSPENDED", "TENANT_UNKNOWN", "TOOL_NAME"),
}
# What a caller's body, a token endpoint or a target's list of tools brings about alone.
OUTSIDERS = {"EVENT_UNREADABLE", "EXCHANGE_ISSUER", "EXCHANGE_REFUSED", "PIN_CHANGES_TOO_MANY", "ANSWER_UNREADABLE", "ARGUMENTS_LIMIT", "RAW_BODY_MISMATCH"}
OTHER_FAMILIES = ("A2A_", "INFERENCE_", "MESSAGE_", "TOKEN_")
# Where the codes stand. What fetches or reads nothing that is refused has none.
CODES = ["refusal/code.rs", "token/fault.rs", "token_exchange.rs", "tenant_context.rs", "http/fault.rs", "a2a/fault.rs", "inference/fault.rs"]


@pytest.fixture(scope="module")
def planned(terraform, moto):
    return Stack(terraform, moto).planned()


@pytest.fixture(scope="module")
def patterns(planned):
    return {name: planned[FILTERS.format(name)]["pattern"] for name in ("decisions", "refusals", "denials", "residue", "suspicious", *fault_filters(planned))}


def test_every_reason_of_a_refusal_is_somebody_s(patterns):
    codes = reason_codes()
    known = {name: {code for code in codes if matches(pattern, line({"effect": "DENY", "reason": code}))} for name, pattern in patterns.items()}
    faults = set().union(*(known[name] for name in known if name.startswith("faults-")))
    others = {code for code in codes if code in OTHERS or code.startswith(OTHER_FAMILIES)}
    assert sorted(codes - known["denials"] - faults - known["residue"] - known["suspicious"] - others) == [], "codes that nobody has sorted"
    assert OTHERS - codes == set(), "codes that are none any more"
    classes = [known["denials"], known["residue"], known["suspicious"], others, *(known[name] for name in known if name.startswith("faults-"))]
    assert sum(map(len, classes)) == len(codes), "a code is in two classes"
    assert OUTSIDERS <= known["suspicious"] | others, "nobody outside shall ring the operator's alarm"
    assert known["refusals"] == known["decisions"] == codes


def test_patterns_name_only_codes_that_there_are(patterns):
    named = set(re.findall(r'\$\.reason = "([^"]+)"', " ".join(patterns.values())))
    assert named <= reason_codes(), named - reason_codes()


def test_patterns_fit_a_filter(patterns):
    assert {name: len(pattern) for name, pattern in patterns.items() if len(pattern) > 1024} == {}


def test_lines_of_the_fixtures_are_counted(patterns):
    counted = dict.fromkeys(patterns, 0)
    lines = 0
    for path in (REPOSITORY / "fixtures/exchanges").glob("**/audit.json"):
        audit = json.loads(path.read_text())
        lines += 1
        for name, pattern in patterns.items():
            counted[name] += matches(pattern, line(audit))
    assert lines > 1000
    assert counted["decisions"] == lines
    assert lines > counted["refusals"] > counted["denials"] > 0
    assert counted["residue"] > 0
    assert all(counted[name] > 0 for name in fault_filters(counted)), counted


def test_other_lines_are_not_counted(patterns):
    for other in ('{"target":"tenantgate::operator","reason":"SETTINGS","effect":"DENY"}', '{"type":"platform.report"}', "not JSON"):
        assert [name for name, pattern in patterns.items() if matches(pattern, other)] == []


def test_allowed_decisions_are_no_refusals(patterns):
    allowed = line({"effect": "ALLOW", "reason": "ALLOW_RULE"})
    assert [name for name, pattern in patterns.items() if matches(pattern, allowed)] == ["decisions"]


def test_real_lines_are_counted_as_faults_without_settings(patterns):
    [printed] = audit_lines(*run("request-interceptor", {}, settings=None))
    assert [name for name, pattern in patterns.items() if matches(pattern, printed)] == ["decisions", "refusals", "faults-program"]


@pytest.mark.parametrize("more", [{}, {"iam": {"principals": [{"arn": "arn:aws:iam::123456789012:role/batch", "client": "batch"}]}}], ids=["issuers", "iam"])
def test_the_canary_is_refused_before_the_registry_is_asked(planned, patterns, more):
    # Nothing listens there: a question to the registry, or for keys, would be another reason.
    settings = {
        "registry": {"table": "tenantgate-registry", "endpointUrl": "http://127.0.0.1:9"},
        "issuers": [{"issuer": "https://idp.example", "audiences": ["a"], "algorithms": ["ES256"], "keys": {"url": "http://127.0.0.1:9/keys"}}],
    }
    event = json.loads(planned[CANARY_TARGET]["input"])
    reply, output = run("request-interceptor", event, settings | more)
    assert "transformedGatewayResponse" in reply["mcp"] and "transformedGatewayRequest" not in reply["mcp"]
    [printed] = audit_lines(reply, output)
    assert json.loads(printed)["reason"] == "CREDENTIAL_MISSING", printed
    assert matches(planned[CANARY_FILTER]["pattern"], printed)
    assert not any(matches(patterns[name], printed) for name in ("denials", *fault_filters(patterns)))


def test_another_refusal_is_not_the_canary_s(planned):
    event = json.loads(planned[CANARY_TARGET]["input"])
    event["mcp"]["gatewayRequest"]["body"]["params"]["name"] = "orders___getOrder"
    event["mcp"]["rawGatewayRequest"]["body"] = json.dumps(event["mcp"]["gatewayRequest"]["body"])
    pattern = planned[CANARY_FILTER]["pattern"]
    [printed] = audit_lines(*run("request-interceptor", event, settings=None))
    assert not matches(pattern, printed)
    assert not matches(pattern, line({"effect": "DENY", "reason": "SETTINGS", "tool": "tenantgate-canary___probe"}))
    assert not matches(pattern, line({"effect": "DENY", "reason": "CREDENTIAL_MISSING", "tool": "orders___getOrder"}))


def fault_filters(names):
    found = [re.sub(r'.*"request-(.*)"\]', r"\1", name) for name in names]
    return sorted(name for name in found if name.startswith("faults-"))


def reason_codes():
    codes = set()
    for path in CODES:
        source = (REPOSITORY / "interceptors/src" / path).read_text()
        body = source[source.index("fn code(") :]
        codes |= set(re.findall(r'=> "([A-Z][A-Z0-9_]+)"', body[: body.index("\n    }\n")]))
    assert len(codes) > 100
    return codes


def line(audit):
    """As the log writes a line (interceptors/src/log.rs): all fields at the top."""
    return json.dumps({"timestamp": "2026-11-22T12:00:00.000000Z", "level": "INFO", "decisionId": "1"} | audit | {"cache": "NONE", "target": "tenantgate::audit"})


def audit_lines(reply, output):
    assert reply["interceptorOutputVersion"] == "1.0"
    return [printed for printed in output.splitlines() if '"target":"tenantgate::audit"' in printed]


def run(program, event, settings):
    """One invocation of the real program, by way of a Lambda Runtime API: its reply, and what it printed."""
    binary = TOOLS / "debug" / program
    if not binary.exists():
        pytest.skip(f"{program} is not built: make build")
    replies = queue.Queue()
    events = queue.Queue()
    events.put(json.dumps(event).encode())

    class Runtime(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = events.get()
            if body is None:
                return
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", "11111111-2222-3333-4444-555555555555")
            self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 10_000))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:tenantgate-request:live")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            replies.put((self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0))))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Runtime)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TENANTGATE_"))} | {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
        "AWS_LAMBDA_FUNCTION_NAME": "tenantgate-request",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    if settings is not None:
        environment["TENANTGATE_SETTINGS"] = json.dumps(settings)
    process = subprocess.Popen([binary], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        path, body = replies.get(timeout=30)
    except queue.Empty:
        process.kill()
        pytest.fail(f"{program} did not answer: {process.communicate()}", pytrace=False)
    finally:
        process.kill()
        output = process.communicate()[0]
        events.put(None)
        server.shutdown()
    assert path.endswith("/response"), (path, body)
    return json.loads(body), output
