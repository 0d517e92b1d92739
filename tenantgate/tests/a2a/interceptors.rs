//! Who answers the gateway's events: the real binaries, or a script.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tenantgate::function::Function;
use tenantgate::runtime_api::Outcome;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    Request,
    Response,
}

pub(crate) enum Interceptors {
    Functions { request: Box<Function>, response: Box<Function> },
    Script(fn(Point, &Value) -> Value),
}

impl Interceptors {
    /// Both change nothing.
    pub(crate) const PASSING: Interceptors =
        Interceptors::Script(|_, _| json!({"interceptorOutputVersion": "1.0", "http": {}}));

    /// The reply to an event.
    pub(crate) async fn reply(&self, point: Point, event: &Value, client_context: &Value) -> Result<Bytes, String> {
        let function = match (self, point) {
            (Self::Script(script), _) => return Ok(Bytes::from(script(point, event).to_string())),
            (Self::Functions { request, .. }, Point::Request) => request,
            (Self::Functions { response, .. }, Point::Response) => response,
        };
        let event = Bytes::from(event.to_string());
        match function.invoke_with(event, Some(&client_context.to_string()), TIMEOUT).await.outcome {
            Outcome::Reply(reply) => Ok(reply),
            outcome @ (Outcome::Error(_) | Outcome::TimedOut | Outcome::Exited) => {
                Err(format!("{} gave no reply: {outcome:?}{}", function.name(), function.account()))
            }
        }
    }
}

const TIMEOUT: Duration = Duration::from_secs(15);
