//! The policy document: JSON text to [`Policy`].

use std::borrow::Cow;
use std::collections::HashSet;

use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::rule_document::{Mode, Reader, RuleDocument};
use super::shape::{MODES, POLICY};
use super::{
    DOCUMENT_BYTES_MAX, Index, PATH_PATTERNS_SIZE_MAX, Policy, PolicyErrors, Reason, Redaction,
    SENTENCE_CHARACTERS_MAX, redaction_document,
};
use crate::decision::Effect;
use crate::id::{InvalidId, PolicyId, TenantId};
use crate::json::{self, Document};
use crate::pattern::Reach;
use crate::resource_index::{INNER_WILDCARDS_MAX, ResourceIndex};
use crate::tool_name::{TARGET_BYTES_MAX, is_target};

pub(super) fn parse(text: &[u8]) -> Result<Policy, PolicyErrors> {
    let parsed = match text.len() {
        0..=DOCUMENT_BYTES_MAX => json::parse(text).map_err(Problem::NotJson),
        _ => Err(Problem::TooMany("bytes in the document", DOCUMENT_BYTES_MAX)),
    };
    let mut errors = Vec::new();
    let policy = match parsed {
        Ok(document) => read(&document, &mut errors),
        Err(problem) => Err(PolicyError::new(Place::Document, problem)),
    };
    match (policy, errors) {
        (Ok(policy), errors) => {
            let mut errors = errors.into_iter();
            errors.next().map_or(Ok(policy), |first| Err(PolicyErrors { first, others: errors.collect() }))
        }
        (Err(last), errors) => {
            let mut errors = errors.into_iter().chain([last]);
            errors.next().map_or_else(unreadable, |first| Err(PolicyErrors { first, others: errors.collect() }))
        }
    }
}

fn unreadable() -> Result<Policy, PolicyErrors> {
    let first = PolicyError::new(Place::Document, Problem::WrongType("a policy"));
    Err(PolicyErrors { first, others: Vec::new() })
}

/// The policy, if what is wrong with rules and redactions is left aside: that goes to `errors`.
fn read(document: &Document<'_>, errors: &mut Vec<PolicyError>) -> Result<Policy, PolicyError> {
    let fields = Fields::read(document.root(), Place::Document, POLICY)?;
    let id = read_id(&fields, "policyId", PolicyId::parse)?;
    let tenant = match fields.text("tenantId")?.as_ref() {
        "*" => None,
        _ => Some(read_id(&fields, "tenantId", TenantId::parse)?),
    };
    fields.optional_text("$schema")?;
    check_sentence(&fields, "description")?;
    let default_target = read_default_target(&fields, tenant.is_none())?;
    let mode = fields.word("mode", MODES, Mode::of)?.unwrap_or(Mode::Enforce);

    let reader = Reader::new(tenant.is_none(), mode);
    let mut documents: Vec<RuleDocument> = Vec::new();
    let place = fields.place("rules");
    for (number, value) in fields.list("rules")?.into_iter().flatten() {
        match reader.read(value, number, Place::Element(&place, number)) {
            Ok(rule) => documents.push(rule),
            Err(error) => errors.push(error),
        }
    }
    check_rule_ids(&documents, place, errors);
    documents.sort_by(|left, right| (&left.rule.id, &left.rule.reason).cmp(&(&right.rule.id, &right.rule.reason)));
    let (enforced, log_only) = (
        index(&documents, Mode::Enforce, default_target.as_deref(), &fields)?,
        index(&documents, Mode::LogOnly, default_target.as_deref(), &fields)?,
    );
    let rules = documents.into_iter().map(|document| document.rule).collect();
    let (redactions, redacted) = read_redactions(&fields, mode, errors)?;
    let policy = Policy { id, tenant, rules, enforced, log_only, redactions, redacted };
    if policy.path_patterns_size() > PATH_PATTERNS_SIZE_MAX {
        return Err(fields.error(Problem::TooMany(PATTERNS, PATH_PATTERNS_SIZE_MAX)));
    }
    Ok(policy)
}

fn index(
    documents: &[RuleDocument],
    mode: Mode,
    default_target: Option<&str>,
    fields: &Fields<'_, '_>,
) -> Result<Index, PolicyError> {
    let mut index = Index::default();
    for (number, document) in (0..).zip(documents).filter(|(_, document)| document.mode == mode) {
        let (rules, reach) = match document.rule.effect {
            Effect::Allow => (&mut index.allow, Reach::Narrow(default_target)),
            Effect::Deny => (&mut index.deny, Reach::Wide),
        };
        document.resources.iter().for_each(|resource| rules.add(resource, reach, number));
    }
    if index.allow.is_too_wild() || index.deny.is_too_wild() {
        return Err(fields.error_at("rules", Problem::TooManyInnerWildcards(INNER_WILDCARDS_MAX)));
    }
    Ok(index)
}

fn check_rule_ids(documents: &[RuleDocument], place: Place<'_>, errors: &mut Vec<PolicyError>) {
    let mut seen = HashSet::new();
    for document in documents.iter().filter(|document| document.is_id_written) {
        if !seen.insert(&document.rule.id) {
            let place = Place::Element(&place, document.number);
            let problem = Problem::DuplicateRuleId(document.rule.id.as_str().to_owned());
            errors.push(PolicyError::new(Place::Member(&place, "ruleId"), problem));
        }
    }
}

/// The redactions of a policy that only logs take nothing out.
fn read_redactions(
    fields: &Fields<'_, '_>,
    mode: Mode,
    errors: &mut Vec<PolicyError>,
) -> Result<(Vec<Redaction>, ResourceIndex), PolicyError> {
    let mut index = ResourceIndex::default();
    let mut redactions = Vec::new();
    let place = fields.place("redactions");
    for (number, value) in fields.list("redactions")?.into_iter().flatten() {
        match (redaction_document::read(value, Place::Element(&place, number)), mode) {
            (Ok((redaction, resources)), Mode::Enforce) => {
                let number = redactions.len() as u32;
                resources.iter().for_each(|pattern| index.add(pattern, Reach::Wide, number));
                redactions.push(redaction);
            }
            (Ok(_), Mode::LogOnly) => {}
            (Err(error), _) => errors.push(error),
        }
    }
    if index.is_too_wild() {
        return Err(fields.error_at("redactions", Problem::TooManyInnerWildcards(INNER_WILDCARDS_MAX)));
    }
    Ok((redactions, index))
}

fn read_default_target<'d>(fields: &Fields<'d, '_>, is_baseline: bool) -> Result<Option<Cow<'d, str>>, PolicyError> {
    match fields.optional_text("defaultTarget")? {
        Some(_) if is_baseline => {
            let why = "bare names of DENY rules mean every target";
            Err(fields.error_at("defaultTarget", Problem::NotInBaseline(why)))
        }
        Some(target) if !is_target(&target) || target.len() > TARGET_BYTES_MAX => {
            Err(fields.error_at("defaultTarget", Problem::NotATarget(target.into_owned())))
        }
        target => Ok(target),
    }
}

fn read_id<T>(
    fields: &Fields<'_, '_>,
    name: &'static str,
    parse: fn(&str) -> Result<T, InvalidId>,
) -> Result<T, PolicyError> {
    let text = fields.text(name)?;
    parse(&text).map_err(|error| fields.error_at(name, Problem::NotAnId(text.into_owned(), error)))
}

pub(super) fn check_sentence(fields: &Fields<'_, '_>, name: &str) -> Result<(), PolicyError> {
    match fields.optional_text(name)? {
        Some(text) if Reason::new(&text).is_none() => {
            Err(fields.error_at(name, Problem::NotASentence(SENTENCE_CHARACTERS_MAX)))
        }
        Some(_) | None => Ok(()),
    }
}

const PATTERNS: &str =
    "units in the regular expressions of match() and search() in all paths together; a character is 1, a class 24";
