//! What is asked for when a target is called.

use serde::Deserialize;

use super::{TargetExchange, TokenType, is_printable};
use policy_registry::record::is_scope;

/// An entry of `targets` as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TargetDocument {
    #[serde(default)]
    audience: Option<String>,
    #[serde(default)]
    resource: Option<String>,
    #[serde(default)]
    scopes: Option<Vec<String>>,
    #[serde(default)]
    requested_token_type: Option<TokenType>,
}

impl TargetDocument {
    pub(super) fn check(self) -> Result<TargetExchange, String> {
        if self.audience.is_none() && self.resource.is_none() {
            return Err(": neither audience nor resource; the token would be for anybody".to_owned());
        }
        check_name(self.audience.as_deref()).map_err(|what| format!(".audience: {what}"))?;
        if self.resource.as_deref().is_some_and(|resource| !is_absolute_uri(resource)) {
            return Err(format!(
                ".resource: not an absolute URI of at most {IDENTIFIER_BYTES_MAX} bytes, without user and fragment"
            ));
        }
        let scopes = match self.scopes {
            None => Vec::new(),
            Some(scopes) if scopes.is_empty() => {
                return Err(".scopes: empty list; leave it out to name no scope".to_owned());
            }
            Some(scopes) => scopes,
        };
        check_scopes(&scopes)?;
        let (audience, resource, requested) = (self.audience, self.resource, self.requested_token_type);
        Ok(TargetExchange { audience, resource, scopes, requested })
    }
}

/// Checks the name of an audience, where there is one.
pub(super) fn check_name(name: Option<&str>) -> Result<(), String> {
    match name {
        Some(name) if !is_printable(name, IDENTIFIER_BYTES_MAX) => {
            Err(format!("not 1 to {IDENTIFIER_BYTES_MAX} printable ASCII characters"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Checks a list of scopes.
pub(super) fn check_scopes(scopes: &[String]) -> Result<(), String> {
    if scopes.len() > SCOPES_MAX {
        return Err(format!(".scopes: more than {SCOPES_MAX}"));
    }
    for (index, scope) in scopes.iter().enumerate() {
        if !is_scope(scope) || scope.len() > SCOPE_BYTES_MAX {
            return Err(format!(
                ".scopes[{index}]: not 1 to {SCOPE_BYTES_MAX} printable ASCII characters without space, \" and \\"
            ));
        }
        if scopes.iter().take(index).any(|other| other == scope) {
            return Err(format!(".scopes[{index}]: stands twice"));
        }
    }
    Ok(())
}

/// Whether an address has a user in it (RFC 3986, section 3.2.1).
pub(super) fn names_user(address: &str) -> bool {
    let authority = address.split_once("//").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    authority.is_some_and(|authority| authority.contains('@'))
}

/// Whether a text is an absolute URI with neither user nor fragment (RFC 3986, section 4.3; RFC 8707, section 2).
fn is_absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_uri = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    let is_short = !rest.is_empty() && text.len() <= IDENTIFIER_BYTES_MAX;
    is_scheme && is_short && !names_user(text) && rest.bytes().all(is_uri)
}

/// Most scopes of a target.
const SCOPES_MAX: usize = 100;

/// Longest scope, in bytes.
const SCOPE_BYTES_MAX: usize = 256;

/// Longest audience and longest resource, in bytes.
const IDENTIFIER_BYTES_MAX: usize = 2_048;
