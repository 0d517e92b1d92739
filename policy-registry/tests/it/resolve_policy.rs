//! A policy item that is not the policy which the tenant points to.

use policy_model::{PolicyId, TenantId};
use policy_registry::Refusal;
use policy_registry::key::Place;
use policy_registry::record::{PolicyPointer, PolicyRecord, Tenant};
use policy_registry::sha256_hex;

use crate::table::{Table, document, records};

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_that_the_tenant_does_not_name_is_a_mismatch() {
    let table = Table::with_acme().await;
    let (tenant, _) = records("acme", &document("acme", "p1"));
    let own = &tenant.policy;
    for sha256 in [sha256_hex(b"other"), own.sha256.to_uppercase(), own.sha256.repeat(2)] {
        let policy = PolicyPointer { sha256, ..own.clone() };
        table.put(Tenant { policy, ..tenant.clone() }.to_item()).await;
        assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_was_edited_in_place_is_a_mismatch() {
    let table = Table::with_acme().await;
    let (_, policy) = records("acme", &document("acme", "p1"));
    let document = policy.document.replace("getOrder", "*");
    table.put(PolicyRecord { document, ..policy }.to_item()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_policy_without_the_tenants_word_is_a_mismatch() {
    let table = Table::with_acme().await;
    table.put(records("acme", &document("acme", "p2")).1.to_item()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_policy_id_in_the_item_is_a_mismatch() {
    let table = Table::with_acme().await;
    let (tenant, policy) = records("acme", &document("acme", "p1"));
    let other = PolicyId::parse("p2").unwrap();
    table.put(PolicyRecord { policy: other.clone(), ..policy.clone() }.to_item()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
    // Tenant and item agree, but the document says who it is.
    table.put(PolicyRecord { policy: other.clone(), ..policy }.to_item()).await;
    let policy = PolicyPointer { policy: other, ..tenant.policy };
    table.put(Tenant { policy, ..tenant }.to_item()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenants_policy_under_the_key_is_a_mismatch() {
    let table = Table::with_acme().await;
    let (_, acme) = records("acme", &document("acme", "p1"));
    let (pointer, globex) = records("globex", &document("globex", "p1"));
    let mut item = globex.to_item();
    item.extend(acme.to_item().into_iter().filter(|(name, _)| name == "pk"));
    table.put(item).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
    // Even if acme's own tenant item points to it by hash.
    let own = TenantId::parse("acme").unwrap();
    table.put(Tenant { tenant: own.clone(), ..pointer }.to_item()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
    // Even if the item calls itself acme's: the document is globex's.
    table.put(PolicyRecord { place: Place::Active(own), ..globex }.to_item()).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_no_policy_is_refused_with_its_place() {
    let right = document("acme", "p1");
    for (wrong, words) in [
        (right.replace("ALLOW", "PERMIT"), "rules[0].effect"),
        (right.replace("\"rules\"", "\"rule\""), "rule"),
        (right.replace("\"rules\"", "\"policyId\":\"p1\",\"rules\""), "policyId"),
        (right.replace("[\"agent:tool:orders___getOrder\"]", "[]"), "rules[0].resources"),
        ("{".to_owned(), ""),
        ("null".to_owned(), ""),
    ] {
        let table = Table::with_acme().await;
        table.publish("acme", &wrong).await;
        let refusal = table.refusal_of_alice().await;
        let Refusal::InvalidPolicy(problem) = &refusal else { panic!("{wrong}: {refusal:?}") };
        assert!(problem.contains(words) && !problem.is_empty(), "{problem}: expected {words}");
    }
}
