//! Fetching a JWKS document: one GET to the configured address.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri};
use http_body_util::Full;

use super::KeySet;
use super::jwks::KEY_SET_BYTES_MAX;
use crate::web::{Bounds, Web};

/// Fetches one address.
pub(super) struct Fetcher {
    uri: Uri,
    web: Web,
}

impl Fetcher {
    /// A fetcher that has built nothing yet.
    pub(super) fn new(uri: Uri) -> Fetcher {
        Fetcher { uri, web: Web::default() }
    }

    /// The key set, or nothing: what went wrong is in the log, without the answer.
    pub(super) async fn fetch(&self) -> Option<KeySet> {
        match self.attempt().await {
            Ok(keys) => Some(keys),
            Err(problem) => {
                let host = self.uri.host();
                tracing::warn!(target: "tenantgate::keys", host, problem, "the issuer's keys were not fetched");
                None
            }
        }
    }

    async fn attempt(&self) -> Result<KeySet, &'static str> {
        let request = Request::get(self.uri.clone())
            .header(http::header::ACCEPT, "application/json")
            .body(Full::<Bytes>::default())
            .map_err(|_| "not an address")?;
        let answer = self.web.ask(request, Bounds { time: FETCH_TIME_MAX, bytes: KEY_SET_BYTES_MAX }).await?;
        if answer.status != StatusCode::OK {
            return Err("another status than 200");
        }
        let keys = KeySet::parse(&answer.body).map_err(|invalid| invalid.0)?;
        if keys.is_empty() { Err("no usable key") } else { Ok(keys) }
    }
}

/// Longest time for one fetch, connection included.
const FETCH_TIME_MAX: Duration = Duration::from_secs(2);
