//! A shadow policy is with its tenant's grants, and whatever is wrong with it refuses nothing.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::PolicyId;
use policy_registry::key::Key;
use policy_registry::record::{PolicyPointer, PolicyRecord, Tenant};
use policy_registry::{Grant, Refusal, Registry, Settings, Shadow, sha256_hex};
use std::sync::Arc;
use tokio::time::Instant;

use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, ask, baseline, document, principal, records, settings, shadow_record};
use crate::trouble_errors::error;

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_is_in_the_grants_of_its_tenant_only() {
    let table = with_shadow().await;
    table.publish("globex", &document("globex", "g1")).await;
    table.enroll("globex", "bob", &[]).await;
    let registry = table.registry();
    let acme = granted(&registry, "acme", "alice").await;
    assert_eq!((acme.policy.id().as_str(), shadow(&acme)), ("p1", Some("s1")));
    assert_eq!(shadow(&granted(&registry, "globex", "bob").await), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_of_the_policy_itself_can_be_its_shadow() {
    let table = Table::with_acme().await;
    let edited = document("acme", "p1").replace("getOrder", "*");
    table.publish_with_shadow("acme", &document("acme", "p1"), &edited).await;
    let grant = granted(&table.registry(), "acme", "alice").await;
    let Some(Shadow::Policy(shadow)) = &grant.shadow else { panic!("{:?}", grant.shadow) };
    assert!(!Arc::ptr_eq(&grant.policy, shadow));
}

/// A document that nothing points to is not decided.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_alone_is_no_shadow() {
    let table = with_shadow().await;
    table.publish("acme", &document("acme", "p1")).await;
    assert_eq!(shadow(&granted(&table.registry(), "acme", "alice").await), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_that_is_missing_or_not_the_one_pointed_to_is_broken() {
    let record = shadow_record("acme", &document("acme", "s1"));
    let table = with_shadow().await;
    table.delete(Key::policy(&record.place)).await;
    broken(&table).await;
    let edited = record.document.replace("getOrder", "*");
    for item in [
        PolicyRecord { document: edited, ..record.clone() }.to_item(),
        PolicyRecord { policy: PolicyId::parse("s2").unwrap(), ..record.clone() }.to_item(),
        PolicyRecord { sha256: sha256_hex(b"other"), ..record.clone() }.to_item(),
        shadow_record("acme", &document("acme", "s2")).to_item(),
        with_pk(shadow_record("globex", &document("acme", "s1")), &record),
    ] {
        let table = with_shadow().await;
        table.put(item).await;
        broken(&table).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_of_another_tenant_or_of_all_is_broken() {
    for other in [document("globex", "s1"), baseline("s1")] {
        let table = Table::with_acme().await;
        table.publish_with_shadow("acme", &document("acme", "p1"), &other).await;
        broken(&table).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_that_is_no_policy_is_broken() {
    for wrong in [document("acme", "s1").replace("ALLOW", "PERMIT"), "{".to_owned(), "null".to_owned()] {
        let table = Table::with_acme().await;
        table.publish_with_shadow("acme", &document("acme", "p1"), &wrong).await;
        broken(&table).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_item_with_a_wrong_attribute_is_broken() {
    for name in ["schema", "kind", "tenantId", "policyId", "sha256", "document"] {
        for wrong in [None, Some(AttributeValue::Bool(true)), Some(AttributeValue::S(String::new()))] {
            let table = with_shadow().await;
            let mut item = shadow_record("acme", &document("acme", "s1")).to_item();
            item.remove(name);
            item.extend(wrong.map(|wrong| (name.to_owned(), wrong)));
            table.put(item).await;
            broken(&table).await;
        }
    }
}

/// The tenant's own item is refused as a whole, as for any other attribute: what else it says cannot be trusted either.
#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_points_to_a_shadow_by_halves_is_malformed() {
    let (tenant, _) = records("acme", &document("acme", "p1"));
    let shadow = shadow_record("acme", &document("acme", "s1")).pointer();
    let item = Tenant { shadow: Some(shadow), ..tenant }.to_item();
    for name in ["shadowPolicyId", "shadowPolicySha256"] {
        let text = |text: &str| Some(AttributeValue::S(text.to_owned()));
        let wrong = [None, text(""), Some(AttributeValue::Null(true)), Some(AttributeValue::L(Vec::new()))];
        let wrong_id = [text("*"), text("s 1")].into_iter().filter(|_| name == "shadowPolicyId");
        for value in wrong.into_iter().chain(wrong_id) {
            let table = with_shadow().await;
            let mut item = item.clone();
            item.remove(name);
            item.extend(value.map(|value| (name.to_owned(), value)));
            table.put(item).await;
            assert_eq!(table.refusal_of_alice().await, Refusal::Malformed(name));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_is_seen_when_it_comes_changes_breaks_and_goes() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(Settings { cache_ttl: Duration::ZERO, ..settings(&endpoint.url) });
    let policy = document("acme", "p1");
    let check = async |expected: Option<&str>, trips: &[usize]| {
        let before = endpoint.request_count();
        assert_eq!(shadow(&granted(&registry, "acme", "alice").await), expected);
        let asked: Vec<usize> = endpoint.asked()[before..].iter().map(Vec::len).collect();
        assert_eq!(asked, trips, "{expected:?}");
    };
    check(None, &[7]).await;
    check(None, &[4]).await;
    table.publish_with_shadow("acme", &policy, &document("acme", "s1")).await;
    check(Some("s1"), &[4, 1]).await;
    assert_eq!(endpoint.asked().last().unwrap(), &["POLICY#SHADOW"]);
    check(Some("s1"), &[4]).await;
    table.publish_with_shadow("acme", &policy, &document("acme", "s2")).await;
    check(Some("s2"), &[4, 1]).await;
    // The one that was held is not used for what came in its place, and one that is broken is asked for in the first trip.
    table.publish_with_shadow("acme", &policy, "{}").await;
    check(Some("broken"), &[4, 1]).await;
    check(Some("broken"), &[5]).await;
    table.publish_with_shadow("acme", &policy, &document("acme", "s2")).await;
    check(Some("s2"), &[5]).await;
    table.publish("acme", &policy).await;
    check(None, &[4]).await;
    check(None, &[4]).await;
}

/// The table fails or hangs exactly when the new shadow is read: the caller gets the grant, and in time.
#[tokio::test(flavor = "multi_thread")]
async fn trouble_with_reading_a_new_shadow_alone_refuses_nothing() {
    for trouble in [error(400, "AccessDeniedException"), error(500, "InternalServerError"), Reply::Hang] {
        let table = with_shadow().await;
        let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
        let mut settings = Settings { cache_ttl: Duration::ZERO, ..settings(&endpoint.url) };
        settings.client.timeout = Duration::from_secs(2);
        let registry = Registry::new(settings);
        assert_eq!(shadow(&granted(&registry, "acme", "alice").await), Some("s1"));
        table.publish_with_shadow("acme", &document("acme", "p1"), &document("acme", "s2")).await;
        endpoint.reply_with(Reply::Once(Box::new(Reply::Forward(table.address)), Box::new(trouble)));
        let start = Instant::now();
        assert_eq!(shadow(&granted(&registry, "acme", "alice").await), Some("broken"));
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        endpoint.reply_with(Reply::Forward(table.address));
        assert_eq!(shadow(&granted(&registry, "acme", "alice").await), Some("s2"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pointer_to_another_id_does_not_find_the_shadow_that_is_held() {
    let table = with_shadow().await;
    let registry = table.forgetful_registry();
    assert_eq!(shadow(&granted(&registry, "acme", "alice").await), Some("s1"));
    let (tenant, _) = records("acme", &document("acme", "p1"));
    let pointer = shadow_record("acme", &document("acme", "s1")).pointer();
    let pointer = PolicyPointer { policy: PolicyId::parse("s2").unwrap(), ..pointer };
    table.put(Tenant { shadow: Some(pointer), ..tenant }.to_item()).await;
    assert_eq!(shadow(&granted(&registry, "acme", "alice").await), Some("broken"));
}

/// Acme with a shadow `s1`.
async fn with_shadow() -> Table {
    let table = Table::with_acme().await;
    table.publish_with_shadow("acme", &document("acme", "p1"), &document("acme", "s1")).await;
    table
}

/// A record's item under another one's key.
fn with_pk(record: PolicyRecord, other: &PolicyRecord) -> policy_registry::record::Item {
    let mut item = record.to_item();
    item.extend(other.to_item().into_iter().filter(|(name, _)| name == "pk"));
    item
}

/// Alice has her grant, with the policy in force and a shadow that says that it is broken, the first time and later.
async fn broken(table: &Table) {
    let registry = table.forgetful_registry();
    for _ in 0..2 {
        let grant = granted(&registry, "acme", "alice").await;
        assert_eq!((grant.policy.id().as_str(), shadow(&grant)), ("p1", Some("broken")));
    }
}

async fn granted(registry: &Registry, tenant: &str, subject: &str) -> Arc<Grant> {
    ask(registry, &principal(tenant, subject)).await.grant.unwrap()
}

/// The id of the grant's shadow.
fn shadow(grant: &Arc<Grant>) -> Option<&str> {
    grant.shadow.as_ref().map(|shadow| match shadow {
        Shadow::Policy(policy) => policy.id().as_str(),
        Shadow::Broken => "broken",
    })
}
