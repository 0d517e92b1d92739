//! Who gets no grant, and why: each with the table as an operator would have left it.

use policy_model::TenantId;
use policy_registry::Refusal;
use policy_registry::key::{Key, Place};
use policy_registry::record::{Membership, Status, Tenant};

use crate::table::{Table, document, membership, principal, records, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_not_a_member() {
    let table = Table::with_acme().await;
    assert_eq!(refusal(&table.registry(), &principal("acme", "mallory")).await, Refusal::NotAMember);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_member_is_not_a_member() {
    let table = Table::with_acme().await;
    table.delete(membership("acme", "alice").key()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::NotAMember);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_another_tenant_is_not_a_member() {
    let table = Table::with_acme().await;
    table.publish("globex", &document("globex", "g1")).await;
    assert_eq!(refusal(&table.registry(), &principal("globex", "alice")).await, Refusal::NotAMember);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_member_is_refused() {
    let table = Table::with_acme().await;
    table.put(Membership { status: Status::Suspended, ..membership("acme", "alice") }.to_item()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::MemberSuspended);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_an_unknown_tenant_is_refused() {
    let table = Table::with_acme().await;
    table.enroll("initech", "alice", &[]).await;
    assert_eq!(refusal(&table.registry(), &principal("initech", "alice")).await, Refusal::UnknownTenant);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_without_its_tenant_is_of_no_use() {
    let table = Table::with_acme().await;
    table.delete(Key::tenant(&TenantId::parse("acme").unwrap())).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::UnknownTenant);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_a_suspended_tenant_is_refused() {
    let table = Table::with_acme().await;
    let (tenant, _) = records("acme", &document("acme", "p1"));
    table.put(Tenant { status: Status::Suspended, ..tenant }.to_item()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::TenantSuspended);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_without_a_policy_is_refused() {
    let table = Table::with_acme().await;
    table.delete(Key::policy(&Place::Active(TenantId::parse("acme").unwrap()))).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::NoPolicy);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_a_member_of_an_empty_table() {
    assert_eq!(Table::new().await.refusal_of_alice().await, Refusal::NotAMember);
}
