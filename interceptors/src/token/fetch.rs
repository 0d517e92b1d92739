//! Fetching a JWKS document: one GET to the configured address, no redirects, bounded in size and time.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::KeySet;
use super::jwks::KEY_SET_BYTES_MAX;

type HttpClient = Client<HttpsConnector<HttpConnector>, Empty<Bytes>>;

/// Fetches one address.
pub(super) struct Fetcher {
    uri: Uri,
    client: OnceCell<HttpClient>,
}

impl Fetcher {
    /// A fetcher that has built nothing yet.
    pub(super) fn new(uri: Uri) -> Fetcher {
        Fetcher { uri, client: OnceCell::new() }
    }

    /// The key set, or nothing: what went wrong is in the log, without the answer.
    pub(super) async fn fetch(&self) -> Option<KeySet> {
        let problem = match timeout(FETCH_TIME_MAX, self.attempt()).await {
            Ok(Ok(keys)) => return Some(keys),
            Ok(Err(problem)) => problem,
            Err(_) => "no answer in time",
        };
        tracing::warn!(target: "tenantgate::keys", host = self.uri.host(), problem, "the issuer's keys were not fetched");
        None
    }

    async fn attempt(&self) -> Result<KeySet, &'static str> {
        let client = self.client.get_or_try_init(async || client()).await?;
        let request = Request::get(self.uri.clone())
            .header(http::header::ACCEPT, "application/json")
            .body(Empty::new())
            .map_err(|_| "not an address")?;
        let answer = client.request(request).await.map_err(|_| "no connection")?;
        if answer.status() != http::StatusCode::OK {
            return Err("another status than 200");
        }
        let body = Limited::new(answer.into_body(), KEY_SET_BYTES_MAX).collect().await;
        let body = body.map_err(|_| "no complete answer within 256 KiB")?.to_bytes();
        let keys = KeySet::parse(&body).map_err(|invalid| invalid.0)?;
        if keys.is_empty() { Err("no usable key") } else { Ok(keys) }
    }
}

fn client() -> Result<HttpClient, &'static str> {
    let connector = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|_| "no root certificates on this machine")?
        .https_or_http()
        .enable_http1()
        .build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// Longest time for one fetch, connection included.
const FETCH_TIME_MAX: Duration = Duration::from_secs(2);
