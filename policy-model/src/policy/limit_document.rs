//! A limit: JSON to [`Limit`].

use std::fmt;

use super::document::check_sentence;
use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::rule_document::read_resources;
use super::shape::{CALLED, LIMIT, LIMIT_TOKENS};
use super::{LIMIT_BYTES_MAX, LIMIT_TOKENS_MAX};
use crate::json::{DEPTH_MAX, Value};
use crate::limit::{Bound, Limit};
use crate::pattern::{Pattern, PatternError, ResourceType};

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
    let of_arguments = Limit {
        argument_bytes: fields.count(Bound::ArgumentBytes.word(), 1..=LIMIT_BYTES_MAX)?,
        depth: fields.count(Bound::ArgumentDepth.word(), 1..=DEPTH_MAX)?,
        string_bytes: fields.count(Bound::StringBytes.word(), 1..=LIMIT_BYTES_MAX)?,
        tokens: None,
    };
    let tokens = fields.count(LIMIT_TOKENS, 1..=LIMIT_TOKENS_MAX)?.map(|tokens| tokens as u64);
    let (kinds, otherwise) = match (of_arguments == Limit::default(), tokens) {
        (true, None) => return Err(fields.error(Problem::Limit(LimitError::NoBound))),
        (false, Some(_)) => return Err(fields.error(Problem::Limit(LimitError::Mixed))),
        (false, None) => (CALLED, PatternError::NotMeasured),
        (true, Some(_)) => (MODELS, PatternError::NoTokens),
    };
    let parse = |resource: &str| match kinds.iter().find(|kind| resource.starts_with(kind.prefix())) {
        Some(kind) => Pattern::parse(resource, *kind),
        None => Err(otherwise),
    };
    Ok(LimitDocument { limit: Limit { tokens, ..of_arguments }, resources: read_resources(&fields, parse)? })
}

/// What is wrong with the bounds of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitError {
    /// There is none.
    NoBound,
    /// Some are about arguments, one is about tokens.
    Mixed,
}

impl fmt::Display for LimitError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [bytes, depth, string] = [Bound::ArgumentBytes, Bound::ArgumentDepth, Bound::StringBytes].map(Bound::word);
        match self {
            LimitError::NoBound => {
                write!(
                    out,
                    "no bound is there; write {bytes:?}, {depth:?} or {string:?}, or for models {LIMIT_TOKENS:?}"
                )
            }
            LimitError::Mixed => write!(
                out,
                "{LIMIT_TOKENS:?} is about models, the other bounds are about the arguments of tools and prompts; write two \
                 entries"
            ),
        }
    }
}

/// What makes tokens.
pub(super) const MODELS: &[ResourceType] = &[ResourceType::Model];
