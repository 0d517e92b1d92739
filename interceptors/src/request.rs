//! The REQUEST point: decides, and sends on what was decided on.

use tokio::time::Instant;

use crate::audit::{Passed, Trail};
use crate::authorize::{authorize, parse};
use crate::event::Event;
use crate::interceptor::Working;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::rewriting::Rewritten;
use crate::token::Grace;

/// A reply that passes something, or why there is none.
pub(crate) type Outcome = Result<(Reply, Passed), Refusal>;

pub(crate) async fn intercept(working: &Working, event: &Event<'_>, deadline: Instant, trail: &mut Trail) -> Outcome {
    let message = parse(event, trail)?;
    let known = working.know(event, Grace::None, deadline, trail).await?;
    let message = working.tasks(&known, Grace::None, deadline).resolve(message, trail).await?;
    let unchanged = working.pins(&known, deadline).check(&message).await;
    let kept = Rewritten::new(event.headers);
    let (permit, passed) = authorize(message, &known.view(), &kept, unchanged, trail)?;
    Ok((Reply::forward(permit, &known.principal, &working.settings.headers, &known.headers), passed))
}
