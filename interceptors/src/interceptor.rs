//! One interceptor: the pipeline from bytes to reply and audit line, whatever comes.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use policy_model::json::{self, Document, Value};
use policy_registry::Registry;
use tokio::time::{Instant, timeout_at};

use crate::audit::{Ending, Reporting, Trail};
use crate::event::{Event, Family, Point, family, family_of_unreadable};
use crate::gateway_context::GatewayContext;
use crate::http;
use crate::http::dialect::{Dialect, echo};
use crate::http::event::HttpEvent;
use crate::message::{expects_answer, requested_version, usable_id};
use crate::method::{Asks, Handling, Method};
use crate::outgoing::Sending;
use crate::refusal::Refusal;
use crate::reply::{Addressee, Asked, Reply};
use crate::request::Outcome;
use crate::settings::{AuditSettings, RefusalMode, Settings, SettingsError};
use crate::tenant_context::ContextSigner;
use crate::token::Verifier;
use crate::token_exchange::Exchanger;
use crate::{request, response};

/// Either interceptor, with its settings, or with none and then refusing everything.
#[derive(Debug)]
pub struct Interceptor {
    point: Point,
    working: Option<Working>,
}

/// What an interceptor with settings works with.
#[derive(Debug)]
pub(crate) struct Working {
    pub(crate) settings: Settings,
    pub(crate) verifier: Verifier,
    pub(crate) registry: Registry,
    pub(crate) signer: Option<ContextSigner>,
    pub(crate) exchanger: Option<Exchanger>,
}

/// One invocation.
#[derive(Debug, Clone, Copy)]
pub struct Invocation<'i> {
    /// Lambda's request id.
    pub id: &'i str,
    /// When Lambda stops waiting.
    pub deadline: Instant,
    /// What the gateway says of itself and the request.
    pub gateway: GatewayContext<'i>,
}

impl Interceptor {
    /// An interceptor for a point. Without settings it starts all the same, refuses every event, and says why once.
    pub fn new(point: Point, settings: Result<Settings, SettingsError>) -> Interceptor {
        let working = match settings {
            Ok(settings) => Some(Working {
                verifier: Verifier::new(settings.issuers.clone(), settings.leeway),
                registry: Registry::new(settings.registry.clone()),
                signer: settings.tenant_context.as_ref().map(ContextSigner::new),
                exchanger: settings.token_exchange.as_ref().map(Exchanger::new),
                settings,
            }),
            Err(error) => {
                let problem = error.to_string();
                tracing::error!(target: "tenantgate::settings", problem, "every request is refused: the settings cannot be used");
                None
            }
        };
        Interceptor { point, working }
    }

    /// Answers an event: one reply and one audit line, also to bytes that are no event, to a defect, and when time runs out.
    pub async fn intercept(&self, event: &[u8], invocation: Invocation<'_>) -> Reply {
        let started = Instant::now();
        let deadline = invocation.deadline.checked_sub(REPLY_TIME).unwrap_or(started);
        let settings = self.working.as_ref().map(|working| &working.settings);
        let unset = AuditSettings::default();
        let reporting = Reporting {
            audit: settings.map_or(&unset, |settings| &settings.audit),
            metrics: settings.and_then(|settings| settings.metrics.as_ref()),
        };
        let mut trail = Trail::new(self.point).wanting(reporting.audit);
        let mode = settings.map_or(RefusalMode::JsonrpcError, |settings| settings.refusal);

        let document = catch_unwind(|| json::parse(event).ok()).unwrap_or_default();
        let mut dialect = Dialect::default();
        let sending = Sending { decision_id: invocation.id, deadline, gateway: invocation.gateway };
        // In a box, so that whoever holds an interceptor need not know the type of all that it does.
        let attempt: BoxFuture<'_, Outcome> =
            Box::pin(self.attempt(document.as_ref(), sending, &mut dialect, &mut trail));
        let outcome = match AssertUnwindSafe(timeout_at(deadline, attempt)).catch_unwind().await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Refusal::Deadline),
            Err(_) => Err(Refusal::Panic),
        };
        let outcome = outcome.and_then(|(reply, passed)| {
            if reply.as_str().len() > REPLY_BYTES_MAX { Err(Refusal::TooLarge) } else { Ok((reply, passed)) }
        });
        let (reply, ending) = match outcome {
            Ok((reply, passed)) => (reply, Ending::Passed(passed)),
            Err(refusal) => {
                let addressee = catch_unwind(AssertUnwindSafe(|| addressee(self.point, event, document.as_ref())));
                let addressee = addressee.unwrap_or_else(|_| Addressee::unknown(self.point));
                (Reply::refuse(&refusal, &addressee, &dialect, mode), Ending::Refused(refusal))
            }
        };
        trail.emit(invocation.id, &ending, started.elapsed(), reporting);
        reply
    }

    async fn attempt(
        &self,
        document: Option<&Document<'_>>,
        sending: Sending<'_>,
        dialect: &mut Dialect,
        trail: &mut Trail,
    ) -> Outcome {
        let working = self.working.as_ref().ok_or(Refusal::Settings)?;
        let document = document.ok_or(Refusal::UnreadableEvent)?;
        if family(document.root()) == Family::Http {
            let event = HttpEvent::parse(document.root()).map_err(Refusal::Event)?;
            if let Some(request) = &event.request {
                trail.headers(&request.headers);
            }
            return match self.point {
                Point::Request => http::request::intercept(working, &event, sending, dialect, trail).await,
                Point::Response => http::response::intercept(working, &event, sending, dialect, trail).await,
            };
        }
        let event = Event::parse(document).map_err(Refusal::Event)?;
        trail.headers(&event.headers);
        match self.point {
            Point::Request => request::intercept(working, &event, sending, trail).await,
            Point::Response => response::intercept(working, &event, sending, trail).await,
        }
    }
}

/// To whom a refusal would go: found out apart from the pipeline, so that there is an answer wherever that stops.
fn addressee(point: Point, event: &[u8], document: Option<&Document<'_>>) -> Addressee {
    let unknown = Addressee::unknown(point);
    let Some(root) = document.map(Document::root) else {
        return Addressee { family: family_of_unreadable(event), ..unknown };
    };
    let mcp = root.get("mcp");
    let status = mcp.and_then(|mcp| mcp.get("gatewayResponse")).and_then(|response| response.get("statusCode"));
    let request = mcp.and_then(|mcp| mcp.get("gatewayRequest"));
    let body = request.and_then(|request| request.get("body"));
    let takes_status = unknown.takes_status || status.is_some_and(|status| status.text() != "null");
    Addressee { family: family(root), takes_status, ..of_message(body) }
}

/// The same by the message alone, which may be broken.
pub(crate) fn of_message(body: Option<Value<'_>>) -> Addressee {
    Addressee {
        family: Family::Unclear,
        id: echo(body.and_then(usable_id)),
        kind: body.map_or(Asked::Request, asked),
        requested_version: body
            .and_then(requested_version)
            .filter(|version| is_short_word(version))
            .map(Cow::into_owned),
        takes_status: true,
    }
}

fn asked(body: Value<'_>) -> Asked {
    let method = body.get("method").and_then(Value::as_str);
    match method.as_deref().and_then(Method::find).map(|method| method.handling) {
        _ if !expects_answer(body) => Asked::Notification,
        Some(Handling::Ask(Asks::Tool)) => Asked::ToolCall,
        Some(
            Handling::Ask(Asks::Prompt | Asks::Resource | Asks::Completion | Asks::Agent | Asks::Model)
            | Handling::Session
            | Handling::List(_)
            | Handling::Task(_)
            | Handling::NotGrantable,
        )
        | None => Asked::Request,
    }
}

fn is_short_word(text: &str) -> bool {
    text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

/// Seconds since 1970. A clock before that is at its start, where no token is valid yet or any more.
pub(crate) fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What is left of Lambda's time when the pipeline is stopped, to send the refusal.
const REPLY_TIME: Duration = Duration::from_millis(200);

/// Longest id that a refusal echoes, in bytes; a longer one is left out.
pub(crate) const ID_ECHO_BYTES_MAX: usize = 1 << 20;

/// Lambda takes 6 MB for event and reply; a reply just below that is refused by nobody else.
const REPLY_BYTES_MAX: usize = 6 * 1024 * 1024 - 1024;
