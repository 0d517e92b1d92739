//! Policies, callers and calls that follow from a seed.

use serde_json::{Value, json};

use crate::asker::Asker;
use crate::random::Random;

/// A tenant's policy and a baseline.
#[derive(Clone)]
pub(crate) struct Drawn {
    pub(crate) own: Vec<Value>,
    pub(crate) baseline: Vec<Value>,
}

impl Drawn {
    pub(crate) fn new(random: &mut Random) -> Drawn {
        let own = (0..1 + random.below(6)).map(|_| rule(random, &["ALLOW", "ALLOW", "DENY"])).collect();
        let baseline = (0..random.below(3)).map(|_| rule(random, &["DENY"])).collect();
        Drawn { own, baseline }
    }

    /// The same but for a rule or two.
    pub(crate) fn changed(&self, random: &mut Random) -> Drawn {
        let mut drawn = self.clone();
        for _ in 0..1 + random.below(2) {
            let place = random.below(drawn.own.len().max(1));
            match (random.below(8), drawn.own.get_mut(place)) {
                (0, Some(_)) => drop(drawn.own.remove(place)),
                (1, Some(rule)) => rule["conditions"] = json!([condition(random)]),
                (2, Some(rule)) => rule["principals"] = json!({"roles": ["r", "s"]}),
                (3, Some(rule)) => rule["effect"] = json!(random.one_of(&["ALLOW", "DENY"])),
                (4, _) => drawn.baseline.clear(),
                (5, _) => drawn.baseline.push(rule(random, &["DENY"])),
                (_, _) => drawn.own.push(rule(random, &["ALLOW", "DENY"])),
            }
        }
        drawn
    }

    pub(crate) fn documents(&self) -> [String; 2] {
        let own = json!({"policyId": "P", "tenantId": "acme", "rules": self.own});
        [own.to_string(), json!({"policyId": "B", "tenantId": "*", "rules": self.baseline}).to_string()]
    }
}

fn rule(random: &mut Random, effects: &[&str]) -> Value {
    let (kind, word, names) = random.one_of(KINDS);
    let resources: Vec<String> =
        (0..1 + random.below(2)).map(|_| format!("agent:{word}:{}", random.one_of(names))).collect();
    let mut rule = json!({"effect": random.one_of(effects), "resourceType": kind, "resources": resources});
    let mut principals = json!({});
    for (list, choices) in
        [("users", ["alice", "bob"]), ("roles", ["r", "role-40"]), ("workspaces", ["w", "v"]), ("agents", ["x", "*"])]
    {
        if random.below(6) == 0 {
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
    let conditions: Vec<Value> = (0..random.one_of(&[0, 0, 1, 2])).map(|_| condition(random)).collect();
    if !conditions.is_empty() {
        rule["conditions"] = json!(conditions);
    }
    rule
}

fn condition(random: &mut Random) -> Value {
    let path = random.one_of(PATHS);
    match random.below(9) {
        0 => json!({"path": path, "operator": random.one_of(&["EXISTS", "NOT_EXISTS"])}),
        1 => {
            json!({"path": path, "operator": random.one_of(&["STARTS_WITH", "LIKE", "EQUALS", "CONTAINS", "MATCHES"]), "value": random.one_of(&["a", "ab"])})
        }
        2 => json!({"path": path, "operator": random.one_of(&["IN", "NOT_IN"]), "value": [1, 2]}),
        3 => json!({"path": path, "operator": random.one_of(&["EQUALS", "LESS_THAN", "NOT_EQUALS"]),
                    "valuePath": random.one_of(&["$.arguments.n", "$.claims.m"])}),
        4 => json!({"path": "$.time", "operator": "BETWEEN", "value": ["00:00", "00:00:01"]}),
        5 => json!({"path": "$.tool.name", "operator": "STARTS_WITH", "value": random.one_of(&["a", "b"])}),
        6 => json!({"path": "$.user.roles", "operator": "CONTAINS", "value": "r"}),
        _ => {
            json!({"path": path, "operator": random.one_of(&["LESS_THAN", "LESS_THAN_OR_EQUAL", "GREATER_THAN", "EQUALS"]),
                    "value": random.one_of(&[1, 2])})
        }
    }
}

/// Somebody who asks.
pub(crate) fn asker(random: &mut Random) -> Asker {
    let some = |random: &mut Random, names: [&str; 2]| -> Vec<String> {
        names.iter().filter(|_| random.below(3) == 0).map(|name| (*name).to_owned()).collect()
    };
    let mut roles = some(random, ["r", "s"]);
    if random.below(8) == 0 {
        roles.extend((0..50).map(|number| format!("role-{number}")));
    }
    let mut caller = json!({"user": random.one_of(&["alice", "bob", "eve"]), "roles": roles,
        "registryRoles": some(random, ["r", "q"]), "workspaces": some(random, ["w", "v"]),
        "scopes": some(random, ["t", "u"]), "claims": members(random), "time": random.one_of(MOMENTS)});
    if let Some(agent) = random.one_of(&[None, Some("x"), Some("y")]) {
        caller["agent"] = json!(agent);
    }
    Asker::new(&caller)
}

/// What is asked for: a kind, a name, and arguments.
pub(crate) fn call(random: &mut Random) -> (&'static str, &'static str, String) {
    let (kind, name) = random.one_of(THINGS);
    let arguments = match random.below(10) {
        0 => r#"{"n":1,"list":{"n":1,"n":3}}"#.to_owned(),
        1 => r#"{"N":1}"#.to_owned(),
        2 if random.below(5) == 0 => format!(r#"{{"n":1,"list":[{}1]}}"#, "2,".repeat(60_000)),
        _ => members(random).to_string(),
    };
    (kind, name, arguments)
}

fn members(random: &mut Random) -> Value {
    let mut members = json!({});
    for name in ["n", "m"] {
        let values = [json!(0), json!(1), json!(1.5), json!(2), json!("a"), json!("ab"), json!(null), json!({})];
        if random.below(5) > 0 {
            members[name] = random.one_of(&values.each_ref()).clone();
        }
    }
    if random.below(2) == 0 {
        members["list"] = json!([{"n": random.below(3)}, {"n": random.below(3), "m": "a"}, random.below(3)]);
    }
    members
}

type Kind = (&'static str, &'static str, &'static [&'static str]);
const KINDS: &[Kind] = &[
    ("TOOL", "tool", &["*", "a___*", "a___get", "get"]),
    ("TOOL", "tool", &["*", "a___*", "a___get", "get"]),
    ("PROMPT", "prompt", &["*", "a___hello"]),
    ("RESOURCE", "resource", &["*", "file:///a/*", "file:///a/b"]),
    ("AGENT", "agent", &["*", "planner"]),
    ("MODEL", "model", &["*", "gpt*"]),
];
const THINGS: &[(&str, &str)] = &[
    ("tool", "a___get"),
    ("tool", "a___get"),
    ("tool", "a___put"),
    ("tool", "b___get"),
    ("prompt", "a___hello"),
    ("resource", "file:///a/b"),
    ("resource", "file:///c"),
    ("agent", "planner"),
    ("model", "gpt-5"),
];
const PATHS: &[&str] = &[
    "$.arguments.n",
    "$.arguments.m",
    "$.claims.n",
    "$.claims.m",
    "$.arguments.list[*].n",
    "$.arguments.list[0]",
    "$.arguments..n",
    "$.arguments.list[?@.n > 1].n",
    "$.claims.list[*].n",
    "$.agent.id",
];
const TIMES: &[&str] = &["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"];
const MOMENTS: &[&str] =
    &["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-03-01T12:00:00Z", "2026-06-01T00:00:01Z"];
