//! A redaction: JSON to [`Redaction`].

use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::rule_document::read_resources;
use super::shape::{ACTIONS, REDACTION};
use super::{Action, Redaction};
use crate::json::Value;
use crate::pattern::Pattern;
use crate::selector::Selector;

/// A redaction and whose results it is about.
pub(crate) struct RedactionDocument {
    pub(crate) redaction: Redaction,
    pub(crate) resources: Vec<Pattern>,
    /// Its place in the list.
    pub(crate) number: usize,
}

pub(super) fn read(value: Value<'_>, number: usize, place: Place<'_>) -> Result<RedactionDocument, PolicyError> {
    let fields = Fields::read(value, place, REDACTION)?;
    super::document::check_sentence(&fields, "description")?;
    let meaning = |word: &str| match word {
        "MASK" => Some(Action::Mask),
        "REMOVE" => Some(Action::Remove),
        _ => None,
    };
    let action = fields.word("action", ACTIONS, meaning)?.ok_or_else(|| fields.error(Problem::Missing("action")))?;
    let text = fields.text("path")?;
    let path =
        Selector::parse(&text).map_err(|error| fields.error_at("path", Problem::NotAPath(text.into_owned(), error)))?;
    let resources = read_resources(&fields, Pattern::parse_any)?;
    Ok(RedactionDocument { redaction: Redaction { path, action }, resources, number })
}
