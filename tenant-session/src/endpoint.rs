//! The container-credentials face: a session is opened with a user's token, and its credentials are fetched with the session's own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use interceptors::identity::Presented;
use policy_model::header::normal;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::broker::{Broker, Holder};
use crate::credentials::timestamp;
use crate::fault::{Fault, FaultKind};
use crate::guard;
use crate::log;
use crate::sessions::{Full, Sessions};

/// What the endpoint answers with.
#[derive(Debug)]
pub struct Endpoint {
    broker: Arc<Broker>,
    sessions: Sessions,
    address: SocketAddr,
    tenant_selector: String,
}

impl Endpoint {
    /// An endpoint at an address, where callers choose among their tenants by this header.
    pub fn new(broker: Broker, address: SocketAddr, tenant_selector: &str) -> Endpoint {
        Endpoint {
            broker: Arc::new(broker),
            sessions: Sessions::default(),
            address,
            tenant_selector: normal(tenant_selector),
        }
    }

    /// Its routes.
    pub fn routes(self) -> Router {
        let endpoint = Arc::new(self);
        Router::new()
            .route("/sessions", delete(end).post(open))
            .route("/credentials", get(credentials))
            .route("/healthz", get(async || json_answer(StatusCode::OK, &json!({"status": "ok"}))))
            .fallback(async || refusal(StatusCode::NOT_FOUND, "NOT_FOUND", PATHS))
            .method_not_allowed_fallback(async || refusal(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", PATHS))
            .layer(middleware::from_fn_with_state(Arc::clone(&endpoint), watch))
            .with_state(endpoint)
    }
}

/// Turns away what is not for us.
async fn watch(State(endpoint): State<Arc<Endpoint>>, request: Request, next: Next) -> Response {
    match guard::check(request.uri().authority().map(|host| host.as_str()), request.headers(), endpoint.address) {
        Ok(()) => next.run(request).await,
        Err(turned) => {
            log::turned_away(turned.code());
            refusal(turned.status(), turned.code(), turned.message())
        }
    }
}

/// `POST /sessions` with a user's token.
async fn open(State(endpoint): State<Arc<Endpoint>>, headers: HeaderMap) -> Response {
    let deadline = Instant::now() + ANSWER_TIME_MAX;
    let Some(token) = bearer(&headers) else {
        return unauthenticated("TOKEN", "Authorization must be `Bearer`, one space, and a user's token");
    };
    let tenant = match only(&headers, &endpoint.tenant_selector) {
        Ok(tenant) => tenant,
        Err(Ambiguous) => {
            return refusal(
                StatusCode::BAD_REQUEST,
                "TENANT_SELECTOR",
                "the header that chooses a tenant stands there twice",
            );
        }
    };
    let holder = match endpoint.broker.admit(Presented { token, tenant }, deadline).await {
        Ok(holder) => holder,
        Err(fault) => return refused(None, &fault),
    };
    // Whoever gets no credentials gets no session; and the first fetch finds them here.
    if let Err(fault) = endpoint.broker.credentials(&holder, deadline).await {
        return refused(Some(&holder), &fault);
    }
    let own = match endpoint.sessions.open(holder.clone()) {
        Ok(own) => own,
        Err(full) => return no_room(full),
    };
    log::given("SESSION_OPENED", &holder, holder.expires());
    let session = json!({
        "tenant": holder.tenant().as_str(),
        "credentialsUri": format!("http://{}/credentials", endpoint.address),
        "authorizationToken": own,
        "expires": timestamp(holder.expires()),
    });
    json_answer(StatusCode::CREATED, &session)
}

/// `GET /credentials` with a session's token.
async fn credentials(State(endpoint): State<Arc<Endpoint>>, headers: HeaderMap) -> Response {
    let deadline = Instant::now() + ANSWER_TIME_MAX;
    let Some(holder) = session_token(&headers).and_then(|token| endpoint.sessions.find(token)) else {
        return no_session();
    };
    match endpoint.broker.credentials(&holder, deadline).await {
        Ok(credentials) => json_answer(StatusCode::OK, &credentials.container_document()),
        Err(fault) => refused(Some(&holder), &fault),
    }
}

/// `DELETE /sessions` with a session's token.
async fn end(State(endpoint): State<Arc<Endpoint>>, headers: HeaderMap) -> Response {
    let Some(holder) = session_token(&headers).and_then(|token| endpoint.sessions.end(token)) else {
        return no_session();
    };
    log::given("SESSION_ENDED", &holder, holder.expires());
    StatusCode::NO_CONTENT.into_response()
}

fn refused(holder: Option<&Holder>, fault: &Fault) -> Response {
    log::refused(holder, fault);
    match fault.kind() {
        FaultKind::Unauthenticated => unauthenticated("TOKEN", "the user's token is not accepted"),
        FaultKind::Forbidden => refusal(StatusCode::FORBIDDEN, "FORBIDDEN", "this user is given no credentials"),
        FaultKind::Unavailable => {
            refusal(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "credentials cannot be had at present")
        }
    }
}

fn no_session() -> Response {
    log::turned_away("SESSION_UNKNOWN");
    unauthenticated("SESSION", "Authorization must be the authorizationToken of an open session, and nothing else")
}

fn no_room(full: Full) -> Response {
    match full {
        Full::Holder => {
            log::turned_away("SESSIONS_OF_ONE_USER");
            refusal(StatusCode::TOO_MANY_REQUESTS, "SESSIONS", "this user has too many open sessions; end some")
        }
        Full::All | Full::NoToken => {
            log::turned_away("SESSIONS_FULL");
            refusal(StatusCode::SERVICE_UNAVAILABLE, "SESSIONS", "no session can be opened at present")
        }
    }
}

fn unauthenticated(code: &'static str, message: &'static str) -> Response {
    refusal(StatusCode::UNAUTHORIZED, code, message)
}

/// The members that SDKs show.
fn refusal(status: StatusCode, code: &'static str, message: &'static str) -> Response {
    json_answer(status, &json!({"code": code, "message": message}))
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (status, headers, body.to_string()).into_response()
}

/// The token of the one `Authorization` header with the scheme `Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = session_token(headers)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The one `Authorization` header as it is.
fn session_token(headers: &HeaderMap) -> Option<&str> {
    only(headers, AUTHORIZATION.as_str()).ok().flatten()
}

/// A header stands there more than once, or is no text.
struct Ambiguous;

/// The one header of this name, also where it is spelled with `_`.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Ambiguous> {
    let mut found = headers.iter().filter(|(own, _)| normal(own.as_str()) == name);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some((_, value)), None) => value.to_str().map(Some).map_err(|_| Ambiguous),
        (Some(_), Some(_)) => Err(Ambiguous),
    }
}

const PATHS: &str = "there are POST and DELETE /sessions, GET /credentials and GET /healthz";

/// Longest time for an answer.
pub(crate) const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
