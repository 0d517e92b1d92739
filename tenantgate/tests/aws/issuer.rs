//! An issuer on this machine that is good, or one of the ways in which issuers fail.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tenantgate::keys::{KeyRing, KeySet};
use tokio::net::TcpListener;

/// How an issuer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Good,
    /// Never.
    Hanging,
    /// With another address, which would answer.
    Redirecting,
    /// With more than is read.
    Huge,
    /// With an error.
    Failing,
    /// With metadata of somebody else.
    Stranger,
    /// With a key set that has no key.
    Keyless,
    /// With one key only, for ES256.
    OnlyEs256,
}

/// An issuer, and what was asked of it.
pub(crate) struct Issuer {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Host {
    url: String,
    manner: Manner,
    keys: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    pub(crate) async fn start(manner: Manner) -> Issuer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let keys = KeyRing::generate().unwrap().key_set(KeySet::Main).to_string();
        let asked = Arc::new(Mutex::default());
        let host = Host { url: url.clone(), manner, keys, asked: Arc::clone(&asked) };
        let router = Router::new().fallback(answer).with_state(host);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Issuer { url, asked }
    }

    /// The paths that were asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(host): State<Host>, uri: Uri) -> Response {
    host.asked.lock().unwrap().push(uri.path().to_owned());
    let is_metadata = uri.path() == "/.well-known/openid-configuration";
    let metadata = |issuer: &str| json!({"issuer": issuer, "jwks_uri": format!("{}/keys", host.url)}).to_string();
    match (host.manner, is_metadata) {
        (Manner::Hanging, _) => std::future::pending().await,
        (Manner::Redirecting, true) => (StatusCode::FOUND, [("location", "/elsewhere")]).into_response(),
        (Manner::Huge, _) => vec![b' '; 1 << 20].into_response(),
        (Manner::Failing, _) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        (Manner::Stranger, true) => metadata("https://somebody.example").into_response(),
        (Manner::Keyless, false) => r#"{"keys": []}"#.into_response(),
        (Manner::OnlyEs256, false) => {
            let mut keys: serde_json::Value = serde_json::from_str(&host.keys).unwrap();
            keys["keys"].as_array_mut().unwrap().retain(|key| key["crv"] == "P-256");
            keys.to_string().into_response()
        }
        (Manner::Good | Manner::Keyless | Manner::OnlyEs256, true) => metadata(&host.url).into_response(),
        (Manner::Good | Manner::Redirecting | Manner::Stranger, false) => host.keys.into_response(),
    }
}
