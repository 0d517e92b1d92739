//! Trouble with the table, or with an item in it, is no answer about a tool.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::key::Key;
use policy_registry::{ChangeRefusal, Registry, Sighting};
use serde_json::json;
use tokio::time::Instant;

use crate::change::{ORDERS, changed, digest, find, name, note, record, tenant};
use crate::endpoint::{Endpoint, Reply, nobody};
use crate::table::{Table, settings};
use crate::task::NOW;
use crate::trouble_errors::error;

#[tokio::test(flavor = "multi_thread")]
async fn an_item_with_a_wrong_attribute_is_malformed() {
    for attribute in ["schema", "kind", "tenantId", "tool", "sha256", "seenAt"] {
        check_item(attribute, None).await;
        check_item(attribute, Some(text(""))).await;
        check_item(attribute, Some(AttributeValue::Null(true))).await;
    }
    for (attribute, wrong) in [
        ("kind", "task"),
        ("tenantId", "globex"),
        ("tool", "orders___GetOrder"),
        ("sha256", "none"),
        ("sha256", &"A".repeat(64)),
        ("sha256", &"a".repeat(63)),
        ("seenAt", "1"),
    ] {
        check_item(attribute, Some(text(wrong))).await;
    }
    check_item("schema", Some(AttributeValue::N("2".into()))).await;
    check_item("seenAt", Some(AttributeValue::N("-1".into()))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_table_is_unavailable_and_not_remembered() {
    let table = Table::new().await;
    for (status, code, cause) in [
        (400, "AccessDeniedException", "access denied"),
        (400, "ProvisionedThroughputExceededException", "throttled"),
        (500, "InternalServerError", "service"),
    ] {
        let endpoint = Endpoint::new(error(status, code)).await;
        let registry = Registry::new(settings(&endpoint.url));
        check_all(&registry, cause).await;
        endpoint.reply_with(Reply::Forward(table.address));
        assert_eq!(find(&registry, ORDERS).await, Ok(None));
    }
    check_all(&Registry::new(settings(&nobody().await)), "connection").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_is_told() {
    let table = Table::new().await;
    note(&table.registry(), &[("crm___get", changed('a'))]).await.unwrap();
    let stored = table.dump().await[0].clone();
    let empty = json!({"Responses": {"registry": []}, "UnprocessedKeys": {}}).to_string();
    let there = json!({"Responses": {"registry": [stored]}, "UnprocessedKeys": {}}).to_string();
    for (read, seen) in [(empty, (ORDERS, changed('a'))), (there, ("crm___get", Sighting::Pinned))] {
        for code in ["AccessDeniedException", "ProvisionedThroughputExceededException"] {
            let rest = Box::new(error(400, code));
            let endpoint = Endpoint::new(Reply::Once(Box::new(Reply::Json(200, read.clone())), rest)).await;
            let noted = note(&Registry::new(settings(&endpoint.url)), &[seen]).await;
            assert!(matches!(noted, Err(ChangeRefusal::Unavailable("access denied" | "throttled"))), "{noted:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_is_half_done_is_told() {
    let left = json!({"registry": [{"PutRequest": {"Item": {"pk": {"S": "CHANGE#acme#a"}, "sk": {"S": "CHANGE"}}}}]});
    let read = json!({"Responses": {"registry": []}, "UnprocessedKeys": {}}).to_string();
    let rest = Box::new(Reply::Json(200, json!({"UnprocessedItems": left}).to_string()));
    let endpoint = Endpoint::new(Reply::Once(Box::new(Reply::Json(200, read)), rest)).await;
    let noted = note(&Registry::new(settings(&endpoint.url)), &[(ORDERS, changed('a'))]).await;
    assert_eq!(noted, Err(ChangeRefusal::Unavailable("unprocessed items")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_hangs_is_unavailable_in_time_and_after_the_deadline_nothing_is_asked() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let mut short = settings(&endpoint.url);
    short.client.timeout = Duration::from_millis(300);
    let started = Instant::now();
    check_all(&Registry::new(short), "timeout").await;
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    let asked = endpoint.request_count();
    let registry = Registry::new(settings(&endpoint.url));
    let (now, timeout) = (Instant::now(), ChangeRefusal::Unavailable("timeout"));
    let (tenant, orders) = (tenant("acme"), name(ORDERS));
    assert_eq!(registry.find_change(&tenant, &orders, now).await, Err(timeout));
    assert_eq!(registry.find_changes(&tenant, &[orders], now).await, Err(timeout));
    assert_eq!(registry.note_sightings(&tenant, &[(orders, Sighting::Pinned)], NOW, now).await, Err(timeout));
    assert_eq!(endpoint.request_count(), asked);
}

/// Neither a call nor a list gets by an item that has this attribute instead.
async fn check_item(attribute: &'static str, value: Option<AttributeValue>) {
    let table = Table::new().await;
    let mut item = record('a').to_item(Key::change(&tenant("acme"), &name(ORDERS)));
    item.remove(attribute);
    item.extend(value.clone().map(|value| (attribute.to_owned(), value)));
    table.put(item).await;
    let expected = ChangeRefusal::Malformed(attribute);
    assert_eq!(find(&table.registry(), ORDERS).await, Err(expected), "{attribute}: {value:?}");
    for sighting in [Sighting::Pinned, Sighting::Changed(digest('b'))] {
        assert_eq!(note(&table.registry(), &[(ORDERS, sighting)]).await, Err(expected), "{attribute}: {value:?}");
    }
    assert_eq!(table.dump().await.len(), 1);
}

async fn check_all(registry: &Registry, cause: &'static str) {
    let expected = ChangeRefusal::Unavailable(cause);
    assert_eq!(find(registry, ORDERS).await, Err(expected));
    assert_eq!(note(registry, &[(ORDERS, changed('a'))]).await, Err(expected));
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
