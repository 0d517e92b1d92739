//! The RESPONSE point: decides again from the event's request, and lets through of the answer what the caller may see.
//!
//! It does not assume that REQUEST ran: after a refusal there the gateway asks here all the same, with the refusal as the
//! answer or with none.

use policy_model::json::{Kind, Value};
use policy_model::redaction::Redactor;
use policy_model::{Policy, ToolName};
use tokio::time::Instant;

use crate::answer::{Answer, see};
use crate::audit::{Passed, Trail};
use crate::authorize::{authorize, parse};
use crate::event::Event;
use crate::interceptor::Working;
use crate::message::{Content, Message, MessageFault};
use crate::method::Handling;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Outcome;
use crate::token::Grace;

pub(crate) async fn intercept(working: &Working, event: &Event<'_>, deadline: Instant, trail: &mut Trail) -> Outcome {
    let message = match parse(event, trail) {
        Ok(message) => Some(message),
        // The request may be missing from the event. Only a list is then let through, as it says itself what it is.
        Err(Refusal::Message(MessageFault::NoBody)) if is_post(event) => None,
        Err(refusal) => return Err(refusal),
    };
    let known = working.know(event, Grace::WhileAnswering, deadline, trail).await?;
    let policy = &known.policy;
    let question = match message {
        None => Question::Unknown,
        Some(message) => Question::of(authorize(message, policy, trail)?.0.into_subject())?,
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
    match see(policy, &question, &answer)? {
        Some(text) => Ok((Reply::answer(&text, status), Passed::Redacted)),
        None => Ok((Reply::answer(answer.body.text(), status), Passed::Unchanged)),
    }
}

fn is_post(event: &Event<'_>) -> bool {
    event.http_method.as_ref().is_none_or(|method| method == "POST")
}

/// What stands in the place of a body where there is none.
fn is_empty_body(body: Value<'_>) -> bool {
    body.is_str("") || (body.kind() == Kind::Object && body.is_empty())
}

/// What the answer answers.
pub(crate) enum Question {
    /// A `tools/call`.
    Call { tool: String, is_search: bool },
    /// A `tools/list`.
    ToolsList,
    /// A request that keeps a session.
    Session,
    /// A notification or the client's own answer, to which there is none.
    Unanswered,
    /// The event does not say.
    Unknown,
}

impl Question {
    fn of(message: Message<'_>) -> Result<Question, Refusal> {
        match &message.content {
            Content::Notification { .. } | Content::ClientResponse => Ok(Question::Unanswered),
            Content::Request { method, .. } => match method.handling {
                Handling::Session => Ok(Question::Session),
                Handling::ToolsList => Ok(Question::ToolsList),
                Handling::NotGrantable => Err(Refusal::NotGrantable),
                Handling::ToolsCall => {
                    let tool = message.call().ok_or(Refusal::Answer)?.tool()?;
                    Ok(Question::Call { tool: tool.as_str().to_owned(), is_search: tool.is_search() })
                }
            },
        }
    }

    /// The redactions that apply; all of the policy's where the tool is not known.
    pub(crate) fn redactor<'p>(&self, policy: &'p Policy) -> Result<Redactor<'p>, Refusal> {
        match self {
            Question::Call { tool, .. } => {
                let tool = ToolName::parse(tool).map_err(|_| Refusal::Answer)?;
                Ok(policy.redactor(Some(&tool)))
            }
            Question::Unknown => Ok(policy.redactor(None)),
            Question::ToolsList | Question::Session | Question::Unanswered => Ok(Redactor::none()),
        }
    }
}
