//! A request in a RESPONSE event that is not the one the caller sent, but the one that REQUEST sent on.
//!
//! Whether the gateway hands over the one or the other is not documented, so that both are taken. Where the raw message beside it
//! has other arguments, and differs in nothing else, the raw one is what was asked, and what the policies make of that must be
//! the one that went on.

use std::cell::OnceCell;

use policy_model::Layers;
use policy_model::json::{self, Document, Edit, Edits, Value};

use crate::event::Event;
use crate::message::{Message, MessageFault};
use crate::refusal::Refusal;
use crate::reserved;
use crate::rewriting::Rewritten;

/// Keeps the raw message for as long as it is needed.
#[derive(Debug, Default)]
pub(crate) struct Raw(OnceCell<Document<'static>>);

/// The event as it would be with the raw message, and the message that went on.
pub(crate) fn before<'d>(event: &Event<'d>, kept: &'d Raw) -> Result<(Event<'d>, Value<'d>), Refusal> {
    let (Some(raw), Some(went_on)) = (&event.raw_body, event.body) else { return Err(OTHER) };
    let raw = json::parse_owned(raw.clone().into_owned()).map_err(|_| OTHER)?;
    if !differ_in_arguments_only(raw.root(), went_on) {
        return Err(OTHER);
    }
    let body = Some(kept.0.get_or_init(|| raw).root());
    Ok((Event { body, raw_body: None, ..event.clone() }, went_on))
}

/// The id of the decision of REQUEST, as it stands in what went on: only with that can it be worked out anew. Whatever stands
/// there, the rest of it must still be what [`check`] compares it with.
pub(crate) fn decision(message: &Message<'_>, went_on: Option<Value<'_>>, layers: Layers<'_>) -> Option<String> {
    let arguments = went_on?.get("params")?.get("arguments")?;
    layers.decision_in(&message.wanted()?.resource().ok()?, arguments)
}

/// What was decided on is what went on, but for the argument that is ours.
pub(crate) fn check(decided: &Message<'_>, went_on: Option<Value<'_>>, kept: &Rewritten<'_>) -> Result<(), Refusal> {
    let Some(went_on) = went_on else { return Ok(()) };
    let is_same = match kept.reserved(decided) {
        None => decided.body.equals(went_on),
        Some(name) => {
            differ_in_arguments_only(decided.body, went_on)
                && is_same(&arguments_text(decided.body), &bare_arguments(went_on, name)?)
        }
    };
    if is_same { Ok(()) } else { Err(OTHER) }
}

/// Arguments that are not there are none.
fn arguments_text(message: Value<'_>) -> String {
    let arguments = message.get("params").and_then(|params| params.get("arguments"));
    arguments.map_or_else(|| "{}".to_owned(), |arguments| arguments.text().to_owned())
}

fn bare_arguments(message: Value<'_>, name: &str) -> Result<String, Refusal> {
    let arguments = message.get("params").and_then(|params| params.get("arguments"));
    let bare = arguments.map(|arguments| reserved::without(arguments, name)).transpose()?.flatten();
    Ok(bare.unwrap_or_else(|| arguments_text(message)))
}

fn is_same(left: &str, right: &str) -> bool {
    match (json::parse(left.as_bytes()), json::parse(right.as_bytes())) {
        (Ok(left), Ok(right)) => left.root().equals(right.root()),
        (_, _) => false,
    }
}

fn differ_in_arguments_only(raw: Value<'_>, went_on: Value<'_>) -> bool {
    is_same(&without_arguments(raw), &without_arguments(went_on))
}

fn without_arguments(message: Value<'_>) -> String {
    let mut edits = Edits::default();
    if let Some(arguments) = message.get("params").and_then(|params| params.get("arguments")) {
        edits.add(arguments, Edit::Remove);
    }
    edits.apply(message)
}

const OTHER: Refusal = Refusal::Message(MessageFault::RawBody);
