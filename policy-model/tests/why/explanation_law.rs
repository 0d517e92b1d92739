//! What an explanation says is what is decided.

use policy_model::decision::{Denial, Effect, Layer};
use policy_model::explanation::{Check, Held, Outcome, RuleExplanation, Verdict, Whose, explain};
use policy_model::{Arguments, Decision, Layers, Request, decide, json, would_decide};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::asker::Asker;
use crate::drawing::random::Random;
use crate::drawing::{NAMES, draw_caller, draw_members};
use crate::resource::resource;
use crate::worlds::World;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn outcome_and_settling_rule_are_those_of_the_decision(seed: u64) {
        let random = &mut Random::new(seed);
        let world = World::draw(random);
        let without = Layers::of(&world.policy);
        let layers = random.one_of(&[without, world.layers()]);
        for _ in 0..8 {
            let caller = caller(random);
            let name = random.one_of(NAMES);
            let arguments = random.one_of(&[false, true, true]).then(|| members(random).to_string());
            let arguments = arguments.as_ref().map(|text| json::parse(text.as_bytes()).unwrap());
            let arguments = arguments.as_ref().map_or(Arguments::Unknown, |own| Arguments::Known(Some(own.root())));
            Asker::new(&caller).with_caller(|caller, time| {
                let request = Request::new(caller, resource("tool", name).unwrap(), arguments, time);
                check(layers, &request, &world.text);
            });
        }
    }
}

fn check(layers: Layers<'_>, request: &Request<'_>, text: &str) {
    let explanation = explain(layers, request);
    let settling: Vec<&RuleExplanation<'_>> =
        explanation.rules.iter().filter(|rule| rule.settles && rule.is_enforced).collect();
    match (decide(layers, request, ()), explanation.outcome) {
        (Decision::Permit(permit), Outcome::Allowed(rule)) => {
            assert_eq!(permit.rule(), Some(rule), "{text}");
            assert_eq!(settling.iter().map(|own| (own.rule, own.effect)).collect::<Vec<_>>(), [(rule, Effect::Allow)]);
        }
        (
            Decision::Denial(Denial::Rule { rule, reason, layer }),
            Outcome::Denied { rule: own, reason: why, layer: whose },
        ) => {
            let layer = match layer {
                Layer::Baseline => Whose::Baseline,
                Layer::Tenant => Whose::Tenant,
            };
            assert_eq!((&rule, reason.as_ref(), layer), (own, why, whose), "{text}");
            assert_eq!(settling.iter().map(|own| (own.rule, own.layer)).collect::<Vec<_>>(), [(&rule, layer)]);
        }
        (Decision::Denial(Denial::Killed { rule }), Outcome::Killed(own)) => {
            assert_eq!(&rule, own, "{text}");
            assert_eq!(settling.iter().map(|own| (own.rule, own.layer)).collect::<Vec<_>>(), [(&rule, Whose::Kill)]);
        }
        (Decision::Denial(Denial::NoRule), Outcome::NothingAllows | Outcome::NoArguments(_)) => {
            assert!(settling.is_empty(), "{text}");
        }
        (decided, told) => panic!("{decided:?}, but told is {told:?}: {text}"),
    }
    let would = would_decide(layers, request).map(|would| (would.effect, would.rule));
    assert_eq!(would, explanation.would.map(|(effect, rule)| (effect, rule.clone())), "{text}");
    for rule in &explanation.rules {
        assert_eq!(rule.verdict, verdict(rule), "{rule:#?} {text}");
    }
}

/// What follows from what is told of its parts.
fn verdict(rule: &RuleExplanation<'_>) -> Verdict {
    let has = |is: fn(Held) -> bool| rule.conditions.iter().any(|condition| is(condition.held));
    let is_unclear = has(|held| matches!(held, Held::Indeterminate(_)));
    let is_open = has(|held| held == Held::Open);
    if !rule.checks.iter().all(Check::holds) || has(|held| held == Held::False) {
        return Verdict::DoesNotApply;
    }
    match (is_unclear, is_open, rule.effect) {
        (false, false, _) => Verdict::Applies,
        (true, false, _) | (true, true, Effect::Allow) => Verdict::CannotBeEvaluated,
        (false, true, _) | (true, true, Effect::Deny) => Verdict::DependsOnArguments,
    }
}

fn caller(random: &mut Random) -> Value {
    let mut caller = draw_caller(random);
    caller["registryRoles"] = json!(random.one_of(&[&[][..], &["r"], &["s"]]));
    caller["workspaces"] = json!(random.one_of(&[&[][..], &["w"], &["v"]]));
    caller
}

fn members(random: &mut Random) -> Value {
    let mut members = draw_members(random);
    if random.below(10) == 0 {
        members["N"] = json!(1);
    }
    members
}
