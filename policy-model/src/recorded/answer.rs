//! What policies say of a decision that is recorded: yes, no, or what is not known.
//!
//! Whatever is not known may be either way. A rule applies for sure, or surely not, or perhaps; a denial that is sure stays one whatever
//! else there is, a permission needs that nothing can deny it and that looking at all conditions stays within the work of a decision.

use std::collections::BTreeSet;

use super::hashed_policy::{HashedPolicy, HashedRule};
use super::{BaselineVerdict, FACTS_WORK_MAX, Facts, Held, NameHash, NameKind, TenantVerdict};
use crate::condition::{Condition, ConditionDigest};
use crate::decision::{CONDITION_WORK_MAX, Effect};
use crate::id::{RuleId, TenantId, UserId};
use crate::policy::Policy;
use crate::request::{ARGUMENTS, Arguments, Caller, Request, Resource};
use crate::rule::Rule;
use crate::selector::Budget;
use crate::uri::ResourceUri;

/// What was asked for, as far as it is recorded.
#[derive(Debug, Clone)]
pub enum Thing<'r> {
    /// This: not a template.
    Known(Resource<'r>),
    /// A resource of which only a hash is recorded.
    SomeUri,
}

/// A question that was asked before.
#[derive(Debug, Clone)]
pub struct Asked<'r> {
    /// What was asked for.
    pub thing: Thing<'r>,
    /// The tenant of whoever asked.
    pub tenant: &'r TenantId,
    /// Whether the policies or settings of then had changed the arguments.
    pub is_rewritten: bool,
    /// Whether it was a machine that asked.
    pub is_machine: bool,
}

/// The policies under which it is decided again.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'p> {
    /// The baseline: this, or what was recorded of the one of then.
    pub baseline: Side<'p>,
    /// The tenant's own policy, likewise.
    pub tenant: Side<'p>,
}

/// One of two policies.
#[derive(Debug, Clone, Copy)]
pub enum Side<'p> {
    /// The one of then.
    AsRecorded,
    /// There is none.
    Absent,
    /// This one.
    Policy(&'p HashedPolicy<'p>),
}

/// What the policies say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is allowed; by this rule, where that is known.
    Allowed(Option<RuleId>),
    /// It is denied; by this rule, where it is one and known.
    Denied(Option<RuleId>),
    /// What would have to be known.
    Unknown(BTreeSet<Gap>),
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Whether this condition of a rule held is not recorded.
    Condition(RuleId, ConditionDigest),
    /// Whether the caller has one of a rule's names of this kind is not recorded: it had too many.
    Names(RuleId, NameKind),
    /// Whether a rule names the resource, of which only a hash is recorded.
    Resource(RuleId),
    /// What the policies make of the arguments is not known.
    Arguments,
    /// Whether looking at all conditions stays within the work of a decision.
    Work,
}

/// Decides again.
pub fn decide(sides: Sides<'_>, asked: &Asked<'_>, facts: &Facts) -> Answer {
    let mut judge = Judge { asked, facts, arguments: arguments(sides, asked, facts), work: 0, gaps: BTreeSet::new() };
    if judge.wants_agent(sides) {
        return Answer::Denied(None);
    }
    let (baseline, tenant) = (judge.layer(sides.baseline), judge.layer(sides.tenant));
    let denies = [
        match (sides.baseline, facts.baseline) {
            (Side::AsRecorded, BaselineVerdict::Denied) => Applies::Surely(None),
            (Side::AsRecorded, BaselineVerdict::Absent | BaselineVerdict::Passed) => Applies::No,
            (Side::Absent | Side::Policy(_), _) => baseline.deny,
        },
        match (sides.tenant, facts.tenant) {
            (Side::AsRecorded, TenantVerdict::Denied) => Applies::Surely(None),
            (Side::AsRecorded, TenantVerdict::Allowed | TenantVerdict::NoRule) => Applies::No,
            (Side::Absent | Side::Policy(_), _) => tenant.deny,
        },
    ];
    let allow = match (sides.tenant, facts.tenant) {
        (Side::AsRecorded, TenantVerdict::Allowed) => Applies::Surely(None),
        (Side::AsRecorded, TenantVerdict::Denied | TenantVerdict::NoRule) => Applies::No,
        (Side::Absent | Side::Policy(_), _) => tenant.allow,
    };
    judge.settle(denies, allow, sides)
}

/// Whether one of several rules applies.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Applies {
    No,
    Perhaps,
    /// The rule, where it is known which is the first.
    Surely(Option<RuleId>),
}

/// What the rules of a policy say.
struct Layer {
    deny: Applies,
    allow: Applies,
}

/// What becomes of the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rewriting {
    /// What became of them then.
    Same,
    /// Something else, perhaps.
    Other,
    /// The policies may refuse them, too.
    MayRefuse,
}

struct Judge<'a> {
    asked: &'a Asked<'a>,
    facts: &'a Facts,
    arguments: Rewriting,
    /// The most that deciding takes.
    work: u64,
    gaps: BTreeSet<Gap>,
}

impl<'a> Judge<'a> {
    /// Whether a policy wants that an agent calls for the user, and none did.
    fn wants_agent(&self, sides: Sides<'_>) -> bool {
        let wants = |side: Side<'_>| match side {
            Side::Policy(policy) => policy.policy().requires_actor,
            Side::AsRecorded | Side::Absent => false,
        };
        !self.asked.is_machine && self.facts.agent.is_none() && (wants(sides.baseline) || wants(sides.tenant))
    }

    fn layer(&mut self, side: Side<'_>) -> Layer {
        let Side::Policy(policy) = side else { return Layer { deny: Applies::No, allow: Applies::No } };
        Layer { deny: self.first(policy, Effect::Deny), allow: self.first(policy, Effect::Allow) }
    }

    /// Of the rules of an effect the first that applies.
    fn first(&mut self, policy: &HashedPolicy<'_>, effect: Effect) -> Applies {
        let mut first = Applies::No;
        for (number, is_named) in self.naming(policy.policy(), effect) {
            let Some((rule, names)) = policy.rule(number) else { continue };
            let is_about = self.is_about(rule, names);
            if is_about == Some(false) {
                continue;
            }
            if !is_named {
                self.gaps.insert(Gap::Resource(rule.id.clone()));
            }
            let holds = self.conditions(rule);
            match (holds, is_named && is_about == Some(true), &first) {
                (Some(false), _, _) | (_, _, Applies::Surely(_)) => {}
                (Some(true), true, Applies::No) => first = Applies::Surely(Some(rule.id.clone())),
                (Some(true), true, Applies::Perhaps) => first = Applies::Surely(None),
                (Some(true) | None, _, Applies::No | Applies::Perhaps) => first = Applies::Perhaps,
            }
        }
        first
    }

    /// The rules of an effect that may name what was asked for, in order; and whether they do for sure.
    fn naming(&self, policy: &Policy, effect: Effect) -> Vec<(u32, bool)> {
        let index = match effect {
            Effect::Allow => &policy.enforced.allow,
            Effect::Deny => &policy.enforced.deny,
        };
        let mut numbers: Vec<(u32, bool)> = Vec::new();
        match &self.asked.thing {
            Thing::Known(resource) => index.visit(resource, &mut |number| numbers.push((number, true))),
            Thing::SomeUri => index.visit_uris(&mut |number, is_named| numbers.push((number, is_named))),
        }
        // What names it for sure first, and then the same rule only once.
        numbers.sort_unstable_by_key(|(number, is_named)| (*number, !is_named));
        numbers.dedup_by_key(|(number, _)| *number);
        numbers
    }

    fn is_about(&mut self, rule: &Rule, names: &HashedRule) -> Option<bool> {
        let facts = self.facts;
        if !rule.in_force.contains(&facts.time) || !names.includes_caller(facts.user, facts.agent) {
            return Some(false);
        }
        let mut has_scopes = Some(true);
        for scope in &names.scopes {
            match facts.scopes.include(*scope) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => has_scopes = None,
            }
        }
        let all = [
            (NameKind::Role, names.includes_roles(&facts.roles)),
            (NameKind::Workspace, names.includes_workspaces(&facts.workspaces)),
            (NameKind::Scope, has_scopes),
        ];
        if all.iter().any(|(_, includes)| *includes == Some(false)) {
            return Some(false);
        }
        let unknown = all.iter().filter(|(_, includes)| includes.is_none());
        let gaps: Vec<Gap> = unknown.map(|(kind, _)| Gap::Names(rule.id.clone(), *kind)).collect();
        let is_known = gaps.is_empty();
        self.gaps.extend(gaps);
        is_known.then_some(true)
    }

    /// Whether the conditions of a rule let it apply.
    fn conditions(&mut self, rule: &Rule) -> Option<bool> {
        let mut gaps = Vec::new();
        let mut holds = true;
        for condition in &rule.conditions {
            self.work = self.work.saturating_add(self.work_of(condition));
            match self.held(condition, rule.effect) {
                Some(held) => holds &= held.suffices(rule.effect),
                None => gaps.push(Gap::Condition(rule.id.clone(), condition.digest())),
            }
        }
        if !holds {
            return Some(false);
        }
        let is_known = gaps.is_empty();
        self.gaps.extend(gaps);
        is_known.then_some(true)
    }

    fn held(&self, condition: &Condition, effect: Effect) -> Option<Held> {
        if condition.reads_arguments() && self.arguments != Rewriting::Same {
            return None;
        }
        self.facts.held(condition.digest(), effect).or_else(|| self.evaluate(condition, effect))
    }

    /// Whether a condition holds that looks into nothing but what stands in the line.
    fn evaluate(&self, condition: &Condition, effect: Effect) -> Option<Held> {
        let resource = match &self.asked.thing {
            Thing::Known(resource) => resource.clone(),
            Thing::SomeUri => Resource::Uri(ResourceUri::parse(ANY_URI).ok()?),
        };
        let mut known = vec!["tool", "tenant", "time"];
        if self.facts.agent.is_none() {
            known.push("agent");
        }
        if !matches!(resource, Resource::Tool(_) | Resource::Prompt(_)) {
            known.push(ARGUMENTS);
        }
        if !condition.reads_only(&known) {
            return None;
        }
        let user = UserId::parse("unknown").ok()?;
        let caller = Caller {
            tenant: self.asked.tenant,
            user: &user,
            issuer: "",
            agent: None,
            roles: [&[], &[]],
            workspaces: &[],
            scopes: &[],
            claims: None,
        };
        let request = Request::new(&caller, resource, Arguments::Known(None), self.facts.time);
        let truths = condition.truths(&request, &Budget::new(CONDITION_WORK_MAX))?;
        Held::of(truths.of(effect))
    }

    /// The most that looking at a condition took, or takes.
    fn work_of(&self, condition: &Condition) -> u64 {
        let bytes = self.facts.sizes.map(|size| 1_u64.checked_shl(u32::from(size)).unwrap_or(u64::MAX));
        let bound = condition.work_at_most(bytes).unwrap_or(u64::MAX);
        match self.facts.held(condition.digest(), Effect::Allow) {
            Some(_) if self.arguments == Rewriting::Same => bound.min(FACTS_WORK_MAX),
            Some(_) | None => bound,
        }
    }

    fn settle(mut self, denies: [Applies; 2], allow: Applies, sides: Sides<'_>) -> Answer {
        let is_bounded = self.is_bounded(sides);
        let mut is_first = is_bounded;
        for deny in &denies {
            match deny {
                Applies::Surely(rule) => return Answer::Denied(rule.clone().filter(|_| is_first)),
                Applies::Perhaps => is_first = false,
                Applies::No => {}
            }
        }
        let rule = match allow {
            Applies::No => return Answer::Denied(None),
            Applies::Perhaps => return self.unknown(),
            Applies::Surely(rule) => rule,
        };
        if self.arguments == Rewriting::MayRefuse {
            self.gaps.insert(Gap::Arguments);
        } else if !is_bounded {
            self.gaps.insert(Gap::Work);
        } else if !denies.contains(&Applies::Perhaps) {
            return Answer::Allowed(rule);
        }
        self.unknown()
    }

    /// Whether deciding stays within its work. What a policy of then took is known only if it was little; what one of now takes, by
    /// its conditions.
    fn is_bounded(&self, sides: Sides<'_>) -> bool {
        let of_then = [sides.baseline, sides.tenant].map(|side| matches!(side, Side::AsRecorded));
        let then = match (of_then, self.facts.is_cheap) {
            ([true, true], _) => return true,
            ([false, false], _) => 0,
            (_, true) => FACTS_WORK_MAX,
            (_, false) => CONDITION_WORK_MAX,
        };
        self.work.saturating_add(then) < CONDITION_WORK_MAX
    }

    fn unknown(self) -> Answer {
        Answer::Unknown(self.gaps)
    }
}

/// What these policies make of the arguments, beside what became of them then.
fn arguments(sides: Sides<'_>, asked: &Asked<'_>, facts: &Facts) -> Rewriting {
    let Thing::Known(resource @ (Resource::Tool(_) | Resource::Prompt(_))) = &asked.thing else {
        return Rewriting::Same;
    };
    let [tenant, baseline] = facts.rewriting;
    let pairs = [(sides.tenant, tenant), (sides.baseline, baseline)];
    let is_same = |(side, then): (Side<'_>, Option<NameHash>)| match side {
        Side::AsRecorded => true,
        Side::Absent => then.is_none(),
        Side::Policy(policy) => policy.policy().rewriting == then,
    };
    if pairs.into_iter().all(is_same) {
        return Rewriting::Same;
    }
    let concerns = |(side, then): (Side<'_>, Option<NameHash>)| match side {
        Side::AsRecorded => then.is_some(),
        Side::Absent => false,
        Side::Policy(policy) => policy.policy().concerns_arguments(resource),
    };
    match (pairs.into_iter().any(concerns), asked.is_rewritten) {
        (true, _) => Rewriting::MayRefuse,
        (false, true) => Rewriting::Other,
        // They went on as they came then, and do now.
        (false, false) => Rewriting::Same,
    }
}

/// Stands for any, where only conditions are looked at that do not depend on it.
const ANY_URI: &str = "x:any";
