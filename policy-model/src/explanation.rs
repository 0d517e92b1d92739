//! Why a request is decided as it is: every rule that is considered, what of it fits, what does not, and which rule settled it.
//!
//! [`explain`] goes the way of [`decide`](crate::decide) with the same work, and writes down what it sees. Of what a caller says there is
//! nothing in it but JSON types and whether something holds.

mod checks;
mod pass;

use crate::condition::Truth;
pub use crate::condition::{Cause, ConditionCheck, Found, Held};
use crate::decision::{CONDITION_WORK_MAX, Effect, Layers};
use crate::discovery::{SearchWork, could_be_allowed};
use crate::id::{PolicyId, RuleId};
use crate::policy::{Policy, Reason};
use crate::request::{Arguments, Request};
use crate::selector::Budget;
pub(crate) use checks::checks as rule_checks;
pub use checks::{Check, InForce, List, Wanted};
use pass::{Pass, Work};

/// Why a request is decided as it is.
#[derive(Debug)]
pub struct Explanation<'p> {
    /// What [`decide`](crate::decide) says.
    pub outcome: Outcome<'p>,
    /// What [`would_decide`](crate::would_decide) says: the effect and the rule.
    pub would: Option<(Effect, &'p RuleId)>,
    /// The rules that name what is asked for: by layer, those in force before those that only log, DENY before ALLOW, then by their ids.
    pub rules: Vec<RuleExplanation<'p>>,
    /// The rules that do not.
    pub unnamed: Vec<Unnamed<'p>>,
}

/// What is decided, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'p> {
    /// By this ALLOW rule.
    Allowed(&'p RuleId),
    /// By this DENY rule.
    Denied {
        /// The rule.
        rule: &'p RuleId,
        /// What its author wants the caller to read.
        reason: Option<&'p Reason>,
        /// Whose it is; never [`Whose::Kill`].
        layer: Whose,
    },
    /// By this rule of [`Layers::kills`]: an operator stopped it.
    Killed(&'p RuleId),
    /// No ALLOW rule applies, and no DENY rule does.
    NothingAllows,
    /// Of a thing in a list: this ALLOW rule could apply, but the rules together allow no arguments at all.
    NoArguments(&'p RuleId),
    /// Of a thing in a list: deciding on those before it has used up the work that a list may take.
    WorkIsOver,
}

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// An operator's, who stopped something.
    Kill,
    /// The platform's, for every tenant.
    Baseline,
    /// The tenant's own.
    Tenant,
}

/// A rule that names what is asked for.
#[derive(Debug)]
pub struct RuleExplanation<'p> {
    /// Whose it is.
    pub layer: Whose,
    /// The policy that it stands in.
    pub policy: &'p PolicyId,
    /// Its id.
    pub rule: &'p RuleId,
    /// Its place among the policy's rules in the order of their ids, from 0, as [`Version::wording`](crate::comparison::Version::wording) takes it.
    pub number: usize,
    /// Its effect.
    pub effect: Effect,
    /// Whether it is in force; otherwise it only logs.
    pub is_enforced: bool,
    /// What it asks of callers and times; nothing it does not say.
    pub checks: Vec<Check<'p>>,
    /// Its conditions, in its order.
    pub conditions: Vec<ConditionCheck>,
    /// What comes of all of them.
    pub verdict: Verdict,
    /// Whether it settles the matter: for a rule that only logs, what would be logged.
    pub settles: bool,
}

/// Whether a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Applies,
    /// Something in it does not hold.
    DoesNotApply,
    /// A condition cannot be evaluated: an ALLOW does not apply, a DENY does.
    CannotBeEvaluated,
    /// It depends on arguments that are not known.
    DependsOnArguments,
}

/// The rules of a policy that do not name what is asked for.
#[derive(Debug)]
pub struct Unnamed<'p> {
    /// Whose they are.
    pub layer: Whose,
    /// The policy.
    pub policy: &'p PolicyId,
    /// Their ids, in order.
    pub rules: Vec<&'p RuleId>,
}

/// Explains what [`decide`](crate::decide) says.
///
/// Rules that a decision does not need to look at are looked at all the same, as far as work of their own reaches; beyond it they
/// cannot be evaluated, by [`Cause::Work`].
pub fn explain<'p>(layers: Layers<'p>, request: &Request<'_>) -> Explanation<'p> {
    let spare = Budget::new(SPARE_WORK_MAX);
    let mut told = Vec::new();
    let outcome = enforced(layers, request, &spare, &mut told);
    let would = log_only(layers, request, &spare, &mut told);
    let unnamed = in_order(layers).map(|(layer, policy)| unnamed(layer, policy, &told)).collect();
    Explanation { outcome, would, rules: sorted(told), unnamed }
}

impl Verdict {
    pub(crate) fn of(truth: Truth) -> Verdict {
        match truth {
            Truth::True => Verdict::Applies,
            Truth::False => Verdict::DoesNotApply,
            Truth::Indeterminate => Verdict::CannotBeEvaluated,
            Truth::Open => Verdict::DependsOnArguments,
        }
    }
}

/// The layers that can deny, the one that is asked first at the front; the last is the tenant's own, which alone can allow.
pub(crate) fn in_order(layers: Layers<'_>) -> impl Iterator<Item = (Whose, &Policy)> {
    let kills = layers.kills.map(|policy| (Whose::Kill, policy));
    let baseline = layers.baseline.map(|policy| (Whose::Baseline, policy));
    kills.into_iter().chain(baseline).chain([(Whose::Tenant, layers.policy)])
}

fn enforced<'p>(
    layers: Layers<'p>,
    request: &Request<'_>,
    spare: &Budget,
    told: &mut Vec<RuleExplanation<'p>>,
) -> Outcome<'p> {
    let is_over = request.search.is_some_and(SearchWork::is_over);
    let budget = Budget::new(CONDITION_WORK_MAX);
    let mut is_settled = is_over;
    let mut is_open = false;
    let mut outcome = if is_over { Outcome::WorkIsOver } else { Outcome::NothingAllows };
    for (layer, policy) in in_order(layers) {
        let work = Work { asked: (!is_settled).then_some(&budget), spare };
        let pass = Pass::run(layer, policy, Effect::Deny, true, request, work);
        is_open |= pass.is_open;
        if let Some(rule) = pass.settling() {
            is_settled = true;
            let reason = rule.reason.as_ref();
            outcome = match layer {
                Whose::Kill => Outcome::Killed(&rule.id),
                Whose::Baseline | Whose::Tenant => Outcome::Denied { rule: &rule.id, reason, layer },
            };
        }
        told.extend(pass.rules);
    }
    let work = Work { asked: (!is_settled).then_some(&budget), spare };
    let pass = Pass::run(Whose::Tenant, layers.policy, Effect::Allow, true, request, work);
    is_open |= pass.is_open;
    let mut settles = true;
    match (pass.settling(), request.arguments) {
        (None, _) => {}
        (Some(rule), Arguments::Unknown) if is_open && !could_be_allowed(layers, request) => {
            settles = false;
            outcome = Outcome::NoArguments(&rule.id);
        }
        (Some(rule), Arguments::Known(_) | Arguments::Unknown) => outcome = Outcome::Allowed(&rule.id),
    }
    told.extend(pass.rules.into_iter().map(|rule| RuleExplanation { settles: rule.settles && settles, ..rule }));
    outcome
}

/// As enforced rules, but every ALLOW counts, and nothing is looked for in arguments.
fn log_only<'p>(
    layers: Layers<'p>,
    request: &Request<'_>,
    spare: &Budget,
    told: &mut Vec<RuleExplanation<'p>>,
) -> Option<(Effect, &'p RuleId)> {
    let budget = Budget::new(CONDITION_WORK_MAX);
    let mut would = None;
    for effect in [Effect::Deny, Effect::Allow] {
        // What operators stopped is in force, and never only logged.
        for (layer, policy) in in_order(layers).filter(|(layer, _)| *layer != Whose::Kill) {
            let work = Work { asked: would.is_none().then_some(&budget), spare };
            let pass = Pass::run(layer, policy, effect, false, request, work);
            would = would.or(pass.settling().map(|rule| (rule.effect, &rule.id)));
            told.extend(pass.rules);
        }
    }
    would
}

fn unnamed<'p>(layer: Whose, policy: &'p Policy, told: &[RuleExplanation<'_>]) -> Unnamed<'p> {
    let mut named: Vec<usize> = told.iter().filter(|rule| rule.layer == layer).map(|rule| rule.number).collect();
    named.sort_unstable();
    let others = policy.rules.iter().enumerate().filter(|(number, _)| named.binary_search(number).is_err());
    Unnamed { layer, policy: &policy.id, rules: others.map(|(_, rule)| &rule.id).collect() }
}

fn sorted(mut told: Vec<RuleExplanation<'_>>) -> Vec<RuleExplanation<'_>> {
    let effect = |effect: Effect| match effect {
        Effect::Deny => 0,
        Effect::Allow => 1,
    };
    told.sort_by_key(|rule| (rule.layer, !rule.is_enforced, effect(rule.effect), rule.number));
    told
}

/// Most work for what a decision does not look at, in values looked at.
const SPARE_WORK_MAX: u64 = 4 * CONDITION_WORK_MAX;
