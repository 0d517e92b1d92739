//! From a request that was decided on to what is recorded of it.

use std::collections::BTreeMap;

use super::{
    BaselineVerdict, FACTS_CONDITIONS_MAX, FACTS_NAMES_MAX, FACTS_WORK_MAX, Facts, Held, NameHash, NameKind, Names,
    TenantVerdict,
};
use crate::condition::{ConditionDigest, Truth, Truths};
use crate::decision::{Decision, Denial, Effect, Layer, Layers, decide};
use crate::json::Value;
use crate::policy::Policy;
use crate::request::{Arguments, Caller, Request};
use crate::rule::Rule;
use crate::selector::Budget;

impl Facts {
    /// What is recorded of a decision that these policies made, with the conditions of a shadow policy too; none where the arguments
    /// were not known.
    pub fn of<T>(
        layers: Layers<'_>,
        shadow: Option<&Policy>,
        request: &Request<'_>,
        decision: &Decision<T>,
    ) -> Option<Facts> {
        let Arguments::Known(arguments) = request.arguments else { return None };
        let caller = request.caller;
        let (baseline, tenant) = verdicts(layers, request, decision);
        let mut observed = Observed::new(request);
        let of_layers: Vec<&Rule> = naming(layers.baseline.into_iter().chain([layers.policy]), request);
        let of_shadow: Vec<&Rule> = naming(shadow.into_iter(), request);
        // The conditions of rules that are about this caller first: those of others matter only if a rule is changed.
        for is_concerned in [true, false] {
            let rules = of_layers.iter().chain(&of_shadow).filter(|rule| is_about(rule, request) == is_concerned);
            rules.for_each(|rule| observed.look(rule));
        }
        // What the shadow took is none of the decision's, and counts here: it may be the next one.
        let is_cheap = !observed.is_over;
        Some(Facts {
            time: request.time,
            sizes: [text_bytes(arguments), text_bytes(caller.claims), other_bytes(caller)].map(size),
            baseline,
            tenant,
            is_cheap,
            user: NameHash::of(NameKind::User, caller.user.as_str()),
            agent: caller.agent.map(|agent| NameHash::of(NameKind::Agent, agent)),
            roles: names(NameKind::Role, caller.roles.iter().copied().flatten()),
            workspaces: names(NameKind::Workspace, caller.workspaces),
            scopes: names(NameKind::Scope, caller.scopes),
            rewriting: [Some(layers.policy), layers.baseline].map(|policy| policy.and_then(|policy| policy.rewriting)),
            conditions: observed.conditions.into_iter().collect(),
            arguments: None,
        })
    }
}

/// What each policy said for itself.
fn verdicts<T>(layers: Layers<'_>, request: &Request<'_>, decision: &Decision<T>) -> (BaselineVerdict, TenantVerdict) {
    let passed = if layers.baseline.is_some() { BaselineVerdict::Passed } else { BaselineVerdict::Absent };
    match decision {
        Decision::Permit(_) => (passed, TenantVerdict::Allowed),
        Decision::Denial(Denial::NoRule) => (passed, TenantVerdict::NoRule),
        Decision::Denial(Denial::Rule { layer: Layer::Tenant, .. }) => (passed, TenantVerdict::Denied),
        // Kills are no policy: whoever decides again asks what the policies say.
        Decision::Denial(Denial::Killed { .. }) => {
            let alive = Layers { kills: None, ..layers };
            verdicts(alive, request, &decide(alive, request, ()))
        }
        Decision::Denial(Denial::Rule { layer: Layer::Baseline, .. }) => {
            let alone = decide(Layers::of(layers.policy), request, ());
            (BaselineVerdict::Denied, verdicts(Layers::of(layers.policy), request, &alone).1)
        }
    }
}

/// The rules of all modes and effects that name what is asked for, in the order of their ids.
fn naming<'p>(policies: impl Iterator<Item = &'p Policy>, request: &Request<'_>) -> Vec<&'p Rule> {
    let mut rules = Vec::new();
    for policy in policies {
        let mut numbers: Vec<u32> = Vec::new();
        for index in [&policy.enforced, &policy.log_only] {
            index.deny.visit(&request.resource, &mut |number| numbers.push(number));
            index.allow.visit(&request.resource, &mut |number| numbers.push(number));
        }
        numbers.sort_unstable();
        numbers.dedup();
        rules.extend(numbers.iter().filter_map(|number| policy.rules.get(*number as usize)));
    }
    rules
}

fn is_about(rule: &Rule, request: &Request<'_>) -> bool {
    let has_scope = |scope: &str| request.caller.scopes.iter().any(|own| own == scope);
    rule.in_force.contains(&request.time)
        && rule.principals.include(request.caller)
        && rule.scopes.iter().all(|scope| has_scope(scope))
}

/// Conditions that were looked at.
struct Observed<'r> {
    request: &'r Request<'r>,
    budget: Budget,
    /// With what each took, for the rules that have the same one.
    conditions: BTreeMap<ConditionDigest, Truths>,
    works: BTreeMap<ConditionDigest, u64>,
    /// Whether something was not looked at.
    is_over: bool,
}

impl<'r> Observed<'r> {
    fn new(request: &'r Request<'r>) -> Observed<'r> {
        let budget = Budget::new(FACTS_WORK_MAX);
        Observed { request, budget, conditions: BTreeMap::new(), works: BTreeMap::new(), is_over: false }
    }

    fn look(&mut self, rule: &Rule) {
        for condition in &rule.conditions {
            let digest = condition.digest();
            if self.is_over {
                return;
            }
            if let Some(work) = self.works.get(&digest) {
                self.is_over = !self.budget.spend(usize::try_from(*work).unwrap_or(usize::MAX));
                continue;
            }
            if self.conditions.len() == FACTS_CONDITIONS_MAX {
                self.is_over = true;
                return;
            }
            let before = self.budget.left();
            match condition.truths(self.request, &self.budget) {
                Some(truths) => {
                    self.works.insert(digest, before.saturating_sub(self.budget.left()).max(1));
                    self.conditions.insert(digest, truths);
                }
                None => self.is_over = true,
            }
        }
    }
}

fn names<'n>(kind: NameKind, names: impl IntoIterator<Item = &'n String>) -> Names {
    let mut names = names.into_iter();
    let mut hashes: Vec<NameHash> = names.by_ref().take(FACTS_NAMES_MAX).map(|name| NameHash::of(kind, name)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    Names { hashes, has_more: names.next().is_some() }
}

fn text_bytes(value: Option<Value<'_>>) -> usize {
    value.map_or(0, |value| value.text().len())
}

/// All that conditions can look into besides arguments and claims, in bytes.
fn other_bytes(caller: &Caller<'_>) -> usize {
    let lists = caller.roles.into_iter().chain([caller.workspaces, caller.scopes]);
    // In a document of its own a name has quotation marks and a comma, and up to six bytes for a character.
    lists.flatten().map(|name| 6 * name.len() + 3).fold(OTHER_BYTES, usize::saturating_add)
}

/// How many binary digits a number has.
fn size(bytes: usize) -> u8 {
    u8::try_from(usize::BITS - bytes.leading_zeros()).unwrap_or(u8::MAX)
}

impl Held {
    pub(super) fn of(truth: Truth) -> Option<Held> {
        match truth {
            Truth::True => Some(Held::Yes),
            Truth::False => Some(Held::No),
            Truth::Indeterminate => Some(Held::Indeterminate),
            Truth::Open => None,
        }
    }

    /// Whether it is enough for a rule of this effect.
    pub(super) fn suffices(self, effect: Effect) -> bool {
        match (self, effect) {
            (Held::Yes, _) | (Held::Indeterminate, Effect::Deny) => true,
            (Held::No, _) | (Held::Indeterminate, Effect::Allow) => false,
        }
    }
}

/// What is known besides claims, arguments and lists of names: ids of at most a few hundred bytes, and what is around them.
const OTHER_BYTES: usize = 8_192;
