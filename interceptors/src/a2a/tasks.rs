//! Which tasks an answer shows: those that become the caller's, and the one that was asked for.

use policy_model::json::{Kind, Value};
use policy_registry::TaskId;

use crate::refusal::Refusal;

use super::answer::{Answer, Asked, Content, Shape, shape};
use super::params::{resource_task, task_id};
use super::place::Place;
use super::redact::is_misspelt;

/// What an answer shows, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Shown {
    /// The tasks.
    pub(crate) tasks: Vec<TaskId>,
    /// The conversations that they, or a message, belong to.
    pub(crate) conversations: Vec<TaskId>,
}

/// What the answer to a message shows, to be recorded as the caller's.
///
/// # Errors
/// [`Refusal::Answer`] if it cannot be said what that is.
pub(crate) fn created_tasks(asked: &Asked<'_>, body: Value<'_>) -> Result<Shown, Refusal> {
    if !asked.method.has_message() {
        return Ok(Shown::default());
    }
    let mut shown = of_answer(asked, body)?;
    for ids in [&mut shown.tasks, &mut shown.conversations] {
        ids.sort_by(|left, right| left.as_str().cmp(right.as_str()));
        ids.dedup();
    }
    Ok(shown)
}

/// Checks that an answer is about the task that was asked for, or is an error.
///
/// # Errors
/// [`Refusal::Answer`] if it is about another one, or does not say about which.
pub(crate) fn answer_tasks(asked: &Asked<'_>, body: Value<'_>, task: &TaskId) -> Result<(), Refusal> {
    if of_answer(asked, body)?.tasks.iter().all(|shown| shown == task) { Ok(()) } else { Err(Refusal::Answer) }
}

/// The tasks that an answer is about; a task without an id is none.
fn of_answer(asked: &Asked<'_>, body: Value<'_>) -> Result<Shown, Refusal> {
    let Content::Result(result) = Answer::parse(asked, body)?.content else { return Ok(Shown::default()) };
    let mut found = Shown::default();
    match shape(asked.method, result)? {
        Shape::One(place) => take(&mut found, result, place)?,
        Shape::Each(place) => result.elements().try_for_each(|element| take(&mut found, element, place))?,
        Shape::Nothing => {}
    }
    Ok(found)
}

fn take(found: &mut Shown, value: Value<'_>, place: Place) -> Result<(), Refusal> {
    if value.kind() != Kind::Object || is_misspelt(value, place) {
        return Err(Refusal::Answer);
    }
    let id = |name: &str| task_id(value.get(name).filter(|id| id.kind() != Kind::Null)).map_err(|_| Refusal::Answer);
    if matches!(place, Place::Task | Place::Update | Place::Message) {
        found.conversations.extend(id("contextId")?);
    }
    match place {
        Place::Task => found.tasks.push(id("id")?.ok_or(Refusal::Answer)?),
        Place::Update => found.tasks.push(id("taskId")?.ok_or(Refusal::Answer)?),
        Place::Message => found.tasks.extend(id("taskId")?),
        Place::Push => {
            found.tasks.extend(id("taskId")?);
            found.tasks.extend(resource_task(value.get("name")).map_err(|_| Refusal::Answer)?);
        }
        Place::Payload => {
            for member in value.members() {
                let place = match member.name.as_str().unwrap_or_default().as_ref() {
                    "task" => Place::Task,
                    "statusUpdate" | "artifactUpdate" => Place::Update,
                    _ => Place::Message,
                };
                take(found, member.value, place)?;
            }
        }
        Place::Configs => {
            let configs = value.get("configs").into_iter().flat_map(Value::elements);
            configs.into_iter().try_for_each(|config| take(found, config, Place::Push))?;
        }
        Place::Status
        | Place::Artifact
        | Place::Part
        | Place::File
        | Place::Authentication
        | Place::Tasks
        | Place::Card
        | Place::Skill
        | Place::Error
        | Place::ErrorFrame => {}
    }
    Ok(())
}
