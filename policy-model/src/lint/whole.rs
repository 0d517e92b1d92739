//! What the document as a whole says: nothing, or something twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::subject::{RuleView, Subject};
use super::{Finding, Warning};
use crate::decision::Effect;
use crate::json::{Kind, Value, canonical_number, quote};
use crate::policy::Mode;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    look_for_nothing(subject, findings);
    look_for_repetition(subject, findings);
    for rule in &subject.rules {
        look_at_time(subject, rule, findings);
        look_at_principals(subject, rule, findings);
    }
}

fn look_for_nothing(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if subject.written.tenant.is_none() {
        return;
    }
    let root = subject.document.root();
    let mut warn = |kind, member: &str, message: &str| {
        let at = root.get(member).unwrap_or(root);
        findings.push(subject.warning(kind, member.to_owned(), at, message.to_owned()));
    };
    let allows = |rule: &RuleView<'_>| match rule.effect() {
        Effect::Allow => rule.is_enforced(),
        Effect::Deny => false,
    };
    let rules = root.get("rules").map_or(0, Value::len);
    match subject.written.mode {
        Mode::LogOnly => warn(
            Warning::LogOnlyPolicyAllowsNothing,
            "mode",
            "a tenant's policy in LOG_ONLY allows nothing, so that all callers of the tenant are refused; try a new version as \
             the tenant's shadow policy, or give single rules this mode",
        ),
        // Of rules that are wrong it is not known what they are.
        Mode::Enforce if subject.rules.len() < rules || subject.rules.iter().any(allows) => {}
        Mode::Enforce => {
            warn(Warning::NoAllowRule, "rules", "no rule in force allows anything, so that every request is refused");
        }
    }
}

fn look_at_time(subject: &Subject<'_>, rule: &RuleView<'_>, findings: &mut Vec<Finding>) {
    let is_over = subject.surroundings.now.is_some_and(|now| *rule.rule.rule.in_force.end() < now);
    if is_over {
        let message = match rule.effect() {
            Effect::Allow => {
                "this time is over, so that the rule allows nothing any more; take it out or give it a later end"
            }
            Effect::Deny => {
                "this time is over, so that the rule denies nothing any more; take it out or give it a later end"
            }
        };
        let place = format!("{}.notAfter", rule.place());
        findings.push(subject.warning(Warning::Expired, place, rule.member("notAfter"), message.to_owned()));
    }
}

fn look_at_principals(subject: &Subject<'_>, rule: &RuleView<'_>, findings: &mut Vec<Finding>) {
    let at = rule.member("principals");
    let lists: Vec<String> = match rule.effect() {
        Effect::Allow => Vec::new(),
        Effect::Deny => {
            let lists = rule.json.get("principals").into_iter().flat_map(Value::members);
            lists.filter_map(|list| list.name.as_str().map(|name| name.into_owned())).collect()
        }
    };
    if lists.len() > 1 {
        let message = format!(
            "the rule denies only callers that are in all of these lists ({}); to deny those in any of them write one rule for \
             each list",
            lists.join(", ")
        );
        let place = format!("{}.principals", rule.place());
        findings.push(subject.warning(Warning::DenyWithSeveralPrincipalLists, place, at, message));
    }
}

fn look_for_repetition(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for rule in &subject.rules {
        match seen.entry(meaning(rule)) {
            Entry::Vacant(free) => {
                free.insert(rule.rule.number);
            }
            Entry::Occupied(first) => {
                let message = format!("this says the same as rules[{}]; keep one of the two", first.get());
                findings.push(subject.warning(Warning::DuplicateRule, rule.place(), rule.json, message));
            }
        }
    }
}

/// One text for all rules that say the same, in any order and spelling, of the same callers and things.
fn meaning(rule: &RuleView<'_>) -> String {
    let mut members: Vec<String> = rule
        .json
        .members()
        .filter(|member| !["ruleId", "reason", "description", "mode"].iter().any(|name| member.name.is_str(name)))
        .map(|member| format!("{}:{}", member.name.text(), meaning_of(member.value)))
        .collect();
    members.sort_unstable();
    format!("{} {}", rule.is_enforced(), members.join(","))
}

/// Every list of a rule is a set, but for two times of the day.
pub(crate) fn meaning_of(value: Value<'_>) -> String {
    match value.kind() {
        Kind::Null | Kind::Bool => value.text().to_owned(),
        Kind::Number => canonical_number(value.text()).unwrap_or_else(|| value.text().to_owned()),
        Kind::String => quote(&value.as_str().unwrap_or_default()),
        Kind::Array => {
            let mut elements: Vec<String> = value.elements().map(meaning_of).collect();
            elements.sort_unstable();
            elements.dedup();
            format!("[{}]", elements.join(","))
        }
        Kind::Object if value.get("operator").is_some_and(|operator| operator.is_str("BETWEEN")) => {
            value.text().to_owned()
        }
        Kind::Object => {
            let mut members: Vec<String> =
                value.members().map(|member| format!("{}:{}", member.name.text(), meaning_of(member.value))).collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
    }
}
