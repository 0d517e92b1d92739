//! Whether there is a request of a member to which an ALLOW rule applies, and no DENY rule.
//!
//! Whoever the rule is about has at least what it names: more of a token can only make more DENY rules apply. So callers with nothing more
//! are asked about, unless conditions look at what they have.

use std::cell::Cell;

use super::moments::moments;
use super::needs::{Need, Way, reads_token};
use super::{Candidate, Member, Question, Wanted};
use crate::comparison::{Who, varied};
use crate::condition::{Condition, Truth};
use crate::decision::{CONDITION_WORK_MAX, Decision, Effect, decide};
use crate::discovery::{Finding, find_witness};
use crate::request::{ARGUMENTS, Arguments, CLAIMS, Caller, Request, Resource};
use crate::rule::Rule;
use crate::selector::Budget;

/// Whether some request is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// One was found, and the decision allows it.
    Shown,
    /// There is none.
    Excluded,
    /// None was found, nor the proof that there is none.
    Unclear,
}

/// Looks for requests.
pub(super) struct Prover<'q, 'p, 'm> {
    question: &'q Question<'p>,
    member: &'q Member<'m>,
    needs_agent: bool,
    denies: Vec<Candidate<'p>>,
    work: Cell<u64>,
}

impl<'q, 'p, 'm> Prover<'q, 'p, 'm> {
    /// For a member to whom these DENY rules can apply.
    pub(super) fn new(
        question: &'q Question<'p>,
        member: &'q Member<'m>,
        needs_agent: bool,
        denies: &[Way<'p>],
    ) -> Prover<'q, 'p, 'm> {
        let can = |own: &&Candidate<'p>| denies.iter().any(|way| way.layer == own.layer && way.number == own.number);
        let denies = question.denies.iter().filter(can).copied().collect();
        Prover { question, member, needs_agent, denies, work: Cell::new(WORK_MAX) }
    }

    /// For one of its ALLOW rules.
    pub(super) fn prove(&mut self, way: &Way<'p>) -> Proof {
        let allow = self.question.allows.iter().find(|own| own.number == way.number);
        let Some(allow) = allow.map(|own| own.rule) else { return Proof::Unclear };
        let rules: Vec<&Rule> = self.denies.iter().map(|own| own.rule).chain([allow]).collect();
        let conditions: Vec<&Condition> = rules.iter().flat_map(|rule| &rule.conditions).collect();
        let (callers, moments) =
            (self.callers(way, allow, &conditions), moments(&rules, &conditions, self.question.time));
        // Callers and times are tried, not all that there are.
        let mut is_unclear = callers.is_none() || moments.is_none() || conditions.iter().any(|own| reads_caller(own));
        for who in callers.iter().flatten() {
            for time in moments.iter().flatten() {
                match self.ask(allow, who, *time) {
                    Finding::Witness => return Proof::Shown,
                    Finding::Unclear => is_unclear = true,
                    Finding::Nothing => {}
                }
            }
        }
        if is_unclear { Proof::Unclear } else { Proof::Excluded }
    }

    /// Tokens with which the rule is about the member; none if there are too many.
    fn callers(&self, way: &Way<'p>, allow: &Rule, conditions: &[&Condition]) -> Option<Vec<Who>> {
        let base = Who {
            user: self.member.user.clone(),
            issuer: self.member.issuer.to_owned(),
            agent: self.needs_agent.then(|| OTHER.to_owned()),
            roles: Vec::new(),
            workspaces: self.member.workspaces.to_vec(),
            scopes: Vec::new(),
        };
        let mut all = vec![base];
        for need in &way.needs {
            all = match need {
                Need::Role(wanted) => crossed(&all, *wanted, |who, role| who.roles.push(role)),
                Need::Agent(wanted) => crossed(&all, *wanted, |who, agent| who.agent = Some(agent)),
                Need::Scopes(scopes) => {
                    let scopes = scopes.iter().map(|scope| scope.to_string());
                    all.into_iter().map(|who| Who { scopes: scopes.clone().collect(), ..who }).collect()
                }
                Need::Condition(_) => all,
            };
        }
        // What the rule's own conditions want, together; what those of others would excuse, one at a time.
        let others =
            conditions.iter().copied().filter(|own| !allow.conditions.iter().any(|mine| std::ptr::eq(mine, *own)));
        for condition in &allow.conditions {
            self.vary(&mut all, &[condition])?;
        }
        self.vary(&mut all, &others.collect::<Vec<_>>())?;
        Some(all)
    }

    fn vary(&self, all: &mut Vec<Who>, conditions: &[&Condition]) -> Option<()> {
        let varied: Vec<Who> = all.iter().flat_map(|who| conditions.iter().flat_map(|own| varied(who, own))).collect();
        for who in varied.into_iter().filter(|who| self.is_possible(who)) {
            if !all.contains(&who) {
                all.push(who);
            }
        }
        (all.len() <= CALLERS_MAX).then_some(())
    }

    /// Whether it is still the member.
    fn is_possible(&self, who: &Who) -> bool {
        let counts = |scope: &String| self.member.scopes.is_none_or(|own| own.contains(scope));
        who.user == *self.member.user
            && who.issuer == self.member.issuer
            && who.workspaces == self.member.workspaces
            && who.scopes.iter().all(counts)
    }

    fn ask(&self, allow: &Rule, who: &Who, time: i64) -> Finding {
        let left = self.work.get().saturating_sub(1 + self.denies.len() as u64);
        self.work.set(left);
        if left == 0 {
            return Finding::Unclear;
        }
        let caller = Caller {
            tenant: self.member.tenant,
            user: &who.user,
            issuer: &who.issuer,
            agent: who.agent.as_deref(),
            roles: [&who.roles, self.member.roles],
            workspaces: &who.workspaces,
            scopes: &who.scopes,
            claims: None,
        };
        let request = Request::new(&caller, self.question.resource.clone(), Arguments::Unknown, time);
        let open: &'static [&'static str] = match request.resource {
            Resource::Tool(_) | Resource::Prompt(_) => &[ARGUMENTS, CLAIMS],
            Resource::Uri(_) | Resource::Template(_) | Resource::Agent(_) | Resource::Model(_) => &[CLAIMS],
        };
        let Some(needed) = open_conditions(allow, &request, open) else { return Finding::Nothing };
        let needed: Vec<_> = needed.into_iter().map(|condition| (Effect::Allow, condition)).collect();
        let mut excuses = Vec::new();
        for deny in &self.denies {
            match open_conditions(deny.rule, &request, open) {
                None => {}
                Some(conditions) if conditions.is_empty() => return Finding::Nothing,
                Some(conditions) => excuses.push((Effect::Deny, conditions)),
            }
        }
        let accepts = |request: &Request<'_>| match decide(self.question.layers, request, ()) {
            Decision::Permit(_) => true,
            Decision::Denial(_) => false,
        };
        let (finding, work) = find_witness(&accepts, &request, &needed, &excuses, open);
        self.work.set(self.work.get().saturating_sub(u64::from(work)));
        finding
    }
}

/// The conditions of a rule that look into what is open; none if the rule does not apply whatever that is.
fn open_conditions<'r>(rule: &'r Rule, request: &Request<'_>, open: &[&str]) -> Option<Vec<&'r Condition>> {
    let has_scope = |scope: &str| request.caller.scopes.iter().any(|own| own == scope);
    let is_about = rule.in_force.contains(&request.time)
        && rule.principals.include(request.caller)
        && rule.scopes.iter().all(|scope| has_scope(scope));
    if !is_about {
        return None;
    }
    let budget = Budget::new(CONDITION_WORK_MAX);
    let mut found = Vec::new();
    for condition in &rule.conditions {
        if condition.reads_claims() || (condition.reads_arguments() && open.contains(&ARGUMENTS)) {
            found.push(condition);
            continue;
        }
        match (condition.holds(rule.effect, request, &budget), rule.effect) {
            (Truth::True, _) | (Truth::Indeterminate, Effect::Deny) => {}
            (Truth::False | Truth::Open, _) | (Truth::Indeterminate, Effect::Allow) => return None,
        }
    }
    Some(found)
}

/// Each with each of the names.
fn crossed(all: &[Who], wanted: Wanted<'_>, add: impl Fn(&mut Who, String)) -> Vec<Who> {
    let names: Vec<&str> = match wanted {
        Wanted::Any => vec![OTHER],
        // More than that are too many with anything else.
        Wanted::OneOf(names) => names.iter().map(|name| &**name).take(CALLERS_MAX + 1).collect(),
    };
    let with = |who: &Who, name: &str| {
        let mut who = who.clone();
        add(&mut who, name.to_owned());
        who
    };
    all.iter().take(CALLERS_MAX + 1).flat_map(|who| names.iter().map(move |name| with(who, name))).collect()
}

/// Whether a condition looks at what the token says of the caller besides its claims.
fn reads_caller(condition: &Condition) -> bool {
    let reads = |path: &crate::selector::Selector| {
        path.roots().iter().any(|root| *root == "agent" || (*root == "user" && reads_token(path)))
    };
    condition.paths().any(reads)
}

/// A name that no policy has.
const OTHER: &str = "somebody.else.0b7d";

/// Most callers that are asked about for one rule.
const CALLERS_MAX: usize = 256;

/// Most work for one member, as discovery counts it.
const WORK_MAX: u64 = 400_000;
