//! Whether some rules make a difference for one name: to whom, when, and with which claims and arguments.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::callers::{Who, callers};
use super::causes::Causes;
use super::moments::moments;
use super::names::resource;
use super::version::{Version, WrittenRule};
use super::{Change, Comparison, Difference, Example, Settled, Side, words};
use crate::condition::{Condition, Truth};
use crate::decision::{CONDITION_WORK_MAX, Decision, Denial, Effect, Layer, decide};
use crate::discovery::{Finding, find_witness};
use crate::id::TenantId;
use crate::json::Value;
use crate::pattern::ResourceType;
use crate::request::{ARGUMENTS, Arguments, CLAIMS, Caller, Request, Resource};
use crate::rule::Rule;
use crate::selector::Budget;

/// Most other rules whose exceptions are told.
const EXCEPTIONS_MAX: usize = 3;

/// A rule that must apply.
pub(super) struct Positive<'v> {
    pub(super) version: &'v Version<'v>,
    pub(super) number: u32,
    pub(super) rule: &'v Rule,
    pub(super) written: &'v WrittenRule,
}

/// One name, the rules by which it may be a difference, and those that must not apply for it.
pub(super) struct Trial<'t, 'v> {
    causes: &'t Causes<'v>,
    name: &'t str,
    resource: Resource<'t>,
    positives: Vec<Positive<'v>>,
    /// The DENY rules of the side that allows; and of the side that denies the ALLOW rules, unless a DENY is among those that must apply.
    negatives: Vec<(&'v Version<'v>, &'v Rule, &'v WrittenRule)>,
    open: &'static [&'static str],
}

/// What came of asking about one caller at one time.
struct Found {
    settled: Option<(Settled, Vec<String>)>,
    is_unclear: bool,
}

impl<'t, 'v> Trial<'t, 'v> {
    /// None if the name is not what the rules name.
    pub(super) fn new(
        causes: &'t Causes<'v>,
        positives: Vec<Positive<'v>>,
        kind: ResourceType,
        name: &'t str,
    ) -> Option<Trial<'t, 'v>> {
        let resource = resource(kind, name)?;
        let is_named = |own: &Positive<'_>| own.version.naming(own.rule.effect, &resource).contains(&own.number);
        if !positives.iter().all(is_named) {
            return None;
        }
        let naming = |side: Side<'v>, effect: Effect| {
            let mut rules = Vec::new();
            for version in side.versions() {
                let numbers = version.naming(effect, &resource);
                rules.extend(
                    numbers
                        .into_iter()
                        .filter_map(|number| version.rule(number).map(|(rule, written)| (version, rule, written))),
                );
            }
            rules
        };
        let mut negatives = naming(causes.allowing, Effect::Deny);
        // Where a rule denies, what else would allow does not matter.
        if positives.iter().all(|own| own.rule.effect == Effect::Allow) {
            negatives.extend(naming(causes.denying, Effect::Allow));
        }
        let open: &'static [&'static str] = match resource {
            Resource::Tool(_) | Resource::Prompt(_) => &[ARGUMENTS, CLAIMS],
            Resource::Uri(_) | Resource::Template(_) | Resource::Agent(_) | Resource::Model(_) => &[CLAIMS],
        };
        Some(Trial { causes, name, resource, positives, negatives, open })
    }

    /// Whether it depends on conditions of which the values that decide can only be tried: what was not found may be there.
    pub(super) fn is_sampled(&self) -> bool {
        let positives = self.positives.iter().map(|own| (own.version, own.written));
        let negatives = self.negatives.iter().map(|(version, _, written)| (*version, *written));
        positives.chain(negatives).any(|(version, written)| words::is_sampled(version, written))
    }

    /// The differences, one for each kind of caller.
    pub(super) fn run(&self, told: &str, comparison: &mut Comparison) -> Vec<Difference> {
        let rules: Vec<&Rule> = self.positives.iter().map(|own| own.rule).collect();
        let all: Vec<&Rule> = rules.iter().copied().chain(self.negatives.iter().map(|own| own.1)).collect();
        let conditions: Vec<&Condition> = all.iter().flat_map(|rule| &rule.conditions).collect();
        let (callers, moments) = (callers(&rules, &conditions), moments(&all, &conditions));
        if callers.is_none() {
            comparison.gaps.insert(format!("too many kinds of callers are named for {told}"));
        }
        if moments.is_none() {
            comparison.gaps.insert(format!("too many times are named for {told}"));
        }
        let mut differences = Vec::new();
        for who in callers.iter().flatten() {
            let mut is_unclear = false;
            let mut settled = None;
            for time in moments.iter().flatten() {
                let found = self.ask(who, *time, moments.as_ref().is_some_and(|all| all.len() > 1));
                is_unclear |= found.is_unclear;
                settled = found.settled;
                if settled.is_some() {
                    break;
                }
            }
            let (settled, exceptions) = settled.map_or((None, Vec::new()), |(settled, own)| (Some(settled), own));
            if settled.is_none() && !is_unclear {
                continue;
            }
            let own = self.positives.iter().flat_map(|own| words::conditions(own.version, own.written));
            let mut conditions: Vec<String> = own.collect();
            conditions.dedup();
            conditions.extend(exceptions);
            let (resource, change, callers) = (told.to_owned(), self.causes.change, who.words());
            differences.push(Difference { resource, change, callers, conditions, settled });
        }
        differences
    }

    fn ask(&self, who: &Who, time: i64, time_matters: bool) -> Found {
        let nothing = Found { settled: None, is_unclear: false };
        if !self.charge(1 + self.negatives.len() as u64) {
            return nothing;
        }
        let tenant = self.causes.allowing.policy.policy.tenant().cloned();
        let Some(tenant) = tenant.or_else(|| TenantId::parse(ANY_TENANT).ok()) else { return nothing };
        let caller = Caller {
            tenant: &tenant,
            user: &who.user,
            issuer: &who.issuer,
            agent: who.agent.as_deref(),
            roles: [&who.roles, &[]],
            workspaces: &who.workspaces,
            scopes: &who.scopes,
            claims: None,
        };
        let request = Request::new(&caller, self.resource.clone(), Arguments::Unknown, time);
        let mut needed = Vec::new();
        let mut needed_texts = BTreeSet::new();
        for own in &self.positives {
            let Some(open) = self.open_conditions(own.rule, own.written, &request) else { return nothing };
            for (condition, text) in open {
                needed.push((own.rule.effect, condition));
                needed_texts.insert((own.rule.effect.word(), text));
            }
        }
        let mut excuses = Vec::new();
        let mut excused = Vec::new();
        for (version, rule, written) in &self.negatives {
            let Some(open) = self.open_conditions(rule, written, &request) else { continue };
            // What must hold cannot be what excuses.
            let open = open.into_iter().filter(|(_, text)| !needed_texts.contains(&(rule.effect.word(), *text)));
            let open: Vec<&Condition> = open.map(|(condition, _)| condition).collect();
            if open.is_empty() {
                return nothing;
            }
            excuses.push((rule.effect, open));
            excused.push((*version, *written));
        }
        let witness = RefCell::new(None);
        let accepts = |request: &Request<'_>| {
            let settled = self.settle(who, request, time_matters);
            let is_found = settled.is_some();
            *witness.borrow_mut() = settled;
            is_found
        };
        let (finding, work) = find_witness(&accepts, &request, &needed, &excuses, self.open);
        self.charge(u64::from(work));
        let settled = witness.into_inner().filter(|_| finding == Finding::Witness);
        let settled = settled.map(|settled| (settled, exceptions(&excused)));
        Found { settled, is_unclear: finding == Finding::Unclear }
    }

    /// Takes work off; false if nothing is left, which whoever goes through the rules will say.
    fn charge(&self, work: u64) -> bool {
        let left = self.causes.work.get().saturating_sub(work);
        self.causes.work.set(left);
        left > 0
    }

    /// The conditions of a rule that look into what is open; none if the rule does not apply whatever that is.
    fn open_conditions<'r>(
        &self,
        rule: &'r Rule,
        written: &'r WrittenRule,
        request: &Request<'_>,
    ) -> Option<Vec<(&'r Condition, &'r str)>> {
        let has_scope = |scope: &str| request.caller.scopes.iter().any(|own| own == scope);
        if !rule.in_force.contains(&request.time)
            || !rule.principals.include(request.caller)
            || !rule.scopes.iter().all(|scope| has_scope(scope))
        {
            return None;
        }
        let mut open = Vec::new();
        let budget = Budget::new(CONDITION_WORK_MAX);
        for (condition, text) in rule.conditions.iter().zip(&written.conditions) {
            let is_open = condition.reads_claims() || (condition.reads_arguments() && self.open.contains(&ARGUMENTS));
            match (is_open, rule.effect) {
                (true, _) => open.push((condition, text.as_str())),
                (false, Effect::Allow) if condition.holds(rule.effect, request, &budget) != Truth::True => return None,
                (false, Effect::Deny) if condition.holds(rule.effect, request, &budget) == Truth::False => return None,
                // Which holds, and is no excuse.
                (false, Effect::Allow | Effect::Deny) => {}
            }
        }
        Some(open)
    }

    /// What both sides say; none if they do not differ as they should.
    fn settle(&self, who: &Who, request: &Request<'_>, time_matters: bool) -> Option<Settled> {
        let denied = match decide(self.causes.denying.layers(), request, ()) {
            Decision::Permit(_) => return None,
            Decision::Denial(Denial::NoRule) => "no rule allows it".to_owned(),
            Decision::Denial(Denial::Killed { rule }) => format!("stopped by {rule}"),
            Decision::Denial(Denial::Rule { rule, layer: Layer::Tenant, .. }) => format!("denied by {rule}"),
            Decision::Denial(Denial::Rule { rule, layer: Layer::Baseline, .. }) => {
                format!("denied by {rule} of the baseline")
            }
        };
        let allowed = match decide(self.causes.allowing.layers(), request, ()) {
            Decision::Permit(permit) => permit.rule().map(|rule| format!("allowed by {rule}"))?,
            Decision::Denial(_) => return None,
        };
        let (before, now) = match self.causes.change {
            Change::Widened => (denied, allowed),
            Change::Narrowed => (allowed, denied),
        };
        let arguments = match request.arguments {
            Arguments::Known(arguments) => arguments.map(written),
            Arguments::Unknown => None,
        };
        let example = Example {
            name: self.name.to_owned(),
            caller: who.json(),
            claims: request.caller.claims.map(written),
            arguments: arguments.filter(|arguments| arguments != "{}"),
            time: time_matters.then_some(request.time),
        };
        Some(Settled { before, now, example })
    }
}

/// A value as people write it, if that is the same.
fn written(value: Value<'_>) -> String {
    value.canonical().unwrap_or_else(|_| value.text().to_owned())
}

/// What other rules take out, in words.
fn exceptions(excused: &[(&Version<'_>, &WrittenRule)]) -> Vec<String> {
    let texts: BTreeSet<String> =
        excused.iter().map(|(version, written)| words::conditions(version, written).join(" and ")).collect();
    match texts.len() {
        0..=EXCEPTIONS_MAX => texts.into_iter().map(|text| format!("not ({text})")).collect(),
        count => vec![format!("what {count} other rules say does not hold")],
    }
}

/// A tenant whom a policy for all is tried with.
const ANY_TENANT: &str = "any-tenant";
