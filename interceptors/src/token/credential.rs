//! The one credential of a request.

use std::borrow::Cow;

use super::TokenFault;
use crate::headers::Found;

/// The bearer token in an `Authorization` header (RFC 6750: one scheme, one space, one token).
pub(super) fn credential<'h>(header: &'h Found<Cow<'_, str>>) -> Result<&'h str, TokenFault> {
    let value = match header {
        Found::Nothing => return Err(TokenFault::NoCredential),
        Found::Ambiguous => return Err(TokenFault::AmbiguousCredential),
        Found::One(value) => value.as_ref(),
    };
    let (scheme, token) = value.split_once(' ').ok_or(TokenFault::Scheme)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(TokenFault::Scheme);
    }
    if token.contains(',') {
        return Err(TokenFault::AmbiguousCredential);
    }
    let is_token = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_token && token.len() <= TOKEN_BYTES_MAX { Ok(token) } else { Err(TokenFault::Format) }
}

/// Longest token, in bytes; API gateways and load balancers pass less.
const TOKEN_BYTES_MAX: usize = 16 * 1024;
