//! A gateway on a loopback port that treats `http` targets as the guide says, and takes nothing else from its interceptors.
//!
//! Where the guide is silent: the query stays in the event's `path`, after `?`; header names are capitalized as in the guide's
//! examples, and values of one name joined by commas; an answer keeps the target's other headers.

use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use axum::Router;
use axum::body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::forwarding::{Target, forwarded, returned};
use crate::interceptors::{Interceptors, Point};
use crate::wire::{self, Answer, Verdict};

/// Stops when dropped; then nothing may be left of what it found wrong with its interceptors.
pub(crate) struct Gateway {
    pub(crate) url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// What was said about one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exchange {
    pub(crate) context: Value,
    pub(crate) request_event: Value,
    pub(crate) request_reply: String,
    /// Whether it went on to the target.
    pub(crate) forwarded: bool,
    pub(crate) response_event: Option<Value>,
    pub(crate) response_reply: Option<String>,
    /// The status that the client got.
    pub(crate) status: u16,
}

struct Shared {
    interceptors: Interceptors,
    target: OnceLock<Target>,
    exchanges: Mutex<Vec<Exchange>>,
    faults: Mutex<Vec<String>>,
    between: Mutex<Option<Happening>>,
}

/// What happens once.
type Happening = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Gateway {
    /// Listens; what it gets before there is a target fails.
    pub(crate) async fn start(interceptors: Interceptors) -> Gateway {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (target, exchanges, faults) = (OnceLock::new(), Mutex::default(), Mutex::default());
        let shared = Arc::new(Shared { interceptors, target, exchanges, faults, between: Mutex::default() });
        let router = Router::new().fallback(handle).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Gateway { url, shared, server }
    }

    pub(crate) fn set_target(&self, url: &str) {
        assert!(self.shared.target.set(Target::new(url)).is_ok(), "there is a target already");
    }

    /// Every exchange so far.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.shared.exchanges).clone()
    }

    /// Lets something happen after the next answer of the target, and before its RESPONSE event.
    pub(crate) fn between(&self, happening: impl Future<Output = ()> + Send + 'static) {
        let before = lock(&self.shared.between).replace(Box::pin(happening));
        assert!(before.is_none(), "something has not happened yet");
    }

    /// What an interceptor replies to an event, as when the gateway asks it once more.
    pub(crate) async fn ask(&self, point: Point, event: &Value, context: &Value) -> String {
        let reply = self.shared.interceptors.reply(point, event, context).await.unwrap();
        String::from_utf8(reply.to_vec()).unwrap()
    }

    /// What was wrong with replies since the last time somebody asked.
    pub(crate) fn take_faults(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.shared.faults))
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
        let faults = self.take_faults();
        if !std::thread::panicking() {
            assert!(faults.is_empty(), "{faults:#?}");
        }
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let mut exchange = Exchange::default();
    let answer = shared.carry(request, &mut exchange).await.unwrap_or_else(|fault| {
        lock(&shared.faults).push(fault);
        let body = json!({"message": "InterceptorException - Received invalid response from interceptor"});
        (StatusCode::INTERNAL_SERVER_ERROR, body.to_string()).into_response()
    });
    exchange.status = answer.status().as_u16();
    lock(&shared.exchanges).push(exchange);
    answer
}

impl Shared {
    async fn carry(&self, request: Request, exchange: &mut Exchange) -> Result<Response, String> {
        let (parts, sent) = request.into_parts();
        let sent = body::to_bytes(sent, BODY_BYTES_MAX).await.map_err(|error| error.to_string())?;
        exchange.context = client_context();
        exchange.request_event = json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": {
            "path": parts.uri.path_and_query().map_or("/", |path| path.as_str()),
            "httpMethod": parts.method.as_str(), "headers": shown(&parts.headers), "body": encoded(&sent)}}});
        let reply = self.interceptors.reply(Point::Request, &exchange.request_event, &exchange.context).await?;
        exchange.request_reply = String::from_utf8_lossy(&reply).into_owned();
        let (headers, changed) = match wire::verdict(&reply)? {
            Verdict::Refuse(answer) => return respond(answer, StatusCode::OK, HeaderMap::new(), None, Bytes::new()),
            Verdict::Forward(headers, changed) => (headers, changed),
        };
        let target = self.target.get().ok_or("there is no target yet")?;
        let headers = forwarded(&parts.headers, &headers);
        exchange.forwarded = true;
        let answer = target.send(parts.method, &parts.uri, headers, changed.unwrap_or(sent)).await?;
        let (head, answered) = answer.into_parts();
        let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if content_type.as_deref().is_some_and(|text| text.starts_with("text/event-stream")) {
            let content_type = [(CONTENT_TYPE, "text/event-stream")];
            return Ok((head.status, content_type, answered).into_response());
        }
        let answered = body::to_bytes(answered, BODY_BYTES_MAX).await.map_err(|error| error.to_string())?;
        let between = lock(&self.between).take();
        if let Some(happening) = between {
            happening.await;
        }
        let event = json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": null, "gatewayResponse": {
            "statusCode": head.status.as_u16(), "headers": null, "contentType": content_type,
            "body": encoded(&answered)}}});
        let reply = self.interceptors.reply(Point::Response, &event, &exchange.context).await?;
        exchange.response_event = Some(event);
        exchange.response_reply = Some(String::from_utf8_lossy(&reply).into_owned());
        respond(wire::answer(&reply)?, head.status, returned(&head.headers), content_type, answered)
    }
}

/// The answer to the client: the interceptor's, with the target's parts where it has none.
fn respond(
    answer: Answer,
    status: StatusCode,
    mut headers: HeaderMap,
    content_type: Option<String>,
    body: Bytes,
) -> Result<Response, String> {
    let status = answer.status.map_or(Ok(status), StatusCode::from_u16).map_err(|error| error.to_string())?;
    let content_type = answer.content_type.or(content_type).map(|text| ("content-type".to_owned(), text));
    for (name, value) in answer.headers.into_iter().chain(content_type) {
        let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
        headers.insert(name, HeaderValue::try_from(value).map_err(|error| error.to_string())?);
    }
    Ok((status, headers, answer.body.unwrap_or(body)).into_response())
}

fn shown(headers: &HeaderMap) -> Value {
    let mut shown = Map::new();
    for name in headers.keys() {
        let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let words = name.as_str().split('-').map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            format!("{}{rest}", first.to_ascii_uppercase())
        });
        let value = values.collect::<Vec<_>>().join(", ");
        shown.insert(words.collect::<Vec<_>>().join("-"), Value::String(value));
    }
    Value::Object(shown)
}

fn encoded(body: &[u8]) -> Option<String> {
    (!body.is_empty()).then(|| STANDARD.encode(body))
}

/// The same for both points of one request.
fn client_context() -> Value {
    let mut random = [0; 16];
    aws_lc_rs::rand::fill(&mut random).unwrap();
    let bits = u128::from_be_bytes(random);
    let (first, second, third, fourth) =
        (bits >> 96, (bits >> 80) & 0xffff, (bits >> 64) & 0xfff, (bits >> 48) & 0xfff);
    let id = format!("{first:08x}-{second:04x}-4{third:03x}-8{fourth:03x}-{:012x}", bits & 0xffff_ffff_ffff);
    let arn = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/agents-a1b2c3d4e5";
    json!({"custom": {"GATEWAY_ARN": arn, "GATEWAY_ACCOUNT_ID": "123456789012", "REQUEST_ID": id}})
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

const BODY_BYTES_MAX: usize = 6 * 1024 * 1024;
