//! What is listed: a tool of which some arguments could be allowed.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;

use asking::{Answer, Asker};
use policy_model::{Layers, Policy};
use serde_json::{Value, json};

#[test]
fn what_has_a_witness_is_listed() {
    check(true, json!([allow(json!([["a", "LESS_THAN", 10]]))]));
    check(true, json!([allow(json!([["a", "LESS_THAN", 10], ["a", "GREATER_THAN", 9.999]]))]));
    check(true, json!([allow(json!([["a", "IN", ["x", "y"]], ["b", "EXISTS"]])), deny(json!([["a", "EQUALS", "x"]]))]));
}

#[test]
fn conditions_that_contradict_each_other_are_hidden() {
    check(false, json!([allow(json!([["a", "LESS_THAN", 10], ["a", "GREATER_THAN", 20]]))]));
    check(false, json!([allow(json!([["a", "LESS_THAN", 10], ["a", "GREATER_THAN_OR_EQUAL", 10]]))]));
    check(true, json!([allow(json!([["a", "LESS_THAN_OR_EQUAL", 10], ["a", "GREATER_THAN_OR_EQUAL", 10]]))]));
    check(false, json!([allow(json!([["a", "IN", ["x", "y"]], ["a", "NOT_IN", ["y", "x", "z"]]]))]));
    check(false, json!([allow(json!([["a", "EQUALS", "x"], ["a", "NOT_EQUALS", "x"], ["b", "EXISTS"]]))]));
}

#[test]
fn the_arguments_as_a_whole_are_an_object_or_missing() {
    let of = |effect: &str, condition: &str| {
        format!(
            r#"{{"effect":"{effect}","resourceType":"TOOL","resources":["agent:tool:t"],"conditions":[{{"path":"$.arguments",{condition}}}]}}"#
        )
    };
    for (condition, expected) in [
        (r#""operator":"EQUALS","value":"x""#, false),
        (r#""operator":"IN","value":[1,2]"#, false),
        (r#""operator":"EQUALS","value":null"#, false),
        (r#""operator":"NOT_EQUALS","value":null"#, true),
        (r#""operator":"EXISTS""#, true),
        (r#""operator":"NOT_EXISTS""#, true),
    ] {
        let document = format!(r#"{{"policyId":"p","tenantId":"acme","rules":[{}]}}"#, of("ALLOW", condition));
        let policy = Policy::parse(document.as_bytes()).unwrap();
        let answer = Asker::new(&Value::Null).ask(Layers::of(&policy), "tool", "t", None);
        assert_eq!(matches!(answer, Answer::Allowed(_)), expected, "{condition}: {answer:?}");
    }
}

#[test]
fn a_deny_over_the_whole_range_of_an_allow_hides_it() {
    let allow = || allow(json!([["a", "GREATER_THAN", 0], ["a", "LESS_THAN", 10]]));
    check(false, json!([allow(), deny(json!([["a", "GREATER_THAN_OR_EQUAL", 0]]))]));
    check(
        false,
        json!([allow(), deny(json!([["a", "GREATER_THAN", 5]])), deny(json!([["a", "LESS_THAN_OR_EQUAL", 5]]))]),
    );
    // Only 5 is left.
    let around = json!([allow(), deny(json!([["a", "GREATER_THAN", 5]])), deny(json!([["a", "LESS_THAN", 5]]))]);
    check(true, around.clone());
    check(false, with(around, deny(json!([["a", "EQUALS", 5.0]]))));
}

#[test]
fn one_exact_value_may_be_all_that_is_left() {
    let rules = json!([allow(json!([["a", "GREATER_THAN_OR_EQUAL", 10], ["a", "LESS_THAN_OR_EQUAL", 10]]))]);
    check(true, rules.clone());
    // A number cannot be compared with a text, and what cannot be evaluated denies.
    check(false, with(rules.clone(), deny(json!([["a", "EQUALS", "10"]]))));
    check(true, with(rules.clone(), deny(json!([["a", "EQUALS", "10"], ["b", "EQUALS", 1]]))));
    check(false, with(rules, deny(json!([["a", "IN", [9, 1e1, 11]]]))));
}

#[test]
fn between_two_decimals_there_is_another_one() {
    for (low, high) in [("0.1", "0.10000000000000000000000000000000000001"), ("-1e-400", "0"), ("1e400", "1.1e400")] {
        let between = |low: &str, high: &str| {
            format!(
                r#"[{{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:t"],"conditions":[
                {{"path":"$.arguments.a","operator":"GREATER_THAN","value":{low}}},
                {{"path":"$.arguments.a","operator":"LESS_THAN","value":{high}}}]}}]"#
            )
        };
        assert!(is_listed_text(&between(low, high)), "{low} {high}");
        assert!(!is_listed_text(&between(high, low)), "{high} {low}");
        assert!(!is_listed_text(&between(low, low)), "{low}");
    }
}

#[test]
fn existence_is_told_from_null() {
    check(true, json!([allow(json!([["a", "NOT_EXISTS"], ["b", "EXISTS"]]))]));
    check(false, json!([allow(json!([["a", "NOT_EXISTS"], ["a", "EXISTS"]]))]));
    check(false, json!([allow(json!([["a", "NOT_EXISTS"], ["a", "EQUALS", null]]))]));
    check(true, json!([allow_always(), deny(json!([["a", "EXISTS"], ["a", "GREATER_THAN", 500]]))]));
    check(false, json!([allow_always(), deny(json!([["a", "EXISTS"]])), deny(json!([["a", "GREATER_THAN", 500]]))]));
    check(false, json!([allow_always(), deny(json!([["a", "EXISTS"]])), deny(json!([["a", "NOT_EXISTS"]]))]));
}

#[test]
fn a_claim_is_a_constant() {
    let rules = |other: &str| {
        json!([{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:t"], "conditions": [
        {"path": "$.arguments.a", "operator": "EQUALS", "valuePath": "$.claims.tenant"},
        {"path": "$.arguments.a", "operator": "EQUALS", "value": other}]}])
    };
    check(true, rules("acme"));
    check(false, rules("globex"));
    let missing =
        json!([allow_by(json!([{"path": "$.arguments.a", "operator": "EQUALS", "valuePath": "$.claims.none"}]))]);
    check(false, missing);
    let domain = |host: &str| {
        json!([allow_by(json!([{"path": "$.claims.email", "operator": "ENDS_WITH", "valuePath": "$.arguments.a"},
                               {"path": "$.arguments.a", "operator": "ENDS_WITH", "value": host}]))])
    };
    check(true, domain("example.com"));
    check(false, domain("example.org"));
    let group = |operator: &str| {
        json!([
            allow_by(json!([{"path": "$.arguments.a", "operator": "IN", "valuePath": "$.claims.groups"},
                               {"path": "$.arguments.a", "operator": operator, "value": "red"}])),
            deny(json!([["a", "EQUALS", "blue"]]))
        ])
    };
    check(true, group("EQUALS"));
    check(false, group("NOT_EQUALS"));
}

#[test]
fn of_two_allow_rules_one_is_enough() {
    let impossible = || allow(json!([["a", "LESS_THAN", 10], ["a", "GREATER_THAN", 20]]));
    check(true, json!([impossible(), allow(json!([["a", "EQUALS", 1]]))]));
    check(false, json!([impossible(), allow(json!([["b", "EQUALS", "x"], ["b", "EQUALS", 1]]))]));
}

#[test]
fn a_deny_on_another_argument_is_kept_clear_of() {
    let rules = json!([allow(json!([["a", "EQUALS", 1]])), deny(json!([["b", "NOT_EQUALS", "x"]]))]);
    check(true, rules.clone());
    check(false, with(rules.clone(), deny(json!([["b", "STARTS_WITH", "x"]]))));
    check(true, with(rules, deny(json!([["b", "STARTS_WITH", "x"], ["a", "GREATER_THAN", 1]]))));
}

#[test]
fn one_value_has_one_type() {
    check(false, json!([allow(json!([["a", "STARTS_WITH", "x"], ["a", "LESS_THAN", 5]]))]));
    check(false, json!([allow(json!([["a", "MATCHES", "[0-9]+"], ["a", "LESS_THAN", 5]]))]));
    check(false, json!([allow(json!([["a", "EQUALS", true], ["a", "NOT_EQUALS", 1]]))]));
    check(true, json!([allow(json!([["a", "EQUALS", true], ["a", "NOT_EQUALS", null]]))]));
    // Texts and lists contain.
    check(true, json!([allow(json!([["a", "CONTAINS", "x"], ["a", "CONTAINS", 5]]))]));
    check(false, json!([allow(json!([["a", "CONTAINS", "x"], ["a", "CONTAINS", 5], ["a", "LIKE", "*"]]))]));
    check(
        false,
        json!([allow(json!([["a", "CONTAINS", "x"], ["a", "CONTAINS", 5]])), deny(json!([["a", "CONTAINS", "y"]]))]),
    );
    // What is no object has nothing below it.
    check(false, json!([allow(json!([["a.b", "EXISTS"], ["a", "EQUALS", 1]]))]));
    check(true, json!([allow(json!([["a.b", "EXISTS"], ["a", "NOT_EQUALS", null]]))]));
    check(
        false,
        json!([allow_by(
            json!([{"path": "$.arguments", "operator": "NOT_EXISTS"}, {"path": "$.arguments['a']", "operator": "EXISTS"}])
        )]),
    );
}

#[test]
fn the_baseline_is_kept_clear_of_too() {
    let rules = json!([allow(json!([["a", "GREATER_THAN", 10]]))]);
    let listed = |baseline: Value| is_listed(&rules, Some(&json!([baseline])));
    assert!(listed(deny(json!([["a", "GREATER_THAN", 11]]))));
    assert!(!listed(deny(json!([["a", "GREATER_THAN", 10]]))));
    assert!(listed(deny(json!([["a", "GREATER_THAN", 10], ["b", "EXISTS"]]))));
}

#[test]
fn patterns_of_texts_are_read_side_by_side() {
    let listed = |conditions: Value, expected: bool| check(expected, json!([allow(conditions)]));
    listed(
        json!([["a", "LIKE", "report-*-2026"], ["a", "STARTS_WITH", "report-q"], ["a", "ENDS_WITH", "3-2026"]]),
        true,
    );
    listed(json!([["a", "LIKE", "report-*-2026"], ["a", "STARTS_WITH", "reports"]]), false);
    listed(json!([["a", "LIKE", "report-*-2026"], ["a", "ENDS_WITH", "2025"]]), false);
    listed(json!([["a", "LIKE", "ab*"], ["a", "LIKE", "*ba"], ["a", "EQUALS", "aba"]]), true);
    listed(json!([["a", "LIKE", "ab*"], ["a", "LIKE", "*ba"], ["a", "EQUALS", "ab"]]), false);
    // Of the texts that begin with ab and end with ba, aba alone has no second b after the first.
    let only =
        json!([allow(json!([["a", "LIKE", "ab*"], ["a", "LIKE", "*ba"]])), deny(json!([["a", "LIKE", "*b*b*"]]))]);
    check(true, only.clone());
    check(false, with(only, deny(json!([["a", "EQUALS", "aba"]]))));
    check(
        false,
        json!([allow(json!([["a", "STARTS_WITH", "/data/x"]])), deny(json!([["a", "STARTS_WITH", "/data/"]]))]),
    );
    check(
        true,
        json!([allow(json!([["a", "STARTS_WITH", "/data/"]])), deny(json!([["a", "STARTS_WITH", "/data/x"]]))]),
    );
    check(false, json!([allow(json!([["a", "LIKE", "a*"]])), deny(json!([["a", "CONTAINS", "a"]]))]));
}

#[test]
fn addresses_and_times_have_bounds() {
    let listed = |conditions: Value, expected: bool| check(expected, json!([allow(conditions)]));
    listed(json!([["a", "IN_CIDR", "10.0.0.0/8"], ["a", "IN_CIDR", "10.1.0.0/16"]]), true);
    listed(json!([["a", "IN_CIDR", "10.0.0.0/8"], ["a", "IN_CIDR", "11.0.0.0/8"]]), false);
    listed(json!([["a", "IN_CIDR", "10.0.0.0/8"], ["a", "IN_CIDR", "::/0"]]), false);
    listed(json!([["a", "IN_CIDR", "10.0.0.0/8"], ["a", "BETWEEN", ["08:00", "09:00"]]]), false);
    listed(json!([["a", "BETWEEN", ["22:00", "06:00"]], ["a", "BETWEEN", ["05:59:59", "07:00"]]]), true);
    listed(json!([["a", "BETWEEN", ["22:00", "06:00"]], ["a", "BETWEEN", ["06:00", "22:00"]]]), false);
    let halves = |deny_also: &str| {
        json!([
            allow(json!([["a", "IN_CIDR", "10.0.0.0/30"]])),
            deny(json!([["a", "IN_CIDR", ["10.0.0.0/31", deny_also]]]))
        ])
    };
    check(true, halves("10.0.0.3/32"));
    check(false, halves("10.0.0.2/31"));
}

#[test]
fn arguments_are_compared_with_each_other() {
    let pair = |operator: &str| json!({"path": "$.arguments.a", "operator": operator, "valuePath": "$.arguments.b"});
    let plain = |path: &str, operator: &str, value: Value| json!({"path": path, "operator": operator, "value": value});
    let check = |expected: bool, conditions: &[Value]| check(expected, json!([allow_by(json!(conditions))]));
    let (is_1, is_2) = (plain("$.arguments.a", "EQUALS", json!(1)), plain("$.arguments.b", "EQUALS", json!(2)));
    check(true, &[pair("NOT_EQUALS"), is_1.clone(), is_2.clone()]);
    check(false, &[pair("EQUALS"), is_1.clone(), is_2]);
    let above = plain("$.arguments.a", "GREATER_THAN", json!(1));
    let below = |bound: Value| plain("$.arguments.b", "LESS_THAN", bound);
    check(true, &[pair("LESS_THAN"), above.clone(), below(json!(1.001))]);
    check(false, &[pair("LESS_THAN"), above.clone(), below(json!(1))]);
    check(false, &[pair("EQUALS"), above, plain("$.arguments.b", "STARTS_WITH", json!("x"))]);
    check(
        true,
        &[pair("NOT_EQUALS"), plain("$.arguments.a", "LIKE", json!("x*")), plain("$.arguments.b", "LIKE", json!("x*"))],
    );
    check(
        false,
        &[pair("NOT_EQUALS"), plain("$.arguments.a", "LIKE", json!("x")), plain("$.arguments.b", "LIKE", json!("x"))],
    );
    check(false, &[pair("LESS_THAN"), pair("EQUALS")]);
}

#[test]
fn where_it_cannot_be_told_it_is_listed() {
    // No list has such elements, but what is in lists is not looked for.
    let wildcard = json!([["a[*]", "EQUALS", 1], ["a[*]", "EQUALS", 2]]);
    check(true, json!([allow(wildcard.clone())]));
    check(true, json!([allow(json!([["a", "MATCHES", "x+"]])), deny(json!([["a", "MATCHES", "x.*"]]))]));
    // A name in two spellings is never clear, nor is that looked for.
    check(true, json!([allow(json!([["a", "EQUALS", 1], ["A", "EXISTS"]]))]));
    // What is looked for counts all the same.
    check(false, json!([allow(json!([["a", "EQUALS", 1], ["A", "EXISTS"], ["a", "EQUALS", 2]]))]));
    check(false, json!([allow(with(with(wildcard, json!(["b", "EQUALS", 1])), json!(["b", "EQUALS", 2])))]));
    check(false, json!([allow(json!([["a", "MATCHES", "x+"]])), deny(json!([["a", "NOT_IN", ["y", "z"]]]))]));
}

#[test]
fn a_search_that_would_be_too_long_lists() {
    // As many different arguments as can be told apart, and one more.
    let pigeons = |holes: usize| {
        let names: Vec<String> = (0..=holes).map(|name| format!("p{name}")).collect();
        let holes: Vec<String> = (0..holes).map(|hole| format!("h{hole}")).collect();
        let conditions: Vec<Value> = names.iter().map(|name| json!([name, "IN", holes])).collect();
        let mut rules = vec![allow(json!(conditions))];
        for (number, name) in names.iter().enumerate() {
            rules.extend(names[..number].iter().map(|other| {
                json!({"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:t"], "conditions": [
                    {"path": format!("$.arguments.{name}"), "operator": "EQUALS", "valuePath": format!("$.arguments.{other}")}]})
            }));
        }
        json!(rules)
    };
    check(false, pigeons(3));
    check(true, pigeons(9));
}

#[test]
fn what_arguments_cannot_change_is_decided_first() {
    let time = json!({"path": "$.time", "operator": "BETWEEN", "value": ["00:00", "01:00"]});
    let small = json!({"path": "$.arguments.a", "operator": "LESS_THAN", "value": 10});
    check(false, json!([allow_by(json!([time, small]))]));
    check(
        true,
        json!([
            allow(json!([["a", "LESS_THAN", 10]])),
            deny_by(json!([time, {"path": "$.arguments.a", "operator": "EXISTS"}]))
        ]),
    );
    let unknown = json!({"path": "$.claims.none", "operator": "EQUALS", "value": 1});
    check(false, json!([allow_by(json!([unknown, small]))]));
    check(
        true,
        json!([
            allow(json!([["a", "LESS_THAN", 10]])),
            deny_by(json!([unknown, {"path": "$.arguments.a", "operator": "LESS_THAN", "value": 5}]))
        ]),
    );
    check(
        false,
        json!([
            allow(json!([["a", "LESS_THAN", 5]])),
            deny_by(json!([unknown, {"path": "$.arguments.a", "operator": "LESS_THAN", "value": 5}]))
        ]),
    );
}

fn check(expected: bool, rules: Value) {
    assert_eq!(is_listed(&rules, None), expected, "{rules:#}");
}

fn is_listed(rules: &Value, baseline: Option<&Value>) -> bool {
    let baseline = baseline.map(|rules| parse("*", &rules.to_string()));
    ask(&parse("acme", &rules.to_string()), baseline.as_ref())
}

fn is_listed_text(rules: &str) -> bool {
    ask(&parse("acme", rules), None)
}

fn ask(policy: &Policy, baseline: Option<&Policy>) -> bool {
    let claims = json!({"tenant": "acme", "email": "alice@example.com", "groups": ["red", "blue"]});
    let answer =
        Asker::new(&json!({"claims": claims})).ask(Layers { kills: None, baseline, policy }, "tool", "t", None);
    matches!(answer, Answer::Allowed(_))
}

fn parse(tenant: &str, rules: &str) -> Policy {
    let document = format!(r#"{{"policyId":"p","tenantId":"{tenant}","rules":{rules}}}"#);
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} {document}"))
}

/// A rule with conditions `[argument, operator, value]`.
fn allow(conditions: Value) -> Value {
    allow_by(written(&conditions))
}

fn allow_always() -> Value {
    json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:t"]})
}

fn deny(conditions: Value) -> Value {
    deny_by(written(&conditions))
}

fn allow_by(conditions: Value) -> Value {
    json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:t"], "conditions": conditions})
}

fn deny_by(conditions: Value) -> Value {
    json!({"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:t"], "conditions": conditions})
}

fn written(conditions: &Value) -> Value {
    let condition = |short: &Value| {
        let mut condition =
            json!({"path": format!("$.arguments.{}", short[0].as_str().unwrap()), "operator": short[1]});
        if let Some(value) = short.get(2) {
            condition["value"] = value.clone();
        }
        condition
    };
    conditions.as_array().unwrap().iter().map(condition).collect()
}

fn with(list: Value, more: Value) -> Value {
    let mut list = list.as_array().unwrap().clone();
    list.push(more);
    Value::Array(list)
}
