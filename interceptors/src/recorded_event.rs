//! A recorded event, read for what its caller asked, for whoever decides again what was decided before.
//!
//! Tokens are read without being verified, as they have long expired: nothing here may let anybody in. Roles, workspaces and memberships
//! are those of the registry that is asked.

use std::sync::Arc;

use policy_model::{Caller as Asker, DecisionId, Effect, Layers, Resource, RuleId, TenantId, json};
use policy_registry::{Grant, Principal, Refusal as RegistryRefusal, Registry};
use tokio::time::Instant;

use crate::audit::{Trail, subject_hash};
use crate::authorize::{authorize, parse};
use crate::event::{Event, Family, Point, family};
use crate::identity::{IdentityFault, check_actor, choose_tenant, look_up};
use crate::message::Message;
use crate::method::Handling;
use crate::refusal::Refusal;
use crate::resolve::scopes;
use crate::rewriting::Rewritten;
use crate::settings::Settings;
use crate::token::{AUTHORIZATION, Caller, credential, read_unverified};
use crate::view::View;

/// Reads recorded events of the `mcp` family.
#[derive(Debug)]
pub struct RecordedEvents {
    settings: Settings,
    registry: Registry,
}

/// Why there is no call in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCall {
    /// It is no event.
    NoEvent,
    /// It is of the `http` family, which is not read.
    Http,
    /// It is an answer, whose request was decided before.
    Answer,
    /// It asks for nothing by name: a session, a list, a task.
    Nothing,
    /// It is refused before the policies are asked, with this reason code.
    Refused(&'static str),
    /// The registry does not answer: the cause.
    Unavailable(&'static str),
}

/// A call of a caller that the registry knows.
pub struct RecordedCall<'c> {
    asker: Asker<'c>,
    caller: &'c Caller,
    event: &'c Event<'c>,
    message: Message<'c>,
    settings: &'c Settings,
    /// The policies that are in force.
    pub in_force: Layers<'c>,
    /// What audit lines say for issuer and subject.
    pub subject: String,
    /// When it is decided, in seconds since 1970; none if nobody says.
    pub time: Option<i64>,
}

/// What policies say of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Allowed or denied.
    pub effect: Effect,
    /// By which rule, if it was one.
    pub rule: Option<RuleId>,
}

impl RecordedEvents {
    /// A reader by these settings, of which the keys and secrets are not used.
    pub fn new(settings: Settings, registry: Registry) -> RecordedEvents {
        RecordedEvents { settings, registry }
    }

    /// Reads an event and gives its call to `answer`, to be decided at this time, in seconds since 1970, or else at the time at which its
    /// token says that it was issued.
    ///
    /// # Errors
    /// [`NoCall`]: there is nothing that policies decide.
    pub async fn read<T>(
        &self,
        event: &[u8],
        time: Option<i64>,
        deadline: Instant,
        answer: impl FnOnce(&RecordedCall<'_>) -> T,
    ) -> Result<T, NoCall> {
        let document = json::parse(event).map_err(|_| NoCall::NoEvent)?;
        match family(document.root()) {
            Family::Mcp => {}
            Family::Http => return Err(NoCall::Http),
            Family::Unclear => return Err(NoCall::NoEvent),
        }
        let event = Event::parse(&document).map_err(|fault| refused(&Refusal::Event(fault)))?;
        if event.response.is_some() {
            return Err(NoCall::Answer);
        }
        let message = parse(&event, &mut Trail::new(Point::Request)).map_err(|refusal| refused(&refusal))?;
        match message.handling() {
            Handling::Ask(_) => {}
            Handling::Session | Handling::List(_) | Handling::Task(_) => return Err(NoCall::Nothing),
            Handling::NotGrantable => return Err(refused(&Refusal::NotGrantable)),
        }
        let caller = self.caller(&event).map_err(|refusal| refused(&refusal))?;
        let (principal, grant) = self.grant(&event, &caller, deadline).await?;
        let scopes = scopes(&caller, &grant.scopes);
        let asker = Asker {
            tenant: &principal.tenant,
            user: &principal.subject,
            issuer: &principal.issuer,
            agent: caller.agent().map(|agent| agent.as_str()),
            roles: [&caller.roles, &grant.roles],
            workspaces: &grant.workspaces,
            scopes: &scopes,
            claims: Some(caller.claims.root()),
        };
        Ok(answer(&RecordedCall {
            asker,
            caller: &caller,
            event: &event,
            message,
            settings: &self.settings,
            in_force: grant.layers(),
            subject: subject_hash(&caller.member),
            time: time.or_else(|| issued_at(&caller)),
        }))
    }

    fn caller(&self, event: &Event<'_>) -> Result<Caller, Refusal> {
        if let Some(iam) = &self.settings.iam
            && let Some(caller) = iam.identify(event)?
        {
            return Ok(caller);
        }
        let header = event.headers.find(AUTHORIZATION);
        Ok(read_unverified(&self.settings.issuers, credential(&header)?)?)
    }

    async fn grant(
        &self,
        event: &Event<'_>,
        caller: &Caller,
        deadline: Instant,
    ) -> Result<(Principal, Arc<Grant>), NoCall> {
        let selector = event.headers.find(&policy_model::header::normal(&self.settings.headers.tenant_selector));
        let (tenant, _) = choose_tenant(&self.registry, caller, &selector, deadline).await.map_err(unknown)?;
        let (principal, resolution) = look_up(&self.registry, self.settings.agents, caller, tenant, deadline).await;
        let grant = resolution.grant.map_err(|refusal| unknown(IdentityFault::Registry(refusal)))?;
        Ok((principal, grant))
    }
}

impl RecordedCall<'_> {
    /// Whose tenant it is.
    pub fn tenant(&self) -> &TenantId {
        self.asker.tenant
    }

    /// What it asks for.
    pub fn resource(&self) -> Option<Resource<'_>> {
        self.message.wanted()?.resource().ok()
    }

    /// Decides it as the interceptor would under these policies, pins left aside.
    pub fn decide(&self, layers: Layers<'_>) -> Verdict {
        let denied = |rule| Verdict { effect: Effect::Deny, rule };
        if check_actor(self.caller, layers).is_err() {
            return denied(None);
        }
        let settings = self.settings;
        let context = settings.tenant_context.as_ref();
        let view = View::new(layers, None, self.asker, self.time.unwrap_or(0), settings.invisible);
        let view = view.with_controls(settings.controls).with_context(context).with_names(self.message.names);
        let view = view.with_decision(DecisionId::parse(DECISION));
        let kept = Rewritten::new(self.event, context);
        let mut trail = Trail::new(Point::Request);
        match authorize(self.message.clone(), &view, &kept, Ok(()), &mut trail) {
            Ok((permit, _)) => Verdict { effect: Effect::Allow, rule: permit.rule().cloned() },
            Err(Refusal::Policy(denial, _)) => denied(denial.rule().cloned()),
            // What the policies make of the arguments refuses it.
            Err(_) => denied(None),
        }
    }
}

fn refused(refusal: &Refusal) -> NoCall {
    NoCall::Refused(refusal.code())
}

fn unknown(fault: IdentityFault) -> NoCall {
    match fault {
        IdentityFault::Registry(RegistryRefusal::Unavailable(cause)) => NoCall::Unavailable(cause),
        fault @ (IdentityFault::Token(_) | IdentityFault::Registry(_)) => NoCall::Refused(fault.code()),
    }
}

/// The claim `iat`, in whole seconds.
fn issued_at(caller: &Caller) -> Option<i64> {
    caller.claims.root().get("iat")?.text().split('.').next()?.parse().ok()
}

/// Stands for the id of the decision in arguments that policies set from it.
const DECISION: &str = "simulated";
