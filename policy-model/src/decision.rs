//! Who may do what: the one function that can permit.

use std::fmt;
use std::sync::Arc;

use crate::condition::Truth;
use crate::discovery::{SearchWork, could_be_allowed};
use crate::id::RuleId;
use crate::policy::{Index, Policy, Reason};
use crate::request::{Arguments, Request, Resource};
use crate::rule::Rule;
use crate::selector::Budget;

/// Most work for the conditions of one decision, in values looked at; 64 bytes of text count as eight. Beyond it conditions are
/// indeterminate.
pub const CONDITION_WORK_MAX: u64 = 4_000_000;

/// The policies that a caller is under.
#[derive(Debug, Clone, Copy)]
pub struct Layers<'p> {
    /// What operators stopped, above all else: DENY rules alone.
    pub kills: Option<&'p Policy>,
    /// The platform's, for every tenant. It can only deny.
    pub baseline: Option<&'p Policy>,
    /// The tenant's own.
    pub policy: &'p Policy,
}

impl<'p> Layers<'p> {
    /// A tenant's policy without a baseline.
    pub fn of(policy: &'p Policy) -> Layers<'p> {
        Layers { kills: None, baseline: None, policy }
    }

    /// Whether either policy wants that for a user an agent calls, which the token names as its actor. [`decide`] does not look
    /// at it: whoever knows whether the caller is a user refuses one without an agent.
    pub fn requires_actor(self) -> bool {
        self.policy.requires_actor || self.baseline.is_some_and(|baseline| baseline.requires_actor)
    }

    /// Whether either policy wants that an answer whose event does not say who asked is joined with its request, or withheld.
    pub fn requires_decision_context(self) -> bool {
        let requires = |policy: &Policy| policy.requires_decision_context;
        requires(self.policy) || self.baseline.is_some_and(requires)
    }
}

/// Decides whether a caller may do what the request says; with unknown arguments, whether it is listed.
///
/// A DENY rule that applies overrides every ALLOW, a kill first, then the baseline's; without a rule the answer is no. `subject` is what was
/// asked for: it comes back only inside a [`Permit`].
pub fn decide<T>(layers: Layers<'_>, request: &Request<'_>, subject: T) -> Decision<T> {
    match settle(layers, request) {
        Verdict::Allowed(rule) => {
            let scopes = rule.scopes.clone();
            Decision::Permit(Permit { subject, rule: Some(rule.id.clone()), scopes })
        }
        Verdict::Killed(rule) => Decision::Denial(Denial::Killed { rule: rule.id.clone() }),
        Verdict::Denied(rule, layer) => {
            Decision::Denial(Denial::Rule { rule: rule.id.clone(), reason: rule.reason.clone(), layer })
        }
        Verdict::NoRule => Decision::Denial(Denial::NoRule),
    }
}

/// Permits what every known caller may do: open and keep a session, ask for a list that is filtered when it comes back.
///
/// The policies are the proof that the caller is known: there are none without an active member of an active tenant.
pub fn admit<T>(_layers: Layers<'_>, subject: T) -> Permit<T> {
    Permit { subject, rule: None, scopes: Arc::default() }
}

/// What the rules that only log would have settled.
pub fn would_decide(layers: Layers<'_>, request: &Request<'_>) -> Option<LogOnly> {
    let budget = Budget::new(CONDITION_WORK_MAX);
    let policies = || layers.baseline.into_iter().chain([layers.policy]);
    let deny = policies().find_map(|policy| first(policy, &policy.log_only, Effect::Deny, request, &budget).0);
    let rule = deny
        .or_else(|| policies().find_map(|policy| first(policy, &policy.log_only, Effect::Allow, request, &budget).0));
    rule.map(|rule| LogOnly { effect: rule.effect, rule: rule.id.clone() })
}

/// What came out, before it is made into a permit or a denial.
enum Verdict<'p> {
    Allowed(&'p Rule),
    Killed(&'p Rule),
    Denied(&'p Rule, Layer),
    NoRule,
}

fn settle<'p>(layers: Layers<'p>, request: &Request<'_>) -> Verdict<'p> {
    if request.search.is_some_and(SearchWork::is_over) {
        return Verdict::NoRule;
    }
    let budget = Budget::new(CONDITION_WORK_MAX);
    let deny = |policy: &'p Policy| first(policy, &policy.enforced, Effect::Deny, request, &budget);
    if let Some(rule) = layers.kills.and_then(|kills| deny(kills).0) {
        return Verdict::Killed(rule);
    }
    let (baseline, is_baseline_open) = layers.baseline.map_or((None, false), deny);
    if let Some(rule) = baseline {
        return Verdict::Denied(rule, Layer::Baseline);
    }
    let (tenant, is_deny_open) = deny(layers.policy);
    if let Some(rule) = tenant {
        return Verdict::Denied(rule, Layer::Tenant);
    }
    let (allow, is_allow_open) = first(layers.policy, &layers.policy.enforced, Effect::Allow, request, &budget);
    match (allow, request.arguments) {
        (None, _) => Verdict::NoRule,
        (Some(rule), Arguments::Known(_)) => Verdict::Allowed(rule),
        (Some(rule), Arguments::Unknown) => {
            let is_open = is_baseline_open || is_deny_open || is_allow_open;
            if is_open && !could_be_allowed(layers, request) { Verdict::NoRule } else { Verdict::Allowed(rule) }
        }
    }
}

/// Of the rules of an effect that apply, the first by its id; and whether one was passed over or taken although it depends on
/// arguments that are not known.
fn first<'p>(
    policy: &'p Policy,
    index: &'p Index,
    effect: Effect,
    request: &Request<'_>,
    budget: &Budget,
) -> (Option<&'p Rule>, bool) {
    let mut least: Option<u32> = None;
    let mut is_open = false;
    let rules = match effect {
        Effect::Allow => &index.allow,
        Effect::Deny => &index.deny,
    };
    let mut asked = 0;
    rules.visit(&request.resource, &mut |number| {
        asked += 1;
        if least.is_some_and(|least| least <= number) {
            return;
        }
        let Some(rule) = policy.rules.get(number as usize) else { return };
        let applies = match (rule.applies(request, budget), effect) {
            (Truth::True, _) => true,
            (Truth::False, _) => false,
            // What cannot be evaluated never allows and always denies.
            (Truth::Indeterminate, Effect::Allow) => false,
            (Truth::Indeterminate, Effect::Deny) => true,
            // Some arguments may fit an ALLOW and keep clear of a DENY.
            (Truth::Open, Effect::Allow) => {
                is_open = true;
                true
            }
            (Truth::Open, Effect::Deny) => {
                is_open = true;
                false
            }
        };
        if applies {
            least = Some(number);
        }
    });
    if let Some(search) = request.search {
        let template = if let Resource::Template(template) = &request.resource { template.steps() / 8 } else { 0 };
        search.ask(asked + template as u64);
    }
    (least.and_then(|number| policy.rules.get(number as usize)), is_open)
}

/// The rules of an effect that name what is asked for, each once.
pub(crate) fn candidates<'p>(policy: &'p Policy, effect: Effect, request: &Request<'_>) -> Vec<&'p Rule> {
    let mut numbers: Vec<u32> = Vec::new();
    let rules = match effect {
        Effect::Allow => &policy.enforced.allow,
        Effect::Deny => &policy.enforced.deny,
    };
    rules.visit(&request.resource, &mut |number| numbers.push(number));
    numbers.sort_unstable();
    numbers.dedup();
    numbers.iter().filter_map(|number| policy.rules.get(*number as usize)).collect()
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It may be done.
    Allow,
    /// It may not be done, whatever another rule says.
    Deny,
}

impl Effect {
    /// As written in a rule.
    pub fn word(self) -> &'static str {
        match self {
            Effect::Allow => "ALLOW",
            Effect::Deny => "DENY",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
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
    scopes: Arc<[Box<str>]>,
}

impl<T> Permit<T> {
    /// The rule that permitted it; none for what [`admit`] let pass.
    pub fn rule(&self) -> Option<&RuleId> {
        self.rule.as_ref()
    }

    /// The scopes that this rule needs, all of which the caller has, in the order of their bytes; none for what [`admit`] let pass.
    pub fn scopes(&self) -> &[Box<str>] {
        &self.scopes
    }

    /// What was permitted.
    pub fn subject(&self) -> &T {
        &self.subject
    }

    /// What was permitted; the permit is used up.
    pub fn into_subject(self) -> T {
        self.subject
    }
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// No rule allows it.
    NoRule,
    /// An operator stopped it.
    Killed {
        /// The rule of [`Layers::kills`].
        rule: RuleId,
    },
    /// A DENY rule applies.
    Rule {
        /// That rule.
        rule: RuleId,
        /// What its author wants the caller to read.
        reason: Option<Reason>,
        /// Whose rule it is.
        layer: Layer,
    },
}

impl Denial {
    /// The rule, if it was one.
    pub fn rule(&self) -> Option<&RuleId> {
        match self {
            Denial::NoRule => None,
            Denial::Killed { rule } | Denial::Rule { rule, .. } => Some(rule),
        }
    }
}

/// A layer of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The platform's.
    Baseline,
    /// The tenant's.
    Tenant,
}

/// What a rule that only logs would have settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogOnly {
    /// Its effect.
    pub effect: Effect,
    /// The rule.
    pub rule: RuleId,
}
