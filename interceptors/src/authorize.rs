//! May this message of this caller pass? The same question at both points, with one answer.

use policy_model::{Decision, Denial, Permit, Policy, admit, decide};

use crate::audit::{Passed, Trail};
use crate::event::Event;
use crate::message::{Content, Message, MessageFault};
use crate::method::Handling;
use crate::refusal::Refusal;

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
    if let Some(call) = message.call() {
        trail.tool(&call.tool()?);
    }
    Ok(message)
}

/// Asks the policy, and gives the message back inside its permit.
pub(crate) fn authorize<'d>(
    message: Message<'d>,
    policy: &Policy,
    trail: &mut Trail,
) -> Result<(Permit<Message<'d>>, Passed), Refusal> {
    let handling = match &message.content {
        Content::Request { method, .. } | Content::Notification { method } => method.handling,
        Content::ClientResponse => Handling::Session,
    };
    match handling {
        Handling::Session | Handling::ToolsList => Ok((admit(policy, message), Passed::Session)),
        Handling::NotGrantable => Err(Refusal::NotGrantable),
        Handling::ToolsCall => {
            let call = message.call().cloned().ok_or(Refusal::NotGrantable)?;
            match decide(policy, &call.tool()?, message) {
                Decision::Permit(permit) => {
                    permit.rule().into_iter().for_each(|rule| trail.rule(rule));
                    Ok((permit, Passed::AllowRule))
                }
                Decision::Denial(denial) => {
                    match &denial {
                        Denial::Rule { rule, .. } => trail.rule(rule),
                        Denial::NoRule => {}
                    }
                    Err(Refusal::Policy(denial))
                }
            }
        }
    }
}
