//! Content items: of tool results, prompts and resources.

use std::borrow::Cow;

use policy_model::json::{Kind, Value};
use policy_model::redaction::{Around, Is, Part, Pass, Position, Prose};

use super::ITEM;
use super::words::{Words, redact_protocol};
use crate::protocol::{Place, is_word};
use crate::spelling::is_misspelt;

pub(super) fn redact_content(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    if part.value.kind() != Kind::Array {
        return pass.part(around, part, &pass.nowhere(), Is::Opaque("[]"));
    }
    redact_elements(pass, around, part, at, redact_item);
}

/// The elements of an array that is the protocol's own.
pub(super) fn redact_elements(
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
pub(super) fn redact_message(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    let message = part.value;
    if message.kind() != Kind::Object || is_misspelt(message, &["role", "content"]) {
        return redact_protocol(pass, around, part, at, Words::message(Place::Data));
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
            ("text", _) => pass.required(&inside, part, &below, Is::Text(Prose::Text)),
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
        ("blob", _) => pass.required(around, part, at, Is::Opaque(OPAQUE_BLOB)),
        ("uri", Kind::String) => pass.required(around, part, at, Is::Address),
        ("text", Kind::String) => pass.required(around, part, at, Is::Text(Prose::Text)),
        ("name", Kind::String) => pass.required(around, part, at, Is::Document),
        // These must be what they are, if they are there.
        ("annotations" | "_meta", Kind::Object) if is_taken(pass, part, at) => pass.instead(around, part, "{}"),
        ("icons", Kind::Array) if is_taken(pass, part, at) => pass.instead(around, part, "[]"),
        ("size", Kind::Number) if is_taken(pass, part, at) => pass.drop(around, part),
        (_, _) => pass.part(around, part, at, Is::Document),
    }
}

/// Whether a path takes all of it.
fn is_taken(pass: &Pass<'_, '_>, part: Part<'_>, at: &Position) -> bool {
    pass.is_selected(part.value, at) && !pass.keeps_shape(part.value, at)
}

/// A part of what was read of a resource.
pub(super) fn redact_resource_part(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    if part.value.kind() != Kind::Object {
        return pass.part(around, part, at, Is::Document);
    }
    let at = pass.own(part.value, at);
    pass.enter(around, part);
    redact_resource(pass, part.value, &at);
    pass.leave(around, part);
}

/// Whether a value is a media type, and no number of somebody's.
pub(crate) fn is_mime_type(value: Value<'_>) -> bool {
    let is_token = |text: &str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        (1..=80).contains(&text.len())
            && digits < MIME_DIGITS_MAX
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    };
    value.as_str().is_some_and(|text| text.split_once('/').is_some_and(|(kind, name)| is_token(kind) && is_token(name)))
}

/// A type with more digits may be a number of somebody's.
const MIME_DIGITS_MAX: usize = 6;

/// What stands in the place of a content item that nobody can look into.
pub(super) const OPAQUE_ITEM: &str = r#"{"type":"text","text":"****"}"#;

/// The same of a blob: `****` in base64.
pub(crate) const OPAQUE_BLOB: &str = "\"KioqKg==\"";
