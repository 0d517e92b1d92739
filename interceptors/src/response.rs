//! The RESPONSE point: decides again from the event's request, and lets through of the answer what the caller may see.
//!
//! It does not assume that REQUEST ran: after a refusal there the gateway asks here all the same, with the refusal as the
//! answer or with none.

use std::borrow::Cow;

use policy_model::json::{Kind, Value};
use policy_model::redaction::Redactor;
use policy_model::{DecisionId, Resource, ResourceUri};

use crate::answer::{Answer, see};
use crate::audit::{Passed, Trail};
use crate::authorize::{authorize, parse};
use crate::catalog::Catalog;
use crate::event::Event;
use crate::interceptor::Working;
use crate::message::{Content, Message, MessageFault};
use crate::method::{Handling, Listed, OfTask};
use crate::outgoing::Sending;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Outcome;
use crate::rewriting::Rewritten;
use crate::sent_on::{self, Raw};
use crate::task_list::OwnTasks;
use crate::token::Grace;
use crate::view::View;
use crate::wanted::Wanted;

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
    let kept = Rewritten::new(event.headers, working.settings.tenant_context.as_ref());
    let tasks = working.tasks(&known, Grace::WhileAnswering, deadline);
    let pins = working.pins(&known, deadline);
    let (asked, own) = match asked {
        None => (None, OwnTasks::new()),
        Some((message, went_on)) => {
            let message = tasks.resolve(message, trail).await?;
            let own = match message.handling() {
                Handling::List(Listed::Tasks) => pins.without_changed(tasks.own(body_of(event)).await?).await?,
                Handling::List(Listed::Tools | Listed::Prompts | Listed::Resources | Listed::Templates)
                | Handling::Session
                | Handling::Ask(_)
                | Handling::Task(_)
                | Handling::NotGrantable => OwnTasks::new(),
            };
            let unchanged = pins.check(&message).await;
            (Some(Asked { message, went_on, unchanged }), own)
        }
    };
    let there = asked.as_ref().and_then(|asked| sent_on::decision(&asked.message, asked.went_on, known.layers()));
    let decision = there.as_deref().and_then(DecisionId::parse).or(sending.decision());
    let view = known.view(&working.settings).with_decision(decision);
    let seen = look(&view, asked, own, event, &kept, trail)?;
    if let Some((question, answer)) = &seen.said {
        tasks.record(question, answer, trail).await?;
        pins.note(question, answer).await?;
    }
    Ok((seen.reply, seen.passed))
}

/// What was asked.
struct Asked<'d> {
    message: Message<'d>,
    /// What went on, where that is known apart from it.
    went_on: Option<Value<'d>>,
    /// Whether the tool that is asked for is as it was pinned.
    unchanged: Result<(), Refusal>,
}

/// What a caller may see, and of what.
struct Seen<'d> {
    reply: Reply,
    passed: Passed,
    said: Option<(Question<'d>, Answer<'d>)>,
}

fn look<'d>(
    view: &View<'_>,
    asked: Option<Asked<'d>>,
    own: OwnTasks,
    event: &Event<'d>,
    kept: &'d Rewritten<'_>,
    trail: &mut Trail,
) -> Result<Seen<'d>, Refusal> {
    let question = match asked {
        None => Question::Unknown,
        Some(Asked { message, went_on, unchanged }) => {
            let message = authorize(message, view, kept, unchanged, trail)?.0.into_subject();
            sent_on::check(&message, went_on, kept)?;
            Question::of(message, own)?
        }
    };
    let nothing = || Seen { reply: Reply::nothing(), passed: Passed::Unchanged, said: None };
    let answer = match (body_of(event), &question) {
        (None, Question::Unanswered) => return Ok(nothing()),
        (Some(answer), Question::Unanswered) if is_empty_body(answer) => return Ok(nothing()),
        (Some(_), Question::Unanswered) => return Err(Refusal::Answer),
        (None, _) => return Err(Refusal::NoAnswer),
        (Some(answer), _) => Answer::parse(answer)?,
    };
    let seen = see(view, &question, &answer);
    let (gains, losses) = view.shadow_list();
    trail.shadow_list(gains, losses);
    trail.pins_hidden(view.pins_hidden());
    let status = event.response.as_ref().and_then(|response| response.status);
    let (reply, passed) = match seen? {
        Some(text) => (Reply::answer(&text, status), Passed::Redacted),
        None => (Reply::answer(answer.body.text(), status), Passed::Unchanged),
    };
    Ok(Seen { reply, passed, said: Some((question, answer)) })
}

fn body_of<'d>(event: &Event<'d>) -> Option<Value<'d>> {
    event.response.as_ref().and_then(|response| response.body)
}

/// The URIs of the parts of what was read, also within the state of a task.
pub(crate) fn part_uris(result: Value<'_>) -> Vec<Cow<'_, str>> {
    let results = [Some(result), result.get("result")].into_iter().flatten();
    let parts = results.filter_map(|result| result.get("contents")).flat_map(Value::elements);
    parts.filter_map(|part| part.get("uri")?.as_str()).collect()
}

fn is_post(event: &Event<'_>) -> bool {
    event.http_method.as_ref().is_none_or(|method| method == "POST")
}

/// What stands in the place of a body where there is none.
fn is_empty_body(body: Value<'_>) -> bool {
    body.is_str("") || (body.kind() == Kind::Object && body.is_empty())
}

/// What the answer answers.
pub(crate) enum Question<'d> {
    /// A `tools/call`.
    Call { wanted: Wanted<'d>, is_search: bool },
    /// A request for a prompt, a resource or a completion.
    Read { wanted: Wanted<'d> },
    /// A request about a task of a tool.
    Task { wanted: Wanted<'d>, of: OfTask },
    /// A `tools/list`.
    ToolsList,
    /// A list of other things.
    Catalog(Catalog),
    /// A `tasks/list`, and which of its tasks are the caller's.
    TasksList(OwnTasks),
    /// A request that keeps a session.
    Session,
    /// A notification or the client's own answer, to which there is none.
    Unanswered,
    /// The event does not say.
    Unknown,
}

impl<'d> Question<'d> {
    fn of(message: Message<'d>, own: OwnTasks) -> Result<Question<'d>, Refusal> {
        match message.content {
            Content::Notification { .. } | Content::ClientResponse => Ok(Question::Unanswered),
            Content::Request { method, wanted, .. } => match method.handling {
                Handling::Session => Ok(Question::Session),
                Handling::List(Listed::Tasks) => Ok(Question::TasksList(own)),
                Handling::List(listed) => Ok(Catalog::of(listed).map_or(Question::ToolsList, Question::Catalog)),
                Handling::Task(of) => Ok(Question::Task { wanted: wanted.ok_or(Refusal::Answer)?, of }),
                Handling::NotGrantable => Err(Refusal::NotGrantable),
                Handling::Ask(_) => {
                    let wanted = wanted.ok_or(Refusal::Answer)?;
                    let tool_is_search = match wanted.resource()? {
                        Resource::Tool(tool) => Some(tool.is_search()),
                        Resource::Prompt(_)
                        | Resource::Uri(_)
                        | Resource::Template(_)
                        | Resource::Agent(_)
                        | Resource::Model(_) => None,
                    };
                    Ok(match tool_is_search {
                        Some(is_search) => Question::Call { wanted, is_search },
                        None => Question::Read { wanted },
                    })
                }
            },
        }
    }

    /// The redactions that apply; all that there are where it is not known what was asked for.
    pub(crate) fn redactor<'p>(&self, view: &View<'p>, result: Option<Value<'_>>) -> Result<Redactor<'p>, Refusal> {
        match self {
            Question::Call { wanted, .. } | Question::Read { wanted } | Question::Task { wanted, .. } => {
                let resource = wanted.resource()?;
                // A template stands for many resources, whose redactions differ.
                if matches!(resource, Resource::Template(_)) {
                    return view.redactor(None);
                }
                // Parts of other resources bring their own.
                let parts: Vec<Cow<'_, str>> = result.map(part_uris).unwrap_or_default();
                let uris = parts.iter().filter_map(|uri| ResourceUri::parse(uri).ok()).map(Resource::Uri);
                let all: Vec<Resource<'_>> = uris.chain([resource]).collect();
                view.redactor(Some(&all))
            }
            // What is not an entry of a list of tasks may be about any of them.
            Question::Unknown | Question::TasksList(_) => view.redactor(None),
            // Also where an error answers.
            Question::ToolsList | Question::Catalog(_) => view.redactor_of_lists(),
            Question::Session | Question::Unanswered => Ok(Redactor::none()),
        }
    }
}
