//! The REQUEST point: decides, and sends on what was decided on.

use policy_model::Permit;

use crate::audit::{Passed, Trail};
use crate::authorize::{authorize, parse};
use crate::event::Event;
use crate::interceptor::Working;
use crate::message::Message;
use crate::outgoing::Sending;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::resolve::Known;
use crate::rewriting::Rewritten;
use crate::token::Grace;

/// A reply that passes something, or why there is none.
pub(crate) type Outcome = Result<(Reply, Passed), Refusal>;

pub(crate) async fn intercept(
    working: &Working,
    event: &Event<'_>,
    sending: Sending<'_>,
    trail: &mut Trail,
) -> Outcome {
    let message = parse(event, trail)?;
    let known = working.know(event, Grace::None, sending, trail).await?;
    let kept = Rewritten::new(event, working.settings.tenant_context.as_ref());
    let (permit, passed) = decide(working, message, &known, &kept, sending, trail).await?;
    let outgoing = working.outgoing(&known, &permit, event, sending).await?;
    Ok((Reply::forward(permit, &outgoing), passed))
}

/// Decides on a message of a known caller.
pub(crate) async fn decide<'d>(
    working: &Working,
    message: Message<'d>,
    known: &Known,
    kept: &'d Rewritten<'_>,
    sending: Sending<'_>,
    trail: &mut Trail,
) -> Result<(Permit<Message<'d>>, Passed), Refusal> {
    let deadline = sending.deadline;
    let names = message.names;
    let message = working.tasks(known, Grace::None, deadline).resolve(message, trail).await?;
    let unchanged = working.pins(known, names, deadline).check(&message).await;
    let view = known.view(&working.settings).with_names(names).with_decision(sending.decision());
    authorize(message, &view, kept, unchanged, trail)
}
