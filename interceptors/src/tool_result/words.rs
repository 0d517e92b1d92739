//! Objects of the protocol, whose words the other side must find again.

use policy_model::json::{Kind, Value};
use policy_model::redaction::{Around, Is, Part, Pass, Position, Prose};

use crate::protocol::{Place, is_protocol_word};

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

/// Where the protocol's words stand, and what every other string is.
#[derive(Clone, Copy)]
pub(super) struct Words {
    place: Place,
    others: Is,
}

impl Words {
    /// In a message to the user.
    pub(super) const MESSAGE: Words = Words { place: Place::Message, others: Is::Text(Prose::Message) };

    /// Among other data.
    pub(super) const DATA: Words = Words { place: Place::Message, others: Is::Within };
}

/// The protocol's words stay.
pub(super) fn redact_words(pass: &mut Pass<'_, '_>, value: Value<'_>, at: &Position, words: Words) {
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
