//! What a rule says of whom it is about.

use super::{Candidate, Wanted};
use crate::decision::Effect;
use crate::explanation::{Check, List, Whose};
use crate::id::{PolicyId, RuleId};
use crate::rule::{Names, Rule};

/// A rule in force that names a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'p> {
    /// Whose rule it is.
    pub layer: Whose,
    /// The policy that it stands in.
    pub policy: &'p PolicyId,
    /// The rule.
    pub rule: &'p RuleId,
    /// Its place among the policy's rules in the order of their ids.
    pub number: usize,
    /// Its effect.
    pub effect: Effect,
    /// The lists of principals that it gives: all must match.
    pub principals: Vec<(List, Wanted<'p>)>,
    /// The scopes that it wants: all of them.
    pub scopes: &'p [Box<str>],
    /// When it is in force, if it says so: [`Check::Time`].
    pub time: Option<Check<'p>>,
    /// How many conditions it has.
    pub conditions: usize,
}

impl<'p> Statement<'p> {
    pub(super) fn of(candidate: &Candidate<'p>, time: i64) -> Statement<'p> {
        let &Candidate { layer, policy, number, rule } = candidate;
        Statement {
            layer,
            policy,
            rule: &rule.id,
            number,
            effect: rule.effect,
            principals: principals(rule),
            scopes: &rule.scopes,
            time: Check::of_time(rule, time),
            conditions: rule.conditions.len(),
        }
    }
}

fn principals<'p>(rule: &'p Rule) -> Vec<(List, Wanted<'p>)> {
    let principals = &rule.principals;
    let lists = [
        (List::Users, &principals.users),
        (List::Agents, &principals.agents),
        (List::Roles, &principals.roles),
        (List::Workspaces, &principals.workspaces),
    ];
    let wanted = |(list, names): (List, &'p Option<Names>)| match names {
        None => None,
        Some(Names::Any) => Some((list, Wanted::Any)),
        Some(Names::OneOf(names)) => Some((list, Wanted::OneOf(names))),
    };
    lists.into_iter().filter_map(wanted).collect()
}
