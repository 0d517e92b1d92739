//! How often one decision allocates. A program of its own: counting would slow all that is measured beside it.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;

use allocation_counter::measure;
use policy_model::json;
use policy_model::{Arguments, Caller, Layers, Policy, Request, Resource, TenantId, ToolName, UserId, decide};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nOne decision\n{:<58} {:>12}", "", "allocations")?;
    for (name, rules) in CASES {
        let document = format!("{{\"policyId\":\"P\",\"tenantId\":\"bench\",\"rules\":[{rules}]}}");
        let policy = Policy::parse(document.as_bytes())?;
        writeln!(out, "{name:<58} {:>12}", allocations(&policy)?)?;
    }
    Ok(())
}

fn allocations(policy: &Policy) -> Result<u64, Box<dyn Error>> {
    let (tenant, user) = (TenantId::parse("bench")?, UserId::parse("alice")?);
    let claims = json::parse(br#"{"sub":"alice","dept":"sales"}"#)?;
    let arguments = json::parse(br#"{"amount":49.90,"to":{"country":"DE"}}"#)?;
    let (roles, scopes) = (["clerk".to_owned()], ["orders.read".to_owned()]);
    let caller = Caller {
        tenant: &tenant,
        user: &user,
        issuer: "https://issuer.example",
        agent: None,
        roles: [&roles, &[]],
        workspaces: &[],
        scopes: &scopes,
        claims: Some(claims.root()),
    };
    let tool = ToolName::parse("orders___get")?;
    let counted = measure(|| {
        let request = Request::new(&caller, Resource::Tool(tool), Arguments::Known(Some(arguments.root())), 0);
        drop(black_box(decide(Layers::of(policy), &request, ())));
    });
    Ok(counted.count_total)
}

const CASES: &[(&str, &str)] = &[
    ("no rule", ""),
    ("ALLOW", r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___get"]}"#),
    ("DENY", r#"{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:get"],"reason":"Not for you"}"#),
    (
        "ALLOW with principals and scopes",
        r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___*"],
            "principals":{"roles":["clerk","manager"]},"scopes":["orders.read"]}"#,
    ),
    (
        "ALLOW with conditions on arguments and claims",
        r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___get"],"conditions":[
            {"path":"$.arguments.amount","operator":"LESS_THAN","value":500},
            {"path":"$.arguments.to.country","operator":"EQUALS","value":"DE"},
            {"path":"$.claims.dept","operator":"IN","value":["sales","support"]}]}"#,
    ),
    (
        "ALLOW with a condition on the user",
        r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___get"],"conditions":[
            {"path":"$.user.id","operator":"EQUALS","value":"alice"}]}"#,
    ),
];
