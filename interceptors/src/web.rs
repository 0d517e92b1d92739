//! HTTP to an address of the settings: no redirects, bounded in size and time, and never with an answer's words in an error.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::OnceCell;
use tokio::time::timeout;

/// A client that has built nothing yet.
#[derive(Default)]
pub(crate) struct Web {
    client: OnceCell<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

/// How long a question may take, connection included, and how long its answer may be, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) time: Duration,
    pub(crate) bytes: usize,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl Web {
    /// Asks once. A redirect is an answer like any other.
    ///
    /// # Errors
    /// What went wrong, in words of ours.
    pub(crate) async fn ask(&self, request: Request<Full<Bytes>>, bounds: Bounds) -> Result<Answer, &'static str> {
        timeout(bounds.time, self.attempt(request, bounds.bytes)).await.unwrap_or(Err("no answer in time"))
    }

    async fn attempt(&self, request: Request<Full<Bytes>>, bytes: usize) -> Result<Answer, &'static str> {
        let client = self.client.get_or_try_init(async || client()).await?;
        let answer = client.request(request).await.map_err(|_| "no connection")?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), bytes).collect().await;
        let body = body.map_err(|_| "no complete answer of a size that is taken")?.to_bytes();
        Ok(Answer { status, body })
    }
}

fn client() -> Result<Client<HttpsConnector<HttpConnector>, Full<Bytes>>, &'static str> {
    let connector = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|_| "no root certificates on this machine")?
        .https_or_http()
        .enable_http1()
        .build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

impl std::fmt::Debug for Web {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Web").finish_non_exhaustive()
    }
}
