//! Why the RESPONSE point takes a message for none, where that can be told.

use policy_model::json::{Kind, Value};
use policy_model::spelling::is_other_spelling;

use super::sample::MESSAGE;
use crate::value_path::{element_path, member_path};

/// What is wrong with a message, and where.
pub(super) fn explain(message: Value<'_>) -> String {
    if let Some(path) = duplicate("$", message) {
        return format!("{path} stands twice, and programs differ on which one counts");
    }
    if message.kind() != Kind::Object {
        return "it is no object".to_owned();
    }
    let is_known = |name: Value<'_>| MESSAGE.iter().any(|known| name.is_str(known));
    if let Some(stray) = message.members().find(|member| !is_known(member.name)) {
        let path = member_path("$", &stray.name.as_str().unwrap_or_default());
        return format!("{path} is no member of a JSON-RPC message, which has {}", MESSAGE.join(", "));
    }
    if !message.get("jsonrpc").is_some_and(|version| version.is_str("2.0")) {
        return "$.jsonrpc is not \"2.0\"".to_owned();
    }
    let is_there = |name: &&&str| message.get(name).is_some();
    let said: Vec<&str> = ["result", "error", "method"].iter().filter(is_there).copied().collect();
    match said.as_slice() {
        ["method"] => return "its method is none of those by which a server asks while it works".to_owned(),
        [_] => {}
        [] => return "it has neither result, error nor method".to_owned(),
        [..] => return format!("it has {} at once", said.join(" and ")),
    }
    let parts = message.members().map(|member| member.value).filter(|value| value.kind() == Kind::Object);
    for member in parts.flat_map(Value::members) {
        let name = member.name.as_str().unwrap_or_default();
        if let Some(known) = NAMES.iter().find(|known| is_other_spelling(known, &name)) {
            return format!("a member is called {:?}, which some readers take for {known:?}", name.as_ref());
        }
    }
    "its id, its error or its task is not as the protocol has it".to_owned()
}

/// The path of a member that stands twice.
fn duplicate(path: &str, value: Value<'_>) -> Option<String> {
    if let Some(name) = value.own_duplicate_name() {
        return Some(member_path(path, &name));
    }
    let member = |name: Value<'_>| member_path(path, &name.as_str().unwrap_or_default());
    value.members().find_map(|own| duplicate(&member(own.name), own.value)).or_else(|| {
        value.elements().enumerate().find_map(|(number, element)| duplicate(&element_path(path, number), element))
    })
}

/// Members of results that are looked at by name.
const NAMES: &[&str] =
    &["content", "structuredContent", "isError", "contents", "messages", "resultType", "task", "_meta"];
