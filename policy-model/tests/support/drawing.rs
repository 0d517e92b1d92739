//! Rules, conditions and callers that follow from one seed.

#[path = "random.rs"]
pub(crate) mod random;

use random::Random;
use serde_json::{Value, json};

pub(crate) fn draw_rule(random: &mut Random, effects: &[&str]) -> Value {
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

pub(crate) fn draw_condition(random: &mut Random) -> Value {
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

pub(crate) fn draw_caller(random: &mut Random) -> Value {
    let some = |random: &mut Random, names: [&str; 2]| -> Vec<String> {
        names.iter().filter(|_| random.below(3) == 0).map(|name| (*name).to_owned()).collect()
    };
    let mut caller = json!({"user": random.one_of(&["alice", "bob", "eve"]), "roles": some(random, ["r", "s"]),
        "scopes": some(random, ["t", "u"]), "claims": draw_members(random), "time": random.one_of(MOMENTS)});
    if let Some(agent) = random.one_of(&[None, Some("x"), Some("y")]) {
        caller["agent"] = json!(agent);
    }
    caller
}

pub(crate) fn draw_members(random: &mut Random) -> Value {
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

const PATTERNS: &[&str] =
    &["*", "a___*", "*___get", "a___get", "b___g*t", "get", "get*", "*t", "g*", "a*___get", "b___put", "*u*"];
pub(crate) const NAMES: &[&str] = &[
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
