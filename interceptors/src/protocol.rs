//! The protocol's own words: they stay where all else is redacted, since the other side must find them again.

use policy_model::json::{Kind, Value};

/// Where in a message a member stands.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In the message itself.
    Message,
    /// In a schema.
    Schema,
}

/// Whether a member is one of the protocol's own words.
pub(crate) fn is_protocol_word(name: &str, value: Value<'_>, place: Place) -> bool {
    match (value.kind(), place) {
        (Kind::String, Place::Message) => {
            MESSAGE_MARKS.contains(&name) || (MESSAGE_WORDS.contains(&name) && is_word(value))
        }
        (Kind::String, Place::Schema) => SCHEMA_WORDS.contains(&name),
        (Kind::Array, Place::Schema) => name == "required",
        (Kind::Array, Place::Message) | (Kind::Null | Kind::Bool | Kind::Number | Kind::Object, _) => false,
    }
}

/// Whether a member says how a task stands, in the protocol's own words.
pub(crate) fn is_task_word(name: &str, value: Value<'_>) -> bool {
    match (name, value.kind()) {
        ("createdAt" | "lastUpdatedAt" | "taskId", Kind::String) => true,
        ("status", Kind::String) => is_word(value),
        ("pollInterval" | "pollIntervalMs" | "ttl" | "ttlMs", Kind::Number | Kind::Null) => true,
        (_, _) => false,
    }
}

/// Whether a value is a word that says nothing of anybody.
pub(crate) fn is_word(value: Value<'_>) -> bool {
    value
        .as_str()
        .is_some_and(|word| word.len() <= 32 && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
}

/// Members whose text is one of the protocol's own words.
const MESSAGE_WORDS: &[&str] = &["includeContext", "level", "mode", "role", "status", "type"];

/// Members whose text the other side must find again.
const MESSAGE_MARKS: &[&str] = &[
    "createdAt",
    "elicitationId",
    "lastUpdatedAt",
    "method",
    "progressToken",
    "requestId",
    "requestState",
    "taskId",
    // The way to a page where the user answers; without it there is no elicitation.
    "url",
];

const SCHEMA_WORDS: &[&str] = &["type", "format"];
