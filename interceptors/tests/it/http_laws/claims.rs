//! An answer says nothing of its caller's claims: what a policy asks of them was decided with its request.

use interceptors::event::Point;
use serde_json::{Value, json};

use super::events::{answer, body_text};
use super::samples;
use super::stage::{HttpStage, PLAIN};
use crate::stage::publish;

#[test]
fn an_answer_comes_back_where_a_rule_asks_for_a_claim() {
    let condition = json!([{"path": "$.claims['custom:tenant_id']", "operator": "EQUALS", "value": PLAIN}]);
    check(&json!({"rules": [
        {"effect": "ALLOW", "resourceType": "AGENT", "resources": ["agent:agent:*"], "conditions": condition},
        {"effect": "ALLOW", "resourceType": "MODEL", "resources": ["agent:model:*"], "conditions": condition},
        {"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"], "conditions": condition}]}));
}

#[test]
fn an_answer_comes_back_where_a_rule_denies_by_a_claim() {
    let condition = json!([{"path": "$.claims.department", "operator": "NOT_EQUALS", "value": "sales"},
                           {"path": "$.claims['custom:tenant_id']", "operator": "NOT_EQUALS", "value": PLAIN}]);
    let rule = |kind: &str, resource: &str| {
        [
            json!({"effect": "ALLOW", "resourceType": kind, "resources": [resource]}),
            json!({"effect": "DENY", "resourceType": kind, "resources": [resource], "conditions": condition}),
        ]
    };
    let rules = [rule("AGENT", "agent:agent:*"), rule("MODEL", "agent:model:*"), rule("TOOL", "agent:tool:*")];
    check(&json!({"rules": rules.concat()}));
}

#[test]
fn an_answer_comes_back_where_a_claim_becomes_a_header() {
    check(&json!({
        "rules": [
            {"effect": "ALLOW", "resourceType": "AGENT", "resources": ["agent:agent:*"]},
            {"effect": "ALLOW", "resourceType": "MODEL", "resources": ["agent:model:*"]},
            {"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]}],
        "headers": [{"name": "x-of-claim", "valuePath": "$.claims['custom:tenant_id']"}]}));
}

/// Under this policy every sample goes through and its answer comes back.
fn check(policy: &Value) {
    let stage = HttpStage::start();
    let mut policy = policy.clone();
    policy["policyId"] = json!("changed");
    policy["tenantId"] = json!(PLAIN);
    stage.stage.block_on(publish(&stage.stage.stage.endpoint, &policy));
    let mut lost = Vec::new();
    for sample in samples::all() {
        let request_id = stage.new_id();
        let event = sample.asked.event(&stage.caller(PLAIN).token);
        let received = stage.send(Point::Request, &event, &request_id);
        let is_list = ["card", "tools/list", "Card"].iter().any(|word| event.to_string().contains(word));
        assert!(!received.is_refused(), "{event} {received:?}");
        let event = answer(sample.content_type, &sample.answer);
        let seen = stage.send(Point::Response, &event, &request_id);
        if seen.is_refused() || (!is_list && seen.body() != Some(body_text(&event).as_str())) {
            lost.push((sample.protocol, sample.asked.path.clone(), seen.told().map(str::to_owned)));
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}
