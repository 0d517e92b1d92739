//! A policy document is read and compiled once for as long as the tenant points to it.

use std::sync::Arc;
use std::time::Duration;

use policy_model::PolicyId;
use policy_registry::record::{PolicyPointer, Tenant};
use policy_registry::{Refusal, Registry, Settings};

use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, ask, document, principal, records, refusal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_lookup_is_one_consistent_read_of_all_items() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
    let documents = ["POLICY#ACTIVE", "POLICY#SHADOW", "* POLICY#ACTIVE"];
    assert_eq!(endpoint.asked(), [[&["TENANT#acme", "TENANT", "* BASELINE", "KILL"], &documents[..]].concat()]);
    let request = &endpoint.requests()[0];
    assert_eq!(request.headers["x-amz-target"], "DynamoDB_20120810.BatchGetItem");
    assert_eq!(request.body["RequestItems"]["registry"]["ConsistentRead"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_user_of_a_tenant_does_not_read_the_policy_again() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    let alice = ask(&registry, &principal("acme", "alice")).await.grant.unwrap();
    let bob = ask(&registry, &principal("acme", "bob")).await.grant.unwrap();
    assert!(Arc::ptr_eq(&alice.policy, &bob.policy));
    assert_eq!(endpoint.asked()[1..], [["TENANT#acme", "TENANT", "* BASELINE", "KILL"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenant_reads_its_own_policy() {
    let table = Table::with_acme().await;
    table.publish("acme-eu", &document("acme-eu", "e1")).await;
    table.enroll("acme-eu", "alice", &[]).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
    let grant = ask(&registry, &principal("acme-eu", "alice")).await.grant.unwrap();
    assert_eq!(grant.policy.id().as_str(), "e1");
    let asked = ["TENANT#acme-eu", "TENANT", "* BASELINE", "KILL", "POLICY#ACTIVE", "POLICY#SHADOW"];
    assert_eq!(endpoint.asked()[1], asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_policy_is_read_once_the_tenant_points_to_it() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(Settings { cache_ttl: Duration::ZERO, ..settings(&endpoint.url) });
    let alice = principal("acme", "alice");
    assert_eq!(ask(&registry, &alice).await.grant.unwrap().policy.id().as_str(), "p1");
    table.publish("acme", &document("acme", "p2")).await;
    for _ in 0..2 {
        assert_eq!(ask(&registry, &alice).await.grant.unwrap().policy.id().as_str(), "p2");
    }
    let asked: Vec<usize> = endpoint.asked().iter().map(Vec::len).collect();
    assert_eq!(asked, [7, 4, 1, 4]);
    assert_eq!(endpoint.asked()[2], ["POLICY#ACTIVE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_policy_of_the_same_id_is_a_new_one() {
    let table = Table::with_acme().await;
    let registry = table.forgetful_registry();
    let alice = principal("acme", "alice");
    let first = ask(&registry, &alice).await.grant.unwrap();
    table.publish("acme", &document("acme", "p1").replace("getOrder", "putOrder")).await;
    let second = ask(&registry, &alice).await.grant.unwrap();
    assert!(!Arc::ptr_eq(&first.policy, &second.policy));
    table.publish("acme", &document("acme", "p1")).await;
    assert!(!Arc::ptr_eq(&ask(&registry, &alice).await.grant.unwrap().policy, &second.policy));
}

/// In the middle of a publication the old policy is not used for the new pointer, nor the new one for the old pointer.
#[tokio::test(flavor = "multi_thread")]
async fn a_half_done_publication_does_not_mix_policies() {
    let table = Table::with_acme().await;
    let warm = table.forgetful_registry();
    let alice = principal("acme", "alice");
    assert!(ask(&warm, &alice).await.grant.is_ok());
    let (tenant, policy) = records("acme", &document("acme", "p2"));
    table.put(tenant.to_item()).await;
    assert_eq!(refusal(&warm, &alice).await, Refusal::PolicyMismatch);
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
    table.put(policy.to_item()).await;
    assert_eq!(ask(&warm, &alice).await.grant.unwrap().policy.id().as_str(), "p2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pointer_to_another_policy_id_does_not_find_the_one_that_is_held() {
    let table = Table::with_acme().await;
    let registry = table.forgetful_registry();
    let alice = principal("acme", "alice");
    assert!(ask(&registry, &alice).await.grant.is_ok());
    let (tenant, _) = records("acme", &document("acme", "p1"));
    let policy = PolicyPointer { policy: PolicyId::parse("p2").unwrap(), ..tenant.policy };
    table.put(Tenant { policy, ..tenant }.to_item()).await;
    assert_eq!(refusal(&registry, &alice).await, Refusal::PolicyMismatch);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_policy_is_read_again() {
    let table = Table::with_acme().await;
    table.publish("acme", "{}").await;
    let registry = table.forgetful_registry();
    let alice = principal("acme", "alice");
    assert!(matches!(refusal(&registry, &alice).await, Refusal::InvalidPolicy(_)));
    table.publish("acme", &document("acme", "p1")).await;
    assert!(ask(&registry, &alice).await.grant.is_ok());
    table.publish("acme", "{}").await;
    assert!(matches!(refusal(&registry, &alice).await, Refusal::InvalidPolicy(_)));
}
