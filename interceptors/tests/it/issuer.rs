//! An issuer's addresses on a loopback port, its keys and its metadata, and verifiers that know them.

use std::future::pending;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, Uri, header};
use interceptors::event::Event;
use interceptors::settings::Settings;
use interceptors::token::{Grace, TokenFault, Verifier};
use policy_model::json;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::events;
use crate::signer::{ISSUER, Signer, claims, unix_now};
use crate::stage::{aws, settings};

/// What an address answers.
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
    origin: String,
    answers: Arc<Answers>,
    server: JoinHandle<std::io::Result<()>>,
}

struct Answers {
    keys: Mutex<Answer>,
    metadata: Mutex<Answer>,
    /// The paths that were asked for.
    asked: Mutex<Vec<String>>,
}

impl IssuerSite {
    /// A site with keys, and metadata that name their address.
    pub(crate) async fn start(keys: Answer) -> IssuerSite {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let metadata = Answer::Document(json!({"issuer": ISSUER, "jwks_uri": format!("{origin}/jwks")}).to_string());
        let (keys, metadata) = (Mutex::new(keys), Mutex::new(metadata));
        let answers = Arc::new(Answers { keys, metadata, asked: Mutex::default() });
        let app = Router::new().fallback(serve).with_state(Arc::clone(&answers));
        let server = tokio::spawn(axum::serve(listener, app).into_future());
        IssuerSite { origin, answers, server }
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The address of its keys.
    pub(crate) fn address(&self) -> String {
        format!("{}/jwks", self.origin)
    }

    /// The address of its metadata.
    pub(crate) fn metadata_address(&self) -> String {
        format!("{}{METADATA}", self.origin)
    }

    /// From now on it answers this where it has its keys.
    pub(crate) fn answer(&self, answer: Answer) {
        *self.answers.keys.lock().unwrap() = answer;
    }

    /// From now on it answers this where it has its metadata.
    pub(crate) fn describe(&self, answer: Answer) {
        *self.answers.metadata.lock().unwrap() = answer;
    }

    /// How often it was asked, anywhere.
    pub(crate) fn asked(&self) -> usize {
        self.paths().len()
    }

    /// What it was asked for.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.answers.asked.lock().unwrap().clone()
    }

    /// Comes when it was asked so often.
    pub(crate) async fn is_asked(&self, times: usize) {
        while self.asked() < times {
            tokio::task::yield_now().await;
        }
    }

    /// Nobody listens any more.
    pub(crate) async fn stop(&mut self) {
        self.server.abort();
        assert!((&mut self.server).await.is_err());
    }

    /// A verifier with the address of its keys and nothing fetched.
    pub(crate) fn verifier(&self, signer: &Signer) -> Verifier {
        verifier(signer, &json!({"url": self.address()}))
    }

    /// A verifier with the address of its metadata and nothing fetched.
    pub(crate) fn discovering(&self, signer: &Signer) -> Verifier {
        verifier(signer, &json!({"discovery": self.metadata_address()}))
    }
}

/// A verifier with these `keys` in its settings.
pub(crate) fn verifier(signer: &Signer, keys: &Value) -> Verifier {
    let mut settings = settings("http://127.0.0.1:1", signer);
    settings["issuers"][0]["keys"] = keys.clone();
    let settings = Settings::parse(&settings.to_string(), aws()).unwrap();
    Verifier::new(settings.issuers, settings.leeway)
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

async fn serve(State(answers): State<Arc<Answers>>, uri: Uri) -> Response<Body> {
    answers.asked.lock().unwrap().push(uri.path().to_owned());
    let answer = if uri.path().ends_with(METADATA) { &answers.metadata } else { &answers.keys };
    let answer = answer.lock().unwrap().clone();
    // No connection outlives its answer, so that a stopped site is gone.
    let response = Response::builder().header(header::CONNECTION, "close");
    match answer {
        Answer::Redirect(document) if uri.path() == "/elsewhere" => response.body(Body::from(document)).unwrap(),
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

/// OpenID Connect Discovery 1.0, section 4.
const METADATA: &str = "/.well-known/openid-configuration";
