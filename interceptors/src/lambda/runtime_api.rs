//! The Lambda Runtime API, as far as invocations are taken from it. Whatever an invocation brings beside its id, it is handed on.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, response};
use http_body_util::{BodyExt, Collected};
use lambda_runtime::{Context, Error, LambdaInvocation};
use lambda_runtime_api_client::body::Body;
use lambda_runtime_api_client::{PooledClient, build_request};

/// Where invocations come from.
pub(super) struct RuntimeApi {
    client: PooledClient,
}

/// An invocation, and apart from it what `lambda_runtime` shall not parse.
pub(super) struct Taken {
    pub(super) invocation: LambdaInvocation,
    pub(super) delivery: Delivery,
}

/// What the caller of the function sent.
#[derive(Default)]
pub(super) struct Delivery {
    pub(super) event: Bytes,
    pub(super) client_context: Option<HeaderValue>,
}

impl RuntimeApi {
    /// The API that the environment names.
    pub(super) fn of_process() -> RuntimeApi {
        RuntimeApi { client: PooledClient::builder().with_pool_size(1).build() }
    }

    /// With SnapStart: says that this process can be snapshotted, and waits until it runs again. Else there is nothing to wait for.
    pub(super) async fn restored(&self) -> Result<(), Error> {
        if std::env::var_os("AWS_LAMBDA_INITIALIZATION_TYPE").is_none_or(|kind| kind != "snap-start") {
            return Ok(());
        }
        let status = self.get(RESTORE_PATH).await?.status();
        // Connections do not outlive the snapshot.
        self.client.reset_pool();
        if status.is_success() { Ok(()) } else { Err(format!("{RESTORE_PATH} answered {status}").into()) }
    }

    /// Waits for an invocation. Only one that cannot be answered, having no id, is an error.
    pub(super) async fn next(&self) -> Result<Taken, Error> {
        let (parts, body) = self.get(NEXT_PATH).await?.into_parts();
        if parts.status != StatusCode::OK {
            return Err(format!("{NEXT_PATH} answered {}", parts.status).into());
        }
        let context = context(&parts.headers).ok_or("an invocation without a usable id")?;
        // An event that breaks off is refused like any other that cannot be read.
        let event = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
        Ok(taken(parts, context, event))
    }

    async fn get(&self, path: &'static str) -> Result<Response<impl BodyExt<Data = Bytes> + use<>>, Error> {
        self.client.call(build_request().uri(Uri::from_static(path)).body(Body::empty())?).await
    }
}

fn taken(parts: response::Parts, context: Context, event: Bytes) -> Taken {
    let mut client_contexts = parts.headers.get_all(CLIENT_CONTEXT).iter();
    let client_context = client_contexts.next().filter(|_| client_contexts.next().is_none()).cloned();
    let delivery = Delivery { event, client_context };
    let body = Bytes::from_static(b"null");
    Taken { invocation: LambdaInvocation { parts, body, context }, delivery }
}

/// `Context::new` of the crate fails on client contexts and identities that it cannot parse, and panics without a deadline. Here
/// the id is all that must be there; nothing reads the rest.
fn context(headers: &HeaderMap) -> Option<Context> {
    let id = headers.get(REQUEST_ID)?.to_str().ok().filter(|id| is_usable(id))?;
    let mut context = Context::default();
    id.clone_into(&mut context.request_id);
    let deadline = headers.get(DEADLINE).and_then(|deadline| deadline.to_str().ok());
    context.deadline = deadline.and_then(|deadline| deadline.parse().ok()).unwrap_or_default();
    Some(context)
}

/// The id becomes a segment of the path that the answer is sent to.
fn is_usable(id: &str) -> bool {
    (1..=REQUEST_ID_BYTES_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

const NEXT_PATH: &str = "/2018-06-01/runtime/invocation/next";
const RESTORE_PATH: &str = "/2018-06-01/runtime/restore/next";

const REQUEST_ID: &str = "lambda-runtime-aws-request-id";
const DEADLINE: &str = "lambda-runtime-deadline-ms";
const CLIENT_CONTEXT: &str = "lambda-runtime-client-context";

/// Lambda's are UUIDs.
const REQUEST_ID_BYTES_MAX: usize = 128;
