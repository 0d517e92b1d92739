//! Secrets in URLs: user and password before the host, and parameters that carry a signature, a token or a password.

use std::ops::Range;

use super::text::Text;
use crate::redaction::MASK;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    find_user_info(text, found);
    find_parameters(text, found);
}

/// `scheme://user:password@host`: user and password, without the at sign.
fn find_user_info(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut place = 0;
    while let Some(colon) = text.next_byte(place, b':') {
        place = colon + 1;
        if !text.starts_with_at(colon, b"://") || !text.before(colon, 1).is_ascii_alphanumeric() {
            continue;
        }
        let start = colon + 3;
        place = text.end_of(start, is_of_authority);
        let authority = text.slice(start..place);
        let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else { continue };
        found.extend(credentials(text, start, start + at));
    }
}

/// User and password, or the one of them that is not masked; nothing where there is no colon or no secret.
fn credentials(text: Text<'_>, start: usize, end: usize) -> Option<Range<usize>> {
    let user_info = text.slice(start..end);
    let colon = user_info.iter().position(|byte| *byte == b':')?;
    let (user, password) = (start..start + colon, start + colon + 1..end);
    let is_user = is_value(text.slice(user.clone()));
    match (password.is_empty(), is_value(text.slice(password.clone()))) {
        (true, _) => is_user.then_some(start..end),
        (false, true) if is_masked(text.slice(user)) => Some(password),
        (false, true) => Some(start..end),
        (false, false) => None,
    }
}

/// `?token=..`, `&X-Amz-Signature=..`, `;password=..`: the value.
fn find_parameters(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut place = 0;
    while let Some(equals) = text.next_byte(place, b'=') {
        place = equals + 1;
        let name = text.start_of(equals, equals.saturating_sub(NAME_BYTES_MAX), is_of_name);
        let is_parameter = matches!(text.before(name, 1), b'?' | b'&' | b';' | b'#');
        if !is_parameter || !is_secret_name(text.slice(name..equals)) {
            continue;
        }
        let end = text.end_of(place, is_of_value);
        let end = text.start_of(end, place, |byte| matches!(byte, b'.' | b',' | b'!'));
        if is_value(text.slice(place..end)) {
            found.push(place..end);
            place = end;
        }
    }
}

fn is_secret_name(name: &[u8]) -> bool {
    SECRET_NAMES.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Neither empty nor masked, nor something in braces to be filled in.
fn is_value(value: &[u8]) -> bool {
    let is_template = value.starts_with(b"${") || value.starts_with(b"{") || value.starts_with(b"%7B");
    !value.is_empty() && !is_template && !is_masked(value)
}

fn is_masked(value: &[u8]) -> bool {
    value.windows(MASK.len()).any(|window| window == MASK.as_bytes())
}

fn is_of_authority(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\')
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn is_of_value(byte: u8) -> bool {
    byte > b' '
        && !matches!(
            byte,
            b'&' | b'#' | b';' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b'(' | b')' | b']' | b'}' | b'|'
        )
}

const NAME_BYTES_MAX: usize = 40;

/// Parameters whose values let somebody in.
const SECRET_NAMES: &[&[u8]] = &[
    // Pre-signed requests of AWS, Google and Azure.
    b"X-Amz-Signature",
    b"X-Amz-Credential",
    b"X-Amz-Security-Token",
    b"AWSAccessKeyId",
    b"X-Goog-Signature",
    b"X-Goog-Credential",
    b"Signature",
    b"sig",
    b"Key-Pair-Id",
    b"AccountKey",
    b"SharedAccessKey",
    b"SharedAccessSignature",
    // OAuth and the like.
    b"access_token",
    b"accesstoken",
    b"refresh_token",
    b"id_token",
    b"auth_token",
    b"authtoken",
    b"session_token",
    b"sessiontoken",
    b"client_secret",
    b"client_assertion",
    b"code_verifier",
    b"SAMLResponse",
    b"oauth_token",
    b"oauth_signature",
    b"jwt",
    b"token",
    b"auth",
    b"authorization",
    b"bearer",
    b"credential",
    b"credentials",
    b"secret",
    b"hmac",
    b"session_id",
    b"sessionid",
    // Keys and passwords.
    b"api_key",
    b"apikey",
    b"api-key",
    b"x-api-key",
    b"access_key",
    b"accesskey",
    b"secret_key",
    b"subscription-key",
    b"private_token",
    b"password",
    b"passwd",
    b"passphrase",
    b"pass",
    b"pwd",
];
