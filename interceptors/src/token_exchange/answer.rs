//! What a token endpoint answers, taken strictly.

use std::sync::Arc;

use policy_model::json::{self, Kind, Value};
use policy_registry::record::is_scope;

use super::{ExchangeFault, Failure};
use crate::settings::TokenType;

/// A token that was issued.
pub(super) struct Issued {
    pub(super) token: Arc<str>,
    /// Its life in seconds; none: the endpoint does not say.
    pub(super) lifetime: Option<u64>,
}

/// The answer to a token exchange (RFC 8693, section 2.2.1).
pub(super) fn exchanged(body: &[u8], asked: &[&str], requested: Option<TokenType>) -> Result<Issued, Failure> {
    read(body, |answer| {
        let kind = answer.get("issued_token_type");
        let is_kind = |kind_asked: TokenType| kind.is_some_and(|kind| kind.is_str(kind_asked.urn()));
        let is_fit = match requested {
            Some(requested) => is_kind(requested),
            None => is_kind(TokenType::AccessToken) || is_kind(TokenType::Jwt),
        };
        if !is_fit {
            return Err(Failure::answer("issued_token_type is not what was asked for"));
        }
        issued(answer, asked)
    })
}

/// The answer to a client's own request (RFC 6749, section 5.1).
pub(super) fn granted<'s>(body: &[u8], asked: impl IntoIterator<Item = &'s String>) -> Result<Issued, Failure> {
    let asked: Vec<&str> = asked.into_iter().map(String::as_str).collect();
    read(body, |answer| issued(answer, &asked))
}

fn read(body: &[u8], take: impl FnOnce(Value<'_>) -> Result<Issued, Failure>) -> Result<Issued, Failure> {
    let document = json::parse(body).map_err(|_| Failure::answer("not JSON"))?;
    let answer = document.root();
    if answer.kind() != Kind::Object {
        return Err(Failure::answer("not a JSON object"));
    }
    if answer.duplicate_name().is_some() {
        return Err(Failure::answer("a member stands twice"));
    }
    take(answer)
}

fn issued(answer: Value<'_>, asked: &[&str]) -> Result<Issued, Failure> {
    let kind = answer.get("token_type").and_then(Value::as_str);
    if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
        return Err(Failure::answer("token_type is not Bearer"));
    }
    let token = answer.get("access_token").and_then(Value::as_str).filter(|token| is_b64token(token));
    let Some(token) = token.filter(|token| token.len() <= TOKEN_BYTES_MAX) else {
        return Err(Failure::answer("access_token is not a bearer token that fits a header"));
    };
    let lifetime = match answer.get("expires_in") {
        None => None,
        Some(seconds) => Some(positive(seconds).ok_or(Failure::answer("expires_in is not a positive integer"))?),
    };
    if let Some(scope) = answer.get("scope") {
        let scope = scope.as_str().ok_or(Failure::answer("scope is not a string"))?;
        if !scope.split(' ').all(is_scope) {
            return Err(Failure::answer("scope is not a list of scopes"));
        }
        if !asked.is_empty() && !scope.split(' ').all(|granted| asked.contains(&granted)) {
            let problem = "more scopes were granted than asked for";
            return Err(Failure { fault: ExchangeFault::Scope, problem, error: None });
        }
    }
    Ok(Issued { token: token.as_ref().into(), lifetime })
}

/// A number that is written as digits alone and is not zero.
fn positive(value: Value<'_>) -> Option<u64> {
    match value.kind() {
        Kind::Number => value.text().parse().ok().filter(|seconds| *seconds > 0),
        Kind::Null | Kind::Bool | Kind::String | Kind::Array | Kind::Object => None,
    }
}

/// Whether a text can stand after `Bearer ` in a header (RFC 6750, section 2.1).
pub(crate) fn is_b64token(text: &str) -> bool {
    let token = text.trim_end_matches('=');
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

/// Longest token, in bytes: with `Bearer ` before it a header value has 4,096 at most (AgentCore quota).
const TOKEN_BYTES_MAX: usize = 4_096 - "Bearer ".len();
