//! What is wrong with a policy document, said to its author.

use std::borrow::Cow;
use std::fmt;

use super::argument_document::ArgumentError;
use super::condition_error::ConditionError;
use super::fields::Place;
use super::header_document::HeaderError;
use super::limit_document::LimitError;
use super::pin_document::PinError;
use super::push_url_document::PushUrlError;
use super::redaction_document::RedactionError;
use crate::id::InvalidId;
use crate::json::ParseError;
use crate::pattern::PatternError;
use crate::selector::SelectorError;
use crate::tool_name::TARGET_BYTES_MAX;

/// A document that is not a policy: where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    place: String,
    problem: Problem,
}

impl PolicyError {
    pub(super) fn new(place: Place<'_>, problem: Problem) -> PolicyError {
        PolicyError { place: place.to_string(), problem }
    }

    /// Where in the document, as in `rules[3].resources[0]`; empty for the document as a whole.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong there.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

/// What can be wrong with a policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The text is not JSON.
    NotJson(ParseError),
    /// A value of another type than the one named here.
    WrongType(&'static str),
    /// A member that must be there.
    Missing(&'static str),
    /// A member that policies do not have; the known ones follow.
    UnknownField(String, Vec<&'static str>),
    /// A member that stands twice.
    DuplicateField(String),
    /// A word that is none of those allowed here.
    UnknownWord(String, &'static [&'static str]),
    /// More of something than the limit.
    TooMany(&'static str, usize),
    /// A list without elements.
    EmptyList(&'static str),
    /// Something that is not an id.
    NotAnId(String, InvalidId),
    /// Something that is not a resource.
    NotAResource(String, PatternError),
    /// Something that is not a target's name.
    NotATarget(String),
    /// Something that is not a path.
    NotAPath(String, SelectorError),
    /// A sentence that is too long or has line breaks.
    NotASentence(usize),
    /// Two rules of one id.
    DuplicateRuleId(String),
    /// More patterns with a wildcard inside than the limit: each costs every decision a little.
    TooManyInnerWildcards(usize),
    /// Something that is not the name of a principal or scope: what it would be.
    NotAName(String, &'static str),
    /// `*` beside other names.
    WildcardAmongNames,
    /// Something that is not a time.
    NotATime(String),
    /// `notBefore` after `notAfter`.
    NeverInForce,
    /// Something wrong with what a condition compares with.
    Condition(ConditionError),
    /// Both `value` and `valuePath`.
    TwoValues,
    /// Something else than a whole number within these bounds.
    NotACount(usize, usize),
    /// Something wrong with a redaction.
    Redaction(RedactionError),
    /// Something wrong with an entry of `arguments`.
    Argument(ArgumentError),
    /// A limit without a bound, or with bounds of two kinds.
    Limit(LimitError),
    /// Something wrong with a header.
    Header(HeaderError),
    /// Something wrong with a pin.
    Pin(PinError),
    /// Something that is no pattern of URLs to call back.
    PushUrl(String, PushUrlError),
    /// A field that the baseline does not have, and why.
    NotInBaseline(&'static str),
}

impl Problem {
    /// A name for programs, which stays the same when the words change.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::NotJson(_) => "not-json",
            Problem::WrongType(_) => "wrong-type",
            Problem::Missing(_) => "missing-field",
            Problem::UnknownField(..) => "unknown-field",
            Problem::DuplicateField(_) => "duplicate-field",
            Problem::UnknownWord(..) => "unknown-word",
            Problem::TooMany(..) => "too-many",
            Problem::EmptyList(_) => "empty-list",
            Problem::NotAnId(..) => "not-an-id",
            Problem::NotAResource(..) => "not-a-resource",
            Problem::NotATarget(_) => "not-a-target",
            Problem::NotAPath(..) => "not-a-path",
            Problem::NotASentence(_) => "not-a-sentence",
            Problem::DuplicateRuleId(_) => "duplicate-rule-id",
            Problem::TooManyInnerWildcards(_) => "too-many-inner-wildcards",
            Problem::NotAName(..) => "not-a-name",
            Problem::WildcardAmongNames => "wildcard-among-names",
            Problem::NotATime(_) => "not-a-time",
            Problem::NeverInForce => "never-in-force",
            Problem::Condition(_) => "wrong-value",
            Problem::TwoValues => "two-values",
            Problem::NotACount(..) => "not-a-count",
            Problem::Redaction(_) => "wrong-redaction",
            Problem::Argument(_) => "wrong-argument",
            Problem::Limit(_) => "wrong-limit",
            Problem::Header(_) => "wrong-header",
            Problem::Pin(_) => "wrong-pin",
            Problem::PushUrl(..) => "wrong-push-url",
            Problem::NotInBaseline(_) => "not-in-baseline",
        }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(out, "{}: ", self.place)?;
        }
        self.problem.fmt(out)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NotJson(error) => write!(out, "not JSON: {error}"),
            Problem::WrongType(expected) => write!(out, "expected {expected}"),
            Problem::Missing(name) => write!(out, "\"{name}\" is missing"),
            Problem::UnknownField(name, known) => {
                write!(out, "unknown field {:?}; known here: {}", cut(name), known.join(", "))
            }
            Problem::DuplicateField(name) => write!(out, "field {:?} stands twice; keep one", cut(name)),
            Problem::UnknownWord(word, known) => {
                write!(out, "unknown value {:?}; one of {}", cut(word), known.join(", "))
            }
            Problem::TooMany(what, limit) => write!(out, "more than {limit} {what}"),
            Problem::EmptyList(remedy) => write!(out, "empty list; {remedy}"),
            Problem::NotAnId(text, error) => write!(out, "{:?} is {error}", cut(text)),
            Problem::NotAResource(text, error) => write!(out, "{:?} is not a resource: {error}", cut(text)),
            Problem::NotATarget(text) => {
                write!(
                    out,
                    "{:?} is not a target's name: A-Z a-z 0-9 . - without underscore, 1 to {TARGET_BYTES_MAX} of them",
                    cut(text)
                )
            }
            Problem::NotAPath(text, error) => write!(out, "{:?} is not a path: {error}", cut(text)),
            Problem::NotASentence(limit) => write!(out, "expected one line of at most {limit} characters"),
            Problem::DuplicateRuleId(id) => write!(out, "ruleId {id:?} is used by another rule; give each its own"),
            Problem::TooManyInnerWildcards(limit) => write!(
                out,
                "more than {limit} patterns with a wildcard inside; write exact names or wildcards at the end"
            ),
            Problem::NotAName(text, grammar) => write!(out, "{:?} is not {grammar}", cut(text)),
            Problem::WildcardAmongNames => {
                out.write_str("\"*\" beside other names; write [\"*\"] alone for any, or the names without it")
            }
            Problem::NotATime(text) => {
                write!(out, "{:?} is not a time in UTC in whole seconds, as in \"2026-12-31T23:59:59Z\"", cut(text))
            }
            Problem::NeverInForce => out.write_str("notBefore is later than notAfter: the rule is never in force"),
            Problem::Condition(error) => error.fmt(out),
            Problem::TwoValues => out.write_str("\"value\" and \"valuePath\" are both there; keep one"),
            Problem::NotACount(least, most) => write!(out, "expected a whole number from {least} to {most}"),
            Problem::Redaction(error) => error.fmt(out),
            Problem::Argument(error) => error.fmt(out),
            Problem::Limit(error) => error.fmt(out),
            Problem::Header(error) => error.fmt(out),
            Problem::Pin(error) => error.fmt(out),
            Problem::PushUrl(text, error) => error.describe(text, out),
            Problem::NotInBaseline(why) => write!(out, "not in the baseline (tenantId \"*\"): {why}"),
        }
    }
}

/// What is quoted of a text that an author wrote.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(QUOTED_CHARACTERS_MAX) {
        Some((end, _)) => Cow::Owned(format!("{}..", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

const QUOTED_CHARACTERS_MAX: usize = 256;

impl std::error::Error for PolicyError {}
