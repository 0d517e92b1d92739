//! The rules of one policy, effect and mode that name what is asked for, asked as a decision asks them.

use std::collections::BTreeMap;

use super::checks::{Told, tell};
use super::{RuleExplanation, Verdict, Whose};
use crate::condition::Truth;
use crate::decision::Effect;
use crate::policy::Policy;
use crate::request::Request;
use crate::rule::Rule;
use crate::selector::Budget;

/// What may be spent.
#[derive(Clone, Copy)]
pub(super) struct Work<'b> {
    /// That of the decision; none if it has been settled and does not ask these rules.
    pub(super) asked: Option<&'b Budget>,
    /// For whatever else is told.
    pub(super) spare: &'b Budget,
}

/// What came of them.
pub(super) struct Pass<'p> {
    pub(super) rules: Vec<RuleExplanation<'p>>,
    /// Whether one was passed over or taken although it depends on arguments that are not known.
    pub(super) is_open: bool,
    settling: Option<&'p Rule>,
}

impl<'p> Pass<'p> {
    pub(super) fn run(
        layer: Whose,
        policy: &'p Policy,
        effect: Effect,
        is_enforced: bool,
        request: &Request<'_>,
        work: Work<'_>,
    ) -> Pass<'p> {
        let index = if is_enforced { &policy.enforced } else { &policy.log_only };
        let index = match effect {
            Effect::Allow => &index.allow,
            Effect::Deny => &index.deny,
        };
        let mut least: Option<u32> = None;
        let mut is_open = false;
        let mut told: BTreeMap<u32, RuleExplanation<'p>> = BTreeMap::new();
        index.visit(&request.resource, &mut |number| {
            let is_asked = work.asked.is_some() && least.is_none_or(|least| least > number);
            // One that is named twice is asked twice, and the answer may be another one when the work is over.
            if !is_asked && told.contains_key(&number) {
                return;
            }
            let Some(rule) = policy.rules.get(number as usize) else { return };
            let budget = work.asked.filter(|_| is_asked).unwrap_or(work.spare);
            let Told { truth, checks, conditions } = tell(rule, request, budget, work.spare);
            if is_asked {
                is_open |= truth == Truth::Open;
                if applies(truth, effect) {
                    least = Some(number);
                }
            }
            let explanation = RuleExplanation {
                layer,
                policy: &policy.id,
                rule: &rule.id,
                number: number as usize,
                effect,
                is_enforced,
                checks,
                conditions,
                verdict: Verdict::of(truth),
                settles: false,
            };
            told.insert(number, explanation);
        });
        if let Some(settling) = least.and_then(|least| told.get_mut(&least)) {
            settling.settles = true;
        }
        let settling = least.and_then(|least| policy.rules.get(least as usize));
        Pass { rules: told.into_values().collect(), is_open, settling }
    }

    /// The rule that settles the matter.
    pub(super) fn settling(&self) -> Option<&'p Rule> {
        self.settling
    }
}

/// What cannot be evaluated never allows and always denies; what depends on arguments may allow, and need not deny.
fn applies(truth: Truth, effect: Effect) -> bool {
    match (truth, effect) {
        (Truth::True, _) | (Truth::Indeterminate, Effect::Deny) | (Truth::Open, Effect::Allow) => true,
        (Truth::False, _) | (Truth::Indeterminate, Effect::Allow) | (Truth::Open, Effect::Deny) => false,
    }
}
