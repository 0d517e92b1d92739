//! A policy as its author means it, and how it is written.

use std::fmt;

use crate::json::Json;
use crate::path::Path;
use crate::regular::Regular;

/// What is decided by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layers {
    pub(crate) baseline: Option<Policy>,
    pub(crate) policy: Policy,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Policy {
    pub(crate) tenant: &'static str,
    pub(crate) default_target: Option<String>,
    pub(crate) mode: Option<Mode>,
    pub(crate) rules: Vec<Rule>,
}

/// A rule. What is empty is not written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) id: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) kind: Kind,
    /// Without `agent:<kind>:`.
    pub(crate) resources: Vec<String>,
    pub(crate) principals: Vec<(Principals, Vec<String>)>,
    pub(crate) scopes: Vec<String>,
    pub(crate) not_before: Option<String>,
    pub(crate) not_after: Option<String>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) mode: Option<Mode>,
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Tool,
    Prompt,
    Resource,
    Agent,
    Model,
}

/// Whether a rule takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Enforce,
    LogOnly,
}

/// A list of principals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Principals {
    Users,
    Roles,
    Workspaces,
    Agents,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) path: Path,
    pub(crate) operator: Operator,
    pub(crate) operand: Operand,
}

/// What is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Nothing,
    Value(Json),
    ValuePath(Path),
    Pattern(Regular),
}

/// How it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Operator {
    Equals,
    NotEquals,
    In,
    NotIn,
    LessThan,
    LessThanOrEqual,
    GreaterThan,
    GreaterThanOrEqual,
    Contains,
    StartsWith,
    EndsWith,
    Like,
    Matches,
    Exists,
    NotExists,
    InCidr,
    Between,
}

impl Layers {
    /// The baseline if there is one, then the tenant's policy.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.baseline.iter().chain([&self.policy])
    }

    /// All rules, each with the policy in which it stands.
    pub(crate) fn rules(&self) -> impl Iterator<Item = (&Policy, &Rule)> {
        self.policies().flat_map(|policy| policy.rules.iter().map(move |rule| (policy, rule)))
    }
}

impl Policy {
    /// Whether a rule of it takes part.
    pub(crate) fn mode_of(&self, rule: &Rule) -> Mode {
        match (self.mode, rule.mode) {
            (Some(Mode::LogOnly), _) | (_, Some(Mode::LogOnly)) => Mode::LogOnly,
            (None | Some(Mode::Enforce), None | Some(Mode::Enforce)) => Mode::Enforce,
        }
    }
}

impl Rule {
    /// What it is called in an outcome.
    pub(crate) fn name(&self) -> String {
        let first = self.resources.iter().min().map(String::as_str).unwrap_or_default();
        self.id.clone().unwrap_or_else(|| format!("{} agent:{}:{first}", self.effect, self.kind.word()))
    }
}

impl Kind {
    /// The word in a resource.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Tool => "tool",
            Kind::Prompt => "prompt",
            Kind::Resource => "resource",
            Kind::Agent => "agent",
            Kind::Model => "model",
        }
    }
}

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
