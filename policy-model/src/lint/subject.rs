//! What is looked at: a document, what it says, and what is known besides.

use std::borrow::Cow;

use super::{Finding, Severity, Surroundings, Warning};
use super::{breadth, calls, claims, comparison, contradiction, emptiness, pins, push_urls, reach, redactions, whole};
use crate::condition::Condition;
use crate::decision::Effect;
use crate::json::{Document, Value};
use crate::pattern::Reach;
use crate::policy::{Mode, RuleDocument, Written};
use crate::rule::Names;

/// A policy document under examination.
pub(super) struct Subject<'s> {
    pub(super) document: &'s Document<'s>,
    pub(super) written: &'s Written,
    pub(super) surroundings: &'s Surroundings<'s>,
    /// The rules that are right, with their JSON.
    pub(super) rules: Vec<RuleView<'s>>,
}

/// A rule, and as it is written.
pub(super) struct RuleView<'s> {
    pub(super) rule: &'s RuleDocument,
    pub(super) json: Value<'s>,
}

/// A condition, and as it is written.
pub(super) struct ConditionView<'s> {
    pub(super) condition: &'s Condition,
    pub(super) json: Value<'s>,
    pub(super) place: String,
}

impl<'s> Subject<'s> {
    pub(super) fn new(
        document: &'s Document<'s>,
        written: &'s Written,
        surroundings: &'s Surroundings<'s>,
    ) -> Subject<'s> {
        let values: Vec<Value<'s>> = document.root().get("rules").into_iter().flat_map(Value::elements).collect();
        let view = |rule: &'s RuleDocument| Some(RuleView { rule, json: *values.get(rule.number)? });
        Subject { document, written, surroundings, rules: written.rules.iter().filter_map(view).collect() }
    }

    pub(super) fn look(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for look in [
            whole::look,
            reach::look,
            breadth::look,
            contradiction::look,
            comparison::look,
            emptiness::look,
            claims::look,
            redactions::look,
            calls::look,
            pins::look,
            push_urls::look,
        ] {
            look(self, &mut findings);
        }
        findings
    }

    /// A warning about a value of the document.
    pub(super) fn warning(&self, kind: Warning, place: String, at: Value<'_>, message: String) -> Finding {
        Finding { severity: Severity::Warning, code: kind.code(), place, span: at.span(), message }
    }

    /// How far the resources of a rule of this effect reach.
    pub(super) fn reach(&self, effect: Effect) -> Reach<'_> {
        match effect {
            Effect::Allow => Reach::Narrow(self.written.default_target.as_deref()),
            Effect::Deny => Reach::Wide,
        }
    }
}

impl<'s> RuleView<'s> {
    pub(super) fn place(&self) -> String {
        format!("rules[{}]", self.rule.number)
    }

    pub(super) fn is_enforced(&self) -> bool {
        match self.rule.mode {
            Mode::Enforce => true,
            Mode::LogOnly => false,
        }
    }

    pub(super) fn effect(&self) -> Effect {
        self.rule.rule.effect
    }

    /// The value of a member; the rule itself if it is not there.
    pub(super) fn member(&self, name: &str) -> Value<'s> {
        self.json.get(name).unwrap_or(self.json)
    }

    /// The resources with their number and as they are written.
    pub(super) fn resources(&self) -> impl Iterator<Item = (usize, &'s crate::pattern::Pattern, Value<'s>)> + use<'s> {
        let values = self.json.get("resources").into_iter().flat_map(Value::elements);
        self.rule.resources.iter().zip(values).enumerate().map(|(number, (pattern, value))| (number, pattern, value))
    }

    pub(super) fn conditions(&self) -> impl Iterator<Item = ConditionView<'s>> + use<'s> {
        let rule = self.rule;
        let values = self.json.get("conditions").into_iter().flat_map(Value::elements);
        rule.rule.conditions.iter().zip(values).enumerate().map(move |(number, (condition, json))| ConditionView {
            condition,
            json,
            place: format!("rules[{}].conditions[{number}]", rule.number),
        })
    }

    /// Whether it is about every caller at every time, whatever the arguments. A user there always is.
    pub(super) fn is_unlimited(&self, now: Option<i64>) -> bool {
        is_unlimited(self.rule, now)
    }
}

pub(super) fn is_unlimited(document: &RuleDocument, now: Option<i64>) -> bool {
    let rule = &document.rule;
    let principals = &rule.principals;
    let users = match &principals.users {
        None | Some(Names::Any) => true,
        Some(Names::OneOf(_)) => false,
    };
    let has_begun = *rule.in_force.start() <= now.unwrap_or(i64::MIN);
    users
        && principals.roles.is_none()
        && principals.workspaces.is_none()
        && principals.agents.is_none()
        && rule.scopes.is_empty()
        && rule.conditions.is_empty()
        && has_begun
        && *rule.in_force.end() == i64::MAX
}

impl<'s> ConditionView<'s> {
    pub(super) fn operator(&self) -> Cow<'s, str> {
        self.json.get("operator").and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn path(&self) -> Cow<'s, str> {
        self.json.get("path").and_then(Value::as_str).unwrap_or_default()
    }

    /// The value of a member; the condition itself if it is not there.
    pub(super) fn member(&self, name: &str) -> Value<'s> {
        self.json.get(name).unwrap_or(self.json)
    }
}
