//! A pinned tool that changes is hidden and not called, from the first list that shows it until it is approved or as before.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use interceptors::event::Point;
use interceptors::interceptor::Interceptor;
use policy_model::json;
use policy_registry::sha256;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::events;
use crate::forward::{forward, response};
use crate::received::Received;
use crate::stage::{Stage, item_count, publish, reply};

#[tokio::test]
async fn a_change_is_hidden_and_refused_until_it_is_pinned() {
    let pins = Pins::start().await;
    pins.pin(&[tool("v1")]).await;
    assert!(pins.calls().await);
    assert_eq!(pins.lists(&[tool("v1")]).await, [json!(TOOL)]);
    assert!(pins.calls().await);
    assert!(pins.lists(&[tool("v2")]).await.is_empty());
    assert!(!pins.calls().await);
    pins.pin(&[tool("v1"), tool("v2")]).await;
    assert!(pins.calls().await);
    assert_eq!(pins.lists(&[tool("v2")]).await, [json!(TOOL)]);
    pins.pin(&[tool("v1")]).await;
    assert!(pins.calls().await, "a definition that was pinned when it was seen is no change until it is seen again");
    assert!(pins.lists(&[tool("v2")]).await.is_empty());
    assert!(!pins.calls().await);
}

#[tokio::test]
async fn a_tool_that_is_as_before_is_called_again() {
    let pins = Pins::start().await;
    pins.pin(&[tool("v1")]).await;
    let before = item_count(&pins.stage.endpoint).await;
    pins.lists(&[tool("v2")]).await;
    assert_eq!(item_count(&pins.stage.endpoint).await, before + 1);
    assert!(!pins.calls().await);
    pins.lists(&[]).await;
    assert!(!pins.calls().await, "a list without the tool says nothing of it");
    assert_eq!(pins.lists(&[tool("v1")]).await, [json!(TOOL)]);
    assert!(pins.calls().await);
    assert_eq!(item_count(&pins.stage.endpoint).await, before);
}

#[tokio::test]
async fn of_two_tools_of_one_name_the_changed_one_counts() {
    for list in [[tool("v1"), tool("v2")], [tool("v2"), tool("v1")]] {
        let pins = Pins::start().await;
        pins.pin(&[tool("v1")]).await;
        assert!(pins.lists(&list).await.is_empty());
        assert!(!pins.calls().await);
    }
}

#[tokio::test]
async fn a_search_result_counts_like_a_list() {
    for (structured, text) in [(tool("v2"), tool("v1")), (tool("v1"), tool("v2"))] {
        let pins = Pins::start().await;
        pins.pin(&[tool("v1")]).await;
        let result = json!({"structuredContent": {"tools": [structured]}, "isError": false,
            "content": [{"type": "text", "text": json!({"tools": [text]}).to_string()}]});
        pins.answer(&events::call("x_amz_bedrock_agentcore_search"), &result).await;
        assert!(!pins.calls().await);
    }
}

/// They hide the tool, and are the word of somebody who must neither block nor clear it.
#[tokio::test]
async fn other_lists_change_nothing_for_calls() {
    let pins = Pins::start().await;
    pins.pin(&[tool("v1")]).await;
    let before = item_count(&pins.stage.endpoint).await;
    for definition in ["v2", "v1"] {
        let list = json!({"tools": [tool(definition)]});
        let nested =
            json!({"tools": [{"name": "orders___other", "_meta": list}], "_meta": {"a": list, "b": list.to_string()}});
        let shown = |result: &Option<Value>| result.as_ref().is_some_and(|result| result.to_string().contains(TOOL));
        for (message, result) in [
            (events::list(), nested),
            (events::call("orders___other"), json!({"content": [], "tools": [tool(definition)]})),
            (events::call("orders___other"), json!({"content": [], "structuredContent": list})),
            ("null".to_owned(), list.clone()),
        ] {
            let is_lists = !result["structuredContent"].is_object();
            let seen = pins.answer(&message, &result).await;
            assert_eq!(shown(&seen), definition == "v1" || !is_lists, "{message} {result}");
        }
        assert_eq!(pins.calls().await, definition == "v2");
        assert_eq!(item_count(&pins.stage.endpoint).await, before + usize::from(definition == "v1"));
        if definition == "v2" {
            pins.lists(&[tool("v2")]).await;
        }
    }
}

#[tokio::test]
async fn a_change_that_the_caller_may_not_see_is_noted_all_the_same() {
    let pins = Pins::start().await;
    pins.pin(&[tool("v1")]).await;
    let list = events::result(&json!({"tools": [tool("v2")]}));
    let event = events::response(&pins.stage.signer.token("ivan", "acme"), &events::list(), &list);
    assert!(!pins.reply(Point::Response, &event).await.contains(TOOL));
    assert!(!pins.calls().await);
}

#[tokio::test]
async fn without_pins_nothing_is_asked_and_nothing_written() {
    let pins = Pins::start().await;
    pins.pin(&[]).await;
    pins.fail("");
    assert_eq!(pins.lists(&[tool("v1")]).await, [json!(TOOL)]);
    assert!(pins.calls().await);
    // Nor where the list has none of the pinned tools.
    pins.pin(&[tool("v1")]).await;
    assert_eq!(pins.lists(&[json!({"name": "orders___other"})]).await, [json!("orders___other")]);
}

#[tokio::test]
async fn without_the_table_no_pinned_tool_is_called_and_no_list_shown() {
    let pins = Pins::start().await;
    pins.pin(&[tool("v1")]).await;
    pins.fail("BatchGetItem");
    assert!(!pins.calls().await);
    for list in [tool("v1"), tool("v2")] {
        assert_eq!(pins.answer(&events::list(), &json!({"tools": [list]})).await, None);
    }
}

#[tokio::test]
async fn what_cannot_be_written_withholds_the_list() {
    let pins = Pins::start().await;
    pins.pin(&[tool("v1")]).await;
    let (changed, as_before) = (json!({"tools": [tool("v2")]}), json!({"tools": [tool("v1")]}));
    pins.fail("BatchWriteItem");
    assert_eq!(pins.answer(&events::list(), &changed).await, None);
    assert!(pins.answer(&events::list(), &as_before).await.is_some());
    pins.fail("nothing");
    assert!(pins.answer(&events::list(), &changed).await.is_some());
    pins.fail("DeleteItem");
    assert_eq!(pins.answer(&events::list(), &as_before).await, None);
    assert!(!pins.calls().await);
    pins.fail("nothing");
    assert!(pins.answer(&events::list(), &as_before).await.is_some());
    assert!(pins.calls().await);
}

/// Both interceptors, and alice's tenant with pins, over a table whose changed tools can be made to fail.
struct Pins {
    stage: Stage,
    alice: String,
    request: Interceptor,
    response: Interceptor,
    failing: Arc<Mutex<String>>,
}

impl Pins {
    async fn start() -> Pins {
        let stage = Stage::start().await;
        let failing = Arc::new(Mutex::new("nothing".to_owned()));
        let address = stage.endpoint.trim_start_matches("http://").to_owned();
        let endpoint = proxy(address, Arc::clone(&failing)).await;
        let interceptor = |point| {
            stage.interceptor(point, |settings| {
                settings["registry"]["cacheTtlMs"] = json!(0);
                settings["registry"]["endpointUrl"] = json!(endpoint);
            })
        };
        let (request, response) = (interceptor(Point::Request), interceptor(Point::Response));
        Pins { alice: stage.signer.token("alice", "acme"), stage, request, response, failing }
    }

    /// Publishes a policy that pins the tool to these definitions.
    async fn pin(&self, definitions: &[Value]) {
        let digests: Vec<String> = definitions.iter().map(digest).collect();
        let pins = if digests.is_empty() { json!([]) } else { json!([{"tool": TOOL, "sha256": digests}]) };
        let policy = json!({"policyId": "P", "tenantId": "acme", "pins": pins, "rules": [
            {"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*", "agent:tool:x_amz_bedrock_agentcore_search"],
             "principals": {"users": ["alice"]}}]});
        publish(&self.stage.endpoint, &policy).await;
    }

    /// From now on this operation fails where it is about changed tools.
    fn fail(&self, operation: &str) {
        *self.failing.lock().unwrap() = operation.to_owned();
    }

    /// Whether the tool can be called, at both points alike.
    async fn calls(&self) -> bool {
        let request = self.reply(Point::Request, &events::request(&self.alice, &events::call(TOOL))).await;
        let answered = self.answer(&events::call(TOOL), &json!({"content": [{"type": "text", "text": "ok"}]})).await;
        let is_called = !Received::read(&request).is_refused();
        assert_eq!(is_called, answered.is_some());
        is_called
    }

    /// The names that a list shows.
    async fn lists(&self, tools: &[Value]) -> Vec<Value> {
        let result = self.answer(&events::list(), &json!({"tools": tools})).await.unwrap();
        result["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect()
    }

    /// The result that the caller gets; `None` if it is refused.
    async fn answer(&self, message: &str, result: &Value) -> Option<Value> {
        let event = events::response(&self.alice, message, &events::result(result));
        let received = Received::read(&self.reply(Point::Response, &event).await);
        received.body().map(|body| serde_json::from_str::<Value>(body).unwrap()["result"].take())
    }

    async fn reply(&self, point: Point, event: &str) -> String {
        let interceptor = match point {
            Point::Request => &self.request,
            Point::Response => &self.response,
        };
        reply(interceptor, event.as_bytes()).await
    }
}

fn tool(description: &str) -> Value {
    json!({"name": TOOL, "description": description, "inputSchema": {"type": "object"}})
}

fn digest(definition: &Value) -> String {
    let text = definition.to_string();
    let canonical = json::parse(text.as_bytes()).unwrap().root().canonical().unwrap();
    sha256(canonical.as_bytes()).to_string()
}

/// What stands between the interceptors and the table.
async fn proxy(table: String, failing: Arc<Mutex<String>>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(pass).with_state((table, failing));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    endpoint
}

async fn pass(
    State((table, failing)): State<(String, Arc<Mutex<String>>)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let is_about_changes = body.windows(7).any(|window| window == b"CHANGE#");
    let is_failing = headers["x-amz-target"].to_str().unwrap().contains(failing.lock().unwrap().as_str());
    if is_about_changes && is_failing {
        return response(400, br#"{"__type":"AccessDeniedException"}"#.to_vec());
    }
    forward(table.parse().unwrap(), &headers, &body).await
}

const TOOL: &str = "orders___getOrder";
