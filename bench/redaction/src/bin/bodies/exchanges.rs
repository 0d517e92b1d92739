//! Whole events of a megabyte through both interceptors, everything cached but the decision context.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interceptors::event::Point;
use serde_json::Value;

use crate::documents::{BYTES, Kind};
use crate::stage::{PLAIN, REDACTED, Stage, reply, request, response};
use crate::table::{row, title};

pub(crate) async fn measure(out: &mut impl Write, stage: &Stage, kind: Kind) -> Result<(), Box<dyn Error>> {
    let asking = stage.interceptor(Point::Request, "BLOCK")?;
    let answering = stage.interceptor(Point::Response, "BLOCK")?;
    let (sent, answer) = (STANDARD.encode(kind.request(BYTES)), STANDARD.encode(kind.answer(BYTES)));
    title(out, &format!("{}, whole events of 1 MB", kind.name()), "of the way over two trees")?;
    let answered = response(&answer);
    let floors = [request(kind.path(), stage.token(PLAIN), &sent), answered.clone()].map(|event| on_trees(&event));
    let [asked_floor, answered_floor] = floors.map(Option::unwrap_or_default);
    row(out, "REQUEST: event, base64 and body over trees and back", asked_floor, asked_floor)?;
    for (tenant, what) in [(PLAIN, "no redactions"), (REDACTED, "two paths and a detector")] {
        let (id, event) = (format!("{}-{tenant}", kind.path()), request(kind.path(), stage.token(tenant), &sent));
        if !reply(&asking, &event, &id).await.contains("transformedGatewayRequest") {
            return Err("the request is refused".into());
        }
        let mut least = Duration::MAX;
        for _ in 0..ROUNDS {
            let started = Instant::now();
            black_box(reply(&asking, &event, &id).await);
            least = least.min(started.elapsed());
        }
        row(out, &format!("REQUEST through the interceptor, {what}"), least, asked_floor)?;
    }
    row(out, "RESPONSE: event, base64 and body over trees and back", answered_floor, answered_floor)?;
    for (tenant, what) in [(PLAIN, "no redactions"), (REDACTED, "two paths and a detector")] {
        let id = format!("{}-{tenant}", kind.path());
        let seen = reply(&answering, &answered, &id).await;
        if seen.contains("contentType") || seen.contains(&answer) == (tenant == REDACTED) {
            return Err("the answer is not redacted as it should be".into());
        }
        let mut least = Duration::MAX;
        for _ in 0..ROUNDS {
            let started = Instant::now();
            black_box(reply(&answering, &answered, &id).await);
            least = least.min(started.elapsed());
        }
        row(out, &format!("RESPONSE through the interceptor, {what}"), least, answered_floor)?;
    }
    Ok(())
}

/// The least time for what an interceptor on trees does before it has looked at anything.
fn on_trees(event: &str) -> Option<Duration> {
    let mut least = Duration::MAX;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let mut tree: Value = serde_json::from_str(event).ok()?;
        let body = ["/http/gatewayRequest/body", "/http/gatewayResponse/body"]
            .into_iter()
            .find(|place| tree.pointer(place).is_some())
            .and_then(|place| tree.pointer_mut(place))?;
        let message: Value = serde_json::from_slice(&STANDARD.decode(body.as_str()?).ok()?).ok()?;
        *body = Value::from(STANDARD.encode(serde_json::to_string(&message).ok()?));
        black_box(serde_json::to_string(&tree).ok()?);
        least = least.min(started.elapsed());
    }
    Some(least)
}

const ROUNDS: usize = 100;
