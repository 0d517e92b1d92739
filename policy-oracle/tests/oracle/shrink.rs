//! The least policy, caller and request that still show something.

use crate::caller::Caller;
use crate::json::Json;
use crate::policy::{Layers, Policy, Rule};
use crate::request::Request;

/// A policy with one caller and request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    pub(crate) layers: Layers,
    pub(crate) caller: Caller,
    pub(crate) request: Request,
}

/// Takes out what can be taken out, one thing at a time, as long as `shows` holds.
pub(crate) fn shrink(case: &Case, shows: &dyn Fn(&Case) -> bool) -> Case {
    let mut least = case.clone();
    while let Some(smaller) = smaller(&least).into_iter().find(|smaller| *smaller != least && shows(smaller)) {
        least = smaller;
    }
    least
}

fn smaller(case: &Case) -> Vec<Case> {
    let mut smaller = Vec::new();
    let mut add = |change: &dyn Fn(&mut Case)| {
        let mut changed = case.clone();
        change(&mut changed);
        smaller.push(changed);
    };
    add(&|case| case.layers.baseline = None);
    add(&|case| case.layers.policy.default_target = None);
    for is_baseline in [true, false] {
        fn policy(case: &mut Case, is_baseline: bool) -> Option<&mut Policy> {
            if is_baseline { case.layers.baseline.as_mut() } else { Some(&mut case.layers.policy) }
        }
        let Some(own) = policy(&mut case.clone(), is_baseline).cloned() else { continue };
        for nth in 0..own.rules.len() {
            add(&|case| policy(case, is_baseline).into_iter().for_each(|policy| drop(policy.rules.remove(nth))));
        }
        for (nth, rule) in own.rules.iter().enumerate() {
            for changed in smaller_rules(rule) {
                add(&|case| {
                    policy(case, is_baseline).into_iter().for_each(|policy| policy.rules[nth] = changed.clone());
                });
            }
        }
    }
    for changed in case.request.arguments.as_ref().map(smaller_values).unwrap_or_default() {
        add(&|case| case.request.arguments = Some(changed.clone()));
    }
    for changed in case.caller.claims.as_ref().map(smaller_values).unwrap_or_default() {
        add(&|case| case.caller.claims = Some(changed.clone()));
    }
    add(&|case| case.caller.token_roles = Vec::new());
    add(&|case| case.caller.registry_roles = Vec::new());
    add(&|case| case.caller.workspaces = Vec::new());
    add(&|case| case.caller.scopes = Vec::new());
    add(&|case| case.caller.agent = None);
    add(&|case| case.caller.claims = None);
    smaller
}

fn smaller_rules(rule: &Rule) -> Vec<Rule> {
    let mut smaller = Vec::new();
    let mut add = |change: &dyn Fn(&mut Rule)| {
        let mut changed = rule.clone();
        change(&mut changed);
        smaller.push(changed);
    };
    for nth in 0..rule.conditions.len() {
        add(&|rule| drop(rule.conditions.remove(nth)));
    }
    for nth in 0..rule.principals.len() {
        add(&|rule| drop(rule.principals.remove(nth)));
    }
    for nth in (0..rule.resources.len()).filter(|_| rule.resources.len() > 1) {
        add(&|rule| drop(rule.resources.remove(nth)));
    }
    add(&|rule| rule.scopes = Vec::new());
    add(&|rule| rule.not_before = None);
    add(&|rule| rule.not_after = None);
    add(&|rule| rule.mode = None);
    smaller
}

/// The value without one of its members or items, or with one of them smaller.
fn smaller_values(value: &Json) -> Vec<Json> {
    let mut smaller = Vec::new();
    match value {
        Json::List(items) => {
            for nth in 0..items.len() {
                let mut fewer = items.clone();
                fewer.remove(nth);
                smaller.push(Json::List(fewer));
            }
        }
        Json::Object(members) => {
            for (nth, (name, value)) in members.iter().enumerate() {
                let mut fewer = members.clone();
                fewer.remove(nth);
                smaller.push(Json::Object(fewer));
                for changed in smaller_values(value) {
                    let mut changed_members = members.clone();
                    changed_members[nth] = (name.clone(), changed);
                    smaller.push(Json::Object(changed_members));
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
    }
    smaller
}
