//! What has become of a sample: the changes and whose they are, the redactions and what they did, and whether it goes on.

use std::borrow::Cow;

use interceptors::captured::Captured;
use interceptors::redacting::redact;
use interceptors::refusal::Refusal;
use policy_model::redaction::{HashKeys, Numbered};
use policy_model::{Caller, Resource, ResourceUri};

use super::attribution::attribute;
use super::bench::{Alone, Bench};
use super::change::Change;
use super::remains::Remains;
use super::rules::{Policies, Said};
use super::sample::Sample;
use super::unreadable::explain;
use crate::failure::Failure;

/// What was tried, and what came out.
pub(crate) struct Trial {
    pub(crate) rules: Vec<Tried>,
    pub(crate) changes: Vec<Told>,
    pub(crate) verdict: Verdict,
    /// What has become of the sample; nothing if it would be withheld, or is gone.
    pub(crate) left: Option<String>,
}

/// A redaction of a result like this.
pub(crate) struct Tried {
    pub(crate) said: Said,
    pub(crate) state: State,
}

/// What a redaction did by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The caller is exempt.
    Exempt,
    /// It changed values at so many places.
    Changed(usize),
    /// It changed texts that may speak of its values, and no value.
    OnlyTexts,
    /// It is what takes too long.
    TooMuchWork,
}

/// A change and the redactions of which it comes, by their numbers in the list of those tried.
pub(crate) struct Told {
    pub(crate) change: Change,
    pub(crate) by: Vec<usize>,
    pub(crate) cause: Cause,
}

/// Why something was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A path selects it, or a detector finds it.
    Value,
    /// It is text that may speak of what a path names (`freeText`).
    FreeText,
    /// It is nothing that can be looked into: under every redaction it is masked.
    Unseen,
}

/// Whether the sample would go on.
pub(crate) enum Verdict {
    GoesOn,
    Withheld(Refusal, Remains),
}

/// What is tried, and for whom.
pub(crate) struct Setting<'s> {
    pub(crate) policies: &'s Policies,
    pub(crate) keys: HashKeys,
    pub(crate) caller: Caller<'s>,
    pub(crate) resource: Resource<'s>,
}

pub(crate) fn run(setting: &Setting<'_>, sample: &Sample) -> Result<Trial, Failure> {
    let is_call = match setting.resource {
        Resource::Tool(_) => true,
        Resource::Prompt(_) | Resource::Uri(_) | Resource::Template(_) => false,
        Resource::Agent(_) | Resource::Model(_) => false,
    };
    let captured = match Captured::parse(sample.document.root(), is_call) {
        Ok(captured) => captured,
        Err(refusal) => {
            let why = explain(sample.document.root());
            let verdict = Verdict::Withheld(refusal, Remains::Unreadable(why));
            return Ok(Trial { rules: Vec::new(), changes: Vec::new(), verdict, left: None });
        }
    };
    let uris = captured.part_uris();
    let uris: Vec<&str> = uris.iter().map(Cow::as_ref).collect();
    let parts = uris.into_iter().filter_map(|uri| ResourceUri::parse(uri).ok()).map(Resource::Uri);
    let resources = parts.chain([setting.resource.clone()]).collect();
    try_on(&Bench { setting, captured, resources, sample })
}

fn try_on(bench: &Bench<'_>) -> Result<Trial, Failure> {
    let policies = bench.setting.policies;
    let layers = policies.layers();
    let all = layers.redactions(Some(&bench.resources), None);
    let chosen = layers.redactions(Some(&bench.resources), Some(&bench.setting.caller));
    let redactor = bench.redactor(&chosen);
    if redactor.lacks_key() {
        let lacks = |one: &&Numbered| bench.redactor(&[**one]).lacks_key();
        let place = chosen.iter().find(lacks).map(|one| policies.said(*one).place());
        return Err(Failure::input(format!(
            "{} hashes; give a secret of 32 bytes or more with --hash-secret-file (any will do to try: the hashes are then \
             others than in production)",
            place.unwrap_or_default()
        )));
    }
    // As at RESPONSE: without a redaction nothing is looked at.
    let said = bench.captured.said.filter(|_| !redactor.is_empty());
    let passed = said.map_or(Ok(None), |said| redact(&redactor, bench.captured.body, said));
    let text = match &passed {
        Ok(text) => text.clone(),
        Err(_) if redactor.is_exhausted() => None,
        Err(_) => bench.preview(&bench.redactor(&chosen)),
    };
    let unseen = bench.unseen()?;
    let mut alone = Vec::new();
    bench.make_alone(&chosen, &unseen, &mut alone);
    let state_of = |one: &Numbered| match alone.iter().find(|alone| alone.one == *one) {
        _ if !chosen.contains(one) => State::Exempt,
        Some(alone) => alone.state(),
        None => State::Changed(0),
    };
    let rules = all.iter().map(|one| Tried { said: policies.said(*one), state: state_of(one) }).collect();
    let number_of = |alone: &Alone<'_>| all.iter().position(|one| *one == alone.one);
    let numbers: Vec<usize> = alone.iter().filter_map(number_of).collect();
    let changes = attribute(bench.changes(text.as_deref()), &alone, &numbers, &unseen);
    let taken_by = |value: &str| -> Vec<usize> {
        let takers = alone.iter().zip(&numbers).filter(|(alone, _)| alone.redactor.has_taken_out(value));
        takers.map(|(_, number)| *number).collect()
    };
    let (verdict, left) = match passed {
        Ok(_) => (Verdict::GoesOn, bench.left(text.as_deref())),
        Err(refusal) => {
            let remains = match (&refusal, text.as_deref()) {
                (Refusal::Residue, Some(text)) => bench.remains(&redactor, text, taken_by),
                (_, _) => Remains::None,
            };
            (Verdict::Withheld(refusal, remains), None)
        }
    };
    Ok(Trial { rules, changes, verdict, left })
}
