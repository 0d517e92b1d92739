//! Reading an object whose members are all known.

use std::borrow::Cow;

use super::error::{PolicyError, Problem};
use crate::json::{Kind, Value};

/// The members of an object, none unknown and none twice.
pub(super) struct Fields<'d> {
    place: String,
    members: Vec<(Cow<'d, str>, Value<'d>)>,
}

impl<'d> Fields<'d> {
    pub(super) fn read(
        value: Value<'d>,
        place: &str,
        known: &'static [&'static str],
    ) -> Result<Fields<'d>, PolicyError> {
        if value.kind() != Kind::Object {
            return Err(PolicyError::new(place, Problem::WrongType("an object")));
        }
        let mut members: Vec<(Cow<'d, str>, Value<'d>)> = Vec::new();
        for member in value.members() {
            let name = member.name.as_str().unwrap_or_default();
            if !known.contains(&name.as_ref()) {
                return Err(PolicyError::new(place, Problem::UnknownField(name.into_owned(), known)));
            }
            if members.iter().any(|(seen, _)| *seen == name) {
                return Err(PolicyError::new(place, Problem::DuplicateField(name.into_owned())));
            }
            members.push((name, member.value));
        }
        Ok(Fields { place: place.to_owned(), members })
    }

    /// The place of a member, for an error about it.
    pub(super) fn place(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    pub(super) fn optional(&self, name: &str) -> Option<Value<'d>> {
        self.members.iter().find(|(seen, _)| seen == name).map(|(_, value)| *value)
    }

    pub(super) fn optional_text(&self, name: &str) -> Result<Option<Cow<'d, str>>, PolicyError> {
        match self.optional(name) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .map(Some)
                .ok_or_else(|| PolicyError::new(&self.place(name), Problem::WrongType("a string"))),
        }
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Cow<'d, str>, PolicyError> {
        self.optional_text(name)?.ok_or_else(|| PolicyError::new(&self.place, Problem::Missing(name)))
    }

    /// A list, each element with its place.
    pub(super) fn optional_list(&self, name: &str) -> Result<Option<Vec<(String, Value<'d>)>>, PolicyError> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let place = self.place(name);
        if value.kind() != Kind::Array {
            return Err(PolicyError::new(&place, Problem::WrongType("a list")));
        }
        let elements = value.elements().enumerate();
        Ok(Some(elements.map(|(index, element)| (format!("{place}[{index}]"), element)).collect()))
    }

    pub(super) fn list(&self, name: &'static str) -> Result<Vec<(String, Value<'d>)>, PolicyError> {
        self.optional_list(name)?.ok_or_else(|| PolicyError::new(&self.place, Problem::Missing(name)))
    }
}
