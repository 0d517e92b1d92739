//! What the gateway sends: the bytes of an invocation to an [`Event`] of the `mcp` family; those of the `http` family have
//! their own reader.
//!
//! Unknown members are ignored, absent and `null` are the same (the gateway's guide shows both), and what is there must
//! have the documented type.

use std::borrow::Cow;

use policy_model::json::{Document, Kind, Value};

use crate::headers::{Found, Headers};
use crate::names::Names;

/// Which of the two interception points an event belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Before the target.
    Request,
    /// After it.
    Response,
}

/// The payload family of an event, told by its top-level member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Lambda, OpenAPI, Smithy, API Gateway and MCP-server targets.
    Mcp,
    /// Runtime, passthrough, agent-to-agent and inference targets.
    Http,
    /// Both members, or neither, or it cannot be read.
    Unclear,
}

/// An event of the `mcp` family, or one within a target that speaks MCP.
#[derive(Debug, Clone)]
pub struct Event<'d> {
    /// The HTTP method, where the event has one.
    pub http_method: Option<Cow<'d, str>>,
    /// The caller's headers; empty unless the gateway is told to pass them.
    pub headers: Headers<'d>,
    /// The AWS principal that the gateway itself names, where it authorizes by IAM.
    pub aws_principal: Found<Cow<'d, str>>,
    /// The parsed message.
    pub body: Option<Value<'d>>,
    /// The message as the caller wrote it.
    pub raw_body: Option<Cow<'d, str>>,
    /// What the target answered, at the RESPONSE point.
    pub response: Option<GatewayResponse<'d>>,
    /// Whose names the message uses; the gateway's in the `mcp` family.
    pub names: Names<'d>,
}

/// What the target answered.
#[derive(Debug, Clone)]
pub struct GatewayResponse<'d> {
    /// The HTTP status as written; absent in the later events of a stream.
    pub status: Option<&'d str>,
    /// The answer, a JSON-RPC message.
    pub body: Option<Value<'d>>,
}

/// Why an event cannot be taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventFault {
    /// Both families or neither.
    UnclearFamily,
    /// Another `interceptorInputVersion` than `1.0`.
    Version,
    /// A member of another type than documented, or one that stands twice.
    Shape,
}

impl<'d> Event<'d> {
    /// Takes an event apart.
    ///
    /// # Errors
    /// [`EventFault`]: the event must be refused.
    pub fn parse(document: &'d Document<'_>) -> Result<Event<'d>, EventFault> {
        let root = document.root();
        match family(root) {
            Family::Mcp => {}
            Family::Http | Family::Unclear => return Err(EventFault::UnclearFamily),
        }
        check_version(root)?;
        let mcp = object(root, "mcp")?.ok_or(EventFault::Shape)?;
        let request = object(mcp, "gatewayRequest")?;
        let raw = object(mcp, "rawGatewayRequest")?;
        let response = object(mcp, "gatewayResponse")?;
        let envelopes = [Some(root), Some(mcp), request, raw, response];
        if envelopes.into_iter().flatten().any(|envelope| envelope.own_duplicate_name().is_some()) {
            return Err(EventFault::Shape);
        }
        let headers = match request {
            Some(request) => object(request, "headers")?,
            None => None,
        };
        Ok(Event {
            http_method: text(request, "httpMethod")?,
            headers: Headers::new(headers),
            aws_principal: request.map_or(Found::Nothing, aws_principal),
            body: request.and_then(|request| present(request, "body")),
            raw_body: text(raw, "body")?,
            response: response.map(GatewayResponse::parse).transpose()?,
            names: Names::GATEWAY,
        })
    }
}

impl<'d> GatewayResponse<'d> {
    fn parse(response: Value<'d>) -> Result<GatewayResponse<'d>, EventFault> {
        let status = match present(response, "statusCode") {
            None => None,
            Some(status) if is_status(status.text()) => Some(status.text()),
            Some(_) => return Err(EventFault::Shape),
        };
        Ok(GatewayResponse { status, body: present(response, "body") })
    }
}

/// The `context.identity.awsPrincipalArn` of a request. Its form is not documented: whatever else is there is no principal.
pub(crate) fn aws_principal(request: Value<'_>) -> Found<Cow<'_, str>> {
    let Some(context) = present(request, "context") else { return Found::Nothing };
    let Some(identity) = present(context, "identity") else { return Found::Nothing };
    if [context, identity].iter().any(|object| object.own_duplicate_name().is_some()) {
        return Found::Ambiguous;
    }
    match present(identity, "awsPrincipalArn") {
        None => Found::Nothing,
        Some(arn) => arn.as_str().map_or(Found::Ambiguous, Found::One),
    }
}

/// The family of an event that may be anything.
pub fn family(root: Value<'_>) -> Family {
    let has = |name: &str| root.members().any(|member| member.name.is_str(name));
    match (has("mcp"), has("http")) {
        (true, false) => Family::Mcp,
        (false, true) => Family::Http,
        (true, true) | (false, false) => Family::Unclear,
    }
}

/// The family of an event that is not JSON, so that the refusal has the right shape: the names at its top level, found by
/// counting braces. Nothing is decided on it.
pub fn family_of_unreadable(bytes: &[u8]) -> Family {
    let (mut depth, mut at) = (0_usize, 0_usize);
    let (mut is_mcp, mut is_http) = (false, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let start = at + 1;
                at = end_of_string(bytes, start);
                let after = bytes.get(at + 1..).unwrap_or_default();
                let is_name = after.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
                if depth == 1 && is_name {
                    is_mcp |= bytes.get(start..at) == Some(b"mcp");
                    is_http |= bytes.get(start..at) == Some(b"http");
                }
            }
            _ => {}
        }
        at += 1;
    }
    match (is_mcp, is_http) {
        (true, false) => Family::Mcp,
        (false, true) => Family::Http,
        (true, true) | (false, false) => Family::Unclear,
    }
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Events of other versions may mean something else.
pub(crate) fn check_version(root: Value<'_>) -> Result<(), EventFault> {
    let is_known = root.get("interceptorInputVersion").is_some_and(|version| version.is_str("1.0"));
    if is_known { Ok(()) } else { Err(EventFault::Version) }
}

/// A member that is there and not `null`.
pub(crate) fn present<'d>(object: Value<'d>, name: &str) -> Option<Value<'d>> {
    object.get(name).filter(|value| match value.kind() {
        Kind::Null => false,
        Kind::Bool | Kind::Number | Kind::String | Kind::Array | Kind::Object => true,
    })
}

pub(crate) fn object<'d>(parent: Value<'d>, name: &str) -> Result<Option<Value<'d>>, EventFault> {
    match present(parent, name) {
        None => Ok(None),
        Some(value) if value.kind() == Kind::Object => Ok(Some(value)),
        Some(_) => Err(EventFault::Shape),
    }
}

pub(crate) fn text<'d>(parent: Option<Value<'d>>, name: &str) -> Result<Option<Cow<'d, str>>, EventFault> {
    match parent.and_then(|parent| present(parent, name)) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or(EventFault::Shape),
    }
}

pub(crate) fn is_status(text: &str) -> bool {
    text.len() == 3 && text.starts_with(['1', '2', '3', '4', '5']) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_of_broken_text_is_found_at_its_top_level_only() {
        let check = |text: &str, family| assert_eq!(family_of_unreadable(text.as_bytes()), family, "{text}");
        check(r#"{"mcp": {"http": {"#, Family::Mcp);
        check(r#"{"a": ["mcp"], "http" : {"#, Family::Http);
        check(r#"{"mcp": {}, "http": {"#, Family::Unclear);
        check(r#"{"x": "mcp", "y": "\"http\":"#, Family::Unclear);
        check("", Family::Unclear);
    }
}
