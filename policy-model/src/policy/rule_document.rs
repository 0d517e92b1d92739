//! A rule: JSON to [`Rule`] and its resources.

use std::cell::Cell;
use std::ops::RangeInclusive;
use std::sync::Arc;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::condition_document;
use super::document::check_sentence;
use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::shape::{EFFECTS, MODES, PRINCIPALS, RESOURCE_TYPES, RULE};
use super::{NAME_BYTES_MAX, Reason, SENTENCE_CHARACTERS_MAX};
use crate::condition::Condition;
use crate::decision::Effect;
use crate::id::RuleId;
use crate::json::Value;
use crate::pattern::{Pattern, PatternError, ResourceType};
use crate::rule::{Names, Principals, Rule};

/// Reads the rules of one policy.
pub(super) struct Reader {
    is_baseline: bool,
    mode: Mode,
    /// How many regular expressions there were.
    pub(super) expressions: Cell<usize>,
}

/// Whether rules are in force or only recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Enforce,
    LogOnly,
}

/// A rule and what else its policy needs to know of it.
pub(crate) struct RuleDocument {
    pub(crate) rule: Rule,
    pub(crate) resources: Vec<Pattern>,
    pub(crate) mode: Mode,
    pub(super) is_id_written: bool,
    /// Its place in the list.
    pub(crate) number: usize,
}

impl Mode {
    pub(super) fn of(word: &str) -> Option<Mode> {
        match word {
            "ENFORCE" => Some(Mode::Enforce),
            "LOG_ONLY" => Some(Mode::LogOnly),
            _ => None,
        }
    }
}

impl Reader {
    /// A reader for a policy in this mode.
    pub(super) fn new(is_baseline: bool, mode: Mode) -> Reader {
        Reader { is_baseline, mode, expressions: Cell::new(0) }
    }

    pub(super) fn read(&self, value: Value<'_>, number: usize, place: Place<'_>) -> Result<RuleDocument, PolicyError> {
        let fields = Fields::read(value, place, RULE)?;
        let effect = |word: &str| match word {
            "ALLOW" => Some(Effect::Allow),
            "DENY" => Some(Effect::Deny),
            _ => None,
        };
        let effect = fields.word("effect", EFFECTS, effect)?.ok_or_else(|| fields.error(Problem::Missing("effect")))?;
        if self.is_baseline && effect == Effect::Allow {
            return Err(fields.error_at("effect", Problem::NotInBaseline("it can only deny and redact")));
        }
        let kind = |word: &str| ResourceType::ALL.iter().copied().find(|kind| kind.word() == word);
        let kind = fields
            .word("resourceType", RESOURCE_TYPES, kind)?
            .ok_or_else(|| fields.error(Problem::Missing("resourceType")))?;
        check_sentence(&fields, "description")?;
        let resources = read_resources(&fields, |resource| Pattern::parse(resource, kind))?;
        let mode = match fields.word("mode", MODES, Mode::of)? {
            Some(Mode::LogOnly) => Mode::LogOnly,
            Some(Mode::Enforce) | None => self.mode,
        };
        let reason = match fields.optional_text("reason")? {
            None => None,
            Some(text) => {
                let problem = Problem::NotASentence(SENTENCE_CHARACTERS_MAX);
                Some(Reason::new(&text).ok_or_else(|| fields.error_at("reason", problem))?)
            }
        };
        let (id, is_id_written) = match fields.optional_text("ruleId")? {
            Some(text) => {
                let id = RuleId::written(&text);
                (id.map_err(|error| fields.error_at("ruleId", Problem::NotAnId(text.into_owned(), error)))?, true)
            }
            None => (derived_id(effect, &resources), false),
        };
        let rule = Rule {
            id,
            effect,
            reason,
            principals: read_principals(&fields)?,
            scopes: read_scopes(&fields)?,
            in_force: read_times(&fields)?,
            conditions: self.read_conditions(&fields)?,
        };
        Ok(RuleDocument { rule, resources, mode, is_id_written, number })
    }

    fn read_conditions(&self, fields: &Fields<'_, '_>) -> Result<Box<[Condition]>, PolicyError> {
        let place = fields.place("conditions");
        let conditions = fields.list("conditions")?.into_iter().flatten();
        let read = |(number, value)| condition_document::read(value, Place::Element(&place, number), &self.expressions);
        conditions.map(read).collect()
    }
}

/// A rule without `ruleId` is called after what it says, wherever in the list it stands.
fn derived_id(effect: Effect, resources: &[Pattern]) -> RuleId {
    let first = resources.iter().map(Pattern::to_string).min().unwrap_or_default();
    RuleId::derived(format!("{effect} {first}"))
}

pub(super) fn read_resources(
    fields: &Fields<'_, '_>,
    parse: impl Fn(&str) -> Result<Pattern, PatternError>,
) -> Result<Vec<Pattern>, PolicyError> {
    let place = fields.place("resources");
    let read = |(number, value): (usize, Value<'_>)| {
        let place = Place::Element(&place, number);
        let text = value.as_str().ok_or_else(|| PolicyError::new(place, Problem::WrongType("a string")))?;
        parse(&text).map_err(|error| PolicyError::new(place, Problem::NotAResource(text.into_owned(), error)))
    };
    fields.list("resources")?.into_iter().flatten().map(read).collect()
}

fn read_principals(fields: &Fields<'_, '_>) -> Result<Principals, PolicyError> {
    let Some(value) = fields.optional("principals") else { return Ok(Principals::default()) };
    let place = fields.place("principals");
    let fields = Fields::read(value, place, PRINCIPALS)?;
    if value.is_empty() {
        return Err(fields.error(Problem::EmptyList("everybody is meant where there is no \"principals\"")));
    }
    let names = |name: &'static str| -> Result<Option<Names>, PolicyError> {
        match read_names(&fields, name, is_name, NAME_GRAMMAR)? {
            None => Ok(None),
            Some(names) if names.len() == 1 && names.first().is_some_and(|name| **name == *"*") => Ok(Some(Names::Any)),
            Some(names) if names.iter().any(|name| **name == *"*") => {
                Err(fields.error_at(name, Problem::WildcardAmongNames))
            }
            Some(names) => Ok(Some(Names::OneOf(names))),
        }
    };
    Ok(Principals {
        users: names("users")?,
        roles: names("roles")?,
        workspaces: names("workspaces")?,
        agents: names("agents")?,
    })
}

fn read_scopes(fields: &Fields<'_, '_>) -> Result<Arc<[Box<str>]>, PolicyError> {
    Ok(read_names(fields, "scopes", is_scope, SCOPE_GRAMMAR)?.unwrap_or_default().into())
}

/// Names, sorted and each once.
pub(super) fn read_names(
    fields: &Fields<'_, '_>,
    name: &'static str,
    is_name: fn(&str) -> bool,
    grammar: &'static str,
) -> Result<Option<Box<[Box<str>]>>, PolicyError> {
    let Some(list) = fields.list(name)? else { return Ok(None) };
    let place = fields.place(name);
    let read = |(number, value): (usize, Value<'_>)| {
        let place = Place::Element(&place, number);
        let text = value.as_str().ok_or_else(|| PolicyError::new(place, Problem::WrongType("a string")))?;
        match is_name(&text) {
            true => Ok(text.into()),
            false => Err(PolicyError::new(place, Problem::NotAName(text.into_owned(), grammar))),
        }
    };
    let mut names = list.map(read).collect::<Result<Vec<Box<str>>, PolicyError>>()?;
    names.sort_unstable();
    names.dedup();
    Ok(Some(names.into()))
}

fn read_times(fields: &Fields<'_, '_>) -> Result<RangeInclusive<i64>, PolicyError> {
    let time = |name: &str| -> Result<Option<i64>, PolicyError> {
        let Some(text) = fields.optional_text(name)? else { return Ok(None) };
        let time = parse_time(&text);
        Ok(Some(time.ok_or_else(|| fields.error_at(name, Problem::NotATime(text.into_owned())))?))
    };
    let (first, last) = (time("notBefore")?.unwrap_or(i64::MIN), time("notAfter")?.unwrap_or(i64::MAX));
    if first > last {
        return Err(fields.error_at("notBefore", Problem::NeverInForce));
    }
    Ok(first..=last)
}

/// RFC 3339 in UTC and whole seconds, as seconds since 1970.
fn parse_time(text: &str) -> Option<i64> {
    let plain = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
    let is_plain =
        plain.len() == "2026-12-31T23:59:59".len() && plain.as_bytes().get(10) == Some(&b'T') && !plain.ends_with("60");
    let time = OffsetDateTime::parse(text, &Rfc3339).ok().filter(|_| is_plain)?;
    Some(time.unix_timestamp())
}

pub(super) fn is_name(text: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// RFC 6749, section 3.3.
pub(super) fn is_scope(text: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&text.len())
        && text != "*"
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

pub(super) const NAME_GRAMMAR: &str = "a name: 1 to 256 bytes without control characters";

pub(super) const SCOPE_GRAMMAR: &str =
    "a scope: 1 to 256 printable ASCII characters without space, quotation mark and backslash, and not \"*\"";
