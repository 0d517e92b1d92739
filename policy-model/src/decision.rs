//! Who may call what: the one function that can permit.

use std::fmt;

use crate::id::RuleId;
use crate::policy::{Policy, Reason, Rule};
use crate::tool_name::ToolName;

/// Decides whether a caller under this policy may call a tool; also whether the tool is listed.
///
/// A DENY rule that names the tool overrides every ALLOW; without a rule the answer is no. `subject` is what was asked for:
/// it comes back only inside a [`Permit`].
pub fn decide<T>(policy: &Policy, tool: &ToolName<'_>, subject: T) -> Decision<T> {
    match rule_for(policy, tool) {
        None => Decision::Denial(Denial::NoRule),
        Some(rule) => match rule.effect {
            Effect::Allow => Decision::Permit(Permit { subject, rule: Some(rule.id.clone()) }),
            Effect::Deny => Decision::Denial(Denial::Rule { rule: rule.id.clone(), reason: rule.reason.clone() }),
        },
    }
}

/// Permits what every known caller may do: open and keep a session, ask for a list that is filtered when it comes back.
///
/// The policy is the proof that the caller is known: there is none without an active member of an active tenant.
pub fn admit<T>(_policy: &Policy, subject: T) -> Permit<T> {
    Permit { subject, rule: None }
}

/// The rule that settles the matter.
fn rule_for<'p>(policy: &'p Policy, tool: &ToolName<'_>) -> Option<&'p Rule> {
    let number = policy.deny.first(tool).or_else(|| policy.allow.first(tool))?;
    policy.rules.get(number as usize)
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The tool may be called.
    Allow,
    /// The tool may not be called, whatever another rule says.
    Deny,
}

impl fmt::Display for Effect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Effect::Allow => "ALLOW",
            Effect::Deny => "DENY",
        })
    }
}

/// What comes out.
#[derive(Debug)]
#[must_use]
pub enum Decision<T> {
    /// Yes, and the subject.
    Permit(Permit<T>),
    /// No, and why.
    Denial(Denial),
}

/// The proof that a subject was decided on and permitted. Only [`decide`] and [`admit`] make one.
#[derive(Debug)]
#[must_use]
pub struct Permit<T> {
    subject: T,
    rule: Option<RuleId>,
}

impl<T> Permit<T> {
    /// The rule that permitted it; none for what [`admit`] let pass.
    pub fn rule(&self) -> Option<&RuleId> {
        self.rule.as_ref()
    }

    /// What was permitted; the permit is used up.
    pub fn into_subject(self) -> T {
        self.subject
    }
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// No rule names the tool.
    NoRule,
    /// A DENY rule names it.
    Rule {
        /// That rule.
        rule: RuleId,
        /// What its author wants the caller to read.
        reason: Option<Reason>,
    },
}
