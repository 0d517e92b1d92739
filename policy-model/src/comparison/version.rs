//! A policy document with what it decides, as one side of a comparison.

use super::words;
use crate::decision::Effect;
use crate::json::{Document, Value};
use crate::lint::meaning_of;
use crate::pattern::{Pattern, Reach};
use crate::policy::{self, Mode, Policy, PolicyErrors, Written, read, read_json};
use crate::rule::Rule;

/// A policy, and as it is written.
pub struct Version<'t> {
    pub(super) document: Document<'t>,
    pub(super) policy: Policy,
    pub(super) default_target: Option<String>,
    pub(super) is_enforced: bool,
    /// In the order of the policy's rules.
    pub(super) rules: Vec<WrittenRule>,
}

/// A rule as it is written.
pub(crate) struct WrittenRule {
    /// Its place in the document.
    pub(super) number: usize,
    pub(crate) resources: Vec<Pattern>,
    pub(super) is_enforced: bool,
    /// One text for all rules that say the same but for their resources.
    pub(super) meaning: String,
    /// The same for each condition.
    pub(super) conditions: Vec<String>,
}

/// What a rule says besides whom it is about and when, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Its resources, as written.
    pub resources: Vec<String>,
    /// Its conditions in its order, as in `$.arguments.amount <= 500`.
    pub conditions: Vec<String>,
    /// What its author wants refused callers to read.
    pub reason: Option<String>,
    /// What its author tells readers.
    pub description: Option<String>,
}

impl<'t> Version<'t> {
    /// Reads a policy document.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(text: &'t [u8]) -> Result<Version<'t>, PolicyErrors> {
        let document = read_json(text).map_err(PolicyErrors::one)?;
        let mut errors = Vec::new();
        let written = read(&document, &mut errors);
        if let Err(error) = &written {
            errors.push(error.clone());
        }
        let written = match (written, PolicyErrors::of(errors)) {
            (Ok(written), None) => written,
            (Ok(_), Some(errors)) => return Err(errors),
            (Err(error), errors) => return Err(errors.unwrap_or(PolicyErrors::one(error))),
        };
        let rules = written_rules(&document, &written);
        let default_target = written.default_target.clone();
        let is_enforced = written.mode == Mode::Enforce;
        let policy = policy::compile(written).map_err(PolicyErrors::one)?;
        Ok(Version { document, policy, default_target, is_enforced, rules })
    }

    /// What it decides.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What a rule says, in words, by its place among the policy's rules in the order of their ids.
    pub fn wording(&self, number: usize) -> Option<Wording> {
        let rule = self.rules.get(number)?;
        let conditions = self.json(rule)?.get("conditions").into_iter().flat_map(Value::elements);
        let text = |member: &str| self.json(rule)?.get(member)?.as_str().map(std::borrow::Cow::into_owned);
        Some(Wording {
            resources: rule.resources.iter().map(Pattern::to_string).collect(),
            conditions: conditions.map(words::condition).collect(),
            reason: text("reason"),
            description: text("description"),
        })
    }

    /// The rules of an id, as they are written. Only rules without a `ruleId` of their own can share one.
    pub fn written(&self, id: &str) -> Vec<Value<'_>> {
        let rules = self.policy.rules.iter().zip(&self.rules).filter(|(rule, _)| rule.id.as_str() == id);
        rules.filter_map(|(_, written)| self.json(written)).collect()
    }

    /// The rules in force of an effect, each with its place among the policy's.
    pub(crate) fn rules(&self, effect: Effect) -> impl Iterator<Item = (u32, &Rule, &WrittenRule)> {
        let rules = (0..).zip(&self.policy.rules).zip(&self.rules);
        let rules = rules.map(|((number, rule), written)| (number, rule, written));
        rules.filter(move |(_, rule, written)| written.is_enforced && rule.effect == effect)
    }

    /// The rules in force of an effect that name something.
    pub(super) fn naming(&self, effect: Effect, resource: &crate::request::Resource<'_>) -> Vec<u32> {
        let index = match effect {
            Effect::Allow => &self.policy.enforced.allow,
            Effect::Deny => &self.policy.enforced.deny,
        };
        let mut numbers = Vec::new();
        index.visit(resource, &mut |number| numbers.push(number));
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    pub(super) fn rule(&self, number: u32) -> Option<(&Rule, &WrittenRule)> {
        Some((self.policy.rules.get(number as usize)?, self.rules.get(number as usize)?))
    }

    /// How far the resources of a rule of this effect reach.
    pub(crate) fn reach(&self, effect: Effect) -> Reach<'_> {
        match effect {
            Effect::Allow => Reach::Narrow(self.default_target.as_deref()),
            Effect::Deny => Reach::Wide,
        }
    }

    /// The JSON of a rule.
    pub(super) fn json(&self, rule: &WrittenRule) -> Option<Value<'_>> {
        self.document.root().get("rules")?.elements().nth(rule.number)
    }
}

impl std::fmt::Debug for Version<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Version").field(&self.policy.id).finish()
    }
}

/// In the order in which rules are compiled.
fn written_rules(document: &Document<'_>, written: &Written) -> Vec<WrittenRule> {
    let values: Vec<Value<'_>> = document.root().get("rules").into_iter().flat_map(Value::elements).collect();
    let mut rules: Vec<_> = written.rules.iter().collect();
    rules.sort_by(|left, right| (&left.rule.id, &left.rule.reason).cmp(&(&right.rule.id, &right.rule.reason)));
    let rule = |rule: &&policy::RuleDocument| {
        let json = values.get(rule.number);
        let conditions = json.and_then(|json| json.get("conditions"));
        WrittenRule {
            number: rule.number,
            resources: rule.resources.clone(),
            is_enforced: rule.mode == Mode::Enforce,
            meaning: json.map(|json| meaning(*json)).unwrap_or_default(),
            conditions: conditions.into_iter().flat_map(Value::elements).map(meaning_of).collect(),
        }
    };
    rules.iter().map(rule).collect()
}

fn meaning(rule: Value<'_>) -> String {
    let mut members: Vec<String> = rule
        .members()
        .filter(|member| !MEANINGLESS.iter().any(|name| member.name.is_str(name)))
        .map(|member| format!("{}:{}", member.name.text(), meaning_of(member.value)))
        .collect();
    members.sort_unstable();
    members.join(",")
}

/// Members of a rule that are looked at apart, or change nothing that is decided.
const MEANINGLESS: &[&str] = &["resources", "ruleId", "reason", "description", "mode"];
