//! A limit: JSON to [`Limit`].

use std::fmt;

use super::LIMIT_BYTES_MAX;
use super::argument_document::parse_resource;
use super::document::check_sentence;
use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::rule_document::read_resources;
use super::shape::LIMIT;
use crate::json::{DEPTH_MAX, Value};
use crate::limit::{Bound, Limit};
use crate::pattern::Pattern;

/// A limit and whose calls it is about.
pub(crate) struct LimitDocument {
    pub(crate) limit: Limit,
    pub(crate) resources: Vec<Pattern>,
}

pub(super) fn read_all(
    fields: &Fields<'_, '_>,
    errors: &mut Vec<PolicyError>,
) -> Result<Vec<LimitDocument>, PolicyError> {
    let place = fields.place("limits");
    let mut documents = Vec::new();
    for (number, value) in fields.list("limits")?.into_iter().flatten() {
        match read(value, Place::Element(&place, number)) {
            Ok(document) => documents.push(document),
            Err(error) => errors.push(error),
        }
    }
    Ok(documents)
}

fn read(value: Value<'_>, place: Place<'_>) -> Result<LimitDocument, PolicyError> {
    let fields = Fields::read(value, place, LIMIT)?;
    check_sentence(&fields, "description")?;
    let limit = Limit {
        argument_bytes: fields.count(Bound::ArgumentBytes.word(), 1..=LIMIT_BYTES_MAX)?,
        depth: fields.count(Bound::ArgumentDepth.word(), 1..=DEPTH_MAX)?,
        string_bytes: fields.count(Bound::StringBytes.word(), 1..=LIMIT_BYTES_MAX)?,
    };
    if limit == Limit::default() {
        return Err(fields.error(Problem::Limit(LimitError)));
    }
    Ok(LimitDocument { limit, resources: read_resources(&fields, parse_resource)? })
}

/// A limit without any bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitError;

impl fmt::Display for LimitError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [bytes, depth, string] = [Bound::ArgumentBytes, Bound::ArgumentDepth, Bound::StringBytes].map(Bound::word);
        write!(out, "no bound is there; write {bytes:?}, {depth:?} or {string:?}")
    }
}
