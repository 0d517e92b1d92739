//! What a permit says besides yes, and what the policies want of callers whatever they ask for.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;

use asking::resource::resource;
use asking::{Answer, Asker};
use policy_model::{Decision, Layers, Policy, admit};
use serde_json::json;

#[test]
fn a_permit_has_the_scopes_of_the_rule_that_allows() {
    let rules = r#"
        {"ruleId":"a","effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:one"],"scopes":["w:x","r","w:x"]},
        {"ruleId":"b","effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:*"],"scopes":["r"]},
        {"ruleId":"c","effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:free"]},
        {"ruleId":"d","effect":"DENY","resourceType":"TOOL","resources":["agent:tool:shut"],"scopes":["r"]}"#;
    let policy = parse("acme", &format!(r#""rules":[{rules}]"#));
    let of = |name: &str, own: &[&str]| {
        let decision = Asker::new(&json!({ "scopes": own })).decide(
            Layers::of(&policy),
            resource("tool", name).unwrap(),
            Some("{}"),
            (),
        );
        match decision {
            Decision::Permit(permit) => Some(permit.scopes().iter().map(ToString::to_string).collect::<Vec<_>>()),
            Decision::Denial(_) => None,
        }
    };
    let some = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(of("one", &["openid", "r", "w:x"]), some(&["r", "w:x"]));
    // Another rule allows it; what the first would have needed is none of it.
    assert_eq!(of("one", &["r"]), some(&["r"]));
    assert_eq!(of("free", &[]), some(&[]));
    assert_eq!(of("shut", &["r"]), None);
    assert!(admit(Layers::of(&policy), ()).scopes().is_empty());
}

#[test]
fn either_policy_in_force_can_require_an_actor() {
    let without = || parse("acme", r#""rules":[]"#);
    for (tenant, baseline, expected) in [
        (r#""rules":[]"#, None, false),
        (r#""rules":[],"requireActor":false"#, Some(r#""rules":[],"requireActor":false"#), false),
        (r#""rules":[],"requireActor":true"#, None, true),
        (r#""rules":[],"requireActor":true,"mode":"ENFORCE""#, Some(r#""rules":[]"#), true),
        (r#""rules":[],"requireActor":false"#, Some(r#""rules":[],"requireActor":true"#), true),
        (r#""rules":[],"requireActor":true,"mode":"LOG_ONLY""#, None, false),
        (r#""rules":[]"#, Some(r#""rules":[],"requireActor":true,"mode":"LOG_ONLY""#), false),
    ] {
        let (tenant, baseline) = (parse("acme", tenant), baseline.map(|members| parse("*", members)));
        let layers = Layers { kills: None, baseline: baseline.as_ref(), policy: &tenant };
        assert_eq!(layers.requires_actor(), expected, "{tenant:?}");
    }
    assert!(!Layers::of(&without()).requires_actor());
}

#[test]
fn a_required_actor_changes_no_decision() {
    let allow = r#""rules":[{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:a"]}]"#;
    for members in [allow.to_owned(), format!(r#"{allow},"requireActor":true"#)] {
        let policy = parse("acme", &members);
        for special in [json!({}), json!({"agent": "copilot"})] {
            let answer = Asker::new(&special).ask(Layers::of(&policy), "tool", "a", Some("{}"));
            assert!(matches!(answer, Answer::Allowed(_)), "{members} {special}: {answer:?}");
        }
    }
}

#[test]
fn a_required_actor_is_true_or_false() {
    for wrong in ["null", "1", "\"true\"", "[]"] {
        let document = format!(r#"{{"policyId":"p","tenantId":"t","rules":[],"requireActor":{wrong}}}"#);
        let error = Policy::parse(document.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "requireActor: expected true or false", "{wrong}");
    }
}

fn parse(tenant: &str, members: &str) -> Policy {
    let document = format!(r#"{{"policyId":"p","tenantId":"{tenant}",{members}}}"#);
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"))
}
