//! One rule, and whether it applies.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::condition::{Condition, Truth};
use crate::decision::Effect;
use crate::id::RuleId;
use crate::policy::Reason;
use crate::request::{Caller, Request};
use crate::selector::Budget;

/// A rule without its resources, which are in the index of its effect and mode.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: RuleId,
    pub(crate) effect: Effect,
    pub(crate) reason: Option<Reason>,
    pub(crate) principals: Principals,
    pub(crate) scopes: Arc<[Box<str>]>,
    /// In seconds since 1970.
    pub(crate) in_force: RangeInclusive<i64>,
    pub(crate) conditions: Box<[Condition]>,
}

/// Whom a rule is about. Every list that is given must match.
#[derive(Debug, Default)]
pub(crate) struct Principals {
    pub(crate) users: Option<Names>,
    pub(crate) roles: Option<Names>,
    pub(crate) workspaces: Option<Names>,
    pub(crate) agents: Option<Names>,
}

/// Names, or `*`.
#[derive(Debug)]
pub(crate) enum Names {
    Any,
    OneOf(Box<[Box<str>]>),
}

impl Rule {
    /// Whether it applies to a request for something that its resources name.
    pub(crate) fn applies(&self, request: &Request<'_>, budget: &Budget) -> Truth {
        let has_scope = |scope: &str| request.caller.scopes.iter().any(|own| own == scope);
        if !self.in_force.contains(&request.time)
            || !self.principals.include(request.caller)
            || !self.scopes.iter().all(|scope| has_scope(scope))
        {
            return Truth::False;
        }
        let mut truth = Truth::True;
        for condition in &self.conditions {
            truth = truth.and_for(self.effect, condition.holds(self.effect, request, budget));
            if truth == Truth::False {
                break;
            }
        }
        truth
    }
}

impl Principals {
    pub(crate) fn include(&self, caller: &Caller<'_>) -> bool {
        includes(&self.users, std::iter::once(caller.user.as_str()))
            && includes(&self.agents, caller.agent.into_iter())
            && includes(&self.roles, caller.roles.iter().copied().flatten().map(String::as_str))
            && includes(&self.workspaces, caller.workspaces.iter().map(String::as_str))
    }
}

/// Whether one of the caller's names is one of a rule's, if the rule names any.
fn includes<'n>(names: &Option<Names>, mut own: impl Iterator<Item = &'n str>) -> bool {
    names.as_ref().is_none_or(|names| own.any(|own| names.include(own)))
}

impl Names {
    fn include(&self, name: &str) -> bool {
        match self {
            Names::Any => true,
            // Sorted when the policy is read.
            Names::OneOf(names) => names.binary_search_by(|own| (**own).cmp(name)).is_ok(),
        }
    }
}
