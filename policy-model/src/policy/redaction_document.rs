//! A redaction: JSON to [`Redaction`].

use std::fmt;
use std::sync::Arc;

use super::VALUE_BYTES_MAX;
use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::rule_document::{NAME_GRAMMAR, SCOPE_GRAMMAR, is_name, is_scope, read_names, read_resources};
use super::shape::{ACTIONS, REDACTION, UNLESS};
use crate::decision::Layer;
use crate::detector::{Detector, Detectors};
use crate::json::{Kind, Value};
use crate::pattern::Pattern;
use crate::redaction::rules::{Redaction, Unless, What};
use crate::redaction::treatment::{Replacement, Shown, Treatment};
use crate::selector::Selector;

/// A redaction and whose results it is about.
pub(crate) struct RedactionDocument {
    pub(crate) redaction: Redaction,
    pub(crate) resources: Vec<Pattern>,
    /// Its place in the list.
    pub(crate) number: usize,
}

/// What the policy around it says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub(super) layer: Layer,
    pub(super) has_hash_key: bool,
}

pub(super) fn read(
    value: Value<'_>,
    number: usize,
    around: Around,
    place: Place<'_>,
) -> Result<RedactionDocument, PolicyError> {
    let fields = Fields::read(value, place, REDACTION)?;
    super::document::check_sentence(&fields, "description")?;
    let action = fields.word("action", ACTIONS, Action::of)?.ok_or_else(|| fields.error(Problem::Missing("action")))?;
    let treatment = action.treatment(&fields, around)?;
    let what = read_what(&fields)?;
    if let (What::Detect(_), Treatment::Replace(with)) = (&what, &treatment) {
        check_replacement(&fields, with)?;
    }
    let unless = read_unless(&fields)?;
    let resources = read_resources(&fields, Pattern::parse_any)?;
    Ok(RedactionDocument { redaction: Redaction::new(what, treatment, unless), resources, number })
}

/// The detectors of a list, if it is there.
pub(super) fn read_detectors(fields: &Fields<'_, '_>) -> Result<Option<Detectors>, PolicyError> {
    let Some(words) = fields.list("detect")? else { return Ok(None) };
    let place = fields.place("detect");
    let read = |(number, value): (usize, Value<'_>)| {
        let place = Place::Element(&place, number);
        let word = value.as_str().ok_or_else(|| PolicyError::new(place, Problem::WrongType("a string")))?;
        let unknown = || PolicyError::new(place, Problem::UnknownWord(word.to_string(), Detector::WORDS));
        Detector::of(&word).ok_or_else(unknown)
    };
    words.map(read).collect::<Result<Detectors, PolicyError>>().map(Some)
}

fn read_what(fields: &Fields<'_, '_>) -> Result<What, PolicyError> {
    let folds_case = fields.bool("caseInsensitiveKeys")?;
    let wrong = |error| fields.error(Problem::Redaction(error));
    match (fields.optional_text("path")?, read_detectors(fields)?) {
        (Some(text), None) => match Selector::parse(&text) {
            Ok(path) => Ok(What::Path(path.folding_case(folds_case.unwrap_or(false)))),
            Err(error) => Err(fields.error_at("path", Problem::NotAPath(text.into_owned(), error))),
        },
        (None, Some(detectors)) => {
            if folds_case.is_some() {
                let problem = Problem::Redaction(RedactionError::NoKeys);
                return Err(fields.error_at("caseInsensitiveKeys", problem));
            }
            Ok(What::Detect(detectors))
        }
        (None, None) => Err(wrong(RedactionError::Nothing)),
        (Some(_), Some(_)) => Err(wrong(RedactionError::Both)),
    }
}

/// What stands in a text must not be found there again.
fn check_replacement(fields: &Fields<'_, '_>, with: &Replacement) -> Result<(), PolicyError> {
    let found = Detectors::all().find(&with.text);
    match found.first() {
        Some(found) => {
            let problem = Problem::Redaction(RedactionError::FoundAgain(found.detector.word()));
            Err(fields.error_at("with", problem))
        }
        None => Ok(()),
    }
}

/// What is to be done, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Mask,
    Remove,
    Replace,
    Hash,
    Truncate,
}

impl Action {
    fn of(word: &str) -> Option<Action> {
        match word {
            "MASK" => Some(Action::Mask),
            "REMOVE" => Some(Action::Remove),
            "REPLACE" => Some(Action::Replace),
            "HASH" => Some(Action::Hash),
            "TRUNCATE" => Some(Action::Truncate),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Action::Mask => "MASK",
            Action::Remove => "REMOVE",
            Action::Replace => "REPLACE",
            Action::Hash => "HASH",
            Action::Truncate => "TRUNCATE",
        }
    }

    /// The members beside it that it takes.
    fn takes(self) -> &'static [&'static str] {
        match self {
            Action::Mask => &["keepFirst", "keepLast", "preserveType"],
            Action::Remove | Action::Hash => &[],
            Action::Replace => &["with"],
            Action::Truncate => &["length", "preserveType"],
        }
    }

    fn treatment(self, fields: &Fields<'_, '_>, around: Around) -> Result<Treatment, PolicyError> {
        let wrong = |name: &&&str| fields.optional(name).is_some() && !self.takes().contains(name);
        if let Some(name) = PARAMETERS.iter().find(wrong) {
            let problem = RedactionError::NotTaken { action: self.word(), member: name, takes: self.takes() };
            return Err(fields.error_at(name, Problem::Redaction(problem)));
        }
        let keeps_type = fields.bool("preserveType")?.unwrap_or(false);
        match self {
            Action::Remove => Ok(Treatment::Remove),
            Action::Mask => {
                let first = fields.count("keepFirst", 0..=KEPT_CHARACTERS_MAX)?.unwrap_or(0);
                let last = fields.count("keepLast", 0..=KEPT_CHARACTERS_MAX)?.unwrap_or(0);
                Ok(match (first, last) {
                    (0, 0) => Treatment::Mask { keeps_type },
                    (first, last) => Treatment::Show(Shown { first, last, is_cut: false, keeps_type }),
                })
            }
            Action::Truncate => {
                let length = fields.count("length", 1..=TRUNCATED_CHARACTERS_MAX)?;
                let first = length.ok_or_else(|| fields.error(Problem::Missing("length")))?;
                Ok(Treatment::Show(Shown { first, last: 0, is_cut: true, keeps_type }))
            }
            Action::Hash if !around.has_hash_key => {
                Err(fields.error_at("action", Problem::Redaction(RedactionError::NoHashKey)))
            }
            Action::Hash => Ok(Treatment::Hash(around.layer)),
            Action::Replace => {
                let with = fields.optional("with").ok_or_else(|| fields.error(Problem::Missing("with")))?;
                let is_scalar = match with.kind() {
                    Kind::String | Kind::Number | Kind::Bool | Kind::Null => true,
                    Kind::Array | Kind::Object => false,
                };
                if !is_scalar {
                    let expected = Problem::WrongType("a string, a number, true, false or null");
                    return Err(fields.error_at("with", expected));
                }
                if with.text().len() > VALUE_BYTES_MAX {
                    return Err(fields.error_at("with", Problem::Redaction(RedactionError::TooLong)));
                }
                let text = with.as_str().unwrap_or(with.text().into());
                Ok(Treatment::Replace(Arc::new(Replacement { json: with.text().into(), text: (*text).into() })))
            }
        }
    }
}

/// The members that an action takes beside it.
pub(super) fn takes(action: &str) -> &'static [&'static str] {
    Action::of(action).map_or(&[], Action::takes)
}

/// The member beside it without which an action is none.
pub(super) fn needs(action: &str) -> Option<&'static str> {
    match Action::of(action)? {
        Action::Replace => Some("with"),
        Action::Truncate => Some("length"),
        Action::Mask | Action::Remove | Action::Hash => None,
    }
}

fn read_unless(fields: &Fields<'_, '_>) -> Result<Unless, PolicyError> {
    let Some(value) = fields.optional("unless") else { return Ok(Unless::default()) };
    let place = fields.place("unless");
    let fields = Fields::read(value, place, UNLESS)?;
    if value.is_empty() {
        return Err(fields.error(Problem::EmptyList("leave \"unless\" out where nobody is exempt")));
    }
    let roles = read_names(&fields, "roles", is_name, NAME_GRAMMAR)?.unwrap_or_default();
    if roles.iter().any(|role| **role == *"*") {
        return Err(fields.error_at("roles", Problem::Redaction(RedactionError::EveryRole)));
    }
    let scopes = read_names(&fields, "scopes", is_scope, SCOPE_GRAMMAR)?.unwrap_or_default();
    Ok(Unless { roles, scopes })
}

/// What is wrong with a redaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedactionError {
    /// A member that the action does not take.
    NotTaken {
        /// The action.
        action: &'static str,
        /// The member.
        member: &'static str,
        /// What it takes.
        takes: &'static [&'static str],
    },
    /// HASH in a policy that names no key.
    NoHashKey,
    /// A replacement of more than [`VALUE_BYTES_MAX`] bytes.
    TooLong,
    /// `*` as a role that is exempt.
    EveryRole,
    /// Neither `path` nor `detect`.
    Nothing,
    /// Both of them.
    Both,
    /// `caseInsensitiveKeys` without a path.
    NoKeys,
    /// A replacement that this detector finds.
    FoundAgain(&'static str),
}

impl fmt::Display for RedactionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RedactionError::NotTaken { action, member, takes: [] } => {
                write!(out, "{action} takes no {member:?}; leave it out")
            }
            RedactionError::NotTaken { action, member, takes } => {
                write!(out, "{action} takes no {member:?}, only {}; leave it out", takes.join(", "))
            }
            RedactionError::NoHashKey => {
                out.write_str("HASH needs a key; name one in the policy's \"hashKey\", as the settings call it")
            }
            RedactionError::TooLong => write!(out, "longer than {VALUE_BYTES_MAX} bytes"),
            RedactionError::Nothing => out.write_str(
                "neither \"path\" nor \"detect\" is there; say where the values are, or what they look like",
            ),
            RedactionError::Both => out.write_str("\"path\" and \"detect\" are both there; write two redactions"),
            RedactionError::NoKeys => {
                out.write_str("it is about the names in a \"path\"; leave it out beside \"detect\"")
            }
            RedactionError::FoundAgain(detector) => {
                write!(out, "{detector} finds it, so that it would be replaced again; write something that is none")
            }
            RedactionError::EveryRole => out
                .write_str("\"*\" would exempt everybody who has any role; name the roles, or leave the redaction out"),
        }
    }
}

/// Most characters that MASK keeps at either end.
pub const KEPT_CHARACTERS_MAX: usize = 64;

/// Most characters that TRUNCATE leaves.
pub const TRUNCATED_CHARACTERS_MAX: usize = 100_000;

pub(super) const PARAMETERS: &[&str] = &["keepFirst", "keepLast", "length", "preserveType", "with"];
