//! Recorded gateway events, decided again.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::folder::{Ended, Folder};
use crate::{NEW, OLD, line};

/// Calls for refunds of more than 5, which only an event has the argument of.
const LIMITED: &str = r#"{ "policyId": "P", "tenantId": "acme", "rules": [
  { "ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"], "principals": { "roles": ["clerk"] },
    "conditions": [ { "path": "$.arguments.amount", "operator": "LESS_THAN", "value": 5 } ] } ] }"#;

#[test]
fn callers_of_events_are_told_by_the_registrys_roles() {
    let ended = simulate(NEW, &[], &events());
    assert_eq!((ended.code, ended.err.as_str()), (1, ""), "{}", ended.out);
    assert!(ended.out.contains(" gains tool orders___get: 2 calls (now: allowed by R1"), "{}", ended.out);
    assert!(ended.out.contains(" loses tool orders___refund: 1 call (now: denied by R2"), "{}", ended.out);
    assert!(ended.out.ends_with("4 calls decided again: 2 gain access, 1 lose it\n"), "{}", ended.out);
    for note in [
        "1 not decided again: sessions, lists and tasks",
        "1 not decided again: calls of other tenants",
        "1 not decided again: answers",
        "1 not decided again: events of the http family",
        "beside the policies: NOT_A_MEMBER",
        "beside the policies: MEMBER_SUSPENDED",
        "beside the policies: CREDENTIAL_MISSING",
        "tokens read without verification, roles and memberships of the registry as it is, decided as of when their tokens were issued",
        "1 other lines",
    ] {
        assert!(ended.out.contains(note), "{note}: {}", ended.out);
    }
}

#[test]
fn arguments_count_and_are_not_shown() {
    let ended = simulate(LIMITED, &["--fail-on", "narrow"], &events());
    assert_eq!(ended.code, 1, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains(" loses tool orders___refund: 1 call (now: denied)"), "{}", ended.out);
    assert!(ended.out.ends_with("4 calls decided again: 0 gain access, 1 lose it\n"), "{}", ended.out);
    for format in ["text", "json", "markdown"] {
        let ended = simulate(LIMITED, &["--format", format], &events());
        for secret in ["alice", "bob", "700", "eyJ", "s3cret"] {
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret), "{secret}: {}", ended.out);
        }
    }
}

#[test]
fn a_caller_has_the_same_hash_as_in_audit_lines() {
    let member = policy_registry::Member {
        kind: policy_registry::PrincipalKind::User,
        issuer: ISSUER.into(),
        subject: policy_model::UserId::parse("bob").unwrap(),
    };
    let ended = simulate(NEW, &["--format", "json"], &events());
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["changes"][0]["subject"], json!(interceptors::audit::subject_hash(&member)));
    assert_eq!((&report["changes"][0]["change"], &report["events"]), (&json!("GAINS"), &json!(11)));
}

#[test]
fn the_policies_of_then_may_be_given() {
    let folder = Folder::new("simulate");
    let old = folder.put("then.json", NEW);
    let ended = simulate(NEW, &["--fail-on", "any", "--old", &old], &events());
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert!(ended.out.ends_with("4 calls decided again: 0 gain access, 0 lose it\n"), "{}", ended.out);
}

#[test]
fn the_time_is_the_tokens_or_the_one_that_is_given() {
    let until = NEW.replace(r#""ruleId": "R1","#, r#""ruleId": "R1", "notAfter": "2026-11-22T12:00:00Z","#);
    let told = |arguments: &[&str], line: &str| simulate(&until, arguments, line);
    let call = event(&token("bob", "acme", Some(ISSUED)), "orders___get");
    assert_eq!(told(&[], &call).code, 1);
    assert_eq!(told(&["--time", "2027-01-01T00:00:00Z"], &call).code, 0);
    let timeless = event(&token("bob", "acme", None), "orders___get");
    for fail_on in ["widen", "narrow"] {
        let ended = told(&["--fail-on", fail_on], &timeless);
        assert_eq!(ended.code, 1, "{}", ended.err);
        assert!(ended.out.contains("cannot be told: when its token was issued is not known"), "{}", ended.out);
    }
    assert_eq!(told(&["--time", "2026-01-01T00:00:00Z"], &timeless).code, 1);
}

#[test]
fn events_and_audit_lines_may_be_in_one_file() {
    let both = format!("{}\n{}", events(), line("acme", "2", &["manager"], "orders___get", "d-1"));
    let ended = simulate(NEW, &[], &both);
    assert!(ended.out.ends_with("5 calls decided again: 3 gain access, 1 lose it\n"), "{}{}", ended.out, ended.err);
}

#[test]
fn events_without_a_registry_are_no_success() {
    let folder = Folder::new("simulate");
    let policy = folder.put("policy.json", NEW);
    let ended = folder.run_with(&["--policy", &policy, "--against", "-"], events().as_bytes());
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("has recorded events: name the registry"), "{}", ended.err);
    let strangers = simulate(NEW, &[], &event(&token("mallory", "acme", Some(ISSUED)), "orders___get"));
    assert_eq!((strangers.code, strangers.out.as_str()), (2, ""));
    assert!(strangers.err.contains("0 audit lines and 1 events"), "{}", strangers.err);
}

fn simulate(policy: &str, more: &[&str], lines: &str) -> Ended {
    let folder = Folder::new("simulate");
    let policy = folder.put("policy.json", policy);
    fs::create_dir_all(folder.path("registry/policies")).unwrap();
    folder.put("registry/policies/p.json", OLD);
    folder.put("registry/policies/g.json", OLD.replace("acme", "globex").replace("\"P\"", "\"G\""));
    let tenant = |name: &str, policy: &str| json!({"tenantId": name, "status": "ACTIVE", "policyId": policy});
    folder.put("registry/tenants.json", json!([tenant("acme", "P"), tenant("globex", "G")]).to_string());
    let member = |name: &str, tenant: &str, role: &str, status: &str| json!({"issuer": ISSUER, "subject": name, "tenantId": tenant, "roles": [role], "status": status});
    let members = json!([
        member("alice", "acme", "clerk", "ACTIVE"),
        member("bob", "acme", "manager", "ACTIVE"),
        member("carol", "acme", "clerk", "SUSPENDED"),
        member("dave", "globex", "clerk", "ACTIVE"),
    ]);
    folder.put("registry/members.json", members.to_string());
    let registry = folder.path("registry").display().to_string();
    let arguments = [&["--policy", &policy, "--against", "-", "--registry", &registry], more].concat();
    folder.run_with(&arguments, lines.as_bytes())
}

/// Calls of a clerk and a manager, and what else is recorded.
fn events() -> String {
    let of = |name: &str, tenant: &str| token(name, tenant, Some(ISSUED));
    let mut answer: Value = serde_json::from_str(&event(&of("bob", "acme"), "orders___get")).unwrap();
    answer["mcp"]["gatewayResponse"] = json!({"statusCode": 200, "body": {"jsonrpc": "2.0", "id": 1, "result": {}}});
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    [
        event(&of("alice", "acme"), "orders___get"),
        event(&of("alice", "acme"), "orders___refund"),
        event(&of("bob", "acme"), "orders___get"),
        event(&of("bob", "acme"), "orders___get"),
        event(&of("dave", "globex"), "orders___get"),
        event(&of("carol", "acme"), "orders___get"),
        event(&of("mallory", "acme"), "orders___get"),
        event("", "orders___get"),
        sent(&of("alice", "acme"), &list),
        answer.to_string(),
        json!({"interceptorInputVersion": "1.0", "http": {}}).to_string(),
        "START RequestId: 7".to_owned(),
    ]
    .join("\n")
}

/// A call, as the gateway sends it.
fn event(token: &str, tool: &str) -> String {
    let amount = if tool == "orders___refund" { 700 } else { 1 };
    let arguments = json!({"amount": amount, "note": "s3cret"});
    sent(
        token,
        &json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}),
    )
}

fn sent(token: &str, body: &Value) -> String {
    let mut headers = json!({"Content-Type": "application/json", "Mcp-Protocol-Version": "2025-06-18"});
    if !token.is_empty() {
        headers["Authorization"] = json!(format!("Bearer {token}"));
    }
    json!({"interceptorInputVersion": "1.0", "mcp": {
        "rawGatewayRequest": {"body": body.to_string()},
        "gatewayRequest": {"path": "/mcp", "httpMethod": "POST", "headers": headers, "body": body}}})
    .to_string()
}

/// A token that expired, with a signature that nobody made.
fn token(subject: &str, tenant: &str, issued: Option<i64>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut claims = json!({"iss": ISSUER, "aud": "https://gateway.example", "sub": subject, "custom:tenant_id": tenant, "exp": ISSUED + 60});
    if let Some(issued) = issued {
        claims["iat"] = json!(issued);
    }
    format!("{}.{}.AAAA", part(&json!({"alg": "ES256", "typ": "JWT"})), part(&claims))
}

/// As the settings for development have it.
const ISSUER: &str = "https://issuer.example/main";

/// 2026-10-10.
const ISSUED: i64 = 1_791_590_400;
