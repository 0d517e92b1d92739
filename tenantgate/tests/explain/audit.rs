//! What is told of an audit line.

use interceptors::audit::subject_hash;
use policy_model::UserId;
use policy_registry::{Member, PrincipalKind, client_subject};
use serde_json::{Value, json};

use crate::registry::{Asked, ISSUER, allow, deny};

fn asked() -> Asked {
    Asked::new(
        "explain",
        &json!([
            allow("all", "pay", json!({"scopes": ["write"]})),
            deny("none", "pay", json!({"principals": {"roles": ["guest"]}}))
        ]),
    )
}

fn line(id: &str, subject: &str, effect: &str, more: Value) -> Value {
    let mut line = json!({"target": "tenantgate::audit", "decisionId": id, "point": "request", "tenant": "acme", "subject": subject,
        "method": "tools/call", "tool": "pay", "effect": effect, "policyId": "P"});
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    line
}

fn hash(kind: PrincipalKind, subject: UserId) -> String {
    subject_hash(&Member { kind, issuer: ISSUER.into(), subject })
}

#[test]
fn the_member_is_found_by_its_hash_and_the_rule_by_its_id() {
    let asked = asked();
    let alice = hash(PrincipalKind::User, UserId::parse("alice").unwrap());
    let denied = line("d1", &alice, "DENY", json!({"reason": "DENY_RULE", "ruleId": "none"}));
    let (code, told) = asked.json(&["--audit-line", &denied.to_string()]);
    assert_eq!((code, &told["member"]["name"]), (0, &json!("alice")));
    assert_eq!(told["reason"]["code"], json!("DENY_RULE"));
    assert!(told["rule"]["says"].as_array().unwrap().contains(&json!("effect: \"DENY\"")), "{told:#}");
    assert_eq!(told["reach"]["standing"], json!("SOMETIMES"));
    let unknown = told["notKnown"].to_string();
    assert!(unknown.contains("arguments") && unknown.contains("claims"), "{unknown}");
    let client = hash(PrincipalKind::Client, client_subject("nightly").unwrap());
    let (_, told) =
        asked.json(&["--audit-line", &line("d2", &client, "DENY", json!({"reason": "NO_RULE"})).to_string()]);
    assert_eq!((&told["member"]["kind"], &told["rule"]), (&json!("CLIENT"), &Value::Null));
}

#[test]
fn a_stranger_is_not_made_up() {
    let (_, told) =
        asked().json(&["--audit-line", &line("d1", &"0".repeat(32), "DENY", json!({"reason": "NO_RULE"})).to_string()]);
    assert_eq!(told["member"], Value::Null);
    assert!(told["notKnown"].to_string().contains("no member of the tenant has this hash now"));
}

#[test]
fn the_line_of_a_decision_is_found_among_others() {
    let asked = asked();
    let other = line("d2", "x", "ALLOW", json!({"reason": "ALLOW_RULE"}));
    let request = line("d1", "x", "ALLOW", json!({"reason": "ALLOW_RULE"}));
    let response = line("d1", "x", "DENY", json!({"reason": "ANSWER_UNREADABLE", "point": "response"}));
    let wrapped = json!({"@timestamp": "now", "message": response.to_string()});
    let text = format!("START RequestId: d1\n{other}\n{{\"broken\": d1\n{request}\n\u{1b}[2J d1\n{wrapped}\n");
    let file = asked.0.put("audit.jsonl", text);
    let (code, told) = asked.json(&["--decision-id", "d1", "--audit", &file]);
    assert_eq!(
        (code, &told["line"]["reason"], &told["otherLinesOfTheDecision"]),
        (0, &json!("ANSWER_UNREADABLE"), &json!(1))
    );
    let missing = asked.run(&["--decision-id", "d9", "--audit", &file]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("no audit line with the decisionId \"d9\""), "{}", missing.err);
}

#[test]
fn without_a_registry_the_line_alone_is_told() {
    let asked = asked();
    let line = line("d1", "x", "DENY", json!({"reason": "TENANT_SUSPENDED", "note": "\u{1b}[2J"}));
    let ended = asked.0.run(&["--audit-line", &line.to_string()]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended.out.contains("means: The tenant is suspended") && ended.out.contains("name the registry"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains('\u{1b}'));
}
