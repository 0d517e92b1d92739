//! Headers that repeat what a message says (MCP 2026-07-28): they may agree with it, and never decide anything.

use std::collections::HashMap;

use policy_model::json::{self, Document, Kind, Value};

use crate::headers::{Found, Headers, decoded};
use crate::message::MessageFault;
use crate::method::Method;

/// Most `Mcp-Param-*` beside one message.
const MIRRORED_MAX: usize = 64;

/// Longest number in a header that is compared by its value, in bytes; a longer one must be written like the argument.
const NUMBER_BYTES_MAX: usize = 64;

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
    // Which argument a header repeats stands in the tool's schema, which is not here: one of the header's name must have its value,
    // and a header that names none is forwarded, as the protocol wants.
    check_arguments(headers, params.and_then(|params| params.get("arguments")), Nameless::GoesOn)
}

/// Checks `Mcp-Param-*` once more where the policies have something to say of the arguments, which are now as they want them. The
/// headers go on as the caller wrote them: each must repeat the argument of its name, and one that names none could say what the
/// policies have taken out.
pub(crate) fn check_rewritten(headers: &Headers<'_>, arguments: Option<Value<'_>>) -> Result<(), MessageFault> {
    check_arguments(headers, arguments, Nameless::Refused)
}

/// A message without a method has nothing that could be mirrored.
pub(crate) fn check_absent(headers: &Headers<'_>) -> Result<(), MessageFault> {
    agree(headers, "mcp-method", None)?;
    agree(headers, "mcp-name", None)
}

/// What becomes of a header that has no argument's name.
enum Nameless {
    GoesOn,
    Refused,
}

fn check_arguments(
    headers: &Headers<'_>,
    arguments: Option<Value<'_>>,
    nameless: Nameless,
) -> Result<(), MessageFault> {
    let mirrored = headers.with_prefix("mcp-param-");
    if mirrored.is_empty() {
        return Ok(());
    }
    if mirrored.len() > MIRRORED_MAX {
        return Err(MessageFault::MirroredHeader);
    }
    let arguments = arguments_by_name(arguments);
    for (name, value) in mirrored {
        let said = value.as_deref().and_then(decoded).ok_or(MessageFault::MirroredHeader)?;
        let is_right = match (arguments.get(&name), &nameless) {
            (Some(named), _) => {
                let number = Some(&said).filter(|said| said.len() <= NUMBER_BYTES_MAX);
                let number = number.and_then(|said| json::parse(said.as_bytes()).ok());
                named.iter().all(|argument| says(*argument, &said, number.as_ref().map(Document::root)))
            }
            (None, Nameless::GoesOn) => true,
            (None, Nameless::Refused) => false,
        };
        if !is_right {
            return Err(MessageFault::MirroredHeader);
        }
    }
    Ok(())
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

fn says(argument: Value<'_>, said: &str, number: Option<Value<'_>>) -> bool {
    match argument.kind() {
        Kind::String => argument.is_str(said),
        Kind::Number => argument.text() == said || number.is_some_and(|number| number.equals(argument)),
        Kind::Bool => argument.text() == said,
        Kind::Null | Kind::Array | Kind::Object => false,
    }
}
