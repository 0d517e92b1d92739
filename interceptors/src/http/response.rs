//! The RESPONSE point of the `http` family: finds out whose answer it is, and lets through of it what that caller may see.
//!
//! The documented event says nothing of the request. What the REQUEST point left behind under the gateway's id says who sent it and
//! what was asked; may that caller still see anything is asked anew.

use std::sync::Arc;

use policy_model::json::{self, Value};
use policy_registry::{ContextRecord, RouteProtocol};

use super::body::{Content, decode};
use super::context::caller_of;
use super::dialect::Dialect;
use super::event::{HttpEvent, HttpResponse};
use super::seen::{Answered, See};
use super::{HttpFault, a2a, agent, inference, mcp, strictest};
use crate::audit::{Passed, TenantSource, Trail};
use crate::interceptor::Working;
use crate::method::{Direction, Method};
use crate::outgoing::Sending;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Outcome;
use crate::resolve::Known;
use crate::settings::UnknownCaller;
use crate::wanted::Wanted;

/// An answer, and whose it is.
pub(crate) struct Return<'t> {
    pub(crate) working: &'t Working,
    pub(crate) known: &'t Known,
    pub(crate) record: &'t ContextRecord,
    pub(crate) answered: Answered<'t>,
    pub(crate) sending: Sending<'t>,
}

pub(crate) async fn intercept(
    working: &Working,
    event: &HttpEvent<'_>,
    sending: Sending<'_>,
    dialect: &mut Dialect,
    trail: &mut Trail,
) -> Outcome {
    let response = event.response.as_ref().ok_or(Refusal::NoAnswer)?;
    let Some(record) = working.recall(sending).await? else {
        return match working.settings.unknown_caller {
            UnknownCaller::Block => Err(HttpFault::NoContext.into()),
            UnknownCaller::Strictest => strictest::see(working, response, sending, trail).await,
        };
    };
    *dialect = Dialect::of_record(&record);
    trail.route(&record.agent_name, &record.app, &record.binding);
    let (caller, tenant) = caller_of(&record).ok_or(HttpFault::NoContext)?;
    trail.caller(&caller);
    trail.tenant(&tenant, TenantSource::Context);
    let known = working.grant(Arc::new(caller), tenant, sending, trail).await?;
    decide_again(working, &known, &record, trail)?;
    let Some(body) = response.body else {
        return absent(working, &known, &record, response).map(|reply| (reply, Passed::Unchanged));
    };
    let read = Read::of(response, body)?;
    let document = read.document()?;
    let answered = read.answered(document.as_ref().map(json::Document::root));
    let turn = Return { working, known: &known, record: &record, answered, sending };
    let seen = match record.protocol {
        _ if read.is_empty() => See::AsItCame,
        RouteProtocol::Http => agent::see(&known.view(&working.settings), &record.agent_name, &answered)?,
        RouteProtocol::A2a => a2a::see(&turn, trail).await?,
        RouteProtocol::Mcp => mcp::see(&turn, trail).await?,
        RouteProtocol::Inference => inference::see(&turn)?,
    };
    Ok(reply(response, body, seen))
}

/// What the caller may ask now: a policy may be another one than it was at REQUEST.
fn decide_again(working: &Working, known: &Known, record: &ContextRecord, trail: &mut Trail) -> Result<(), Refusal> {
    let view = known.view(&working.settings);
    let wanted = match (record.protocol, &record.resource) {
        (RouteProtocol::Http | RouteProtocol::A2a, _) => Wanted::agent(&record.agent_name)?,
        (RouteProtocol::Inference, Some(resource)) => {
            Wanted::model(resource.strip_prefix(MODEL).ok_or(Refusal::Answer)?)?
        }
        (RouteProtocol::Mcp, Some(resource)) => mcp::recalled(&record.method, resource)?,
        (RouteProtocol::Inference | RouteProtocol::Mcp, None) => return Ok(()),
    };
    trail.resource(&wanted.resource()?);
    drop(view.decide(&wanted, (), trail)?);
    Ok(())
}

/// An answer whose body is not in the event: the gateway would send the original, which is right only where nobody would look at it.
fn absent(
    working: &Working,
    known: &Known,
    record: &ContextRecord,
    response: &HttpResponse<'_>,
) -> Result<Reply, Refusal> {
    let is_looked_at = match record.protocol {
        RouteProtocol::Http => {
            let name = policy_model::AgentName::parse(&record.agent_name).ok_or(Refusal::NoAnswer)?;
            let resource = policy_model::Resource::Agent(name);
            !known.view(&working.settings).redactor(Some(&[resource]))?.is_empty()
        }
        // A target accepts such a message and says nothing; whatever it said all the same does not go on.
        RouteProtocol::Mcp if is_unanswered(&record.method) => return Ok(Reply::http_answer(response.status, "\"\"")),
        RouteProtocol::A2a | RouteProtocol::Mcp | RouteProtocol::Inference => true,
    };
    if has_no_body(response) || !is_looked_at { Ok(Reply::http_nothing()) } else { Err(Refusal::NoAnswer) }
}

/// Whether an answer has no body by its status.
pub(super) fn has_no_body(response: &HttpResponse<'_>) -> bool {
    response.status.is_some_and(|status| NO_BODY.contains(&status))
}

/// Whether a message of MCP, as it was noted, has no answer: a notification, or the client's own answer.
fn is_unanswered(method: &str) -> bool {
    match Method::find(method).map(|method| method.direction) {
        Some(Direction::Notification) => true,
        Some(Direction::Request) => false,
        None => method.is_empty(),
    }
}

/// The reply with what the caller may see; always explicitly.
pub(crate) fn reply(response: &HttpResponse<'_>, body: Value<'_>, seen: See) -> (Reply, Passed) {
    match seen {
        See::AsItCame => (Reply::http_answer(response.status, body.text()), Passed::Unchanged),
        See::Instead(text) => {
            let body = format!("\"{}\"", super::body::encode(text.as_bytes()));
            (Reply::http_answer(response.status, &body), Passed::Redacted)
        }
    }
}

/// A body's bytes, and what they are.
pub(crate) struct Read {
    content: Content,
    bytes: Vec<u8>,
    is_error: bool,
}

impl Read {
    pub(crate) fn of(response: &HttpResponse<'_>, body: Value<'_>) -> Result<Read, Refusal> {
        // What is wrong with an answer is nothing that the caller could mend in its request.
        let content = Content::of(response.content_type.as_deref()).map_err(|_| Refusal::Answer)?;
        let is_error = response.status.is_some_and(|status| status.starts_with(['4', '5']));
        Ok(Read { content, bytes: decode(body).map_err(|_| Refusal::Answer)?, is_error })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The document that a body must be by its type.
    pub(crate) fn document(&self) -> Result<Option<json::Document<'_>>, Refusal> {
        match self.content {
            Content::Json if !self.bytes.is_empty() => Ok(Some(json::parse(&self.bytes).map_err(|_| Refusal::Answer)?)),
            Content::Json | Content::Text | Content::Events | Content::Other => Ok(None),
        }
    }

    pub(crate) fn answered<'d>(&'d self, json: Option<Value<'d>>) -> Answered<'d> {
        Answered { content: self.content, bytes: &self.bytes, json, is_error: self.is_error }
    }
}

/// Begins the name of a model in a policy.
pub(super) const MODEL: &str = "agent:model:";

/// Statuses without a body (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5), and the one by which MCP takes a notification.
const NO_BODY: &[&str] = &["202", "204", "205", "304"];
