//! What a rule asks of callers and times, and whether a request has it.

use crate::condition::{ConditionCheck, Truth};
use crate::request::{Caller, Request};
use crate::rule::{Names, Rule};
use crate::selector::Budget;

/// Something that a rule asks of the caller or the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check<'p> {
    /// One of these names, or any.
    Names {
        /// Names of what.
        list: List,
        /// Those of the rule.
        wanted: Wanted<'p>,
        /// Those of them that the caller has; of `*` none are told.
        matching: Vec<&'p str>,
        /// Whether that is enough.
        holds: bool,
    },
    /// All of these scopes.
    Scopes {
        /// Those of the rule.
        wanted: &'p [Box<str>],
        /// Those of them that the caller lacks.
        lacking: Vec<&'p str>,
    },
    /// To be in force.
    Time {
        /// The first second in which it is, since 1970; none if it always was.
        first: Option<i64>,
        /// The last second in which it is; none if it always will be.
        last: Option<i64>,
        /// Whether it is.
        in_force: InForce,
    },
}

/// A list of principals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// The user.
    Users,
    /// Roles, of the token and of the registry.
    Roles,
    /// Workspaces, of the registry.
    Workspaces,
    /// The agent that calls.
    Agents,
}

/// Names of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'p> {
    /// `*`: any, but one there must be.
    Any,
    /// Any one of these.
    OneOf(&'p [Box<str>]),
}

/// Where a time lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InForce {
    /// Within.
    Yes,
    /// Before.
    NotYet,
    /// Behind.
    NoLonger,
}

/// What is told of a rule.
pub(super) struct Told<'p> {
    pub(super) truth: Truth,
    pub(super) checks: Vec<Check<'p>>,
    pub(super) conditions: Vec<ConditionCheck>,
}

/// As [`Rule::applies`], with the same work as far as that goes, but all is told.
pub(super) fn tell<'p>(rule: &'p Rule, request: &Request<'_>, budget: &Budget, spare: &Budget) -> Told<'p> {
    let checks = checks(rule, request.caller, request.time);
    let mut truth = Truth::of(checks.iter().all(Check::holds));
    let mut conditions = Vec::new();
    for condition in &rule.conditions {
        let is_asked = truth != Truth::False;
        let (own, check) = condition.check(rule.effect, request, if is_asked { budget } else { spare }, spare);
        if is_asked {
            truth = truth.and_for(rule.effect, own);
        }
        conditions.push(check);
    }
    Told { truth, checks, conditions }
}

/// What it asks of callers and times.
pub(crate) fn checks<'p>(rule: &'p Rule, caller: &Caller<'_>, time: i64) -> Vec<Check<'p>> {
    let principals = &rule.principals;
    let user = [caller.user.as_str()];
    let agent: Vec<&str> = caller.agent.into_iter().collect();
    let roles: Vec<&str> = caller.roles.iter().copied().flatten().map(String::as_str).collect();
    let workspaces: Vec<&str> = caller.workspaces.iter().map(String::as_str).collect();
    let lists = [
        (List::Users, &principals.users, user.as_slice()),
        (List::Agents, &principals.agents, &agent),
        (List::Roles, &principals.roles, &roles),
        (List::Workspaces, &principals.workspaces, &workspaces),
    ];
    let lists = lists.into_iter().filter_map(|(list, names, own)| Some(Check::of_names(list, names.as_ref()?, own)));
    let mut checks: Vec<Check<'p>> = lists.collect();
    if !rule.scopes.is_empty() {
        let is_lacking = |scope: &&str| !caller.scopes.iter().any(|own| own == scope);
        let lacking = rule.scopes.iter().map(|scope| &**scope).filter(is_lacking).collect();
        checks.push(Check::Scopes { wanted: &rule.scopes, lacking });
    }
    checks.extend(Check::of_time(rule, time));
    checks
}

impl<'p> Check<'p> {
    /// Whether the caller or the time has it.
    pub fn holds(&self) -> bool {
        match self {
            Check::Names { holds, .. } => *holds,
            Check::Scopes { lacking, .. } => lacking.is_empty(),
            Check::Time { in_force, .. } => match in_force {
                InForce::Yes => true,
                InForce::NotYet | InForce::NoLonger => false,
            },
        }
    }

    fn of_names(list: List, names: &'p Names, own: &[&str]) -> Check<'p> {
        match names {
            Names::Any => Check::Names { list, wanted: Wanted::Any, matching: Vec::new(), holds: !own.is_empty() },
            Names::OneOf(names) => {
                let matching: Vec<&str> = names.iter().map(|name| &**name).filter(|name| own.contains(name)).collect();
                let holds = !matching.is_empty();
                Check::Names { list, wanted: Wanted::OneOf(names), matching, holds }
            }
        }
    }

    pub(crate) fn of_time(rule: &Rule, time: i64) -> Option<Check<'p>> {
        let (first, last) = (*rule.in_force.start(), *rule.in_force.end());
        let in_force = match (time < first, time > last) {
            (true, _) => InForce::NotYet,
            (false, true) => InForce::NoLonger,
            (false, false) => InForce::Yes,
        };
        let (first, last) =
            (Some(first).filter(|first| *first != i64::MIN), Some(last).filter(|last| *last != i64::MAX));
        (first.is_some() || last.is_some()).then_some(Check::Time { first, last, in_force })
    }
}
