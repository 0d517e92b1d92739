//! Redacting what a tool returned: where in an MCP message values can be, and which of them a path can reach.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::json::{Edit, Edits, Kind, Value, quote};
use policy_model::redaction::{MASK, Redactor};

/// Adds the edits for a `result`.
pub fn redact_result(redactor: &Redactor<'_>, result: Value<'_>, edits: &mut Edits) {
    if result.kind() != Kind::Object {
        redact_any(redactor, result, edits);
        return;
    }
    for member in result.members() {
        match member.name.as_str().unwrap_or_default().as_ref() {
            "content" => redact_content(redactor, member.value, edits),
            // The protocol's own words; the caller must get `requestState` back byte for byte.
            "resultType" | "requestState" | "nextCursor" | "cacheScope" => {}
            "task" | "inputRequests" => redact_protocol(redactor, member.value, edits),
            _ => redact_any(redactor, member.value, edits),
        }
    }
}

/// Adds the edits for an `error`: its message is free text, its data may have anything.
pub fn redact_error(redactor: &Redactor<'_>, error: Value<'_>, edits: &mut Edits) {
    redact_members(redactor, error, edits);
}

/// Adds the edits for the `params` of a request that the server sends while it works on a call.
pub fn redact_server_params(redactor: &Redactor<'_>, params: Value<'_>, edits: &mut Edits) {
    redact_protocol(redactor, params, edits);
}

/// An object of the protocol: its words stay, every other string in it is free text.
fn redact_protocol(redactor: &Redactor<'_>, value: Value<'_>, edits: &mut Edits) {
    redactor.redact(value, edits);
    let mut open: Vec<Value<'_>> = vec![value];
    while let Some(value) = open.pop() {
        for member in value.members() {
            let name = member.name.as_str().unwrap_or_default();
            if !PROTOCOL_WORDS.contains(&name.as_ref()) {
                open.push(member.value);
            }
        }
        open.extend(value.elements());
        if value.kind() == Kind::String {
            redact_any(redactor, value, edits);
        }
    }
}

/// Members whose value the protocol itself fixes.
const PROTOCOL_WORDS: &[&str] = &[
    "createdAt",
    "elicitationId",
    "format",
    "includeContext",
    "lastUpdatedAt",
    "method",
    "mimeType",
    "mode",
    "required",
    "requestState",
    "role",
    "status",
    "taskId",
    "type",
    "url",
];

fn redact_members(redactor: &Redactor<'_>, value: Value<'_>, edits: &mut Edits) {
    if value.kind() != Kind::Object {
        redact_any(redactor, value, edits);
        return;
    }
    value.members().for_each(|member| redact_any(redactor, member.value, edits));
}

fn redact_content(redactor: &Redactor<'_>, content: Value<'_>, edits: &mut Edits) {
    if content.kind() != Kind::Array {
        edits.add(content, Edit::Replace("[]".to_owned()));
        return;
    }
    content.elements().for_each(|item| redact_item(redactor, item, edits));
}

fn redact_item(redactor: &Redactor<'_>, item: Value<'_>, edits: &mut Edits) {
    let kind = item.get("type").and_then(Value::as_str).unwrap_or(Cow::Borrowed(""));
    match kind.as_ref() {
        "text" => item.members().filter(|member| !member.name.is_str("type")).for_each(|member| {
            redact_any(redactor, member.value, edits);
        }),
        "resource" => {
            for member in item.members().filter(|member| !member.name.is_str("type")) {
                if member.name.is_str("resource") && member.value.kind() == Kind::Object {
                    redact_resource(redactor, member.value, edits);
                } else {
                    redact_any(redactor, member.value, edits);
                }
            }
        }
        // Images, sound, links that may be secrets themselves, and kinds that are not known: no path looks into them.
        _ => edits.add(item, Edit::Replace(format!("{{\"type\":\"text\",\"text\":{}}}", quote(MASK)))),
    }
}

fn redact_resource(redactor: &Redactor<'_>, resource: Value<'_>, edits: &mut Edits) {
    for member in resource.members() {
        match member.name.as_str().unwrap_or_default().as_ref() {
            "mimeType" => {}
            "blob" => edits.add(member.value, Edit::Replace(quote(&STANDARD.encode(MASK)))),
            // A query, a user or a fragment in an address may be a secret.
            "uri" => {
                if member.value.as_str().is_none_or(|uri| uri.contains(['?', '@', '#'])) {
                    edits.add(member.value, Edit::Replace(quote(MASK)));
                }
            }
            _ => redact_any(redactor, member.value, edits),
        }
    }
}

/// A container is a document of its own for the paths; a string is free text; other scalars are no place for a path.
fn redact_any(redactor: &Redactor<'_>, value: Value<'_>, edits: &mut Edits) {
    match value.kind() {
        Kind::Object | Kind::Array => redactor.redact(value, edits),
        Kind::String => {
            let text = value.as_str().unwrap_or_default();
            let redacted = redactor.redact_text(&text);
            if redacted != text {
                edits.add(value, Edit::Replace(quote(&redacted)));
            }
        }
        Kind::Number | Kind::Bool | Kind::Null => redactor.redact(value, edits),
    }
}
