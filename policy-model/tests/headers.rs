//! Which headers the policies add, and for whom that cannot be done.
#![cfg(test)]

#[path = "support/asker.rs"]
mod asker;

use asker::Asker;
use policy_model::header::{Header, UnresolvedHeader};
use policy_model::{DecisionId, Layers, Policy};
use serde_json::{Value, json};

fn parse(tenant: &str, headers: &str) -> Policy {
    let document = format!(r#"{{"policyId":"p","tenantId":"{tenant}","rules":[],"headers":[{headers}]}}"#);
    Policy::parse(document.as_bytes()).unwrap()
}

fn headers(layers: Layers<'_>, special: &Value) -> Result<Vec<Header>, UnresolvedHeader> {
    let decision = special["decision"].as_str().and_then(DecisionId::parse);
    Asker::new(special).with_caller(|caller, time| layers.headers(caller, time, decision))
}

fn pairs(headers: Result<Vec<Header>, UnresolvedHeader>) -> Vec<(String, String)> {
    headers.unwrap().into_iter().map(|header| (header.name, header.value)).collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn a_value_is_written_out_or_comes_from_the_token_the_registry_or_the_clock() {
    let policy = parse(
        "acme",
        r#"{"name":"x-workspace","value":"eu"},{"name":"x-department","valuePath":"$.claims.department"},
           {"name":"x-tenant","valuePath":"$.tenant.id"},{"name":"x-first-role","valuePath":"$.user.roles[0]"},
           {"name":"x-agent","valuePath":"$.agent.id"},{"name":"x-time","valuePath":"$.time"}"#,
    );
    let special = json!({"claims": {"department": "sales"}, "roles": ["clerk", "boss"], "agent": "bot"});
    let expected = [
        pair("x-workspace", "eu"),
        pair("x-department", "sales"),
        pair("x-tenant", "acme"),
        pair("x-first-role", "clerk"),
        pair("x-agent", "bot"),
        pair("x-time", "2026-11-21T12:00:00Z"),
    ];
    assert_eq!(pairs(headers(Layers::of(&policy), &special)), expected);
}

#[test]
fn what_is_not_exactly_one_plain_string_cannot_be_a_header() {
    let policy = parse("acme", r#"{"name":"x-a","value":"b"},{"name":"x-department","valuePath":"$.claims.d"}"#);
    for claims in [
        json!({}),
        json!({"d": null}),
        json!({"d": 7}),
        json!({"d": true}),
        json!({"d": ["sales"]}),
        json!({"d": {"d": "sales"}}),
        json!({"d": ""}),
        json!({"d": " sales"}),
        json!({"d": "sales\r\nx-tenant-id: globex"}),
        json!({"d": "sales\n"}),
        json!({"d": "a\u{0}"}),
        json!({"d": "vertriebsbüro"}),
        json!({"d": "x".repeat(4_097)}),
    ] {
        let told = headers(Layers::of(&policy), &json!({"claims": claims}));
        assert_eq!(told, Err(UnresolvedHeader("x-department".to_owned())), "{claims}");
    }
    let several = parse("acme", r#"{"name":"x-a","valuePath":"$.claims.*"}"#);
    assert!(headers(Layers::of(&several), &json!({"claims": {"a": "1", "b": "2"}})).is_err());
    assert!(headers(Layers::of(&several), &json!({"claims": {"a": "1"}})).is_ok());
}

#[test]
fn a_value_may_be_the_decisions_id_where_that_is_known() {
    for (path, is_id) in [("$.decision.id", true), ("$['decision']['id']", true), ("$.decision", false)] {
        let policy = parse("acme", &format!(r#"{{"name":"x-decision","valuePath":"{path}"}}"#));
        let told = headers(Layers::of(&policy), &json!({"decision": "4f1c-A9"}));
        match is_id {
            true => assert_eq!(pairs(told), [pair("x-decision", "4f1c-A9")], "{path}"),
            false => assert_eq!(told, Err(UnresolvedHeader("x-decision".to_owned())), "{path}"),
        }
        let unknown = headers(Layers::of(&policy), &Value::Null);
        assert_eq!(unknown, Err(UnresolvedHeader("x-decision".to_owned())), "{path}");
    }
}

#[test]
fn of_two_of_one_name_the_baselines_is_set() {
    let baseline = parse("*", r#"{"name":"X_Tier","value":"platform"}"#);
    let own = parse("acme", r#"{"name":"x-tier","valuePath":"$.claims.tier"},{"name":"x-b","value":"own"}"#);
    let layers = Layers { kills: None, baseline: Some(&baseline), policy: &own };
    assert_eq!(pairs(headers(layers, &Value::Null)), [pair("X_Tier", "platform"), pair("x-b", "own")]);
    assert!(headers(Layers::of(&own), &Value::Null).is_err());
}

#[test]
fn a_policy_that_only_logs_sets_nothing() {
    let text = r#"{"policyId":"p","tenantId":"acme","mode":"LOG_ONLY","rules":[],
                   "headers":[{"name":"x-a","valuePath":"$.claims.none"}]}"#;
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(headers(Layers::of(&policy), &Value::Null), Ok(Vec::new()));
}
