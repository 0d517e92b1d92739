//! From what a policy document says to a [`Policy`] that decides.

use super::argument_document::ArgumentDocument;
use super::document::{self, Written};
use super::error::{PolicyError, Problem};
use super::fields::Place;
use super::limit_document::LimitDocument;
use super::rule_document::{Mode, RuleDocument};
use super::{DOCUMENT_BYTES_MAX, Index, PATH_PATTERNS_SIZE_MAX, Policy, PolicyErrors};
use crate::decision::Effect;
use crate::definition::Pins;
use crate::json::{self, Document};
use crate::limit::Limits;
use crate::pattern::Reach;
use crate::redaction::rules::Redactions;
use crate::resource_index::{INNER_WILDCARDS_MAX, ResourceIndex};
use crate::rewriting::Rewrites;
use crate::rule::Rule;

pub(super) fn parse(text: &[u8]) -> Result<Policy, PolicyErrors> {
    let document = read_json(text).map_err(PolicyErrors::one)?;
    let mut errors = Vec::new();
    let policy = document::read(&document, &mut errors).and_then(compile);
    match policy {
        Ok(policy) => PolicyErrors::of(errors).map_or(Ok(policy), Err),
        Err(last) => {
            let errors = errors.into_iter().chain([last.clone()]).collect();
            Err(PolicyErrors::of(errors).unwrap_or(PolicyErrors::one(last)))
        }
    }
}

/// The document's JSON.
pub(crate) fn read_json(text: &[u8]) -> Result<Document<'_>, PolicyError> {
    let document = match text.len() {
        0..=DOCUMENT_BYTES_MAX => json::parse(text).map_err(Problem::NotJson),
        _ => Err(Problem::TooMany("bytes in the document", DOCUMENT_BYTES_MAX)),
    };
    document.map_err(|problem| PolicyError::new(Place::Document, problem))
}

pub(crate) fn compile(written: Written) -> Result<Policy, PolicyError> {
    let Written {
        id,
        tenant,
        default_target,
        mode,
        requires_actor,
        requires_decision_context,
        rules: mut documents,
        redactions: redaction_documents,
        redaction_settings,
        hash_key,
        rewriting,
        arguments,
        limits,
        headers,
        pins,
        push_urls,
    } = written;
    documents.sort_by(|left, right| (&left.rule.id, &left.rule.reason).cmp(&(&right.rule.id, &right.rule.reason)));
    let (enforced, log_only) = (
        index(&documents, Mode::Enforce, default_target.as_deref())?,
        index(&documents, Mode::LogOnly, default_target.as_deref())?,
    );
    let rules: Vec<Rule> = documents.into_iter().map(|document| document.rule).collect();
    let mut redactions = Box::new(Redactions::new(redaction_settings));
    // The redactions of a policy that only logs take nothing out.
    for redaction in redaction_documents.into_iter().filter(|_| mode == Mode::Enforce) {
        redactions.add(redaction.redaction, &redaction.resources);
    }
    check_wildcards(&redactions.index, "redactions")?;
    let (rewrites, limits, headers, pins) = match mode {
        Mode::Enforce => {
            let pins = Pins::new(pins.into_iter().map(|pin| (pin.tool, pin.digests)));
            (index_arguments(arguments)?, index_limits(limits)?, headers, pins)
        }
        Mode::LogOnly => (Box::default(), Box::default(), Vec::new(), Pins::default()),
    };
    let push_urls = push_urls.into_iter().filter(|_| mode == Mode::Enforce).map(|url| url.pattern).collect();
    let policy = Policy {
        id,
        tenant,
        requires_actor: requires_actor && mode == Mode::Enforce,
        reads_claims: rules.iter().flat_map(|rule| &rule.conditions).any(|condition| condition.reads_claims()),
        requires_decision_context: requires_decision_context && mode == Mode::Enforce,
        push_urls,
        rules,
        enforced,
        log_only,
        redactions,
        hash_key,
        rewriting: rewriting.filter(|_| mode == Mode::Enforce),
        rewrites,
        limits,
        headers,
        pins,
    };
    if policy.path_patterns_size() > PATH_PATTERNS_SIZE_MAX {
        return Err(PolicyError::new(Place::Document, Problem::TooMany(PATTERNS, PATH_PATTERNS_SIZE_MAX)));
    }
    Ok(policy)
}

fn index(documents: &[RuleDocument], mode: Mode, default_target: Option<&str>) -> Result<Index, PolicyError> {
    let mut index = Index::default();
    for (number, document) in (0..).zip(documents).filter(|(_, document)| document.mode == mode) {
        let (rules, reach) = match document.rule.effect {
            Effect::Allow => (&mut index.allow, Reach::Narrow(default_target)),
            Effect::Deny => (&mut index.deny, Reach::Wide),
        };
        document.resources.iter().for_each(|resource| rules.add(resource, reach, number));
    }
    check_wildcards(&index.allow, "rules")?;
    check_wildcards(&index.deny, "rules")?;
    Ok(index)
}

/// The entries in the order of their paths. Out of the way of whoever compiles: an index is large.
fn index_arguments(mut documents: Vec<ArgumentDocument>) -> Result<Box<Rewrites>, PolicyError> {
    documents.sort_by(|left, right| left.rewrite.text.cmp(&right.rewrite.text));
    let mut rewrites = Box::<Rewrites>::default();
    for (number, document) in (0..).zip(documents) {
        document.resources.iter().for_each(|pattern| rewrites.index.add(pattern, Reach::Wide, number));
        rewrites.entries.push(document.rewrite);
    }
    check_wildcards(&rewrites.index, "arguments")?;
    Ok(rewrites)
}

fn index_limits(documents: Vec<LimitDocument>) -> Result<Box<Limits>, PolicyError> {
    let mut limits = Box::<Limits>::default();
    for (number, document) in (0..).zip(documents) {
        document.resources.iter().for_each(|pattern| limits.index.add(pattern, Reach::Wide, number));
        limits.list.push(document.limit);
    }
    check_wildcards(&limits.index, "limits")?;
    Ok(limits)
}

fn check_wildcards(index: &ResourceIndex, member: &str) -> Result<(), PolicyError> {
    if index.is_too_wild() {
        let place = Place::Member(&Place::Document, member);
        return Err(PolicyError::new(place, Problem::TooManyInnerWildcards(INNER_WILDCARDS_MAX)));
    }
    Ok(())
}

const PATTERNS: &str =
    "units in the regular expressions of match() and search() in all paths together; a character is 1, a class 24";
