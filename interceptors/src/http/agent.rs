//! Agents behind AgentCore Runtime, and other services: what they are sent and what they answer is theirs, and not read for anything
//! but redactions.

use policy_model::{AgentName, Resource};

use super::context::{Note, resource_text};
use super::request::Turn;
use super::seen::{Answered, See, redact_document};
use super::{HttpFault, ask::Verb};
use crate::audit::{Passed, Trail};
use crate::refusal::Refusal;
use crate::reply::Sent;
use crate::request::Outcome;
use crate::view::View;
use crate::wanted::Wanted;

/// Decides on the agent and sends on what came.
pub(crate) async fn request(turn: &Turn<'_>, trail: &mut Trail) -> Outcome {
    match turn.ask.verb {
        Verb::Get | Verb::Post => {}
        Verb::Delete => return Err(HttpFault::Verb.into()),
    }
    // A runtime takes its version from there.
    if turn.ask.query.is_some() {
        return Err(HttpFault::Query.into());
    }
    let view = turn.known.view(&turn.working.settings);
    let wanted = Wanted::agent(&turn.binding.agent_name)?;
    let permit = view.decide(&wanted, Sent::as_it_came(turn.sent), trail)?;
    let resource = wanted.resource()?;
    let is_redacted = !view.redactor(Some(std::slice::from_ref(&resource)))?.is_empty();
    if is_redacted && turn.takes_stream() {
        return Err(HttpFault::Streaming.into());
    }
    let note = Note { method: "invoke".to_owned(), resource: Some(resource_text(&resource)), ..Note::default() };
    Ok((turn.send(permit, None, note, is_redacted).await?, Passed::AllowRule))
}

/// The answer of an agent, as the caller may see it.
pub(crate) fn see(view: &View<'_>, agent: &str, answered: &Answered<'_>) -> Result<See, Refusal> {
    let name = AgentName::parse(agent).ok_or(Refusal::Answer)?;
    let redactor = view.redactor(Some(&[Resource::Agent(name)]))?;
    redact_document(&redactor, answered)
}
