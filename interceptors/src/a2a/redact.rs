//! Redacting what an agent said: the protocol's frame and its words stay, and all else is text, data, an address or bytes.
//!
//! Where a path selects an object of the protocol, its frame stays as well, and nothing of what is said in it.

use policy_model::json::{Kind, Member, Value};
use policy_model::redaction::{Around, Is, MASKED, Part, Pass, Position, Prose};

use crate::protocol::is_word;
use crate::reserved::plain;
use crate::tool_result::{OPAQUE_BLOB, is_mime_type};

use super::place::{Place, Role};

/// Redacts one of the protocol's objects, and says whether it is one.
pub(super) fn redact(pass: &mut Pass<'_, '_>, value: Value<'_>, at: &Position, place: Place) -> bool {
    let mut walk = Walk { pass, is_odd: false };
    walk.object(value, at, place, false);
    !walk.is_odd
}

/// The same for an array of them.
pub(super) fn redact_each(pass: &mut Pass<'_, '_>, list: Value<'_>, at: &Position, place: Place) -> bool {
    let mut walk = Walk { pass, is_odd: false };
    let is_selected = walk.pass.is_selected(list, at);
    walk.elements(list, at, place, is_selected);
    !walk.is_odd
}

/// Whether an object has a member that could be taken for one of these.
pub(super) fn is_misspelt(object: Value<'_>, place: Place) -> bool {
    object.members().any(|member| {
        let name = member.name.as_str().unwrap_or_default();
        let is_known = |(known, _): &(&str, Role)| *known == name;
        !place.members().iter().any(is_known) && {
            let plain = plain(&name);
            place.members().iter().any(|(known, _)| known.eq_ignore_ascii_case(&plain))
        }
    })
}

struct Walk<'w, 'a, 'p> {
    pass: &'w mut Pass<'a, 'p>,
    /// Whether something is not as the protocol has it.
    is_odd: bool,
}

impl Walk<'_, '_, '_> {
    fn object(&mut self, value: Value<'_>, at: &Position, place: Place, is_selected: bool) {
        if value.kind() != Kind::Object || is_misspelt(value, place) {
            self.is_odd = true;
            return;
        }
        let is_selected = is_selected || self.pass.is_selected(value, at);
        let around = self.pass.open(value);
        for member in value.members() {
            let name = member.name.as_str().unwrap_or_default();
            let below = self.pass.member(at, &name);
            self.member(&around, member, &below, place.role(&name), is_selected);
        }
    }

    fn elements(&mut self, list: Value<'_>, at: &Position, place: Place, is_selected: bool) {
        let around = self.pass.open(list);
        for (index, element) in list.elements().enumerate() {
            let below = self.pass.element(at, index);
            self.inside(&around, element.into(), &below, place, is_selected);
        }
    }

    fn inside(&mut self, around: &Around, part: Part<'_>, at: &Position, place: Place, is_selected: bool) {
        if place == Place::Part && !is_known_part(part.value) {
            if is_selected || self.pass.is_selected(part.value, at) {
                return self.pass.instead(around, part, OPAQUE_PART);
            }
            return self.pass.part(around, part, &self.pass.nowhere(), Is::Opaque(OPAQUE_PART));
        }
        self.pass.enter(around, part);
        self.object(part.value, at, place, is_selected);
        self.pass.leave(around, part);
    }

    fn member(&mut self, around: &Around, member: Member<'_>, at: &Position, role: Role, is_selected: bool) {
        let (part, value) = (Part::from(member), member.value);
        match (role, value.kind()) {
            (Role::Any | Role::Data, _) => self.data(around, part, at, role, is_selected),
            (_, Kind::Null) => self.pass.part(around, part, at, Is::Own),
            (role, _) if is_own(role, value) => self.pass.part(around, part, at, Is::Own),
            (Role::Inside(place), Kind::Object) => self.inside(around, part, at, place, is_selected),
            (Role::Root(place), Kind::Object) => {
                let at = self.pass.and_root(value, at.clone());
                self.inside(around, part, &at, place, is_selected);
            }
            (Role::Each(place), Kind::Array) => {
                let is_selected = is_selected || self.pass.is_selected(value, at);
                self.pass.enter(around, part);
                self.elements(value, at, place, is_selected);
                self.pass.leave(around, part);
            }
            (Role::Ids, Kind::Array) => self.ids(around, part, at, is_selected),
            (Role::List, Kind::Array) => self.data(around, part, at, role, is_selected),
            (Role::Inside(_) | Role::Root(_) | Role::Each(_) | Role::Ids | Role::List, _)
            | (Role::Text | Role::Message | Role::Address | Role::Blob | Role::Media | Role::Id, Kind::Bool)
            | (_, Kind::Array | Kind::Object) => {
                self.is_odd = true;
                self.pass.part(around, part, at, Is::Document);
            }
            (Role::Address, _) => self.said(around, part, at, Is::Address, is_selected),
            (Role::Blob, _) => self.said(around, part, at, Is::Opaque(OPAQUE_BLOB), is_selected),
            (Role::Text, _) => self.said(around, part, at, Is::Text(Prose::Text), is_selected),
            (
                Role::Id
                | Role::Word
                | Role::Time
                | Role::Count
                | Role::Flag
                | Role::Mark
                | Role::Message
                | Role::Media,
                _,
            ) => self.said(around, part, at, Is::Text(Prose::Message), is_selected),
        }
    }

    /// What must be there, in whatever is left of it.
    fn said(&mut self, around: &Around, part: Part<'_>, at: &Position, is: Is, is_selected: bool) {
        if !is_selected {
            return self.pass.required(around, part, at, is);
        }
        match is {
            Is::Opaque(json) => self.pass.instead(around, part, json),
            Is::Address => self.pass.instead(around, part, MASKED_ADDRESS),
            Is::Own | Is::Within | Is::Document | Is::Text(_) => self.pass.instead(around, part, MASKED),
        }
    }

    /// Somebody's data. An object or array stays one where it must be there.
    fn data(&mut self, around: &Around, part: Part<'_>, at: &Position, role: Role, is_selected: bool) {
        let value = part.value;
        let is_taken = || self.pass.is_selected(value, at) && !self.pass.keeps_shape(value, at);
        let is_wrapped = role == Role::Data && is_wrapped(value);
        if !is_selected && !is_wrapped && (role == Role::Any || !is_taken()) {
            return self.pass.part(around, part, at, Is::Document);
        }
        match (value.kind(), role) {
            (_, Role::Any) => self.pass.drop(around, part),
            (Kind::Object, _) if is_wrapped && !is_selected && !is_taken() => self.wrapped(around, part, at),
            (Kind::Object, _) => self.pass.instead(around, part, "{}"),
            (Kind::Array, _) => self.pass.instead(around, part, "[]"),
            (Kind::Null | Kind::Bool | Kind::Number | Kind::String, _) => self.pass.instead(around, part, MASKED),
        }
    }

    /// Data as version 0.3 writes it in HTTP+JSON, within an object of its own: both are documents.
    fn wrapped(&mut self, around: &Around, part: Part<'_>, at: &Position) {
        let at = self.pass.and_root(part.value, at.clone());
        self.pass.enter(around, part);
        let inside = self.pass.open(part.value);
        for member in part.value.members() {
            let below = self.pass.member(&at, "data");
            if self.pass.is_selected(member.value, &below) && !self.pass.keeps_shape(member.value, &below) {
                self.pass.instead(&inside, member.into(), "{}");
            } else {
                self.pass.part(&inside, member.into(), &below, Is::Document);
            }
        }
        self.pass.leave(around, part);
    }

    fn ids(&mut self, around: &Around, part: Part<'_>, at: &Position, is_selected: bool) {
        self.pass.enter(around, part);
        let inside = self.pass.open(part.value);
        for (index, id) in part.value.elements().enumerate() {
            let below = self.pass.element(at, index);
            if is_id(id) {
                self.pass.part(&inside, id.into(), &below, Is::Own);
            } else {
                self.said(&inside, id.into(), &below, Is::Text(Prose::Message), is_selected);
            }
        }
        self.pass.leave(around, part);
    }
}

/// Whether a member is a word of the protocol, and not something else in its place.
fn is_own(role: Role, value: Value<'_>) -> bool {
    match (role, value.kind()) {
        (Role::Id, _) => is_id(value),
        // Also the number of an enum's value.
        (Role::Word, Kind::Number)
        | (Role::Count, Kind::Number)
        | (Role::Flag, Kind::Bool)
        | (Role::Mark, Kind::String) => true,
        (Role::Word, _) => is_word(value) || value.as_str().is_some_and(|text| STATES.contains(&text.as_ref())),
        (Role::Time, _) => value.as_str().is_some_and(|text| is_time(&text)),
        (Role::Media, _) => is_mime_type(value),
        (_, _) => false,
    }
}

/// Whether a value says nothing of anybody but which thing is meant.
fn is_id(value: Value<'_>) -> bool {
    let is_in_id = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte);
    value.as_str().is_some_and(|id| id.len() <= ID_BYTES_MAX && id.bytes().all(is_in_id))
}

fn is_time(text: &str) -> bool {
    text.len() <= TIME_BYTES_MAX
        && text.contains('T')
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"TZ:.+-".contains(&byte))
}

/// Whether a part has one content, and is called what it is.
fn is_known_part(part: Value<'_>) -> bool {
    let mut contents =
        part.members().filter(|member| member.name.as_str().is_some_and(|name| CONTENTS.contains(&name.as_ref())));
    let (Some(content), None) = (contents.next(), contents.next()) else { return false };
    part.get("kind").is_none_or(|kind| content.name.is_str(&kind.as_str().unwrap_or_default()))
}

/// Whether data stand within an object of their own.
fn is_wrapped(data: Value<'_>) -> bool {
    data.len() == 1 && data.get("data").is_some_and(|inner| inner.kind() == Kind::Object)
}

/// The members of a part that make it what it is.
const CONTENTS: &[&str] = &["text", "file", "data", "raw", "url"];

/// States that are no plain words.
const STATES: &[&str] = &["input-required", "auth-required", "status-update", "artifact-update"];

/// What stands in the place of a part that nobody can look into, in both versions.
const OPAQUE_PART: &str = r#"{"kind":"text","text":"****"}"#;

const MASKED_ADDRESS: &str = "\"redacted:****\"";

const ID_BYTES_MAX: usize = 256;

const TIME_BYTES_MAX: usize = 40;
