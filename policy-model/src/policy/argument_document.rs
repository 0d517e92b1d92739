//! An entry of `arguments`: JSON to [`Rewrite`].

use std::borrow::Cow;
use std::fmt;

use super::VALUE_BYTES_MAX;
use super::document::check_sentence;
use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::redaction_document::read_detectors;
use super::rule_document::read_resources;
use super::shape::{ARGUMENT, ARGUMENT_ACTIONS, ARGUMENT_ROOTS, CALLED};
use crate::condition::Spelling;
use crate::detector::Detectors;
use crate::json::Value;
use crate::pattern::{Pattern, PatternError};
use crate::request::{ARGUMENTS, VALUE_ROOTS};
use crate::rewriting::{Change, Rewrite, Source};
use crate::selector::Selector;

/// An entry and whose calls it is about.
pub(crate) struct ArgumentDocument {
    pub(crate) rewrite: Rewrite,
    pub(crate) resources: Vec<Pattern>,
}

pub(super) fn read_all(
    fields: &Fields<'_, '_>,
    errors: &mut Vec<PolicyError>,
) -> Result<Vec<ArgumentDocument>, PolicyError> {
    let place = fields.place("arguments");
    let mut documents = Vec::new();
    for (number, value) in fields.list("arguments")?.into_iter().flatten() {
        match read(value, Place::Element(&place, number)) {
            Ok(document) => documents.push(document),
            Err(error) => errors.push(error),
        }
    }
    Ok(documents)
}

fn read(value: Value<'_>, place: Place<'_>) -> Result<ArgumentDocument, PolicyError> {
    let fields = Fields::read(value, place, ARGUMENT)?;
    check_sentence(&fields, "description")?;
    let meaning = |word: &str| match word {
        "SET" => Some(Action::Set),
        "REMOVE" => Some(Action::Remove),
        "MASK" => Some(Action::Mask),
        "REFUSE" => Some(Action::Refuse),
        _ => None,
    };
    let action =
        fields.word("action", ARGUMENT_ACTIONS, meaning)?.ok_or_else(|| fields.error(Problem::Missing("action")))?;
    let detectors = read_detectors(&fields)?;
    let text = match (fields.optional_text("path")?, detectors) {
        (None, None) => return Err(fields.error(Problem::Argument(ArgumentError::Nothing))),
        // All of the arguments.
        (None, Some(_)) => Cow::Borrowed(EVERYTHING),
        (Some(text), _) => text,
    };
    let path = Selector::parse_rooted(&text, ARGUMENT_ROOTS)
        .map_err(|error| fields.error_at("path", Problem::NotAPath(text.to_string(), error)))?;
    let source = read_source(&fields)?;
    let change = change(action, &path, source, detectors).map_err(|error| {
        let member = match &error {
            ArgumentError::NoArgument | ArgumentError::NotNames | ArgumentError::ByNumber => Some("path"),
            ArgumentError::NoValue | ArgumentError::NeedsNone(_) | ArgumentError::Nothing => None,
            ArgumentError::NoDetectors(_) => Some("detect"),
            ArgumentError::TooLong => Some("value"),
        };
        let problem = Problem::Argument(error);
        match member {
            Some(member) => fields.error_at(member, problem),
            None => fields.error(problem),
        }
    })?;
    let spelling = Spelling::of(&path, ARGUMENTS);
    let resources = read_resources(&fields, parse_resource)?;
    Ok(ArgumentDocument { rewrite: Rewrite { path, text: text.into(), spelling, change }, resources })
}

/// What an entry does, as written.
enum Action {
    Set,
    Remove,
    Mask,
    Refuse,
}

fn change(
    action: Action,
    path: &Selector,
    source: Option<Source>,
    detectors: Option<Detectors>,
) -> Result<Change, ArgumentError> {
    let names = path.names();
    if detectors.is_none() && names.as_ref().is_some_and(|names| names.len() < 2) {
        return Err(ArgumentError::NoArgument);
    }
    match (action, source) {
        (Action::Set, _) if detectors.is_some() => Err(ArgumentError::NoDetectors("SET")),
        (Action::Remove, _) if detectors.is_some() => Err(ArgumentError::NoDetectors("REMOVE")),
        (Action::Set, None) => Err(ArgumentError::NoValue),
        (Action::Set, Some(_)) if names.is_none() => Err(ArgumentError::NotNames),
        (Action::Set, Some(source)) => Ok(Change::Set(source)),
        (Action::Remove, Some(_)) => Err(ArgumentError::NeedsNone("REMOVE")),
        (Action::Mask, Some(_)) => Err(ArgumentError::NeedsNone("MASK")),
        (Action::Refuse, Some(_)) => Err(ArgumentError::NeedsNone("REFUSE")),
        (Action::Mask, None) => Ok(detectors.map_or(Change::Mask, Change::MaskFound)),
        (Action::Refuse, None) => Ok(detectors.map_or(Change::Refuse, Change::RefuseFound)),
        (Action::Remove, None) if path.ends_in_number() => Err(ArgumentError::ByNumber),
        (Action::Remove, None) => Ok(Change::Remove),
    }
}

fn read_source(fields: &Fields<'_, '_>) -> Result<Option<Source>, PolicyError> {
    match (fields.optional("value"), fields.optional_text("valuePath")?) {
        (Some(_), Some(_)) => Err(fields.error(Problem::TwoValues)),
        (Some(value), None) if value.text().len() > VALUE_BYTES_MAX => {
            Err(fields.error_at("value", Problem::Argument(ArgumentError::TooLong)))
        }
        (Some(value), None) => match value.duplicate_name() {
            Some(name) => Err(fields.error_at("value", Problem::DuplicateField(name.into_owned()))),
            None => Ok(Some(Source::Written(value.text().into()))),
        },
        (None, Some(text)) => match Selector::parse_rooted(&text, VALUE_ROOTS) {
            Ok(path) => Ok(Some(Source::Path(path))),
            Err(error) => Err(fields.error_at("valuePath", Problem::NotAPath(text.into_owned(), error))),
        },
        (None, None) => Ok(None),
    }
}

/// Tools and prompts are called with arguments; nothing else is.
fn parse_resource(resource: &str) -> Result<Pattern, PatternError> {
    let kind = CALLED.iter().find(|kind| resource.starts_with(kind.prefix()));
    Pattern::parse(resource, *kind.ok_or(PatternError::NotCalled)?)
}

/// The path of all arguments.
const EVERYTHING: &str = "$.arguments";

/// What is wrong with an entry of `arguments`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgumentError {
    /// A path that ends at the arguments.
    NoArgument,
    /// Neither `path` nor `detect`.
    Nothing,
    /// Detectors, for an action that takes none.
    NoDetectors(&'static str),
    /// SET with a path that has something else than names.
    NotNames,
    /// SET without a value.
    NoValue,
    /// A value, for an action that takes none.
    NeedsNone(&'static str),
    /// REMOVE of elements by their number.
    ByNumber,
    /// A value of more than [`VALUE_BYTES_MAX`] bytes.
    TooLong,
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArgumentError::NoArgument => {
                out.write_str("expected something in the arguments, as in $.arguments.tenant_id")
            }
            ArgumentError::Nothing => out.write_str(
                "neither \"path\" nor \"detect\" is there; say where the values are, or what they look like",
            ),
            ArgumentError::NoDetectors(action) => {
                write!(out, "{action} takes no \"detect\"; MASK and REFUSE do")
            }
            ArgumentError::NotNames => out.write_str("SET takes a path of names only, as in $.arguments.tenant_id"),
            ArgumentError::NoValue => out.write_str("SET needs \"value\" or \"valuePath\""),
            ArgumentError::NeedsNone(action) => write!(out, "{action} takes no value; leave it out"),
            ArgumentError::ByNumber => out.write_str(
                "REMOVE of an element by its number would take out the next one when made again; use a filter, or MASK",
            ),
            ArgumentError::TooLong => write!(out, "longer than {VALUE_BYTES_MAX} bytes"),
        }
    }
}
