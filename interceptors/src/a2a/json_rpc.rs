//! The JSON-RPC binding: one request of a known method.

use policy_model::json::{Kind, Value};

use crate::http::ask::Ask;
use crate::message::is_id;

use super::A2aRequest;
use super::fault::A2aFault;
use super::method::{Method, Version};
use super::params::Params;

/// Takes a message to the path of the binding itself, of the version that the headers say.
pub(super) fn parse<'d>(ask: &Ask<'d>, said: Option<Version>) -> Result<A2aRequest<'d>, A2aFault> {
    if ask.query.is_some_and(|query| !query.is_empty()) {
        return Err(A2aFault::Query);
    }
    let body = ask.body.ok_or(A2aFault::NoBody)?;
    match body.kind() {
        Kind::Object => {}
        Kind::Array => return Err(A2aFault::Batch),
        Kind::Null | Kind::Bool | Kind::Number | Kind::String => return Err(A2aFault::NotAnObject),
    }
    if body.members().any(|member| !member.name.as_str().is_some_and(|name| MEMBERS.contains(&name.as_ref()))) {
        return Err(A2aFault::StrayMember);
    }
    if !body.get("jsonrpc").is_some_and(|version| version.is_str("2.0")) {
        return Err(A2aFault::JsonRpcVersion);
    }
    let id = body.get("id").filter(|id| is_id(*id)).ok_or(A2aFault::Id)?;
    let name = body.get("method").and_then(Value::as_str).ok_or(A2aFault::MethodType)?;
    let (method, version) = Method::find(&name).ok_or(A2aFault::UnknownMethod)?;
    if said.is_some_and(|said| said != version) {
        return Err(A2aFault::VersionMismatch);
    }
    let params = Params::of_message(method, version, body.get("params"))?;
    A2aRequest::new(ask, method, Some(id.text()), params)
}

const MEMBERS: &[&str] = &["jsonrpc", "id", "method", "params"];
