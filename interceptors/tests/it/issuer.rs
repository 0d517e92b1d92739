//! An issuer's JWKS address on a loopback port, and a verifier that knows it.

use std::future::pending;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, header};
use axum::routing::get;
use interceptors::event::Event;
use interceptors::settings::Settings;
use interceptors::token::{Grace, TokenFault, Verifier};
use policy_model::json;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::events;
use crate::signer::{Signer, claims, unix_now};
use crate::stage::{aws, settings};

/// What the address answers.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// A document.
    Document(String),
    /// A status with a document.
    Status(u16, String),
    /// The way to `/elsewhere`, which has the document.
    Redirect(String),
    /// Nothing, ever; time then runs as fast as timers allow.
    Hang,
}

pub(crate) struct IssuerSite {
    address: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
    server: JoinHandle<std::io::Result<()>>,
}

impl IssuerSite {
    pub(crate) async fn start(answer: Answer) -> IssuerSite {
        let (answer, asked) = (Arc::new(Mutex::new(answer)), Arc::new(AtomicUsize::new(0)));
        let state = (Arc::clone(&answer), Arc::clone(&asked));
        let app = Router::new().route("/jwks", get(serve)).route("/elsewhere", get(serve_elsewhere)).with_state(state);
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}/jwks", listener.local_addr().unwrap());
        let server = tokio::spawn(axum::serve(listener, app).into_future());
        IssuerSite { address, answer, asked, server }
    }

    /// The address of its keys.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// From now on it answers this.
    pub(crate) fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// How often it was asked, anywhere.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Nobody listens any more.
    pub(crate) async fn stop(&mut self) {
        self.server.abort();
        assert!((&mut self.server).await.is_err());
    }

    /// A verifier with this address and nothing fetched.
    pub(crate) fn verifier(&self, signer: &Signer) -> Verifier {
        let mut settings = settings("http://127.0.0.1:1", signer);
        settings["issuers"][0]["keys"] = json!({"url": self.address});
        let settings = Settings::parse(&settings.to_string(), aws()).unwrap();
        Verifier::new(settings.issuers, settings.leeway)
    }
}

/// Identifies the caller of a good token, which names this key id.
pub(crate) async fn identify(verifier: &Verifier, signer: &Signer, kid: &str) -> Result<(), TokenFault> {
    identify_by(verifier, &signer.sign_as(kid, &claims("alice", "acme")), Duration::from_secs(10)).await
}

/// Identifies a token's caller within a time.
pub(crate) async fn identify_by(verifier: &Verifier, token: &str, within: Duration) -> Result<(), TokenFault> {
    let event = events::request(token, "{}");
    let document = json::parse(event.as_bytes()).unwrap();
    let event = Event::parse(&document).unwrap();
    verifier.identify(&event.headers, unix_now(), Grace::None, Instant::now() + within).await.map(drop)
}

/// Moves the clock, without waiting.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

pub(crate) fn jwks(signers: &[&Signer]) -> Answer {
    let keys: Vec<Value> = signers.iter().map(|signer| signer.jwk()).collect();
    Answer::Document(json!({"keys": keys}).to_string())
}

type Shared = (Arc<Mutex<Answer>>, Arc<AtomicUsize>);

async fn serve(State((answer, asked)): State<Shared>) -> Response<Body> {
    asked.fetch_add(1, Ordering::SeqCst);
    let answer = answer.lock().unwrap().clone();
    // No connection outlives its answer, so that a stopped site is gone.
    let response = Response::builder().header(header::CONNECTION, "close");
    match answer {
        Answer::Document(document) => response.body(Body::from(document)).unwrap(),
        Answer::Status(status, document) => response.status(status).body(Body::from(document)).unwrap(),
        Answer::Redirect(document) => {
            response.status(302).header(header::LOCATION, "/elsewhere").body(Body::from(document)).unwrap()
        }
        Answer::Hang => {
            tokio::time::pause();
            pending().await
        }
    }
}

async fn serve_elsewhere(State((answer, asked)): State<Shared>) -> Response<Body> {
    asked.fetch_add(1, Ordering::SeqCst);
    match answer.lock().unwrap().clone() {
        Answer::Redirect(document) => Response::new(Body::from(document)),
        Answer::Document(_) | Answer::Status(..) | Answer::Hang => Response::new(Body::empty()),
    }
}
