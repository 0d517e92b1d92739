//! How a policy is written.

use std::fmt;

use crate::json::Json;
use crate::policy::{Condition, Effect, Mode, Operand, Operator, Policy, Principals, Rule};

impl fmt::Display for Policy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut members = vec![
            ("policyId".to_owned(), Json::text("POL-1")),
            ("tenantId".to_owned(), Json::text(self.tenant)),
            ("rules".to_owned(), Json::List(self.rules.iter().map(rule_document).collect())),
        ];
        members.extend(self.default_target.iter().map(|target| ("defaultTarget".to_owned(), Json::text(target))));
        members.extend(self.mode.map(mode_member));
        Json::Object(members).fmt(out)
    }
}

fn rule_document(rule: &Rule) -> Json {
    let resources: Vec<String> =
        rule.resources.iter().map(|pattern| format!("agent:{}:{pattern}", rule.kind.word())).collect();
    let mut members = vec![
        ("effect".to_owned(), Json::text(rule.effect.to_string())),
        ("resourceType".to_owned(), Json::text(rule.kind.word().to_uppercase())),
        ("resources".to_owned(), Json::texts(&resources)),
    ];
    let mut add = |name: &str, value: Json| members.push((name.to_owned(), value));
    if let Some(id) = &rule.id {
        add("ruleId", Json::text(id));
    }
    if !rule.principals.is_empty() {
        let lists = rule.principals.iter().map(|(list, names)| (list.to_string(), Json::texts(names)));
        add("principals", Json::Object(lists.collect()));
    }
    if !rule.scopes.is_empty() {
        add("scopes", Json::texts(&rule.scopes));
    }
    for (name, time) in [("notBefore", &rule.not_before), ("notAfter", &rule.not_after)] {
        if let Some(time) = time {
            add(name, Json::text(time));
        }
    }
    if !rule.conditions.is_empty() {
        add("conditions", Json::List(rule.conditions.iter().map(condition_document).collect()));
    }
    members.extend(rule.mode.map(mode_member));
    Json::Object(members)
}

fn condition_document(condition: &Condition) -> Json {
    let mut members = vec![
        ("path".to_owned(), Json::text(condition.path.to_string())),
        ("operator".to_owned(), Json::text(condition.operator.to_string())),
    ];
    match &condition.operand {
        Operand::Nothing => {}
        Operand::Value(value) => members.push(("value".to_owned(), value.clone())),
        Operand::ValuePath(path) => members.push(("valuePath".to_owned(), Json::text(path.to_string()))),
        Operand::Pattern(pattern) => members.push(("value".to_owned(), Json::text(pattern.pattern()))),
    }
    Json::Object(members)
}

fn mode_member(mode: Mode) -> (String, Json) {
    let word = match mode {
        Mode::Enforce => "ENFORCE",
        Mode::LogOnly => "LOG_ONLY",
    };
    ("mode".to_owned(), Json::text(word))
}

impl fmt::Display for Effect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Effect::Allow => "ALLOW",
            Effect::Deny => "DENY",
        })
    }
}

impl fmt::Display for Principals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Principals::Users => "users",
            Principals::Roles => "roles",
            Principals::Workspaces => "workspaces",
            Principals::Agents => "agents",
        })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The words are the names with an underscore before each further capital.
        for (nth, letter) in format!("{self:?}").chars().enumerate() {
            let gap = if nth > 0 && letter.is_uppercase() { "_" } else { "" };
            write!(out, "{gap}{}", letter.to_ascii_uppercase())?;
        }
        Ok(())
    }
}
