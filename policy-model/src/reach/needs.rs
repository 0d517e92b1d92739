//! What a rule asks of what is not known of a member.

use super::{Candidate, Member, Proof};
use crate::condition::{Condition, ConditionCheck, Truth};
use crate::decision::{CONDITION_WORK_MAX, Effect};
use crate::explanation::{Check, InForce, List, Wanted, Whose, rule_checks};
use crate::id::{PolicyId, RuleId};
use crate::request::{ARGUMENTS, Arguments, CLAIMS, Caller, Request, Resource};
use crate::selector::{Budget, Selector};

/// A rule that can apply to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way<'p> {
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
    /// What must be there for it to apply: all of them. Of a DENY's conditions it is enough that none is false.
    pub needs: Vec<Need<'p>>,
    /// The last second in which it is in force, since 1970; none if it always will be.
    pub last: Option<i64>,
    /// Of an ALLOW with needs, or beside DENY rules: whether some request is allowed to which it applies.
    pub proof: Option<Proof>,
}

/// Something that is not known of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need<'p> {
    /// A role in the token, which the registry does not give.
    Role(Wanted<'p>),
    /// An agent that calls.
    Agent(Wanted<'p>),
    /// All of these scopes in the token.
    Scopes(&'p [Box<str>]),
    /// The condition at this place in the rule.
    Condition(usize),
}

/// A rule that names the thing, and cannot apply to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded<'p> {
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
    /// Why not.
    pub by: Exclusion<'p>,
}

/// Why a rule cannot apply to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exclusion<'p> {
    /// It is about other users.
    Users,
    /// It is about workspaces in which the member is not.
    Workspaces,
    /// These of its scopes do not count for the member.
    Scopes(Vec<&'p str>),
    /// It is not in force before this second since 1970.
    NotYet(i64),
    /// It was in force until this second since 1970.
    NoLonger(i64),
    /// The condition at this place does not hold.
    Condition(usize, ConditionCheck),
}

/// What a rule is asked about.
pub(super) struct Asked<'a> {
    pub(super) resource: &'a Resource<'a>,
    /// Otherwise it stands for all of its kind.
    pub(super) is_name_known: bool,
    /// Seconds since 1970.
    pub(super) time: i64,
}

/// What becomes of a rule for a member.
pub(super) fn needs<'p>(
    asked: &Asked<'_>,
    candidate: &Candidate<'p>,
    member: &Member<'_>,
    needs_agent: bool,
) -> Result<Way<'p>, Excluded<'p>> {
    let &Candidate { layer, policy, number, rule } = candidate;
    let effect = rule.effect;
    let excluded = |by| Excluded { layer, policy, rule: &rule.id, number, effect, by };
    let caller = known(member);
    let mut needs = Vec::new();
    let mut last = None;
    for check in rule_checks(rule, &caller, asked.time) {
        match check {
            Check::Names { holds: true, .. } => {}
            Check::Names { list: List::Users, .. } => return Err(excluded(Exclusion::Users)),
            Check::Names { list: List::Workspaces, .. } => return Err(excluded(Exclusion::Workspaces)),
            Check::Names { list: List::Roles, wanted, .. } => needs.push(Need::Role(wanted)),
            Check::Names { list: List::Agents, wanted: Wanted::Any, .. } if needs_agent => {}
            Check::Names { list: List::Agents, wanted, .. } => needs.push(Need::Agent(wanted)),
            Check::Scopes { wanted, .. } => match uncounted(wanted, member) {
                uncounted if uncounted.is_empty() => needs.push(Need::Scopes(wanted)),
                uncounted => return Err(excluded(Exclusion::Scopes(uncounted))),
            },
            Check::Time { first, last: own, in_force } => match in_force {
                InForce::Yes => last = own,
                InForce::NotYet => return Err(excluded(Exclusion::NotYet(first.unwrap_or(i64::MIN)))),
                InForce::NoLonger => return Err(excluded(Exclusion::NoLonger(own.unwrap_or(i64::MAX)))),
            },
        }
    }
    let request = Request::new(&caller, asked.resource.clone(), Arguments::Known(None), asked.time);
    let budget = Budget::new(CONDITION_WORK_MAX);
    for (number, condition) in rule.conditions.iter().enumerate() {
        if is_open(condition, asked) {
            needs.push(Need::Condition(number));
            continue;
        }
        let (truth, check) = condition.check(effect, &request, &budget, &budget);
        match (truth, effect) {
            (Truth::True, _) | (Truth::Indeterminate, Effect::Deny) => {}
            (Truth::False, _) | (Truth::Indeterminate, Effect::Allow) => {
                return Err(excluded(Exclusion::Condition(number, check)));
            }
            (Truth::Open, _) => needs.push(Need::Condition(number)),
        }
    }
    Ok(Way { layer, policy, rule: &rule.id, number, effect, needs, last, proof: None })
}

/// The member with a token that says nothing.
fn known<'m>(member: &Member<'m>) -> Caller<'m> {
    Caller {
        tenant: member.tenant,
        user: member.user,
        issuer: member.issuer,
        agent: None,
        roles: [&[], member.roles],
        workspaces: member.workspaces,
        scopes: &[],
        claims: None,
    }
}

fn uncounted<'p>(wanted: &'p [Box<str>], member: &Member<'_>) -> Vec<&'p str> {
    let counts = |scope: &str| member.scopes.is_none_or(|own| own.iter().any(|own| own == scope));
    wanted.iter().map(|scope| &**scope).filter(|scope| !counts(scope)).collect()
}

/// Whether a condition looks into what is not known.
fn is_open(condition: &Condition, asked: &Asked<'_>) -> bool {
    condition.paths().any(|path| path.roots().iter().any(|root| is_root_open(path, root, asked)))
}

fn is_root_open(path: &Selector, root: &str, asked: &Asked<'_>) -> bool {
    match root {
        CLAIMS | "agent" | "time" => true,
        "tool" => !asked.is_name_known,
        ARGUMENTS => match asked.resource {
            Resource::Tool(_) | Resource::Prompt(_) => true,
            Resource::Uri(_) | Resource::Template(_) | Resource::Agent(_) | Resource::Model(_) => false,
        },
        "user" => reads_token(path),
        _ => false,
    }
}

/// Whether a path into `$.user` can find roles or scopes.
pub(super) fn reads_token(path: &Selector) -> bool {
    let is_known = match path.leading_names().as_slice() {
        ["user", name, ..] => ["id", "issuer", "workspaces"].contains(name),
        _ => false,
    };
    !is_known || path.mentions().iter().any(|name| ["roles", "scopes"].contains(name))
}
