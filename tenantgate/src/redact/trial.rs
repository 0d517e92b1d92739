//! Redacting a sample, and finding out which redaction did what: each is also made alone, through the same code.

use std::borrow::Cow;

use interceptors::captured::Captured;
use interceptors::redacting::{preview, redact};
use interceptors::refusal::Refusal;
use policy_model::json::{self, Value};
use policy_model::redaction::{HashKeys, Numbered, Redactor};
use policy_model::{Caller, Layers, Policy, Resource, ResourceUri};

use super::changes::{Change, changes};
use super::remains::{Remains, remains};
use super::rules::{Policies, Said};
use super::sample::{Frame, Sample};
use super::touched::Touched;
use super::unreadable::explain;
use crate::failure::Failure;
use crate::value_path::member_path;

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

/// One message under some redactions.
struct Bench<'b> {
    setting: &'b Setting<'b>,
    captured: Captured<'b>,
    resources: Vec<Resource<'b>>,
    sample: &'b Sample,
}

/// A redaction that changes something.
struct Alone<'b> {
    one: Numbered,
    redactor: Redactor<'b>,
    /// How many values it changes.
    changed: usize,
    /// What it changes, with the texts that may speak of it.
    all: Touched,
    /// The values that it changes.
    of_values: Touched,
}

pub(crate) fn run(setting: &Setting<'_>, sample: &Sample) -> Result<Trial, Failure> {
    let is_call = match setting.resource {
        Resource::Tool(_) => true,
        Resource::Prompt(_) | Resource::Uri(_) | Resource::Template(_) | Resource::Agent(_) | Resource::Model(_) => {
            false
        }
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
    Bench { setting, captured, resources, sample }.run()
}

impl<'b> Bench<'b> {
    fn run(&'b self) -> Result<Trial, Failure> {
        let layers = self.setting.policies.layers();
        let all = layers.redactions(Some(&self.resources), None);
        let chosen = layers.redactions(Some(&self.resources), Some(&self.setting.caller));
        let redactor = self.redactor(&chosen);
        if redactor.lacks_key() {
            let lacks = |one: &&Numbered| self.redactor(&[**one]).lacks_key();
            let place = chosen.iter().find(lacks).map(|one| self.setting.policies.said(*one).place());
            return Err(Failure::input(format!(
                "{} hashes; give a secret of 32 bytes or more with --hash-secret-file (any will do to try: the hashes are then \
                 others than in production)",
                place.unwrap_or_default()
            )));
        }
        let body = self.captured.body;
        let said = self.captured.said.filter(|_| !redactor.is_empty());
        let passed = said.map_or(Ok(None), |said| redact(&redactor, body, said));
        let is_exhausted = redactor.is_exhausted();
        let text = if is_exhausted { None } else { self.preview(&redactor) };
        let found = self.changes(text.as_deref());
        let unseen = self.unseen()?;
        let mut alone = Vec::new();
        self.make_alone(&chosen, &unseen, &mut alone);
        let rules: Vec<Tried> = all
            .iter()
            .map(|one| {
                let state = match alone.iter().find(|alone| alone.one == *one) {
                    _ if !chosen.contains(one) => State::Exempt,
                    Some(alone) if alone.redactor.is_exhausted() => State::TooMuchWork,
                    Some(alone) if alone.changed == 0 && !alone.all.is_empty() => State::OnlyTexts,
                    Some(alone) => State::Changed(alone.changed),
                    None => State::Changed(0),
                };
                Tried { said: self.setting.policies.said(*one), state }
            })
            .collect();
        let numbers: Vec<usize> =
            alone.iter().filter_map(|alone| all.iter().position(|one| *one == alone.one)).collect();
        let changes = attribute(found, &alone, &numbers, &Touched::by(&unseen));
        let taken_by = |value: &str| -> Vec<usize> {
            let takers = alone.iter().zip(&numbers).filter(|(alone, _)| alone.redactor.has_taken_out(value));
            takers.map(|(_, number)| *number).collect()
        };
        let (verdict, left) = match passed {
            Ok(_) => (Verdict::GoesOn, self.left(text.as_deref())),
            Err(refusal) => {
                let remains = match (&refusal, text.as_deref()) {
                    (Refusal::Residue, Some(text)) => self.remains(&redactor, text, taken_by),
                    (_, _) => Remains::None,
                };
                (Verdict::Withheld(refusal, remains), None)
            }
        };
        Ok(Trial { rules, changes, verdict, left })
    }

    fn redactor(&self, chosen: &[Numbered]) -> Redactor<'b> {
        let layers = self.setting.policies.layers();
        let is_chosen = |one: Numbered| chosen.contains(&one);
        let redactor = layers.redactor_of(Some(&self.resources), Some(&self.setting.caller), is_chosen);
        redactor.with_keys(self.setting.keys.clone())
    }

    /// What would be made of the message; nothing if it stays as it is, as without any redaction.
    fn preview(&self, redactor: &Redactor<'_>) -> Option<String> {
        if redactor.is_empty() {
            return None;
        }
        preview(redactor, self.captured.body, self.captured.said?)
    }

    /// What is changed under every redaction by path, whatever it selects.
    fn unseen(&self) -> Result<Vec<Change>, Failure> {
        let policy = Policy::parse(SELECTS_NOTHING.as_bytes()).map_err(|error| Failure::run(error.to_string()))?;
        Ok(self.changes(self.preview(&Layers::of(&policy).redactor(None, None)).as_deref()))
    }

    /// Makes each redaction alone. Most change nothing: a list is halved while it does.
    fn make_alone(&self, chosen: &[Numbered], unseen: &[Change], alone: &mut Vec<Alone<'b>>) {
        let redactor = self.redactor(chosen);
        let text = self.preview(&redactor);
        if chosen.is_empty() || (text.is_none() && !redactor.is_exhausted()) {
            return;
        }
        if let [one] = chosen {
            let of_values = self.preview(&self.redactor(chosen).passing_free_text());
            let mut of_values = self.changes(of_values.as_deref());
            let mut all = self.changes(text.as_deref());
            of_values.retain(|change| !unseen.contains(change));
            all.retain(|change| !unseen.contains(change));
            let (all, of_values, changed) = (Touched::by(&all), Touched::by(&of_values), of_values.len());
            return alone.push(Alone { one: *one, redactor, changed, all, of_values });
        }
        let (left, right) = chosen.split_at(chosen.len() / 2);
        self.make_alone(left, unseen, alone);
        self.make_alone(right, unseen, alone);
    }

    /// What differs in a message from the sample.
    fn changes(&self, text: Option<&str>) -> Vec<Change> {
        let Some(document) = text.and_then(|text| json::parse(text.as_bytes()).ok()) else { return Vec::new() };
        let Some(old) = self.sample.given(self.captured.body) else { return Vec::new() };
        changes(self.root(), old, self.sample.given(document.root()))
    }

    /// How paths begin.
    fn root(&self) -> &'static str {
        match self.sample.frame {
            Frame::Message | Frame::Result | Frame::Structured => "$",
            Frame::Text => "the text",
        }
    }

    /// What has become of what was given.
    fn left(&self, text: Option<&str>) -> Option<String> {
        let as_given = |value: Value<'_>| match self.sample.frame {
            Frame::Text => value.as_str().unwrap_or_default().into_owned(),
            Frame::Message | Frame::Result | Frame::Structured => value.text().to_owned(),
        };
        match text {
            None => self.sample.given(self.captured.body).map(as_given),
            Some(text) => self.sample.given(json::parse(text.as_bytes()).ok()?.root()).map(as_given),
        }
    }

    /// What stands in a redacted message again.
    fn remains(&self, redactor: &Redactor<'_>, text: &str, taken_by: impl Fn(&str) -> Vec<usize>) -> Remains {
        let Ok(document) = json::parse(text.as_bytes()) else { return Remains::None };
        let message = document.root();
        let looked_at = message.members().find(|member| ANSWERS.iter().any(|name| member.name.is_str(name)));
        let Some(looked_at) = looked_at else { return Remains::None };
        let given = match self.sample.frame {
            Frame::Message | Frame::Result => None,
            Frame::Structured | Frame::Text => self.sample.given(message),
        };
        let root = match self.sample.frame {
            Frame::Message => member_path("$", &looked_at.name.as_str().unwrap_or_default()),
            Frame::Result | Frame::Structured | Frame::Text => self.root().to_owned(),
        };
        remains(redactor, (&root, given.unwrap_or(looked_at.value)), taken_by)
    }
}

/// The changes, why they are made, and by which redactions.
fn attribute(found: Vec<Change>, alone: &[Alone<'_>], numbers: &[usize], unseen: &Touched) -> Vec<Told> {
    let told = |change: Change| {
        let which = |is_it: &dyn Fn(&Alone<'_>) -> bool| -> Vec<usize> {
            let own = alone.iter().zip(numbers).filter(|(alone, _)| is_it(alone));
            own.map(|(_, number)| *number).collect()
        };
        let by = which(&|alone| alone.of_values.covers(&change));
        if !by.is_empty() {
            return Told { change, by, cause: Cause::Value };
        }
        if unseen.covers(&change) {
            return Told { change, by, cause: Cause::Unseen };
        }
        let by = which(&|alone| alone.all.covers(&change));
        if !by.is_empty() {
            return Told { change, by, cause: Cause::FreeText };
        }
        let by = which(&|alone| alone.all.is_inside(&change));
        Told { change, by, cause: Cause::Value }
    };
    found.into_iter().map(told).collect()
}

/// A policy under which is masked what no path can look into, and nothing else.
const SELECTS_NOTHING: &str = r#"{"policyId":"P","tenantId":"T","rules":[],"freeText":"PASS",
    "redactions":[{"resources":["agent:tool:*"],"path":"$['']['']['']['']","action":"MASK"}]}"#;

/// What of a message is redacted.
const ANSWERS: &[&str] = &["result", "error", "params"];
