//! A policy of rules, asked about one tool.

#[path = "asking.rs"]
pub(crate) mod asking;

use policy_model::{Layers, Policy};
use serde_json::Value;

use asking::{Answer, Asker};

pub(crate) const ALLOW: &str = "ALLOW";
pub(crate) const DENY: &str = "DENY";

/// Whether it is allowed, by which rule, with which reason.
pub(crate) fn quoted(rules: &[&str], default_target: Option<&str>, name: &str) -> (bool, String, Option<String>) {
    let policy = Policy::parse(policy(rules, default_target).as_bytes()).unwrap();
    match Asker::new(&Value::Null).ask(Layers::of(&policy), "tool", name, Some("{}")) {
        Answer::Allowed(rule) => (true, rule, None),
        Answer::Denied(rule, reason) => (false, rule, reason),
        Answer::NoRule => (false, String::new(), None),
        Answer::NotAName => panic!("{name} is no tool name"),
    }
}

pub(crate) fn policy(rules: &[&str], default_target: Option<&str>) -> String {
    let target = default_target.map_or(String::new(), |target| format!(",\"defaultTarget\":\"{target}\""));
    format!(r#"{{"policyId":"p","tenantId":"t","rules":[{}]{target}}}"#, rules.join(","))
}

pub(crate) fn rule(effect: &str, patterns: &[&str], more: &str) -> String {
    let resources: Vec<String> = patterns.iter().map(|pattern| format!("\"agent:tool:{pattern}\"")).collect();
    format!(r#"{{"effect":"{effect}","resourceType":"TOOL","resources":[{}]{more}}}"#, resources.join(","))
}
