//! A token endpoint on a loopback port that says what it was asked, and an exchanger that knows it.

use std::future::pending;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, Response, header};
use interceptors::settings::{Settings, TokenExchangeSettings};
use interceptors::token_exchange::{ExchangeFault, Exchanger, Subject};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::signer::{ISSUER, Signer};
use crate::stage::{aws, settings};

/// When all questions are asked, in seconds since 1970.
pub(crate) const NOW: u64 = 1_900_000_000;

pub(crate) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// What the endpoint answers.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Status 200 with these members and a new access token each time: `issued-1`, `issued-2`, ..
    Issued(Value),
    /// A status with a document.
    Status(u16, String),
    /// The way to `/elsewhere`, with a good answer in its body.
    Redirect,
    /// Nothing, ever; time then runs as fast as timers allow.
    Hang,
}

/// One question.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Method and path.
    pub(crate) line: String,
    pub(crate) authorization: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
}

pub(crate) struct TokenEndpoint {
    address: String,
    shared: Shared,
    server: JoinHandle<std::io::Result<()>>,
}

impl TokenEndpoint {
    /// An endpoint that issues tokens for an hour.
    pub(crate) async fn start() -> TokenEndpoint {
        let shared = Shared {
            exchange: Arc::new(Mutex::new(Reply::Issued(issued(3_600)))),
            credentials: Arc::new(Mutex::new(Reply::Issued(issued(3_600)))),
            asked: Arc::default(),
        };
        let app = Router::new().fallback(serve).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}/token", listener.local_addr().unwrap());
        let server = tokio::spawn(axum::serve(listener, app).into_future());
        TokenEndpoint { address, shared, server }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// From now on it answers this to exchanges.
    pub(crate) fn answer(&self, reply: Reply) {
        *self.shared.exchange.lock().unwrap() = reply;
    }

    /// From now on it answers this to clients that ask for themselves.
    pub(crate) fn answer_credentials(&self, reply: Reply) {
        *self.shared.credentials.lock().unwrap() = reply;
    }

    /// What it was asked, anywhere.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// The one thing that it was asked.
    pub(crate) fn only(&self) -> Asked {
        let mut asked = self.asked();
        assert_eq!(asked.len(), 1);
        asked.remove(0)
    }

    /// How often it was asked.
    pub(crate) fn times(&self) -> usize {
        self.asked().len()
    }

    /// Nobody listens any more.
    pub(crate) async fn stop(&mut self) {
        self.server.abort();
        assert!((&mut self.server).await.is_err());
    }

    /// Settings as an operator would write them, with a secret in the environment.
    pub(crate) fn document(&self) -> Value {
        document(&self.address)
    }

    /// An exchanger with this endpoint.
    pub(crate) fn exchanger(&self) -> Exchanger {
        self.exchanger_with(|_| ())
    }

    /// An exchanger with this endpoint and a change to the settings.
    pub(crate) fn exchanger_with(&self, change: impl FnOnce(&mut Value)) -> Exchanger {
        let mut document = self.document();
        change(&mut document);
        Exchanger::new(&parse(&document).unwrap())
    }
}

impl Asked {
    /// The form's fields, in their order.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    /// The one value of a field.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let mut values = self.form().into_iter().filter(|field| field.0 == name).map(|field| field.1);
        let value = values.next();
        assert_eq!(values.next(), None, "{name} stands twice");
        value
    }
}

/// The members of a good answer, without the token.
pub(crate) fn issued(seconds: u64) -> Value {
    json!({"token_type": "Bearer", "issued_token_type": ACCESS_TOKEN, "expires_in": seconds})
}

/// The part of the settings for an endpoint.
pub(crate) fn document(address: &str) -> Value {
    json!({
        "endpoint": address,
        "client": {"id": "tenantgate", "authentication": "CLIENT_SECRET_BASIC", "secret": {"environment": SECRET_VARIABLE}},
        "targets": {
            "orders": {"audience": "https://orders.example", "scopes": ["orders.read", "orders.write"]},
            "crm": {"resource": "https://crm.example/mcp"},
        },
    })
}

/// Reads the part as it stands in whole settings.
pub(crate) fn parse(document: &Value) -> Result<TokenExchangeSettings, String> {
    let mut settings = settings("http://127.0.0.1:1", &Signer::new("k"));
    settings["tokenExchange"] = document.clone();
    let settings = Settings::parse(&settings.to_string(), aws()).map_err(|error| error.to_string())?;
    Ok(settings.token_exchange.unwrap())
}

/// Exchanges alice's token, which is good for an hour.
pub(crate) async fn exchange(exchanger: &Exchanger, target: &str) -> Result<Option<String>, ExchangeFault> {
    exchange_token(exchanger, target, "alices-token", NOW).await
}

/// Exchanges a token that is good for an hour after [`NOW`].
pub(crate) async fn exchange_token(
    exchanger: &Exchanger,
    target: &str,
    token: &str,
    unix_now: u64,
) -> Result<Option<String>, ExchangeFault> {
    let subject = Subject { issuer: ISSUER, token, expires: NOW + 3_600, scopes: SCOPES };
    let deadline = Instant::now() + Duration::from_secs(10);
    let outcome = exchanger.exchange(target, &subject, unix_now, deadline).await;
    outcome.map(|token| token.map(|token| token.to_string()))
}

/// What the caller may pass on.
pub(crate) const SCOPES: &[&str] = &["profile", "orders.write", "orders.read"];

/// A variable that there is in every test run, and what is in it.
pub(crate) const SECRET_VARIABLE: &str = "CARGO_PKG_NAME";
pub(crate) const SECRET: &str = "interceptors";

#[derive(Clone)]
struct Shared {
    exchange: Arc<Mutex<Reply>>,
    credentials: Arc<Mutex<Reply>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

async fn serve(State(shared): State<Shared>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let text = |name| head.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let asked = Asked {
        line: format!("{} {}", head.method, head.uri),
        authorization: text(header::AUTHORIZATION),
        content_type: text(header::CONTENT_TYPE),
        body: String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap(),
    };
    let is_credentials = asked.field("grant_type").as_deref() == Some("client_credentials");
    let number = {
        let mut all = shared.asked.lock().unwrap();
        all.push(asked);
        all.len()
    };
    let reply = if is_credentials { &shared.credentials } else { &shared.exchange }.lock().unwrap().clone();
    // No connection outlives its answer, so that a stopped endpoint is gone.
    let response = Response::builder().header(header::CONNECTION, "close");
    match reply {
        Reply::Issued(mut members) => {
            members["access_token"] = json!(format!("issued-{number}"));
            response.body(Body::from(members.to_string())).unwrap()
        }
        Reply::Status(status, document) => response.status(status).body(Body::from(document)).unwrap(),
        Reply::Redirect => {
            let mut members = issued(3_600);
            members["access_token"] = json!("issued");
            let response = response.status(307).header(header::LOCATION, "/elsewhere");
            response.body(Body::from(members.to_string())).unwrap()
        }
        Reply::Hang => {
            tokio::time::pause();
            pending().await
        }
    }
}
