"""Verifies the tenant context that tenantgate sends. Needs `pip install "PyJWT[crypto]"`.

Load the key set once, and again when `UnknownKey` comes, at most every 30 seconds; call `verify` for each request.
As a command it reads the context from standard input: verify_context.py JWKS_FILE ISSUER AUDIENCE
"""

import json
import sys

import jwt

TYPE = "tenant-context+jwt"
TOKEN_BYTES_MAX = 4096
LEEWAY_SECONDS = 5


class Refused(Exception):
    """The context is not believed; the request is refused."""


class UnknownKey(Refused):
    """No key of this kid: perhaps a new one."""


class Keys:
    """The published keys, each with the one algorithm that it may verify."""

    def __init__(self, jwks):
        self._keys = {}
        for key in jwks["keys"]:
            kind = (key.get("kty"), key.get("crv"))
            algorithm = {("EC", "P-256"): "ES256", ("OKP", "Ed25519"): "EdDSA"}.get(kind)
            if algorithm and isinstance(key.get("kid"), str):
                self._keys[key["kid"]] = (algorithm, jwt.PyJWK(key, algorithm).key)

    def verify(self, token, issuer, audience):
        """The claims of a context that was sent to `audience`, which is this service's own name."""
        if not isinstance(token, str) or len(token) > TOKEN_BYTES_MAX:
            raise Refused("not a token")
        try:
            header = jwt.get_unverified_header(token)
            # Another token of the same signer must not be taken for this one.
            if header.get("typ") != TYPE:
                raise Refused("not a tenant context")
            if header.get("kid") not in self._keys:
                raise UnknownKey("no key of this kid")
            algorithm, key = self._keys[header["kid"]]
            # The algorithm is the key's, whatever the header says.
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                issuer=issuer,
                audience=audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "iat", "exp", "sub"], "strict_aud": True},
            )
        except jwt.PyJWTError as error:
            raise Refused(type(error).__name__) from None
        sub_id = claims.get("sub_id")
        is_whole = (
            isinstance(sub_id, dict)
            and sub_id.get("format") == "iss_sub"
            and sub_id.get("sub") == claims["sub"]
            and all(isinstance(claims.get(name), str) for name in ("tenant", "scope", "txn"))
            and claims["tenant"] != ""
        )
        if not is_whole:
            raise Refused("a claim is missing")
        return claims


def main():
    jwks_file, issuer, audience = sys.argv[1:]
    with open(jwks_file, encoding="utf-8") as file:
        keys = Keys(json.load(file))
    try:
        claims = keys.verify(sys.stdin.read().strip(), issuer, audience)
    except Refused as refused:
        print(f"refused: {refused}", file=sys.stderr)
        sys.exit(1)
    print(json.dumps(claims, sort_keys=True))


if __name__ == "__main__":
    main()
