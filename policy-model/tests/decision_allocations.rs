//! A decision allocates nothing, as long as no condition looks at more than arguments and claims as they stand.
#![cfg(test)]

use allocation_counter::measure;
use policy_model::{Arguments, Caller, Decision, Layers, Policy, Request, Resource, TenantId, ToolName, UserId};
use policy_model::{decide, json};

const EXACT: &str = r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___get"]}"#;
const PREFIX: &str = r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___*"]}"#;
const INSIDE: &str = r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:or*___g*t"]}"#;
const DENY: &str =
    r#"{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:get"],"reason":"Ask your manager"}"#;

#[test]
fn an_allow_is_decided_without_an_allocation() {
    for rule in [EXACT, PREFIX, INSIDE] {
        check(&[rule], true);
    }
}

#[test]
fn a_deny_is_decided_without_an_allocation() {
    check(&[EXACT, PREFIX, INSIDE, DENY], false);
}

#[test]
fn that_no_rule_applies_is_decided_without_an_allocation() {
    check(&[], false);
    check(&[r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___put"]}"#], false);
}

#[test]
fn principals_scopes_and_times_are_compared_without_an_allocation() {
    check(
        &[r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___get"],
           "principals":{"roles":["clerk","manager"],"users":["alice"]},"scopes":["orders.read","orders.write"],
           "notBefore":"1970-01-01T00:00:00Z"}"#],
        true,
    );
}

#[test]
fn conditions_on_arguments_and_claims_are_decided_without_an_allocation() {
    for (effect, condition, is_allowed) in [
        ("ALLOW", r#"{"path":"$.arguments.amount","operator":"LESS_THAN","value":500}"#, true),
        ("ALLOW", r#"{"path":"$.arguments.amount","operator":"EQUALS","value":49.9}"#, true),
        ("ALLOW", r#"{"path":"$.arguments.to.country","operator":"IN","value":["FR","DE"]}"#, true),
        ("ALLOW", r#"{"path":"$.claims.dept","operator":"EQUALS","valuePath":"$.arguments.dept"}"#, true),
        ("ALLOW", r#"{"path":"$.arguments.missing","operator":"EXISTS"}"#, false),
        ("DENY", r#"{"path":"$.arguments.missing","operator":"EQUALS","value":"x"}"#, false),
    ] {
        let rule = format!(
            r#"{{"effect":"{effect}","resourceType":"TOOL","resources":["agent:tool:orders___get"],"conditions":[{condition}]}}"#
        );
        check(&[&rule], is_allowed);
    }
}

/// The negative twin: were nothing counted, all the others would pass.
#[test]
fn a_condition_on_the_user_allocates() {
    let rule = r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___get"],
        "conditions":[{"path":"$.user.id","operator":"EQUALS","value":"alice"}]}"#;
    let (is_allowed, allocations) = decided(&[rule]);
    assert!(is_allowed && allocations > 0, "{allocations}");
}

fn check(rules: &[&str], is_allowed: bool) {
    assert_eq!(decided(rules), (is_allowed, 0), "{rules:?}");
}

/// Whether a call of `orders___get` is allowed, and how many allocations that took.
fn decided(rules: &[&str]) -> (bool, u64) {
    let document = format!(r#"{{"policyId":"p","tenantId":"t","rules":[{}]}}"#, rules.join(","));
    let policy = Policy::parse(document.as_bytes()).unwrap();
    let (tenant, user) = (TenantId::parse("t").unwrap(), UserId::parse("alice").unwrap());
    let claims = json::parse(br#"{"sub":"alice","dept":"sales"}"#).unwrap();
    let arguments = json::parse(br#"{"amount":49.90,"dept":"sales","to":{"country":"DE"}}"#).unwrap();
    let (roles, scopes) = (["manager".to_owned()], ["orders.write", "orders.read"].map(str::to_owned));
    let mut is_allowed = None;
    let counted = measure(|| {
        let caller = Caller {
            tenant: &tenant,
            user: &user,
            issuer: "https://issuer.example",
            agent: None,
            roles: [&[], &roles],
            workspaces: &[],
            scopes: &scopes,
            claims: Some(claims.root()),
        };
        let tool = Resource::Tool(ToolName::parse("orders___get").unwrap());
        let request = Request::new(&caller, tool, Arguments::Known(Some(arguments.root())), 0);
        is_allowed = Some(match decide(Layers::of(&policy), &request, ()) {
            Decision::Permit(_) => true,
            Decision::Denial(_) => false,
        });
    });
    (is_allowed.unwrap(), counted.count_total)
}
