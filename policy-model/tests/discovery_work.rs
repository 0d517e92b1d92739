//! Questions that share their work.
#![cfg(test)]

use policy_model::{
    Arguments, Caller, Decision, Layers, Policy, Request, Resource, SearchWork, TenantId, ToolName, UserId, decide,
};
use serde_json::json;

#[test]
fn a_list_of_very_many_open_questions_is_answered_and_what_cannot_be_told_is_listed() {
    let condition =
        |path: &str, operator: &str, value: u32| json!({"path": path, "operator": operator, "value": value});
    // Impossible, and takes some trying.
    let conditions: Vec<_> = (0..8)
        .flat_map(|number| {
            let path = format!("$.arguments.a{number}");
            [condition(&path, "GREATER_THAN", 5), condition(&path, "LESS_THAN", if number == 7 { 4 } else { 9 })]
        })
        .collect();
    let rule =
        json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:t*"], "conditions": conditions});
    let document = json!({"policyId": "p", "tenantId": "acme", "rules": [rule]});
    let policy = Policy::parse(document.to_string().as_bytes()).unwrap();
    let listed = listed(&policy, 50_000);
    assert!(!listed[0]);
    let count = listed.iter().filter(|is_listed| **is_listed).count();
    assert!(count > 0 && count < 49_999, "{count} of 49,999 were listed for want of work");
}

#[test]
fn a_list_of_very_many_things_under_very_many_rules_ends_in_hidden_ones() {
    let deny = |number: usize| {
        json!({"ruleId": format!("d{number}"), "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:*"],
            "scopes": ["none"]})
    };
    let mut rules: Vec<_> = (0..9_999).map(deny).collect();
    rules.push(json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]}));
    let document = json!({"policyId": "p", "tenantId": "acme", "rules": rules});
    let policy = Policy::parse(document.to_string().as_bytes()).unwrap();
    let listed = listed(&policy, 2_010);
    assert!(listed[..2_000].iter().all(|is_listed| *is_listed));
    assert!(listed[2_000..].iter().all(|is_listed| !is_listed));
}

/// Which of the tools `t0`, `t1`, .. of one list stay in it.
fn listed(policy: &Policy, count: usize) -> Vec<bool> {
    let (tenant, user) = (TenantId::parse("acme").unwrap(), UserId::parse("alice").unwrap());
    let caller = Caller {
        tenant: &tenant,
        user: &user,
        issuer: "https://issuer.example",
        agent: None,
        roles: [&[], &[]],
        workspaces: &[],
        scopes: &[],
        claims: None,
    };
    let work = SearchWork::for_a_list();
    let is_listed = |number: usize| {
        let name = format!("t{number}");
        let tool = Resource::Tool(ToolName::parse(&name).unwrap());
        let request = Request::new(&caller, tool, Arguments::Unknown, 0).among(&work);
        matches!(decide(Layers::of(policy), &request, ()), Decision::Permit(_))
    };
    (0..count).map(is_listed).collect()
}
