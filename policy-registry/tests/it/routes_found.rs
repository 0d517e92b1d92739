//! A path has the longest binding that is there for it, and no other.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::record::Item;
use policy_registry::{Registry, RouteBinding, RouteProtocol, RouteRefusal, RouteResponses};
use serde_json::json;

use crate::endpoint::{Endpoint, Reply};
use crate::route::{ARN, binding, bound, find, found, suspended};
use crate::table::{TABLE, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_is_found_as_it_was_written() {
    for binding in [
        binding("/support"),
        RouteBinding { protocol: RouteProtocol::Http, runtime_arn: None, ..binding("/a/b/c/d/e/f/g/h") },
        RouteBinding { protocol: RouteProtocol::Mcp, responses: RouteResponses::Buffered, ..binding("/A.b_c~d:e@f-g") },
        RouteBinding { protocol: RouteProtocol::Inference, ..binding(&format!("/{}", "~".repeat(169)).repeat(4)) },
        RouteBinding { runtime_arn: Some(format!("{ARN}/runtime-endpoint/DEFAULT")), ..binding("/support") },
    ] {
        let table = bound(std::slice::from_ref(&binding)).await;
        assert_eq!(*find(&table.registry(), &binding.path).await.unwrap(), binding);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_binding_above_a_path_wins() {
    let table =
        bound(&[binding("/billing"), binding("/billing/internal"), binding("/billing/internal/a/b/c/d/e/f")]).await;
    let registry = table.registry();
    for (path, expected) in [
        ("/billing", "/billing"),
        ("/billing/", "/billing"),
        ("/billing/invoices", "/billing"),
        ("/billing/internals", "/billing"),
        ("/billing/internal", "/billing/internal"),
        ("/billing/internal/", "/billing/internal"),
        ("/billing/internal/a/b/c/d/e", "/billing/internal"),
        ("/billing/internal/a/b/c/d/e/f/g/h/i/j/k/l/m/n", "/billing/internal/a/b/c/d/e/f"),
    ] {
        assert_eq!(found(&registry, path).await.as_deref(), Ok(expected), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_target_that_ignores_case_would_take_for_a_longer_path_is_unbound() {
    let table = bound(&[binding("/billing"), binding("/billing/internal"), suspended("/billing/old")]).await;
    let registry = table.registry();
    for path in ["/billing/Internal", "/billing/INTERNAL/x", "/billing/OLD"] {
        assert_eq!(found(&registry, path).await, Err(RouteRefusal::Unbound), "{path}");
    }
    assert_eq!(found(&registry, "/billing/Interna").await.as_deref(), Ok("/billing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_like_a_bound_path_is_unbound() {
    let table = bound(&[binding("/support/v1")]).await;
    let registry = table.registry();
    for path in
        ["/support", "/suppor", "/Support/v1", "/support/v2", "/support/v1.", "/x/support/v1", "/v1", "/support:v1"]
    {
        assert_eq!(found(&registry, path).await, Err(RouteRefusal::Unbound), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_binding_refuses_and_never_falls_back() {
    let table = bound(&[binding("/billing"), suspended("/billing/internal"), binding("/billing/internal/open")]).await;
    let registry = table.registry();
    assert_eq!(found(&registry, "/billing/internal/x").await, Err(RouteRefusal::Suspended));
    assert_eq!(found(&registry, "/billing/internal").await, Err(RouteRefusal::Suspended));
    assert_eq!(found(&registry, "/billing/internal/open").await.as_deref(), Ok("/billing/internal/open"));
    assert_eq!(found(&registry, "/billing/x").await.as_deref(), Ok("/billing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_binding_refuses_and_never_falls_back() {
    let text = |text: &str| Some(AttributeValue::S(text.to_owned()));
    let number = |number: &str| Some(AttributeValue::N(number.to_owned()));
    for name in
        ["kind", "bindingId", "path", "protocol", "agentName", "appId", "runtimeArn", "responses", "status", "schema"]
    {
        for wrong in [text(""), text("\u{e9}/ "), number("2"), Some(AttributeValue::Null(true))] {
            check(name, wrong).await;
        }
        if name != "runtimeArn" {
            check(name, None).await;
        }
    }
    check("schema", text("1")).await;
    for (name, words) in [
        ("kind", ["Route", "tenant"]),
        ("path", ["/billing", "/billing/Internal"]),
        ("protocol", ["a2a", "GRPC"]),
        ("bindingId", [".a", "a b"]),
        ("appId", ["-a", "a/b"]),
        ("agentName", ["a b", "a/b"]),
        ("runtimeArn", ["arn:aws:lambda:eu-west-1:123456789012:function:a", "support"]),
        ("responses", ["any", "STREAMED"]),
        ("status", ["active", "DELETED"]),
    ] {
        for word in words {
            check(name, text(word)).await;
        }
    }
}

/// One question for all that stands below a first segment, and for nothing else: the tenant is not known where it is put.
#[tokio::test(flavor = "multi_thread")]
async fn all_bindings_of_a_first_segment_are_asked_for_at_once_and_consistently() {
    let table = bound(&[binding("/b~c")]).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    assert_eq!(found(&registry, "/b~c/d/3/4/5/6/7/8/9").await.as_deref(), Ok("/b~c"));
    let requests = endpoint.requests();
    let [only] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    assert_eq!(only.headers["x-amz-target"], "DynamoDB_20120810.Query");
    assert_eq!((&only.body["TableName"], &only.body["ConsistentRead"]), (&json!(TABLE), &json!(true)));
    assert_eq!(only.body["KeyConditionExpression"], "#pk = :pk");
    assert_eq!(only.body["ExpressionAttributeNames"], json!({"#pk": "pk"}));
    assert_eq!(only.body["ExpressionAttributeValues"], json!({":pk": {"S": "ROUTE#b%7Ec"}}));
}

/// The binding of a shorter path is no way round one that has this attribute instead.
async fn check(name: &'static str, value: Option<AttributeValue>) {
    let mut item: Item = binding("/billing/internal").to_item();
    item.remove(name);
    item.extend(value.clone().map(|value| (name.to_owned(), value)));
    let table = bound(&[binding("/billing"), binding("/support")]).await;
    table.put(item).await;
    let registry = table.registry();
    // Nor is anything else with its first segment reached: nobody knows where it should have stood.
    for path in ["/billing/internal/x", "/billing", "/billing/x/y"] {
        assert_eq!(found(&registry, path).await, Err(RouteRefusal::Malformed(name)), "{path}, {name}: {value:?}");
    }
    assert_eq!(found(&registry, "/support").await.as_deref(), Ok("/support"));
}
