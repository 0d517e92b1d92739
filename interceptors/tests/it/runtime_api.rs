//! Every invocation that has an id is answered, whatever else it brings; without one nothing panics and nothing spins.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::runtime_host::{BROKEN_OFF, RuntimeHost, invocation};

const EVENT: &str = r#"{"interceptorInputVersion":"1.0","http":{"gatewayRequest":{"path":"/a/invocations"}}}"#;
const DEADLINE: &str = "lambda-runtime-deadline-ms: 99999999999999\r\n";

fn id(id: &str) -> String {
    format!("lambda-runtime-aws-request-id: {id}\r\n")
}

fn with_context(name: &str, context: &[u8]) -> Vec<u8> {
    [id(name).as_bytes(), DEADLINE.as_bytes(), b"lambda-runtime-client-context: ", context, b"\r\n"].concat()
}

#[test]
fn no_client_context_keeps_an_invocation_from_its_answer() {
    let host = RuntimeHost::start(&[]);
    let custom = r#""custom":{"GATEWAY_ARN":"arn:aws:x","REQUEST_ID":"r-1"}"#;
    let long = format!(r#"{{"custom":{{"REQUEST_ID":"{}"}}}}"#, "a".repeat(20_000));
    let contexts = [
        format!("{{{custom}}}"),
        format!(r#"{{"client":null,{custom}}}"#),
        format!(r#"{{"client":{{}},{custom}}}"#),
        format!(r#"{{"environment":null,{custom}}}"#),
        r#"{"custom":null}"#.to_owned(),
        r#"{"custom":{"REQUEST_ID":null,"SOURCE_IP":1,"x":{}}}"#.to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "no JSON".to_owned(),
        "{é}".to_owned(),
        STANDARD.encode(format!("{{{custom}}}")),
        long,
        String::new(),
    ];
    let mut number = 0;
    let mut headers: Vec<Vec<u8>> = Vec::new();
    for context in &contexts {
        number += 1;
        headers.push(with_context(&format!("id-{number}"), context.as_bytes()));
    }
    headers.push(with_context("id-14", b"\xff\xfe"));
    headers.push([with_context("id-15", b"{}"), b"lambda-runtime-client-context: {}\r\n".to_vec()].concat());
    for (index, headers) in headers.iter().enumerate() {
        host.polled();
        host.answer(&invocation(headers, EVENT));
        let reply = host.refusal(&format!("id-{}", index + 1));
        assert_eq!(reply["http"]["transformedGatewayResponse"]["statusCode"], 403, "{reply}");
        assert_eq!(reply.get("mcp"), None);
    }
    host.polled();
}

#[test]
fn no_other_header_keeps_an_invocation_from_its_answer() {
    let host = RuntimeHost::start(&[]);
    for headers in [
        &b"lambda-runtime-cognito-identity: null\r\n"[..],
        b"lambda-runtime-cognito-identity: {\"cognitoIdentityId\":null}\r\n",
        b"lambda-runtime-cognito-identity: \xff\r\n",
        b"lambda-runtime-invoked-function-arn: \xff\r\n",
        b"lambda-runtime-trace-id: \xff\r\n",
        b"lambda-runtime-aws-tenant-id: \xff\r\n",
        b"lambda-runtime-invocation-id: \xff\r\n",
        b"lambda-runtime-deadline-ms: \xff\r\n",
        b"lambda-runtime-deadline-ms: soon\r\n",
        b"lambda-runtime-deadline-ms: -1\r\n",
        b"lambda-runtime-deadline-ms: 18446744073709551615\r\n",
        b"",
    ] {
        host.polled();
        host.answer(&invocation(&[id("an-id").as_bytes(), headers].concat(), EVENT));
        host.refusal("an-id");
    }
}

#[test]
fn an_event_that_breaks_off_is_refused() {
    let host = RuntimeHost::start(&[]);
    host.polled();
    let whole = invocation(format!("{}{DEADLINE}", id("broken")).as_bytes(), EVENT);
    host.answer(&[&whole[..whole.len() - 10], BROKEN_OFF].concat());
    let mut seen = [host.asked(), host.asked()].map(|asked| (asked.method, asked.path));
    seen.sort();
    assert_eq!(seen[1], ("POST".to_owned(), "/2018-06-01/runtime/invocation/broken/response".to_owned()));
}

#[test]
fn the_answer_repeats_the_id_of_its_delivery() {
    let host = RuntimeHost::start(&[]);
    host.polled();
    let headers = format!("{}{DEADLINE}lambda-runtime-invocation-id: delivery-7\r\n", id("an-id"));
    host.answer(&invocation(headers.as_bytes(), EVENT));
    let asked = host.asked();
    assert!(asked.head.to_ascii_lowercase().contains("lambda-runtime-invocation-id: delivery-7\r\n"), "{}", asked.head);
}

#[test]
fn a_poll_without_an_invocation_is_followed_by_another() {
    let host = RuntimeHost::start(&[]);
    let long = "a".repeat(129);
    for bytes in [
        invocation(DEADLINE.as_bytes(), EVENT),
        invocation(id("").as_bytes(), EVENT),
        invocation(id("a/../b").as_bytes(), EVENT),
        invocation(id("a b").as_bytes(), EVENT),
        invocation(id(&long).as_bytes(), EVENT),
        invocation(b"lambda-runtime-aws-request-id: \xff\r\n", EVENT),
        b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\n{}".to_vec(),
        b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n".to_vec(),
    ] {
        host.polled();
        host.answer(&bytes);
    }
    host.polled();
    host.answer(&invocation(format!("{}{DEADLINE}", id("good")).as_bytes(), EVENT));
    host.refusal("good");
}

#[test]
fn ten_polls_in_a_row_without_an_invocation_end_the_process() {
    let mut host = RuntimeHost::start(&[]);
    let started = Instant::now();
    for _ in 0..10 {
        host.polled();
        host.answer(&invocation(b"", EVENT));
    }
    assert!(!host.ended().success());
    // Nine pauses: whoever cannot be served is not asked without end.
    assert!(started.elapsed() >= Duration::from_millis(450));
    assert!(!host.asks_within(Duration::from_millis(100)));
}

#[test]
fn a_snapshot_is_restored_before_the_first_poll() {
    let mut host = RuntimeHost::start(&[("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")]);
    assert_eq!(host.asked().path, "/2018-06-01/runtime/restore/next");
    host.answer(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    host.polled();
    host.answer(&invocation(format!("{}{DEADLINE}", id("restored")).as_bytes(), EVENT));
    host.refusal("restored");
    host = RuntimeHost::start(&[("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")]);
    assert_eq!(host.asked().path, "/2018-06-01/runtime/restore/next");
    host.answer(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n");
    assert!(!host.ended().success());
}
