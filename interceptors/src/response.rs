//! The RESPONSE point: decides again from the event's request, and lets through of the answer what the caller may see.
//!
//! It does not assume that REQUEST ran: after a refusal there the gateway asks here all the same, with the refusal as the
//! answer or with none.

use policy_model::{Resource, ResourceUri};
use std::borrow::Cow;

use policy_model::json::{Kind, Value};
use policy_model::redaction::Redactor;
use tokio::time::Instant;

use crate::answer::{Answer, see};
use crate::audit::{Passed, Trail};
use crate::authorize::{authorize, parse};
use crate::catalog::Catalog;
use crate::event::Event;
use crate::interceptor::Working;
use crate::message::{Content, Message, MessageFault};
use crate::method::Handling;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Outcome;
use crate::token::Grace;
use crate::view::View;
use crate::wanted::Wanted;

pub(crate) async fn intercept(working: &Working, event: &Event<'_>, deadline: Instant, trail: &mut Trail) -> Outcome {
    let message = match parse(event, trail) {
        Ok(message) => Some(message),
        // The request may be missing from the event. Only a list is then let through, as it says itself what it is.
        Err(Refusal::Message(MessageFault::NoBody)) if is_post(event) => None,
        Err(refusal) => return Err(refusal),
    };
    let known = working.know(event, Grace::WhileAnswering, deadline, trail).await?;
    let view = known.view();
    let question = match message {
        None => Question::Unknown,
        Some(message) => Question::of(authorize(message, &view, trail)?.0.into_subject())?,
    };
    let answer = event.response.as_ref().and_then(|response| response.body);
    let status = event.response.as_ref().and_then(|response| response.status);
    let answer = match (answer, &question) {
        (None, Question::Unanswered) => return Ok((Reply::nothing(), Passed::Unchanged)),
        (Some(answer), Question::Unanswered) if is_empty_body(answer) => {
            return Ok((Reply::nothing(), Passed::Unchanged));
        }
        (Some(_), Question::Unanswered) => return Err(Refusal::Answer),
        (None, _) => return Err(Refusal::NoAnswer),
        (Some(answer), _) => Answer::parse(answer)?,
    };
    let seen = see(&view, &question, &answer);
    let (gains, losses) = view.shadow_list();
    trail.shadow_list(gains, losses);
    match seen? {
        Some(text) => Ok((Reply::answer(&text, status), Passed::Redacted)),
        None => Ok((Reply::answer(answer.body.text(), status), Passed::Unchanged)),
    }
}

/// The URIs of the parts of what was read.
fn part_uris(result: Value<'_>) -> Vec<Cow<'_, str>> {
    let parts = result.get("contents").into_iter().flat_map(Value::elements);
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
    /// A `tools/list`.
    ToolsList,
    /// A list of other things.
    Catalog(Catalog),
    /// A request that keeps a session.
    Session,
    /// A notification or the client's own answer, to which there is none.
    Unanswered,
    /// The event does not say.
    Unknown,
}

impl<'d> Question<'d> {
    fn of(message: Message<'d>) -> Result<Question<'d>, Refusal> {
        match message.content {
            Content::Notification { .. } | Content::ClientResponse => Ok(Question::Unanswered),
            Content::Request { method, wanted, .. } => match method.handling {
                Handling::Session => Ok(Question::Session),
                Handling::List(listed) => Ok(Catalog::of(listed).map_or(Question::ToolsList, Question::Catalog)),
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
            Question::Call { wanted, .. } | Question::Read { wanted } => {
                let resource = wanted.resource()?;
                // A template stands for many resources, whose redactions differ.
                if matches!(resource, Resource::Template(_)) {
                    return Ok(view.layers().redactor(None));
                }
                // Parts of other resources bring their own.
                let parts: Vec<Cow<'_, str>> = result.map(part_uris).unwrap_or_default();
                let uris = parts.iter().filter_map(|uri| ResourceUri::parse(uri).ok()).map(Resource::Uri);
                let all: Vec<Resource<'_>> = uris.chain([resource]).collect();
                Ok(view.layers().redactor(Some(&all)))
            }
            Question::Unknown => Ok(view.layers().redactor(None)),
            Question::ToolsList | Question::Catalog(_) | Question::Session | Question::Unanswered => {
                Ok(Redactor::none())
            }
        }
    }
}
