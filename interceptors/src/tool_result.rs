//! Redacting what a tool returned: where in an MCP message values can be, and which of them a path can reach.
//!
//! The message itself is a document for the paths, and so is each thing in it that the tool made. What is neither JSON, nor
//! text, nor a word of the protocol is masked.

mod content;
mod listing;
mod task;
mod words;

use policy_model::json::{Kind, Member, Value};
use policy_model::redaction::{Around, Is, MASKED, Part, Pass, Position, Prose};

use crate::protocol::{Place, is_word};
pub(crate) use content::{OPAQUE_BLOB, is_mime_type};
use content::{redact_content, redact_elements, redact_message, redact_resource_part};
pub use listing::redact_list;
pub use task::redact_task;
use words::{Words, redact_protocol, redact_words};

/// Redacts a `result`.
pub fn redact_result(pass: &mut Pass<'_, '_>, result: Value<'_>) {
    let at = pass.root(result);
    redact_result_at(pass, result, &at);
}

fn redact_result_at(pass: &mut Pass<'_, '_>, result: Value<'_>, at: &Position) {
    match result.kind() {
        Kind::Object => {}
        Kind::Array => return pass.value(result, &pass.nowhere(), Is::Document),
        // A result that is no object has no members to look at one by one.
        Kind::Null | Kind::Bool | Kind::Number | Kind::String => {
            return pass.value(result, &pass.nowhere(), Is::Opaque(MASKED));
        }
    }
    let around = pass.open(result);
    for member in result.members() {
        redact_member(pass, &around, member, at, RESULT);
    }
}

/// Redacts an `error`: its message is free text, its data may have anything.
pub fn redact_error(pass: &mut Pass<'_, '_>, error: Value<'_>) {
    let at = pass.root(error);
    redact_error_at(pass, error, &at);
}

fn redact_error_at(pass: &mut Pass<'_, '_>, error: Value<'_>, at: &Position) {
    if error.kind() != Kind::Object {
        return pass.value(error, &pass.nowhere(), Is::Document);
    }
    let asks_user = error.get("code").is_some_and(|code| code.text() == URL_ELICITATION_REQUIRED);
    let around = pass.open(error);
    for member in error.members() {
        let (part, name) = (Part::from(member), member.name.as_str().unwrap_or_default());
        // Message and data may be masked as a whole; only the code must stay.
        let below = pass.member(at, &name);
        match (name.as_ref(), member.value.kind()) {
            ("code", Kind::Number) => pass.part(&around, part, &below, Is::Own),
            ("message", Kind::String) => pass.required(&around, part, &below, Is::Text(Prose::Message)),
            ("data", Kind::Object) if asks_user => {
                redact_protocol(pass, &around, part, &below, Words::data(Place::Params))
            }
            (_, _) => pass.part(&around, part, &below, Is::Document),
        }
    }
}

/// Redacts the `params` of a request that the server sends while it works on a call.
pub fn redact_server_params(pass: &mut Pass<'_, '_>, params: Value<'_>) {
    let at = pass.root(params);
    redact_words(pass, params, &at, Words::message(Place::Params));
}

fn redact_member(pass: &mut Pass<'_, '_>, around: &Around, member: Member<'_>, at: &Position, own: &[&str]) {
    let (part, value) = (Part::from(member), member.value);
    let name = member.name.as_str().unwrap_or_default();
    let below = pass.member(at, &name);
    let below = if own.contains(&name.as_ref()) { pass.own(value, &below) } else { below };
    match (name.as_ref(), value.kind()) {
        ("content", _) => redact_content(pass, around, part, &below),
        // The caller must get it back byte for byte.
        ("requestState", Kind::String) => pass.part(around, part, &below, Is::Own),
        ("resultType" | "cacheScope", _) if is_word(value) => pass.part(around, part, &below, Is::Own),
        ("isError", Kind::Bool) | ("ttlMs", Kind::Number) => pass.part(around, part, &below, Is::Own),
        ("contents", Kind::Array) => redact_elements(pass, around, part, &below, redact_resource_part),
        ("messages", Kind::Array) => redact_elements(pass, around, part, &below, redact_message),
        ("completion", Kind::Object) => {
            redact_protocol(pass, around, part, &below, Words::data(Place::Completion));
        }
        ("inputRequests", _) => redact_protocol(pass, around, part, &below, Words::message(Place::Requests)),
        ("task", _) => redact_protocol(pass, around, part, &below, Words::message(Place::Task)),
        ("messages" | "contents", _) => redact_protocol(pass, around, part, &below, Words::message(Place::Data)),
        (_, _) => pass.part(around, part, &below, Is::Document),
    }
}

/// The error by which a server sends the user to an address (MCP 2025-11-25).
const URL_ELICITATION_REQUIRED: &str = "-32042";

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
    use policy_model::json;
    use policy_model::redaction::{Pass, Passed};
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
        let redactor = Layers::of(&policy).redactor(None, None);
        let mut pass = Pass::new(&redactor, error.root());
        redact_error(&mut pass, error.root());
        assert_eq!(pass.finish(error.root(), error.root()), Passed::Redacted(expected.to_owned()), "{path}");
    }
}
