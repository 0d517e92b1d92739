//! Headers that repeat what a message says (MCP 2026-07-28): they may agree with it, and never decide anything.

use std::collections::HashMap;

use policy_model::json::{self, Kind, Value};

use crate::headers::{Found, Headers, decoded};
use crate::message::MessageFault;
use crate::method::Method;

/// Most `Mcp-Param-*` beside arguments that the policies have changed: each is looked for in all of them.
const MIRRORED_MAX: usize = 64;

/// Checks `Mcp-Method`, `Mcp-Name` and `Mcp-Param-*` where they are there.
pub(crate) fn check(
    headers: &Headers<'_>,
    method: Method,
    named: Option<&str>,
    params: Option<Value<'_>>,
) -> Result<(), MessageFault> {
    agree(headers, "mcp-method", Some(method.name))?;
    let text = |name: &str| params.and_then(|params| params.get(name)).and_then(Value::as_str);
    match named {
        Some(named) => agree(headers, "mcp-name", Some(named))?,
        None => agree(headers, "mcp-name", text("name").or_else(|| text("uri")).as_deref())?,
    }
    let mirrored = headers.with_prefix("mcp-param-");
    if mirrored.is_empty() {
        return Ok(());
    }
    let arguments = params.and_then(|params| params.get("arguments"));
    let arguments = arguments_by_name(arguments);
    for (name, value) in mirrored {
        let value = value.as_deref().and_then(decoded).ok_or(MessageFault::MirroredHeader)?;
        // Which argument a header repeats stands in the tool's schema, which is not here: one of the header's name must have
        // its value, and a header that names none is forwarded, as the protocol wants.
        if arguments.get(&name).is_some_and(|arguments| !arguments.iter().all(|argument| says(*argument, &value))) {
            return Err(MessageFault::MirroredHeader);
        }
    }
    Ok(())
}

/// Checks `Mcp-Param-*` once more when the policies have changed the arguments: the headers go on as the caller wrote them, so
/// that each must repeat what an argument says now: the one of its name, or any where there is none. A target would refuse the
/// others, if it compares them; if it does not, it would believe what the policies have taken out.
pub(crate) fn check_rewritten(headers: &Headers<'_>, arguments: Value<'_>) -> Result<(), MessageFault> {
    let mirrored = headers.with_prefix("mcp-param-");
    if mirrored.is_empty() {
        return Ok(());
    }
    if mirrored.len() > MIRRORED_MAX {
        return Err(MessageFault::MirroredHeader);
    }
    let by_name = arguments_by_name(Some(arguments));
    for (name, value) in mirrored {
        let value = value.as_deref().and_then(decoded).ok_or(MessageFault::MirroredHeader)?;
        let is_said = match by_name.get(&name) {
            Some(named) => named.iter().all(|argument| says(*argument, &value)),
            None => arguments.descendants().any(|argument| says(argument, &value)),
        };
        if !is_said {
            return Err(MessageFault::MirroredHeader);
        }
    }
    Ok(())
}

/// A message without a method has nothing that could be mirrored.
pub(crate) fn check_absent(headers: &Headers<'_>) -> Result<(), MessageFault> {
    agree(headers, "mcp-method", None)?;
    agree(headers, "mcp-name", None)
}

fn arguments_by_name(arguments: Option<Value<'_>>) -> HashMap<String, Vec<Value<'_>>> {
    let mut by_name: HashMap<String, Vec<Value<'_>>> = HashMap::new();
    for member in arguments.into_iter().flat_map(Value::members) {
        let name = member.name.as_str().unwrap_or_default().to_lowercase().replace('_', "-");
        by_name.entry(name).or_default().push(member.value);
    }
    by_name
}

fn agree(headers: &Headers<'_>, header: &str, said: Option<&str>) -> Result<(), MessageFault> {
    match headers.find(header) {
        Found::Nothing => Ok(()),
        Found::One(value) if said.is_some() && decoded(&value).as_deref() == said => Ok(()),
        Found::One(_) | Found::Ambiguous => Err(MessageFault::MirroredHeader),
    }
}

fn says(argument: Value<'_>, value: &str) -> bool {
    match argument.kind() {
        Kind::String => argument.is_str(value),
        Kind::Number => json::parse(value.as_bytes()).is_ok_and(|value| value.root().equals(argument)),
        Kind::Bool => argument.text() == value,
        Kind::Null | Kind::Array | Kind::Object => false,
    }
}
