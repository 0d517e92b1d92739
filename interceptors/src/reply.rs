//! What goes back to the gateway: JSON text of the documented shape, always with its version.

mod http;

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::Permit;
use policy_model::header::Header;
use policy_model::json::{Value, quote};

use crate::event::{Family, Point};
use crate::http::dialect::Dialect;
use crate::message::Message;
use crate::method::SUPPORTED;
use crate::outgoing::{Argument, Outgoing};
use crate::refusal::{DENIED, Refusal, UNSUPPORTED_VERSION};
use crate::reserved;
use crate::settings::RefusalMode;

pub(crate) use http::{Body, Goes, Sent};

/// A reply, as JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply(String);

/// To whom and how a refusal is said.
#[derive(Debug, Clone)]
pub struct Addressee {
    /// The family of the event.
    pub family: Family,
    /// The request's id as written, if a refusal may echo it.
    pub id: Option<String>,
    /// What kind of message is answered.
    pub kind: Asked,
    /// The protocol version that a message of 2026-07-28 or later asks for, where it is a short word.
    pub requested_version: Option<String>,
    /// Whether a `statusCode` may be set: at the RESPONSE point only where the event has one.
    pub takes_status: bool,
}

/// What kind of message a refusal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A tool call, whose refusal may be a tool result.
    ToolCall,
    /// Another request, or something that cannot be told.
    Request,
    /// A notification: nothing that looks like an answer may be sent.
    Notification,
}

impl Addressee {
    /// Somebody of whom nothing can be read.
    pub fn unknown(point: Point) -> Addressee {
        let takes_status = match point {
            Point::Request => true,
            Point::Response => false,
        };
        Addressee { family: Family::Unclear, id: None, kind: Asked::Request, requested_version: None, takes_status }
    }
}

impl Reply {
    /// Sends a permitted message on, with what goes along with it over whatever the caller sent.
    pub(crate) fn forward(permit: Permit<Message<'_>>, outgoing: &Outgoing) -> Reply {
        let body = written(permit.into_subject().body, outgoing.argument.as_ref());
        let headers = header_members(&outgoing.headers);
        Reply(format!(
            "{{{VERSION},\"mcp\":{{\"transformedGatewayRequest\":{{\"headers\":{{{headers}}},\"body\":{body}}}}}}}"
        ))
    }

    /// Hands an answer back to the caller.
    pub fn answer(body: &str, status: Option<&str>) -> Reply {
        let status = status.map(|status| format!("\"statusCode\":{status},")).unwrap_or_default();
        Reply(format!("{{{VERSION},\"mcp\":{{\"transformedGatewayResponse\":{{{status}\"body\":{body}}}}}}}"))
    }

    /// Sends on what is permitted at a path, with what goes along with it over whatever the caller sent.
    pub(crate) fn forward_http(permit: Permit<impl Goes>, outgoing: &Outgoing) -> Reply {
        let body = match permit.into_subject().body(outgoing.argument.as_ref()) {
            None => String::new(),
            Some(Body::Encoded(text)) => format!(",\"body\":{text}"),
            Some(Body::Json(text)) => format!(",\"body\":\"{}\"", STANDARD.encode(text.as_bytes())),
        };
        let headers = header_members(&outgoing.headers);
        Reply(format!("{{{VERSION},\"http\":{{\"transformedGatewayRequest\":{{\"headers\":{{{headers}}}{body}}}}}}}"))
    }

    /// Hands an answer of the `http` family back to the caller. `body` is base64, in its quotes.
    pub(crate) fn http_answer(status: Option<&str>, body: &str) -> Reply {
        let status = status.map(|status| format!("\"statusCode\":{status},")).unwrap_or_default();
        Reply(format!("{{{VERSION},\"http\":{{\"transformedGatewayResponse\":{{{status}\"body\":{body}}}}}}}"))
    }

    /// An answer of the `http` family that has no body stays.
    pub(crate) fn http_nothing() -> Reply {
        Reply(format!("{{{VERSION},\"http\":{{}}}}"))
    }

    /// There is nothing to answer, as after a notification.
    pub fn nothing() -> Reply {
        Reply(format!("{{{VERSION},\"mcp\":{{}}}}"))
    }

    /// Refuses. Where the family is unclear the refusal has both shapes, so that it holds in either.
    pub(crate) fn refuse(refusal: &Refusal, to: &Addressee, dialect: &Dialect, mode: RefusalMode) -> Reply {
        let mcp = || format!("\"mcp\":{{\"transformedGatewayResponse\":{}}}", mcp_refusal(refusal, to, mode));
        let http = || format!("\"http\":{{\"transformedGatewayResponse\":{}}}", http::refusal(refusal, dialect, mode));
        Reply(match to.family {
            Family::Mcp => format!("{{{VERSION},{}}}", mcp()),
            Family::Http => format!("{{{VERSION},{}}}", http()),
            Family::Unclear => format!("{{{VERSION},{},{}}}", mcp(), http()),
        })
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The JSON text.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn mcp_refusal(refusal: &Refusal, to: &Addressee, mode: RefusalMode) -> String {
    let (status, body) = mcp_error(refusal, to, mode);
    if to.takes_status {
        format!("{{\"statusCode\":{status},\"body\":{body}}}")
    } else {
        format!("{{\"body\":{body}}}")
    }
}

/// The status and the message by which MCP is refused.
fn mcp_error(refusal: &Refusal, to: &Addressee, mode: RefusalMode) -> (u16, String) {
    let (told, text) = (refusal.told(), sentence(refusal));
    let id = to.id.as_ref().map(|id| format!("\"id\":{id},")).unwrap_or_default();
    let is_denied = told.code == DENIED;
    match (to.kind, mode) {
        (Asked::Notification, _) => {
            let status = told.status.unwrap_or(if is_denied { 403 } else { 400 });
            (status, format!("{{\"message\":{}}}", quote(&text)))
        }
        (Asked::ToolCall, RefusalMode::ToolResult) if is_denied => {
            let kind = to.requested_version.as_ref().map(|_| "\"resultType\":\"complete\",").unwrap_or_default();
            let result =
                format!("{{{kind}\"content\":[{{\"type\":\"text\",\"text\":{}}}],\"isError\":true}}", quote(&text));
            (200, format!("{{\"jsonrpc\":\"2.0\",{id}\"result\":{result}}}"))
        }
        (Asked::ToolCall | Asked::Request, mode) => {
            let denied_status = match mode {
                RefusalMode::JsonrpcError | RefusalMode::ToolResult => 200,
                RefusalMode::Http403 => 403,
            };
            let status = told.status.unwrap_or(if is_denied { denied_status } else { 200 });
            let data = match told.code {
                UNSUPPORTED_VERSION => version_data(to),
                _ => String::new(),
            };
            let error = format!("{{\"code\":{},\"message\":{}{data}}}", told.code, quote(&text));
            (status, format!("{{\"jsonrpc\":\"2.0\",{id}\"error\":{error}}}"))
        }
    }
}

/// What a client needs to fall back to another version.
fn version_data(to: &Addressee) -> String {
    let requested = to.requested_version.as_deref().unwrap_or_default();
    let supported: Vec<String> = SUPPORTED.iter().map(|version| quote(version)).collect();
    format!(",\"data\":{{\"requested\":{},\"supported\":[{}]}}", quote(requested), supported.join(","))
}

/// A fixed sentence, and what the author of the rule wants to be read.
fn sentence(refusal: &Refusal) -> String {
    let told = refusal.told();
    match refusal.reason() {
        Some(reason) => format!("{}: {reason}", told.sentence),
        None => told.sentence.to_owned(),
    }
}

fn header_members(headers: &[Header]) -> String {
    let members: Vec<String> =
        headers.iter().map(|header| format!("{}:{}", quote(&header.name), quote(&header.value))).collect();
    members.join(",")
}

/// A message with the argument that is ours.
fn written<'d>(body: Value<'d>, argument: Option<&Argument>) -> Cow<'d, str> {
    match argument {
        None => Cow::Borrowed(body.text()),
        Some(Argument { name, value }) => Cow::Owned(reserved::write(body, name, value)),
    }
}

const VERSION: &str = "\"interceptorOutputVersion\":\"1.0\"";
