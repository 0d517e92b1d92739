//! Replies in the shape of the `http` family: bodies in base64.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::json::{Document, Value, quote};

use super::{mcp_error, sentence, written};
use crate::a2a::metadata;
use crate::a2a::method::Binding;
use crate::http::dialect::Dialect;
use crate::message::Message;
use crate::outgoing::Argument;
use crate::refusal::{DENIED, Refusal};
use crate::settings::RefusalMode;

/// What goes on to a target of the `http` family once it is permitted.
pub(crate) trait Goes {
    /// Its body; `argument` is what of ours stands in it.
    fn body(&self, argument: Option<&Argument>) -> Option<Body<'_>>;
}

/// A body that goes on.
pub(crate) enum Body<'d> {
    /// As it came: base64 in its quotes.
    Encoded(&'d str),
    /// JSON text that is yet to be encoded.
    Json(Cow<'d, str>),
}

/// A request that goes on with its body as it came, or with a member more.
pub(crate) struct Sent<'d> {
    came: Option<Value<'d>>,
    /// The message without what is ours, where its metadata carries the tenant context, and how it is written.
    bare: Option<(Bare<'d>, Binding)>,
}

enum Bare<'d> {
    AsItCame(Value<'d>),
    Rewritten(Document<'static>),
}

impl<'d> Sent<'d> {
    /// The body as it came, in base64.
    pub(crate) fn as_it_came(came: Option<Value<'d>>) -> Sent<'d> {
        Sent { came, bare: None }
    }

    /// A message whose metadata is written into: as it came, or what is left of it without a member of that name.
    pub(crate) fn message(came: Value<'d>, without: Option<Document<'static>>, binding: Binding) -> Sent<'d> {
        Sent { came: None, bare: Some((without.map_or(Bare::AsItCame(came), Bare::Rewritten), binding)) }
    }
}

impl Goes for Sent<'_> {
    fn body(&self, argument: Option<&Argument>) -> Option<Body<'_>> {
        let Some((bare, binding)) = &self.bare else { return self.came.map(|came| Body::Encoded(came.text())) };
        let message = match bare {
            Bare::AsItCame(message) => *message,
            Bare::Rewritten(document) => document.root(),
        };
        Some(Body::Json(match argument {
            None => Cow::Borrowed(message.text()),
            Some(Argument { name, value }) => Cow::Owned(metadata::write(message, *binding, name, value)),
        }))
    }
}

impl Goes for Message<'_> {
    fn body(&self, argument: Option<&Argument>) -> Option<Body<'_>> {
        Some(Body::Json(written(self.body, argument)))
    }
}

/// A refusal in the words of whoever is refused.
pub(super) fn refusal(refusal: &Refusal, dialect: &Dialect, mode: RefusalMode) -> String {
    let told = refusal.told();
    let (status, body) = match dialect {
        Dialect::Plain => (refusal.http_status(), plain_error(refusal)),
        Dialect::A2a(id) => {
            let id = id.as_deref().unwrap_or("null");
            let status = match mode {
                RefusalMode::Http403 if told.code == DENIED => 403,
                RefusalMode::JsonrpcError | RefusalMode::ToolResult | RefusalMode::Http403 => 200,
            };
            let (code, message) = (refusal.a2a_code(), quote(&sentence(refusal)));
            (status, format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":{code},\"message\":{message}}}}}"))
        }
        Dialect::Mcp(to) => mcp_error(refusal, to, mode),
    };
    let body = STANDARD.encode(body);
    format!("{{\"contentType\":\"application/json\",\"statusCode\":{status},\"headers\":{{}},\"body\":\"{body}\"}}")
}

/// What clients of HTTP services, A2A agents and model providers find where each of them looks.
fn plain_error(refusal: &Refusal) -> String {
    let (message, code) = (quote(&sentence(refusal)), refusal.http_status());
    let (kind, status) = match code {
        400 => ("invalid_request_error", "INVALID_ARGUMENT"),
        401 => ("authentication_error", "UNAUTHENTICATED"),
        404 => ("not_found_error", "NOT_FOUND"),
        405 | 415 => ("invalid_request_error", "UNIMPLEMENTED"),
        _ => ("permission_error", "PERMISSION_DENIED"),
    };
    format!(
        "{{\"type\":\"error\",\"message\":{message},\"error\":{{\"type\":\"{kind}\",\"code\":{code},\"status\":\"{status}\",\"message\":{message}}}}}"
    )
}
