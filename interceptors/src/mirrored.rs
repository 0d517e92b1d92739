//! Headers that repeat what a message says (MCP 2026-07-28): they may agree with it, and never decide anything.

use policy_model::json::{Kind, Value};

use crate::headers::{Found, Headers, decoded};
use crate::message::MessageFault;
use crate::method::Method;

/// Checks `Mcp-Method`, `Mcp-Name` and `Mcp-Param-*` where they are there.
pub(crate) fn check(
    headers: &Headers<'_>,
    method: Method,
    tool: Option<&str>,
    params: Option<Value<'_>>,
) -> Result<(), MessageFault> {
    agree(headers, "mcp-method", Some(method.name))?;
    let text = |name: &str| params.and_then(|params| params.get(name)).and_then(Value::as_str);
    match tool {
        Some(tool) => agree(headers, "mcp-name", Some(tool))?,
        None => agree(headers, "mcp-name", text("name").or_else(|| text("uri")).as_deref())?,
    }
    let arguments = params.and_then(|params| params.get("arguments"));
    for (name, value) in headers.with_prefix("mcp-param-") {
        let value = value.as_deref().and_then(decoded).ok_or(MessageFault::MirroredHeader)?;
        if !agrees_with_arguments(arguments, &name, &value) {
            return Err(MessageFault::MirroredHeader);
        }
    }
    Ok(())
}

fn agree(headers: &Headers<'_>, header: &str, said: Option<&str>) -> Result<(), MessageFault> {
    match headers.find(header) {
        Found::Nothing => Ok(()),
        Found::One(value) if said.is_some() && decoded(&value).as_deref() == said => Ok(()),
        Found::One(_) | Found::Ambiguous => Err(MessageFault::MirroredHeader),
    }
}

/// Which argument a `Mcp-Param-*` header repeats stands in the tool's schema, which is not here: one of the header's name must
/// have its value, and a header that names none is forwarded, as the protocol wants.
fn agrees_with_arguments(arguments: Option<Value<'_>>, name: &str, value: &str) -> bool {
    let is_named = |argument: &str| argument.to_lowercase().replace('_', "-") == name;
    let members = arguments.into_iter().flat_map(Value::members);
    let mut named = members.filter(|member| member.name.as_str().is_some_and(|name| is_named(&name)));
    named.all(|member| says(member.value, value))
}

fn says(argument: Value<'_>, value: &str) -> bool {
    match argument.kind() {
        Kind::String => argument.is_str(value),
        Kind::Number | Kind::Bool => argument.text() == value,
        Kind::Null | Kind::Array | Kind::Object => false,
    }
}
