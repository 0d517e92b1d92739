//! What is told of two versions compared with what they decide of very many calls.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;
#[path = "support/drawing.rs"]
mod drawing;

use asking::{Answer, Asker};
use drawing::random::Random;
use drawing::{NAMES, draw_caller, draw_condition, draw_members, draw_rule};
use policy_model::Layers;
use policy_model::comparison::{Change, Comparison, Side, Version, compare};
use serde_json::{Value, json};

/// The rules of a tenant's policy, and perhaps of a baseline.
#[derive(Clone)]
struct Rules {
    default_target: Option<&'static str>,
    own: Vec<Value>,
    baseline: Vec<Value>,
}

#[test]
fn no_call_that_is_decided_otherwise_goes_untold() {
    let (mut differing, mut told, mut unproven) = (0, 0, 0);
    for seed in 0..PAIRS {
        let random = &mut Random::new(seed);
        let old = draw(random);
        let new = changed(&old, random);
        let texts = [&old, &new].map(documents);
        let versions = texts.each_ref().map(|(own, baseline)| {
            [own, baseline]
                .map(|text| Version::parse(text.as_bytes()).unwrap_or_else(|errors| panic!("{errors:?} {text}")))
        });
        let sides = versions.each_ref().map(|[own, baseline]| Side { baseline: Some(baseline), policy: own });
        let comparison = compare(sides[0], sides[1]);
        assert!(comparison.gaps.is_empty(), "seed {seed}: {comparison:#?}");
        told += comparison.differences.len();
        unproven += comparison.differences.iter().filter(|own| own.settled.is_none()).count();
        let layers = versions.each_ref().map(|[own, baseline]| Layers {
            kills: None,
            baseline: Some(baseline.policy()),
            policy: own.policy(),
        });
        for _ in 0..CALLS {
            let caller = draw_caller(random);
            let asker = Asker::new(&caller);
            let (name, arguments) = (random.one_of(NAMES), draw_members(random).to_string());
            let allows =
                layers.map(|layers| matches!(asker.ask(layers, "tool", name, Some(&arguments)), Answer::Allowed(_)));
            let change = match allows {
                [false, true] => Change::Widened,
                [true, false] => Change::Narrowed,
                [true, true] | [false, false] => continue,
            };
            differing += 1;
            let is_told = |own: &policy_model::comparison::Difference| {
                own.change == change && fits(own.resource.strip_prefix("agent:tool:").unwrap(), name)
            };
            assert!(
                comparison.differences.iter().any(is_told),
                "seed {seed}: {change:?} {name} {arguments} by {caller}\n{}\nto\n{}\ntold {comparison:#?}",
                texts[0].0,
                texts[1].0
            );
        }
    }
    println!("{differing} calls differ, {told} differences told, {unproven} without an example");
    assert!(differing > 2_000 && told > 500 && unproven * 20 < told);
}

#[test]
fn order_names_and_splitting_are_no_difference() {
    for seed in 0..300 {
        let random = &mut Random::new(seed);
        let old = draw(random);
        let mut new = old.clone();
        for rules in [&mut new.own, &mut new.baseline] {
            rules.reverse();
            let split = |rule: &Value| {
                let resources = rule["resources"].as_array().unwrap().clone();
                let one = |resource: Value| {
                    let mut rule = rule.clone();
                    rule["resources"] = json!([resource]);
                    rule
                };
                resources.into_iter().map(one).collect::<Vec<Value>>()
            };
            *rules = rules.iter().flat_map(split).collect();
            for (number, rule) in rules.iter_mut().enumerate() {
                rule["ruleId"] = json!(format!("renamed-{number}"));
                rule["description"] = json!("other words");
            }
        }
        let comparison = compared(&old, &new);
        assert_eq!(comparison, Comparison::default(), "seed {seed}: {:#?}", old.own);
    }
}

fn compared(old: &Rules, new: &Rules) -> Comparison {
    let texts = [old, new].map(documents);
    let versions =
        texts.each_ref().map(|(own, baseline)| [own, baseline].map(|text| Version::parse(text.as_bytes()).unwrap()));
    let [old, new] = versions.each_ref().map(|[own, baseline]| Side { baseline: Some(baseline), policy: own });
    compare(old, new)
}

fn documents(rules: &Rules) -> (String, String) {
    let mut own = json!({"policyId": "P", "tenantId": "acme", "rules": rules.own});
    if let Some(target) = rules.default_target {
        own["defaultTarget"] = json!(target);
    }
    (own.to_string(), json!({"policyId": "B", "tenantId": "*", "rules": rules.baseline}).to_string())
}

fn draw(random: &mut Random) -> Rules {
    let own = (0..1 + random.below(6)).map(|_| draw_rule(random, &["ALLOW", "ALLOW", "DENY"])).collect();
    let baseline = (0..random.below(2)).map(|_| draw_rule(random, &["DENY"])).collect();
    Rules { default_target: random.one_of(&[None, Some("a")]), own, baseline }
}

/// The same but for a rule or two.
fn changed(rules: &Rules, random: &mut Random) -> Rules {
    let mut rules = rules.clone();
    for _ in 0..1 + random.below(2) {
        let place = random.below(rules.own.len().max(1));
        match (random.below(6), rules.own.get_mut(place)) {
            (0, Some(_)) => drop(rules.own.remove(place)),
            (1, Some(rule)) => rule["conditions"] = json!([draw_condition(random)]),
            (2, Some(rule)) => rule["principals"] = json!({"roles": ["r", "s"]}),
            (3, _) => rules.baseline.clear(),
            (4, _) => rules.default_target = random.one_of(&[None, Some("a"), Some("b")]),
            (_, _) => rules.own.push(draw_rule(random, &["ALLOW", "DENY"])),
        }
    }
    rules
}

/// Whether a text fits a pattern, in which `*` is any run of characters.
fn fits(pattern: &str, text: &str) -> bool {
    match (pattern.split_at_checked(1), text.split_at_checked(1)) {
        (None, None) => true,
        (Some(("*", rest)), None) => fits(rest, text),
        (Some(("*", rest)), Some((_, after))) => fits(rest, text) || fits(pattern, after),
        (Some((letter, rest)), Some((other, after))) => letter == other && fits(rest, after),
        (None, Some(_)) | (Some(_), None) => false,
    }
}

const PAIRS: u64 = 400;
const CALLS: usize = 400;
