//! Redacting a sample, and finding out which redaction did what: each is also made alone, through the same code.

use std::borrow::Cow;

use interceptors::captured::Captured;
use interceptors::redacting::{preview, redact};
use interceptors::refusal::Refusal;
use policy_model::json::{self, Value};
use policy_model::redaction::{HashKeys, Numbered, Redactor};
use policy_model::{Caller, Resource, ResourceUri};

use super::changes::{Change, changes};
use super::remains::{Remains, remains};
use super::rules::{Policies, Said};
use super::sample::{Frame, Sample};
use super::touched::Touched;
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
    /// It is what takes too long.
    TooMuchWork,
}

/// A change and the redactions of which it comes, by their numbers in the list of those tried.
pub(crate) struct Told {
    pub(crate) change: Change,
    pub(crate) by: Vec<usize>,
    /// Whether it is text that no path can look into.
    pub(crate) is_free_text: bool,
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

/// A redaction that changes something, and the changes.
struct Alone<'b> {
    one: Numbered,
    redactor: Redactor<'b>,
    changes: Vec<Change>,
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
            let verdict = Verdict::Withheld(refusal, Remains::None);
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
        let passed = self.captured.said.map_or(Ok(None), |said| redact(&redactor, body, said));
        let is_exhausted = redactor.is_exhausted();
        let text = if is_exhausted { None } else { self.preview(&redactor) };
        let mut alone = Vec::new();
        self.make_alone(&chosen, &mut alone);
        let found = if is_exhausted { Vec::new() } else { self.changes(text.as_deref()) };
        let rules: Vec<Tried> = all
            .iter()
            .map(|one| {
                let state = match alone.iter().find(|alone| alone.one == *one) {
                    _ if !chosen.contains(one) => State::Exempt,
                    Some(alone) if alone.redactor.is_exhausted() => State::TooMuchWork,
                    Some(alone) => State::Changed(alone.changes.len()),
                    None => State::Changed(0),
                };
                Tried { said: self.setting.policies.said(*one), state }
            })
            .collect();
        let numbers: Vec<usize> =
            alone.iter().filter_map(|alone| all.iter().position(|one| *one == alone.one)).collect();
        let changes = self.told(found, &chosen, &alone, &numbers);
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

    fn preview(&self, redactor: &Redactor<'_>) -> Option<String> {
        preview(redactor, self.captured.body, self.captured.said?)
    }

    /// Makes each redaction alone. Most change nothing: a list is halved while it does.
    fn make_alone(&'b self, chosen: &[Numbered], alone: &mut Vec<Alone<'b>>) {
        let redactor = self.redactor(chosen);
        let text = self.preview(&redactor);
        if chosen.is_empty() || (text.is_none() && !redactor.is_exhausted()) {
            return;
        }
        if let [one] = chosen {
            let changes = self.changes(text.as_deref());
            return alone.push(Alone { one: *one, redactor, changes });
        }
        let (left, right) = chosen.split_at(chosen.len() / 2);
        self.make_alone(left, alone);
        self.make_alone(right, alone);
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

    /// The changes, and which redactions make them alone.
    fn told(&self, found: Vec<Change>, chosen: &[Numbered], alone: &[Alone<'_>], numbers: &[usize]) -> Vec<Told> {
        let by_path = chosen.iter().filter(|one| self.setting.policies.said(**one).is_path).count();
        let passing = self.redactor(chosen).passing_free_text();
        let passing = if by_path > 0 { Some(self.changes(self.preview(&passing).as_deref())) } else { None };
        let passing = passing.map(|changes| Touched::by(&changes));
        let touched: Vec<Touched> = alone.iter().map(|alone| Touched::by(&alone.changes)).collect();
        let told = |change: Change| {
            let which = |is_it: &dyn Fn(&Touched) -> bool| -> Vec<usize> {
                let own = touched.iter().zip(numbers).filter(|(touched, _)| is_it(touched));
                own.map(|(_, number)| *number).collect()
            };
            let mut by = which(&|touched| touched.covers(&change));
            if by.is_empty() {
                by = which(&|touched| touched.is_inside(&change));
            }
            let is_free_text = passing.as_ref().is_some_and(|passing| !passing.covers(&change));
            Told { change, by, is_free_text }
        };
        found.into_iter().map(told).collect()
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

/// What of a message is redacted.
const ANSWERS: &[&str] = &["result", "error", "params"];
