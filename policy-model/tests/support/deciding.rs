//! A policy of rules, asked about one tool.

use policy_model::{Decision, Denial, Policy, ToolName, decide};

pub(crate) const ALLOW: &str = "ALLOW";
pub(crate) const DENY: &str = "DENY";

/// Whether it is allowed, by which rule, with which reason.
pub(crate) fn quoted(rules: &[&str], default_target: Option<&str>, name: &str) -> (bool, String, Option<String>) {
    let policy = Policy::parse(policy(rules, default_target).as_bytes()).unwrap();
    match decide(&policy, &ToolName::parse(name).unwrap(), ()) {
        Decision::Permit(permit) => (true, permit.rule().unwrap().to_string(), None),
        Decision::Denial(Denial::Rule { rule, reason }) => {
            (false, rule.to_string(), reason.map(|text| text.to_string()))
        }
        Decision::Denial(Denial::NoRule) => (false, String::new(), None),
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
