//! A header: JSON to [`Addition`].

use std::fmt;

use super::document::check_sentence;
use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::shape::HEADER;
use crate::header::{Addition, NAME_BYTES_MAX, Source, VALUE_BYTES_MAX, is_settable, is_value, normal};
use crate::json::Value;
use crate::request::HEADER_ROOTS;
use crate::selector::Selector;

pub(super) fn read_all(fields: &Fields<'_, '_>, errors: &mut Vec<PolicyError>) -> Result<Vec<Addition>, PolicyError> {
    let place = fields.place("headers");
    let mut additions: Vec<Addition> = Vec::new();
    for (number, value) in fields.list("headers")?.into_iter().flatten() {
        let place = Place::Element(&place, number);
        match read(value, place) {
            Ok(addition) if additions.iter().any(|other| normal(&other.name) == normal(&addition.name)) => {
                let problem = Problem::Header(HeaderError::Twice(addition.name.into()));
                errors.push(PolicyError::new(Place::Member(&place, "name"), problem));
            }
            Ok(addition) => additions.push(addition),
            Err(error) => errors.push(error),
        }
    }
    Ok(additions)
}

fn read(value: Value<'_>, place: Place<'_>) -> Result<Addition, PolicyError> {
    let fields = Fields::read(value, place, HEADER)?;
    check_sentence(&fields, "description")?;
    let name = fields.text("name")?;
    if !is_settable(&name) {
        return Err(fields.error_at("name", Problem::Header(HeaderError::Name(name.into_owned()))));
    }
    let source = match (fields.optional_text("value")?, fields.optional_text("valuePath")?) {
        (Some(_), Some(_)) => return Err(fields.error(Problem::TwoValues)),
        (None, None) => return Err(fields.error(Problem::Header(HeaderError::NoValue))),
        (Some(value), None) if !is_value(&value) => {
            return Err(fields.error_at("value", Problem::Header(HeaderError::Value)));
        }
        (Some(value), None) => Source::Written(value.into()),
        (None, Some(text)) => match Selector::parse_rooted(&text, HEADER_ROOTS) {
            Ok(path) => Source::Path(path),
            Err(error) => return Err(fields.error_at("valuePath", Problem::NotAPath(text.into_owned(), error))),
        },
    };
    Ok(Addition { name: name.into(), source })
}

/// What is wrong with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderError {
    /// Not a name that an interceptor may set.
    Name(String),
    /// A name that stands twice.
    Twice(String),
    /// Neither `value` nor `valuePath`.
    NoValue,
    /// A value that does not arrive as it is.
    Value,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderError::Name(name) => write!(
                out,
                "{name:?} cannot be set by an interceptor; a name is 1 to {NAME_BYTES_MAX} of a-z A-Z 0-9 _ -, and not one \
                 that the gateway reserves"
            ),
            HeaderError::Twice(name) => {
                write!(out, "header {name:?} stands twice (case, and _ for -, make no other header of it); keep one")
            }
            HeaderError::NoValue => out.write_str("expected \"value\" or \"valuePath\""),
            HeaderError::Value => {
                write!(out, "expected 1 to {VALUE_BYTES_MAX} bytes of printable ASCII without a space at either end")
            }
        }
    }
}
