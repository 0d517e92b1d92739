//! The policy language, evaluated rule by rule in the words of `docs/policy.md`.

pub(crate) mod conditions;
mod globs;
mod networks;
mod numbers;
pub(crate) mod paths;
mod resources;
mod spellings;
mod times;

use crate::caller::Caller;
use crate::json::Json;
use crate::naive::conditions::{Truth, truth};
use crate::outcome::{Outcome, Would};
use crate::policy::{Effect, Layers, Mode, Operator, Policy, Principals, Rule};
use crate::request::Request;

/// What comes out, and what was met on the way.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) would: Would,
    /// What became of the conditions of rules that apply but for their conditions.
    pub(crate) met: Vec<(Operator, Effect, Truth)>,
}

/// Deny overrides, default deny. Of several rules the one with the least name is quoted, but the baseline comes first.
///
/// `document` is what conditions look at.
pub(crate) fn decide(layers: &Layers, caller: &Caller, request: &Request, document: &Json) -> Verdict {
    let mut met = Vec::new();
    let mut applying = Vec::new();
    for (policy, rule) in layers.rules() {
        if !concerns(policy, rule, caller, request) {
            continue;
        }
        let truths: Vec<Truth> =
            rule.conditions.iter().map(|condition| truth(rule.effect, condition, document)).collect();
        let operators = rule.conditions.iter().map(|condition| condition.operator);
        met.extend(operators.zip(&truths).map(|(operator, truth)| (operator, rule.effect, *truth)));
        if hold(rule.effect, &truths) {
            let is_tenants = std::ptr::eq(policy, &layers.policy);
            applying.push((policy.mode_of(rule), rule.effect, (is_tenants, rule.name())));
        }
    }
    let least = |mode: Mode, effect: Effect| {
        let named = applying.iter().filter(|(its_mode, its_effect, _)| (*its_mode, *its_effect) == (mode, effect));
        named.map(|(_, _, name)| name.clone()).min().map(|(_, name)| name)
    };
    let outcome = match (least(Mode::Enforce, Effect::Deny), least(Mode::Enforce, Effect::Allow)) {
        (Some(rule), _) => Outcome::Denied(rule),
        (None, Some(rule)) => Outcome::Allowed(rule),
        (None, None) => Outcome::NoRule,
    };
    let would = match (least(Mode::LogOnly, Effect::Deny), least(Mode::LogOnly, Effect::Allow)) {
        (Some(rule), _) => Some((Effect::Deny, rule)),
        (None, Some(rule)) => Some((Effect::Allow, rule)),
        (None, None) => None,
    };
    Verdict { outcome, would, met }
}

/// "One that is false makes the rule not apply; otherwise one that is indeterminate decides."
fn hold(effect: Effect, truths: &[Truth]) -> bool {
    if truths.contains(&Truth::False) {
        return false;
    }
    match effect {
        Effect::Allow => !truths.contains(&Truth::Indeterminate),
        Effect::Deny => true,
    }
}

/// Whether all of a rule but its conditions applies.
pub(crate) fn concerns(policy: &Policy, rule: &Rule, caller: &Caller, request: &Request) -> bool {
    let is_covered = rule.kind == request.kind
        && rule.resources.iter().any(|pattern| resources::covers(pattern, rule.effect, policy, request));
    let is_meant = rule.principals.iter().all(|(list, names)| is_one_of(*list, names, caller));
    let has_scopes = rule.scopes.iter().all(|scope| caller.scopes.contains(scope));
    // Texts of this form are ordered as the times are.
    let now = request.time();
    let has_begun = rule.not_before.as_ref().is_none_or(|first| *first <= now);
    let is_over = rule.not_after.as_ref().is_some_and(|last| *last < now);
    is_covered && is_meant && has_scopes && has_begun && !is_over
}

fn is_one_of(list: Principals, names: &[String], caller: &Caller) -> bool {
    let own = match list {
        Principals::Users => vec![caller.user.clone()],
        Principals::Roles => caller.roles(),
        Principals::Workspaces => caller.workspaces.clone(),
        Principals::Agents => caller.agent.iter().cloned().collect(),
    };
    own.iter().any(|own| names.iter().any(|name| name == own || name == "*"))
}
