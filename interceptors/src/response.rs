//! The RESPONSE point: decides again from the event's request, and lets through of the answer what the caller may see.
//!
//! It does not assume that REQUEST ran: after a refusal there the gateway asks here all the same, with the refusal as the
//! answer or with none.

use policy_model::Policy;
use policy_model::json::{self, Edit, Edits, Kind, Value, quote};
use policy_model::redaction::{MASK, Redactor};
use tokio::time::Instant;

use crate::audit::{Passed, Trail};
use crate::authorize::{authorize, parse};
use crate::event::Event;
use crate::interceptor::Working;
use crate::list;
use crate::message::{Content, MessageFault};
use crate::method::Handling;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Outcome;
use crate::token::Grace;
use crate::tool_result::{redact_error, redact_result, redact_server_params};

pub(crate) async fn intercept(working: &Working, event: &Event<'_>, deadline: Instant, trail: &mut Trail) -> Outcome {
    let message = match parse(event, trail) {
        Ok(message) => Some(message),
        // The request may be missing from the event; the answer is then treated as one to anything.
        Err(Refusal::Message(MessageFault::NoBody))
            if event.http_method.as_ref().is_none_or(|method| method == "POST") =>
        {
            None
        }
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
        (None, Question::Unanswered(_)) => return Ok((Reply::nothing(), Passed::Unchanged)),
        (Some(answer), Question::Unanswered(_)) if answer.kind() == Kind::Object && answer.is_empty() => {
            return Ok((Reply::nothing(), Passed::Unchanged));
        }
        (Some(_), Question::Unanswered(_)) => return Err(Refusal::Answer),
        (None, _) => return Err(Refusal::NoAnswer),
        (Some(answer), _) => Answer::parse(answer)?,
    };
    match transform(policy, &question, &answer)? {
        Some(text) => Ok((Reply::answer(&text, status), Passed::Redacted)),
        None => Ok((Reply::answer(answer.body.text(), status), Passed::Unchanged)),
    }
}

/// What the answer answers.
enum Question {
    /// A `tools/call`.
    Call { tool: String, is_search: bool },
    /// A `tools/list`.
    ToolsList,
    /// A request that keeps a session.
    Session,
    /// A notification or the client's own answer, to which there is none.
    Unanswered(()),
    /// The event does not say.
    Unknown,
}

impl Question {
    fn of(message: crate::message::Message<'_>) -> Result<Question, Refusal> {
        match &message.content {
            Content::Notification { .. } | Content::ClientResponse => Ok(Question::Unanswered(())),
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
    fn redactor<'p>(&self, policy: &'p Policy) -> Result<Redactor<'p>, Refusal> {
        match self {
            Question::Call { tool, .. } => {
                Ok(policy.redactor(Some(&policy_model::ToolName::parse(tool).map_err(|_| Refusal::Answer)?)))
            }
            Question::Unknown => Ok(policy.redactor(None)),
            Question::ToolsList | Question::Session | Question::Unanswered(()) => Ok(Redactor::none()),
        }
    }
}

/// The target's message: an answer, or a request of its own on the way to one.
struct Answer<'d> {
    body: Value<'d>,
    content: AnswerContent<'d>,
}

enum AnswerContent<'d> {
    Result(Value<'d>),
    Error(Value<'d>),
    ServerRequest(Option<Value<'d>>),
}

impl<'d> Answer<'d> {
    /// Takes a message in which nobody can find something else than is looked at here.
    fn parse(body: Value<'d>) -> Result<Answer<'d>, Refusal> {
        let is_known = |name: Value<'_>| name.as_str().is_some_and(|name| MEMBERS.contains(&name.as_ref()));
        let is_plain = body.kind() == Kind::Object
            && body.duplicate_name().is_none()
            && body.members().all(|member| is_known(member.name))
            && body.get("jsonrpc").is_some_and(|version| version.is_str("2.0"));
        if !is_plain {
            return Err(Refusal::Answer);
        }
        let content = match (body.get("method"), body.get("result"), body.get("error"), body.get("params")) {
            (None, Some(result), None, None) => AnswerContent::Result(result),
            (None, None, Some(error), None) => AnswerContent::Error(error),
            (Some(method), None, None, params) if SERVER_METHODS.iter().any(|name| method.is_str(name)) => {
                AnswerContent::ServerRequest(params)
            }
            (_, _, _, _) => return Err(Refusal::Answer),
        };
        Ok(Answer { body, content })
    }
}

/// The answer's text as the caller may see it; `None` if it stays as it is.
fn transform(policy: &Policy, question: &Question, answer: &Answer<'_>) -> Result<Option<String>, Refusal> {
    let mut edits = Edits::default();
    if let AnswerContent::Result(result) = answer.content {
        filter_result(policy, question, result, &mut edits);
        list::make_private(result, &mut edits);
    }
    let filtered = (!edits.is_empty()).then(|| edits.apply(answer.body));
    let redactor = question.redactor(policy)?;
    if redactor.is_empty() {
        return Ok(filtered);
    }
    match filtered {
        None => redact(&redactor, answer),
        Some(text) => {
            let document = json::parse(text.as_bytes()).map_err(|_| Refusal::Answer)?;
            let redacted = redact(&redactor, &Answer::parse(document.root())?)?;
            Ok(Some(redacted.unwrap_or_else(|| text.clone())))
        }
    }
}

fn redact(redactor: &Redactor<'_>, answer: &Answer<'_>) -> Result<Option<String>, Refusal> {
    let mut edits = Edits::default();
    match answer.content {
        AnswerContent::Result(result) => redact_result(redactor, result, &mut edits),
        AnswerContent::Error(error) => redact_error(redactor, error, &mut edits),
        AnswerContent::ServerRequest(Some(params)) => redact_server_params(redactor, params, &mut edits),
        AnswerContent::ServerRequest(None) => {}
    }
    if edits.is_empty() {
        return Ok(None);
    }
    let text = edits.apply(answer.body);
    if redactor.has_residue(&text) { Err(Refusal::Residue) } else { Ok(Some(text)) }
}

fn filter_result(policy: &Policy, question: &Question, result: Value<'_>, edits: &mut Edits) {
    match question {
        Question::ToolsList if result.kind() != Kind::Object => {
            edits.add(result, Edit::Replace("{\"tools\":[]}".to_owned()));
        }
        Question::ToolsList | Question::Unknown => list::filter(policy, result, edits),
        Question::Call { is_search: true, .. } => {
            for member in result.members() {
                if member.name.is_str("content") {
                    filter_search_content(policy, member.value, edits);
                } else {
                    list::filter_member(policy, member, edits);
                }
            }
        }
        // A tool may return things called tools; a list in the place of a list is one.
        Question::Call { is_search: false, .. } | Question::Session | Question::Unanswered(()) => {
            for member in result.members().filter(|member| list::is_list_name(member.name)) {
                list::filter_member(policy, member, edits);
            }
        }
    }
}

/// The text copy of a search result. What cannot be read as a list is masked, other content is dropped.
fn filter_search_content(policy: &Policy, content: Value<'_>, edits: &mut Edits) {
    if content.kind() != Kind::Array {
        edits.add(content, Edit::Replace("[]".to_owned()));
        return;
    }
    for item in content.elements() {
        let text = item.get("text").filter(|_| item.get("type").is_some_and(|kind| kind.is_str("text")));
        match text.and_then(|text| Some((text, text.as_str()?))) {
            None => edits.add(item, Edit::Remove),
            Some((value, text)) => match list::filter_text(policy, &text) {
                None => edits.add(value, Edit::Replace(quote(MASK))),
                Some(filtered) if filtered != text => edits.add(value, Edit::Replace(quote(&filtered))),
                Some(_) => {}
            },
        }
    }
}

const MEMBERS: &[&str] = &["jsonrpc", "id", "method", "params", "result", "error"];

/// What a server may ask of a client, or tell it, while it works on a call.
const SERVER_METHODS: &[&str] = &[
    "elicitation/create",
    "sampling/createMessage",
    "roots/list",
    "ping",
    "notifications/progress",
    "notifications/message",
    "notifications/cancelled",
];
