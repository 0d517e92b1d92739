//! The id of REQUEST's decision in arguments and headers, and the answer's way back although RESPONSE has another id.

use std::time::Duration;

use interceptors::event::Point;
use interceptors::gateway_context::GatewayContext;
use interceptors::interceptor::{Interceptor, Invocation};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::events;
use crate::received::Received;
use crate::stage::{Stage, publish};

const TOOL: &str = "orders___get";

/// Acme's policy sets the id twice, and the tenant beside it.
struct Acme {
    alice: String,
    request: Interceptor,
    response: Interceptor,
}

impl Acme {
    async fn start(headers: &Value) -> Acme {
        let stage = Stage::start().await;
        let set = |path: &str, value_path: &str| json!({"resources": ["agent:tool:orders___*"], "action": "SET", "path": path, "valuePath": value_path});
        let policy = json!({"policyId": "P", "tenantId": "acme", "headers": headers,
            "rules": [{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]}],
            "arguments": [set("$.arguments.call.decision", "$.decision.id"), set("$.arguments.tenant", "$.tenant.id"),
                          set("$.arguments.trace", "$.decision.id")]});
        publish(&stage.endpoint, &policy).await;
        let (request, response) =
            (stage.interceptor(Point::Request, |_| {}), stage.interceptor(Point::Response, |_| {}));
        Acme { alice: stage.signer.token("alice", "acme"), request, response }
    }

    async fn request(&self, id: &str, message: &str) -> Received {
        send(&self.request, id, &events::request(&self.alice, message)).await
    }

    /// What comes of an answer, where the gateway hands over these messages.
    async fn answer(&self, id: &str, raw: Option<&str>, body: &str) -> Received {
        let event = events::response(&self.alice, body, &events::result(&json!({"content": []})));
        let event = match raw {
            None => event,
            Some(raw) => {
                let raw = format!("\"mcp\":{{\"rawGatewayRequest\":{{\"body\":{}}},", json!(raw));
                event.replacen("\"mcp\":{", &raw, 1)
            }
        };
        send(&self.response, id, &event).await
    }
}

async fn send(interceptor: &Interceptor, id: &str, event: &str) -> Received {
    let invocation =
        Invocation { id, deadline: Instant::now() + Duration::from_secs(10), gateway: GatewayContext::default() };
    Received::read(&interceptor.intercept(event.as_bytes(), invocation).await.into_string())
}

fn call(arguments: &Value) -> String {
    events::call_with(TOOL, arguments)
}

fn written(id: &str) -> Value {
    json!({"q": "x", "call": {"decision": id}, "tenant": "acme", "trace": id})
}

#[tokio::test]
async fn each_call_carries_the_id_of_its_own_decision() {
    let acme = Acme::start(&json!([{"name": "x-decision", "valuePath": "$.decision.id"}])).await;
    let sent = call(&json!({"q": "x", "trace": "of the caller"}));
    for id in ["8a6f3c1e-07d2-4c35-bb0a-0c1f6d1d2a10", "8a6f3c1e-07d2-4c35-bb0a-0c1f6d1d2a11"] {
        let received = acme.request(id, &sent).await;
        let Received::Forwarded { headers, body } = &received else { panic!("{received:?}") };
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["params"]["arguments"], written(id));
        assert_eq!(headers.get("x-decision").map(String::as_str), Some(id));
        let listed = acme.request(id, &events::list()).await;
        let Received::Forwarded { headers, .. } = &listed else { panic!("{listed:?}") };
        assert_eq!(headers.get("x-decision").map(String::as_str), Some(id));
    }
}

#[tokio::test]
async fn the_answer_passes_whichever_request_the_gateway_hands_over() {
    let acme = Acme::start(&json!([{"name": "x-decision", "valuePath": "$.decision.id"}])).await;
    let sent = call(&json!({"q": "x"}));
    let went_on = acme.request("request-1", &sent).await.body().unwrap().to_owned();
    // Sent a second time the same call has another id.
    let once_more = acme.request("request-2", &sent).await.body().unwrap().to_owned();
    for (raw, body) in [
        (None, &sent),
        (None, &went_on),
        (Some(&sent), &sent),
        (Some(&went_on), &went_on),
        (Some(&sent), &went_on),
        (Some(&sent), &once_more),
        (Some(&went_on), &once_more),
    ] {
        let received = acme.answer("response-3", raw.map(String::as_str), body).await;
        assert!(!received.is_refused(), "{raw:?} {body}: {received:?}");
    }
}

#[tokio::test]
async fn what_went_on_is_still_compared_in_all_but_the_id() {
    let acme = Acme::start(&json!([])).await;
    let sent = call(&json!({"q": "x"}));
    let passes = async |arguments: &Value| !acme.answer("response-3", Some(&sent), &call(arguments)).await.is_refused();
    assert!(passes(&written("request-1")).await);
    assert!(passes(&written("response-3")).await);
    for wrong in ["", "of the caller", "request_1", "request-1\n", &"a".repeat(129)] {
        assert!(!passes(&written(wrong)).await, "{wrong:?}");
    }
    type Change = fn(&mut Value);
    let changes: [Change; 8] = [
        |arguments| arguments["q"] = json!("y"),
        |arguments| arguments["tenant"] = json!("wonka"),
        |arguments| arguments["more"] = json!(1),
        |arguments| arguments["call"]["more"] = json!(1),
        |arguments| arguments["trace"] = json!("request-2"),
        |arguments| arguments["call"]["decision"] = json!("request-2"),
        |arguments| arguments["call"]["decision"] = json!({"id": "request-1"}),
        |arguments| drop(arguments["call"].as_object_mut().unwrap().remove("decision")),
    ];
    for id in ["request-1", "of the caller"] {
        for change in changes {
            let mut arguments = written(id);
            change(&mut arguments);
            assert!(!passes(&arguments).await, "{arguments}");
        }
    }
}

#[tokio::test]
async fn an_id_of_another_form_is_none_and_refuses_what_needs_it() {
    let acme = Acme::start(&json!([])).await;
    let sent = call(&json!({"q": "x"}));
    let refused = acme.request("not an id", &sent).await;
    assert_eq!(refused.told(), Some("the tool call is denied by policy"));
    // Nothing is set in the calls of other tools.
    assert!(!acme.request("not an id", &events::call_with("crm___get", &json!({}))).await.is_refused());
    assert!(!acme.request("request-1", &sent).await.is_refused());
    // RESPONSE has its own only where it finds none.
    assert!(acme.answer("not an id", None, &sent).await.is_refused());
    assert!(!acme.answer("not an id", Some(&sent), &call(&written("request-1"))).await.is_refused());
    let with_header = Acme::start(&json!([{"name": "x-decision", "valuePath": "$.decision.id"}])).await;
    let refused = with_header.request("not an id", &events::list()).await;
    assert_eq!(refused.told(), Some("authorization is not available"));
    assert!(!with_header.request("request-1", &events::list()).await.is_refused());
}
