//! What is wrong with credentials, tokens and whom they name.

use super::{Reason, reason};

pub(super) const REASONS: &[Reason] = &[
    reason(
        "CREDENTIAL_MISSING",
        "There is no `Authorization` header.",
        "Send a bearer token; check that the gateway passes the header on to the interceptor.",
    ),
    reason(
        "CREDENTIAL_AMBIGUOUS",
        "There is more than one `Authorization` header, or one that is no string.",
        "Send exactly one.",
    ),
    reason("CREDENTIAL_SCHEME", "The credential has another scheme than `Bearer`.", "Send a bearer token."),
    reason(
        "CREDENTIAL_SIGV4",
        "The credential is an AWS signature, and no setting lets such callers in.",
        "Set `iam`, if AWS principals are to call; AgentCore's own probes look like this and need nothing.",
    ),
    reason(
        "IAM_PRINCIPAL",
        "The AWS principal is nobody's, or several clients'.",
        "Register it for exactly one client in the settings' `iam`.",
    ),
    reason(
        "TOKEN_FORMAT",
        "The token is not a compact JWS of three parts, or is too long.",
        "Send the access token itself, not an opaque or an encrypted one.",
    ),
    reason(
        "TOKEN_HEADER",
        "The token's header has a member that changes what the signature means, or one that stands twice.",
        "Use tokens of a plain JWS header; it is the issuer's to correct.",
    ),
    reason(
        "TOKEN_ALGORITHM",
        "The token is signed with an algorithm that the issuer may not use.",
        "List it in the issuer's `algorithms`, or have the issuer use one that is listed.",
    ),
    reason(
        "TOKEN_KIND",
        "The token is of another kind than an access token.",
        "Send the access token, not the ID token.",
    ),
    reason(
        "TOKEN_ISSUER",
        "No issuer of the settings has that name.",
        "Add the issuer, or compare its name byte by byte, with the slash at its end.",
    ),
    reason(
        "TOKEN_KEY",
        "The issuer has no usable key of the token's `kid`.",
        "See whether the issuer has changed its keys, and whether its JWKS is the right one.",
    ),
    reason(
        "KEYS_UNAVAILABLE",
        "The issuer's keys cannot be had.",
        "Look at the lines of `tenantgate::keys`, and at the function's way out to the issuer.",
    ),
    reason("TOKEN_SIGNATURE", "The signature does not fit the key.", "The token is of another environment, or forged."),
    reason(
        "TOKEN_CLAIMS",
        "The claims are no object, one has a wrong type, one stands twice, or `exp` is missing.",
        "It is the issuer's to correct.",
    ),
    reason("TOKEN_EXPIRED", "The token is not valid any more.", "Renew it; if it is new, compare the clocks."),
    reason("TOKEN_NOT_YET_VALID", "The token is not valid yet.", "Compare the clocks, and look at `leewaySeconds`."),
    reason(
        "TOKEN_AUDIENCE",
        "The token is meant for somebody else.",
        "Ask the issuer for a token of the gateway's API, or add the audience to the settings.",
    ),
    reason(
        "TOKEN_CLIENT",
        "The token was issued to a client that is not listed, to none, or to two that disagree.",
        "List the client in `clientIds` of the issuer.",
    ),
    reason(
        "TOKEN_TENANT",
        "The tenant claim is absent, or is not one tenant id.",
        "Have the issuer write it, or let the tenant come from memberships with `tenantSelection`.",
    ),
    reason(
        "TOKEN_ISSUER_TENANT",
        "The issuer may not speak for that tenant.",
        "Add the tenant to the issuer's `tenants`, if it may.",
    ),
    reason(
        "TENANT_SELECTOR",
        "The header that selects a tenant stands there several times, or is not one tenant id.",
        "Send one, with a tenant id.",
    ),
    reason(
        "TOKEN_USER",
        "The user claim is absent, or is not one user id.",
        "Name another claim in the settings, such as one without spaces.",
    ),
    reason(
        "TOKEN_MACHINE_CLIENT",
        "The token is a machine's, and no setting lets machines in.",
        "Set `machineClients` to REGISTERED, and register the client.",
    ),
    reason(
        "TOKEN_ROLES",
        "The roles are too many for the token, which names them elsewhere.",
        "Use app roles, or fewer groups.",
    ),
    reason(
        "TOKEN_ACTOR",
        "The actor is not a chain of ids of this issuer, or is longer than 8.",
        "It is the issuer's to correct.",
    ),
    reason(
        "ACTOR_REQUIRED",
        "A policy wants an agent to call for users, and the token names none.",
        "Have the agent get a token for the user, with itself as actor (`act`).",
    ),
    reason(
        "TENANT_FOREIGN",
        "The request names another tenant than the caller's.",
        "Leave it out; the tenant comes from the token.",
    ),
];
