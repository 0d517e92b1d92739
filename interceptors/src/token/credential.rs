//! The one credential of a request.

use std::borrow::Cow;

use super::TokenFault;
use crate::headers::{Found, Headers};

/// What kind of credential an `Authorization` header has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// A bearer token (RFC 6750).
    Bearer,
    /// An AWS signature, which the gateway has checked if anybody has.
    SigV4,
    /// Anything else.
    Other,
}

/// The scheme of the one credential; none without one.
///
/// # Errors
/// [`TokenFault::AmbiguousCredential`].
pub(crate) fn scheme(headers: &Headers<'_>) -> Result<Option<Scheme>, TokenFault> {
    match headers.find(AUTHORIZATION) {
        Found::Nothing => Ok(None),
        Found::Ambiguous => Err(TokenFault::AmbiguousCredential),
        Found::One(value) => Ok(Some(Scheme::of(value.split(' ').next().unwrap_or_default()))),
    }
}

impl Scheme {
    fn of(word: &str) -> Scheme {
        if word.eq_ignore_ascii_case("bearer") {
            return Scheme::Bearer;
        }
        if SIGV4.iter().any(|own| word.eq_ignore_ascii_case(own)) { Scheme::SigV4 } else { Scheme::Other }
    }
}

/// The bearer token in an `Authorization` header (RFC 6750: one scheme, one space, one token).
pub(crate) fn credential<'h>(header: &'h Found<Cow<'_, str>>) -> Result<&'h str, TokenFault> {
    let value = match header {
        Found::Nothing => return Err(TokenFault::NoCredential),
        Found::Ambiguous => return Err(TokenFault::AmbiguousCredential),
        Found::One(value) => value.as_ref(),
    };
    let (word, token) = value.split_once(' ').ok_or(TokenFault::Scheme)?;
    match Scheme::of(word) {
        Scheme::Bearer => {}
        Scheme::SigV4 => return Err(TokenFault::SigV4),
        Scheme::Other => return Err(TokenFault::Scheme),
    }
    if token.contains(',') {
        return Err(TokenFault::AmbiguousCredential);
    }
    check_form(token)?;
    Ok(token)
}

/// A compact JWS by its characters and length.
pub(super) fn check_form(token: &str) -> Result<(), TokenFault> {
    let is_token = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_token && token.len() <= TOKEN_BYTES_MAX { Ok(()) } else { Err(TokenFault::Format) }
}

/// The one header that a credential is taken from.
pub(crate) const AUTHORIZATION: &str = "authorization";

/// Signature versions 4 and 4A.
const SIGV4: &[&str] = &["AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"];

/// Longest token, in bytes; API gateways and load balancers pass less.
const TOKEN_BYTES_MAX: usize = 16 * 1024;
