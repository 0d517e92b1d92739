//! Errors that DynamoDB answers with.

use policy_registry::{Refusal, Registry};

use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, ask, principal, refusal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_missing() {
    let table = Table::without_table().await;
    assert_eq!(table.refusal_of_alice().await, Refusal::Unavailable("no such table"));
}

#[tokio::test(flavor = "multi_thread")]
async fn access_that_is_denied_is_not_tried_again() {
    for code in ["AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException"] {
        assert_eq!(check(400, code, "access denied").await, 1, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_is_tried_once_more() {
    for code in ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"] {
        assert_eq!(check(400, code, "throttled").await, 2, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_service_is_tried_once_more() {
    for status in [500, 503] {
        assert_eq!(check(status, "InternalServerError", "service").await, 2, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_not_understood_is_not_tried_again() {
    for code in ["ValidationException", "SerializationException", "SomethingNew"] {
        assert_eq!(check(400, code, "service").await, 1, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_is_not_json_is_unavailable() {
    for status in [301, 400, 403, 404, 500, 502] {
        let endpoint = Endpoint::new(Reply::Json(status, "<html>no</html>".to_owned())).await;
        let refusal = refusal(&Registry::new(settings(&endpoint.url)), &principal("acme", "alice")).await;
        assert!(matches!(refusal, Refusal::Unavailable(_)), "{status}: {refusal:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_throttled_attempt_does_not_fail_the_lookup() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Once(
        Box::new(error(400, "ThrottlingException")),
        Box::new(Reply::Forward(table.address)),
    ))
    .await;
    assert!(ask(&Registry::new(settings(&endpoint.url)), &principal("acme", "alice")).await.grant.is_ok());
    assert_eq!(endpoint.request_count(), 2);
}

/// Unavailable for this cause; how often the endpoint was asked.
async fn check(status: u16, code: &str, cause: &'static str) -> usize {
    let endpoint = Endpoint::new(error(status, code)).await;
    let refusal = refusal(&Registry::new(settings(&endpoint.url)), &principal("acme", "alice")).await;
    assert_eq!(refusal, Refusal::Unavailable(cause), "{status} {code}");
    endpoint.request_count()
}

pub(crate) fn error(status: u16, code: &str) -> Reply {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"canary"}}"#);
    Reply::Json(status, body)
}
