//! What an audit line's facts take: names are hashed, conditions looked at, and all is written.

use std::error::Error;
use std::hint::black_box;

use policy_model::recorded::Facts;
use policy_model::{Arguments, Caller, Layers, Policy, Request, Resource, TenantId, ToolName, UserId, decide, json};

use crate::sample::time_of;
use crate::table::Table;

pub(crate) fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let policy = Policy::parse(POLICY.as_bytes())?;
    let (tenant, user) = (TenantId::parse("bench")?, UserId::parse("alice")?);
    let (claims, arguments) = (json::parse(CLAIMS.as_bytes())?, json::parse(ARGUMENTS.as_bytes())?);
    let words = |words: &str| -> Vec<String> { words.split(' ').map(str::to_owned).collect() };
    let (roles, scopes) = (words("clerk support"), words("orders.read orders.write"));
    let caller = Caller {
        tenant: &tenant,
        user: &user,
        issuer: "https://issuer.example",
        agent: Some("planner"),
        roles: [&roles, &[]],
        workspaces: &[],
        scopes: &scopes,
        claims: Some(claims.root()),
    };
    let layers = Layers::of(&policy);
    let tool = ToolName::parse("orders___refund")?;
    let request = Request::new(&caller, Resource::Tool(tool), Arguments::Known(Some(arguments.root())), 0);
    let decision = time_of(|| drop(black_box(decide(layers, black_box(&request), ()))));
    table.time("a decision with two conditions", decision, decision);
    let decided = decide(layers, &request, ());
    let facts = time_of(|| drop(black_box(Facts::of(layers, None, black_box(&request), &decided))));
    table.time("its facts: six names, two conditions", facts, decision);
    let text =
        time_of(|| drop(black_box(Facts::of(layers, None, black_box(&request), &decided).map(|own| own.to_string()))));
    table.time("the same, and their text", text, decision);
    Ok(())
}

const POLICY: &str = r#"{ "policyId": "P", "tenantId": "bench", "rules": [
  { "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"], "principals": { "roles": ["clerk"] }, "conditions": [
      { "path": "$.arguments.amount", "operator": "LESS_THAN", "value": 500 },
      { "path": "$.claims.dept", "operator": "IN", "value": ["sales", "support"] } ] } ] }"#;

const CLAIMS: &str = r#"{ "iss": "https://issuer.example", "sub": "alice", "dept": "sales", "exp": 1795262400 }"#;

const ARGUMENTS: &str = r#"{ "orderId": "A-1001", "amount": 49.9, "reason": "the box was broken" }"#;
