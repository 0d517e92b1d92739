//! Reading an object whose members are all known.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use super::error::{PolicyError, Problem};
use super::shape::Field;
use crate::json::{Kind, Value};

/// Where in a document, written out only when an error needs it.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    Document,
    Member(&'p Place<'p>, &'p str),
    Element(&'p Place<'p>, usize),
}

/// The members of an object, none unknown and none twice.
pub(super) struct Fields<'d, 'p> {
    place: Place<'p>,
    known: &'static [Field],
    members: Vec<(Cow<'d, str>, Value<'d>)>,
}

impl<'d, 'p> Fields<'d, 'p> {
    pub(super) fn read(
        value: Value<'d>,
        place: Place<'p>,
        known: &'static [Field],
    ) -> Result<Fields<'d, 'p>, PolicyError> {
        if value.kind() != Kind::Object {
            return Err(PolicyError::new(place, Problem::WrongType("an object")));
        }
        let mut members: Vec<(Cow<'d, str>, Value<'d>)> = Vec::with_capacity(known.len().min(8));
        for member in value.members() {
            let name = member.name.as_str().unwrap_or_default();
            if !known.iter().any(|field| field.name == name) {
                let known = known.iter().map(|field| field.name).collect();
                return Err(PolicyError::new(place, Problem::UnknownField(name.into_owned(), known)));
            }
            if members.iter().any(|(seen, _)| *seen == name) {
                return Err(PolicyError::new(place, Problem::DuplicateField(name.into_owned())));
            }
            members.push((name, member.value));
        }
        let is_there = |field: &&Field| members.iter().any(|(name, _)| name == field.name);
        match known.iter().filter(|field| field.is_required).find(|field| !is_there(field)) {
            Some(missing) => Err(PolicyError::new(place, Problem::Missing(missing.name))),
            None => Ok(Fields { place, known, members }),
        }
    }

    /// An error about this object.
    pub(super) fn error(&self, problem: Problem) -> PolicyError {
        PolicyError::new(self.place, problem)
    }

    /// An error about a member.
    pub(super) fn error_at(&self, name: &str, problem: Problem) -> PolicyError {
        PolicyError::new(Place::Member(&self.place, name), problem)
    }

    /// The place of a member.
    pub(super) fn place<'f>(&'f self, name: &'f str) -> Place<'f> {
        Place::Member(&self.place, name)
    }

    pub(super) fn optional(&self, name: &str) -> Option<Value<'d>> {
        self.members.iter().find(|(seen, _)| seen == name).map(|(_, value)| *value)
    }

    pub(super) fn optional_text(&self, name: &str) -> Result<Option<Cow<'d, str>>, PolicyError> {
        match self.optional(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or_else(|| self.error_at(name, Problem::WrongType("a string"))),
        }
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Cow<'d, str>, PolicyError> {
        self.optional_text(name)?.ok_or_else(|| self.error(Problem::Missing(name)))
    }

    /// One of the known words.
    pub(super) fn word<T>(
        &self,
        name: &str,
        words: &'static [&'static str],
        meaning: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, PolicyError> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        match meaning(&text) {
            Some(meaning) => Ok(Some(meaning)),
            None => Err(self.error_at(name, Problem::UnknownWord(text.into_owned(), words))),
        }
    }

    pub(super) fn bool(&self, name: &str) -> Result<Option<bool>, PolicyError> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        match value.kind() {
            Kind::Bool => Ok(Some(value.text() == "true")),
            Kind::Null | Kind::Number | Kind::String | Kind::Array | Kind::Object => {
                Err(self.error_at(name, Problem::WrongType("true or false")))
            }
        }
    }

    /// A whole number within bounds.
    pub(super) fn count(&self, name: &str, bounds: RangeInclusive<usize>) -> Result<Option<usize>, PolicyError> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let number =
            Some(value).filter(|value| value.kind() == Kind::Number).and_then(|value| value.text().parse().ok());
        match number.filter(|number| bounds.contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(self.error_at(name, Problem::NotACount(*bounds.start(), *bounds.end()))),
        }
    }

    /// A list within the bounds that the table of this object has for it.
    pub(super) fn list(
        &self,
        name: &'static str,
    ) -> Result<Option<impl Iterator<Item = (usize, Value<'d>)> + use<'d>>, PolicyError> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let shape = self.known.iter().find(|field| field.name == name).and_then(|field| field.shape.list());
        let Some(list) = shape.filter(|_| value.kind() == Kind::Array) else {
            return Err(self.error_at(name, Problem::WrongType("a list")));
        };
        let length = value.len();
        if length > list.most {
            return Err(self.error_at(name, Problem::TooMany(list.what, list.most)));
        }
        match list.if_empty {
            Some(remedy) if length == 0 => Err(self.error_at(name, Problem::EmptyList(remedy))),
            Some(_) | None => Ok(Some(value.elements().enumerate())),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Document => Ok(()),
            Place::Member(Place::Document, name) => out.write_str(name),
            Place::Member(parent, name) => write!(out, "{parent}.{name}"),
            Place::Element(parent, index) => write!(out, "{parent}[{index}]"),
        }
    }
}
