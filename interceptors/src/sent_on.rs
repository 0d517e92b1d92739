//! A request in a RESPONSE event that is not the one the caller sent, but the one that REQUEST sent on.
//!
//! Whether the gateway hands over the one or the other is not documented, so that both are taken. Where the raw message beside it
//! has other arguments, and differs in nothing else, the raw one is what was asked, and what the policies make of that must be
//! the one that went on.

use std::cell::OnceCell;

use policy_model::json::{self, Document, Edit, Edits, Value};

use crate::event::Event;
use crate::message::MessageFault;
use crate::refusal::Refusal;

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

/// What was decided on is what went on.
pub(crate) fn check(decided: Value<'_>, went_on: Option<Value<'_>>) -> Result<(), Refusal> {
    if went_on.is_none_or(|went_on| decided.equals(went_on)) { Ok(()) } else { Err(OTHER) }
}

fn differ_in_arguments_only(raw: Value<'_>, went_on: Value<'_>) -> bool {
    let (raw, went_on) = (without_arguments(raw), without_arguments(went_on));
    match (json::parse(raw.as_bytes()), json::parse(went_on.as_bytes())) {
        (Ok(raw), Ok(went_on)) => raw.root().equals(went_on.root()),
        (_, _) => false,
    }
}

fn without_arguments(message: Value<'_>) -> String {
    let mut edits = Edits::default();
    if let Some(arguments) = message.get("params").and_then(|params| params.get("arguments")) {
        edits.add(arguments, Edit::Remove);
    }
    edits.apply(message)
}

const OTHER: Refusal = Refusal::Message(MessageFault::RawBody);
