//! Fetching an issuer's keys: from the configured address, or from the one that its metadata names, and from no other.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri};
use http_body_util::Full;
use policy_model::json::{self, Kind, Value};

use super::KeySet;
use super::jwks::KEY_SET_BYTES_MAX;
use crate::settings::{IssuerSettings, KeySettings, check_url};
use crate::web::{Bounds, Web};

/// The usable keys of an issuer, asked for once where the interceptors would ask, within their bounds of time and size.
///
/// # Errors
/// What went wrong, in words of ours.
pub async fn fetch_keys(issuer: &IssuerSettings) -> Result<KeySet, &'static str> {
    let keys = match Place::of(&issuer.keys) {
        Ok(place) => Fetcher::new(place).attempt().await?,
        Err(given) => given.clone(),
    };
    Ok(keys.of_issuer(&issuer.issuer))
}

/// Fetches the keys of one issuer.
pub(super) struct Fetcher {
    place: Place,
    web: Web,
}

/// Where the keys are.
#[derive(Debug)]
pub(super) enum Place {
    /// At this address.
    At(Uri),
    /// Where the issuer's metadata says, if that is where the metadata is or on one of these hosts.
    Named { document: Uri, issuer: String, key_hosts: Vec<String> },
}

impl Place {
    /// Where these settings have them, or the keys themselves.
    pub(super) fn of(settings: &KeySettings) -> Result<Place, &KeySet> {
        match settings {
            KeySettings::Given(keys) => Err(keys),
            KeySettings::Url(url) => Ok(Place::At(url.clone())),
            KeySettings::Discovery { document, issuer, key_hosts } => {
                Ok(Place::Named { document: document.clone(), issuer: issuer.clone(), key_hosts: key_hosts.clone() })
            }
        }
    }
}

impl Fetcher {
    /// A fetcher that has built nothing yet.
    pub(super) fn new(place: Place) -> Fetcher {
        Fetcher { place, web: Web::default() }
    }

    /// The key set, or nothing: what went wrong is in the log, without the answer.
    pub(super) async fn fetch(&self) -> Option<KeySet> {
        match self.attempt().await {
            Ok(keys) => Some(keys),
            Err(problem) => {
                let host = match &self.place {
                    Place::At(uri) | Place::Named { document: uri, .. } => uri.host(),
                };
                tracing::warn!(target: "tenantgate::keys", host, problem, "the issuer's keys were not fetched");
                None
            }
        }
    }

    async fn attempt(&self) -> Result<KeySet, &'static str> {
        let body = match &self.place {
            Place::At(uri) => self.get(uri, KEY_SET_BYTES_MAX).await?,
            Place::Named { document, issuer, key_hosts } => {
                let metadata = self.get(document, METADATA_BYTES_MAX).await?;
                let keys = key_address(&metadata, document, issuer, key_hosts)?;
                self.get(&keys, KEY_SET_BYTES_MAX).await?
            }
        };
        let keys = KeySet::parse(&body).map_err(|invalid| invalid.0)?;
        if keys.is_empty() { Err("no usable key") } else { Ok(keys) }
    }

    async fn get(&self, uri: &Uri, bytes: usize) -> Result<Bytes, &'static str> {
        let request = Request::get(uri.clone())
            .header(http::header::ACCEPT, "application/json")
            .body(Full::<Bytes>::default())
            .map_err(|_| "not an address")?;
        let answer = self.web.ask(request, Bounds { time: FETCH_TIME_MAX, bytes }).await?;
        match answer.status {
            StatusCode::OK => Ok(answer.body),
            status if status.is_redirection() => Err("a redirect, which is not followed"),
            _ => Err("another status than 200"),
        }
    }
}

/// The `jwks_uri` of an issuer's metadata (OpenID Connect Discovery 1.0, sections 3 and 4.3).
fn key_address(metadata: &[u8], document: &Uri, issuer: &str, key_hosts: &[String]) -> Result<Uri, &'static str> {
    let metadata = json::parse(metadata).map_err(|_| "metadata that is not JSON")?;
    let root = metadata.root();
    if root.kind() != Kind::Object || root.own_duplicate_name().is_some() {
        return Err("metadata that is no object, or in which a member stands twice");
    }
    if !root.get("issuer").is_some_and(|own| own.is_str(issuer)) {
        return Err("metadata of another issuer");
    }
    let address = root.get("jwks_uri").and_then(Value::as_str).ok_or("metadata without a jwks_uri")?;
    let address = check_url(&address).map_err(|_| "a jwks_uri that is not https")?;
    let ((scheme, host, port), (own_scheme, own_host, own_port)) = (origin(&address), origin(document));
    let is_known = host == own_host || key_hosts.contains(&host);
    if is_known && scheme == own_scheme && port == own_port {
        Ok(address)
    } else {
        Err("a jwks_uri on a host or port that the settings do not name")
    }
}

/// Scheme, host and port (RFC 6454, section 4).
fn origin(uri: &Uri) -> (String, String, u16) {
    let scheme = uri.scheme_str().unwrap_or_default().to_owned();
    let usual = if scheme == "http" { HTTP_PORT } else { HTTPS_PORT };
    (scheme, uri.host().unwrap_or_default().to_ascii_lowercase(), uri.port_u16().unwrap_or(usual))
}

const HTTP_PORT: u16 = 80;

const HTTPS_PORT: u16 = 443;

/// Longest time for one fetch, connection included.
const FETCH_TIME_MAX: Duration = Duration::from_secs(2);

/// Longest metadata, in bytes.
const METADATA_BYTES_MAX: usize = 64 * 1024;
