//! What a member of a registry may do with one thing, whatever its token says and with which arguments it comes.
//!
//! Known are the user, issuer, tenant, workspaces and the registry's roles. Roles and scopes of the token, claims, the agent that calls, the
//! time of day and the arguments are not: they are what rules still need. The second that a [`Question`] is about counts only for which rules
//! are in force. In reading order: `needs` is what a rule asks of what is not known, `standing` is what comes of all rules, `proof` looks
//! for a request that is allowed, `moments` are times for it, `alike` are members for whom the answer is the same, `statement` is
//! what rules say of nobody in particular, `holdings` are all things that a member may do.

mod alike;
mod holdings;
mod moments;
mod needs;
mod proof;
mod standing;
mod statement;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::decision::{Effect, Layers};
use crate::explanation::in_order;
pub use crate::explanation::{Wanted, Whose};
use crate::id::{PolicyId, TenantId, UserId};
use crate::request::Resource;
use crate::resource_index::ResourceIndex;
use crate::rule::Rule;
use alike::{Alike, Key};
pub use holdings::{Holding, holdings};
pub use needs::{Excluded, Exclusion, Need, Way};
pub use proof::Proof;
pub use standing::{Reach, Standing};
pub use statement::Statement;

/// Somebody whom the registry knows.
#[derive(Debug, Clone, Copy)]
pub struct Member<'m> {
    /// The tenant.
    pub tenant: &'m TenantId,
    /// The user; for a machine what rules call it.
    pub user: &'m UserId,
    /// Who says that this is the user.
    pub issuer: &'m str,
    /// Roles of the membership.
    pub roles: &'m [String],
    /// Workspaces of the membership.
    pub workspaces: &'m [String],
    /// The scopes that count of its token; none if all do.
    pub scopes: Option<&'m [String]>,
    /// Whether it calls in its own name, as machines do; otherwise a policy may want an agent that calls.
    pub is_machine: bool,
}

/// What is asked of many members: a thing, under the policies of one tenant.
pub struct Question<'p> {
    layers: Layers<'p>,
    resource: Resource<'p>,
    /// Seconds since 1970.
    time: i64,
    denies: Vec<Candidate<'p>>,
    allows: Vec<Candidate<'p>>,
    alike: Alike<'p>,
    answers: RefCell<HashMap<Key, Rc<Reach<'p>>>>,
}

/// A rule in force that names the thing.
#[derive(Clone, Copy)]
struct Candidate<'p> {
    layer: Whose,
    policy: &'p PolicyId,
    number: usize,
    rule: &'p Rule,
}

impl<'p> Question<'p> {
    /// About a thing at a time, in seconds since 1970.
    pub fn new(layers: Layers<'p>, resource: Resource<'p>, time: i64) -> Question<'p> {
        let candidates = |effect: Effect| -> Vec<Candidate<'p>> {
            let layers = in_order(layers).filter(|(layer, _)| effect == Effect::Deny || *layer == Whose::Tenant);
            let rules = layers.flat_map(|(layer, policy)| {
                let index: &ResourceIndex = match effect {
                    Effect::Allow => &policy.enforced.allow,
                    Effect::Deny => &policy.enforced.deny,
                };
                let mut numbers = Vec::new();
                index.visit(&resource, &mut |number| numbers.push(number as usize));
                numbers.sort_unstable();
                numbers.dedup();
                let rule = move |number| Some((number, policy.rules.get(number)?));
                let rules = numbers.into_iter().filter_map(rule);
                rules.map(move |(number, rule)| Candidate { layer, policy: &policy.id, number, rule })
            });
            rules.collect()
        };
        let (denies, allows) = (candidates(Effect::Deny), candidates(Effect::Allow));
        let alike = Alike::of(denies.iter().chain(&allows).map(|own| own.rule));
        Question { layers, resource, time, denies, allows, alike, answers: RefCell::default() }
    }

    /// Whether any ALLOW rule names the thing: without one nobody may.
    pub fn is_allowed_to_some(&self) -> bool {
        !self.allows.is_empty()
    }

    /// The rules in force that name the thing, as they are: DENY before ALLOW.
    pub fn statements(&self) -> Vec<Statement<'p>> {
        self.denies.iter().chain(&self.allows).map(|own| Statement::of(own, self.time)).collect()
    }

    /// What a member may do. Members in whom the rules see no difference share one answer.
    pub fn ask(&self, member: &Member<'_>) -> Rc<Reach<'p>> {
        let key = self.alike.key(member);
        if let Some(known) = self.answers.borrow().get(&key) {
            return Rc::clone(known);
        }
        let reach = Rc::new(standing::reach(self, member));
        let mut answers = self.answers.borrow_mut();
        if answers.len() >= ANSWERS_MAX {
            answers.clear();
        }
        answers.insert(key, Rc::clone(&reach));
        reach
    }
}

impl std::fmt::Debug for Question<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Question").field("resource", &self.resource).field("time", &self.time).finish_non_exhaustive()
    }
}

/// Most answers that are kept.
const ANSWERS_MAX: usize = 4_096;
