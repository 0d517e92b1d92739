"""A runtime for many tenants: each request works with credentials of its own user's tenant, and with no others.

`POST /invocations` and `GET /ping` on port 8080 are what AgentCore Runtime calls. The user's token comes in `Authorization`, which the
runtime passes on only if its JWT authorizer is set and the header is in its allow-list.

Environment: TENANTGATE_SESSION_URL (where `tenantgate-session serve` listens), DATA_TABLE (a DynamoDB table with the keys `pk` and
`sk`), AWS_REGION; PORT, if not 8080.
"""

import http.client
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import boto3
import botocore.exceptions
import botocore.loaders
import botocore.session
from boto3.dynamodb.conditions import Key
from botocore.credentials import ContainerProvider, CredentialResolver

# Descriptions of AWS services are read from disk once for all sessions.
LOADER = botocore.loaders.create_loader()


# Longest body of a request.
PAYLOAD_BYTES_MAX = 1 << 20


class Refused(Exception):
    """The endpoint gives this user no session."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class TenantSession:
    """The tenant that the endpoint found, and AWS with its credentials. Do not keep it longer than the request."""

    tenant: str
    aws: boto3.Session


@contextmanager
def tenant_session(url, authorization):
    """A session for the user whose `Authorization` header this is; ended when the block is left."""
    opened = ask(url, "POST", "/sessions", authorization, 201)
    try:
        yield TenantSession(opened["tenant"], aws_session(opened))
    finally:
        try:
            ask(url, "DELETE", "/sessions", opened["authorizationToken"], 204)
        except (OSError, Refused):
            # It ends with the user's token in any case.
            pass


def aws_session(opened):
    """AWS with the credentials of one session: in objects of this request, as variables of the process are everybody's."""
    place = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": opened["credentialsUri"],
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": opened["authorizationToken"],
    }
    session = botocore.session.Session()
    session.register_component("data_loader", LOADER)
    # The only provider: where it fails there is no other that could step in with the runtime's own role.
    session.register_component("credential_provider", CredentialResolver([ContainerProvider(environ=place)]))
    return boto3.Session(botocore_session=session, region_name=os.environ["AWS_REGION"])


def ask(url, method, path, authorization, expected):
    """One request to the endpoint, past any proxy of the environment."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=15)
    try:
        connection.request(method, path, headers={"Authorization": authorization})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != expected:
        message = json.loads(body)["message"] if body else "no reason given"
        raise Refused(response.status, message)
    return json.loads(body) if body else None


def invoke(authorization, payload):
    """What the agent does for one request."""
    with tenant_session(os.environ["TENANTGATE_SESSION_URL"], authorization) as session:
        identity = session.aws.client("sts").get_caller_identity()
        table = session.aws.resource("dynamodb").Table(os.environ["DATA_TABLE"])
        # The role's policy allows keys that begin so; another tenant's key is refused by AWS, whatever stands here.
        found = table.query(KeyConditionExpression=Key("pk").eq(f"{session.tenant}#orders"))
        items = [item["sk"] for item in found["Items"]]
        return {"tenant": session.tenant, "arn": identity["Arn"], "orders": items, "echo": payload.get("prompt")}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/ping":
            self.answer(200, {"status": "Healthy"})
        else:
            self.answer(404, {"error": "there are GET /ping and POST /invocations"})

    def do_POST(self):
        if self.path != "/invocations":
            self.answer(404, {"error": "there are GET /ping and POST /invocations"})
            return
        authorizations = self.headers.get_all("Authorization", [])
        if len(authorizations) != 1:
            self.answer(401, {"error": "exactly one Authorization header is expected"})
            return
        payload = self.payload()
        if payload is None:
            self.answer(400, {"error": f"a JSON object of at most {PAYLOAD_BYTES_MAX} bytes with its Content-Length is expected"})
            return
        try:
            self.answer(200, invoke(authorizations[0], payload))
        except Refused as refused:
            self.answer(refused.status, {"error": str(refused)})
        except (OSError, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            print(f"{type(error).__name__}", flush=True)
            self.answer(502, {"error": "the tenant's data cannot be had at present"})

    def payload(self):
        """The body, if it is a JSON object; an empty one where there is none."""
        lengths = self.headers.get_all("Content-Length", ["0"])
        is_length = len(lengths) == 1 and lengths[0].isascii() and lengths[0].isdigit() and len(lengths[0]) <= 9
        if not is_length or "Transfer-Encoding" in self.headers or int(lengths[0]) > PAYLOAD_BYTES_MAX:
            return None
        try:
            payload = json.loads(self.rfile.read(int(lengths[0])) or b"{}")
        except (ValueError, RecursionError):
            return None
        return payload if isinstance(payload, dict) else None

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Requests have tokens in their headers: nothing of them is logged."""


def main():
    server = ThreadingHTTPServer((os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080"))), Handler)
    print(f"listening on port {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
