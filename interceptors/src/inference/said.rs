//! Redacting what a model said: where in an answer values can be, and which of them a path can reach.
//!
//! The answer itself is a document for the paths, and so is each thing in it that the model made. The words of the form stay.

use policy_model::json::{Kind, Value};
use policy_model::redaction::{Around, Is, MASKED, Part, Pass, Position, Prose};

use super::numbers::{ANSWER, MODEL};
use super::words::{Role, is_blob, role};

/// Redacts an answer, an object.
pub(super) fn redact_answer(pass: &mut Pass<'_, '_>, body: Value<'_>) {
    let at = pass.root(body);
    let is_selected = pass.is_selected(body, &at);
    let at = pass.own(body, &at);
    redact_frame(pass, ANSWER, body, &at, is_selected);
}

/// Redacts what a list says of models, or what is said of one; the names by which these are known stay.
pub(super) fn redact_models(pass: &mut Pass<'_, '_>, body: Value<'_>) {
    let at = pass.root(body);
    let around = pass.open(body);
    for member in body.members() {
        let part = Part::from(member);
        if !member.name.is_str("data") || member.value.kind() != Kind::Array {
            redact_of_model(pass, &around, body, part, &member.name.as_str().unwrap_or_default(), &at);
            continue;
        }
        pass.enter(&around, part);
        let entries = pass.open(member.value);
        for entry in member.value.elements() {
            if entry.kind() != Kind::Object {
                pass.part(&entries, entry.into(), &at, Is::Document);
                continue;
            }
            pass.enter(&entries, entry.into());
            let inside = pass.open(entry);
            for member in entry.members() {
                redact_of_model(pass, &inside, entry, member.into(), &member.name.as_str().unwrap_or_default(), &at);
            }
            pass.leave(&entries, entry.into());
        }
        pass.leave(&around, part);
    }
}

fn redact_of_model(pass: &mut Pass<'_, '_>, around: &Around, of: Value<'_>, part: Part<'_>, name: &str, at: &Position) {
    let is_key = MODEL_KEYS.contains(&name) && part.value.kind() != Kind::Object;
    let is_own = is_key || role(MODEL, of, name, part.value) == Role::Word;
    pass.part(around, part, at, if is_own { Is::Own } else { Is::Document });
}

/// An object or array of the form, and the name under which it stands. If a path selects something around it, its frame stays,
/// and of what is said in it nothing.
fn redact_frame(pass: &mut Pass<'_, '_>, place: &str, frame: Value<'_>, at: &Position, is_selected: bool) {
    let around = pass.open(frame);
    for member in frame.members() {
        let name = member.name.as_str().unwrap_or_default();
        let below = pass.member(at, &name);
        let role = role(place, frame, &name, member.value);
        redact_part(pass, &around, (&name, member.into()), &below, role, is_selected);
    }
    for (index, element) in frame.elements().enumerate() {
        let below = pass.element(at, index);
        redact_part(pass, &around, (place, element.into()), &below, role_of_element(element), is_selected);
    }
}

fn role_of_element(element: Value<'_>) -> Role {
    match element.kind() {
        Kind::Object => Role::Inside,
        Kind::String if element.as_str().is_some_and(|text| is_blob(&text)) => Role::Opaque,
        Kind::String => Role::Text,
        Kind::Null => Role::Word,
        Kind::Bool | Kind::Number | Kind::Array => Role::Document,
    }
}

fn redact_part(
    pass: &mut Pass<'_, '_>,
    around: &Around,
    named: (&str, Part<'_>),
    at: &Position,
    role: Role,
    is_selected: bool,
) {
    let (place, part) = named;
    match role {
        Role::Word => pass.part(around, part, at, Is::Own),
        Role::Name => {
            let at = pass.own(part.value, at);
            pass.part(around, part, &at, Is::Within);
        }
        Role::Inside => {
            let is_selected = is_selected || pass.is_selected(part.value, at);
            let at = pass.own(part.value, at);
            pass.enter(around, part);
            redact_frame(pass, place, part.value, &at, is_selected);
            pass.leave(around, part);
        }
        Role::Tokens => {
            let nowhere = pass.nowhere();
            let instead = if part.value.kind() == Kind::Array { "[]" } else { "null" };
            pass.own(part.value, at);
            pass.part(around, part, &nowhere, Is::Opaque(instead));
        }
        Role::Text | Role::Message | Role::Address | Role::Opaque | Role::Arguments | Role::Document if is_selected => {
            redact_selected(pass, around, part);
        }
        Role::Arguments if pass.is_selected(part.value, at) && !pass.keeps_shape(part.value, at) => {
            pass.instead(around, part, "{}");
        }
        Role::Text => pass.required(around, part, at, Is::Text(Prose::Text)),
        Role::Message => pass.required(around, part, at, Is::Text(Prose::Message)),
        Role::Address => pass.required(around, part, at, Is::Address),
        Role::Opaque => pass.required(around, part, at, Is::Opaque(MASKED)),
        Role::Arguments | Role::Document => pass.part(around, part, at, Is::Document),
    }
}

/// What is said in something that a path selects.
fn redact_selected(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>) {
    match part.value.kind() {
        Kind::String => pass.instead(around, part, MASKED),
        Kind::Array => pass.instead(around, part, "[]"),
        Kind::Object => pass.instead(around, part, "{}"),
        Kind::Null | Kind::Bool | Kind::Number => pass.drop(around, part),
    }
}

/// By what models are known, and where a list of them goes on.
const MODEL_KEYS: &[&str] = &["first_id", "id", "last_id"];
