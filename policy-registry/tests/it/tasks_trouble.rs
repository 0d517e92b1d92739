//! Trouble with the table, or with an item in it, makes nobody the owner of a task.

use std::time::Duration;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::{Registry, TaskRefusal};
use serde_json::json;
use tokio::time::Instant;

use crate::endpoint::{Endpoint, Reply, nobody};
use crate::table::{Table, principal, settings};
use crate::task::{NOW, deadline, find, find_all, id, record, task};
use crate::trouble_errors::error;

#[tokio::test(flavor = "multi_thread")]
async fn an_item_with_a_wrong_attribute_is_malformed() {
    for name in ["kind", "tenantId", "taskId", "issuer", "subject", "tool"] {
        check_item(name, None).await;
        for wrong in
            [text(""), AttributeValue::N("1".into()), AttributeValue::Null(true), AttributeValue::B(Blob::new("x"))]
        {
            check_item(name, Some(wrong)).await;
        }
    }
    for word in ["TASK", "membership"] {
        check_item("kind", Some(text(word))).await;
    }
    for tool in ["a b", "orders____x", "orders___", "*", "x_amz_bedrock_agentcore_search"] {
        check_item("tool", Some(text(tool))).await;
    }
    check_item("schema", None).await;
    check_item("schema", Some(AttributeValue::N("2".into()))).await;
    check_item("taskId", Some(text("t\n1"))).await;
    check_item("expiresAt", None).await;
    for wrong in [
        text("4102444800"),
        AttributeValue::N("-1".into()),
        AttributeValue::N("1.5".into()),
        AttributeValue::N("1e30".into()),
    ] {
        check_item("expiresAt", Some(wrong)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_another_task_or_tenant_under_the_key_is_malformed() {
    check_item("tenantId", Some(text("globex"))).await;
    check_item("taskId", Some(text("t-2"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_table_is_unavailable_with_its_cause() {
    for (status, code, cause) in [
        (400, "AccessDeniedException", "access denied"),
        (400, "ProvisionedThroughputExceededException", "throttled"),
        (400, "ResourceNotFoundException", "no such table"),
        (400, "ValidationException", "service"),
        (500, "InternalServerError", "service"),
    ] {
        let endpoint = Endpoint::new(error(status, code)).await;
        check_all(&Registry::new(settings(&endpoint.url)), cause).await;
    }
    check_all(&Registry::new(settings(&nobody().await)), "connection").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_hangs_is_unavailable_within_the_timeout_or_the_deadline() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let mut short = settings(&endpoint.url);
    short.client.timeout = Duration::from_millis(300);
    let started = Instant::now();
    check_all(&Registry::new(short), "timeout").await;
    let registry = Registry::new(settings(&endpoint.url));
    let (alice, task) = (principal("acme", "alice"), task("acme", "alice", "t-1"));
    let soon = || Instant::now() + Duration::from_millis(200);
    let timeout = TaskRefusal::Unavailable("timeout");
    assert_eq!(registry.find_task(&alice, &id("t-1"), NOW, soon()).await, Err(timeout));
    assert_eq!(registry.find_tasks(&alice, [id("t-1")], NOW, soon()).await, Err(timeout));
    assert_eq!(registry.record_task(&task, soon()).await, Err(timeout));
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_deadline_nothing_is_asked_and_nothing_written() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let registry = Registry::new(settings(&endpoint.url));
    let (alice, now) = (principal("acme", "alice"), Instant::now());
    let timeout = TaskRefusal::Unavailable("timeout");
    assert_eq!(registry.find_task(&alice, &id("t-1"), NOW, now).await, Err(timeout));
    assert_eq!(registry.record_task(&task("acme", "alice", "t-1"), now).await, Err(timeout));
    assert_eq!(endpoint.request_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_answer_is_none() {
    let left = json!({"registry": {"Keys": [{"pk": {"S": "TASK#acme#t-1"}, "sk": {"S": "TASK"}}]}});
    let half = json!({"Responses": {"registry": []}, "UnprocessedKeys": left}).to_string();
    let endpoint = Endpoint::new(Reply::Json(200, half)).await;
    let registry = Registry::new(settings(&endpoint.url));
    let expected = TaskRefusal::Unavailable("unprocessed keys");
    let alice = principal("acme", "alice");
    assert_eq!(find(&registry, &alice, "t-1").await, Err(expected));
    assert_eq!(find_all(&registry, &alice, &["t-1".to_owned()]).await, Err(expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_was_not_asked_for_is_malformed() {
    let stray = json!({"pk": {"S": "TASK#globex#t-1"}, "sk": {"S": "TASK"}});
    let endpoint = Endpoint::new(Reply::Json(200, json!({"Responses": {"registry": [stray]}}).to_string())).await;
    let registry = Registry::new(settings(&endpoint.url));
    assert_eq!(find(&registry, &principal("acme", "alice"), "t-1").await, Err(TaskRefusal::Malformed("key")));
}

/// The write may have been done when its answer was lost.
#[tokio::test(flavor = "multi_thread")]
async fn one_failed_attempt_does_not_fail_the_record() {
    let table = Table::new().await;
    let rest = Box::new(Reply::Forward(table.address));
    let endpoint = Endpoint::new(Reply::Once(Box::new(error(400, "ThrottlingException")), rest)).await;
    record(&Registry::new(settings(&endpoint.url)), &task("acme", "alice", "t-1")).await.unwrap();
    assert_eq!(endpoint.request_count(), 2);
    assert!(find(&table.registry(), &principal("acme", "alice"), "t-1").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_remembered() {
    let table = Table::new().await;
    let registry = table.registry();
    let (alice, task) = (principal("acme", "alice"), task("acme", "alice", "t-1"));
    for _ in 0..2 {
        assert_eq!(find(&registry, &alice, "t-1").await, Err(TaskRefusal::Unknown));
        record(&registry, &task).await.unwrap();
        assert!(find(&registry, &alice, "t-1").await.is_ok());
        table.delete(task.key()).await;
    }
}

/// Alice's task is not hers once its item has this attribute instead, neither alone nor among others.
async fn check_item(name: &'static str, value: Option<AttributeValue>) {
    let table = Table::new().await;
    let registry = table.registry();
    let alice = principal("acme", "alice");
    let mut item = task("acme", "alice", "t-1").to_item();
    item.remove(name);
    item.extend(value.clone().map(|value| (name.to_owned(), value)));
    table.put(item).await;
    record(&registry, &task("acme", "alice", "t-3")).await.unwrap();
    assert_eq!(find(&registry, &alice, "t-1").await, Err(TaskRefusal::Malformed(name)), "{name}: {value:?}");
    let found = find_all(&registry, &alice, &["t-1".to_owned(), "t-3".to_owned()]).await.unwrap();
    assert!(found.len() == 1 && found.contains_key(&id("t-3")), "{name}: {value:?}");
}

/// Unavailable for this cause, whatever is asked.
async fn check_all(registry: &Registry, cause: &'static str) {
    let (alice, expected) = (principal("acme", "alice"), TaskRefusal::Unavailable(cause));
    assert_eq!(find(registry, &alice, "t-1").await, Err(expected));
    assert_eq!(registry.find_tasks(&alice, [id("t-1")], NOW, deadline()).await, Err(expected));
    assert_eq!(record(registry, &task("acme", "alice", "t-1")).await, Err(expected));
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
