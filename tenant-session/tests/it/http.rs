//! HTTP as it is on the wire: a request goes out as it is written, and the answer is read to its end.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: String,
    /// Null without a body.
    pub(crate) body: Value,
}

/// One request with these headers beside `Host`.
pub(crate) async fn ask(address: SocketAddr, line: &str, headers: &[(&str, &str)]) -> Answer {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    send(address, &format!("{line} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n")).await.unwrap()
}

/// These bytes; none if the connection ended without an answer.
pub(crate) async fn send(address: SocketAddr, request: &str) -> Option<Answer> {
    let text = exchange(address, request).await;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
    Some(Answer { status: status(head)?, headers: head.to_lowercase(), body })
}

/// The same with an answer of any kind: its status and body.
pub(crate) async fn send_text(address: SocketAddr, request: &str) -> Option<(u16, String)> {
    let text = exchange(address, request).await;
    let (head, body) = text.split_once("\r\n\r\n")?;
    Some((status(head)?, body.to_owned()))
}

async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // Whoever refuses early may not read all of it.
    drop(stream.write_all(request.as_bytes()).await);
    let mut text = String::new();
    drop(stream.read_to_string(&mut text).await);
    text
}

fn status(head: &str) -> Option<u16> {
    head.split(' ').nth(1)?.parse().ok()
}
