//! What an answer answers: a message that was decided on, or what was noted of one.

use std::borrow::Cow;

use policy_model::json::Value;
use policy_model::redaction::Redactor;
use policy_model::{Resource, ResourceUri};

use crate::catalog::Catalog;
use crate::message::{Content, Message};
use crate::method::{Direction, Handling, Listed, Method, OfTask};
use crate::refusal::Refusal;
use crate::task_list::OwnTasks;
use crate::view::View;
use crate::wanted::Wanted;

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

impl Question<'static> {
    /// What was asked, as it was noted: by which method, or none in a client's own answer, and for what, by its full name. A request
    /// about a task asks for its tool.
    pub(crate) fn recalled(
        method: Option<&str>,
        resource: Option<&Resource<'_>>,
        own: OwnTasks,
    ) -> Result<Question<'static>, Refusal> {
        let Some(method) = method else { return Ok(Question::Unanswered) };
        let method = Method::find(method).ok_or(Refusal::Answer)?;
        let wanted = match (method.handling, resource) {
            (Handling::Ask(asks), Some(resource)) => Wanted::recalled(asks, resource),
            (Handling::Task(_), Some(Resource::Tool(tool))) => Some(Wanted::of_task(tool.as_str().to_owned())),
            (Handling::Session | Handling::List(_), None) => None,
            (_, _) => return Err(Refusal::Answer),
        };
        match method.direction {
            Direction::Notification => Ok(Question::Unanswered),
            Direction::Request => Question::about(method.handling, wanted, own),
        }
    }
}

impl<'d> Question<'d> {
    pub(crate) fn of(message: Message<'d>, own: OwnTasks) -> Result<Question<'d>, Refusal> {
        match message.content {
            Content::Notification { .. } | Content::ClientResponse => Ok(Question::Unanswered),
            Content::Request { method, wanted, .. } => Question::about(method.handling, wanted, own),
        }
    }

    fn about(handling: Handling, wanted: Option<Wanted<'d>>, own: OwnTasks) -> Result<Question<'d>, Refusal> {
        match handling {
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

/// The URIs of the parts of what was read, also within the state of a task.
pub(crate) fn part_uris(result: Value<'_>) -> Vec<Cow<'_, str>> {
    let results = [Some(result), result.get("result")].into_iter().flatten();
    let parts = results.filter_map(|result| result.get("contents")).flat_map(Value::elements);
    parts.filter_map(|part| part.get("uri")?.as_str()).collect()
}
