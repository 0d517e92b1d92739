//! A policy as its author means it.

mod text;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl Condition {
    /// Where it takes its value from, if that is a path.
    pub(crate) fn value_path(&self) -> Option<&Path> {
        match &self.operand {
            Operand::ValuePath(path) => Some(path),
            Operand::Nothing | Operand::Value(_) | Operand::Pattern(_) => None,
        }
    }

    /// All paths in it.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        [&self.path].into_iter().chain(self.value_path())
    }
}

impl Operator {
    pub(crate) const ALL: [Operator; 17] = [
        Operator::Equals,
        Operator::NotEquals,
        Operator::In,
        Operator::NotIn,
        Operator::LessThan,
        Operator::LessThanOrEqual,
        Operator::GreaterThan,
        Operator::GreaterThanOrEqual,
        Operator::Contains,
        Operator::StartsWith,
        Operator::EndsWith,
        Operator::Like,
        Operator::Matches,
        Operator::Exists,
        Operator::NotExists,
        Operator::InCidr,
        Operator::Between,
    ];
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
