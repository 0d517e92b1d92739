//! Wherever there is an answer, it is the decision on the request itself.

use policy_model::recorded::{Answer, Asked, Facts, HashedPolicy, Side, Sides, Thing, decide as decide_again};
use policy_model::{Arguments, Decision, Layers, Policy, Request, Resource, TenantId, decide, json};

use crate::draw::{Drawn, asker, call};
use crate::random::Random;
use crate::resource::resource;

#[test]
fn an_answer_is_the_decision_on_the_request() {
    let mut tally = Tally::default();
    for seed in 0..PAIRS {
        let random = &mut Random::new(seed);
        let old = Drawn::new(random);
        let new = old.changed(random);
        let [before, now] = [&old, &new].map(|drawn| {
            drawn
                .documents()
                .map(|text| Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error} {text}")))
        });
        let hashed = now.each_ref().map(HashedPolicy::new);
        for _ in 0..CALLS {
            tally.check(random, [&before, &now], &hashed, seed);
        }
    }
    println!("{tally:?}");
    assert!(tally.allowed > 2_000 && tally.denied > 20_000 && tally.changed > 1_000, "{tally:?}");
    assert!(tally.unknown > 500 && tally.unknown * 3 < tally.allowed + tally.denied, "{tally:?}");
    assert!(tally.ruled > 2_000, "{tally:?}");
}

#[derive(Debug, Default)]
struct Tally {
    allowed: usize,
    denied: usize,
    unknown: usize,
    /// Answers that are others than those of then.
    changed: usize,
    /// Permissions whose rule is told.
    ruled: usize,
}

impl Tally {
    fn check(
        &mut self,
        random: &mut Random,
        [before, now]: [&[Policy; 2]; 2],
        hashed: &[HashedPolicy<'_>; 2],
        seed: u64,
    ) {
        let asker = asker(random);
        let (kind, name, arguments) = call(random);
        let document = json::parse(arguments.as_bytes()).unwrap();
        let thing = resource(kind, name).unwrap();
        let tenant = TenantId::parse("acme").unwrap();
        asker.with_caller(|caller, time| {
            let request = || Request::new(caller, thing.clone(), Arguments::Known(Some(document.root())), time);
            let old = Layers { baseline: Some(&before[1]), ..Layers::of(&before[0]) };
            let decision = decide(old, &request(), ());
            let facts = Facts::of(old, None, &request(), &decision).unwrap();
            assert_eq!(Facts::parse(&facts.to_string()).unwrap(), facts);
            assert_eq!(facts.was_allowed(), rule_of(&decision).is_ok());
            let [own, baseline] = hashed;
            let (tenant_side, baseline_side) = match random.below(4) {
                0 => (Side::Policy(own), Side::AsRecorded),
                1 => (Side::AsRecorded, Side::Policy(baseline)),
                2 => (Side::Policy(own), Side::Absent),
                _ => (Side::Policy(own), Side::Policy(baseline)),
            };
            let layers = Layers {
                kills: None,
                policy: if matches!(tenant_side, Side::AsRecorded) { &before[0] } else { &now[0] },
                baseline: match baseline_side {
                    Side::AsRecorded => Some(&before[1]),
                    Side::Absent => None,
                    Side::Policy(_) => Some(&now[1]),
                },
            };
            let truth = decide(layers, &request(), ());
            let thing = if matches!(thing, Resource::Uri(_)) { Thing::SomeUri } else { Thing::Known(thing) };
            let asked = Asked { thing, tenant: &tenant, is_rewritten: false, is_machine: false };
            let answer = decide_again(Sides { baseline: baseline_side, tenant: tenant_side }, &asked, &facts);
            let context = || format!("seed {seed}: {kind} {name} {arguments} {facts} {answer:?} {truth:?}");
            match (&answer, rule_of(&truth)) {
                (Answer::Allowed(rule), Ok(by)) => {
                    assert!(rule.as_ref().is_none_or(|rule| rule.as_str() == by), "{}", context());
                    self.ruled += usize::from(rule.is_some());
                    self.allowed += 1;
                }
                (Answer::Denied(rule), Err(by)) => {
                    assert!(rule.as_ref().is_none_or(|rule| Some(rule.as_str()) == by.as_deref()), "{}", context());
                    self.denied += 1;
                }
                (Answer::Unknown(gaps), _) => {
                    assert!(!gaps.is_empty(), "{}", context());
                    self.unknown += 1;
                    return;
                }
                (Answer::Allowed(_), Err(_)) | (Answer::Denied(_), Ok(_)) => panic!("{}", context()),
            }
            self.changed += usize::from(matches!(answer, Answer::Allowed(_)) != facts.was_allowed());
        });
    }
}

/// The rule that allows it, or the one that denies it, if it is one.
fn rule_of<T>(decision: &Decision<T>) -> Result<String, Option<String>> {
    match decision {
        Decision::Permit(permit) => Ok(permit.rule().unwrap().to_string()),
        Decision::Denial(denial) => Err(denial.rule().map(ToString::to_string)),
    }
}

const PAIRS: u64 = 400;
const CALLS: usize = 200;
