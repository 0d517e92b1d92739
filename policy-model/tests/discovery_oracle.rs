//! What is listed compared with what a decision allows of very many arguments.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;
#[path = "support/random.rs"]
mod random;

use asking::{Answer, Asker};
use policy_model::{Layers, Policy};
use random::Random;
use serde_json::{Map, Value, json};

/// Policies of a kind, and the values that are tried.
struct Field {
    paths: &'static [&'static [&'static str]],
    /// A condition on an argument, but for its path.
    tests: fn(&mut Random) -> Value,
    /// How arguments are compared with claims.
    claim_operators: &'static [&'static str],
    /// Whether arguments are compared with each other.
    has_pairs: bool,
    rules: usize,
    /// Values of which one does as well as any other value would; without `None` the path is also missing.
    values: fn() -> Vec<Value>,
    /// Whether what is listed is told exactly.
    is_exact: bool,
}

#[test]
fn numbers_and_lists_are_listed_exactly() {
    let field = Field {
        paths: &[&["a"]],
        tests: |random| match random.below(4) {
            0 => plain(random),
            1 => list(random),
            _ => number(random),
        },
        claim_operators: CLAIM_OPERATORS,
        has_pairs: true,
        rules: 4,
        values: || [others(), numbers(), lists(), texts(3)].concat(),
        is_exact: true,
    };
    check(&field, 400);
}

#[test]
fn texts_are_listed_exactly() {
    let field = Field {
        paths: &[&["a"]],
        tests: |random| match random.below(5) {
            0 => plain(random),
            1 => equal_text(random),
            _ => pattern(random),
        },
        claim_operators: CLAIM_OPERATORS,
        has_pairs: false,
        rules: 5,
        values: || [others(), lists(), texts(6)].concat(),
        is_exact: true,
    };
    check(&field, 200);
}

#[test]
fn addresses_and_times_are_listed_exactly() {
    let field = Field {
        paths: &[&["a"]],
        tests: |random| match random.below(4) {
            0 => plain(random),
            1 => equal_point(random),
            _ => point(random),
        },
        claim_operators: &["EQUALS", "NOT_EQUALS", "IN", "NOT_IN"],
        has_pairs: false,
        rules: 4,
        values: || [others(), texts(1), points()].concat(),
        is_exact: true,
    };
    check(&field, 1_500);
}

#[test]
fn two_arguments_are_listed_exactly() {
    let field = Field {
        paths: &[&["a"], &["b"]],
        tests: |random| match random.below(5) {
            0 => plain(random),
            1 => number(random),
            2 => equal_text(random),
            _ => letter_pattern(random),
        },
        claim_operators: CLAIM_OPERATORS,
        has_pairs: true,
        rules: 4,
        values: || [others(), numbers(), texts(3)].concat(),
        is_exact: true,
    };
    check(&field, 60);
}

#[test]
fn arguments_inside_each_other_are_listed_exactly() {
    let field = Field {
        paths: &[&["a"], &["a", "b"], &["c"]],
        tests: |random| match random.below(3) {
            0 => plain(random),
            1 => json!({"operator": random.one_of(&["EXISTS", "NOT_EXISTS"])}),
            _ => json!({"operator": random.one_of(ORDERS), "value": 1}),
        },
        claim_operators: &["EQUALS", "NOT_EQUALS", "LESS_THAN"],
        has_pairs: true,
        rules: 5,
        values: || {
            let numbers = [-1.0, 0.0, 0.5, 1.0, 1.2, 1.3, 1.5, 1.7, 1.8, 2.0, 3.0, 4.0].map(|number| json!(number));
            let others = [json!(null), json!(true), json!(false), json!("ab"), json!("zz"), json!({})];
            others.into_iter().chain(numbers).collect()
        },
        is_exact: true,
    };
    check(&field, 100);
}

#[test]
fn whatever_can_be_allowed_is_listed() {
    let field = Field {
        paths: &[&["a"], &["b"]],
        tests: |random| match random.below(8) {
            0 => plain(random),
            1 => number(random),
            2 => equal_text(random),
            3 => letter_pattern(random),
            4 => point(random),
            5 => list(random),
            6 => json!({"operator": "MATCHES", "value": random.one_of(&["a+", "[ab]c?", ".*", "b|1.*", "\\d.*"])}),
            _ => json!({"operator": random.one_of(&["IN", "NOT_IN", "CONTAINS", "STARTS_WITH", "ENDS_WITH"]),
                        "valuePath": random.one_of(&["$.arguments.a", "$.arguments.b", "$.arguments.b[*]"])}),
        },
        claim_operators: CLAIM_OPERATORS,
        has_pairs: true,
        rules: 4,
        values: || [others(), numbers(), texts(2), points()].concat(),
        is_exact: false,
    };
    check(&field, 60);
}

fn check(field: &Field, cases: u64) {
    let values: Vec<Option<Value>> = (field.values)().into_iter().map(Some).chain([None]).collect();
    let (mut listed, mut hidden) = (0, 0);
    for seed in 0..cases {
        let random = &mut Random::new(seed);
        let document = json!({"policyId": "p", "tenantId": "acme", "rules": rules(random, field)});
        let policy =
            Policy::parse(document.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error} {document}"));
        let asker = Asker::new(
            &json!({"claims": {"text": "ab", "number": 1.5, "list": ["a", 1], "empty": [], "null": null, "object": {}}}),
        );
        let is_allowed = |arguments: Option<&str>| {
            matches!(asker.ask(Layers::of(&policy), "tool", "t", arguments), Answer::Allowed(_))
        };
        let is_listed = is_allowed(None);
        let mut tried = 0;
        let found = assignments(field, &values).find(|arguments| {
            tried += 1;
            is_allowed(Some(&arguments.to_string()))
        });
        match (is_listed, found) {
            (false, Some(arguments)) => panic!("seed {seed}: hidden, but allowed is {arguments} by {document:#}"),
            (true, None) if field.is_exact => {
                panic!("seed {seed}: listed, but none of {tried} is allowed by {document:#}")
            }
            (true, _) => listed += 1,
            (false, None) => hidden += 1,
        }
    }
    println!("{listed} listed, {hidden} hidden");
    assert!(listed >= cases / 10 && hidden >= cases / 10, "lopsided: {listed} listed, {hidden} hidden");
}

fn rules(random: &mut Random, field: &Field) -> Vec<Value> {
    let count = 1 + random.below(field.rules);
    let mut rules = Vec::new();
    for number in 0..count {
        let effect = if number == 0 { "ALLOW" } else { random.one_of(&["ALLOW", "DENY", "DENY", "DENY"]) };
        let conditions: Vec<Value> = (0..1 + random.below(3)).map(|_| condition(random, field)).collect();
        rules.push(
            json!({"effect": effect, "resourceType": "TOOL", "resources": ["agent:tool:t"], "conditions": conditions}),
        );
    }
    rules
}

fn condition(random: &mut Random, field: &Field) -> Value {
    let path = path(random, field);
    if field.has_pairs && random.below(6) == 0 {
        let operator = random.one_of(&["EQUALS", "NOT_EQUALS", "LESS_THAN", "GREATER_THAN_OR_EQUAL"]);
        let other = self::path(random, field);
        return json!({"path": path, "operator": operator, "valuePath": other});
    }
    if random.below(8) == 0 {
        let claim = random.one_of(&["text", "number", "list", "empty", "null", "object", "none"]);
        let operator = random.one_of(field.claim_operators);
        let claim = format!("$.claims.{claim}");
        return match random.below(2) {
            0 => json!({"path": path, "operator": operator, "valuePath": claim}),
            _ => json!({"path": claim, "operator": operator, "valuePath": path}),
        };
    }
    let mut condition = (field.tests)(random);
    condition["path"] = json!(path);
    condition
}

const CLAIM_OPERATORS: &[&str] =
    &["EQUALS", "NOT_EQUALS", "IN", "NOT_IN", "LESS_THAN", "CONTAINS", "STARTS_WITH", "ENDS_WITH"];

fn path(random: &mut Random, field: &Field) -> String {
    let names = random.one_of(field.paths);
    format!("$.arguments.{}", names.join("."))
}

/// Every value for every path.
fn assignments<'f>(field: &'f Field, values: &'f [Option<Value>]) -> impl Iterator<Item = Value> + 'f {
    let total = values.len().pow(u32::try_from(field.paths.len()).unwrap());
    (0..total).map(|number| {
        let mut rest = number;
        let mut arguments = Map::new();
        for path in field.paths {
            let value = &values[rest % values.len()];
            rest /= values.len();
            match (path, value) {
                (_, None) => {}
                ([name], Some(value)) => drop(arguments.insert((*name).to_owned(), value.clone())),
                // Below what is no object there is nothing.
                ([above, name], Some(value)) => {
                    let object = arguments.get_mut(*above).and_then(Value::as_object_mut);
                    object.map(|object| object.insert((*name).to_owned(), value.clone()));
                }
                _ => panic!("{path:?} is deeper than the test goes"),
            }
        }
        Value::Object(arguments)
    })
}

const ORDERS: &[&str] =
    &["LESS_THAN", "LESS_THAN_OR_EQUAL", "GREATER_THAN", "GREATER_THAN_OR_EQUAL", "EQUALS", "NOT_EQUALS"];

fn plain(random: &mut Random) -> Value {
    match random.below(4) {
        0 => json!({"operator": random.one_of(&["EXISTS", "NOT_EXISTS"])}),
        1 => json!({"operator": random.one_of(&["EQUALS", "NOT_EQUALS"]), "value": null}),
        2 => json!({"operator": random.one_of(&["EQUALS", "NOT_EQUALS"]), "value": random.below(2) == 0}),
        _ => json!({"operator": random.one_of(&["IN", "NOT_IN"]), "value": [1, 2]}),
    }
}

fn number(random: &mut Random) -> Value {
    json!({"operator": random.one_of(ORDERS), "value": random.one_of(&[json!(0), json!(1), json!(1.5), json!(2)].each_ref())})
}

fn list(random: &mut Random) -> Value {
    json!({"operator": "CONTAINS", "value": random.one_of(&[json!(1), json!(2), json!("a"), json!(null), json!(true)].each_ref())})
}

fn equal_text(random: &mut Random) -> Value {
    match random.below(2) {
        0 => {
            json!({"operator": random.one_of(&["EQUALS", "NOT_EQUALS"]), "value": random.one_of(&["a", "b", "ab", "aba", ""])})
        }
        _ => json!({"operator": random.one_of(&["IN", "NOT_IN"]), "value": ["a", "aa", "aba"]}),
    }
}

fn pattern(random: &mut Random) -> Value {
    match random.below(2) {
        0 => {
            json!({"operator": random.one_of(&["STARTS_WITH", "ENDS_WITH", "CONTAINS"]), "value": random.one_of(&["a", "b", "ab", "ba"])})
        }
        _ => {
            json!({"operator": "LIKE", "value": random.one_of(&["a*", "*b", "a*b", "*a*", "ab", "*ab*a*", "a*a", "*a*b", "*", "ab*"])})
        }
    }
}

fn letter_pattern(random: &mut Random) -> Value {
    match random.below(2) {
        0 => {
            json!({"operator": random.one_of(&["STARTS_WITH", "ENDS_WITH"]), "value": random.one_of(&["a", "b"])})
        }
        _ => json!({"operator": "LIKE", "value": random.one_of(&["a*", "*b", "a", "*a*", "*"])}),
    }
}

fn point(random: &mut Random) -> Value {
    match random.below(2) {
        0 => {
            json!({"operator": "IN_CIDR", "value": random.one_of(&["10.0.0.0/8", "10.0.0.0/31", "0.0.0.0/0", "2001:db8::/32", "::/0", "10.0.0.0/32"])})
        }
        _ => {
            json!({"operator": "BETWEEN", "value": random.one_of(&[["08:00", "18:00"], ["22:00", "06:00"], ["00:00", "12:00"], ["12:00", "00:00"]].each_ref())})
        }
    }
}

fn equal_point(random: &mut Random) -> Value {
    json!({"operator": random.one_of(&["EQUALS", "NOT_EQUALS"]), "value": random.one_of(&["10.0.0.0", "10.0.0.1", "::", "2000-01-01T08:00:00Z", "a"])})
}

/// Of every other type, and what claims are equal to or are in.
fn others() -> Vec<Value> {
    let lists =
        ["[]", "[\"ab\"]", "[1.5]", "[null]", "[\"ab\", 1.5]", "[\"ab\", null]", "[1.5, null]", "[\"ab\", 1.5, null]"];
    let lists = lists.map(|list| serde_json::from_str(list).unwrap());
    let scalars =
        [json!(null), json!(true), json!(false), json!("ab"), json!("zz"), json!(1), json!(1.5), json!(2), json!(7)];
    scalars.into_iter().chain([json!({})]).chain(lists).collect()
}

fn numbers() -> Vec<Value> {
    let numbers = [-2.0, -1.0, 0.0, 0.5, 0.6, 1.0, 1.2, 1.3, 1.5, 1.7, 1.8, 2.0, 3.0, 4.0];
    numbers.map(|number| json!(number)).to_vec()
}

/// All of up to this length with two letters that policies have, and one that they do not.
fn texts(length: usize) -> Vec<Value> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..length {
        last = last.iter().flat_map(|text| ["a", "b", "c"].map(|letter| format!("{text}{letter}"))).collect();
        all.extend(last.iter().cloned());
    }
    all.into_iter().map(Value::String).collect()
}

fn lists() -> Vec<Value> {
    let members =
        [json!(1), json!(2), json!("a"), json!(null), json!(true), json!(1.5), json!("ab"), json!("b"), json!("ba")];
    let list = |chosen: usize| {
        (0..members.len()).filter(|nth| chosen >> nth & 1 == 1).map(|nth| members[nth].clone()).collect()
    };
    (0..1_usize << members.len()).map(list).map(Value::Array).collect()
}

fn points() -> Vec<Value> {
    let addresses = [
        "9.255.255.255",
        "10.0.0.0",
        "10.0.0.1",
        "10.0.0.2",
        "10.0.0.3",
        "11.0.0.0",
        "0.0.0.0",
        "::ffff:10.0.0.0",
        "::ffff:10.0.0.1",
        "::",
        "::1",
        "2001:db7:ffff::",
        "2001:db8::",
        "2001:db8::1",
        "2001:db9::",
    ];
    let times = [
        "00:00:00", "05:59:59", "06:00:00", "07:59:59", "08:00:00", "11:59:59", "12:00:00", "17:59:59", "18:00:00",
        "22:00:00", "23:59:59",
    ];
    let days = ["2000-01-01", "2026-11-21"];
    let times = times.iter().flat_map(|time| days.map(|day| format!("{day}T{time}Z")));
    addresses.iter().map(|address| (*address).to_owned()).chain(times).map(Value::String).collect()
}
