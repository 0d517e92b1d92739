//! Policies changed at random: what the reader takes the schema takes, and what only the reader refuses is beyond a schema.

use std::collections::BTreeMap;

use crate::policies;
use crate::random::Random;
use policy_model::policy::{
    ArgumentError, ConditionError, HeaderError, PinError, Problem, PushUrlError, RedactionError,
};
use policy_model::{Policy, policy};
use serde_json::{Value, json};

#[test]
fn the_schema_refuses_no_policy_and_leaves_little_to_the_reader() {
    let validator = jsonschema::draft202012::new(&serde_json::from_str(&policy::schema()).unwrap()).unwrap();
    let corpus: Vec<Value> = corpus();
    let pieces: Vec<(String, Value)> = corpus.iter().flat_map(|policy| below("", policy)).collect();
    let mut random = Random::new(2026);
    let (mut taken, mut refused_by_both) = (0, 0);
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for round in 0..ROUNDS {
        let mut document = corpus[round % corpus.len()].clone();
        for _ in 0..=random.below(3) / 2 {
            change(&mut document, &mut random, &pieces);
        }
        let text = document.to_string();
        match (Policy::parse(text.as_bytes()), validator.is_valid(&document)) {
            (Ok(_), true) => taken += 1,
            (Err(_), false) => refused_by_both += 1,
            (Ok(_), false) => {
                let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
                panic!("a policy that the schema refuses: {text}\n{errors:#?}");
            }
            (Err(error), true) => {
                assert!(is_beyond_a_schema(error.problem()), "only the reader refuses: {error}\n{text}");
                *left.entry(error.problem().code()).or_default() += 1;
            }
        }
    }
    println!("{taken} taken, {refused_by_both} refused by both, only by the reader: {left:?}");
    assert!(taken > ROUNDS / 20 && refused_by_both > ROUNDS / 4, "{taken} {refused_by_both}");
    assert!(left.values().sum::<usize>() < ROUNDS / 10, "{left:?}");
}

/// What no schema can say of a document that is right in its shape.
fn is_beyond_a_schema(problem: &Problem) -> bool {
    if let Problem::Condition(error) = problem {
        return match error {
            ConditionError::TooLong(_)
            | ConditionError::TooManyExpressions
            | ConditionError::NotAnExpression(_)
            | ConditionError::ExpressionTooBig
            | ConditionError::HostBits(_)
            | ConditionError::MappedNetwork => true,
            ConditionError::Wrong(operator, _) => ["IN_CIDR", "BETWEEN"].contains(operator),
            ConditionError::TwoValues
            | ConditionError::Missing(..)
            | ConditionError::NeedsNone(_)
            | ConditionError::NotAPath(_)
            | ConditionError::TooManyValues
            | ConditionError::TooManyWildcards => false,
        };
    }
    if let Problem::Argument(error) = problem {
        return match error {
            ArgumentError::NoArgument | ArgumentError::NotNames | ArgumentError::ByNumber | ArgumentError::TooLong => {
                true
            }
            ArgumentError::NoValue
            | ArgumentError::NeedsNone(_)
            | ArgumentError::Nothing
            | ArgumentError::NoDetectors(_) => false,
        };
    }
    if let Problem::Header(error) = problem {
        return match error {
            HeaderError::Name(_) | HeaderError::Twice(_) => true,
            HeaderError::NoValue | HeaderError::Value => false,
        };
    }
    if let Problem::Redaction(error) = problem {
        return match error {
            RedactionError::NoHashKey
            | RedactionError::TooLong
            | RedactionError::EveryRole
            | RedactionError::FoundAgain(_) => true,
            RedactionError::NotTaken { .. }
            | RedactionError::Nothing
            | RedactionError::Both
            | RedactionError::NoKeys => false,
        };
    }
    if let Problem::Pin(error) = problem {
        return match error {
            PinError::Tool(_) | PinError::Twice(_) => true,
            PinError::Digest(_) => false,
        };
    }
    if let Problem::PushUrl(_, error) = problem {
        return match error {
            PushUrlError::Host | PushUrlError::Pattern(_) => true,
            PushUrlError::NotHttps => false,
        };
    }
    // Grammars that are no regular expression, and what depends on more than one place.
    let codes = ["not-a-path", "not-a-resource", "not-a-time", "not-a-name", "duplicate-rule-id", "never-in-force"];
    codes.contains(&problem.code())
}

fn corpus() -> Vec<Value> {
    let shown = [policies::fixtures(), policies::examples()]
        .concat()
        .into_iter()
        .map(|(_, text)| serde_json::from_str(&text).unwrap());
    let full = json!({
        "$schema": "x", "policyId": "P", "tenantId": "acme", "mode": "ENFORCE", "requireActor": true, "defaultTarget": "orders", "description": "",
        "rules": [
            { "ruleId": "a", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b", "agent:tool:*"],
              "principals": { "users": ["*"], "roles": ["a", "b"], "workspaces": ["w"], "agents": ["x"] },
              "scopes": ["a", "b:c"], "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2026-02-28T00:00:00+00:00",
              "mode": "LOG_ONLY", "reason": "r", "description": "d",
              "conditions": [
                { "path": "$.claims.a", "operator": "IN", "value": [1, 2.5] },
                { "path": "$['claims'].a", "operator": "NOT_IN", "value": ["a"] },
                { "path": "$.arguments.a", "operator": "CONTAINS", "value": null },
                { "path": "$.user.id", "operator": "STARTS_WITH", "valuePath": "$.claims.b" },
                { "path": "$.user.id", "operator": "ENDS_WITH", "value": "x" },
                { "path": "$.user.id", "operator": "LIKE", "value": "a*b" },
                { "path": "$.user.id", "operator": "MATCHES", "value": "a+" },
                { "path": "$.agent.id", "operator": "NOT_EXISTS" },
                { "path": "$.arguments.ip", "operator": "IN_CIDR", "value": "10.0.0.0/8" },
                { "path": "$.time", "operator": "BETWEEN", "value": ["08:00", "18:00:30"] } ] },
            { "ruleId": "b", "effect": "DENY", "resourceType": "RESOURCE", "resources": ["agent:resource:file:///a*"] },
            { "effect": "DENY", "resourceType": "AGENT", "resources": ["agent:agent:a*", "agent:agent:a/*"] },
            { "effect": "DENY", "resourceType": "MODEL", "resources": ["agent:model:a:b/*"] },
            { "effect": "DENY", "resourceType": "PROMPT", "resources": ["agent:prompt:a"] } ],
        "freeText": "GUARD", "opaqueContent": "BLOCK", "hashKey": "k",
        "redactions": [
            { "resources": ["agent:resource:*", "agent:tool:a"], "path": "$..a", "action": "REMOVE" },
            { "resources": ["agent:tool:a"], "path": "$.b", "action": "MASK", "keepFirst": 1, "keepLast": 4, "preserveType": true,
              "unless": { "roles": ["r"], "scopes": ["s:t"] }, "caseInsensitiveKeys": true, "description": "d" },
            { "resources": ["agent:tool:a"], "detect": ["EMAIL", "PHONE"], "action": "REPLACE", "with": "x" },
            { "resources": ["agent:tool:a"], "path": "$.c", "action": "REPLACE", "with": null },
            { "resources": ["agent:tool:a"], "path": "$.d", "action": "HASH" },
            { "resources": ["agent:tool:a"], "path": "$.e", "action": "TRUNCATE", "length": 10 } ],
        "arguments": [
            { "resources": ["agent:tool:*", "agent:prompt:a"], "path": "$.arguments.a.b", "action": "SET", "value": [1] },
            { "resources": ["agent:tool:a"], "path": "$['arguments'].c", "action": "SET", "valuePath": "$.claims.c", "description": "d" },
            { "resources": ["agent:tool:a"], "path": "$.arguments..a", "action": "REMOVE" },
            { "resources": ["agent:tool:a"], "path": "$.arguments.l[0]", "action": "MASK" },
            { "resources": ["agent:tool:a"], "path": "$.arguments.m", "detect": ["EMAIL"], "action": "MASK" },
            { "resources": ["agent:tool:a"], "detect": ["IBAN", "JWT"], "action": "REFUSE" },
            { "resources": ["agent:tool:a"], "path": "$.arguments.n", "action": "REFUSE" } ],
        "limits": [ { "resources": ["agent:tool:*"], "argumentBytesMax": 100, "argumentDepthMax": 3, "stringBytesMax": 50, "description": "d" },
            { "resources": ["agent:model:a/*"], "maxTokens": 100 } ],
        "pushNotificationUrls": ["https://a.example/*", "https://*.b.example:8443/c?d=*"], "requireDecisionContext": true,
        "headers": [ { "name": "x-a", "value": "b c" }, { "name": "X_B", "valuePath": "$.decision.id", "description": "d" } ],
        "pins": [ { "tool": "a___b", "sha256": ["0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"], "description": "d" } ] });
    let baseline =
        json!({ "policyId": "B", "tenantId": "*", "rules": full["rules"].as_array().unwrap()[1..].to_vec() });
    let mut corpus: Vec<Value> = shown.collect();
    // As often as all others together.
    corpus.extend(vec![full; corpus.len()]);
    corpus.push(baseline);
    corpus
}

/// A value and all below it, each with the name of the member that it is or is in.
fn below(name: &str, value: &Value) -> Vec<(String, Value)> {
    let mut all = vec![(name.to_owned(), value.clone())];
    match value {
        Value::Array(list) => all.extend(list.iter().flat_map(|element| below(name, element))),
        Value::Object(members) => all.extend(members.iter().flat_map(|(name, value)| below(name, value))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all
}

/// One change at one place.
fn change(document: &mut Value, random: &mut Random, pieces: &[(String, Value)]) {
    let mut place = &mut *document;
    let mut own_name = String::new();
    while random.below(12) > 0 {
        let length = place.as_array().map_or(0, Vec::len) + place.as_object().map_or(0, serde_json::Map::len);
        if length == 0 {
            break;
        }
        let at = random.below(length);
        if place.is_array() {
            place = &mut place[at];
        } else {
            let (name, value) = place.as_object_mut().unwrap().iter_mut().nth(at).unwrap();
            own_name.clone_from(name);
            place = value;
        }
    }
    let junk = || {
        json!([
            null,
            true,
            0,
            -1.5,
            1e300,
            "",
            "*",
            "x",
            "$",
            "$.claims.x",
            "agent:tool:x",
            [],
            {},
            ["*"],
            [""],
            [1, "a"]
        ])
    };
    let alike: Vec<&Value> = pieces.iter().filter(|(name, _)| *name == own_name).map(|(_, value)| value).collect();
    match (random.below(8), &mut *place) {
        (0 | 3 | 4, Value::String(text)) => change_text(text, random),
        (1, Value::Array(list)) if !list.is_empty() => {
            let at = random.below(list.len());
            match random.below(3) {
                0 => drop(list.remove(at)),
                1 => list.push(list[at].clone()),
                _ => list.push(pieces[random.below(pieces.len())].1.clone()),
            }
        }
        (1, Value::Object(members)) if !members.is_empty() => {
            let name = members.keys().nth(random.below(members.len())).unwrap().clone();
            let value = members.remove(&name).unwrap();
            match random.below(3) {
                0 => {}
                1 => drop(members.insert(random.one_of(NAMES).to_owned(), value)),
                _ => {
                    members.insert(name, value);
                    members.insert(random.one_of(NAMES).to_owned(), pieces[random.below(pieces.len())].1.clone());
                }
            }
        }
        (2, place) => *place = junk()[random.below(junk().as_array().unwrap().len())].clone(),
        (5, place) => *place = pieces[random.below(pieces.len())].1.clone(),
        (_, _) if alike.is_empty() => {}
        (_, place) => *place = random.one_of(&alike).clone(),
    }
}

fn change_text(text: &mut String, random: &mut Random) {
    let at = text.char_indices().map(|(at, _)| at).nth(random.below(text.chars().count().max(1))).unwrap_or(0);
    match random.below(4) {
        0 => text.insert(at, random.one_of(CHARACTERS)),
        1 if !text.is_empty() => drop(text.remove(at)),
        2 => text.push(random.one_of(CHARACTERS)),
        _ => *text = text.to_lowercase(),
    }
}

const ROUNDS: usize = 5_000;

const NAMES: &[&str] = &[
    "value",
    "valuePath",
    "path",
    "operator",
    "effect",
    "resources",
    "resourceType",
    "principals",
    "scopes",
    "conditions",
    "mode",
    "requireActor",
    "reason",
    "description",
    "ruleId",
    "notBefore",
    "notAfter",
    "users",
    "roles",
    "rules",
    "redactions",
    "detect",
    "keepLast",
    "length",
    "with",
    "arguments",
    "limits",
    "argumentBytesMax",
    "maxTokens",
    "pushNotificationUrls",
    "requireDecisionContext",
    "headers",
    "pins",
    "name",
    "action",
    "defaultTarget",
    "tenantId",
    "policyId",
    "$schema",
    "other",
];

const CHARACTERS: &[char] = &[
    '*',
    '_',
    'a',
    'Z',
    '0',
    ':',
    '/',
    '.',
    '-',
    '$',
    '[',
    ']',
    '\'',
    '"',
    '\\',
    ' ',
    '\n',
    '\u{7f}',
    'ä',
    '\u{1F600}',
    '%',
    '#',
    '|',
    '(',
];
