//! Decisions compared with a naive evaluator that scans the document rule by rule.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;
#[path = "support/random.rs"]
mod random;

use asking::{Answer, ask_tool};
use policy_model::Policy;
use random::Random;
use serde_json::{Value, json};

/// What came out, with the rule that settled it.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    Allowed(String),
    Denied(String),
    NoRule,
}

#[test]
fn decisions_are_those_of_a_scan_of_all_rules() {
    let counts = compare(1_000, 50, &|random| name(random, 1));
    println!("allowed, denied, no rule: {counts:?}");
    assert!(counts.iter().sum::<usize>() >= 20_000, "{counts:?}");
    assert!(counts.iter().all(|count| *count >= 3_000), "the outcomes are lopsided: {counts:?}");
}

#[test]
fn decisions_on_names_with_several_delimiters_are_those_of_a_scan_of_all_rules() {
    compare(400, 25, &|random| name(random, 3));
}

fn compare(policies: u64, names: usize, draw: &dyn Fn(&mut Random) -> String) -> [usize; 3] {
    let mut counts = [0; 3];
    for seed in 0..policies {
        let random = &mut Random::new(seed);
        let document = document(random, true);
        let policy = parse(&document);
        for _ in 0..names {
            let name = draw(random);
            let (expected, got) = (scan(&document, &name), outcome(&policy, &name));
            assert_eq!(got, expected, "{name} under {document}");
            counts[match got {
                Outcome::Allowed(_) => 0,
                Outcome::Denied(_) => 1,
                Outcome::NoRule => 2,
            }] += 1;
        }
    }
    counts
}

/// Deny overrides, and of several rules the one with the least id is quoted.
fn scan(document: &Value, name: &str) -> Outcome {
    let by_effect = |effect: &str| {
        let rules = document["rules"].as_array().unwrap().iter();
        rules.filter(|rule| rule["effect"] == effect && covers(rule, document, name)).map(rule_id).min()
    };
    match (by_effect("DENY"), by_effect("ALLOW")) {
        (Some(rule), _) => Outcome::Denied(rule),
        (None, Some(rule)) => Outcome::Allowed(rule),
        (None, None) => Outcome::NoRule,
    }
}

fn rule_id(rule: &Value) -> String {
    rule["ruleId"].as_str().unwrap().to_owned()
}

fn covers(rule: &Value, document: &Value, name: &str) -> bool {
    let resources = rule["resources"].as_array().unwrap().iter();
    let mut patterns = resources.map(|resource| resource.as_str().unwrap().trim_start_matches("agent:tool:"));
    let parts = name.split_once("___");
    patterns.any(|pattern| {
        if pattern.chars().all(|character| character == '*') {
            return true;
        }
        match (pattern.split_once("___"), parts, rule["effect"].as_str().unwrap()) {
            (Some(_), Some(_), "DENY") if fits(pattern.as_bytes(), name.as_bytes()) => true,
            (Some((target_pattern, tool_pattern)), Some((target, tool)), _) => {
                fits(target_pattern.as_bytes(), target.as_bytes()) && fits(tool_pattern.as_bytes(), tool.as_bytes())
            }
            (Some(_), None, _) => false,
            (None, _, "DENY") => {
                let tool = parts.map_or(name, |(_, tool)| tool);
                fits(pattern.as_bytes(), tool.as_bytes()) || fits(pattern.as_bytes(), name.as_bytes())
            }
            (None, parts, _) => match (document["defaultTarget"].as_str(), parts) {
                (Some(default), Some((target, tool))) => default == target && fits(pattern.as_bytes(), tool.as_bytes()),
                (None, None) => fits(pattern.as_bytes(), name.as_bytes()),
                (Some(_), None) | (None, Some(_)) => false,
            },
        }
    })
}

/// `*` is any run of characters.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), None) => fits(rest, text),
        (Some((b'*', rest)), Some((_, after))) => fits(rest, text) || fits(pattern, after),
        (Some((expected, rest)), Some((got, after))) => expected == got && fits(rest, after),
        (None, Some(_)) | (Some(_), None) => false,
    }
}

#[test]
fn without_rules_nothing_is_allowed() {
    for seed in 0..500 {
        let random = &mut Random::new(seed);
        let mut document = document(random, true);
        document["rules"] = json!([]);
        assert_eq!(outcome(&parse(&document), &name(random, 3)), Outcome::NoRule);
    }
}

#[test]
fn one_more_deny_never_allows_more() {
    check_law(|rules, random| {
        let deny = rule(random, "DENY");
        rules.insert(random.below(rules.len() + 1), deny);
    });
}

#[test]
fn one_allow_less_never_allows_more() {
    check_law(|rules, random| {
        let start = random.below(rules.len() + 1);
        let allow =
            (0..rules.len()).map(|nth| (start + nth) % rules.len()).find(|nth| rules[*nth]["effect"] == "ALLOW");
        allow.map(|nth| rules.remove(nth));
    });
}

/// Whatever the changed rules allow, the rules allowed before.
fn check_law(change: fn(&mut Vec<Value>, &mut Random)) {
    let mut taken_back = 0;
    for seed in 0..500 {
        let random = &mut Random::new(seed);
        let document = document(random, false);
        let mut changed = document.clone();
        change(changed["rules"].as_array_mut().unwrap(), random);
        let (before, after) = (parse(&document), parse(&changed));
        for _ in 0..20 {
            let name = name(random, 3);
            match (outcome(&before, &name), outcome(&after, &name)) {
                (Outcome::Denied(_) | Outcome::NoRule, Outcome::Allowed(_)) => {
                    panic!("{name} is allowed by {changed}, not by {document}")
                }
                (Outcome::Allowed(_), Outcome::Denied(_) | Outcome::NoRule) => taken_back += 1,
                (Outcome::Allowed(_), Outcome::Allowed(_)) => {}
                (Outcome::Denied(_) | Outcome::NoRule, Outcome::Denied(_) | Outcome::NoRule) => {}
            }
        }
    }
    assert!(taken_back >= 50, "the change took back {taken_back} tools only");
}

#[test]
fn order_and_duplication_of_rules_and_resources_change_nothing() {
    for seed in 0..500 {
        let random = &mut Random::new(seed);
        let document = document(random, false);
        let mut changed = document.clone();
        let rules = changed["rules"].as_array_mut().unwrap();
        for _ in 0..rules.len() {
            let copy = rules[random.below(rules.len())].clone();
            rules.push(copy);
        }
        shuffle(rules, random);
        for rule in rules {
            let resources = rule["resources"].as_array_mut().unwrap();
            resources.push(resources[0].clone());
            shuffle(resources, random);
        }
        let (before, after) = (parse(&document), parse(&changed));
        for _ in 0..20 {
            let name = name(random, 3);
            assert_eq!(outcome(&after, &name), outcome(&before, &name), "{name} under {document} and {changed}");
        }
    }
}

fn shuffle(list: &mut [Value], random: &mut Random) {
    for at in 0..list.len() {
        list.swap(at, random.below(list.len()));
    }
}

fn parse(document: &Value) -> Policy {
    Policy::parse(document.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"))
}

fn outcome(policy: &Policy, name: &str) -> Outcome {
    match ask_tool(policy, name) {
        Answer::Allowed(rule) => Outcome::Allowed(rule),
        Answer::Denied(rule, _) => Outcome::Denied(rule),
        Answer::NoRule => Outcome::NoRule,
        Answer::NotAName => panic!("{name} is no tool name"),
    }
}

fn document(random: &mut Random, has_ids: bool) -> Value {
    let count = random.below(6);
    let mut rules: Vec<Value> = Vec::new();
    for number in 0..count {
        let effect = random.one_of(&["ALLOW", "ALLOW", "DENY"]);
        let mut rule = rule(random, effect);
        if has_ids {
            // Ids that do not follow the order of the rules.
            rule["ruleId"] = json!(format!("r{}", (number * 7 + 3) % 11));
        }
        rules.push(rule);
    }
    let mut document = json!({"policyId": "p", "tenantId": "t", "rules": rules});
    if random.below(2) == 0 {
        document["defaultTarget"] = json!(random.one_of(TARGETS));
    }
    document
}

fn rule(random: &mut Random, effect: &str) -> Value {
    let count = 1 + random.below(3);
    let resources: Vec<String> = (0..count).map(|_| format!("agent:tool:{}", pattern(random))).collect();
    json!({"effect": effect, "resourceType": "TOOL", "resources": resources})
}

/// Targets and tools from a few characters, so that patterns and names meet often.
const TARGETS: &[&str] = &["a", "b", "aa", "ab", "a.b", "a-b", "A"];

fn name(random: &mut Random, delimiters_max: usize) -> String {
    let mut name = word(random, &["a", "b", "a", ".", "_", "-", "B"]);
    for _ in 0..random.below(delimiters_max + 1) {
        name = format!("{}___{name}", random.one_of(TARGETS));
    }
    name
}

fn pattern(random: &mut Random) -> String {
    let tool = word(random, &["a", "b", "*", "*", ".", "_", "**", "-"]);
    let pattern = match random.below(8) {
        0 => "*".to_owned(),
        1..=3 => tool,
        4 => format!("{}___{}___{tool}", random.one_of(TARGETS), random.one_of(TARGETS)),
        _ => format!("{}___{tool}", random.one_of(&["a", "b", "ab", "a.b", "*", "a*", "*b", "a*b", "*a*", "**"])),
    };
    if pattern.matches('*').count() > 8 { pattern.replace("**", "*") } else { pattern }
}

/// One to four pieces; no underscore stands at the start or beside another.
fn word(random: &mut Random, pieces: &[&str]) -> String {
    let count = 1 + random.below(4);
    let word: String = (0..count).map(|_| random.one_of(pieces)).collect();
    if word.starts_with('_') || word.contains("__") { format!("a{}", word.replace('_', "")) } else { word }
}
