//! Who gains and who loses what between two versions of a policy.
#![cfg(test)]

use policy_model::comparison::{Comparison, Side, Version, compare, compare_entries};
use serde_json::{Value, json};

/// The differences in words, one a line.
fn told(old: &Value, new: &Value) -> Vec<String> {
    lines(&compared(None, old, new))
}

fn compared(baselines: Option<[&Value; 2]>, old: &Value, new: &Value) -> Comparison {
    let text = |rules: &Value, tenant: &str| {
        let document = json!({"policyId": "P", "tenantId": tenant, "rules": rules});
        document.to_string().into_bytes()
    };
    let (old, new) = (text(old, "acme"), text(new, "acme"));
    let [old, new] = [&old, &new].map(|text| Version::parse(text).unwrap());
    let baselines = baselines.map(|both| both.map(|rules| text(rules, "*")));
    let baselines = baselines.as_ref().map(|both| [&both[0], &both[1]].map(|text| Version::parse(text).unwrap()));
    let baseline = |nth: usize| baselines.as_ref().map(|both| &both[nth]);
    compare(Side { baseline: baseline(0), policy: &old }, Side { baseline: baseline(1), policy: &new })
}

fn lines(comparison: &Comparison) -> Vec<String> {
    let gaps = comparison.gaps.iter().map(|gap| format!("gap: {gap}"));
    let differences = comparison.differences.iter().map(ToString::to_string);
    differences.chain(gaps).collect()
}

fn allow(resource: &str) -> Value {
    json!({"ruleId": format!("A-{}", resource.replace(['*', ':', '_'], "-")), "effect": "ALLOW", "resourceType": "TOOL", "resources": [format!("agent:tool:{resource}")]})
}

fn deny(resource: &str) -> Value {
    json!({"ruleId": format!("D-{}", resource.replace(['*', ':', '_'], "-")), "effect": "DENY", "resourceType": "TOOL", "resources": [format!("agent:tool:{resource}")]})
}

fn with(mut rule: Value, more: &Value) -> Value {
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

fn amount(operator: &str, value: i64) -> Value {
    json!({"conditions": [{"path": "$.arguments.amount", "operator": operator, "value": value}]})
}

#[test]
fn a_new_allow_is_a_gain_and_its_loss_a_loss() {
    let (none, one) = (json!([]), json!([allow("orders___get")]));
    assert_eq!(
        told(&none, &one),
        ["everybody gains agent:tool:orders___get (was: no rule allows it; now: allowed by A-orders---get)"]
    );
    assert_eq!(
        told(&one, &none),
        ["everybody loses agent:tool:orders___get (was: allowed by A-orders---get; now: no rule allows it)"]
    );
    assert_eq!(told(&one, &one), Vec::<String>::new());
}

#[test]
fn what_another_rule_allows_or_denies_anyway_is_no_gain() {
    for (old, new) in [
        (json!([allow("orders___*")]), json!([allow("orders___*"), allow("orders___get")])),
        (
            json!([allow("orders___*")]),
            json!([allow("orders___*"), with(allow("orders___get"), &json!({"scopes": ["a"]}))]),
        ),
        (json!([deny("get")]), json!([deny("get"), allow("orders___get")])),
        (json!([deny("get")]), json!([])),
        (json!([allow("a___*"), deny("a___x"), deny("x")]), json!([allow("a___*"), deny("x")])),
    ] {
        assert_eq!(told(&old, &new), Vec::<String>::new(), "{old} {new}");
    }
}

#[test]
fn a_deny_that_goes_is_a_gain_where_something_is_allowed() {
    let old = json!([allow("db___*"), allow("crm___get"), deny("*drop*")]);
    let new = json!([allow("db___*"), allow("crm___get")]);
    assert_eq!(
        told(&old, &new),
        ["everybody gains agent:tool:db___*drop* (was: denied by D--drop-; now: allowed by A-db----)"]
    );
}

#[test]
fn conditions_are_told_with_what_was_already_so() {
    let rule = |bound: i64| json!([with(allow("pay"), &amount("LESS_THAN_OR_EQUAL", bound))]);
    let comparison = compared(None, &rule(500), &rule(1000));
    assert_eq!(
        lines(&comparison),
        [
            "everybody gains agent:tool:pay when $.arguments.amount <= 1000 and not ($.arguments.amount <= 500) (was: no rule allows it; now: allowed by A-pay)"
        ]
    );
    let example = &comparison.differences.first().unwrap().settled.as_ref().unwrap().example;
    let arguments: Value = serde_json::from_str(example.arguments.as_ref().unwrap()).unwrap();
    let amount = arguments["amount"].as_f64().unwrap();
    assert!(amount > 500.0 && amount <= 1000.0, "{example:?}");
    assert!(told(&rule(1000), &rule(500)).iter().all(|line| line.starts_with("everybody loses")));
}

#[test]
fn callers_times_and_claims_are_told() {
    let old = json!([with(allow("a___b"), &json!({"principals": {"roles": ["clerk"]}}))]);
    let new = json!([
        with(allow("a___b"), &json!({"principals": {"roles": ["clerk", "manager"]}})),
        with(
            allow("a___c"),
            &json!({"scopes": ["s"], "principals": {"agents": ["*"]}, "notAfter": "2026-01-01T00:00:00Z"})
        ),
        with(
            allow("a___d"),
            &json!({"conditions": [{"path": "$.claims.level", "operator": "GREATER_THAN", "value": 3}]})
        ),
        with(
            allow("a___e"),
            &json!({"conditions": [{"path": "$.user.roles", "operator": "CONTAINS", "value": "x"}, {"path": "$.time", "operator": "BETWEEN", "value": ["08:00", "18:00"]}]})
        ),
        with(
            allow("a___f"),
            &json!({"conditions": [{"path": "$.arguments.x", "operator": "MATCHES", "value": "a+b"}]})
        )
    ]);
    assert_eq!(
        told(&old, &new),
        [
            "role manager gains agent:tool:a___b (was: no rule allows it; now: allowed by A-a---b)",
            "any agent with scope s gains agent:tool:a___c when the time is until 2026-01-01T00:00:00Z (was: no rule allows it; now: allowed by A-a---c)",
            "everybody gains agent:tool:a___d when $.claims.level > 3 (was: no rule allows it; now: allowed by A-a---d)",
            "role x gains agent:tool:a___e when $.user.roles CONTAINS \"x\" and $.time BETWEEN [\"08:00\",\"18:00\"] (was: no rule allows it; now: allowed by A-a---e)",
            "everybody may gain agent:tool:a___f when $.arguments.x MATCHES \"a+b\"",
        ]
    );
}

#[test]
fn a_condition_that_stays_is_no_difference_whatever_it_is() {
    let rule = |resource: &str| {
        with(
            allow(resource),
            &json!({"conditions": [{"path": "$.arguments.list[*].x", "operator": "MATCHES", "value": "a+b"}]}),
        )
    };
    let (old, new) = (json!([rule("a___b")]), json!([rule("a___b"), with(rule("a___*"), &json!({"scopes": ["s"]}))]));
    assert_eq!(told(&old, &new), ["scope s may gain agent:tool:a___* when $.arguments.list[*].x MATCHES \"a+b\""]);
    let (old, new) = (json!([rule("a___*")]), json!([rule("a___*"), rule("a___b")]));
    assert_eq!(told(&old, &new), Vec::<String>::new());
}

#[test]
fn the_baseline_counts_on_both_sides() {
    let own = json!([allow("a___*")]);
    let (none, one) = (json!([]), json!([deny("drop*")]));
    assert_eq!(
        lines(&compared(Some([&one, &none]), &own, &own)),
        ["everybody gains agent:tool:a___drop* (was: denied by D-drop- of the baseline; now: allowed by A-a----)"]
    );
    // What moves from one to the other stays denied.
    let moved = json!([allow("a___*"), deny("drop*")]);
    assert_eq!(lines(&compared(Some([&one, &none]), &own, &moved)), Vec::<String>::new());
}

#[test]
fn what_is_no_rule_is_compared_as_it_is_written() {
    let policy = |more: &Value| with(json!({"policyId": "P", "tenantId": "acme", "rules": []}), more).to_string();
    let old = policy(&json!({"requireActor": true,
        "redactions": [{"resources": ["agent:tool:a", "agent:tool:b"], "path": "$..ssn", "action": "MASK"}],
        "limits": [{"resources": ["agent:tool:*"], "argumentBytesMax": 10, "argumentDepthMax": 3}],
        "headers": [{"name": "x-a", "value": "1"}],
        "arguments": [{"resources": ["agent:tool:a"], "path": "$.arguments.p", "action": "REFUSE"}]}));
    let new = policy(&json!({
        "redactions": [{"resources": ["agent:tool:b"], "action": "MASK", "path": "$..ssn", "description": "words"}],
        "limits": [{"resources": ["agent:tool:*"], "argumentBytesMax": 20}, {"resources": ["agent:tool:*"], "argumentDepthMax": 2}],
        "headers": [{"name": "x-a", "value": "2"}],
        "pushNotificationUrls": ["https://a.example.com/*"]}));
    let [old, new] = [&old, &new].map(|text| Version::parse(text.as_bytes()).unwrap());
    let told: Vec<String> = compare_entries(Some(&old), Some(&new))
        .iter()
        .map(|entry| format!("{:?} {}: {}", entry.weight, entry.member, entry.text))
        .collect();
    assert_eq!(
        told,
        [
            "Widens arguments: no longer: agent:tool:a: action \"REFUSE\", path \"$.arguments.p\"",
            "Changes headers: new: name \"x-a\", value \"2\"",
            "Changes headers: no longer: name \"x-a\", value \"1\"",
            "Widens limits: argumentBytesMax of agent:tool:* was 10, is 20",
            "Narrows limits: argumentDepthMax of agent:tool:* was 3, is 2",
            "Widens pushNotificationUrls: new: https://a.example.com/*",
            "Widens redactions: no longer: agent:tool:a: action \"MASK\", path \"$..ssn\"",
            "Widens requireActor: no longer true",
        ]
    );
    assert!(compare_entries(Some(&old), Some(&old)).is_empty());
}

/// Values of names, callers and times are tried. Where none settled it nothing was proved.
#[test]
fn what_was_only_tried_is_a_gap() {
    let every = json!([allow("orders___*")]);
    let when = |path: &str, operator: &str, value: &str| {
        let conditions = json!({"conditions": [{"path": path, "operator": operator, "value": value}]});
        json!([allow("orders___*"), with(deny("orders___*"), &conditions)])
    };
    for (path, operator, value) in [
        ("$.tool.name", "CONTAINS", "refund"),
        ("$['tool'].name", "ENDS_WITH", "_read"),
        ("$.user.id", "MATCHES", "[a-z.]+@acme"),
        ("$.time", "STARTS_WITH", "2026-12"),
    ] {
        let comparison = compared(None, &when(path, operator, value), &every);
        assert!(!comparison.gaps.is_empty() || !comparison.differences.is_empty(), "{path} {operator}");
    }
    assert_eq!(
        told(&when("$.claims.dept", "EQUALS", "it"), &when("$.claims.dept", "EQUALS", "it")),
        Vec::<String>::new()
    );
}
