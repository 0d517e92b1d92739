//! What of a target's message the caller may see.

use policy_model::json::{self, Edit, Edits, Kind, Value};
use policy_model::redaction::Redactor;

use crate::catalog;
use crate::list;
use crate::message::is_id;
use crate::method::OfTask;
use crate::question::Question;
use crate::redacting::{self, Said};
use crate::refusal::Refusal;
use crate::search;
use crate::spelling::is_misspelt;
use crate::task::says_task;
use crate::task_list;
use crate::tool_result::{ERROR, RESULT, TASK};
use crate::view::View;

/// The target's message: an answer, or a request of its own on the way to one.
pub(crate) struct Answer<'d> {
    /// The whole message.
    pub(crate) body: Value<'d>,
    content: Content<'d>,
}

enum Content<'d> {
    Result(Value<'d>),
    Error(Value<'d>),
    ServerRequest(Option<Value<'d>>),
}

impl<'d> Answer<'d> {
    /// Takes a message in which nobody can find something else than is looked at here.
    pub(crate) fn parse(body: Value<'d>) -> Result<Answer<'d>, Refusal> {
        let is_known = |name: Value<'_>| name.as_str().is_some_and(|name| MESSAGE.contains(&name.as_ref()));
        let is_plain = body.kind() == Kind::Object
            && body.duplicate_name().is_none()
            && body.members().all(|member| is_known(member.name))
            && body.get("jsonrpc").is_some_and(|version| version.is_str("2.0"))
            && body.get("id").is_none_or(|id| is_id(id) || id.kind() == Kind::Null);
        if !is_plain {
            return Err(Refusal::Answer);
        }
        let content = match (body.get("method"), body.get("result"), body.get("error"), body.get("params")) {
            (None, Some(result), None, None) => Content::Result(result),
            (None, None, Some(error), None) if error.kind() == Kind::Object && !is_misspelt(error, ERROR) => {
                Content::Error(error)
            }
            (Some(method), None, None, params) if SERVER_METHODS.iter().any(|name| method.is_str(name)) => {
                Content::ServerRequest(params)
            }
            (_, _, _, _) => return Err(Refusal::Answer),
        };
        Ok(Answer { body, content })
    }

    /// The result, if it is an answer that has one.
    pub(crate) fn result(&self) -> Option<Value<'d>> {
        match self.content {
            Content::Result(result) => Some(result),
            Content::Error(_) | Content::ServerRequest(_) => None,
        }
    }

    /// What of it the redactions are about; nothing of a request without parameters.
    pub(crate) fn said(&self, is_task: bool) -> Option<Said<'d>> {
        match self.content {
            Content::Result(result) if is_task => Some(Said::Task(result)),
            Content::Result(result) => Some(Said::Result(result)),
            Content::Error(error) => Some(Said::Error(error)),
            Content::ServerRequest(params) => params.map(Said::ServerRequest),
        }
    }
}

/// The message's text as the caller may see it; `None` if it stays as it is.
pub(crate) fn see(view: &View<'_>, question: &Question<'_>, answer: &Answer<'_>) -> Result<Option<String>, Refusal> {
    let mut edits = Edits::default();
    match answer.content {
        Content::Result(result) => {
            filter_result(view, question, result, &mut edits)?;
            if is_task_state(question, result) {
                list::forbid_sharing(result, &mut edits);
            } else {
                list::make_private(result, &mut edits);
            }
        }
        Content::Error(other) | Content::ServerRequest(Some(other)) => match question {
            Question::ToolsList
            | Question::Catalog(_)
            | Question::TasksList(_)
            | Question::Session
            | Question::Call { is_search: true, .. } => list::filter(view, other, &mut edits),
            Question::Call { is_search: false, .. }
            | Question::Read { .. }
            | Question::Task { .. }
            | Question::Unanswered => {}
            Question::Unknown => return Err(Refusal::Answer),
        },
        Content::ServerRequest(None) => {}
    }
    let filtered = (!edits.is_empty()).then(|| edits.apply(answer.body));
    let redactor = match (question, &answer.content) {
        (_, Content::Result(result)) if is_list(question, *result) => view.redactor_of_lists()?,
        // Nothing of its making is left but messages, which were masked with their entries.
        (Question::TasksList(_), Content::Result(_)) => Redactor::none(),
        (_, Content::Result(result)) => question.redactor(view, Some(*result))?,
        (_, Content::Error(_) | Content::ServerRequest(_)) => question.redactor(view, None)?,
    };
    if redactor.is_empty() {
        return Ok(filtered);
    }
    match filtered {
        None => redact(&redactor, question, answer),
        Some(text) => {
            let document = json::parse(text.as_bytes()).map_err(|_| Refusal::Answer)?;
            let redacted = redact(&redactor, question, &Answer::parse(document.root())?)?;
            Ok(Some(redacted.unwrap_or_else(|| text.clone())))
        }
    }
}

fn redact(redactor: &Redactor<'_>, question: &Question<'_>, answer: &Answer<'_>) -> Result<Option<String>, Refusal> {
    let said = match answer.result() {
        Some(result) if is_list(question, result) => Some(Said::List(result)),
        Some(result) => answer.said(is_task_state(question, result)),
        None => answer.said(false),
    };
    match said {
        Some(said) => redacting::redact(redactor, answer.body, said),
        None => Ok(None),
    }
}

/// Whether a result lists things and says nothing else.
fn is_list(question: &Question<'_>, result: Value<'_>) -> bool {
    match question {
        Question::ToolsList | Question::Catalog(_) => true,
        Question::Unknown => list::has_only(result, list::MEMBERS) || catalog::of_shape(result).is_some(),
        Question::Call { .. }
        | Question::Read { .. }
        | Question::Task { .. }
        | Question::TasksList(_)
        | Question::Session
        | Question::Unanswered => false,
    }
}

/// Whether a result says how a task stands, and is not what a tool returned.
fn is_task_state(question: &Question<'_>, result: Value<'_>) -> bool {
    match question {
        Question::Call { .. } => says_task(result),
        Question::Task { of: OfTask::State, .. } => true,
        Question::Task { of: OfTask::Result, .. }
        | Question::Read { .. }
        | Question::ToolsList
        | Question::Catalog(_)
        | Question::TasksList(_)
        | Question::Session
        | Question::Unanswered
        | Question::Unknown => false,
    }
}

/// Whether a task's state could be read in two ways, or what the tool returned in it.
pub(crate) fn is_misspelt_task(task: Value<'_>) -> bool {
    is_misspelt(task, TASK)
        || task.get("result").is_some_and(|result| is_misspelt(result, RESULT))
        || task.get("error").is_some_and(|error| is_misspelt(error, ERROR))
}

fn filter_result(
    view: &View<'_>,
    question: &Question<'_>,
    result: Value<'_>,
    edits: &mut Edits,
) -> Result<(), Refusal> {
    match question {
        Question::ToolsList if result.kind() != Kind::Object => {
            edits.add(result, Edit::Replace("{\"tools\":[]}".into()));
        }
        Question::ToolsList => list::filter_document(view, result, edits),
        // Without its request an answer is let through if it is a list, or a search result, and nothing else.
        Question::Unknown if list::has_only(result, list::MEMBERS) => list::filter_document(view, result, edits),
        Question::Unknown if let Some(listed) = catalog::of_shape(result) => {
            catalog::filter(view, listed, result, edits)
        }
        Question::Unknown if search::is_result(result) => search::filter(view, result, edits),
        Question::Unknown => return Err(Refusal::Answer),
        Question::Catalog(listed) => catalog::filter(view, *listed, result, edits),
        Question::TasksList(own) => task_list::filter(view, own, result, edits),
        Question::Call { .. }
        | Question::Read { .. }
        | Question::Task { .. }
        | Question::Session
        | Question::Unanswered
            if is_misspelt(result, RESULT) =>
        {
            return Err(Refusal::Answer);
        }
        Question::Call { .. } | Question::Task { .. }
            if is_task_state(question, result) && is_misspelt_task(result) =>
        {
            return Err(Refusal::Answer);
        }
        Question::Call { is_search: true, .. }
            if result.kind() != Kind::Object || list::names_hidden_tool(view, result) =>
        {
            return Err(Refusal::Answer);
        }
        Question::Call { is_search: true, .. } => search::filter(view, result, edits),
        // What the operator tells every client may name any tool.
        Question::Session if result.kind() == Kind::Object => {
            let is_general = |name: Value<'_>| GENERAL.iter().any(|general| name.is_str(general));
            let members = result.members().filter(|member| !is_general(member.name));
            members.for_each(|member| list::filter_member(view, member, edits));
        }
        Question::Read { .. } => catalog::filter_contents(view, result, edits),
        // A tool may return things called tools; a list in the place of a list is one.
        Question::Call { is_search: false, .. } | Question::Task { .. } | Question::Session | Question::Unanswered => {
            let inner = result.get("result").filter(|_| is_task_state(question, result));
            let members = result.members().chain(inner.into_iter().flat_map(Value::members));
            let lists = members.filter(|member| list::is_list_name(member.name));
            lists.for_each(|member| list::filter_member(view, member, edits));
        }
    }
    Ok(())
}

const MESSAGE: &[&str] = &["jsonrpc", "id", "method", "params", "result", "error"];

/// What a server says of itself when a session begins.
const GENERAL: &[&str] = &["capabilities", "instructions", "serverInfo"];

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
