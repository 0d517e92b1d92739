//! An item that is not what it should be is refused as a whole, with the attribute's name.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::Refusal;
use policy_registry::record::Item;

use crate::table::{Table, document, membership, owned, records};

#[tokio::test(flavor = "multi_thread")]
async fn a_membership_with_a_wrong_attribute_is_malformed() {
    let item = membership("acme", "alice").to_item();
    check_texts(&item, &["kind", "issuer", "subject", "tenantId", "status"]).await;
    check_schema(&item).await;
    for list in ["roles", "workspaces"] {
        for name in [text("admin"), AttributeValue::Ss(owned(&["admin"])), AttributeValue::Null(true)] {
            check(&item, list, Some(name)).await;
        }
        for name in [text(""), AttributeValue::N("1".into()), AttributeValue::L(vec![text("admin")])] {
            check(&item, list, Some(AttributeValue::L(vec![text("admin"), name]))).await;
        }
    }
    check(&item, "roles", None).await;
    check_words(&item, "kind", &["tenant", "policy", "Membership"]).await;
    check_words(&item, "status", &["active", " ACTIVE", "DELETED", "ACTIVE,SUSPENDED"]).await;
    check_words(&item, "tenantId", &["", "a b", "*", "-acme"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_with_a_wrong_attribute_is_malformed() {
    let item = records("acme", &document("acme", "p1")).0.to_item();
    check_texts(&item, &["kind", "tenantId", "status", "policyId", "policySha256"]).await;
    check_schema(&item).await;
    check_words(&item, "kind", &["membership", "policy", "TENANT"]).await;
    check_words(&item, "status", &["Active", "ACTIVE ", "DISABLED"]).await;
    check_words(&item, "policyId", &["p 1", "*", ".p"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_item_with_a_wrong_attribute_is_malformed() {
    let item = records("acme", &document("acme", "p1")).1.to_item();
    check_texts(&item, &["kind", "tenantId", "policyId", "sha256", "document"]).await;
    check_schema(&item).await;
    check_words(&item, "kind", &["membership", "tenant", "policies"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_membership_of_somebody_else_under_the_key_is_malformed() {
    let table = Table::with_acme().await;
    for (name, other) in [("subject", "bob"), ("issuer", "https://issuer.example/other"), ("tenantId", "globex")] {
        let mut item = membership("acme", "alice").to_item();
        item.insert(name.to_owned(), text(other));
        table.put(item).await;
        assert_eq!(table.refusal_of_alice().await, Refusal::Malformed("membership"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_item_of_another_tenant_under_the_key_is_malformed() {
    let mut item = records("acme", &document("acme", "p1")).0.to_item();
    item.insert("tenantId".to_owned(), text("globex"));
    let table = Table::with_acme().await;
    table.put(item).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::Malformed("tenantId"));
}

/// Each of these attributes is a text: absent, empty or of any other type it is malformed.
async fn check_texts(item: &Item, names: &[&'static str]) {
    for name in names {
        check(item, name, None).await;
        for other in [
            text(""),
            AttributeValue::N("1".into()),
            AttributeValue::Bool(true),
            AttributeValue::Null(true),
            AttributeValue::B(Blob::new("ACTIVE")),
            AttributeValue::Ss(owned(&["ACTIVE"])),
            AttributeValue::L(vec![text("ACTIVE")]),
            AttributeValue::M([("S".to_owned(), text("ACTIVE"))].into()),
        ] {
            check(item, name, Some(other)).await;
        }
    }
}

async fn check_schema(item: &Item) {
    check(item, "schema", None).await;
    for number in ["2", "0", "-1", "1.5", "10", "1e38"] {
        check(item, "schema", Some(AttributeValue::N(number.into()))).await;
    }
    check(item, "schema", Some(text("1"))).await;
    check(item, "schema", Some(AttributeValue::Ns(owned(&["1"])))).await;
    check(item, "schema", Some(AttributeValue::L(vec![AttributeValue::N("1".into())]))).await;
}

async fn check_words(item: &Item, name: &'static str, words: &[&str]) {
    for word in words {
        check(item, name, Some(text(word))).await;
    }
}

/// Alice is refused with the attribute's name once this item has this attribute instead.
async fn check(item: &Item, name: &'static str, value: Option<AttributeValue>) {
    let table = Table::with_acme().await;
    let mut item = item.clone();
    item.remove(name);
    item.extend(value.clone().map(|value| (name.to_owned(), value)));
    table.put(item).await;
    assert_eq!(table.refusal_of_alice().await, Refusal::Malformed(name), "{name}: {value:?}");
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
