//! The endpoint's reasons, of which only registered words are repeated.

use policy_model::json;

/// The registered error code in the body of an error answer (RFC 6749, section 5.2); none for anything else in it.
pub(super) fn find(body: &[u8]) -> Option<&'static str> {
    let document = json::parse(body).ok()?;
    let error = document.root().get("error")?;
    REGISTERED.iter().copied().find(|code| error.is_str(code))
}

/// Codes of token endpoints.
const REGISTERED: &[&str] = &[
    // RFC 6749, section 5.2.
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    // RFC 6749, section 4.1.2.1: registered for another endpoint, and sent by this one as well.
    "access_denied",
    "server_error",
    "temporarily_unavailable",
    // RFC 8707, section 2.
    "invalid_target",
    // RFC 9396, section 5.
    "invalid_authorization_details",
    // RFC 9449, sections 5 and 8.
    "invalid_dpop_proof",
    "use_dpop_nonce",
];
