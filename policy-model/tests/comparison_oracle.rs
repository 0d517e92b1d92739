//! What is told of two versions compared with what they decide of very many calls.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;
#[path = "support/random.rs"]
mod random;

use asking::{Answer, Asker};
use policy_model::Layers;
use policy_model::comparison::{Change, Comparison, Side, Version, compare};
use random::Random;
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
        let layers = versions
            .each_ref()
            .map(|[own, baseline]| Layers { baseline: Some(baseline.policy()), policy: own.policy() });
        for _ in 0..CALLS {
            let (asker, caller) = draw_asker(random);
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

fn draw_rule(random: &mut Random, effects: &[&str]) -> Value {
    let resources: Vec<String> =
        (0..1 + random.below(2)).map(|_| format!("agent:tool:{}", random.one_of(PATTERNS))).collect();
    let mut rule = json!({"effect": random.one_of(effects), "resourceType": "TOOL", "resources": resources});
    let mut principals = json!({});
    for (list, choices) in [("users", ["alice", "bob"]), ("roles", ["r", "s"]), ("agents", ["x", "*"])] {
        if random.below(5) == 0 {
            principals[list] = json!([random.one_of(&choices)]);
        }
    }
    if principals != json!({}) {
        rule["principals"] = principals;
    }
    if random.below(6) == 0 {
        rule["scopes"] = json!([random.one_of(&["t", "u"])]);
    }
    match random.below(8) {
        0 => rule["notBefore"] = json!(random.one_of(TIMES)),
        1 => rule["notAfter"] = json!(random.one_of(TIMES)),
        _ => {}
    }
    let conditions: Vec<Value> = (0..random.one_of(&[0, 0, 1, 2])).map(|_| draw_condition(random)).collect();
    rule["conditions"] = json!(conditions);
    if conditions.is_empty() {
        rule.as_object_mut().unwrap().remove("conditions");
    }
    rule
}

fn draw_condition(random: &mut Random) -> Value {
    let path = random.one_of(&["$.arguments.n", "$.arguments.m", "$.claims.n", "$.claims.m"]);
    match random.below(6) {
        0 => json!({"path": path, "operator": random.one_of(&["EXISTS", "NOT_EXISTS"])}),
        1 => {
            json!({"path": path, "operator": random.one_of(&["STARTS_WITH", "ENDS_WITH", "LIKE", "EQUALS"]), "value": random.one_of(&["a", "ab"])})
        }
        2 => json!({"path": path, "operator": random.one_of(&["IN", "NOT_IN"]), "value": [1, 2]}),
        3 => json!({"path": path, "operator": random.one_of(&["EQUALS", "LESS_THAN", "NOT_EQUALS"]),
                    "valuePath": random.one_of(&["$.arguments.n", "$.claims.m"])}),
        _ => {
            json!({"path": path, "operator": random.one_of(&["LESS_THAN", "LESS_THAN_OR_EQUAL", "GREATER_THAN", "EQUALS"]),
                    "value": random.one_of(&[1, 2])})
        }
    }
}

fn draw_asker(random: &mut Random) -> (Asker, Value) {
    let some = |random: &mut Random, names: [&str; 2]| -> Vec<String> {
        names.iter().filter(|_| random.below(3) == 0).map(|name| (*name).to_owned()).collect()
    };
    let mut caller = json!({"user": random.one_of(&["alice", "bob", "eve"]), "roles": some(random, ["r", "s"]),
        "scopes": some(random, ["t", "u"]), "claims": draw_members(random), "time": random.one_of(MOMENTS)});
    if let Some(agent) = random.one_of(&[None, Some("x"), Some("y")]) {
        caller["agent"] = json!(agent);
    }
    (Asker::new(&caller), caller)
}

fn draw_members(random: &mut Random) -> Value {
    let mut members = json!({});
    for name in ["n", "m"] {
        let values = [
            json!(0),
            json!(1),
            json!(1.5),
            json!(2),
            json!(3),
            json!("a"),
            json!("ab"),
            json!("b"),
            json!(null),
            json!({}),
        ];
        if random.below(5) > 0 {
            members[name] = random.one_of(&values.each_ref()).clone();
        }
    }
    members
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
const PATTERNS: &[&str] =
    &["*", "a___*", "*___get", "a___get", "b___g*t", "get", "get*", "*t", "g*", "a*___get", "b___put", "*u*"];
const NAMES: &[&str] = &[
    "get",
    "put",
    "getter",
    "a___get",
    "a___put",
    "b___get",
    "b___gut",
    "a.b___get",
    "b___getter",
    "c___list",
    "get-a___x",
];
const TIMES: &[&str] = &["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"];
const MOMENTS: &[&str] = &[
    "2025-12-31T23:59:59Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:01Z",
    "2026-06-01T00:00:00Z",
    "2026-06-01T00:00:01Z",
];
