//! A sample under some of its redactions: each is also made alone, through the same code, to know what it does.

use interceptors::captured::Captured;
use interceptors::redacting::preview;
use policy_model::json::{self, Value};
use policy_model::redaction::{Numbered, Redactor};
use policy_model::{Layer, Layers, Policy, Resource};

use super::change::Change;
use super::changes::changes;
use super::remains::{Remains, remains};
use super::sample::{Frame, Sample};
use super::touched::Touched;
use super::trial::{Setting, State};
use crate::failure::Failure;
use crate::value_path::member_path;

/// One message under some redactions.
pub(super) struct Bench<'b> {
    pub(super) setting: &'b Setting<'b>,
    pub(super) captured: Captured<'b>,
    pub(super) resources: Vec<Resource<'b>>,
    pub(super) sample: &'b Sample,
}

/// A redaction that changes something.
pub(super) struct Alone<'b> {
    pub(super) one: Numbered,
    pub(super) redactor: Redactor<'b>,
    /// How many values it changes.
    changed: usize,
    /// What it changes, with the texts that may speak of it.
    pub(super) all: Touched,
    /// The values that it changes.
    pub(super) of_values: Touched,
}

impl Alone<'_> {
    pub(super) fn state(&self) -> State {
        if self.redactor.is_exhausted() {
            return State::TooMuchWork;
        }
        if self.changed == 0 && !self.all.is_empty() { State::OnlyTexts } else { State::Changed(self.changed) }
    }
}

impl<'b> Bench<'b> {
    pub(super) fn redactor(&self, chosen: &[Numbered]) -> Redactor<'b> {
        let layers = self.setting.policies.layers();
        // They are in this order.
        let place = |one: &Numbered| (one.layer == Layer::Tenant, one.number);
        let is_chosen = |one: Numbered| chosen.binary_search_by_key(&place(&one), place).is_ok();
        let redactor = layers.redactor_of(Some(&self.resources), Some(&self.setting.caller), is_chosen);
        redactor.with_keys(self.setting.keys.clone())
    }

    /// What would be made of the message; nothing if it stays as it is, as without any redaction.
    pub(super) fn preview(&self, redactor: &Redactor<'_>) -> Option<String> {
        if redactor.is_empty() {
            return None;
        }
        preview(redactor, self.captured.body, self.captured.said?)
    }

    /// What is changed under every redaction by path, whatever it selects.
    pub(super) fn unseen(&self) -> Result<Vec<Change>, Failure> {
        let policy = Policy::parse(SELECTS_NOTHING.as_bytes()).map_err(|error| Failure::run(error.to_string()))?;
        Ok(self.changes(self.preview(&Layers::of(&policy).redactor(None, None)).as_deref()))
    }

    /// Makes each redaction alone. Most change nothing: a list is halved while it does.
    pub(super) fn make_alone(&self, chosen: &[Numbered], unseen: &[Change], alone: &mut Vec<Alone<'b>>) {
        let redactor = self.redactor(chosen);
        let text = self.preview(&redactor);
        if chosen.is_empty() || (text.is_none() && !redactor.is_exhausted()) {
            return;
        }
        if let [one] = chosen {
            if redactor.is_exhausted() {
                let (all, of_values) = (Touched::by(&[]), Touched::by(&[]));
                return alone.push(Alone { one: *one, redactor, changed: 0, all, of_values });
            }
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
    pub(super) fn changes(&self, text: Option<&str>) -> Vec<Change> {
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
    pub(super) fn left(&self, text: Option<&str>) -> Option<String> {
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
    pub(super) fn remains(
        &self,
        redactor: &Redactor<'_>,
        text: &str,
        taken_by: impl Fn(&str) -> Vec<usize>,
    ) -> Remains {
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

/// A policy under which is masked what no path can look into, and nothing else.
const SELECTS_NOTHING: &str = r#"{"policyId":"P","tenantId":"T","rules":[],"freeText":"PASS",
    "redactions":[{"resources":["agent:tool:*"],"path":"$['']['']['']['']","action":"MASK"}]}"#;

/// What of a message is redacted.
const ANSWERS: &[&str] = &["result", "error", "params"];
