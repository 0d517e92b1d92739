//! Random rules: what the linter says never applies is never applied, whoever asks with whatever arguments.

use std::collections::BTreeMap;

use crate::asking::{Answer, Asker};
use crate::linting::{find, rules};
use crate::random::Random;
use policy_model::{Layers, Policy};
use serde_json::{Value, json};

#[test]
fn a_rule_that_is_said_never_to_apply_never_does() {
    let mut random = Random::new(2026);
    let askers = askers();
    let arguments = arguments();
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    let mut applied = 0;
    for _ in 0..ROUNDS {
        let effect = random.one_of(&["ALLOW", "DENY"]);
        let conditions: Vec<String> = (0..1 + random.below(3)).map(|_| condition(&mut random)).collect();
        let rule = format!(
            r#"{{"effect":"{effect}","resourceType":"TOOL","resources":["agent:tool:a___b"],"conditions":[{}]}}"#,
            conditions.join(",")
        );
        let policy = match effect {
            "DENY" => rules(&format!(
                r#"{rule},{{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:a___b"],"scopes":["all"]}}"#
            )),
            _ => rules(&rule),
        };
        let parsed = Policy::parse(policy.as_bytes()).unwrap_or_else(|error| panic!("{error}: {policy}"));
        let findings = find(&policy);
        let never = findings.iter().find(|finding| finding.message.contains("the rule never applies"));
        // All is tried where something is said; elsewhere a few cases show that rules do apply.
        let (every, count) = if never.is_some() { (1, usize::MAX) } else { (7, 4) };
        let does_apply = askers.iter().step_by(every).take(count).any(|asker| {
            arguments.iter().any(|arguments| {
                let answer = asker.ask(Layers::of(&parsed), "tool", "a___b", Some(arguments));
                // Every asker has the scope of the other rule, so that a DENY shows.
                match (effect, answer) {
                    ("DENY", Answer::Denied(..)) | ("ALLOW", Answer::Allowed(_)) => true,
                    (_, Answer::Allowed(_) | Answer::Denied(..) | Answer::NoRule) => false,
                    (_, Answer::NotAName) => panic!("{policy}"),
                }
            })
        });
        applied += usize::from(does_apply);
        if let Some(never) = never {
            assert!(!does_apply, "{never:?}\n{policy}");
            *said.entry(format!("{effect} {}", never.code)).or_default() += 1;
        }
    }
    println!("{applied} of {ROUNDS} apply; said never to: {said:?}");
    assert!(applied > ROUNDS / 10, "{applied}");
    assert!(said.len() >= 3 && said.values().sum::<usize>() > ROUNDS / 20, "{said:?}");
}

fn condition(random: &mut Random) -> String {
    let path = random.one_of(&[
        "$.arguments.a",
        "$.arguments.a",
        "$['arguments']['a']",
        "$.arguments.l[*]",
        "$.claims.a",
        "$.user.id",
        "$.user.roles",
        "$.user.roles[*]",
        "$.tenant.id",
        "$.tenant",
        "$.tool.name",
        "$.time",
        "$.agent.id",
        "$.user.none",
    ]);
    let scalar = random.one_of(&["1", "2", "\"a\"", "\"ab\"", "\"alice\"", "\"acme\"", "\"globex\"", "null", "true"]);
    let number = random.one_of(&["1", "2", "1.5"]);
    let text = random.one_of(&["\"a\"", "\"b\"", "\"ab\"", "\"acme\""]);
    let list = random.one_of(&["[1,2]", "[2,3]", "[\"a\"]", "[\"ab\",\"acme\"]"]);
    let value_path = random.one_of(&["$.claims.a", "$.user.id", "$.tenant.id", "$.user.roles", "$.arguments.a"]);
    let value = match random.below(18) {
        0 | 1 => format!(r#""operator":"EQUALS","value":{scalar}"#),
        2 => format!(r#""operator":"NOT_EQUALS","value":{scalar}"#),
        3 | 4 => format!(r#""operator":"IN","value":{list}"#),
        5 => format!(r#""operator":"NOT_IN","value":{list}"#),
        6 => format!(r#""operator":"LESS_THAN","value":{number}"#),
        7 => format!(r#""operator":"GREATER_THAN_OR_EQUAL","value":{number}"#),
        8 => format!(r#""operator":"GREATER_THAN","value":{number}"#),
        9 => format!(r#""operator":"CONTAINS","value":{}"#, random.one_of(&[text, "1", "null"])),
        10 => format!(r#""operator":"STARTS_WITH","value":{text}"#),
        11 => format!(r#""operator":"ENDS_WITH","value":{text}"#),
        12 => format!(r#""operator":"LIKE","value":{}"#, random.one_of(&["\"a*\"", "\"*b\"", "\"2026*\""])),
        13 => format!(r#""operator":"MATCHES","value":{text}"#),
        14 => random.one_of(&[r#""operator":"EXISTS""#, r#""operator":"NOT_EXISTS""#]).to_owned(),
        15 => r#""operator":"BETWEEN","value":["08:00","18:00"]"#.to_owned(),
        _ => format!(
            r#""operator":"{}","valuePath":"{value_path}""#,
            random.one_of(&["EQUALS", "NOT_EQUALS", "IN", "NOT_IN", "CONTAINS", "LESS_THAN"])
        ),
    };
    format!(r#"{{"path":"{path}",{value}}}"#)
}

fn askers() -> Vec<Asker> {
    let mut askers = Vec::new();
    for user in ["alice", "a", "ab"] {
        for roles in [json!([]), json!(["a"]), json!(["ab", "acme"])] {
            for claim in values() {
                let claims = json!({ "a": claim });
                askers.push(Asker::new(&json!({ "user": user, "roles": roles, "claims": claims, "scopes": ["all"] })));
            }
        }
    }
    askers.push(Asker::new(&json!({ "agent": "a", "scopes": ["all"] })));
    askers
}

fn arguments() -> Vec<String> {
    let mut arguments: Vec<Value> = values().into_iter().map(|value| json!({ "a": value, "l": [value] })).collect();
    arguments.extend([json!({}), json!({ "l": [1, "a"] }), json!({ "l": [1, 2] }), json!({ "l": [] })]);
    arguments.iter().map(Value::to_string).collect()
}

fn values() -> Vec<Value> {
    vec![
        json!(1),
        json!(1.75),
        json!(2),
        json!("a"),
        json!("ab"),
        json!("acme"),
        json!(null),
        json!(true),
        json!(["a"]),
        json!([1]),
        json!({}),
    ]
}

const ROUNDS: usize = 300;
