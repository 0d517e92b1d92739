//! Models: who may ask which, for how much, and what of the answer may be seen.

use policy_model::{ModelName, Resource};

use super::HttpFault;
use super::context::{Note, resource_text};
use super::request::Turn;
use super::response::{MODEL, Return};
use super::seen::{See, redact_document};
use crate::audit::{Passed, Trail};
use crate::inference::{InferenceRequest, Operation, see as see_answer};
use crate::refusal::Refusal;
use crate::reply::Sent;
use crate::request::Outcome;
use crate::wanted::Wanted;

/// Decides on the model and sends on what came.
pub(crate) async fn request(turn: &Turn<'_>, trail: &mut Trail) -> Outcome {
    let request = InferenceRequest::parse(&turn.ask).map_err(Refusal::Inference)?;
    trail.method(request.operation.name());
    let view = turn.known.view(&turn.working.settings);
    let sent = Sent::as_it_came(turn.sent);
    let mut note = Note { method: request.operation.name().to_owned(), ..Note::default() };
    let Some(model) = &request.model else {
        let permit = view.admit(sent, trail);
        return Ok((turn.send(permit, None, note, true).await?, Passed::Session));
    };
    let wanted = Wanted::model(model)?;
    trail.resource(&wanted.resource()?);
    let permit = view.decide(&wanted, sent, trail)?;
    let resource = wanted.resource()?;
    let name = ModelName::parse(model).ok_or(HttpFault::Body)?;
    if generates(request.operation)
        && let Some(most) = turn.known.layers().max_tokens(&name)
        && request.max_tokens.is_none_or(|tokens| tokens > most)
    {
        return Err(HttpFault::MaxTokens.into());
    }
    let is_redacted = !view.redactor(Some(std::slice::from_ref(&resource)))?.is_empty();
    if is_redacted && (request.streams || turn.asks_for_stream()) {
        return Err(HttpFault::Streaming.into());
    }
    note.resource = Some(resource_text(&resource));
    let is_list = is_list(request.operation);
    Ok((turn.send(permit, None, note, is_redacted || is_list).await?, Passed::AllowRule))
}

/// The answer of a model, as the caller may see it.
pub(crate) fn see(turn: &Return<'_>) -> Result<See, Refusal> {
    let operation = Operation::called(&turn.record.method).ok_or(Refusal::Answer)?;
    let view = turn.known.view(&turn.working.settings);
    let model = turn.record.resource.as_deref().and_then(|resource| resource.strip_prefix(MODEL));
    let model = model.map(|name| ModelName::parse(name).ok_or(Refusal::Answer)).transpose()?;
    let redactor = match (is_list(operation), model) {
        (true, _) => view.redactor_of_lists()?,
        (false, Some(model)) => view.redactor(Some(&[Resource::Model(model)]))?,
        (false, None) => view.redactor(None)?,
    };
    let answered = &turn.answered;
    let Some(root) = answered.json else {
        return if is_list(operation) { Err(Refusal::Answer) } else { redact_document(&redactor, answered) };
    };
    match see_answer(&view, &redactor, operation, root) {
        // What answers in the place of a provider has errors of its own shape.
        Err(Refusal::Answer) if answered.is_error && !is_list(operation) => redact_document(&redactor, answered),
        seen => Ok(See::of(seen?)),
    }
}

/// Whether it says of models what they are.
fn is_list(operation: Operation) -> bool {
    matches!(operation, Operation::ListModels | Operation::GetModel)
}

/// Whether a model works for it.
fn generates(operation: Operation) -> bool {
    matches!(operation, Operation::ChatCompletions | Operation::Responses | Operation::Messages)
}
