"""An OAuth 2.0 authorization server on a loopback port, for the tests of token exchange: idpyoidc's, with its own handler for
RFC 8693 and its default policy, which narrows scopes to those of the subject token and takes the audiences of a list.

On start one line of JSON goes to standard output: the address of the token endpoint, the keys (a JWK set), and two access tokens
of alice that the authorization code flow issued, one to the client "app" and one to "tenantgate", which may exchange both. The
argument is the JWK set with which "tenantgate" signs its assertions. It ends with its standard input.

What this version leaves open: the secret in a Basic header is not form-decoded (RFC 6749, section 2.3.1), so that it needs no
encoding here; a token that was exchanged for another client's has no `aud`; and its `exp` is a minute away, not `expires_in`.
"""

import json
import os
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

from cryptojwt.exception import JWKESTException
from idpyoidc.message.oauth2 import AccessTokenRequest, AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.authn_event import create_authn_event
from idpyoidc.server.configure import ASConfiguration
from idpyoidc.server.exception import ClientAuthenticationError, UnAuthorizedClient
from idpyoidc.server.user_authn.authn_context import INTERNETPROTOCOLPASSWORD

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
SECRET = "secret-of-tenantgate_2026.1"
KEYS = [{"type": "EC", "crv": "P-256", "use": ["sig"]}, {"type": "RSA", "key": "", "use": ["sig"]}]
MINTS = {"supports_minting": ["access_token"], "expires_in": 600}


def configuration(issuer):
    jwt = {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 600, "aud": []}}
    policy = {
        "function": "idpyoidc.server.oauth2.token_helper.validate_token_exchange_policy",
        "kwargs": {"audience": ["https://orders.example"], "resource": ["https://orders.example/mcp"]},
    }
    exchange = {
        "class": "idpyoidc.server.oauth2.token_helper.token_exchange.TokenExchangeHelper",
        "kwargs": {
            "subject_token_types_supported": [ACCESS_TOKEN],
            "requested_token_types_supported": [ACCESS_TOKEN],
            "policy": {"": policy},
        },
    }
    code = {"class": "idpyoidc.server.oauth2.token_helper.access_token.AccessTokenHelper"}
    return {
        "issuer": issuer,
        "httpc_params": {"verify": True, "timeout": 1},
        "keys": {"key_defs": KEYS, "uri_path": "jwks.json"},
        "endpoint": {
            "authorization": {
                "path": "authorization",
                "class": "idpyoidc.server.oauth2.authorization.Authorization",
                "kwargs": {},
            },
            "token": {
                "path": "token",
                "class": "idpyoidc.server.oauth2.token.Token",
                "kwargs": {
                    "client_authn_method": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
                    "grant_types_helpers": {"authorization_code": code, EXCHANGE: exchange},
                },
            },
        },
        "authentication": {
            "anon": {
                "acr": INTERNETPROTOCOLPASSWORD,
                "class": "idpyoidc.server.user_authn.user.NoAuthn",
                "kwargs": {"user": "alice"},
            }
        },
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {}}},
        "authz": {
            "class": "idpyoidc.server.authz.AuthzHandling",
            "kwargs": {
                "grant_config": {
                    "usage_rules": {
                        "authorization_code": {"supports_minting": ["access_token"], "max_usage": 1},
                        "access_token": MINTS,
                    },
                    "expires_in": 3600,
                }
            },
        },
        "token_handler_args": {
            "code": {"lifetime": 600, "kwargs": {"crypt_conf": crypt()}},
            "token": jwt,
        },
        "session_params": {"encrypter": crypt()},
    }


def crypt():
    keys = [{"type": "OCT", "use": ["enc"], "kid": "password"}, {"type": "OCT", "use": ["enc"], "kid": "salt"}]
    return {"kwargs": {"keys": {"key_defs": keys}, "iterations": 1}}


def register(server, client_keys):
    common = {
        "client_secret": SECRET,
        "redirect_uris": [("https://app.example/callback", None)],
        "client_salt": "salt",
        "response_types": ["code"],
        "allowed_scopes": ["orders.read", "orders.write", "orders.admin"],
    }
    clients = server.context.cdb
    clients["app"] = {**common, "grant_types_supported": ["authorization_code"]}
    clients["tenantgate"] = {**common, "grant_types_supported": ["authorization_code", EXCHANGE]}
    server.keyjar.import_jwks(client_keys, "tenantgate")


def subject_token(server, client):
    """The authorization code flow for alice at a client, without a browser."""
    request = AuthorizationRequest(
        client_id=client,
        redirect_uri="https://app.example/callback",
        scope=["orders.read", "orders.write"],
        state="state",
        response_type="code",
    )
    sessions = server.context.session_manager
    session = sessions.create_session(create_authn_event("alice"), request, "alice", client_id=client)
    grant = server.context.authz(session, request)
    code = grant.mint_token(
        session_id=session,
        context=server.context,
        token_class="authorization_code",
        token_handler=sessions.token_handler["authorization_code"],
        usage_rules=grant.usage_rules.get("authorization_code", {}),
    )
    asked = AccessTokenRequest(
        grant_type="authorization_code",
        client_id=client,
        client_secret=SECRET,
        code=code.value,
        redirect_uri="https://app.example/callback",
        state="state",
    )
    return answer(server, asked.to_dict(), {})["access_token"]


def answer(server, form, headers):
    endpoint = server.get_endpoint("token")
    try:
        request = endpoint.parse_request(form, {"headers": headers})
    except (UnAuthorizedClient, ClientAuthenticationError):
        return {"error": "invalid_client"}
    except JWKESTException:
        # Its handler says this of a token that is none, and leaves a bad signature to whoever calls it.
        return {"error": "invalid_request"}
    if "error" in request:
        return request
    outcome = endpoint.process_request(request=request)
    return outcome["response_args"] if "response_args" in outcome else outcome


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        form = self.rfile.read(int(self.headers["content-length"])).decode()
        given = self.headers.get("authorization")
        headers = {"authorization": given} if given else {}
        outcome = answer(self.server.oauth, dict(parse_qsl(form, strict_parsing=True)), headers)
        body = outcome.to_json() if hasattr(outcome, "to_json") else json.dumps(outcome)
        self.send_response(400 if "error" in outcome else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def main():
    listener = HTTPServer(("127.0.0.1", 0), Handler)
    issuer = f"http://127.0.0.1:{listener.server_port}/"
    server = Server(ASConfiguration(conf=configuration(issuer), base_path="."), cwd=".")
    server.context.map_supported_to_preferred()
    register(server, json.loads(sys.argv[1]))
    listener.oauth = server
    first = {"endpoint": issuer + "token", "keys": server.keyjar.export_jwks()}
    for client in ["app", "tenantgate"]:
        first[client] = subject_token(server, client)
    print(json.dumps(first), flush=True)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    sys.stdin.read()


# The library may write files where it runs.
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    main()
    os.chdir("/")
