//! A scripted HTTP endpoint in the place of DynamoDB: it counts, keeps what it was asked, and misbehaves on demand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::forward::{forward, response};

/// The endpoint; it ends with the test's runtime.
pub(crate) struct Endpoint {
    pub(crate) url: String,
    stage: Arc<Stage>,
}

/// What the endpoint does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Answers with this status and body.
    Json(u16, String),
    /// Asks the DynamoDB at this address.
    Forward(SocketAddr),
    /// Never answers.
    Hang,
    /// The first to one request, the second to all others.
    Once(Box<Reply>, Box<Reply>),
}

/// One request as it came.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

struct Stage {
    reply: Mutex<Reply>,
    requests: Mutex<Vec<Request>>,
}

impl Endpoint {
    pub(crate) async fn new(reply: Reply) -> Endpoint {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stage = Arc::new(Stage { reply: Mutex::new(reply), requests: Mutex::default() });
        let app = Router::new().fallback(answer).with_state(Arc::clone(&stage));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Endpoint { url, stage }
    }

    /// From now on.
    pub(crate) fn reply_with(&self, reply: Reply) {
        *self.stage.reply.lock().unwrap() = reply;
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.stage.requests.lock().unwrap().clone()
    }

    pub(crate) fn request_count(&self) -> usize {
        self.stage.requests.lock().unwrap().len()
    }

    /// The sort keys that each request asked for: they tell what kinds of items. Those of the baseline are marked.
    pub(crate) fn asked(&self) -> Vec<Vec<String>> {
        let sort_key = |key: &Value| match (&key["pk"]["S"], key["sk"]["S"].as_str().unwrap()) {
            (pk, sk) if pk == "BASELINE" => format!("* {sk}"),
            (_, sk) => sk.to_owned(),
        };
        let keys = |request: &Request| {
            request.body["RequestItems"]["registry"]["Keys"].as_array().unwrap().iter().map(sort_key).collect()
        };
        self.requests().iter().map(keys).collect()
    }
}

async fn answer(State(stage): State<Arc<Stage>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let request = Request { headers: headers.clone(), body: serde_json::from_slice(&body).unwrap() };
    stage.requests.lock().unwrap().push(request);
    match stage.next_reply() {
        Reply::Json(status, body) => response(status, body.into_bytes()),
        Reply::Forward(address) => forward(address, &headers, &body).await,
        Reply::Hang => std::future::pending().await,
        Reply::Once(..) => panic!("a script of one level"),
    }
}

impl Stage {
    fn next_reply(&self) -> Reply {
        let mut reply = self.reply.lock().unwrap();
        let now = reply.clone();
        match now {
            Reply::Once(first, rest) => {
                *reply = *rest;
                *first
            }
            Reply::Json(..) | Reply::Forward(_) | Reply::Hang => now,
        }
    }
}

/// What a server below HTTP does once it has been sent something.
#[derive(Clone, Copy)]
pub(crate) enum Peer {
    /// Writes this and closes the connection.
    Closes(&'static [u8]),
    /// Writes this and keeps the connection open.
    Stalls(&'static [u8]),
}

/// The address of such a server.
pub(crate) async fn peer(peer: Peer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                assert_ne!(stream.read(&mut [0; 16_384]).await.unwrap(), 0);
                match peer {
                    Peer::Closes(bytes) => stream.write_all(bytes).await.unwrap(),
                    Peer::Stalls(bytes) => {
                        stream.write_all(bytes).await.unwrap();
                        std::future::pending().await
                    }
                }
            });
        }
    });
    url
}

/// An address at which nothing listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
