//! The messages in the specification's own text, of the four versions: what becomes of each follows from its method.

use interceptors::event::Point;
use serde_json::{Value, json};

use crate::mcp_corpus::Corpus;
use crate::naive_policy::permits;
use crate::stage::Stage;
use crate::{events, fixtures};

/// What every known caller may send.
const SESSION: &[&str] = &[
    "initialize",
    "ping",
    "logging/setLevel",
    "server/discover",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "notifications/initialized",
    "notifications/cancelled",
    "notifications/progress",
    "notifications/roots/list_changed",
];

/// Valid by the schema of a bare notification, but a request's method without an id.
const REQUEST_WITHOUT_ID: &str = "resources/list";

/// What a server says of its own accord, outside of a call: it comes over another channel than an interceptor sees.
const UNSOLICITED: &[&str] = &[
    "notifications/resources/updated",
    "notifications/resources/list_changed",
    "notifications/prompts/list_changed",
    "notifications/tools/list_changed",
    "notifications/roots/list_changed",
    "notifications/subscriptions/acknowledged",
    "notifications/tasks/status",
    "notifications/elicitation/complete",
];

#[tokio::test]
async fn a_client_message_goes_on_is_decided_or_is_refused_by_its_method() {
    let Some(corpus) = Corpus::open() else { return };
    let stage = Stage::start().await;
    // Their policies: some tools, and all but a few.
    let callers = [("alice", "acme"), ("judy", "initech")]
        .map(|(subject, tenant)| (stage.signer.token(subject, tenant), fixtures::policy(tenant)));
    let mut counts = [0; 4];
    for message in corpus.messages.iter().filter(|message| message.value.get("method").is_some()) {
        let method = message.value["method"].as_str().unwrap();
        for (token, policy) in &callers {
            let event = events::request_with(token, &message.headers(), &message.text);
            let received = stage.send(Point::Request, event.as_bytes()).await;
            let place = format!("{}: {received:?}", message.file);
            if !corpus.is_of_client(message, method) {
                assert_eq!(received.told(), Some("method not found"), "{place}");
                counts[0] += 1;
            } else if method == REQUEST_WITHOUT_ID && message.value.get("id").is_none() {
                assert_eq!(received.told(), Some("the message is not a valid request"), "{place}");
            } else if SESSION.contains(&method) {
                assert_eq!(received.body(), Some(message.text.as_str()), "{place}");
                counts[1] += 1;
            } else if method == "tools/call" {
                let tool = message.value["params"]["name"].as_str().unwrap();
                assert_eq!(received.body() == Some(&message.text), permits(policy, tool), "{place}");
                assert!(
                    received.body().is_some() || received.told() == Some("the tool call is denied by policy"),
                    "{place}"
                );
                counts[2] += 1;
            } else {
                assert_eq!(received.told(), Some(refusal(method)), "{place}");
                counts[3] += 1;
            }
        }
    }
    assert!(counts.iter().all(|count| *count > 10), "{counts:?}");
}

#[tokio::test]
async fn a_client_answer_to_a_server_request_goes_on_unchanged() {
    let Some(corpus) = Corpus::open() else { return };
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    let mut count = 0;
    for message in &corpus.messages {
        if message.is_answer() && message.answers.as_deref().is_some_and(|method| ASKED_BY_SERVERS.contains(&method)) {
            let event = events::request_with(&token, &message.headers(), &message.text);
            let received = stage.send(Point::Request, event.as_bytes()).await;
            assert_eq!(received.body(), Some(message.text.as_str()), "{}: {received:?}", message.file);
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}

#[tokio::test]
async fn an_answer_comes_back_unchanged_but_for_its_tools_and_whom_a_cache_may_serve() {
    let Some(corpus) = Corpus::open() else { return };
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    let requests =
        [events::call("orders___getOrder"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}".to_owned()];
    let (mut unchanged, mut changed) = (0, 0);
    for message in corpus.messages.iter().filter(|message| message.is_answer()) {
        for request in &requests {
            let event = events::response(&token, request, &message.text);
            let received = stage.send(Point::Response, event.as_bytes()).await;
            let body = received.body().unwrap_or_else(|| panic!("{}: {received:?}", message.file));
            let expected = for_one_caller(&message.value);
            if expected == message.value {
                assert_eq!(body, message.text, "{}", message.file);
                unchanged += 1;
            } else {
                assert_eq!(serde_json::from_str::<Value>(body).unwrap(), expected, "{}", message.file);
                changed += 1;
            }
        }
    }
    assert!(unchanged > 100 && changed > 10, "{unchanged} unchanged, {changed} changed");
}

#[tokio::test]
async fn a_list_of_tools_comes_back_without_those_that_the_caller_may_not_call() {
    let Some(corpus) = Corpus::open() else { return };
    let stage = Stage::start().await;
    let callers = [("alice", "acme", false), ("judy", "initech", true)];
    let mut count = 0;
    for message in corpus.messages.iter().filter(|message| message.value.pointer("/result/tools").is_some()) {
        for (subject, tenant, is_listed) in callers {
            let event = events::response(&stage.signer.token(subject, tenant), &events::list(), &message.text);
            let received = stage.send(Point::Response, event.as_bytes()).await;
            let body: Value = serde_json::from_str(received.body().unwrap()).unwrap();
            let mut expected = for_one_caller(&message.value);
            if is_listed {
                expected["result"]["tools"] = message.value["result"]["tools"].clone();
            }
            assert_eq!(body, expected, "{}", message.file);
            count += 1;
        }
    }
    assert!(count > 5, "{count}");
}

#[tokio::test]
async fn what_a_server_says_during_a_call_comes_through_and_what_it_says_beside_one_is_withheld() {
    let Some(corpus) = Corpus::open() else { return };
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    let (mut passed, mut withheld) = (0, 0);
    for message in corpus.messages.iter().filter(|message| message.value.get("method").is_some()) {
        let method = message.value["method"].as_str().unwrap();
        let event = events::response(&token, &events::call("orders___getOrder"), &message.text);
        let received = stage.send(Point::Response, event.as_bytes()).await;
        if DURING_CALLS.contains(&method) {
            assert_eq!(received.body(), Some(message.text.as_str()), "{}: {received:?}", message.file);
            passed += 1;
        } else {
            assert_eq!(received.told(), Some("the answer is withheld"), "{}: {received:?}", message.file);
            withheld += usize::from(UNSOLICITED.contains(&method));
        }
    }
    assert!(passed > 10 && withheld > 10, "{passed} passed, {withheld} withheld");
}

/// What a caller is told whose policy allows tools and nothing else.
fn refusal(method: &str) -> &'static str {
    match method {
        "prompts/get" => "the prompt is denied by policy",
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => "the resource is denied by policy",
        "completion/complete" => "the completion is denied by policy",
        _ => "the method is not allowed",
    }
}

const ASKED_BY_SERVERS: &[&str] = &["roots/list", "sampling/createMessage", "elicitation/create"];

const DURING_CALLS: &[&str] = &[
    "elicitation/create",
    "sampling/createMessage",
    "roots/list",
    "ping",
    "notifications/progress",
    "notifications/message",
    "notifications/cancelled",
];

/// An answer as a caller without any of its tools may see it, privately.
fn for_one_caller(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(result) = answer.get_mut("result").and_then(Value::as_object_mut) {
        if result.contains_key("tools") {
            result.insert("tools".to_owned(), json!([]));
        }
        if result.contains_key("ttlMs") || result.contains_key("cacheScope") {
            result.insert("cacheScope".to_owned(), json!("private"));
        }
    }
    answer
}
