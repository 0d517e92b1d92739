//! A tiny function process over a plain socket.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Exchange, Outcome, RuntimeApi};

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn an_event_reaches_the_function_and_its_reply_comes_back() {
    let host = RuntimeApi::start("request-interceptor").await.unwrap();
    let event = Bytes::from_static(b"{\"not\xff\": json");
    let (invocation, headers) = tokio::join!(host.invoke(event.clone(), PATIENCE), async {
        let next = exchange(&host, "GET", "invocation/next", b"").await;
        assert_eq!(next.body, event);
        let path = format!("invocation/{}/response", next.header("lambda-runtime-aws-request-id"));
        let accepted = exchange(&host, "POST", &path, b"reply \xfe").await;
        assert_eq!(accepted.status, 202);
        next
    });
    assert_eq!(invocation.outcome, Outcome::Reply(Bytes::from_static(b"reply \xfe")));
    assert_eq!(headers.header("lambda-runtime-aws-request-id"), invocation.request_id);
    assert!(headers.header("lambda-runtime-deadline-ms").parse::<u64>().unwrap() > 1_700_000_000_000);
    assert!(headers.header("lambda-runtime-invoked-function-arn").ends_with(":request-interceptor"));
    assert!(headers.header("lambda-runtime-trace-id").starts_with("Root=1-"));
    assert!(host.first_poll().await.is_some());
}

#[tokio::test]
async fn a_client_context_comes_in_its_header_and_only_with_its_event() {
    let host = RuntimeApi::start("f").await.unwrap();
    for (text, line) in [
        (Some(r#"{"custom":null}"#), Some(r#"lambda-runtime-client-context: {"custom":null}"#)),
        (Some("{é"), Some("lambda-runtime-client-context: {é")),
        (Some("a\nb"), None),
        (None, None),
    ] {
        let (_, next) = tokio::join!(host.invoke_with(Bytes::from_static(b"e"), text, PATIENCE), async {
            let next = exchange(&host, "GET", "invocation/next", b"").await;
            let path = format!("invocation/{}/response", next.header("lambda-runtime-aws-request-id"));
            exchange(&host, "POST", &path, b"r").await;
            next
        });
        assert_eq!(next.head.lines().find(|line| line.starts_with("lambda-runtime-client-context")), line);
    }
}

#[tokio::test]
async fn a_reported_error_is_no_reply() {
    let host = RuntimeApi::start("f").await.unwrap();
    let (invocation, ()) = tokio::join!(host.invoke(Bytes::new(), PATIENCE), async {
        let next = exchange(&host, "GET", "invocation/next", b"").await;
        let path = format!("invocation/{}/error", next.header("lambda-runtime-aws-request-id"));
        exchange(&host, "POST", &path, b"boom").await;
    });
    assert_eq!(invocation.outcome, Outcome::Error(Bytes::from_static(b"boom")));
}

#[tokio::test]
async fn a_silent_function_times_out_and_its_event_is_not_delivered_later() {
    let host = RuntimeApi::start("f").await.unwrap();
    let missed = host.invoke(Bytes::from_static(b"old"), Duration::from_millis(1)).await;
    assert_eq!(missed.outcome, Outcome::TimedOut);
    let (_, next) = tokio::join!(host.invoke(Bytes::from_static(b"new"), PATIENCE), async {
        let next = exchange(&host, "GET", "invocation/next", b"").await;
        host.process_watch().exited();
        next
    });
    assert_eq!(next.body, b"new"[..]);
}

#[tokio::test]
async fn a_dead_function_ends_every_invocation_and_the_wait_for_its_first_poll() {
    let host = RuntimeApi::start("f").await.unwrap();
    host.process_watch().exited();
    assert_eq!(host.invoke(Bytes::new(), PATIENCE).await.outcome, Outcome::Exited);
    assert!(host.first_poll().await.is_none());
}

#[tokio::test]
async fn an_unknown_request_id_is_refused() {
    let host = RuntimeApi::start("f").await.unwrap();
    assert_eq!(exchange(&host, "POST", "invocation/unknown/response", b"x").await.status, 400);
}

#[tokio::test]
async fn a_reply_beyond_the_limit_is_refused() {
    let host = RuntimeApi::start("f").await.unwrap();
    let huge = vec![b'x'; super::BODY_BYTES_MAX + 1];
    assert_eq!(exchange(&host, "POST", "invocation/any/response", &huge).await.status, 413);
}

#[tokio::test]
async fn an_initialization_error_is_kept() {
    let host = RuntimeApi::start("f").await.unwrap();
    exchange(&host, "POST", "init/error", b"no settings").await;
    assert_eq!(host.init_error(), Some(Bytes::from_static(b"no settings")));
}

#[test]
fn request_ids_are_unique_and_shaped_like_uuids() {
    let exchange = Exchange::new("f").unwrap();
    let (first, second) = (exchange.request_id(), exchange.request_id());
    assert_ne!(first, second);
    let lengths: Vec<usize> = first.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert_eq!(first.chars().nth(14), Some('4'));
    assert!(matches!(first.chars().nth(19), Some('8' | '9' | 'a' | 'b')));
}

struct Answer {
    status: u16,
    head: String,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let prefix = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap()
    }
}

async fn exchange(host: &RuntimeApi, method: &str, path: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(host.address()).await.unwrap();
    let head = format!(
        "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: runtime\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // A host that refuses a long body may hang up before it has read all of it.
    drop(stream.write_all(body).await);
    let mut bytes = Vec::new();
    drop(stream.read_to_end(&mut bytes).await);
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: Bytes::copy_from_slice(&bytes[end + 4..]) }
}
