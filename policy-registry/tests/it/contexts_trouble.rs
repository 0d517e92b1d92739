//! Trouble with the table, or with an item in it, makes nobody the caller.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::{ContextRefusal, Registry};
use serde_json::json;
use tokio::time::Instant;

use crate::context::{GATEWAY, context, find, record};
use crate::endpoint::{Endpoint, Reply, nobody};
use crate::table::{Table, settings};
use crate::task::NOW;
use crate::trouble_errors::error;

#[tokio::test(flavor = "multi_thread")]
async fn an_item_with_a_wrong_attribute_is_malformed() {
    let text = |text: &str| Some(AttributeValue::S(text.to_owned()));
    let number = |number: &str| Some(AttributeValue::N(number.to_owned()));
    let needed = [
        "schema",
        "kind",
        "requestId",
        "tenantId",
        "principalKind",
        "issuer",
        "subject",
        "actors",
        "roles",
        "protocol",
        "bindingId",
        "appId",
        "agentName",
        "target",
        "method",
        "expiresAt",
    ];
    for name in needed {
        check(name, None).await;
    }
    check("gateway", None).await;
    let all = ["gateway", "agent", "scopes", "claims", "resource", "rpcId"].into_iter().chain(needed);
    for name in all {
        for wrong in [number("-2"), Some(AttributeValue::Null(true)), Some(AttributeValue::Ss(vec!["a".into()]))] {
            check(name, wrong).await;
        }
    }
    for (name, word) in [
        ("schema", "1"),
        ("kind", "task"),
        ("gateway", "arn:other"),
        ("requestId", "r-2"),
        ("tenantId", "a b"),
        ("principalKind", "user"),
        ("issuer", ""),
        ("subject", ""),
        ("roles", "admin"),
        ("scopes", ""),
        ("claims", "null"),
        ("protocol", "GRPC"),
        ("bindingId", ""),
        ("appId", "a/b"),
        ("agentName", "\u{e9}"),
        ("rpcId", "[]"),
        ("expiresAt", "4102444800"),
    ] {
        check(name, text(word)).await;
    }
    check("expiresAt", number("1.5")).await;
    check("roles", Some(AttributeValue::L(vec![AttributeValue::N("1".into())]))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_no_context_of_this_layout_is_a_conflict() {
    for (name, value) in [
        ("schema", AttributeValue::N("2".to_owned())),
        ("kind", AttributeValue::S("task".to_owned())),
        ("requestId", AttributeValue::S("r-2".to_owned())),
    ] {
        let table = Table::new().await;
        let mut item = context("r-1").to_item();
        item.insert(name.to_owned(), value);
        table.put(item).await;
        assert_eq!(record(&table.registry(), &context("r-1")).await, Err(ContextRefusal::Conflict), "{name}");
    }
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
    let (soon, timeout) = (|| Instant::now() + Duration::from_millis(200), ContextRefusal::Unavailable("timeout"));
    assert_eq!(registry.find_context(GATEWAY, "r-1", NOW, soon()).await, Err(timeout));
    assert_eq!(registry.record_context(&context("r-1"), soon()).await, Err(timeout));
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_after_the_deadline_or_about_what_fits_no_key() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let registry = Registry::new(settings(&endpoint.url));
    let (now, timeout) = (Instant::now(), ContextRefusal::Unavailable("timeout"));
    assert_eq!(registry.find_context(GATEWAY, "r-1", NOW, now).await, Err(timeout));
    assert_eq!(registry.record_context(&context("r-1"), now).await, Err(timeout));
    for (gateway, name, part) in [
        (GATEWAY, "", "requestId"),
        (GATEWAY, "r\n", "requestId"),
        (GATEWAY, &"r".repeat(257), "requestId"),
        (&"g".repeat(401), "r-1", "gateway"),
        ("\u{e9}", "r-1", "gateway"),
    ] {
        assert_eq!(find(&registry, gateway, name).await, Err(ContextRefusal::Malformed(part)), "{part}");
    }
    assert_eq!(endpoint.request_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_answer_and_a_stray_one_are_none() {
    let left = json!({"registry": {"Keys": [{"pk": {"S": "CONTEXT##r-1"}, "sk": {"S": "CONTEXT"}}]}});
    let half = json!({"Responses": {"registry": []}, "UnprocessedKeys": left});
    let stray = json!({"Responses": {"registry": [{"pk": {"S": "CONTEXT##r-2"}, "sk": {"S": "CONTEXT"}}]}});
    for (answer, expected) in
        [(half, ContextRefusal::Unavailable("unprocessed keys")), (stray, ContextRefusal::Malformed("key"))]
    {
        let endpoint = Endpoint::new(Reply::Json(200, answer.to_string())).await;
        assert_eq!(find(&Registry::new(settings(&endpoint.url)), "", "r-1").await, Err(expected));
    }
}

/// The write may have been done when its answer was lost.
#[tokio::test(flavor = "multi_thread")]
async fn one_failed_attempt_does_not_fail_the_record() {
    let table = Table::new().await;
    let rest = Box::new(Reply::Forward(table.address));
    let endpoint = Endpoint::new(Reply::Once(Box::new(error(400, "ThrottlingException")), rest)).await;
    record(&Registry::new(settings(&endpoint.url)), &context("r-1")).await.unwrap();
    assert_eq!(endpoint.request_count(), 2);
    assert!(find(&table.registry(), GATEWAY, "r-1").await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_is_consistent_and_nothing_is_remembered() {
    let table = Table::new().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    for _ in 0..2 {
        assert_eq!(find(&registry, GATEWAY, "r-1").await, Ok(None));
        record(&registry, &context("r-1")).await.unwrap();
        assert!(find(&registry, GATEWAY, "r-1").await.unwrap().is_some());
        table.delete(context("r-1").key()).await;
    }
    let requests = endpoint.requests();
    assert_eq!(requests.len(), 6);
    assert_eq!(requests[0].body["RequestItems"]["registry"]["ConsistentRead"], true);
}

/// The context is none once its item has this attribute instead.
async fn check(name: &'static str, value: Option<AttributeValue>) {
    let table = Table::new().await;
    let mut item = context("r-1").to_item();
    item.remove(name);
    item.extend(value.clone().map(|value| (name.to_owned(), value)));
    table.put(item).await;
    let found = find(&table.registry(), GATEWAY, "r-1").await;
    assert_eq!(found, Err(ContextRefusal::Malformed(name)), "{name}: {value:?}");
}

/// Unavailable for this cause, whatever is asked.
async fn check_all(registry: &Registry, cause: &'static str) {
    let expected = ContextRefusal::Unavailable(cause);
    assert_eq!(find(registry, GATEWAY, "r-1").await, Err(expected));
    assert_eq!(record(registry, &context("r-1")).await, Err(expected));
}
