//! In which words a refusal of the `http` family is said.

use policy_model::json::Value;
use policy_registry::{ContextRecord, RouteProtocol};

use crate::interceptor::of_message;
use crate::message::usable_id;
use crate::reply::Addressee;

/// How the caller reads errors.
#[derive(Debug, Clone, Default)]
pub(crate) enum Dialect {
    /// By the HTTP status and a JSON object.
    #[default]
    Plain,
    /// As an error of A2A's JSON-RPC, whose request has this id.
    A2a(Option<String>),
    /// As an error of MCP.
    Mcp(Addressee),
}

impl Dialect {
    /// That of an A2A message, which may be broken.
    pub(crate) fn of_a2a(body: Option<Value<'_>>) -> Dialect {
        match body {
            Some(body) if body.get("jsonrpc").is_some() => Dialect::A2a(echo(usable_id(body))),
            Some(_) | None => Dialect::Plain,
        }
    }

    /// That of an MCP message, which may be broken. What is no message at all has no error of one.
    pub(crate) fn of_mcp(body: Option<Value<'_>>) -> Dialect {
        match body {
            Some(body) if body.get("jsonrpc").is_some() => Dialect::Mcp(of_message(Some(body))),
            Some(_) | None => Dialect::Plain,
        }
    }

    /// That of a request whose answer is refused.
    pub(crate) fn of_record(record: &ContextRecord) -> Dialect {
        let id = record.rpc_id.clone();
        match (record.protocol, id) {
            (RouteProtocol::A2a, Some(id)) => Dialect::A2a(Some(id)),
            (RouteProtocol::Mcp, id) => Dialect::Mcp(Addressee { id, ..of_message(None) }),
            (RouteProtocol::A2a, None) | (RouteProtocol::Http | RouteProtocol::Inference, _) => Dialect::Plain,
        }
    }
}

/// An id, if it is not too long to be said again.
pub(crate) fn echo(id: Option<&str>) -> Option<String> {
    id.filter(|id| id.len() <= crate::interceptor::ID_ECHO_BYTES_MAX).map(str::to_owned)
}
