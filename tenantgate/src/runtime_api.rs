//! A Lambda Runtime API host for one function process, on a loopback port.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// A host that one function process polls for events; stops when dropped.
#[derive(Debug)]
pub struct RuntimeApi {
    address: SocketAddr,
    exchange: Arc<Exchange>,
    server: JoinHandle<()>,
}

/// One event sent and what became of it.
#[derive(Debug)]
pub struct Invocation {
    /// The Lambda request id of the event.
    pub request_id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// From handing the event over until its outcome.
    pub elapsed: Duration,
}

/// How one invocation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The function replied with these bytes.
    Reply(Bytes),
    /// The function reported an error with these bytes.
    Error(Bytes),
    /// Nothing came within the time given.
    TimedOut,
    /// The function process ended.
    Exited,
}

impl RuntimeApi {
    /// Listens on a free loopback port.
    pub async fn start(function_name: &str) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let exchange = Arc::new(Exchange::new(function_name)?);
        let router = router(Arc::clone(&exchange));
        // A refused TCP_NODELAY only costs time.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let server = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, exchange, server })
    }

    /// The value for `AWS_LAMBDA_RUNTIME_API`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Hands one event to the function and waits for its outcome.
    pub async fn invoke(&self, event: Bytes, timeout: Duration) -> Invocation {
        self.invoke_with(event, None, timeout).await
    }

    /// Hands one event to the function, with a client context, and waits for its outcome. A text that no header can hold is
    /// not sent.
    pub async fn invoke_with(&self, event: Bytes, client_context: Option<&str>, timeout: Duration) -> Invocation {
        let request_id = self.exchange.request_id();
        let (answer, answered) = oneshot::channel();
        self.exchange.waiting().insert(request_id.clone(), answer);
        let client_context = client_context.and_then(|text| HeaderValue::from_bytes(text.as_bytes()).ok());
        let deadline = SystemTime::now() + timeout;
        let delivery = Delivery { request_id: request_id.clone(), event, client_context, deadline };
        let started = Instant::now();
        // The receiver lives as long as `self`: sending cannot fail.
        drop(self.exchange.queue.send(delivery));
        let outcome = tokio::select! {
            biased;
            outcome = answered => outcome.unwrap_or(Outcome::Exited),
            () = self.exchange.exited() => Outcome::Exited,
            () = tokio::time::sleep(timeout) => Outcome::TimedOut,
        };
        let elapsed = started.elapsed();
        self.exchange.waiting().remove(&request_id);
        Invocation { request_id, outcome, elapsed }
    }

    /// When the function first asked for an event; `None` if it ended before that.
    pub async fn first_poll(&self) -> Option<Instant> {
        let mut life = self.exchange.life.subscribe();
        let life = life.wait_for(|life| life.first_poll.is_some() || life.exited).await.ok()?;
        life.first_poll
    }

    /// What the function reported to `/runtime/init/error`, if it did.
    pub fn init_error(&self) -> Option<Bytes> {
        self.exchange.life.borrow().init_error.clone()
    }

    /// A handle for whoever watches the process.
    pub(crate) fn process_watch(&self) -> ProcessWatch {
        ProcessWatch(Arc::clone(&self.exchange))
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Tells the host that its function process ended.
pub(crate) struct ProcessWatch(Arc<Exchange>);

impl ProcessWatch {
    /// Ends every invocation, now and later, with `Outcome::Exited`.
    pub(crate) fn exited(&self) {
        self.0.life.send_modify(|life| life.exited = true);
    }
}

#[derive(Debug)]
struct Exchange {
    function_arn: String,
    first_id: u128,
    ids_given: AtomicU64,
    queue: mpsc::UnboundedSender<Delivery>,
    deliveries: tokio::sync::Mutex<mpsc::UnboundedReceiver<Delivery>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    life: watch::Sender<Life>,
}

#[derive(Debug)]
struct Delivery {
    request_id: String,
    event: Bytes,
    client_context: Option<HeaderValue>,
    deadline: SystemTime,
}

#[derive(Debug, Default)]
struct Life {
    first_poll: Option<Instant>,
    init_error: Option<Bytes>,
    exited: bool,
}

impl Exchange {
    fn new(function_name: &str) -> std::io::Result<Self> {
        let (queue, deliveries) = mpsc::unbounded_channel();
        let mut random = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut random).map_err(|_| std::io::Error::other("no randomness"))?;
        Ok(Self {
            first_id: u128::from_be_bytes(random),
            ids_given: AtomicU64::new(0),
            function_arn: format!("arn:aws:lambda:us-east-1:123456789012:function:{function_name}"),
            queue,
            deliveries: tokio::sync::Mutex::new(deliveries),
            waiting: Mutex::default(),
            life: watch::Sender::default(),
        })
    }

    /// A new id, shaped like a random UUID.
    fn request_id(&self) -> String {
        let count = self.ids_given.fetch_add(1, Ordering::Relaxed);
        let bits = self.first_id.wrapping_add(count.into());
        let bits = (bits & !VERSION_AND_VARIANT_MASK) | VERSION_4_VARIANT_1;
        let (third, second, first) = ((bits >> 64) & 0xffff, (bits >> 80) & 0xffff, bits >> 96);
        let (fifth, fourth) = (bits & 0xffff_ffff_ffff, (bits >> 48) & 0xffff);
        format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{fifth:012x}")
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, oneshot::Sender<Outcome>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn exited(&self) {
        let mut life = self.life.subscribe();
        drop(life.wait_for(|life| life.exited).await);
    }

    /// The next event that somebody still waits for.
    async fn next(&self) -> Option<Delivery> {
        let mut deliveries = self.deliveries.lock().await;
        while let Some(delivery) = deliveries.recv().await {
            if self.waiting().contains_key(&delivery.request_id) {
                return Some(delivery);
            }
        }
        None
    }

    fn settle(&self, request_id: &str, outcome: Outcome) -> Response {
        match self.waiting().remove(request_id) {
            Some(answer) => {
                // An invocation that timed out meanwhile has nobody to tell.
                drop(answer.send(outcome));
                accepted()
            }
            None => (StatusCode::BAD_REQUEST, r#"{"errorType":"InvalidRequestID"}"#).into_response(),
        }
    }
}

fn router(exchange: Arc<Exchange>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(exchange)
}

async fn next(State(exchange): State<Arc<Exchange>>) -> Response {
    exchange.life.send_modify(|life| {
        life.first_poll.get_or_insert_with(Instant::now);
    });
    let Some(delivery) = exchange.next().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline_ms = delivery.deadline.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis());
    let headers = [
        (CONTENT_TYPE.as_str(), "application/json".to_owned()),
        ("lambda-runtime-trace-id", trace_id(&delivery.request_id)),
        ("lambda-runtime-aws-request-id", delivery.request_id),
        ("lambda-runtime-deadline-ms", deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", exchange.function_arn.clone()),
    ];
    let mut response = (headers, Body::from(delivery.event)).into_response();
    if let Some(client_context) = delivery.client_context {
        response.headers_mut().insert("lambda-runtime-client-context", client_context);
    }
    response
}

async fn response(State(exchange): State<Arc<Exchange>>, Path(id): Path<String>, body: Bytes) -> Response {
    exchange.settle(&id, Outcome::Reply(body))
}

async fn error(State(exchange): State<Arc<Exchange>>, Path(id): Path<String>, body: Bytes) -> Response {
    exchange.settle(&id, Outcome::Error(body))
}

async fn init_error(State(exchange): State<Arc<Exchange>>, body: Bytes) -> Response {
    exchange.life.send_modify(|life| life.init_error = Some(body));
    accepted()
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, [(CONTENT_TYPE, "application/json")], r#"{"status":"OK"}"#).into_response()
}

fn trace_id(request_id: &str) -> String {
    let hex: String = request_id.chars().filter(|c| *c != '-').collect();
    let (root, rest) = hex.split_at_checked(8).unwrap_or((&hex, ""));
    let parent: String = hex.chars().take(16).collect();
    format!("Root=1-{root}-{rest};Parent={parent};Sampled=0")
}

/// The Lambda limit for a synchronous reply is 6 MB; room for what a test wants to see refused.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

const VERSION_AND_VARIANT_MASK: u128 = 0xf000_c000_0000_0000_0000;
const VERSION_4_VARIANT_1: u128 = 0x4000_8000_0000_0000_0000;

#[cfg(test)]
mod tests;
