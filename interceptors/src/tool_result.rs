//! Redacting what a tool returned: where in an MCP message values can be, and which of them a path can reach.
//!
//! The message itself is a document for the paths, and so is each thing in it that the tool made. What is neither JSON, nor
//! text, nor a word of the protocol is masked.

use std::borrow::Cow;

use policy_model::json::{Kind, Member, Value};
use policy_model::redaction::{Around, Is, MASKED, Part, Pass, Position, Prose};

use crate::protocol::{Place, is_protocol_word, is_task_word, is_word};
use crate::spelling::is_misspelt;

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

/// Redacts a `result` that says how a task stands, and may have in it what the tool returned.
pub fn redact_task(pass: &mut Pass<'_, '_>, task: Value<'_>) {
    let at = pass.root(task);
    if task.kind() != Kind::Object {
        return redact_result_at(pass, task, &at);
    }
    let around = pass.open(task);
    for member in task.members() {
        let name = member.name.as_str().unwrap_or_default();
        let inner = match name.as_ref() {
            "result" => Some(Inner::Result),
            "error" => Some(Inner::Error),
            name if member.value.kind() == Kind::String
                && (name == "statusMessage" || is_no_word(name, member.value)) =>
            {
                let below = pass.member(&at, name);
                pass.part(&around, member.into(), &below, Is::Text(Prose::Message));
                continue;
            }
            name if is_task_word(name, member.value) => {
                pass.part(&around, member.into(), &at, Is::Own);
                continue;
            }
            _ => None,
        };
        let Some(inner) = inner else {
            redact_member(pass, &around, member, &at, TASK);
            continue;
        };
        let below = pass.member(&at, &name);
        let own = pass.own(member.value, &below);
        let own = pass.and_root(member.value, own);
        pass.enter(&around, member.into());
        match inner {
            Inner::Result => redact_result_at(pass, member.value, &own),
            Inner::Error => redact_error_at(pass, member.value, &own),
        }
        pass.leave(&around, member.into());
    }
}

/// Whether a member of a task's state should be one of the protocol's words and is none.
fn is_no_word(name: &str, value: Value<'_>) -> bool {
    let is_marked = matches!(name, "requestState" | "resultType" | "cacheScope");
    TASK.contains(&name) && !is_marked && !is_task_word(name, value)
}

/// What a task has in it of what its tool said.
enum Inner {
    Result,
    Error,
}

/// Redacts what a list says of its entries; the names by which these are known stay.
pub fn redact_list(pass: &mut Pass<'_, '_>, list: Value<'_>) {
    let at = pass.root(list);
    if list.kind() != Kind::Object {
        return pass.value(list, &at, Is::Document);
    }
    let around = pass.open(list);
    for member in list.members() {
        match (member.name.as_str().unwrap_or_default().as_ref(), member.value.kind()) {
            ("nextCursor" | "resultType" | "cacheScope", _) => pass.part(&around, member.into(), &at, Is::Own),
            (_, Kind::Array) => redact_elements(pass, &around, member.into(), &at, redact_entry),
            (_, _) => pass.part(&around, member.into(), &at, Is::Document),
        }
    }
}

fn redact_entry(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    if part.value.kind() != Kind::Object {
        return pass.part(around, part, at, Is::Document);
    }
    pass.enter(around, part);
    let inside = pass.open(part.value);
    for member in part.value.members() {
        let is_key = |name: &str| ENTRY_KEYS.contains(&name);
        let is_own = member.name.as_str().is_some_and(|name| is_key(&name)) && member.value.kind() == Kind::String;
        pass.part(&inside, member.into(), at, if is_own { Is::Own } else { Is::Document });
    }
    pass.leave(around, part);
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
            ("message", Kind::String) => pass.part(&around, part, &below, Is::Text(Prose::Message)),
            ("data", Kind::Object) if asks_user => redact_protocol(pass, &around, part, &below, Words::DATA),
            (_, _) => pass.part(&around, part, &below, Is::Document),
        }
    }
}

/// Redacts the `params` of a request that the server sends while it works on a call.
pub fn redact_server_params(pass: &mut Pass<'_, '_>, params: Value<'_>) {
    let at = pass.root(params);
    redact_words(pass, params, &at, Words::MESSAGE);
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
        ("task" | "inputRequests" | "messages" | "contents", _) => {
            redact_protocol(pass, around, part, &below, Words::MESSAGE);
        }
        (_, _) => pass.part(around, part, &below, Is::Document),
    }
}

fn redact_content(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    if part.value.kind() != Kind::Array {
        return pass.part(around, part, &pass.nowhere(), Is::Opaque("[]"));
    }
    redact_elements(pass, around, part, at, redact_item);
}

/// The elements of an array that is the protocol's own.
fn redact_elements(
    pass: &mut Pass<'_, '_>,
    around: &Around,
    list: Part<'_>,
    at: &Position,
    redact: fn(&mut Pass<'_, '_>, &Around, Part<'_>, &Position),
) {
    pass.enter(around, list);
    let inside = pass.open(list.value);
    for (index, element) in list.value.elements().enumerate() {
        let below = pass.element(at, index);
        redact(pass, &inside, element.into(), &below);
    }
    pass.leave(around, list);
}

/// A message of a prompt.
fn redact_message(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    let message = part.value;
    if message.kind() != Kind::Object || is_misspelt(message, &["role", "content"]) {
        return redact_protocol(pass, around, part, at, Words::MESSAGE);
    }
    let at = pass.own(message, at);
    pass.enter(around, part);
    let inside = pass.open(message);
    for member in message.members() {
        let name = member.name.as_str().unwrap_or_default();
        let below = pass.member(&at, &name);
        match (name.as_ref(), member.value.kind()) {
            ("role", _) if is_word(member.value) => pass.part(&inside, member.into(), &below, Is::Own),
            ("content", Kind::Object) => redact_item(pass, &inside, member.into(), &below),
            ("content", Kind::Array) => {
                let below = pass.own(member.value, &below);
                redact_elements(pass, &inside, member.into(), &below, redact_item);
            }
            (_, _) => pass.part(&inside, member.into(), &below, Is::Document),
        }
    }
    pass.leave(around, part);
}

fn redact_item(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    let item = part.value;
    let at = pass.own(item, at);
    let kind = item.get("type").and_then(Value::as_str).unwrap_or(Cow::Borrowed(""));
    if !matches!(kind.as_ref(), "text" | "resource" | "resource_link") || is_misspelt(item, ITEM) {
        // Images, sound and kinds that are not known: no path looks into them.
        return pass.part(around, part, &pass.nowhere(), Is::Opaque(OPAQUE_ITEM));
    }
    pass.enter(around, part);
    let inside = pass.open(item);
    for member in item.members() {
        let (part, name) = (Part::from(member), member.name.as_str().unwrap_or_default());
        let below = pass.member(&at, &name);
        match (name.as_ref(), member.value.kind()) {
            ("type", _) => pass.part(&inside, part, &below, Is::Own),
            ("resource", Kind::Object) => {
                let below = pass.own(member.value, &below);
                pass.enter(&inside, part);
                redact_resource(pass, member.value, &below);
                pass.leave(&inside, part);
            }
            ("text", _) => pass.part(&inside, part, &below, Is::Text(Prose::Text)),
            (name, _) => redact_resource_member(pass, &inside, part, name, &below),
        }
    }
    pass.leave(around, part);
}

fn redact_resource(pass: &mut Pass<'_, '_>, resource: Value<'_>, at: &Position) {
    let inside = pass.open(resource);
    for member in resource.members() {
        let name = member.name.as_str().unwrap_or_default();
        let below = pass.member(at, &name);
        redact_resource_member(pass, &inside, member.into(), &name, &below);
    }
}

fn redact_resource_member(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, name: &str, at: &Position) {
    match (name, part.value.kind()) {
        ("mimeType", _) if is_mime_type(part.value) => pass.part(around, part, at, Is::Own),
        ("blob", _) => pass.part(around, part, at, Is::Opaque(OPAQUE_BLOB)),
        // An address names what it leads to, in a form that no path looks into, and may be a secret itself.
        ("uri", Kind::String) => pass.part(around, part, at, Is::Text(Prose::Message)),
        (_, _) => pass.part(around, part, at, Is::Document),
    }
}

/// A part of what was read of a resource.
fn redact_resource_part(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    if part.value.kind() != Kind::Object {
        return pass.part(around, part, at, Is::Document);
    }
    let at = pass.own(part.value, at);
    pass.enter(around, part);
    redact_resource(pass, part.value, &at);
    pass.leave(around, part);
}

/// An object of the protocol, which is a document for the paths.
fn redact_protocol(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position, words: Words) {
    if part.value.kind() == Kind::String {
        return pass.part(around, part, at, words.others);
    }
    let at = pass.own(part.value, at);
    let at = pass.and_root(part.value, at);
    pass.enter(around, part);
    redact_words(pass, part.value, &at, words);
    pass.leave(around, part);
}

/// Where the protocol's words stand, and what every other string is.
#[derive(Clone, Copy)]
struct Words {
    place: Place,
    others: Is,
}

impl Words {
    /// In a message to the user.
    const MESSAGE: Words = Words { place: Place::Message, others: Is::Text(Prose::Message) };

    /// Among other data.
    const DATA: Words = Words { place: Place::Message, others: Is::Within };
}

/// The protocol's words stay.
fn redact_words(pass: &mut Pass<'_, '_>, value: Value<'_>, at: &Position, words: Words) {
    let around = match value.kind() {
        Kind::Object | Kind::Array => pass.open(value),
        Kind::String => return pass.value(value, at, words.others),
        Kind::Null | Kind::Bool | Kind::Number => return pass.value(value, at, Is::Within),
    };
    for member in value.members() {
        let name = member.name.as_str().unwrap_or_default();
        let below = pass.member(at, &name);
        if is_protocol_word(&name, member.value, words.place) {
            pass.part(&around, member.into(), &below, Is::Own);
        } else {
            let words = if name == "requestedSchema" { Words { place: Place::Schema, ..words } } else { words };
            redact_words_below(pass, &around, member.into(), &below, words);
        }
    }
    for (index, element) in value.elements().enumerate() {
        let below = pass.element(at, index);
        redact_words_below(pass, &around, element.into(), &below, words);
    }
}

fn redact_words_below(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position, words: Words) {
    let is_left_alone = matches!(part.value.kind(), Kind::Object | Kind::Array) && !pass.is_selected(part.value, at);
    if !is_left_alone {
        let is = if part.value.kind() == Kind::String { words.others } else { Is::Within };
        return pass.part(around, part, at, is);
    }
    pass.enter(around, part);
    redact_words(pass, part.value, at, words);
    pass.leave(around, part);
}

fn is_mime_type(value: Value<'_>) -> bool {
    let is_token = |text: &str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    };
    value.as_str().is_some_and(|text| text.split_once('/').is_some_and(|(kind, name)| is_token(kind) && is_token(name)))
}

/// What stands in the place of a content item that nobody can look into.
const OPAQUE_ITEM: &str = r#"{"type":"text","text":"****"}"#;

/// The same of a blob: `****` in base64.
const OPAQUE_BLOB: &str = "\"KioqKg==\"";

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

/// By what the entries of lists are known.
const ENTRY_KEYS: &[&str] = &["mimeType", "name", "uri", "uriTemplate"];

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
