//! What the headers of a request say of it: its protocol version and what its body is.

use crate::headers::{Found, Headers};

use super::fault::A2aFault;
use super::method::Version;

/// The protocol version that the headers say, if they say one.
pub(super) fn version(headers: &Headers<'_>) -> Result<Option<Version>, A2aFault> {
    let mut said = None;
    for name in ["a2a-version", "x-a2a-protocol-version"] {
        let version = match headers.find(name) {
            Found::Nothing => continue,
            Found::One(value) => Version::parse(value.trim_matches([' ', '\t'])).ok_or(A2aFault::Version)?,
            Found::Ambiguous => return Err(A2aFault::Version),
        };
        if said.is_some_and(|other| other != version) {
            return Err(A2aFault::Version);
        }
        said = Some(version);
    }
    Ok(said)
}

/// A body is JSON in UTF-8, whatever else is said of it.
pub(super) fn check_content_type(headers: &Headers<'_>) -> Result<(), A2aFault> {
    match headers.find("content-type") {
        Found::Nothing => Ok(()),
        Found::One(value) if is_json(&value) => Ok(()),
        Found::One(_) | Found::Ambiguous => Err(A2aFault::ContentType),
    }
}

fn is_json(value: &str) -> bool {
    let mut pieces = value.split(';').map(|piece| piece.trim_matches([' ', '\t']));
    let is_type = pieces.next().is_some_and(|kind| TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind)));
    is_type
        && pieces.all(|parameter| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                let is_utf_8 = ["utf-8", "\"utf-8\""].iter().any(|known| known.eq_ignore_ascii_case(value));
                is_token(name) && if name.eq_ignore_ascii_case("charset") { is_utf_8 } else { is_token(value) }
            })
        })
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&byte))
}

const TYPES: &[&str] = &["application/json", "application/a2a+json"];

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::*;

    #[test]
    fn a_body_is_said_to_be_json_or_nothing_is_said() {
        for value in
            ["application/json", "Application/A2A+JSON", "application/json; charset=UTF-8", "application/json;v=1"]
        {
            assert!(is_json(value), "{value}");
        }
        for value in [
            "",
            "text/plain",
            "application/json, text/plain",
            "application/json; charset=utf-16",
            "application/json;",
            "application/json; charset",
            "application/jsonx",
        ] {
            assert!(!is_json(value), "{value}");
        }
    }

    #[test]
    fn the_headers_say_one_version() {
        let check = |headers: &str, expected| {
            let document = json::parse(headers.as_bytes()).unwrap();
            assert_eq!(version(&Headers::new(Some(document.root()))), expected, "{headers}");
        };
        check("{}", Ok(None));
        check(r#"{"A2A-Version":"1.0"}"#, Ok(Some(Version::V1_0)));
        check(r#"{"x-a2a-protocol-version":"0.3.0","a2a-version":"0.3"}"#, Ok(Some(Version::V0_3)));
        check(r#"{"x-a2a-protocol-version":"0.3","a2a-version":"1.0"}"#, Err(A2aFault::Version));
        check(r#"{"a2a-version":"1.0","A2A-Version":"1.0"}"#, Err(A2aFault::Version));
        check(r#"{"a2a-version":["1.0"]}"#, Err(A2aFault::Version));
        check(r#"{"a2a-version":""}"#, Err(A2aFault::Version));
    }
}
