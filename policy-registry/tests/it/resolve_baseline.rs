//! The baseline: with every grant, or there is no grant.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::PolicyId;
use policy_registry::key::{Key, Place};
use policy_registry::record::{Baseline, PolicyPointer, PolicyRecord};
use policy_registry::{BaselineMode, PolicyFault, Refusal, Registry, Settings, sha256_hex};
use std::sync::Arc;

use crate::table::{Table, ask, baseline, baseline_records, document, principal, records, refusal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_a_baseline_gives_grants_without_one() {
    let table = Table::with_acme().await;
    assert!(ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap().baseline.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_baseline_is_in_the_grants_of_all_tenants() {
    let table = with_baseline().await;
    table.publish("globex", &document("globex", "g1")).await;
    table.enroll("globex", "bob", &[]).await;
    for mode in [BaselineMode::Optional, BaselineMode::Required] {
        let registry = registry(&table, mode);
        let acme = ask(&registry, &principal("acme", "alice")).await.grant.unwrap();
        let globex = ask(&registry, &principal("globex", "bob")).await.grant.unwrap();
        let (one, other) = (acme.baseline.as_ref().unwrap(), globex.baseline.as_ref().unwrap());
        assert_eq!((one.id().as_str(), one.tenant()), ("base", None));
        assert!(Arc::ptr_eq(one, other));
        assert_eq!((acme.policy.id().as_str(), globex.policy.id().as_str()), ("p1", "g1"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_that_must_be_there_and_is_not_refuses_members_only() {
    let table = Table::with_acme().await;
    let registry = registry(&table, BaselineMode::Required);
    assert_eq!(refusal(&registry, &principal("acme", "alice")).await, Refusal::NoBaseline);
    assert_eq!(refusal(&registry, &principal("acme", "mallory")).await, Refusal::NotAMember);
}

/// A document that nothing points to is not in force, and does not count as one that is.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_alone_is_no_baseline() {
    let table = with_baseline().await;
    table.delete(Baseline::key()).await;
    let alice = principal("acme", "alice");
    assert!(ask(&table.registry(), &alice).await.grant.unwrap().baseline.is_none());
    assert_eq!(refusal(&registry(&table, BaselineMode::Required), &alice).await, Refusal::NoBaseline);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_without_its_document_refuses_everybody() {
    let table = with_baseline().await;
    table.delete(Key::policy(&Place::Baseline)).await;
    refused(&table, PolicyFault::NoDocument).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_that_is_not_the_one_pointed_to_refuses_everybody() {
    let (pointer, record) = baseline_records(&baseline("base"));
    let other = PolicyId::parse("other").unwrap();
    let pointed = |policy: PolicyPointer| Baseline { policy }.to_item();
    let hash = PolicyPointer { sha256: sha256_hex(b"other"), ..pointer.policy.clone() };
    let id = PolicyPointer { policy: other.clone(), ..pointer.policy.clone() };
    let edited = record.document.replace("dropAll", "nothing");
    let renamed = PolicyRecord { policy: other, ..record.clone() };
    for items in [
        vec![pointed(hash)],
        vec![pointed(id)],
        vec![PolicyRecord { document: edited, ..record }.to_item()],
        vec![baseline_records(&baseline("new")).0.to_item()],
        vec![baseline_records(&baseline("new")).1.to_item()],
        // Pointer and item agree, but the document says what it is.
        vec![pointed(renamed.pointer()), renamed.to_item()],
    ] {
        let table = with_baseline().await;
        for item in items {
            table.put(item).await;
        }
        refused(&table, PolicyFault::Mismatch).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_policy_is_no_baseline() {
    let table = with_baseline().await;
    table.publish_baseline(&document("acme", "p1")).await;
    refused(&table, PolicyFault::Mismatch).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_is_no_tenants_policy() {
    let table = with_baseline().await;
    table.publish("acme", &baseline("base")).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::PolicyMismatch);
    let mut item = records("acme", &baseline("base")).1.to_item();
    item.insert("kind".to_owned(), AttributeValue::S("baseline-policy".to_owned()));
    table.put(item).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::Malformed("kind"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_that_is_no_policy_refuses_everybody_with_its_place() {
    let table = with_baseline().await;
    table.publish_baseline(&baseline("base").replace("DENY", "FORBID")).await;
    let found = table.refusal_of_alice().await;
    let Refusal::Baseline(PolicyFault::Invalid(problem)) = &found else { panic!("{found:?}") };
    assert!(problem.contains("rules[0].effect"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_with_a_wrong_attribute_refuses_everybody() {
    let (pointer, record) = baseline_records(&baseline("base"));
    let (pointer, record) = (pointer.to_item(), record.to_item());
    for (item, names) in [
        (pointer, ["schema", "kind", "policyId", "policySha256"].as_slice()),
        (record, ["schema", "kind", "policyId", "sha256", "document"].as_slice()),
    ] {
        for name in names {
            let wrong = [None, Some(AttributeValue::Bool(true)), Some(AttributeValue::S(String::new()))];
            for value in wrong.into_iter().chain([Some(AttributeValue::S("policy".to_owned()))]) {
                let is_fitting = value.as_ref().is_some_and(|value| value.as_s().is_ok_and(|text| text == "policy"));
                if is_fitting && !["schema", "kind"].contains(name) {
                    continue;
                }
                let table = with_baseline().await;
                let mut item = item.clone();
                item.remove(*name);
                item.extend(value.map(|value| ((*name).to_owned(), value)));
                table.put(item).await;
                refused(&table, PolicyFault::Malformed(name)).await;
            }
        }
    }
}

/// Acme and a baseline `base`.
async fn with_baseline() -> Table {
    let table = Table::with_acme().await;
    table.publish_baseline(&baseline("base")).await;
    table
}

fn registry(table: &Table, baseline: BaselineMode) -> Registry {
    Registry::new(Settings { baseline, ..settings(&table.url) })
}

/// In either mode every member of every tenant is refused, by a process that was not asked before and by one that was.
async fn refused(table: &Table, fault: PolicyFault) {
    for mode in [BaselineMode::Optional, BaselineMode::Required] {
        let registry = registry(table, mode);
        for user in ["alice", "bob"] {
            assert_eq!(refusal(&registry, &principal("acme", user)).await, Refusal::Baseline(fault.clone()));
        }
    }
}
