//! Decision contexts: what leaving one behind and finding it again adds to an exchange, over a DynamoDB in this process. DynamoDB
//! itself and the way to it are not in these figures.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interceptors::event::Point;
use policy_registry::Registry;

use crate::stage::{GATEWAY, PLAIN, Stage, reply, request, response};
use crate::table::{row, title};

pub(crate) async fn measure(out: &mut impl Write, stage: &Stage) -> Result<(), Box<dyn Error>> {
    let event = request("/shop/invocations", stage.token(PLAIN), &STANDARD.encode(r#"{"prompt":"Where is it?"}"#));
    let answer = response(&STANDARD.encode(r#"{"reply":"On its way"}"#));
    let with = stage.interceptor(Point::Request, "BLOCK")?;
    let without = stage.interceptor(Point::Request, "STRICTEST")?;
    let answering = stage.interceptor(Point::Response, "BLOCK")?;
    let registry = Registry::new(stage.settings("BLOCK")?.registry);
    let deadline = || tokio::time::Instant::now() + Duration::from_secs(30);
    let [mut asked, mut asked_bare, mut answered, mut found] = [Duration::MAX; 4];
    for number in 0..ROUNDS {
        // Each request has an id of its own.
        let id = format!("request-{number}");
        let started = Instant::now();
        let first = reply(&without, &event, &id).await;
        asked_bare = asked_bare.min(started.elapsed());
        let started = Instant::now();
        let second = reply(&with, &event, &id).await;
        asked = asked.min(started.elapsed());
        if first != second || !first.contains("transformedGatewayRequest") {
            return Err("the request is refused".into());
        }
        let started = Instant::now();
        let seen = reply(&answering, &answer, &id).await;
        answered = answered.min(started.elapsed());
        if seen.contains("contentType") {
            return Err("the answer is withheld".into());
        }
        let started = Instant::now();
        let context = registry.find_context(GATEWAY, &id, 0, deadline()).await;
        found = found.min(started.elapsed());
        if black_box(context).map_err(|refusal| format!("{refusal:?}"))?.is_none() {
            return Err("there is no context".into());
        }
    }
    title(out, "Decision contexts, small events", "of a REQUEST without one")?;
    row(out, "REQUEST that leaves none behind", asked_bare, asked_bare)?;
    row(out, "REQUEST that leaves one behind", asked, asked_bare)?;
    row(out, "  leaving it: the difference", asked.saturating_sub(asked_bare), asked_bare)?;
    row(out, "RESPONSE that finds it", answered, asked_bare)?;
    row(out, "  finding it: one read alone", found, asked_bare)?;
    Ok(())
}

const ROUNDS: usize = 2_000;
