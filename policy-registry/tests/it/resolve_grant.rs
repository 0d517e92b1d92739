//! Who gets a grant, and what is in it.

use policy_model::{Arguments, Caller, Decision, Layers, Policy, Request, Resource, ToolName, decide};
use policy_registry::record::Membership;
use policy_registry::{CacheState, Registry, Settings};
use std::time::Duration;

use crate::table::{Table, ask, document, membership, owned, principal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn an_active_member_gets_roles_and_policy() {
    let table = Table::with_acme().await;
    let resolution = ask(&table.registry(), &principal("acme", "alice")).await;
    assert_eq!(resolution.cache, CacheState::Miss);
    let grant = resolution.grant.unwrap();
    assert_eq!(grant.roles, ["admin"]);
    assert_eq!((grant.policy.id().as_str(), grant.policy.tenant().unwrap().as_str()), ("p1", "acme"));
    assert!(allows(&grant.policy, "orders___getOrder"));
    assert!(!allows(&grant.policy, "orders___dropAll"));
}

/// Whether the policy allows a tool to any of its users.
fn allows(policy: &Policy, tool: &str) -> bool {
    let alice = principal("acme", "alice");
    let caller = Caller {
        tenant: &alice.tenant,
        user: &alice.subject,
        issuer: &alice.issuer,
        agent: None,
        roles: [&[], &[]],
        workspaces: &[],
        scopes: &[],
        claims: None,
    };
    let tool = Resource::Tool(ToolName::parse(tool).unwrap());
    let request = Request::new(&caller, tool, Arguments::Known(None), 0);
    matches!(decide(Layers::of(policy), &request, ()), Decision::Permit(_))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_without_roles_gets_a_grant_without_roles() {
    let table = Table::with_acme().await;
    assert!(ask(&table.registry(), &principal("acme", "bob")).await.grant.unwrap().roles.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_two_tenants_has_the_roles_of_the_one_that_is_named() {
    let table = Table::with_acme().await;
    table.publish("globex", &document("globex", "g1")).await;
    table.enroll("globex", "alice", &["guest"]).await;
    let registry = table.registry();
    let acme = ask(&registry, &principal("acme", "alice")).await.grant.unwrap();
    let globex = ask(&registry, &principal("globex", "alice")).await.grant.unwrap();
    assert_eq!((acme.roles.as_slice(), acme.policy.id().as_str()), (["admin".to_owned()].as_slice(), "p1"));
    assert_eq!((globex.roles.as_slice(), globex.policy.id().as_str()), (["guest".to_owned()].as_slice(), "g1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_has_the_workspaces_of_the_membership() {
    let table = Table::with_acme().await;
    assert!(ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap().workspaces.is_empty());
    let workspaces = owned(&["eu", "Claims & Fraud"]);
    table.put(Membership { workspaces: workspaces.clone(), ..membership("acme", "alice") }.to_item()).await;
    assert_eq!(ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap().workspaces, workspaces);
}

/// Two warm tenants, many users, a cache too small for them, all at once: everybody gets what is theirs.
#[tokio::test(flavor = "multi_thread")]
async fn interleaved_tenants_never_cross() {
    let table = Table::new().await;
    for (tenant, policy) in TENANTS {
        table.publish(tenant, &document(tenant, policy)).await;
        for user in 0..USERS {
            table.enroll(tenant, &format!("u{user}"), &[&format!("{tenant}-{user}")]).await;
        }
    }
    for ttl in [Duration::ZERO, Duration::from_secs(30)] {
        let registry = Registry::new(Settings { cache_ttl: ttl, cache_entries_max: 3, ..settings(&table.url) });
        let registry = std::sync::Arc::new(registry);
        let mut lookups = tokio::task::JoinSet::new();
        for number in 0..120 {
            let (registry, (tenant, policy)) = (registry.clone(), TENANTS[number % 2]);
            let user = number / 2 % USERS;
            lookups.spawn(async move {
                let grant = ask(&registry, &principal(tenant, &format!("u{user}"))).await.grant.unwrap();
                assert_eq!(grant.roles, [format!("{tenant}-{user}")]);
                assert_eq!((grant.policy.tenant().unwrap().as_str(), grant.policy.id().as_str()), (tenant, policy));
            });
        }
        assert_eq!(lookups.join_all().await.len(), 120);
    }
}

const TENANTS: [(&str, &str); 2] = [("acme", "p1"), ("acme-eu", "e1")];

const USERS: usize = 8;
