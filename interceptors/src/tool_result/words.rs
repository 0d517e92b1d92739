//! Objects of the protocol, whose words the other side must find again.

use policy_model::json::{Kind, Value};
use policy_model::redaction::{Around, Is, MASKED, Part, Pass, Position, Prose};

use super::content::OPAQUE_ITEM;
use crate::protocol::{Place, Role};

/// What an object of the protocol is.
#[derive(Clone, Copy)]
pub(super) struct Words {
    place: Place,
    /// What its strings are that are no words of the protocol.
    others: Is,
    /// Whether a path selects something around it. Then its frame stays, and of what is said in it nothing.
    is_selected: bool,
}

impl Words {
    /// In what a server says to the user or a model.
    pub(super) fn message(place: Place) -> Words {
        Words { place, others: Is::Text(Prose::Message), is_selected: false }
    }

    /// Among other data.
    pub(super) fn data(place: Place) -> Words {
        Words { place, others: Is::Within, is_selected: false }
    }
}

/// An object of the protocol, which is a document for the paths.
pub(super) fn redact_protocol(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position, words: Words) {
    if part.value.kind() == Kind::String {
        return pass.part(around, part, at, words.others);
    }
    let at = pass.own(part.value, at);
    let at = pass.and_root(part.value, at);
    pass.enter(around, part);
    redact_words(pass, part.value, &at, words);
    pass.leave(around, part);
}

/// The protocol's words stay.
pub(super) fn redact_words(pass: &mut Pass<'_, '_>, value: Value<'_>, at: &Position, words: Words) {
    let around = match value.kind() {
        Kind::Object | Kind::Array => pass.open(value),
        Kind::String => return pass.value(value, at, words.others),
        Kind::Null | Kind::Bool | Kind::Number => return pass.value(value, at, Is::Within),
    };
    let words = Words { is_selected: words.is_selected || pass.is_selected(value, at), ..words };
    for member in value.members() {
        let (part, name) = (Part::from(member), member.name.as_str().unwrap_or_default());
        let below = pass.member(at, &name);
        match words.place.role(&name, member.value) {
            Role::Word => pass.part(&around, part, &below, Is::Own),
            Role::Inside(place) => redact_inside(pass, &around, part, &below, Words { place, ..words }),
            Role::Offered if member.value.kind() == Kind::Array && !words.is_selected => {
                redact_inside(pass, &around, part, &below, Words { place: Place::Data, ..words });
            }
            role @ (Role::Offered | Role::Data | Role::Text | Role::Said) => {
                redact_said(pass, &around, part, &below, words, role)
            }
        }
    }
    for (index, element) in value.elements().enumerate() {
        let below = pass.element(at, index);
        if element.kind() == Kind::Object && words.place != Place::Data {
            redact_inside(pass, &around, element.into(), &below, words);
        } else {
            redact_said(pass, &around, element.into(), &below, words, Role::Said);
        }
    }
}

fn redact_inside(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position, words: Words) {
    let is_item = words.place == Place::Content && part.value.kind() == Kind::Object;
    let is_known = |kind: &str| CONTENT.contains(&kind);
    if is_item && !part.value.get("type").and_then(Value::as_str).is_some_and(|kind| is_known(&kind)) {
        return pass.part(around, part, &pass.nowhere(), Is::Opaque(OPAQUE_ITEM));
    }
    pass.enter(around, part);
    redact_words(pass, part.value, at, words);
    pass.leave(around, part);
}

/// What is no word of the protocol. Where it goes away, it does so in a way that leaves the message one.
fn redact_said(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position, words: Words, role: Role) {
    let kind = part.value.kind();
    if words.is_selected || (role == Role::Offered && kind != Kind::String && pass.is_selected(part.value, at)) {
        return match (kind, role) {
            (Kind::String, _) => pass.instead(around, part, MASKED),
            (_, Role::Offered) | (Kind::Null | Kind::Bool | Kind::Number, _) => pass.drop(around, part),
            (Kind::Array, _) => pass.instead(around, part, "[]"),
            (Kind::Object, _) => pass.instead(around, part, "{}"),
        };
    }
    match kind {
        Kind::String if role != Role::Said => pass.required(around, part, at, words.others),
        Kind::String => pass.part(around, part, at, words.others),
        Kind::Null | Kind::Bool | Kind::Number => pass.part(around, part, at, Is::Within),
        Kind::Array | Kind::Object if !pass.is_selected(part.value, at) => {
            redact_inside(pass, around, part, at, Words { place: Place::Data, ..words });
        }
        Kind::Array | Kind::Object if role != Role::Data || pass.keeps_shape(part.value, at) => {
            pass.part(around, part, at, Is::Within);
        }
        Kind::Array => pass.instead(around, part, "[]"),
        Kind::Object => pass.instead(around, part, "{}"),
    }
}

/// What a model may be told, and tells.
const CONTENT: &[&str] = &["text", "tool_result", "tool_use"];
