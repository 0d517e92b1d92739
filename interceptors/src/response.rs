//! The RESPONSE point: decides again from the event's request, and lets through of the answer what the caller may see.
//!
//! It does not assume that REQUEST ran: after a refusal there the gateway asks here all the same, with the refusal as the
//! answer or with none.

use policy_model::DecisionId;
use policy_model::json::{Kind, Value};

use crate::answer::{Answer, see};
use crate::audit::{Passed, Trail};
use crate::authorize::{authorize, parse};
use crate::event::Event;
use crate::interceptor::Working;
use crate::message::{Message, MessageFault};
use crate::method::{Handling, Listed};
use crate::outgoing::Sending;
use crate::pins::Pins;
use crate::question::Question;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Outcome;
use crate::rewriting::Rewritten;
use crate::sent_on::{self, Raw};
use crate::task::Tasks;
use crate::task_list::OwnTasks;
use crate::token::Grace;
use crate::view::View;

pub(crate) async fn intercept(
    working: &Working,
    event: &Event<'_>,
    sending: Sending<'_>,
    trail: &mut Trail,
) -> Outcome {
    let deadline = sending.deadline;
    let raw = Raw::default();
    let asked = match parse(event, trail) {
        Ok(message) => Some((message, None)),
        Err(Refusal::Message(MessageFault::RawBody)) => {
            let (before, went_on) = sent_on::before(event, &raw)?;
            Some((parse(&before, trail)?, Some(went_on)))
        }
        // The request may be missing from the event. Only a list is then let through, as it says itself what it is.
        Err(Refusal::Message(MessageFault::NoBody)) if is_post(event) => None,
        Err(refusal) => return Err(refusal),
    };
    let known = working.know(event, Grace::WhileAnswering, sending, trail).await?;
    let kept = Rewritten::new(event, working.settings.tenant_context.as_ref());
    let tasks = working.tasks(&known, Grace::WhileAnswering, deadline);
    let pins = working.pins(&known, event.names, deadline);
    let (asked, own) = match asked {
        None => (None, OwnTasks::new()),
        Some((message, went_on)) => {
            let message = tasks.resolve(message, trail).await?;
            let own = own_tasks(message.handling(), body_of(event), &tasks, &pins).await?;
            let unchanged = pins.check(&message).await;
            (Some(Asked { message, went_on, unchanged }), own)
        }
    };
    let there = asked.as_ref().and_then(|asked| sent_on::decision(&asked.message, asked.went_on, known.layers()));
    let decision = there.as_deref().and_then(DecisionId::parse).or(sending.decision());
    let view = known.view(&working.settings).with_names(event.names).with_decision(decision);
    let question = ask(&view, asked, own, &kept, trail)?;
    let shown = show(question, body_of(event), view, &tasks, &pins, trail).await?;
    let status = event.response.as_ref().and_then(|response| response.status);
    let reply = match (&shown, body_of(event)) {
        (Shown::Redacted(text), _) => Reply::answer(text, status),
        (Shown::Unchanged, Some(body)) => Reply::answer(body.text(), status),
        (Shown::Unchanged | Shown::Nothing, _) => Reply::nothing(),
    };
    Ok((reply, shown.passed()))
}

/// What was asked.
struct Asked<'d> {
    message: Message<'d>,
    /// What went on, where that is known apart from it.
    went_on: Option<Value<'d>>,
    /// Whether the tool that is asked for is as it was pinned.
    unchanged: Result<(), Refusal>,
}

/// What the answer answers, if the request may pass.
fn ask<'d>(
    view: &View<'_>,
    asked: Option<Asked<'d>>,
    own: OwnTasks,
    kept: &'d Rewritten<'_>,
    trail: &mut Trail,
) -> Result<Question<'d>, Refusal> {
    let Some(Asked { message, went_on, unchanged }) = asked else { return Ok(Question::Unknown) };
    let message = authorize(message, view, kept, unchanged, trail)?.0.into_subject();
    sent_on::check(&message, went_on, kept)?;
    Question::of(message, own)
}

/// The caller's own among the tasks that an answer to `tasks/list` has; none of any other.
pub(crate) async fn own_tasks(
    handling: Handling,
    body: Option<Value<'_>>,
    tasks: &Tasks<'_>,
    pins: &Pins<'_>,
) -> Result<OwnTasks, Refusal> {
    match handling {
        Handling::List(Listed::Tasks) => pins.without_changed(tasks.own(body).await?).await,
        Handling::List(Listed::Tools | Listed::Prompts | Listed::Resources | Listed::Templates)
        | Handling::Session
        | Handling::Ask(_)
        | Handling::Task(_)
        | Handling::NotGrantable => Ok(OwnTasks::new()),
    }
}

/// What a caller gets of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// There is none, and none was due.
    Nothing,
    /// All of it, as it came.
    Unchanged,
    /// This, from which something was taken out.
    Redacted(String),
}

impl Shown {
    pub(crate) fn passed(&self) -> Passed {
        match self {
            Shown::Nothing | Shown::Unchanged => Passed::Unchanged,
            Shown::Redacted(_) => Passed::Redacted,
        }
    }
}

/// Takes out of the answer to a permitted request what its caller may not see, and records what it says of tasks and pinned tools.
pub(crate) async fn show(
    question: Question<'_>,
    body: Option<Value<'_>>,
    view: View<'_>,
    tasks: &Tasks<'_>,
    pins: &Pins<'_>,
    trail: &mut Trail,
) -> Result<Shown, Refusal> {
    let Some((answer, shown)) = look(&question, body, &view, trail)? else { return Ok(Shown::Nothing) };
    drop(view);
    tasks.record(&question, &answer, trail).await?;
    pins.note(&question, &answer).await?;
    Ok(shown)
}

fn look<'d>(
    question: &Question<'_>,
    body: Option<Value<'d>>,
    view: &View<'_>,
    trail: &mut Trail,
) -> Result<Option<(Answer<'d>, Shown)>, Refusal> {
    let answer = match (body, question) {
        (None, Question::Unanswered) => return Ok(None),
        (Some(answer), Question::Unanswered) if is_empty_body(answer) => return Ok(None),
        (Some(_), Question::Unanswered) => return Err(Refusal::Answer),
        (None, _) => return Err(Refusal::NoAnswer),
        (Some(answer), _) => Answer::parse(answer)?,
    };
    let seen = see(view, question, &answer);
    let (gains, losses) = view.shadow_list();
    trail.shadow_list(gains, losses);
    trail.pins_hidden(view.pins_hidden());
    let shown = seen?.map_or(Shown::Unchanged, Shown::Redacted);
    Ok(Some((answer, shown)))
}

fn body_of<'d>(event: &Event<'d>) -> Option<Value<'d>> {
    event.response.as_ref().and_then(|response| response.body)
}

fn is_post(event: &Event<'_>) -> bool {
    event.http_method.as_ref().is_none_or(|method| method == "POST")
}

/// What stands in the place of a body where there is none.
fn is_empty_body(body: Value<'_>) -> bool {
    body.is_str("") || (body.kind() == Kind::Object && body.is_empty())
}
