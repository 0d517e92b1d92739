//! May this message of this caller pass? The same question at both points, with one answer.

use policy_model::Permit;

use crate::audit::{Passed, Trail};
use crate::event::Event;
use crate::message::{Content, Message, MessageFault};
use crate::method::Handling;
use crate::refusal::Refusal;
use crate::rewriting::{Rewritten, rewrite};
use crate::view::View;

/// Reads the message of an event and notes it.
pub(crate) fn parse<'d>(event: &Event<'d>, trail: &mut Trail) -> Result<Message<'d>, Refusal> {
    if event.http_method.as_ref().is_some_and(|method| method != "POST") {
        return Err(Refusal::Message(MessageFault::NoBody));
    }
    let message = Message::parse(event)?;
    match &message.content {
        Content::Request { method, .. } | Content::Notification { method } => trail.method(method.name),
        Content::ClientResponse => {}
    }
    if let Some(wanted) = message.wanted() {
        trail.resource(&wanted.resource()?);
    }
    Ok(message)
}

/// Asks the policy, and gives the message back inside its permit: as it came, or with the arguments that the policy wants, on
/// which it was then decided. `unchanged` is whether the tool that is asked for is as it was pinned.
pub(crate) fn authorize<'d>(
    message: Message<'d>,
    view: &View<'_>,
    kept: &'d Rewritten<'_>,
    unchanged: Result<(), Refusal>,
    trail: &mut Trail,
) -> Result<(Permit<Message<'d>>, Passed), Refusal> {
    match message.handling() {
        Handling::Session | Handling::List(_) => Ok((view.admit(message, trail), Passed::Session)),
        Handling::NotGrantable => Err(Refusal::NotGrantable),
        Handling::Ask(_) | Handling::Task(_) => {
            let message = rewrite(message, view, kept)?;
            trail.rewritten(kept.is_there());
            let wanted = message.wanted().cloned().ok_or(Refusal::NotGrantable)?;
            let permit = view.decide(&wanted, message, trail)?;
            unchanged?;
            Ok((permit, Passed::AllowRule))
        }
    }
}
