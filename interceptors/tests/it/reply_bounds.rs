//! Very large events: each is answered, and no reply is larger than Lambda takes.

use std::time::Instant;

use interceptors::event::Point;
use serde_json::json;

use crate::events;
use crate::received::Received;
use crate::stage::Stage;

/// What Lambda takes, in bytes.
const LAMBDA_BYTES_MAX: usize = 6 * 1024 * 1024;

#[tokio::test]
async fn a_call_with_six_megabytes_of_arguments_goes_on_or_is_refused() {
    let stage = Stage::start().await;
    for bytes in [LAMBDA_BYTES_MAX - 4_096, LAMBDA_BYTES_MAX - 600, LAMBDA_BYTES_MAX, 2 * LAMBDA_BYTES_MAX] {
        let call = events::call_with("orders___getOrder", &json!({"note": "x".repeat(bytes)}));
        let received = check(&stage, Point::Request, &events::request(&token(&stage), &call)).await;
        assert_eq!(received.is_refused(), bytes > LAMBDA_BYTES_MAX - 1_500, "{bytes}");
    }
}

#[tokio::test]
async fn a_million_arguments_are_answered() {
    let stage = Stage::start().await;
    let members: Vec<String> = (0..250_000).map(|number| format!("\"k{number}\":[{number},0]")).collect();
    let call =
        events::call("orders___getOrder").replace("{\"orderId\":\"A-1001\"}", &format!("{{{}}}", members.join(",")));
    let received = check(&stage, Point::Request, &events::request(&token(&stage), &call)).await;
    assert_eq!(received.body(), Some(call.as_str()));
}

#[tokio::test]
async fn a_million_values_in_a_redacted_result_are_answered() {
    let stage = Stage::start().await;
    let contacts: Vec<String> =
        (0..100_000).map(|number| format!("{{\"n\":{number},\"ssn\":\"{number:09}\"}}")).collect();
    let answer =
        format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"structuredContent\":[{}]}}}}", contacts.join(","));
    let event = events::response(&token(&stage), &events::call("crm___getContact"), &answer);
    let received = check(&stage, Point::Response, &event).await;
    assert!(received.body().is_none_or(|body| body.matches("****").count() == contacts.len()));
}

/// Each of a hundred has all of the text below it; with one the time is known that this takes here.
#[tokio::test]
async fn tools_within_tools_are_looked_through_once() {
    let stage = Stage::start().await;
    let tool = |inner: &str| format!(r#"{{"name":"orders___getOrder","inputSchema":{{}},"a":{inner}}}"#);
    let mut times = Vec::new();
    for depth in [1, 100] {
        let text = format!("\"{}\"", "\\u00e9".repeat(300_000));
        let nested = (0..depth).fold(text, |inner, _| tool(&inner));
        let answer = format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools":[{nested}]}}}}"#);
        let unseen = answer.replacen("\\u00e9", "\\u200b", 1);
        let started = Instant::now();
        for (answer, expected) in [(&answer, answer.clone()), (&unseen, unseen.replacen("\\u200b", "", 1))] {
            let event = events::response(&token(&stage), &events::list(), answer);
            let received = check(&stage, Point::Response, &event).await;
            assert!(received.body() == Some(&expected));
        }
        times.push(started.elapsed());
    }
    assert!(times[1] < times[0] * 6, "{times:?}");
}

#[tokio::test]
async fn a_list_of_fifty_thousand_tools_is_filtered() {
    let stage = Stage::start().await;
    let tools: Vec<String> =
        (0..50_000).map(|number| format!("{{\"name\":\"orders-{}___t{number}\"}}", number % 2)).collect();
    let kept = "{\"name\":\"orders___getOrder\"}";
    let answer = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"tools\":[{},{kept}]}}}}", tools.join(","));
    let event = events::response(&token(&stage), &events::list(), &answer);
    let received = check(&stage, Point::Response, &event).await;
    assert_eq!(
        received.body(),
        Some(format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"tools\":[{kept}]}}}}").as_str())
    );
}

#[tokio::test]
async fn nesting_of_any_depth_is_answered() {
    let stage = Stage::start().await;
    for depth in [100, 128, 1_000, 1_000_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let close = if open == "[" { close.repeat(depth) } else { format!("0{}", close.repeat(depth)) };
            let nested = format!("{}{close}", open.repeat(depth));
            let call = events::call("orders___getOrder").replace("\"A-1001\"", &nested);
            let event = events::request(&token(&stage), &call);
            let received = check(&stage, Point::Request, &event).await;
            assert_eq!(received.is_refused(), depth > 100, "{depth}");
            let answer = events::result(&json!({"structuredContent": "X"})).replace("\"X\"", &nested);
            let event = events::response(&token(&stage), &events::call("crm___getContact"), &answer);
            assert_eq!(check(&stage, Point::Response, &event).await.is_refused(), depth > 100, "{depth}");
        }
    }
}

#[tokio::test]
async fn one_huge_string_is_answered_wherever_it_stands() {
    let stage = Stage::start().await;
    let huge = "y".repeat(5 * 1024 * 1024);
    for text in [
        format!("\"{huge}"),
        format!("\"{huge}\""),
        huge.clone(),
        format!("{{\"mcp\":{{\"{huge}\":1}}}}"),
        events::request(&huge, &events::call("orders___getOrder")),
        events::request(&token(&stage), &events::call(&huge)),
        events::request(&token(&stage), &events::call("orders___getOrder").replace("tools/call", &huge)),
        events::request_with(&token(&stage), &json!({"Mcp-Name": huge}), &events::call("orders___getOrder")),
        events::request_with(
            &token(&stage),
            &json!({"MCP-Protocol-Version": huge}),
            &events::call("orders___getOrder"),
        ),
    ] {
        for point in [Point::Request, Point::Response] {
            assert!(check(&stage, point, &text).await.is_refused());
        }
    }
}

#[tokio::test]
async fn a_refusal_that_would_echo_a_huge_id_is_not_larger_than_lambda_takes() {
    let stage = Stage::start().await;
    for bytes in [LAMBDA_BYTES_MAX - 4_096, LAMBDA_BYTES_MAX - 100, 2 * LAMBDA_BYTES_MAX] {
        let call = events::call("orders___purgeAll").replace("\"id\":1", &format!("\"id\":\"{}\"", "i".repeat(bytes)));
        let event = events::request(&token(&stage), &call);
        assert!(check(&stage, Point::Request, &event).await.is_refused());
        let event = events::response(&token(&stage), &call, &events::result(&json!({})));
        assert!(check(&stage, Point::Response, &event).await.is_refused());
    }
}

#[tokio::test]
async fn an_id_of_many_digits_is_echoed_byte_for_byte() {
    let stage = Stage::start().await;
    let id = "9".repeat(100_000);
    let call = events::call("orders___purgeAll").replace("\"id\":1", &format!("\"id\":{id}"));
    let reply = stage.reply(Point::Request, events::request(&token(&stage), &call).as_bytes()).await;
    assert!(reply.contains(&format!("\"id\":{id},")));
}

#[tokio::test]
async fn an_answer_of_six_megabytes_comes_back_or_is_withheld() {
    let stage = Stage::start().await;
    for (tool, text, bytes) in [("orders___getOrder", "z", 1), ("crm___getContact", "{\"ssn\":\"12345\"}", 20)] {
        let count = LAMBDA_BYTES_MAX / bytes;
        let answer = events::result(&json!({"content": [{"type": "text", "text": text.repeat(count)}]}));
        let event = events::response(&token(&stage), &events::call(tool), &answer);
        let received = check(&stage, Point::Response, &event).await;
        assert_eq!(received.is_refused(), tool == "orders___getOrder");
        assert!(!received.body().is_some_and(|body| body.contains("12345")));
    }
}

async fn check(stage: &Stage, point: Point, event: &str) -> Received {
    let reply = stage.reply(point, event.as_bytes()).await;
    assert!(reply.len() < LAMBDA_BYTES_MAX, "a reply of {} bytes to an event of {}", reply.len(), event.len());
    Received::read(&reply)
}

fn token(stage: &Stage) -> String {
    stage.signer.token("alice", "acme")
}
