//! One interceptor: the pipeline from bytes to reply and audit line, whatever comes.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt;
use policy_model::header::Header;
use policy_model::json::{self, Document, Value};
use policy_model::redaction::{HashKey, HashKeys};
use policy_model::{Caller as Asker, Layers, Policy};
use policy_registry::{Grant, Registry};
use tokio::time::{Instant, timeout_at};

use crate::audit::{Ending, Trail};
use crate::event::{Event, Point, family, family_of_unreadable};
use crate::message::{expects_answer, requested_version, usable_id};
use crate::method::{Asks, Handling, Method};
use crate::pins::Pins;
use crate::refusal::Refusal;
use crate::reply::{Addressee, Asked, Reply};
use crate::request::Outcome;
use crate::settings::{ControlCharacters, InvisibleCharacters, RefusalMode, Settings, SettingsError};
use crate::task::Tasks;
use crate::token::{Caller, Grace, Verifier};
use crate::view::View;
use crate::{added_headers, request, response};

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
    verifier: Verifier,
    registry: Registry,
}

/// One invocation.
#[derive(Debug, Clone, Copy)]
pub struct Invocation<'i> {
    /// Lambda's request id.
    pub id: &'i str,
    /// When Lambda stops waiting.
    pub deadline: Instant,
}

/// A caller that the registry knows, and what it grants.
pub(crate) struct Known {
    pub(crate) caller: Arc<Caller>,
    grant: Arc<Grant>,
    /// What the policies add to every request that goes on.
    pub(crate) headers: Vec<Header>,
    /// Keys for hashes in what it sees.
    hash_keys: HashKeys,
    /// Seconds since 1970.
    time: i64,
    invisible: InvisibleCharacters,
    controls: ControlCharacters,
}

impl Known {
    /// What it may do and see.
    pub(crate) fn view(&self) -> View<'_> {
        let view = View::new(self.layers(), self.grant.shadow.as_ref(), self.asker(), self.time, self.invisible);
        view.with_hash_keys(&self.hash_keys).with_controls(self.controls)
    }

    fn asker(&self) -> Asker<'_> {
        let (caller, grant) = (&self.caller, &self.grant);
        Asker {
            tenant: &caller.principal.tenant,
            user: &caller.principal.subject,
            issuer: &caller.principal.issuer,
            agent: caller.agent.as_deref(),
            roles: [&caller.roles, &grant.roles],
            workspaces: &grant.workspaces,
            scopes: &caller.scopes,
            claims: Some(caller.claims.root()),
        }
    }

    fn layers(&self) -> Layers<'_> {
        Layers { baseline: self.grant.baseline.as_deref(), policy: &self.grant.policy }
    }
}

impl Interceptor {
    /// An interceptor for a point. Without settings it starts all the same, refuses every event, and says why once.
    pub fn new(point: Point, settings: Result<Settings, SettingsError>) -> Interceptor {
        let working = match settings {
            Ok(settings) => Some(Working {
                verifier: Verifier::new(settings.issuers.clone(), settings.leeway),
                registry: Registry::new(settings.registry.clone()),
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
        let mut trail = Trail::new(self.point);
        let mode = self.working.as_ref().map_or(RefusalMode::JsonrpcError, |working| working.settings.refusal);

        let document = catch_unwind(|| json::parse(event).ok()).unwrap_or_default();
        let addressee = catch_unwind(AssertUnwindSafe(|| addressee(self.point, event, document.as_ref())));
        let addressee = addressee.unwrap_or_else(|_| Addressee::unknown(self.point));
        let attempt = self.attempt(document.as_ref(), deadline, &mut trail);
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
            Err(refusal) => (Reply::refuse(&refusal, &addressee, mode), Ending::Refused(refusal)),
        };
        trail.emit(invocation.id, &ending, started.elapsed());
        reply
    }

    async fn attempt(&self, document: Option<&Document<'_>>, deadline: Instant, trail: &mut Trail) -> Outcome {
        let working = self.working.as_ref().ok_or(Refusal::Settings)?;
        let event = Event::parse(document.ok_or(Refusal::UnreadableEvent)?).map_err(Refusal::Event)?;
        match self.point {
            Point::Request => request::intercept(working, &event, deadline, trail).await,
            Point::Response => response::intercept(working, &event, deadline, trail).await,
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
    Addressee {
        family: family(root),
        id: body.and_then(usable_id).filter(|id| id.len() <= ID_ECHO_BYTES_MAX).map(str::to_owned),
        kind: body.map_or(Asked::Request, asked),
        requested_version: body
            .and_then(requested_version)
            .filter(|version| is_short_word(version))
            .map(Cow::into_owned),
        takes_status: unknown.takes_status || status.is_some_and(|status| status.text() != "null"),
    }
}

impl Working {
    /// Who is calling, under which policy, and which headers go along.
    pub(crate) async fn know(
        &self,
        event: &Event<'_>,
        grace: Grace,
        deadline: Instant,
        trail: &mut Trail,
    ) -> Result<Known, Refusal> {
        let now = unix_now();
        let caller = self.verifier.identify(&event.headers, now, grace, deadline).await?;
        trail.principal(&caller.principal);
        let resolution = self.registry.resolve(&caller.principal, deadline).await;
        trail.cache(resolution.cache);
        let grant = resolution.grant.map_err(Refusal::Registry)?;
        trail.policy(grant.policy.id());
        let time = i64::try_from(now).unwrap_or(i64::MAX);
        let hash_keys = self.hash_keys(&grant, &caller);
        let (invisible, controls) = (self.settings.invisible, self.settings.controls);
        let mut known = Known { caller, grant, headers: Vec::new(), hash_keys, time, invisible, controls };
        known.headers = added_headers::resolve(known.layers(), &known.asker(), time, &self.settings.headers)?;
        Ok(known)
    }

    /// The keys of the policies that want one, as far as the settings have their secrets.
    fn hash_keys(&self, grant: &Grant, caller: &Caller) -> HashKeys {
        let key = |policy: Option<&Policy>| {
            let secret = self.settings.hash_secrets.get(policy?.hash_key()?)?;
            HashKey::of_tenant(secret, &caller.principal.tenant)
        };
        HashKeys { baseline: key(grant.baseline.as_deref()), tenant: key(Some(&grant.policy)) }
    }

    /// The tasks of a caller.
    pub(crate) fn tasks<'w>(&'w self, known: &'w Known, grace: Grace, deadline: Instant) -> Tasks<'w> {
        Tasks {
            registry: &self.registry,
            mode: self.settings.tasks,
            owner: &known.caller.principal,
            now: u64::try_from(known.time).unwrap_or(0),
            grace,
            deadline,
        }
    }

    /// The pinned tools of a caller's tenant.
    pub(crate) fn pins<'w>(&'w self, known: &'w Known, deadline: Instant) -> Pins<'w> {
        Pins {
            registry: &self.registry,
            layers: known.layers(),
            tenant: &known.caller.principal.tenant,
            now: u64::try_from(known.time).unwrap_or(0),
            deadline,
        }
    }
}

fn asked(body: Value<'_>) -> Asked {
    let method = body.get("method").and_then(Value::as_str);
    match method.as_deref().and_then(Method::find).map(|method| method.handling) {
        _ if !expects_answer(body) => Asked::Notification,
        Some(Handling::Ask(Asks::Tool)) => Asked::ToolCall,
        Some(
            Handling::Ask(Asks::Prompt | Asks::Resource | Asks::Completion)
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
fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What is left of Lambda's time when the pipeline is stopped, to send the refusal.
const REPLY_TIME: Duration = Duration::from_millis(200);

/// Longest id that a refusal echoes, in bytes; a longer one is left out.
const ID_ECHO_BYTES_MAX: usize = 1 << 20;

/// Lambda takes 6 MB for event and reply; a reply just below that is refused by nobody else.
const REPLY_BYTES_MAX: usize = 6 * 1024 * 1024 - 1024;
