//! What goes to the target beside the message: for which tenant and user, through which agent, in a form that it can verify.
//!
//! All of it is said by the token, the registry and the settings; whatever the caller sent under these names is overwritten.

use std::sync::Arc;

use policy_model::header::Header;
use policy_model::{DecisionId, Permit};
use tokio::time::Instant;

use crate::event::Event;
use crate::gateway_context::GatewayContext;
use crate::headers::Headers;
use crate::interceptor::{Working, unix_now};
use crate::message::Message;
use crate::refusal::Refusal;
use crate::reserved;
use crate::resolve::Known;
use crate::tenant_context::ContextSubject;
use crate::token::{AUTHORIZATION, credential};
use crate::token_exchange::{ExchangeFault, Subject};
use crate::trace;

/// What a permitted message is sent with.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    pub(crate) headers: Vec<Header>,
    /// The argument by which a target without headers learns for whom it works.
    pub(crate) argument: Option<Argument>,
}

/// An argument of ours.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) value: Arc<str>,
}

/// Where a permitted message goes.
#[derive(Clone, Copy)]
pub(crate) struct Destination<'m> {
    /// The target, where that is one.
    pub(crate) target: Option<&'m str>,
    /// What the rule that let the message pass asks for.
    pub(crate) scopes: &'m [Box<str>],
    /// The name under which the message itself carries the tenant context; only where a caller's own was taken out.
    pub(crate) place: Option<&'m str>,
}

/// One invocation, as far as it matters here.
#[derive(Clone, Copy)]
pub(crate) struct Sending<'i> {
    pub(crate) decision_id: &'i str,
    pub(crate) deadline: Instant,
    pub(crate) gateway: GatewayContext<'i>,
}

impl<'i> Sending<'i> {
    /// The id for what the policies set from it; none if it does not have the form of one.
    pub(crate) fn decision(&self) -> Option<DecisionId<'i>> {
        DecisionId::parse(self.decision_id)
    }
}

impl Working {
    /// What goes along with a permitted message of a caller.
    pub(crate) async fn outgoing(
        &self,
        known: &Known,
        permit: &Permit<Message<'_>>,
        event: &Event<'_>,
        sending: Sending<'_>,
    ) -> Result<Outgoing, Refusal> {
        let message = permit.subject();
        let place = reserved::name_in(self.settings.tenant_context.as_ref(), message);
        let to = Destination { target: message.target(), scopes: permit.scopes(), place };
        self.outgoing_to(known, to, &event.headers, sending).await
    }

    /// What goes along with what a caller may send somewhere.
    pub(crate) async fn outgoing_to(
        &self,
        known: &Known,
        to: Destination<'_>,
        headers: &Headers<'_>,
        sending: Sending<'_>,
    ) -> Result<Outgoing, Refusal> {
        let (sent, names) = (headers, &self.settings.headers);
        let identity =
            [(&names.tenant, known.principal.tenant.as_str()), (&names.user, known.principal.subject.as_str())];
        let own = identity.map(|(name, value)| Header { name: name.clone(), value: value.to_owned() });
        let mut headers: Vec<Header> = own.into_iter().chain(known.headers.iter().cloned()).collect();
        headers.extend(trace::resume(sent));
        let scopes = passed_on(&known.scopes, to.scopes);
        headers.extend(self.exchanged(known, to.target, &scopes, sent, sending).await?);
        let mut argument = None;
        if let Some((header, carried)) = self.context(known, to, &scopes, sending).await? {
            headers.push(header);
            argument = carried;
        }
        Ok(Outgoing { headers, argument })
    }

    /// The signed context, where the settings have a key.
    async fn context(
        &self,
        known: &Known,
        to: Destination<'_>,
        scopes: &[&str],
        sending: Sending<'_>,
    ) -> Result<Option<(Header, Option<Argument>)>, Refusal> {
        let (Some(signer), Some(settings)) = (&self.signer, &self.settings.tenant_context) else { return Ok(None) };
        let target = to.target;
        let of_target = target.and_then(|target| settings.targets.get(target));
        let audience = match (of_target, target) {
            (Some(of_target), _) => &of_target.audience,
            (None, Some(target)) => target,
            (None, None) => &settings.audience,
        };
        let actors: Vec<String> = known.caller.actors.iter().map(|actor| actor.as_str().to_owned()).collect();
        let subject = ContextSubject {
            tenant: known.principal.tenant.as_str(),
            issuer: &known.principal.issuer,
            subject: known.principal.subject.as_str(),
            actors: &actors,
            scopes,
        };
        let token = signer.token(&subject, audience, sending.decision_id, unix_now(), sending.deadline).await?;
        let header = Header { name: settings.header.clone(), value: token.as_ref().to_owned() };
        let argument = to.place.map(|name| Argument { name: name.to_owned(), value: token });
        Ok(Some((header, argument)))
    }

    /// The token that goes to a target in the place of the caller's, where the settings want one there.
    async fn exchanged(
        &self,
        known: &Known,
        target: Option<&str>,
        scopes: &[&str],
        headers: &Headers<'_>,
        sending: Sending<'_>,
    ) -> Result<Option<Header>, Refusal> {
        let (Some(exchanger), Some(target)) = (&self.exchanger, target) else { return Ok(None) };
        if !exchanger.is_for(target) {
            return Ok(None);
        }
        let credentials = headers.find(AUTHORIZATION);
        // Whoever has no token has none that could be exchanged.
        let token = credential(&credentials).map_err(|_| ExchangeFault::Issuer)?;
        let issuer = known.principal.issuer.as_ref();
        let subject = Subject { issuer, token, expires: known.caller.expires, scopes };
        let token = exchanger.exchange(target, &subject, unix_now(), sending.deadline).await?;
        Ok(token.map(|token| Header { name: "Authorization".to_owned(), value: format!("Bearer {token}") }))
    }
}

/// What the user and the agent have, as far as the rule that let the message pass asks for it. A rule that names no scopes leaves all.
fn passed_on<'s>(own: &'s [String], of_rule: &[Box<str>]) -> Vec<&'s str> {
    let is_asked = |scope: &&str| of_rule.is_empty() || of_rule.iter().any(|asked| **asked == **scope);
    own.iter().map(String::as_str).filter(is_asked).collect()
}
