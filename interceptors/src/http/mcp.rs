//! Targets that speak MCP themselves: the same engine as for the `mcp` family, on messages whose names are the target's own.

use policy_model::json::{self, Value};
use policy_model::{Resource, ResourceUri, ToolName, UriTemplate};

use super::HttpFault;
use super::ask::Verb;
use super::body::Content;
use super::context::{Note, resource_text};
use super::event_stream::EventStream;
use super::request::Turn;
use super::response::Return;
use super::seen::See;
use crate::audit::Trail;
use crate::authorize::parse;
use crate::event::Event;
use crate::headers::Found;
use crate::message::{Content as MessageContent, Message, MessageFault};
use crate::method::{Asks, Handling, Method};
use crate::names::Names;
use crate::question::Question;
use crate::refusal::Refusal;
use crate::request::{Outcome, decide};
use crate::response::{Shown, own_tasks, show};
use crate::rewriting::Rewritten;
use crate::token::Grace;
use crate::wanted::Wanted;

/// Decides on the message as on one of the gateway's own, and sends it on with the names that it came with.
pub(crate) async fn request(turn: &Turn<'_>, trail: &mut Trail) -> Outcome {
    if turn.ask.verb != Verb::Post {
        return Err(HttpFault::Verb.into());
    }
    if turn.ask.query.is_some() {
        return Err(HttpFault::Query.into());
    }
    if !ENDPOINTS.contains(&turn.ask.rest) {
        return Err(HttpFault::Path.into());
    }
    let names = Names::within(turn.target).ok_or(HttpFault::Path)?;
    let event = Event {
        http_method: None,
        headers: turn.ask.headers,
        aws_principal: Found::Nothing,
        body: turn.ask.body,
        raw_body: None,
        response: None,
        names,
    };
    let message = parse(&event, trail)?;
    let note = note(&message);
    let kept = Rewritten::new(&event, turn.working.settings.tenant_context.as_ref());
    let (permit, passed) = decide(turn.working, message, turn.known, &kept, turn.sending, trail).await?;
    let view = turn.known.view(&turn.working.settings);
    // What a stream would carry past the RESPONSE point.
    let is_looked_at = match (permit.subject().wanted(), permit.subject().handling()) {
        (_, Handling::List(_)) => true,
        (None, Handling::Session | Handling::Ask(_) | Handling::Task(_) | Handling::NotGrantable) => false,
        (Some(wanted), _) => !view.redactor(Some(&[wanted.resource()?]))?.is_empty(),
    };
    if is_looked_at && turn.takes_stream() {
        return Err(HttpFault::Streaming.into());
    }
    let place = crate::reserved::name_in(turn.working.settings.tenant_context.as_ref(), permit.subject());
    let note = Note { resource: asked_for(permit.subject())?, ..note };
    Ok((turn.send(permit, place, note, true).await?, passed))
}

fn note(message: &Message<'_>) -> Note {
    let (method, rpc_id) = match &message.content {
        MessageContent::Request { method, id, .. } => (method.name, Some((*id).to_owned())),
        MessageContent::Notification { method } => (method.name, None),
        MessageContent::ClientResponse => ("", None),
    };
    Note { method: method.to_owned(), resource: None, rpc_id }
}

/// A task is asked for by its tool, which is known once the message is decided on.
fn asked_for(message: &Message<'_>) -> Result<Option<String>, MessageFault> {
    message.wanted().map(|wanted| wanted.resource().map(|resource| resource_text(&resource))).transpose()
}

/// What was asked for, as it was noted; with which arguments is not known any more.
pub(crate) fn recalled(method: &str, resource: &str) -> Result<Wanted<'static>, Refusal> {
    let handling = Method::find(method).ok_or(Refusal::Answer)?.handling;
    let wanted = match (handling, resource_of(resource, handling)?) {
        (Handling::Ask(asks), resource) => Wanted::recalled(asks, &resource),
        (Handling::Task(_), Resource::Tool(tool)) => Some(Wanted::of_task(tool.as_str().to_owned())),
        (Handling::Session | Handling::List(_) | Handling::Task(_) | Handling::NotGrantable, _) => None,
    };
    wanted.ok_or(Refusal::Answer)
}

/// The answer of a target, as the caller may see it.
pub(crate) async fn see(turn: &Return<'_>, trail: &mut Trail) -> Result<See, Refusal> {
    let names = Names::within(&turn.record.target).ok_or(Refusal::Answer)?;
    let method = Some(turn.record.method.as_str()).filter(|method| !method.is_empty());
    let method = method.map(|method| Method::find(method).ok_or(Refusal::Answer)).transpose()?;
    if let Some(method) = method {
        trail.method(method.name);
    }
    let asked = Asked { names, method, resource: turn.record.resource.as_deref() };
    match (turn.answered.content, turn.answered.json) {
        (Content::Json, Some(message)) => Ok(match asked.show(turn, message, trail).await? {
            Shown::Nothing | Shown::Unchanged => See::AsItCame,
            Shown::Redacted(text) => See::Instead(text),
        }),
        (Content::Events, _) => {
            let text = std::str::from_utf8(turn.answered.bytes).map_err(|_| Refusal::Answer)?;
            let mut stream = EventStream::parse(text);
            for data in stream.data_mut() {
                let document = json::parse_owned(data.clone()).map_err(|_| Refusal::Answer)?;
                match asked.show(turn, document.root(), trail).await? {
                    Shown::Nothing | Shown::Unchanged => {}
                    Shown::Redacted(text) => *data = text,
                }
            }
            Ok(See::of(stream.changed()))
        }
        (Content::Json | Content::Text | Content::Other, _) => Err(Refusal::Answer),
    }
}

/// What was asked, as it was noted.
struct Asked<'r> {
    names: Names<'r>,
    method: Option<Method>,
    /// As a policy names it.
    resource: Option<&'r str>,
}

impl<'r> Asked<'r> {
    fn resource(&self) -> Result<Option<Resource<'r>>, Refusal> {
        match (self.resource, self.method) {
            (Some(text), Some(method)) => Ok(Some(resource_of(text, method.handling)?)),
            (None, _) => Ok(None),
            (Some(_), None) => Err(Refusal::Answer),
        }
    }

    async fn show(&self, turn: &Return<'_>, message: Value<'_>, trail: &mut Trail) -> Result<Shown, Refusal> {
        let deadline = turn.sending.deadline;
        let tasks = turn.working.tasks(turn.known, Grace::WhileAnswering, deadline);
        let pins = turn.working.pins(turn.known, self.names, deadline);
        let own = match self.method {
            Some(method) => own_tasks(method.handling, Some(message), &tasks, &pins).await?,
            None => Default::default(),
        };
        let resource = self.resource()?;
        let question = Question::recalled(self.method.map(|method| method.name), resource.as_ref(), own)?;
        drop(resource);
        let view = turn.known.view(&turn.working.settings).with_names(self.names);
        show(question, Some(message), view, &tasks, &pins, trail).await
    }
}

/// A resource as it was noted of a message that a method handles so.
fn resource_of(text: &str, handling: Handling) -> Result<Resource<'_>, Refusal> {
    let of = |prefix: &str| text.strip_prefix(prefix);
    let resource = match (of("agent:tool:"), of("agent:prompt:"), of("agent:resource:")) {
        (Some(name), _, _) => ToolName::parse(name).ok().map(Resource::Tool),
        (_, Some(name), _) => ToolName::parse(name).ok().map(Resource::Prompt),
        (_, _, Some(uri)) if handling == Handling::Ask(Asks::Completion) => {
            UriTemplate::parse(uri).ok().map(Resource::Template)
        }
        (_, _, Some(uri)) => ResourceUri::parse(uri).ok().map(Resource::Uri),
        (None, None, None) => None,
    };
    resource.ok_or(Refusal::Answer)
}

/// Where a target is spoken to: the binding may be the endpoint, or what stands above it.
const ENDPOINTS: &[&str] = &["", "/", "/mcp", "/mcp/"];
