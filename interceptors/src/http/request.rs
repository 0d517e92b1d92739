//! The REQUEST point of the `http` family: looks the path up, lets its protocol read the rest, decides, and sends on.

use policy_model::Permit;
use policy_model::json::{self, Value};
use policy_registry::{RouteBinding, RouteProtocol, RouteResponses};

use super::ask::Ask;
use super::body::{Content, decode};
use super::context::Note;
use super::dialect::Dialect;
use super::event::{HttpEvent, HttpRequest};
use super::line::Line;
use super::{HttpFault, a2a, agent, inference, mcp};
use crate::audit::Trail;
use crate::headers::{Found, Headers};
use crate::interceptor::Working;
use crate::outgoing::{Destination, Sending};
use crate::refusal::Refusal;
use crate::reply::{Goes, Reply};
use crate::request::Outcome;
use crate::resolve::Known;
use crate::settings::UnknownCaller;
use crate::token::Grace;

/// One request, and who sends it where.
pub(crate) struct Turn<'t> {
    pub(crate) working: &'t Working,
    pub(crate) known: &'t Known,
    pub(crate) binding: &'t RouteBinding,
    /// The gateway's name of the target.
    pub(crate) target: &'t str,
    pub(crate) ask: Ask<'t>,
    /// As it stands in the event; none if it is empty.
    pub(crate) sent: Option<Value<'t>>,
    pub(crate) sending: Sending<'t>,
}

pub(crate) async fn intercept(
    working: &Working,
    event: &HttpEvent<'_>,
    sending: Sending<'_>,
    dialect: &mut Dialect,
    trail: &mut Trail,
) -> Outcome {
    let request = event.request.as_ref().ok_or(HttpFault::Request)?;
    let line = Line::parse(request)?;
    let content = Content::of_headers(&request.headers)?;
    let bytes = request.body.map(decode).transpose()?;
    let document = match (content, &bytes) {
        (Content::Json, Some(bytes)) => Some(json::parse(bytes).map_err(|_| HttpFault::Body)?),
        (Content::Text, Some(bytes)) if std::str::from_utf8(bytes).is_err() => return Err(HttpFault::Body.into()),
        (Content::Text | Content::Events | Content::Other, Some(_)) | (_, None) => None,
    };
    let caller = working.identify(&request.as_event(), Grace::None, sending.deadline, trail).await?;
    let (tenant, source) = working.choose_tenant(&caller, &request.headers, sending.deadline).await?;
    trail.tenant(&tenant, source);
    let route = working.registry.find_route(&line.path, sending.deadline);
    // One round trip where neither is known.
    let (known, route) = tokio::join!(working.grant(caller, tenant, sending, trail), route);
    let mut known = known?;
    let binding = route.map_err(Refusal::Route)?;
    trail.route(&binding.agent_name, &binding.app_id, &binding.binding_id);
    check_runtime_user(&request.headers)?;
    working.add_headers(&mut known, sending)?;
    let turn = Turn {
        working,
        known: &known,
        binding: &binding,
        target: line.path.first_segment(),
        ask: Ask {
            verb: line.verb,
            rest: line.path.rest_after(&binding.path),
            query: line.query,
            headers: request.headers,
            body: document.as_ref().map(json::Document::root),
        },
        sent: request.body,
        sending,
    };
    match binding.protocol {
        RouteProtocol::Http => agent::request(&turn, trail).await,
        RouteProtocol::A2a => {
            *dialect = Dialect::of_a2a(turn.ask.body);
            turn.check_json()?;
            a2a::request(&turn, trail).await
        }
        RouteProtocol::Mcp => {
            *dialect = Dialect::of_mcp(turn.ask.body);
            turn.check_json()?;
            mcp::request(&turn, trail).await
        }
        RouteProtocol::Inference => {
            turn.check_json()?;
            inference::request(&turn, trail).await
        }
    }
}

impl Turn<'_> {
    /// What has a body has one that is read.
    fn check_json(&self) -> Result<(), HttpFault> {
        if self.sent.is_some() && self.ask.body.is_none() { Err(HttpFault::ContentType) } else { Ok(()) }
    }

    /// Whether the caller asks for a stream, where the answer may then go past the RESPONSE point.
    pub(crate) fn asks_for_stream(&self) -> bool {
        self.accepts(|range| range == "text/event-stream", false)
    }

    /// Whether the caller takes one, where it is the other side that chooses.
    pub(crate) fn takes_stream(&self) -> bool {
        self.accepts(|range| ["text/event-stream", "text/*", "*/*"].contains(&range), true)
    }

    /// Whether the answer may be of such a media type (RFC 9110, section 12.5.1); `unsaid` where the caller does not say.
    fn accepts(&self, is_such: impl Fn(&str) -> bool, unsaid: bool) -> bool {
        match self.ask.headers.find("accept") {
            _ if self.binding.responses == RouteResponses::Buffered => false,
            Found::Nothing => unsaid,
            Found::One(accept) => accept.split(',').any(|part| {
                let range = part.split(';').next().unwrap_or_default();
                is_such(&range.trim().to_ascii_lowercase())
            }),
            Found::Ambiguous => true,
        }
    }

    /// Sends on what is permitted, and leaves behind what its answer needs. `is_needed` is whether a rule is about the answer;
    /// `place` is the name under which the body itself carries the tenant context.
    pub(crate) async fn send<T: Goes>(
        &self,
        permit: Permit<T>,
        place: Option<&str>,
        note: Note,
        is_needed: bool,
    ) -> Result<Reply, Refusal> {
        let to = Destination { target: Some(self.target), scopes: permit.scopes(), place };
        let mut outgoing = self.working.outgoing_to(self.known, to, &self.ask.headers, self.sending).await?;
        outgoing.headers.extend(self.working.route_headers(self.binding));
        let is_needed = is_needed
            || self.known.layers().requires_decision_context()
            || match self.working.settings.unknown_caller {
                UnknownCaller::Block => true,
                UnknownCaller::Strictest => false,
            };
        if is_needed {
            self.working.remember(self.known, self.binding, self.target, note, self.sending).await?;
        }
        Ok(Reply::forward_http(permit, &outgoing))
    }
}

/// A runtime that is told a user acts with that user's tokens. Whose name that is, no issuer says: it is nobody's to tell.
fn check_runtime_user(headers: &Headers<'_>) -> Result<(), HttpFault> {
    match headers.find(RUNTIME_USER) {
        Found::Nothing => Ok(()),
        Found::One(_) | Found::Ambiguous => Err(HttpFault::RuntimeUser),
    }
}

impl<'d> HttpRequest<'d> {
    /// As far as it matters for who is calling.
    pub(crate) fn as_event(&self) -> crate::event::Event<'d> {
        crate::event::Event {
            http_method: self.method.clone(),
            headers: self.headers,
            aws_principal: self.aws_principal.clone(),
            body: None,
            raw_body: None,
            response: None,
            names: crate::names::Names::GATEWAY,
        }
    }
}

/// By which a caller of AgentCore Runtime says for which user it is.
const RUNTIME_USER: &str = "x-amzn-bedrock-agentcore-runtime-user-id";
