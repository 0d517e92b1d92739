//! Waiting until a gateway has taken an update.

use std::io::{self, Write};
use std::time::Duration;

use policy_model::json::{Document, Value};
use tokio::time::{Instant, sleep};

use super::{interceptors, read, request, status};
use crate::aws_api::{Api, ApiError};
use crate::excerpt::visible;

/// The gateway when waiting ended.
pub(super) struct Settled {
    pub(super) gateway: Document<'static>,
    /// Why it is not ready.
    pub(super) trouble: Option<String>,
}

/// Waits until the gateway is ready, has failed, or the time is over; says on stderr how it goes.
///
/// For a moment after an update a read may show what was before it: ready counts only with the new interceptors, or a new time of update.
pub(super) async fn wait(
    api: &Api,
    id: &str,
    before: Value<'_>,
    asked: &Document<'_>,
    time: Duration,
) -> Result<Settled, ApiError> {
    let end = Instant::now() + time;
    let mut pause = PAUSE_MIN;
    let mut told = String::new();
    loop {
        let gateway = read(api, id).await?;
        let root = gateway.root();
        let status = status(root);
        let trouble = match status.as_str() {
            "READY" if is_new(before, asked.root(), root) => return Ok(Settled { gateway, trouble: None }),
            "READY" => "it is ready, but shows no update".to_owned(),
            "FAILED" | "UPDATE_UNSUCCESSFUL" | "DELETING" => {
                let trouble = Some(format!("it is {status}{}", reasons(root)));
                return Ok(Settled { gateway, trouble });
            }
            other => format!("it is still {}", visible(other)),
        };
        if Instant::now() + pause > end {
            let trouble = Some(format!("{trouble} after {} seconds", time.as_secs()));
            return Ok(Settled { gateway, trouble });
        }
        if told != trouble {
            // Without stderr there is nobody to tell.
            drop(writeln!(io::stderr().lock(), "tenantgate: waiting for the gateway: {trouble}"));
            told = trouble;
        }
        sleep(pause).await;
        pause = PAUSE_MAX.min(pause * 2);
    }
}

fn is_new(before: Value<'_>, asked: Value<'_>, now: Value<'_>) -> bool {
    let updated = |gateway: Value<'_>| gateway.get("updatedAt").map(|time| time.text().to_owned());
    interceptors::same(asked.get(request::INTERCEPTORS), now.get(request::INTERCEPTORS))
        || updated(before) != updated(now)
}

fn reasons(gateway: Value<'_>) -> String {
    let reasons = gateway.get("statusReasons").into_iter().flat_map(Value::elements);
    let reasons: Vec<String> = reasons.filter_map(|reason| reason.as_str().map(|reason| visible(&reason))).collect();
    if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) }
}

const PAUSE_MIN: Duration = Duration::from_millis(250);

const PAUSE_MAX: Duration = Duration::from_secs(3);
