//! A way to a DynamoDB on which one operation is not allowed.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) struct Gatekeeper {
    pub(crate) url: String,
    gate: Arc<Gate>,
}

struct Gate {
    address: String,
    refused_operation: &'static str,
    refused: AtomicUsize,
}

impl Gatekeeper {
    pub(crate) async fn start(endpoint: &str, refused_operation: &'static str) -> Gatekeeper {
        let address = endpoint.strip_prefix("http://").unwrap().to_owned();
        let gate = Arc::new(Gate { address, refused_operation, refused: AtomicUsize::new(0) });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(pass).with_state(Arc::clone(&gate));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Gatekeeper { url, gate }
    }

    /// How often the operation was refused.
    pub(crate) fn refused(&self) -> usize {
        self.gate.refused.load(Ordering::SeqCst)
    }
}

async fn pass(State(gate): State<Arc<Gate>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let operation = headers["x-amz-target"].to_str().unwrap();
    if operation.ends_with(gate.refused_operation) {
        gate.refused.fetch_add(1, Ordering::SeqCst);
        let error = r#"{"__type":"com.amazonaws.dynamodb.v20120810#AccessDeniedException","message":"no"}"#;
        return Response::builder().status(400).body(Body::from(error)).unwrap();
    }
    let mut message = b"POST / HTTP/1.1\r\n".to_vec();
    for (name, value) in headers.iter().filter(|(name, _)| *name != "connection") {
        message.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    message.extend(b"connection: close\r\n\r\n");
    message.extend(&body);
    let mut stream = TcpStream::connect(&gate.address).await.unwrap();
    stream.write_all(&message).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let status: u16 = std::str::from_utf8(&answer["HTTP/1.1 ".len()..][..3]).unwrap().parse().unwrap();
    Response::builder().status(status).body(Body::from(answer[head + 4..].to_vec())).unwrap()
}
