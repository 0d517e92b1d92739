//! What an interceptor asks of its table, counted on the way there.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::forwarding::Target;

/// Stands before a DynamoDB; stops when dropped.
pub(crate) struct Meter {
    pub(crate) url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    target: Target,
    operations: Mutex<Vec<String>>,
}

impl Meter {
    pub(crate) async fn start(url: &str) -> Meter {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared { target: Target::new(url), operations: Mutex::default() });
        let router = Router::new().fallback(carry).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Meter { url: own, shared, server }
    }

    /// The operations since the last time somebody asked, those with several keys with their number.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.operations.lock().unwrap())
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn carry(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, sent) = request.into_parts();
    let sent = body::to_bytes(sent, usize::MAX).await.unwrap();
    shared.operations.lock().unwrap().push(operation(&parts.headers, &sent));
    match shared.target.send(parts.method, &parts.uri, parts.headers, sent).await {
        Ok(answer) => answer,
        Err(fault) => (StatusCode::BAD_GATEWAY, fault).into_response(),
    }
}

fn operation(headers: &HeaderMap, sent: &[u8]) -> String {
    let name = headers["x-amz-target"].to_str().unwrap().rsplit('.').next().unwrap().to_owned();
    let sent: Value = serde_json::from_slice(sent).unwrap();
    let tables = sent["RequestItems"].as_object();
    match tables.map(|tables| tables.values().map(|table| table["Keys"].as_array().unwrap().len()).sum::<usize>()) {
        Some(keys) => format!("{name} {keys}"),
        None => name,
    }
}
