//! The harness itself: what the gateway makes of replies, good ones and others.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::headers::values;
use crate::interceptors::{Interceptors, Point};
use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_of_another_shape_fails_the_call_and_the_test() {
    fn mcp(_: Point, _: &Value) -> Value {
        json!({"interceptorOutputVersion": "1.0", "mcp": {}})
    }
    fn unversioned_answer(point: Point, _: &Value) -> Value {
        match point {
            Point::Request => json!({"interceptorOutputVersion": "1.0", "http": {}}),
            Point::Response => json!({"http": {}}),
        }
    }
    for (script, arrived) in [(mcp as fn(Point, &Value) -> Value, 0), (unversioned_answer, 1)] {
        let Some(mut stage) = Stage::scripted(Interceptors::Script(script)).await else { return };
        let failed = stage.step("alice", FORMS[0], json!({"do": "send", "text": "hello"})).await;
        assert!(failed.error()["message"].as_str().unwrap().contains("500"), "{failed:?}");
        assert_eq!(stage.arrived().await, arrived);
        assert_eq!(stage.gateway.take_faults().len(), 1, "which would have failed this test");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_the_answer_and_nothing_else_happens() {
    fn refuse(point: Point, _: &Value) -> Value {
        assert_eq!(point, Point::Request, "RESPONSE does not run after a refusal");
        json!({"interceptorOutputVersion": "1.0", "http": {"transformedGatewayResponse": {
            "statusCode": 418, "contentType": "text/plain", "headers": {"X-Why": "tea"}, "body": STANDARD.encode("no")}}})
    }
    let Some(mut stage) = Stage::scripted(Interceptors::Script(refuse)).await else { return };
    let refused = stage.step("alice", FORMS[0], json!({"do": "raw", "method": "GET"})).await;
    assert_eq!(refused.ok(), &json!({"status": 418, "type": "text/plain", "body": "no"}));
    assert_eq!(stage.arrived().await, 0);
    let exchanges = stage.gateway.exchanges();
    assert_eq!((exchanges[0].status, &exchanges[0].response_reply), (418, &None));
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_and_bodies_of_replies_take_the_place_of_the_others() {
    fn change(point: Point, event: &Value) -> Value {
        let changed = |event: &Value, from, to| {
            let body = STANDARD.decode(event["body"].as_str().unwrap()).unwrap();
            STANDARD.encode(String::from_utf8(body).unwrap().replace(from, to))
        };
        let http = match point {
            Point::Request => json!({"transformedGatewayRequest": {
                "headers": {"X-Tenant-Id": "acme", "Authorization": "Bearer other", "X-Unlisted": "u", "Cookie": "c"},
                "body": changed(&event["http"]["gatewayRequest"], "hello", "goodbye")}}),
            Point::Response => json!({"transformedGatewayResponse": {
                "headers": {"X-Added": "a"}, "body": changed(&event["http"]["gatewayResponse"], "4111", "5555")}}),
        };
        json!({"interceptorOutputVersion": "1.0", "http": http})
    }
    let Some(mut stage) = Stage::scripted(Interceptors::Script(change)).await else { return };
    let forged = json!({"x-tenant-id": "globex", "x_tenant_id": "globex", "x-user-id": "root", "cookie": "c"});
    let said = stage.step("alice", FORMS[0], json!({"do": "send", "text": "hello", "headers": forged})).await;
    assert!(said.ok().to_string().contains("5555 1111 1111 1111"), "{said:?}");
    let arrived = stage.agent.requests().await;
    assert!(arrived[0]["body"].as_str().unwrap().contains("goodbye"));
    for (name, expected) in [
        ("x-tenant-id", &["acme"][..]),
        ("authorization", &["Bearer other"]),
        ("x-user-id", &["root"]),
        ("x-unlisted", &[]),
        ("cookie", &[]),
        ("user-agent", &[]),
        ("accept", &[]),
    ] {
        assert_eq!(values(&arrived[0], name), expected, "{name}");
    }
}
