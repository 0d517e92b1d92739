//! The Lambda around an interceptor: takes events unparsed, so that those which are no JSON are refused as well.

mod runtime_api;

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Future, poll_fn, ready};
use std::panic::catch_unwind;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lambda_runtime::{Error, LambdaEvent, LambdaInvocation, Runtime, service_fn};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use tokio::time::Instant;
use tower::Service;
use tower::layer::layer_fn;

use crate::event::Point;
use crate::gateway_context::ClientContext;
use crate::interceptor::{Interceptor, Invocation};
use crate::log;
use crate::settings::Settings;
use runtime_api::{Delivery, RuntimeApi, Taken};

/// Runs an interceptor until Lambda ends the process.
///
/// # Errors
/// The Lambda Runtime API cannot be reached.
pub fn run(point: Point) -> Result<(), Error> {
    log::install();
    let interceptor = Arc::new(Interceptor::new(point, Settings::of_process()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let slot = Slot::default();
        let service = service(Handler { interceptor, slot: slot.clone() })?;
        serve(service, &slot, &RuntimeApi::of_process()).await
    })
}

/// `lambda_runtime` but for its poll, which loses an invocation whose client context it cannot parse. A layer is handed the
/// service that answers invocations, and may keep it.
fn service(handler: Handler) -> Result<impl Service<LambdaInvocation, Response = (), Error = Error>, Error> {
    let kept = Cell::new(None);
    let keep = layer_fn(|service| {
        kept.set(Some(service));
        service_fn(|_: LambdaInvocation| ready(Ok::<(), Error>(())))
    });
    drop(Runtime::new(handler).layer(keep));
    kept.into_inner().ok_or_else(|| "the runtime has no service".into())
}

/// Takes invocations and has them answered, one after the other.
async fn serve(
    mut service: impl Service<LambdaInvocation, Response = (), Error = Error>,
    slot: &Slot,
    api: &RuntimeApi,
) -> Result<(), Error> {
    api.restored().await?;
    let mut failures = 0;
    loop {
        match api.next().await {
            Ok(Taken { invocation, delivery }) => {
                failures = 0;
                slot.put(delivery);
                if answer(&mut service, invocation).await.is_ok() {
                    continue;
                }
                tracing::error!(target: "tenantgate::lambda", "a reply could not be handed to the Lambda Runtime API");
            }
            Err(error) => {
                // One may be an accident; an API that is away for good ends the process.
                failures += 1;
                if failures == FAILURES_MAX {
                    return Err(error);
                }
                tracing::error!(target: "tenantgate::lambda", "an invocation could not be taken from the Lambda Runtime API");
            }
        }
        tokio::time::sleep(FAILURE_PAUSE).await;
    }
}

async fn answer(
    service: &mut impl Service<LambdaInvocation, Response = (), Error = Error>,
    invocation: LambdaInvocation,
) -> Result<(), Error> {
    poll_fn(|context| service.poll_ready(context)).await?;
    service.call(invocation).await
}

/// What came with the invocation at hand. The service calls the handler in the same call that hands it the invocation, so that
/// what was put in is taken out before anything else can happen.
#[derive(Clone, Default)]
struct Slot(Arc<Mutex<Delivery>>);

impl Slot {
    fn put(&self, delivery: Delivery) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = delivery;
    }

    fn take(&self) -> Delivery {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Answers every event and never fails.
struct Handler {
    interceptor: Arc<Interceptor>,
    slot: Slot,
}

impl Service<LambdaEvent<IgnoredAny>> for Handler {
    type Response = Box<RawValue>;
    type Error = Never;
    type Future = Pin<Box<dyn Future<Output = Result<Box<RawValue>, Never>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Never>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: LambdaEvent<IgnoredAny>) -> Self::Future {
        let Delivery { event: bytes, client_context } = self.slot.take();
        let interceptor = Arc::clone(&self.interceptor);
        Box::pin(async move {
            let header = client_context.as_ref().map(|header| header.as_bytes());
            let client_context = catch_unwind(|| header.map(ClientContext::read)).ok().flatten().unwrap_or_default();
            let invocation = Invocation {
                id: &event.context.request_id,
                deadline: deadline(event.context.deadline()),
                gateway: client_context.gateway(),
            };
            let reply = interceptor.intercept(&bytes, invocation).await;
            // A second parser reads every reply before it leaves. What it cannot read is not sent.
            Ok(RawValue::from_string(reply.into_string()).unwrap_or_else(|_| last_refusal()))
        })
    }
}

/// Lambda hands out no invocation whose time is over: a deadline in the past comes from a clock that is wrong, or from a runtime
/// that has none to give.
fn deadline(told: SystemTime) -> Instant {
    let left = told.duration_since(SystemTime::now()).ok().filter(|left| !left.is_zero()).unwrap_or(TIME_DEFAULT);
    let now = Instant::now();
    now.checked_add(left).unwrap_or(now + TIME_DEFAULT)
}

/// The handler has no errors.
#[derive(Debug)]
struct Never(Infallible);

impl From<Never> for lambda_runtime::Diagnostic {
    fn from(never: Never) -> lambda_runtime::Diagnostic {
        match never.0 {}
    }
}

/// In the shapes of both families, whichever the event was of.
fn last_refusal() -> Box<RawValue> {
    let message = "authorization is not available";
    let refusal = serde_json::value::to_raw_value(&serde_json::json!({
        "interceptorOutputVersion": "1.0",
        "mcp": { "transformedGatewayResponse": { "body": {
            "jsonrpc": "2.0",
            "error": { "code": crate::refusal::DENIED, "message": message },
        } } },
        "http": { "transformedGatewayResponse": {
            "contentType": "application/json",
            "statusCode": 403,
            "headers": {},
            "body": STANDARD.encode(serde_json::json!({ "message": message }).to_string()),
        } },
    }));
    refusal.unwrap_or_default()
}

/// Time for an invocation whose deadline is unknown: what a Lambda function has by default.
const TIME_DEFAULT: Duration = Duration::from_secs(3);

/// Polls in a row that end without an invocation before the process does.
const FAILURES_MAX: u32 = 10;

const FAILURE_PAUSE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_is_past_or_beyond_all_time_leaves_the_default() {
        for told in [SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + Duration::from_millis(1_542_409_706_888)] {
            let left = deadline(told).duration_since(Instant::now());
            assert!(left <= TIME_DEFAULT && left > TIME_DEFAULT / 2, "{left:?}");
        }
        let left = deadline(SystemTime::now() + Duration::from_secs(60)).duration_since(Instant::now());
        assert!(left <= Duration::from_secs(60) && left > Duration::from_secs(50), "{left:?}");
    }
}
