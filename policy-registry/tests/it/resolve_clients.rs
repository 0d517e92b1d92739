//! Machines: clients that call for themselves, and agents that call for users.

use std::sync::Arc;

use policy_model::{TenantId, UserId};
use policy_registry::record::{Client, Item, Membership, ScopeBound, Status};
use policy_registry::{Member, Principal, PrincipalKind, Refusal, Registry, admin, client_subject};
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant};

use crate::endpoint::{Endpoint, Reply};
use crate::folder::{add, right};
use crate::table::{ISSUER, TABLE, Table, ask, membership, principal, refusal, settings};

#[tokio::test]
async fn a_registered_client_has_its_own_roles_workspaces_and_scopes() {
    let table = Table::with_acme().await;
    table.put(client("acme", "robot").to_item()).await;
    let grant = ask(&table.registry(), &client_principal("acme", "robot")).await.grant.unwrap();
    assert_eq!(
        (grant.roles.as_slice(), grant.workspaces.as_slice()),
        (&["batch".to_owned()][..], &["eu".to_owned()][..])
    );
    assert_eq!(grant.scopes, ScopeBound::OneOf(vec!["orders.read".to_owned()]));
    assert_eq!(refusal(&table.registry(), &client_principal("acme", "other")).await, Refusal::NotAMember);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_loaded() {
    let (table, folder) = (Table::new().await, right());
    let clients = r#"[{"issuer":"ISSUER","clientId":"robot","tenantId":"acme","roles":["batch"],"workspaces":["eu"],"scopes":["orders.read"],"status":"ACTIVE"},
                      {"issuer":"ISSUER","clientId":"lapsed","tenantId":"acme","scopes":["*"],"status":"SUSPENDED"}]"#;
    add(folder.path(), &[("clients.json", &clients.replace("ISSUER", ISSUER))]);
    assert_eq!(admin::load(&table.client, TABLE, folder.path()).await.unwrap().clients, 2);
    let grant = ask(&table.registry(), &client_principal("acme", "robot")).await.grant.unwrap();
    assert_eq!(grant.roles, ["batch"]);
    assert_eq!(grant.scopes, ScopeBound::OneOf(vec!["orders.read".to_owned()]));
    assert_eq!(refusal(&table.registry(), &client_principal("acme", "lapsed")).await, Refusal::MemberSuspended);
}

#[tokio::test]
async fn a_user_and_a_client_of_one_name_are_two() {
    let table = Table::with_acme().await;
    table.put(client("acme", "robot").to_item()).await;
    assert_eq!(refusal(&table.registry(), &principal("acme", "robot")).await, Refusal::NotAMember);
    table.put(membership("acme", "human").to_item()).await;
    assert_eq!(refusal(&table.registry(), &client_principal("acme", "human")).await, Refusal::NotAMember);
}

#[tokio::test]
async fn a_suspended_client_and_one_of_another_tenant_are_refused() {
    let table = Table::with_acme().await;
    table.put(Client { status: Status::Suspended, ..client("acme", "robot") }.to_item()).await;
    assert_eq!(refusal(&table.registry(), &client_principal("acme", "robot")).await, Refusal::MemberSuspended);
    assert_eq!(refusal(&table.registry(), &client_principal("globex", "robot")).await, Refusal::NotAMember);
}

#[tokio::test]
async fn an_agent_that_must_be_registered_brings_its_bound_and_no_roles() {
    let table = Table::with_acme().await;
    table.put(client("acme", "desk").to_item()).await;
    let grant = ask(&table.registry(), &through("desk")).await.grant.unwrap();
    assert_eq!(grant.roles, ["admin"], "the user's own, and none of the agent's");
    assert!(grant.workspaces.is_empty());
    assert_eq!(grant.scopes, ScopeBound::OneOf(vec!["orders.read".to_owned()]));
    let grant = ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap();
    assert_eq!(grant.scopes, ScopeBound::Any);
    assert_eq!(refusal(&table.registry(), &through("other")).await, Refusal::UnknownAgent);
    table.put(Client { status: Status::Suspended, ..client("acme", "lapsed") }.to_item()).await;
    assert_eq!(refusal(&table.registry(), &through("lapsed")).await, Refusal::AgentSuspended);
}

#[tokio::test]
async fn an_agent_of_another_tenant_or_issuer_is_none() {
    let table = Table::with_acme().await;
    table.put(client("globex", "desk").to_item()).await;
    table.put(Client { issuer: "https://other.example".to_owned(), ..client("acme", "desk") }.to_item()).await;
    assert_eq!(refusal(&table.registry(), &through("desk")).await, Refusal::UnknownAgent);
}

#[tokio::test]
async fn an_item_that_says_something_else_than_its_key_is_malformed() {
    let table = Table::with_acme().await;
    let own = client("acme", "robot");
    for (name, other) in [
        ("client", Client { client: "other".to_owned(), ..own.clone() }),
        ("client", Client { issuer: "https://other.example".to_owned(), ..own.clone() }),
        ("client", Client { tenant: TenantId::parse("globex").unwrap(), ..own.clone() }),
    ] {
        table.put(at_key_of(&own, other.to_item())).await;
        assert_eq!(refusal(&table.registry(), &client_principal("acme", "robot")).await, Refusal::Malformed(name));
    }
    for attribute in ["roles", "scopes", "status", "kind", "schema"] {
        let mut item = own.to_item();
        item.remove(attribute);
        table.put(item).await;
        assert_eq!(refusal(&table.registry(), &client_principal("acme", "robot")).await, Refusal::Malformed(attribute));
    }
    let mut starred = own.to_item();
    let scopes = Client { scopes: ScopeBound::OneOf(vec!["*".to_owned(), "a".to_owned()]), ..own.clone() }.to_item();
    starred.insert("scopes".to_owned(), scopes["scopes"].clone());
    table.put(starred).await;
    assert_eq!(refusal(&table.registry(), &client_principal("acme", "robot")).await, Refusal::Malformed("scopes"));
}

#[tokio::test]
async fn the_only_tenant_is_found_and_of_several_none() {
    let table = Table::with_acme().await;
    let found = async |member: &Member| table.registry().only_tenant(member, soon()).await;
    assert_eq!(found(&user("carol")).await, Err(Refusal::NotAMember));
    table.put(membership("acme", "carol").to_item()).await;
    assert_eq!(found(&user("carol")).await, Ok(TenantId::parse("acme").unwrap()));
    assert_eq!(found(&user("caro")).await, Err(Refusal::NotAMember));
    table.put(Membership { status: Status::Suspended, ..membership("globex", "carol") }.to_item()).await;
    assert_eq!(found(&user("carol")).await, Err(Refusal::SeveralTenants), "a suspended membership counts");
    table.put(membership("initech", "carol").to_item()).await;
    assert_eq!(found(&user("carol")).await, Err(Refusal::SeveralTenants));
}

#[tokio::test]
async fn the_only_tenant_of_a_client_is_not_that_of_a_user() {
    let table = Table::with_acme().await;
    table.put(membership("acme", "robot").to_item()).await;
    let machine = Member { kind: PrincipalKind::Client, subject: client_subject("robot").unwrap(), ..user("robot") };
    assert_eq!(table.registry().only_tenant(&machine, soon()).await, Err(Refusal::NotAMember));
    table.put(client("globex", "robot").to_item()).await;
    assert_eq!(table.registry().only_tenant(&machine, soon()).await, Ok(TenantId::parse("globex").unwrap()));
    assert_eq!(table.registry().only_tenant(&user("robot"), soon()).await, Ok(TenantId::parse("acme").unwrap()));
}

#[tokio::test]
async fn what_is_found_is_remembered_for_the_time_of_the_settings() {
    let table = Table::with_acme().await;
    table.put(membership("acme", "carol").to_item()).await;
    let registry = table.registry();
    assert!(registry.only_tenant(&user("carol"), soon()).await.is_ok());
    table.put(membership("globex", "carol").to_item()).await;
    assert!(registry.only_tenant(&user("carol"), soon()).await.is_ok(), "within the time");
    let forgetful = table.forgetful_registry();
    assert_eq!(forgetful.only_tenant(&user("carol"), soon()).await, Err(Refusal::SeveralTenants));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_who_ask_at_once_ask_the_table_once() {
    let table = Table::with_acme().await;
    table.put(membership("acme", "carol").to_item()).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Arc::new(Registry::new(settings(&endpoint.url)));
    let mut questions = JoinSet::new();
    for _ in 0..1_000 {
        let registry = Arc::clone(&registry);
        questions.spawn(async move { registry.only_tenant(&user("carol"), soon()).await });
    }
    assert!(questions.join_all().await.iter().all(Result::is_ok));
    assert_eq!(endpoint.request_count(), 1);
}

#[tokio::test]
async fn a_membership_of_somebody_else_in_ones_partition_is_malformed() {
    let table = Table::with_acme().await;
    let own = membership("acme", "carol");
    let mut item = membership("acme", "bob").to_item();
    item.extend(own.to_item().into_iter().filter(|(name, _)| name == "pk" || name == "sk"));
    table.put(item).await;
    assert_eq!(table.registry().only_tenant(&user("carol"), soon()).await, Err(Refusal::Malformed("membership")));
}

fn client(tenant: &str, client: &str) -> Client {
    Client {
        issuer: ISSUER.to_owned(),
        client: client.to_owned(),
        tenant: TenantId::parse(tenant).unwrap(),
        roles: vec!["batch".to_owned()],
        workspaces: vec!["eu".to_owned()],
        scopes: ScopeBound::OneOf(vec!["orders.read".to_owned()]),
        status: Status::Active,
    }
}

fn client_principal(tenant: &str, client: &str) -> Principal {
    let subject = client_subject(client).unwrap();
    Principal { kind: PrincipalKind::Client, subject, ..principal(tenant, "nobody") }
}

fn through(agent: &str) -> Principal {
    Principal { agent: Some(UserId::parse(agent).unwrap()), ..principal("acme", "alice") }
}

fn user(subject: &str) -> Member {
    let Principal { kind, issuer, subject, .. } = principal("acme", subject);
    Member { kind, issuer, subject }
}

fn at_key_of(own: &Client, mut item: Item) -> Item {
    item.extend(own.to_item().into_iter().filter(|(name, _)| name == "pk" || name == "sk"));
    item
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}
