//! What is told of single rules.

use policy_model::explanation::{
    Cause, Check, Explanation, Found, Held, InForce, List, Outcome, Verdict, Wanted, explain,
};
use policy_model::json::{self, Kind};
use policy_model::{Arguments, Layers, Policy, Request};
use serde_json::{Value, json};

use crate::asker::Asker;
use crate::resource::resource;

#[test]
fn every_rule_is_told_and_what_of_it_fits() {
    let rules = json!([
        {"ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:pay"], "scopes": ["a", "b"],
         "principals": {"roles": ["clerk", "manager"], "workspaces": ["*"]}, "notAfter": "2026-01-01T00:00:00Z"},
        {"ruleId": "R2", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:list"]},
        {"ruleId": "R3", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:*"], "mode": "LOG_ONLY"},
        {"ruleId": "R4", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:p*"], "principals": {"users": ["bob"]}}
    ]);
    let caller = json!({"roles": ["manager"], "scopes": ["b"]});
    explained(&rules, &caller, "pay", Some("{}"), |explanation| {
        assert_eq!(explanation.outcome, Outcome::NothingAllows);
        assert_eq!(explanation.rules.iter().map(|rule| rule.rule.as_str()).collect::<Vec<_>>(), ["R1", "R4", "R3"]);
        assert_eq!(explanation.unnamed[0].rules.iter().map(|rule| rule.as_str()).collect::<Vec<_>>(), ["R2"]);
        let [first, second, third] = explanation.rules.as_slice() else { panic!() };
        assert_eq!(
            (first.verdict, second.verdict, third.verdict),
            (Verdict::DoesNotApply, Verdict::DoesNotApply, Verdict::Applies)
        );
        assert!(!third.is_enforced && third.settles);
        let names = ["clerk", "manager"].map(Box::from);
        let scopes = ["a", "b"].map(Box::from);
        let expected = [
            Check::Names { list: List::Roles, wanted: Wanted::OneOf(&names), matching: vec!["manager"], holds: true },
            Check::Names { list: List::Workspaces, wanted: Wanted::Any, matching: vec![], holds: false },
            Check::Scopes { wanted: &scopes, lacking: vec!["a"] },
            Check::Time { first: None, last: Some(1_767_225_600), in_force: InForce::NoLonger },
        ];
        assert_eq!(first.checks, expected);
    });
}

#[test]
fn of_values_only_their_types_are_told() {
    let rules = json!([{"ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:pay"], "conditions": [
        {"path": "$.arguments.amount", "operator": "LESS_THAN", "value": 500},
        {"path": "$.arguments.to[*].country", "operator": "IN", "value": ["DE"]},
        {"path": "$.claims.department", "operator": "EQUALS", "value": "sales"},
        {"path": "$.arguments.tenant", "operator": "EQUALS", "valuePath": "$.claims.tenants"},
        {"path": "$.arguments.note", "operator": "EXISTS"}]}]);
    let caller = json!({"claims": {"department": "secret-department", "tenants": ["secret-tenant"]}});
    let arguments = r#"{"amount":"secret-amount","to":[{"country":"secret-country"},{"country":7},{}],"tenant":"t","Note":"secret-note"}"#;
    explained(&rules, &caller, "pay", Some(arguments), |explanation| {
        let conditions = &explanation.rules[0].conditions;
        let held: Vec<Held> = conditions.iter().map(|condition| condition.held).collect();
        let expected = [
            Held::Indeterminate(Cause::NotComparable),
            Held::False,
            Held::False,
            Held::Indeterminate(Cause::NotComparable),
            Held::Indeterminate(Cause::OtherSpelling),
        ];
        assert_eq!(held, expected);
        let found: Vec<String> = conditions.iter().map(|condition| condition.found.to_string()).collect();
        assert_eq!(found, ["a string", "2 values (a string, a number)", "a string", "a string", "nothing"]);
        assert_eq!(conditions[3].compared_with, Some(Found::Values(vec![(Kind::Array, 1)])));
        assert!(!format!("{explanation:?}").contains("secret"));
    });
}

#[test]
fn what_is_missing_and_what_is_not_one_value_are_told_apart() {
    let rules = json!([{"ruleId": "R1", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:pay"], "conditions": [
        {"path": "$.arguments.a", "operator": "EQUALS", "value": 1},
        {"path": "$.arguments.b", "operator": "EQUALS", "valuePath": "$.arguments.list[*]"},
        {"path": "$.arguments.b", "operator": "EQUALS", "valuePath": "$.arguments.c"}]}]);
    explained(&rules, &json!({}), "pay", Some(r#"{"b":1,"list":[1,2]}"#), |explanation| {
        let held: Vec<Held> = explanation.rules[0].conditions.iter().map(|condition| condition.held).collect();
        assert_eq!(held, [Cause::Missing, Cause::NoValue, Cause::NoValue].map(Held::Indeterminate));
        assert_eq!(explanation.rules[0].verdict, Verdict::CannotBeEvaluated);
        assert!(explanation.rules[0].settles, "what cannot be evaluated denies");
    });
}

#[test]
fn work_that_is_too_much_is_told_as_such() {
    let many: Vec<usize> = (0..1_000).collect();
    let rules = json!([{"ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:pay"], "conditions": [
        {"path": "$.arguments.list[*]", "operator": "NOT_IN", "value": many}]}]);
    let arguments = json!({"list": vec![-1; 10_000]}).to_string();
    explained(&rules, &json!({}), "pay", Some(&arguments), |explanation| {
        assert_eq!(explanation.outcome, Outcome::NothingAllows);
        assert_eq!(explanation.rules[0].conditions[0].held, Held::Indeterminate(Cause::Work));
    });
}

#[test]
fn without_arguments_it_is_told_whether_any_could_do() {
    let open = |value: Value| json!({"path": "$.arguments.n", "operator": "LESS_THAN", "value": value});
    let rule = |id: &str, effect: &str, conditions: &[Value]| json!({"ruleId": id, "effect": effect, "resourceType": "TOOL", "resources": ["agent:tool:pay"], "conditions": conditions});
    let allow = rule("A", "ALLOW", &[open(json!(5))]);
    explained(&json!([allow]), &json!({}), "pay", None, |explanation| {
        assert!(matches!(explanation.outcome, Outcome::Allowed(_)));
        assert_eq!(explanation.rules[0].verdict, Verdict::DependsOnArguments);
        assert_eq!(explanation.rules[0].conditions[0].found, Found::Unknown);
    });
    explained(&json!([allow, rule("D", "DENY", &[open(json!(6))])]), &json!({}), "pay", None, |explanation| {
        assert!(matches!(explanation.outcome, Outcome::NoArguments(rule) if rule.as_str() == "A"));
        assert!(explanation.rules.iter().all(|rule| !rule.settles));
    });
}

fn explained(rules: &Value, caller: &Value, name: &str, arguments: Option<&str>, then: impl FnOnce(&Explanation<'_>)) {
    let document = json!({"policyId": "P", "tenantId": "acme", "rules": rules}).to_string();
    let policy = Policy::parse(document.as_bytes()).unwrap();
    let arguments = arguments.map(|text| json::parse(text.as_bytes()).unwrap());
    let arguments = arguments.as_ref().map_or(Arguments::Unknown, |own| Arguments::Known(Some(own.root())));
    Asker::new(caller).with_caller(|caller, time| {
        let request = Request::new(caller, resource("tool", name).unwrap(), arguments, time);
        then(&explain(Layers::of(&policy), &request));
    });
}
