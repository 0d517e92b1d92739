//! The Lambda around an interceptor: takes events unparsed, so that those which are no JSON are refused as well.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use lambda_runtime::{Error, LambdaEvent, LambdaInvocation, Runtime};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use tokio::time::Instant;
use tower::{Layer, Service};

use crate::event::Point;
use crate::interceptor::{Interceptor, Invocation};
use crate::log;
use crate::settings::Settings;

/// Runs an interceptor until Lambda ends the process.
///
/// # Errors
/// The Lambda Runtime API cannot be reached.
pub fn run(point: Point) -> Result<(), Error> {
    log::install();
    let interceptor = Arc::new(Interceptor::new(point, Settings::of_process()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut failures = 0;
        loop {
            let handled = poll(&interceptor).await;
            // The runtime crate gives up on an invocation whose context it cannot read. The next one is another matter,
            // so it is polled again; an API that is away for good ends the process.
            failures = if handled.is_any { 0 } else { failures + 1 };
            if failures == FAILURES_MAX {
                return handled.result;
            }
            tracing::error!(target: "tenantgate::lambda", "an invocation could not be taken from the Lambda Runtime API");
            tokio::time::sleep(FAILURE_PAUSE).await;
        }
    })
}

struct Handled {
    is_any: bool,
    result: Result<(), Error>,
}

async fn poll(interceptor: &Arc<Interceptor>) -> Handled {
    let slot = Slot::default();
    let handler = Handler { interceptor: Arc::clone(interceptor), slot: slot.clone() };
    let result = Runtime::new(handler).layer(Unparsed { slot: slot.clone() }).run().await;
    Handled { is_any: slot.was_used(), result }
}

/// The event of the invocation at hand. `lambda_runtime` hands a service its invocation and calls the handler in the same
/// call, so that what was put in is taken out before anything else can happen.
#[derive(Clone, Default)]
struct Slot(Arc<Mutex<(Bytes, bool)>>);

impl Slot {
    fn put(&self, event: Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (event, true);
    }

    fn take(&self) -> Bytes {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).0)
    }

    fn was_used(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

/// Puts the event aside and gives the runtime crate something that it can parse.
struct Unparsed {
    slot: Slot,
}

impl<S> Layer<S> for Unparsed {
    type Service = UnparsedService<S>;

    fn layer(&self, inner: S) -> UnparsedService<S> {
        UnparsedService { inner, slot: self.slot.clone() }
    }
}

struct UnparsedService<S> {
    inner: S,
    slot: Slot,
}

impl<S: Service<LambdaInvocation>> Service<LambdaInvocation> for UnparsedService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut invocation: LambdaInvocation) -> S::Future {
        self.slot.put(std::mem::replace(&mut invocation.body, Bytes::from_static(b"null")));
        self.inner.call(invocation)
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
        let body = self.slot.take();
        let interceptor = Arc::clone(&self.interceptor);
        Box::pin(async move {
            let invocation = Invocation { id: &event.context.request_id, deadline: deadline(event.context.deadline()) };
            let reply = interceptor.intercept(&body, invocation).await;
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

fn last_refusal() -> Box<RawValue> {
    let refusal = serde_json::value::to_raw_value(&serde_json::json!({
        "interceptorOutputVersion": "1.0",
        "mcp": { "transformedGatewayResponse": { "body": {
            "jsonrpc": "2.0",
            "error": { "code": crate::refusal::DENIED, "message": "authorization is not available" },
        } } },
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
