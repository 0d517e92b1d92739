//! What of a request reaches the target, and how it gets there.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri};
use bytes::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::wire::Headers;

/// The target's `allowedRequestHeaders`, and the content type, which a body needs.
const ALLOWED: &[&str] = &[
    "x-tenant-id",
    "x-user-id",
    "x-agent-name",
    "x-app-id",
    "x-route-binding-id",
    "x-amzn-bedrock-agentcore-runtime-custom-tenant-context",
    "a2a-version",
    "traceparent",
    "content-type",
];

/// The one target of the gateway, whichever the first segment of the path is: what the interceptors let through arrives.
pub(crate) struct Target {
    url: String,
    http: Client<HttpConnector, Body>,
}

impl Target {
    pub(crate) fn new(url: &str) -> Target {
        Target { url: url.to_owned(), http: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends a request on, to the same path without its first segment.
    pub(crate) async fn send(
        &self,
        method: Method,
        uri: &Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response<Body>, String> {
        let path = uri.path().trim_start_matches('/');
        let path = path.split_once('/').map_or("", |(_, path)| path);
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut request = Request::builder().method(method).uri(format!("{}/{path}{query}", self.url));
        if let Some(all) = request.headers_mut() {
            *all = headers;
        }
        let request = request.body(Body::from(body)).map_err(|error| error.to_string())?;
        let answer = self.http.request(request).await;
        answer.map(|answer| answer.map(Body::new)).map_err(|error| format!("the target cannot be reached: {error}"))
    }
}

/// The allowed headers of the client and of the interceptor, the interceptor's winning; `Authorization` is the interceptor's alone.
pub(crate) fn forwarded(client: &HeaderMap, ours: &Headers) -> HeaderMap {
    let allowed = |name: &HeaderName| ALLOWED.contains(&name.as_str());
    let mut forwarded: HeaderMap = client.iter().filter(|(name, _)| allowed(name)).map(owned).collect();
    for (name, value) in ours {
        // Both were checked when the reply was read.
        let (name, value) = (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        if allowed(&name) || name == AUTHORIZATION {
            forwarded.insert(name, value);
        }
    }
    forwarded
}

/// The target's headers that are not about one connection or one spelling of the body.
pub(crate) fn returned(target: &HeaderMap) -> HeaderMap {
    let bound = [CONNECTION, TRANSFER_ENCODING, CONTENT_LENGTH, CONTENT_TYPE];
    target.iter().filter(|(name, _)| !bound.contains(name)).map(owned).collect()
}

fn owned((name, value): (&HeaderName, &HeaderValue)) -> (HeaderName, HeaderValue) {
    (name.clone(), value.clone())
}
