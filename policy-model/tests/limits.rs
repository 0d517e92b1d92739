//! How large the arguments of a call may be.
#![cfg(test)]

#[path = "support/asker.rs"]
mod asker;
#[path = "support/resource.rs"]
mod resource;
#[path = "support/rewriting.rs"]
mod rewriting;

use policy_model::policy::{LimitError, Problem};
use policy_model::rewriting::Unresolved;
use policy_model::{Bound, Exceeded, Layers, Policy};
use proptest::prelude::*;
use rewriting::rewrite;
use serde_json::{Value, json};

#[test]
fn arguments_as_large_as_the_bound_pass_and_larger_ones_do_not() {
    let bytes = |most: usize| limit(&format!(r#""argumentBytesMax":{most}"#));
    assert_eq!(of(&bytes(9), r#"{ "a" : "\u00e9" }"#), Err((Bound::ArgumentBytes, 9)));
    assert_eq!(of(&bytes(10), r#"{ "a" : "\u00e9" }"#), Ok(()));
    let depth = |most: usize| limit(&format!(r#""argumentDepthMax":{most}"#));
    for (arguments, own) in
        [("{}", 1), (r#"{"a":"[[[]]]"}"#, 1), (r#"{"a":[]}"#, 2), (r#"{"a":[1],"b":[{"c":{}}]}"#, 4)]
    {
        assert_eq!(of(&depth(own), arguments), Ok(()), "{arguments}");
        if own > 1 {
            assert_eq!(of(&depth(own - 1), arguments), Err((Bound::ArgumentDepth, own - 1)), "{arguments}");
        }
    }
    let string = |most: usize| limit(&format!(r#""stringBytesMax":{most}"#));
    for arguments in [r#"{"a":"xyz"}"#, r#"{"a":["\u0078yz"]}"#, r#"{"xyz":"a"}"#, r#"{"a":[{"x\u00e9":12345}]}"#] {
        assert_eq!(of(&string(3), arguments), Ok(()), "{arguments}");
        assert_eq!(of(&string(2), arguments), Err((Bound::StringBytes, 2)), "{arguments}");
    }
}

#[test]
fn of_several_limits_the_smallest_bounds_count() {
    let limits = r#"{"resources":["agent:tool:*"],"stringBytesMax":4,"argumentDepthMax":2},
        {"resources":["agent:tool:t"],"stringBytesMax":3},{"resources":["agent:tool:u"],"stringBytesMax":1}"#;
    let baseline = r#"{"resources":["agent:tool:*"],"stringBytesMax":5,"argumentDepthMax":1}"#;
    let (tenant, baseline) = (parse("acme", limits, ""), parse("*", baseline, ""));
    let layers = Layers { kills: None, baseline: Some(&baseline), policy: &tenant };
    let told = |arguments: &str| exceeded(rewrite(layers, &Value::Null, "tool", "t", Some(arguments)));
    assert_eq!(told(r#"{"a":"xyz"}"#), Ok(()));
    assert_eq!(told(r#"{"a":"wxyz"}"#), Err((Bound::StringBytes, 3)));
    assert_eq!(told(r#"{"a":[]}"#), Err((Bound::ArgumentDepth, 1)));
    let reversed = Layers { kills: None, baseline: Some(&tenant), policy: &baseline };
    assert_eq!(
        exceeded(rewrite(reversed, &Value::Null, "tool", "t", Some(r#"{"a":"wxyz"}"#))),
        Err((Bound::StringBytes, 3))
    );
}

#[test]
fn a_limit_reaches_what_a_deny_would_reach() {
    let limits = r#"{"resources":["agent:tool:get*","agent:prompt:orders___ask"],"stringBytesMax":2}"#;
    let policy = parse("acme", limits, "");
    let is_refused = |kind: &str, name: &str| {
        rewrite(Layers::of(&policy), &Value::Null, kind, name, Some(r#"{"a":"xyz"}"#)).is_err()
    };
    for (kind, name) in [("tool", "get"), ("tool", "orders___getOrder"), ("prompt", "orders___ask")] {
        assert!(is_refused(kind, name), "{kind} {name}");
    }
    for (kind, name) in [("tool", "list"), ("prompt", "ask"), ("resource", "file:///get")] {
        assert!(!is_refused(kind, name), "{kind} {name}");
    }
}

#[test]
fn arguments_are_measured_as_they_came_and_as_they_go_on() {
    let entry = |action: &str| {
        format!(r#""arguments":[{{"resources":["agent:tool:t"],"path":"$.arguments.a","action":{action}}}]"#)
    };
    let with = |more: &str| parse("acme", &limit(r#""stringBytesMax":4"#), more);
    let told = |policy: &Policy, arguments: Option<&str>| {
        exceeded(rewrite(Layers::of(policy), &Value::Null, "tool", "t", arguments))
    };
    let removing = with(&entry(r#""REMOVE""#));
    assert_eq!(told(&removing, Some(r#"{"a":"12345"}"#)), Err((Bound::StringBytes, 4)));
    assert_eq!(told(&removing, Some(r#"{"a":"1234"}"#)), Ok(()));
    let setting = with(&entry(r#""SET","value":"12345""#));
    assert_eq!(told(&setting, Some("{}")), Err((Bound::StringBytes, 4)));
    assert_eq!(told(&setting, None), Err((Bound::StringBytes, 4)));
    assert_eq!(told(&with(&entry(r#""SET","value":"1234""#)), None), Ok(()));
}

#[test]
fn a_policy_that_only_logs_limits_nothing() {
    let policy = parse("acme", &limit(r#""stringBytesMax":1"#), r#""mode":"LOG_ONLY""#);
    let told = rewrite(Layers::of(&policy), &Value::Null, "tool", "t", Some(r#"{"a":"xyz"}"#));
    assert_eq!(exceeded(told), Ok(()));
}

#[test]
fn a_limit_has_a_bound_within_bounds() {
    let problem = |members: &str| {
        let document = document("acme", &limit(members), "");
        let error = Policy::parse(document.as_bytes()).unwrap_err();
        (error.place().to_owned(), error.problem().clone())
    };
    let wrong = |members: &str, place: &str, expected: Problem| {
        assert_eq!(problem(members), (format!("limits[0]{place}"), expected), "{members}");
    };
    wrong(r#""description":"d""#, "", Problem::Limit(LimitError::NoBound));
    for value in ["0", "6291457", "-1", "1.5", "1e3", "\"1\"", "null"] {
        wrong(&format!(r#""argumentBytesMax":{value}"#), ".argumentBytesMax", Problem::NotACount(1, 6_291_456));
        wrong(&format!(r#""stringBytesMax":{value}"#), ".stringBytesMax", Problem::NotACount(1, 6_291_456));
    }
    wrong(r#""argumentDepthMax":128"#, ".argumentDepthMax", Problem::NotACount(1, 127));
    assert_eq!(
        LimitError::NoBound.to_string(),
        r#"no bound is there; write "argumentBytesMax", "argumentDepthMax" or "stringBytesMax", or for models "maxTokens""#
    );
    let most = r#""argumentBytesMax":6291456,"argumentDepthMax":127,"stringBytesMax":1,"description":"d""#;
    parse("acme", &limit(most), "");
    let many = |count: usize| document("acme", &vec![limit(r#""stringBytesMax":1"#); count].join(","), "");
    Policy::parse(many(1_000).as_bytes()).unwrap();
    assert!(Policy::parse(many(1_001).as_bytes()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_size_is_the_same_however_it_is_written(value in values()) {
        let arguments = json!({ "a": value });
        let plain = arguments.to_string();
        let escaped: String = plain.chars().map(|character| match character {
            'x' | 'é' => format!("\\u{:04x}", character as u32),
            _ => character.to_string(),
        }).collect();
        let bytes = |most: usize| limit(&format!(r#""argumentBytesMax":{most}"#));
        for text in [plain.clone(), serde_json::to_string_pretty(&arguments).unwrap(), escaped] {
            prop_assert_eq!(of(&bytes(plain.len()), &text), Ok(()));
            prop_assert_eq!(of(&bytes(plain.len() - 1), &text), Err((Bound::ArgumentBytes, plain.len() - 1)));
        }
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[xyé ]{0,5}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[xyé]{0,3}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A limit for the tool `t`.
fn limit(members: &str) -> String {
    format!(r#"{{"resources":["agent:tool:t"],{members}}}"#)
}

fn document(tenant: &str, limits: &str, more: &str) -> String {
    let more = if more.is_empty() { String::new() } else { format!(",{more}") };
    format!(r#"{{"policyId":"p","tenantId":"{tenant}","rules":[],"limits":[{limits}]{more}}}"#)
}

fn parse(tenant: &str, limits: &str, more: &str) -> Policy {
    let document = document(tenant, limits, more);
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"))
}

fn of(limits: &str, arguments: &str) -> Result<(), (Bound, usize)> {
    let policy = parse("acme", limits, "");
    exceeded(rewrite(Layers::of(&policy), &Value::Null, "tool", "t", Some(arguments)))
}

fn exceeded(told: Result<Option<String>, Unresolved>) -> Result<(), (Bound, usize)> {
    match told {
        Ok(_) => Ok(()),
        Err(Unresolved::Limit(Exceeded { bound, most })) => Err((bound, most)),
        Err(other) => panic!("{other}"),
    }
}
