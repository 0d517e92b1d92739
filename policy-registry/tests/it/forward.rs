//! What an endpoint before a table does with the requests that it does not answer itself.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{HeaderMap, Response, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends a request on, and comes back with the answer.
pub(crate) async fn forward(address: SocketAddr, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
    let mut message = b"POST / HTTP/1.1\r\n".to_vec();
    for (name, value) in headers.iter().filter(|(name, _)| **name != header::CONNECTION) {
        message.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    message.extend(b"connection: close\r\n\r\n");
    message.extend(body);
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&message).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer["HTTP/1.1 ".len()..][..3]).unwrap().parse().unwrap();
    response(status, answer[head + 4..].to_vec())
}

/// An answer of DynamoDB's.
pub(crate) fn response(status: u16, body: Vec<u8>) -> Response<Body> {
    let answer = Response::builder().status(status).header(header::CONTENT_TYPE, "application/x-amz-json-1.0");
    answer.body(Body::from(body)).unwrap()
}
