//! What cannot be decided again, and why.

use policy_model::recorded::{Answer, Asked, Facts, Gap, HashedPolicy, Side, Sides, Thing, decide as decide_again};
use policy_model::{Arguments, Decision, Layers, Policy, Request, TenantId, decide, json};
use serde_json::{Value, json};

use crate::asker::Asker;
use crate::resource::resource;

#[test]
fn a_condition_that_was_not_looked_at_is_a_gap_only_where_it_matters() {
    let old = policy(json!([allow(json!([]))]));
    let small = json!({"path": "$.arguments.amount", "operator": "LESS_THAN", "value": 500});
    let with = |more: Value| policy(json!([allow(json!([])), more]));
    let denied = with(
        json!({"ruleId": "R9", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:*"], "conditions": [small]}),
    );
    let Answer::Unknown(gaps) = again(&old, &denied, "{}", "{}", false) else { panic!("no gap") };
    assert!(
        matches!(gaps.iter().collect::<Vec<_>>()[..], [Gap::Condition(rule, _)] if rule.as_str() == "R9"),
        "{gaps:?}"
    );
    let allowed = with(
        json!({"ruleId": "R9", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"], "conditions": [small]}),
    );
    assert!(matches!(again(&old, &allowed, "{}", "{}", false), Answer::Allowed(Some(rule)) if rule.as_str() == "R1"));
    let known = again(&allowed, &denied, r#"{"amount":1}"#, "{}", false);
    assert!(matches!(known, Answer::Denied(Some(rule)) if rule.as_str() == "R9"));
}

#[test]
fn a_permission_is_sure_only_within_the_work_of_a_decision() {
    // Each value is compared with all: the decision gives up, and then the rule after it does not apply either.
    let heavy = json!({"path": "$.arguments.list[?count($.arguments.list[?@ == 1]) > 5]", "operator": "EXISTS"});
    let old = policy(json!([allow(json!([]))]));
    let new = policy(json!([
        {"ruleId": "R0", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"], "conditions": [heavy]},
        {"ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"],
         "conditions": [{"path": "$.arguments.n", "operator": "EQUALS", "value": 1}]}
    ]));
    let known =
        policy(json!([{"ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"],
        "conditions": [{"path": "$.arguments.n", "operator": "EQUALS", "value": 1}]}]));
    let arguments = format!(r#"{{"n":1,"list":[{}2]}}"#, "2,".repeat(5_000));
    assert!(!is_permit(&new, &arguments), "the premise: the work does not suffice");
    assert!(is_permit(&known, &arguments));
    let Answer::Unknown(gaps) = again(&known, &new, &arguments, "{}", false) else { panic!("an answer") };
    assert!(gaps.contains(&Gap::Work), "{gaps:?}");
    assert!(matches!(again(&old, &old, &arguments, "{}", false), Answer::Allowed(_)));
}

#[test]
fn what_policies_make_of_arguments_is_a_gap_where_it_is_another() {
    let condition = json!([{"path": "$.arguments.n", "operator": "EQUALS", "value": 1}]);
    let of = |arguments: Value| {
        let rules = json!([allow(condition.clone())]);
        let text = json!({"policyId": "P", "tenantId": "acme", "rules": rules, "arguments": arguments}).to_string();
        Policy::parse(text.as_bytes()).unwrap()
    };
    let set = |tool: &str, value: u8| json!([{"resources": [format!("agent:tool:{tool}")], "path": "$.arguments.m", "action": "SET", "value": value}]);
    let (none, one, other_tool) = (of(json!([])), of(set("a___get", 1)), of(set("b___get", 1)));
    let call = r#"{"n":1}"#;
    assert!(matches!(again(&one, &one, call, "{}", true), Answer::Allowed(_)), "the same entries");
    assert!(matches!(again(&none, &other_tool, call, "{}", false), Answer::Allowed(_)), "entries for another tool");
    assert!(matches!(again(&one, &none, call, "{}", false), Answer::Allowed(_)), "nothing had been changed");
    assert!(matches!(again(&one, &none, call, "{}", true), Answer::Unknown(_)), "something had been changed");
    assert!(matches!(again(&none, &one, call, "{}", false), Answer::Unknown(_)), "other entries");
}

#[test]
fn a_policy_that_wants_an_agent_denies_users_without_one() {
    let old = policy(json!([allow(json!([]))]));
    let text =
        json!({"policyId": "P", "tenantId": "acme", "requireActor": true, "rules": [allow(json!([]))]}).to_string();
    let new = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(again(&old, &new, "{}", "{}", false), Answer::Denied(None));
}

fn allow(conditions: Value) -> Value {
    let mut rule = json!({"ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]});
    if conditions != json!([]) {
        rule["conditions"] = conditions;
    }
    rule
}

fn policy(rules: Value) -> Policy {
    let text = json!({"policyId": "P", "tenantId": "acme", "rules": rules}).to_string();
    Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error} {text}"))
}

fn is_permit(policy: &Policy, arguments: &str) -> bool {
    let document = json::parse(arguments.as_bytes()).unwrap();
    Asker::new(&json!({})).with_caller(|caller, time| {
        let thing = resource("tool", "a___get").unwrap();
        let request = Request::new(caller, thing, Arguments::Known(Some(document.root())), time);
        matches!(decide(Layers::of(policy), &request, ()), Decision::Permit(_))
    })
}

/// What is answered of a call that was decided under an older policy.
fn again(old: &Policy, new: &Policy, arguments: &str, claims: &str, is_rewritten: bool) -> Answer {
    let document = json::parse(arguments.as_bytes()).unwrap();
    let claims: Value = serde_json::from_str(claims).unwrap();
    let tenant = TenantId::parse("acme").unwrap();
    let facts = Asker::new(&json!({"claims": claims})).with_caller(|caller, time| {
        let thing = resource("tool", "a___get").unwrap();
        let request = Request::new(caller, thing, Arguments::Known(Some(document.root())), time);
        let decision = decide(Layers::of(old), &request, ());
        Facts::of(Layers::of(old), None, &request, &decision).unwrap()
    });
    let thing = Thing::Known(resource("tool", "a___get").unwrap());
    let hashed = HashedPolicy::new(new);
    let sides = Sides { baseline: Side::Absent, tenant: Side::Policy(&hashed) };
    decide_again(sides, &Asked { thing, tenant: &tenant, is_rewritten, is_machine: false }, &facts)
}
