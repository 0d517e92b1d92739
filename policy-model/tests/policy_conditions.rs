//! What is wrong with principals, scopes, times, conditions and the baseline, said to their author.
#![cfg(test)]

use policy_model::Policy;
use policy_model::policy::{
    CONDITIONS_MAX, EXPRESSION_BYTES_MAX, EXPRESSIONS_MAX, NAME_BYTES_MAX, NAMES_MAX, PATH_PATTERNS_SIZE_MAX,
    VALUE_BYTES_MAX, VALUES_MAX,
};
use serde_json::{Value, json};

#[test]
fn a_condition_is_told_what_its_operator_needs() {
    let x = "$.arguments.x";
    for (condition, place, remedy) in [
        (json!({"path": x}), "", "\"operator\" is missing"),
        (json!({"operator": "EXISTS"}), "", "\"path\" is missing"),
        (json!({"path": x, "operator": "equals", "value": 1}), ".operator", "one of EQUALS, NOT_EQUALS"),
        (json!({"path": x, "operator": "EQUALS"}), "", "EQUALS needs \"value\": a string, number, boolean or null"),
        (json!({"path": x, "operator": "EQUALS", "value": [1]}), ".value", "EQUALS needs a string, number"),
        (json!({"path": x, "operator": "EQUALS", "value": {}}), ".value", "EQUALS needs a string, number"),
        (json!({"path": x, "operator": "EQUALS", "value": 1, "valuePath": x}), "", "keep one"),
        (json!({"path": x, "operator": "EQUALS", "valuepath": x}), "", "unknown field \"valuepath\""),
        (json!({"path": x, "operator": "EXISTS", "value": true}), ".value", "EXISTS takes no value"),
        (json!({"path": x, "operator": "NOT_EXISTS", "valuePath": x}), ".valuePath", "NOT_EXISTS takes no value"),
        (json!({"path": x, "operator": "IN", "value": "a"}), ".value", "IN needs a list, not empty, of strings or"),
        (json!({"path": x, "operator": "IN", "value": []}), ".value", "IN needs a list, not empty"),
        (json!({"path": x, "operator": "IN", "value": ["a", 1]}), ".value", "of strings or of numbers"),
        (json!({"path": x, "operator": "NOT_IN", "value": [true]}), ".value", "of strings or of numbers"),
        (json!({"path": x, "operator": "NOT_IN", "value": {"a": "a"}}), ".value", "of strings or of numbers"),
        (json!({"path": x, "operator": "LESS_THAN", "value": "1"}), ".value", "LESS_THAN needs a number"),
        (json!({"path": x, "operator": "GREATER_THAN"}), "", "GREATER_THAN needs \"value\": a number"),
        (json!({"path": x, "operator": "CONTAINS", "value": ""}), ".value", "not the empty string"),
        (json!({"path": x, "operator": "CONTAINS", "value": []}), ".value", "CONTAINS needs a string, number"),
        (json!({"path": x, "operator": "STARTS_WITH", "value": ""}), ".value", "a string that is not empty"),
        (json!({"path": x, "operator": "ENDS_WITH", "value": 1}), ".value", "a string that is not empty"),
        (json!({"path": x, "operator": "LIKE", "value": ""}), ".value", "LIKE needs a string, not empty"),
        (json!({"path": x, "operator": "LIKE", "valuePath": x}), ".valuePath", "LIKE takes a \"value\", not a"),
        (json!({"path": x, "operator": "LIKE", "value": "*a*a*a*a*a*a*a*a*"}), ".value", "more than 8 wildcards"),
        (json!({"path": x, "operator": "MATCHES", "valuePath": x}), ".valuePath", "MATCHES takes a \"value\""),
        (json!({"path": x, "operator": "MATCHES", "value": "("}), ".value", "not a regular expression: unclosed group"),
        (json!({"path": x, "operator": "MATCHES", "value": "a)|(b"}), ".value", "not a regular expression: "),
        (json!({"path": x, "operator": "MATCHES", "value": "(?=a)"}), ".value", "look-around"),
        (json!({"path": x, "operator": "MATCHES", "value": "(a)\\1"}), ".value", "backreferences"),
        (json!({"path": x, "operator": "MATCHES", "value": "(?x)a#"}), ".value", "not a regular expression"),
        (json!({"path": x, "operator": "MATCHES", "value": "(\\w{99}){99}"}), ".value", "too large when compiled"),
        (json!({"path": x, "operator": "MATCHES", "value": "(".repeat(200)}), ".value", "not a regular expression"),
        (json!({"path": x, "operator": "IN_CIDR", "value": "10.0.0.1"}), ".value", "a network as in \"10.0.0.0/8\""),
        (json!({"path": x, "operator": "IN_CIDR", "value": "10.0.0.1/8"}), ".value", "did you mean \"10.0.0.0/8\"?"),
        (json!({"path": x, "operator": "IN_CIDR", "value": "10.0.0.0/33"}), ".value", "a network as in"),
        (json!({"path": x, "operator": "IN_CIDR", "value": []}), ".value", "a list of them that is not empty"),
        (json!({"path": x, "operator": "IN_CIDR", "value": ["::/0", 1]}), ".value", "a network as in"),
        (json!({"path": x, "operator": "IN_CIDR", "value": "::ffff:10.0.0.0/104"}), ".value", "in their IPv4 form"),
        (json!({"path": x, "operator": "IN_CIDR", "valuePath": x}), ".valuePath", "IN_CIDR takes a \"value\""),
        (json!({"path": x, "operator": "BETWEEN", "value": ["08:00"]}), ".value", "two different times of the day"),
        (json!({"path": x, "operator": "BETWEEN", "value": ["08:00", "08:00:00"]}), ".value", "two different times"),
        (json!({"path": x, "operator": "BETWEEN", "value": ["8:00", "18:00"]}), ".value", "two different times"),
        (json!({"path": x, "operator": "BETWEEN", "value": ["08:00", "24:00"]}), ".value", "two different times"),
        (json!({"path": x, "operator": "BETWEEN", "value": ["08:60", "18:00"]}), ".value", "two different times"),
        (json!({"path": x, "operator": "BETWEEN", "value": ["08:00:60", "18:00"]}), ".value", "two different times"),
        (json!({"path": x, "operator": "BETWEEN", "value": ["08:00:00:00", "18:00"]}), ".value", "two different times"),
        (json!({"path": x, "operator": "BETWEEN", "value": "08:00-18:00"}), ".value", "two different times"),
        (json!({"path": x, "operator": "BETWEEN", "valuePath": x}), ".valuePath", "BETWEEN takes a \"value\""),
        (json!({"path": "$", "operator": "EXISTS"}), ".path", "$.claims, $.arguments"),
        (json!({"path": "$.role", "operator": "EXISTS"}), ".path", "$.claims, $.arguments"),
        (json!({"path": "$..x", "operator": "EXISTS"}), ".path", "$.claims, $.arguments"),
        (json!({"path": "$.*", "operator": "EXISTS"}), ".path", "$.claims, $.arguments"),
        (json!({"path": "claims.role", "operator": "EXISTS"}), ".path", "expected RFC 9535"),
        (json!({"path": x, "operator": "EQUALS", "valuePath": "$.x"}), ".valuePath", "$.claims, $.arguments"),
        (json!({"path": "$.arguments[?@.a == $.x]", "operator": "EXISTS"}), ".path", "$.claims, $.arguments"),
    ] {
        check(&rule(&json!({"conditions": [condition]})), &format!("rules[0].conditions[0]{place}"), remedy);
    }
    check(&rule(&json!({"conditions": []})), "rules[0].conditions", "leave \"conditions\" out");
    check(&rule(&json!({"conditions": {}})), "rules[0].conditions", "expected a list");
    check(&rule(&json!({"conditions": [[]]})), "rules[0].conditions[0]", "expected an object");
}

#[test]
fn principals_and_scopes_are_names_that_are_written_out() {
    for (principals, place, remedy) in [
        (json!({}), "", "everybody is meant where there is no \"principals\""),
        (json!([]), "", "expected an object"),
        (json!({"users": []}), ".users", "any is written [\"*\"]"),
        (json!({"users": "alice"}), ".users", "expected a list"),
        (json!({"users": [1]}), ".users[0]", "expected a string"),
        (json!({"roles": ["a", ""]}), ".roles[1]", "is not a name: 1 to 256 bytes"),
        (json!({"roles": ["a\n"]}), ".roles[0]", "is not a name"),
        (json!({"roles": ["a".repeat(NAME_BYTES_MAX + 1)]}), ".roles[0]", "is not a name"),
        (json!({"agents": ["*", "a"]}), ".agents", "write [\"*\"] alone"),
        (json!({"groups": ["a"]}), "", "unknown field \"groups\"; known here: users, roles, workspaces, agents"),
        (json!({"users": vec!["a"; NAMES_MAX + 1]}), ".users", "more than 1000 names"),
    ] {
        check(&rule(&json!({"principals": principals})), &format!("rules[0].principals{place}"), remedy);
    }
    for (scopes, place, remedy) in [
        (json!([]), "", "leave \"scopes\" out where none is needed"),
        (json!(["*"]), "[0]", "is not a scope"),
        (json!(["a b"]), "[0]", "is not a scope"),
        (json!(["a", "b\""]), "[1]", "is not a scope"),
        (json!("a"), "", "expected a list"),
        (json!(vec!["a"; NAMES_MAX + 1]), "", "more than 1000 scopes"),
    ] {
        check(&rule(&json!({"scopes": scopes})), &format!("rules[0].scopes{place}"), remedy);
    }
    parse(&rule(&json!({"principals": {"users": vec!["a"; NAMES_MAX], "roles": ["a".repeat(NAME_BYTES_MAX)]}})));
}

#[test]
fn a_time_is_utc_in_whole_seconds() {
    for time in [
        "",
        "2026-12-31",
        "2026-12-31T23:59:59",
        "2026-12-31T23:59:59+01:00",
        "2026-12-31T23:59:59-00:00",
        "2026-12-31t23:59:59z",
        "2026-12-31 23:59:59Z",
        "2026-12-31T23:59:59.5Z",
        "2026-12-31T23:59:60Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-12-31T24:00:00Z",
        "26-12-31T23:59:59Z",
        "02026-12-31T23:59:59Z",
    ] {
        for name in ["notBefore", "notAfter"] {
            let place = format!("rules[0].{name}");
            check(&rule(&json!({name: time})), &place, "is not a time in UTC in whole seconds, as in \"2026");
        }
    }
    let never = json!({"notBefore": "2026-01-01T00:00:01Z", "notAfter": "2026-01-01T00:00:00Z"});
    check(&rule(&never), "rules[0].notBefore", "the rule is never in force");
    parse(&rule(&json!({"notBefore": "2026-01-01T00:00:00Z", "notAfter": "2026-01-01T00:00:00+00:00"})));
}

#[test]
fn the_baseline_cannot_allow() {
    let document = |rules: Value, more: Value| {
        let mut document = json!({"policyId": "p", "tenantId": "*", "rules": rules});
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        document
    };
    let rule = |effect: &str| json!({"effect": effect, "resourceType": "TOOL", "resources": ["agent:tool:a"]});
    let allow = document(json!([rule("DENY"), rule("ALLOW")]), json!({}));
    check(&allow, "rules[1].effect", "it can only deny and redact");
    let target = document(json!([rule("DENY")]), json!({"defaultTarget": "t"}));
    check(&target, "defaultTarget", "bare names of DENY rules mean every target");
    parse(&document(json!([rule("DENY")]), json!({"mode": "LOG_ONLY"})));
    check(&document(json!([]), json!({"mode": "log_only"})), "mode", "one of ENFORCE, LOG_ONLY");
}

#[test]
fn an_author_is_told_of_every_rule_that_is_wrong() {
    let good = json!({"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:a"]});
    let document = json!({"policyId": "p", "tenantId": "t", "rules": [{}, good, {"effect": "NO"}, []],
        "redactions": [{"path": "$"}]});
    let errors = Policy::check(document.to_string().as_bytes()).unwrap_err();
    let places: Vec<&str> = std::iter::once(&errors.first).chain(&errors.others).map(|error| error.place()).collect();
    assert_eq!(places, ["rules[0]", "rules[2]", "rules[3]", "redactions[0]"]);
    assert_eq!(Policy::parse(document.to_string().as_bytes()).unwrap_err(), errors.first);
}

#[test]
fn each_bound_of_conditions_is_reached_and_not_exceeded() {
    let condition =
        |operator: &str, value: Value| json!({"path": "$.arguments.x", "operator": operator, "value": value});
    let exists = json!({"path": "$.arguments.x", "operator": "EXISTS"});
    parse(&rule(&json!({"conditions": vec![exists.clone(); CONDITIONS_MAX]})));
    let many = rule(&json!({"conditions": vec![exists; CONDITIONS_MAX + 1]}));
    check(&many, "rules[0].conditions", "more than 32 conditions in a rule");

    let with = |condition: Value| rule(&json!({"conditions": [condition]}));
    let place = "rules[0].conditions[0].value";
    parse(&with(condition("IN", json!(vec![1; VALUES_MAX]))));
    check(&with(condition("IN", json!(vec![1; VALUES_MAX + 1]))), place, "more than 1000 values");
    check(&with(condition("IN_CIDR", json!(vec!["::/0"; VALUES_MAX + 1]))), place, "more than 1000 values");
    let text = |length: usize| "a".repeat(length);
    parse(&with(condition("EQUALS", json!(text(VALUE_BYTES_MAX)))));
    check(&with(condition("EQUALS", json!(text(VALUE_BYTES_MAX + 1)))), place, "longer than 1024 bytes");
    // A text is measured as it is read, not as it is written.
    let escaped =
        with(condition("EQUALS", json!("E"))).to_string().replace("\"E\"", &format!("\"{}\"", "\\u4e2d".repeat(341)));
    Policy::parse(escaped.as_bytes()).unwrap();
    parse(&with(condition("EQUALS", json!("中".repeat(341)))));
    check(&with(condition("EQUALS", json!("中".repeat(342)))), place, "longer than 1024 bytes");
    check(&with(condition("LIKE", json!(text(VALUE_BYTES_MAX + 1)))), place, "longer than 1024 bytes");
    parse(&with(condition("MATCHES", json!(text(EXPRESSION_BYTES_MAX)))));
    check(&with(condition("MATCHES", json!(text(EXPRESSION_BYTES_MAX + 1)))), place, "longer than 256 bytes");

    let nested = |depth: usize| format!("{}a{}", "(?:".repeat(depth), ")".repeat(depth));
    parse(&with(condition("MATCHES", json!(nested(32)))));
    check(&with(condition("MATCHES", json!(nested(33)))), place, "");

    let expressions = |count: usize| {
        let rules: Vec<Value> = (0..count)
            .map(|number| {
                json!({"effect": "DENY", "resourceType": "TOOL", "resources": [format!("agent:tool:t{number}")],
                    "conditions": [condition("MATCHES", json!("a"))]})
            })
            .collect();
        json!({"policyId": "p", "tenantId": "t", "rules": rules})
    };
    parse(&expressions(EXPRESSIONS_MAX));
    let last = format!("rules[{EXPRESSIONS_MAX}].conditions[0].value");
    check(&expressions(EXPRESSIONS_MAX + 1), &last, "more than 256 MATCHES in the policy");
}

#[test]
fn the_regular_expressions_in_the_paths_of_a_policy_have_a_size() {
    let document = |conditions: usize, redactions: usize| {
        // Each counts 32 and ten times 24.
        let filter = "[?match(@.a, '.{10}')]";
        let rule = |number: usize| {
            json!({"effect": "DENY", "resourceType": "TOOL", "resources": [format!("agent:tool:t{number}")],
                "conditions": [{"path": format!("$.arguments{filter}"), "operator": "EXISTS"}]})
        };
        let redaction = json!({"resources": ["agent:tool:*"], "path": format!("${filter}"), "action": "MASK"});
        json!({"policyId": "p", "tenantId": "t", "rules": (0..conditions).map(rule).collect::<Vec<Value>>(),
            "redactions": vec![redaction; redactions]})
    };
    let most = PATH_PATTERNS_SIZE_MAX / (32 + 240);
    parse(&document(most, 0));
    parse(&document(most - 5, 5));
    check(&document(most + 1, 0), "", "more than 65536 units in the regular expressions");
    check(&document(most, 1), "", "more than 65536 units in the regular expressions");
}

fn rule(fields: &Value) -> Value {
    let mut rule = json!({"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:a"]});
    rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json!({"policyId": "p", "tenantId": "t", "rules": [rule]})
}

fn parse(document: &Value) -> Policy {
    Policy::parse(document.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error} in {document:.300}"))
}

fn check(document: &Value, place: &str, remedy: &str) {
    let error = Policy::parse(document.to_string().as_bytes()).map(drop).unwrap_err();
    assert_eq!(error.place(), place, "{error} in {document:.300}");
    assert!(error.to_string().contains(remedy), "{error}, without {remedy:?}");
}
