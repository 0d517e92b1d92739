//! An endpoint before a table that lets so many writes pass, and then nothing more.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use tokio::net::TcpListener;

use crate::forward::{forward, response};

/// The endpoint; it ends with the test's runtime.
pub(crate) struct Cut {
    pub(crate) url: String,
    stage: Arc<Stage>,
}

struct Stage {
    table: SocketAddr,
    writes_max: usize,
    /// Whether the first write beyond is done, and only its answer is missing.
    is_lost: bool,
    writes: AtomicUsize,
}

impl Cut {
    pub(crate) async fn new(table: SocketAddr, writes_max: usize, is_lost: bool) -> Cut {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stage = Arc::new(Stage { table, writes_max, is_lost, writes: AtomicUsize::new(0) });
        let app = Router::new().fallback(answer).with_state(Arc::clone(&stage));
        let app = app.layer(axum::extract::DefaultBodyLimit::disable());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Cut { url, stage }
    }

    /// Whether something did not pass.
    pub(crate) fn is_cut(&self) -> bool {
        self.stage.writes.load(Ordering::SeqCst) > self.stage.writes_max
    }
}

async fn answer(State(stage): State<Arc<Stage>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let target = headers["x-amz-target"].to_str().unwrap();
    let is_write =
        target.contains("Write") || ["PutItem", "UpdateItem", "DeleteItem"].iter().any(|name| target.ends_with(name));
    let before =
        if is_write { stage.writes.fetch_add(1, Ordering::SeqCst) } else { stage.writes.load(Ordering::SeqCst) };
    let is_over = if is_write { before >= stage.writes_max } else { before > stage.writes_max };
    if !is_over {
        return forward(stage.table, &headers, &body).await;
    }
    if stage.is_lost && is_write && before == stage.writes_max {
        drop(forward(stage.table, &headers, &body).await);
    }
    // Nothing that would be tried again.
    response(400, br#"{"__type":"com.amazonaws.dynamodb.v20120810#AccessDeniedException","message":"cut"}"#.to_vec())
}
