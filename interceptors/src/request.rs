//! The REQUEST point: decides, and sends on what was decided on.

use crate::audit::{Passed, Trail};
use crate::authorize::{authorize, parse};
use crate::event::Event;
use crate::interceptor::Working;
use crate::outgoing::Sending;
use crate::refusal::Refusal;
use crate::reply::Reply;
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
    let deadline = sending.deadline;
    let message = parse(event, trail)?;
    let known = working.know(event, Grace::None, sending, trail).await?;
    let message = working.tasks(&known, Grace::None, deadline).resolve(message, trail).await?;
    let unchanged = working.pins(&known, deadline).check(&message).await;
    let kept = Rewritten::new(event.headers, working.settings.tenant_context.as_ref());
    let view = known.view(&working.settings).with_decision(sending.decision());
    let (permit, passed) = authorize(message, &view, &kept, unchanged, trail)?;
    let outgoing = working.outgoing(&known, &permit, event, sending).await?;
    Ok((Reply::forward(permit, &outgoing), passed))
}
