//! Redacting what a tool returned: where in an MCP message values can be, and which of them a path can reach.
//!
//! The message itself is a document for the paths, and so is each thing in it that the tool made. What is neither JSON nor a
//! word of the protocol is masked.

use std::borrow::Cow;
use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::json::{Edit, Edits, Kind, Member, NodeId, Value, quote};
use policy_model::redaction::{MASK, MASKED, Redactor};

use crate::protocol::{Place, is_protocol_word, is_task_word, is_word};
use crate::spelling::is_misspelt;

/// Adds the edits for a `result`.
pub fn redact_result(redactor: &Redactor<'_>, result: Value<'_>, edits: &mut Edits) {
    redactor.redact_selected(result, &skeleton(result, RESULT), edits);
    redact_bare(redactor, result, edits);
    result.members().for_each(|member| redact_member(redactor, member, edits));
}

/// Adds the edits for a `result` that says how a task stands, and may have in it what the tool returned.
pub fn redact_task(redactor: &Redactor<'_>, task: Value<'_>, edits: &mut Edits) {
    let mut kept = skeleton(task, TASK);
    kept.extend(task.get("result").into_iter().flat_map(|result| skeleton(result, RESULT)));
    kept.extend(task.get("error").into_iter().flat_map(|error| skeleton(error, &["code"])));
    redactor.redact_selected(task, &kept, edits);
    redact_bare(redactor, task, edits);
    for member in task.members() {
        let name = member.name.as_str().unwrap_or_default();
        match name.as_ref() {
            "result" => redact_result(redactor, member.value, edits),
            "error" => redact_error(redactor, member.value, edits),
            name if is_task_word(name, member.value) => {}
            _ => redact_member(redactor, member, edits),
        }
    }
}

/// Adds the edits for an `error`: its message is free text, its data may have anything.
pub fn redact_error(redactor: &Redactor<'_>, error: Value<'_>, edits: &mut Edits) {
    // Message and data may be masked as a whole; only the code must stay.
    redactor.redact_selected(error, &skeleton(error, &["code"]), edits);
    let is_code = |member: &Member<'_>| member.name.is_str("code") && member.value.kind() == Kind::Number;
    match error.kind() {
        Kind::Object => error.members().filter(|member| !is_code(member)).for_each(|member| {
            redact_any(redactor, member.value, edits);
        }),
        Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Array => redact_any(redactor, error, edits),
    }
}

/// Adds the edits for the `params` of a request that the server sends while it works on a call.
pub fn redact_server_params(redactor: &Redactor<'_>, params: Value<'_>, edits: &mut Edits) {
    redact_protocol(redactor, params, edits);
}

fn redact_member(redactor: &Redactor<'_>, member: Member<'_>, edits: &mut Edits) {
    match member.name.as_str().unwrap_or_default().as_ref() {
        "content" => redact_content(redactor, member.value, edits),
        // The caller must get it back byte for byte.
        "requestState" if member.value.kind() == Kind::String => {}
        "resultType" | "cacheScope" if is_word(member.value) => {}
        "contents" if member.value.kind() == Kind::Array => {
            member.value.elements().for_each(|part| redact_part(redactor, part, edits));
        }
        "task" | "inputRequests" | "messages" | "contents" => redact_protocol(redactor, member.value, edits),
        _ => redact_any(redactor, member.value, edits),
    }
}

/// A result that is no object has no members to look at one by one.
fn redact_bare(redactor: &Redactor<'_>, result: Value<'_>, edits: &mut Edits) {
    match result.kind() {
        Kind::Object => {}
        Kind::Array => redact_any(redactor, result, edits),
        Kind::Null | Kind::Bool | Kind::Number | Kind::String => edits.add(result, Edit::Replace(MASKED.into())),
    }
}

/// What the protocol itself needs of a message: a path that selects one of these means what is in it.
fn skeleton(message: Value<'_>, members: &[&str]) -> HashSet<NodeId> {
    let is_own = |name: Value<'_>, known: &[&str]| name.as_str().is_some_and(|name| known.contains(&name.as_ref()));
    let own = message.members().filter(|member| is_own(member.name, members)).map(|member| member.value.id());
    let mut kept: HashSet<NodeId> = own.chain([message.id()]).collect();
    for item in message.get("content").into_iter().flat_map(Value::elements) {
        let own = item.members().filter(|member| is_own(member.name, &["type", "resource"]));
        kept.extend(own.map(|member| member.value.id()).chain([item.id()]));
    }
    kept
}

fn redact_content(redactor: &Redactor<'_>, content: Value<'_>, edits: &mut Edits) {
    if content.kind() != Kind::Array {
        edits.add(content, Edit::Replace("[]".into()));
        return;
    }
    content.elements().for_each(|item| redact_item(redactor, item, edits));
}

fn redact_item(redactor: &Redactor<'_>, item: Value<'_>, edits: &mut Edits) {
    let kind = item.get("type").and_then(Value::as_str).unwrap_or(Cow::Borrowed(""));
    match kind.as_ref() {
        "text" | "resource" if !is_misspelt(item, ITEM) => {
            for member in item.members().filter(|member| !member.name.is_str("type")) {
                if member.name.is_str("resource") && member.value.kind() == Kind::Object {
                    redact_resource(redactor, member.value, edits);
                } else if member.name.is_str("text") && is_bare(member.value) {
                    edits.add(member.value, Edit::Replace(MASKED.into()));
                } else {
                    redact_any(redactor, member.value, edits);
                }
            }
        }
        // Images, sound, links that may be secrets themselves, and kinds that are not known: no path looks into them.
        _ => edits.add(item, Edit::Replace(format!("{{\"type\":\"text\",\"text\":{MASKED}}}").into())),
    }
}

fn redact_resource(redactor: &Redactor<'_>, resource: Value<'_>, edits: &mut Edits) {
    for member in resource.members() {
        match member.name.as_str().unwrap_or_default().as_ref() {
            "mimeType" if is_mime_type(member.value) => {}
            "blob" => edits.add(member.value, Edit::Replace(quote(&STANDARD.encode(MASK)).into())),
            // An address names what it leads to, in a form that no path looks into.
            "uri" => edits.add(member.value, Edit::Replace(MASKED.into())),
            _ => redact_any(redactor, member.value, edits),
        }
    }
}

/// A part of what was read of a resource.
fn redact_part(redactor: &Redactor<'_>, part: Value<'_>, edits: &mut Edits) {
    match part.kind() {
        Kind::Object => redact_resource(redactor, part, edits),
        Kind::Array | Kind::String | Kind::Number | Kind::Bool | Kind::Null => redact_any(redactor, part, edits),
    }
}

/// An object of the protocol: its words stay, every other string in it is free text.
fn redact_protocol(redactor: &Redactor<'_>, value: Value<'_>, edits: &mut Edits) {
    redactor.redact(value, edits);
    let mut open: Vec<(Value<'_>, Place)> = vec![(value, Place::Message)];
    while let Some((value, place)) = open.pop() {
        for member in value.members() {
            let name = member.name.as_str().unwrap_or_default();
            let below = if name == "requestedSchema" { Place::Schema } else { place };
            if !is_protocol_word(&name, member.value, place) {
                open.push((member.value, below));
            }
        }
        open.extend(value.elements().map(|element| (element, place)));
        if value.kind() == Kind::String {
            redact_any(redactor, value, edits);
        }
    }
}

/// A container is a document of its own for the paths; a string is free text; other scalars are no place for a path.
fn redact_any(redactor: &Redactor<'_>, value: Value<'_>, edits: &mut Edits) {
    match value.kind() {
        Kind::String => {
            let text = value.as_str().unwrap_or_default();
            let redacted = redactor.redact_text(&text);
            if redacted != text {
                edits.add(value, Edit::Replace(quote(&redacted).into()));
            }
        }
        Kind::Object | Kind::Array | Kind::Number | Kind::Bool | Kind::Null => redactor.redact(value, edits),
    }
}

/// Whether a value stands where a text should and is none.
fn is_bare(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Number | Kind::Bool | Kind::Null => true,
        Kind::String | Kind::Array | Kind::Object => false,
    }
}

fn is_mime_type(value: Value<'_>) -> bool {
    let is_token = |text: &str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    };
    value.as_str().is_some_and(|text| text.split_once('/').is_some_and(|(kind, name)| is_token(kind) && is_token(name)))
}

/// The members of a result that are looked at by name.
pub(crate) const RESULT: &[&str] = &[
    "_meta",
    "cacheScope",
    "completion",
    "content",
    "contents",
    "inputRequests",
    "isError",
    "messages",
    "nextCursor",
    "requestState",
    "resultType",
    "structuredContent",
    "task",
    "ttlMs",
];

/// The members of a result that says how a task stands.
pub(crate) const TASK: &[&str] = &[
    "_meta",
    "cacheScope",
    "createdAt",
    "error",
    "inputRequests",
    "lastUpdatedAt",
    "pollInterval",
    "pollIntervalMs",
    "requestState",
    "result",
    "resultType",
    "status",
    "taskId",
    "ttl",
    "ttlMs",
];

/// The members of an error.
pub(crate) const ERROR: &[&str] = &["code", "message", "data"];

/// The members of content items that are looked at by name.
pub(crate) const ITEM: &[&str] =
    &["type", "text", "resource", "uri", "blob", "data", "mimeType", "annotations", "_meta"];

#[cfg(test)]
mod tests {
    use policy_model::json::{self, Edits};
    use policy_model::{Layers, Policy};

    use super::redact_error;

    #[test]
    fn a_path_that_names_the_data_of_an_error_takes_it() {
        check("$..data", r#"{"code":1,"message":"****","data":"****"}"#);
        check("$", r#"{"code":1,"message":"****","data":"****"}"#);
        check("$..code", r#"{"code":1,"message":"****","data":{"row":{"note":1}}}"#);
        check("$..note", r#"{"code":1,"message":"****","data":{"row":{"note":"****"}}}"#);
    }

    fn check(path: &str, expected: &str) {
        let redaction = format!(r#"{{"resources":["agent:tool:*"],"path":"{path}","action":"MASK"}}"#);
        let policy = format!(r#"{{"policyId":"p","tenantId":"t","rules":[],"redactions":[{redaction}]}}"#);
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        let error = json::parse(br#"{"code":1,"message":"free text","data":{"row":{"note":1}}}"#).unwrap();
        let mut edits = Edits::default();
        redact_error(&Layers::of(&policy).redactor(None), error.root(), &mut edits);
        assert_eq!(edits.apply(error.root()), expected, "{path}");
    }
}
