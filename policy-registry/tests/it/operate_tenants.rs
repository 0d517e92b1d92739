//! Adding, suspending and removing tenants.

use policy_registry::operate::{OperateError, PolicyScope, Removal};
use policy_registry::record::{Action, Client, ScopeBound, Status};
use policy_registry::{Refusal, operate};

use crate::operator::{all, deeds, history, member, operator, policy, publish, tenant, with_acme};
use crate::table::{ISSUER, TABLE, Table, ask, principal, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_without_a_policy_has_one_that_allows_nothing() {
    let table = Table::new().await;
    let operator = operator(&table);
    let state = operator.add_tenant(&tenant("acme"), None, None).await.unwrap();
    assert_eq!((state.status, state.policy_version, state.revision), (Status::Active, Some(1), 1));
    operator.add_member(&member("acme", "alice", &[]), None).await.unwrap();
    let grant = ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap();
    assert_eq!(grant.policy.id().as_str(), "NO-RULES");
    assert_eq!(publish(&operator, &policy("acme", 1)).await.version, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_added_once_and_with_its_own_policy() {
    let (table, operator) = with_acme().await;
    let before = table.dump().await;
    for refused in [
        operator.add_tenant(&tenant("acme"), None, None).await,
        operator.add_tenant(&tenant("globex"), Some(&policy("acme", 1)), None).await,
    ] {
        assert!(matches!(refused, Err(OperateError::Refused(_))), "{refused:?}");
    }
    assert_eq!(table.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_and_its_end_are_in_force_and_in_the_log() {
    let (table, operator) = with_acme().await;
    table.enroll("acme", "alice", &[]).await;
    let (acme, registry, alice) = (tenant("acme"), table.forgetful_registry(), principal("acme", "alice"));
    assert!(operator.suspend_tenant(&acme, Some("incident 9")).await.unwrap().is_changed);
    assert_eq!(refusal(&registry, &alice).await, Refusal::TenantSuspended);
    assert!(!operator.suspend_tenant(&acme, None).await.unwrap().is_changed);
    assert!(operator.resume_tenant(&acme, None).await.unwrap().is_changed);
    assert!(ask(&registry, &alice).await.grant.is_ok());
    let log = history(&operator, "acme").await;
    let done: Vec<Action> = log.iter().map(|entry| entry.action).collect();
    assert_eq!(done, [Action::TenantAdded, Action::TenantSuspended, Action::TenantResumed]);
    assert_eq!(log[1].comment.as_deref(), Some("incident 9"));
    let nobody = operator.suspend_tenant(&tenant("globex"), None).await.unwrap_err();
    assert_eq!(nobody, OperateError::NotFound("tenant globex".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_tenants_are_listed_also_those_that_were_loaded() {
    let (table, operator) = with_acme().await;
    table.publish("globex", &crate::table::document("globex", "g1")).await;
    let tenants = all(operator.tenants()).await;
    let listed: Vec<_> = tenants.iter().map(|state| (state.scope.clone(), state.policy_version)).collect();
    assert_eq!(listed, [(scope("acme"), Some(1)), (scope("globex"), None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_tenant_leaves_its_versions_and_its_log_alone() {
    let (table, operator) = with_acme().await;
    let acme = tenant("acme");
    enroll(&operator).await;
    assert_eq!(operator.plan_removal(&acme).await.unwrap(), Removal { has_tenant: true, members: 30, clients: 1 });
    let removed = operator.remove_tenant(&acme, Some("gone"), |_| {}).await.unwrap();
    assert_eq!(removed, Removal { has_tenant: true, members: 30, clients: 1 });
    assert_eq!(refusal(&table.registry(), &principal("acme", "u1")).await, Refusal::NotAMember);
    let kinds: Vec<String> = table.dump().await.iter().map(|item| item["kind"]["S"].to_string()).collect();
    assert!(!kinds.iter().any(|kind| kind.contains("member") || kind.contains("client") || kind.contains("tenant")));
    assert_eq!(all(operator.versions(&scope("acme"))).await.len(), 1);
    let none = operator.remove_tenant(&acme, None, |_| {}).await.unwrap_err();
    assert_eq!(none, OperateError::NotFound("tenant acme".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_is_added_again_goes_on_counting() {
    let (_table, operator) = with_acme().await;
    let acme = tenant("acme");
    operator.remove_tenant(&acme, None, |_| {}).await.unwrap();
    let state = operator.add_tenant(&acme, Some(&policy("acme", 1)), None).await.unwrap();
    assert_eq!((state.revision, state.policy_version, state.versions), (3, Some(1), 1));
    assert_eq!(publish(&operator, &policy("acme", 2)).await.version, Some(2));
    let log = deeds(&history(&operator, "acme").await);
    assert_eq!(log[1..3], [(Action::TenantRemoved, Some(1), None), (Action::TenantAdded, None, Some(1))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_not_added_while_members_of_a_removed_one_are_left() {
    let (table, operator) = with_acme().await;
    enroll(&operator).await;
    table.delete(policy_registry::key::Key::tenant(&tenant("acme"))).await;
    let refused = operator.add_tenant(&tenant("acme"), None, None).await;
    assert!(matches!(refused, Err(OperateError::Refused(_))), "{refused:?}");
    let rest = operator.remove_tenant(&tenant("acme"), None, |_| {}).await.unwrap();
    assert_eq!(rest, Removal { has_tenant: false, members: 30, clients: 1 });
    operator.add_tenant(&tenant("acme"), None, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_and_a_comment_are_short_and_plain() {
    let (table, operator) = with_acme().await;
    for author in ["", "a\nb", &"a".repeat(129)] {
        assert!(operate::Operator::new(table.client.clone(), TABLE, author).is_err(), "{author:?}");
    }
    for comment in ["", "\u{1b}[31m", &"a".repeat(1_001)] {
        let refused = operator.suspend_tenant(&tenant("acme"), Some(comment)).await;
        assert!(matches!(refused, Err(OperateError::Refused(_))), "{comment:?}");
    }
}

/// 30 members and a client of acme.
async fn enroll(operator: &operate::Operator) {
    for number in 0..30 {
        operator.add_member(&member("acme", &format!("u{number}"), &[]), None).await.unwrap();
    }
    let client = Client {
        issuer: ISSUER.to_owned(),
        client: "batch".to_owned(),
        tenant: tenant("acme"),
        roles: Vec::new(),
        workspaces: Vec::new(),
        scopes: ScopeBound::Any,
        status: Status::Active,
    };
    operator.add_client(&client, None).await.unwrap();
}

fn scope(id: &str) -> PolicyScope {
    crate::operator::scope(id)
}
