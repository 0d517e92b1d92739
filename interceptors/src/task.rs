//! Tasks: a call is answered with one, and later messages ask for it by its id. Whose it is says the registry alone.

use policy_model::json::{Kind, Value};
use policy_model::{Resource, ToolName};
use policy_registry::{Principal, Registry, TaskId, TaskRecord, TaskRefusal};
use tokio::time::Instant;

use crate::answer::Answer;
use crate::audit::Trail;
use crate::catalog::key_of;
use crate::message::Message;
use crate::method::{Handling, Listed};
use crate::question::Question;
use crate::refusal::Refusal;
use crate::settings::TaskMode;
use crate::task_list::OwnTasks;
use crate::token::Grace;
use crate::wanted::Wanted;

/// The tasks of one caller at one time.
pub(crate) struct Tasks<'w> {
    pub(crate) registry: &'w Registry,
    pub(crate) mode: TaskMode,
    pub(crate) owner: &'w Principal,
    /// Seconds since 1970.
    pub(crate) now: u64,
    /// How long after its time a task that was asked for before is still the caller's.
    pub(crate) grace: Grace,
    pub(crate) deadline: Instant,
}

impl Tasks<'_> {
    /// Finds the tool whose call made the task that a message is about: it is what the message asks for.
    pub(crate) async fn resolve<'d>(&self, message: Message<'d>, trail: &mut Trail) -> Result<Message<'d>, Refusal> {
        let id = match message.handling() {
            Handling::Task(_) => message.task(),
            Handling::List(Listed::Tasks) => None,
            Handling::List(Listed::Tools | Listed::Prompts | Listed::Resources | Listed::Templates)
            | Handling::Session
            | Handling::Ask(_)
            | Handling::NotGrantable => return Ok(message),
        };
        match self.mode {
            TaskMode::Off => return Err(Refusal::NotGrantable),
            TaskMode::Record => {}
        }
        let Some(id) = id else { return Ok(message) };
        trail.task(id);
        let now = self.now.saturating_sub(self.grace.seconds());
        let task = self.registry.find_task(self.owner, id, now, self.deadline).await?;
        let message = about(message, task.tool)?;
        message.wanted().map(Wanted::resource).transpose()?.iter().for_each(|tool| trail.resource(tool));
        Ok(message)
    }

    /// Of the tasks that an answer lists the caller's own.
    pub(crate) async fn own(&self, answer: Option<Value<'_>>) -> Result<OwnTasks, Refusal> {
        let list = answer.and_then(|answer| answer.get("result")?.get("tasks"));
        let entries = list.into_iter().flat_map(Value::elements);
        let ids = entries.filter_map(|entry| TaskId::parse(&key_of(entry, "taskId")?).ok());
        Ok(self.registry.find_tasks(self.owner, ids, self.now, self.deadline).await?)
    }

    /// Records the task that a call is answered with, if it is. An answer whose task cannot be recorded is withheld: the caller
    /// would wait for something that it can never ask for.
    pub(crate) async fn record(
        &self,
        question: &Question<'_>,
        answer: &Answer<'_>,
        trail: &mut Trail,
    ) -> Result<(), Refusal> {
        let wanted = match (self.mode, question) {
            (TaskMode::Record, Question::Call { wanted, .. }) => wanted,
            (TaskMode::Off | TaskMode::Record, _) => return Ok(()),
        };
        let Some(created) = answer.result().map(Created::parse).transpose()?.flatten() else { return Ok(()) };
        trail.task(&created.id);
        let tool = match wanted.resource()? {
            // What a search finds is filtered as its answer; what it would find later could not be.
            Resource::Tool(tool) if !tool.is_search() => tool,
            Resource::Tool(_)
            | Resource::Prompt(_)
            | Resource::Uri(_)
            | Resource::Template(_)
            | Resource::Agent(_)
            | Resource::Model(_) => return Err(Refusal::Answer),
        };
        let expires_at = created.expires_at(self.now);
        let task = TaskRecord::of_call(self.owner, created.id, &tool, expires_at);
        Ok(self.registry.record_task(&task, self.deadline).await?)
    }
}

/// The message, which asks for the tool whose call made the task. Targets give ids of their own: within one, a task of another's
/// tool says nothing of the task that this target knows by its id.
fn about(message: Message<'_>, tool: String) -> Result<Message<'_>, Refusal> {
    // Nor does a task of an agent.
    let is_known = ToolName::parse(&tool).is_ok_and(|tool| message.names.includes(&tool));
    if is_known { Ok(message.asking_for(Wanted::of_task(tool))) } else { Err(TaskRefusal::Unknown.into()) }
}

/// Whether a result says of itself that it is a task (MCP 2026-07-28, extension `io.modelcontextprotocol/tasks`).
pub(crate) fn says_task(result: Value<'_>) -> bool {
    result.get("resultType").is_some_and(|kind| kind.is_str("task"))
}

/// A task in the place of a tool's result.
#[derive(Debug, PartialEq, Eq)]
struct Created {
    id: TaskId,
    /// How long the server keeps it, in milliseconds; `None` if it does not say.
    lifetime: Option<u64>,
}

impl Created {
    /// Takes the task from a result that is one, or has one and nothing else of a tool's; `None` from any other result.
    fn parse(result: Value<'_>) -> Result<Option<Created>, Refusal> {
        let is_task = says_task(result);
        let outer = Some(result).filter(|_| is_task);
        let inner = result.get("task").filter(|_| is_task || result.get("content").is_none());
        let tasks = outer.into_iter().chain(inner).filter(|task| task.get("taskId").is_some());
        let mut tasks = tasks.map(Created::of).collect::<Result<Vec<Created>, Refusal>>()?.into_iter();
        match (tasks.next(), tasks.next()) {
            (None, _) if is_task => Err(Refusal::Answer),
            (first, None) => Ok(first),
            (Some(first), Some(second)) if first == second => Ok(Some(first)),
            (_, Some(_)) => Err(Refusal::Answer),
        }
    }

    fn of(task: Value<'_>) -> Result<Created, Refusal> {
        let id = task.get("taskId").and_then(Value::as_str).and_then(|id| TaskId::parse(&id).ok());
        let [old, new] = ["ttl", "ttlMs"].map(|name| task.get(name).map_or(Ok(None), lifetime));
        let lifetime = [old?, new?].into_iter().flatten().min();
        Ok(Created { id: id.ok_or(Refusal::Answer)?, lifetime })
    }

    /// The last second of it, counted from `now`.
    fn expires_at(&self, now: u64) -> u64 {
        let seconds = self.lifetime.map_or(LIFETIME_SECONDS_MAX, |lifetime| lifetime.div_ceil(1_000));
        now.saturating_add(seconds.min(LIFETIME_SECONDS_MAX))
    }
}

/// A whole number of milliseconds, or null.
fn lifetime(value: Value<'_>) -> Result<Option<u64>, Refusal> {
    match value.kind() {
        Kind::Null => Ok(None),
        // More digits than a number has room for are more than the most that counts.
        Kind::Number if value.text().bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Some(value.text().parse().unwrap_or(u64::MAX)))
        }
        Kind::Number | Kind::Bool | Kind::String | Kind::Array | Kind::Object => Err(Refusal::Answer),
    }
}

/// Longest time for which a task is remembered, in seconds: a day.
pub(crate) const LIFETIME_SECONDS_MAX: u64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::*;
    use crate::message::Content;
    use crate::method::Method;
    use crate::names::Names;

    #[test]
    fn within_a_target_only_tasks_of_its_own_tools_are_known() {
        let body = json::parse(b"{}").unwrap();
        let (method, task) = (Method::find("tasks/get").unwrap(), TaskId::parse("t-1").ok());
        let content = Content::Request { id: "1", method, wanted: None, task };
        let of =
            |names, tool: &str| about(Message { body: body.root(), content: content.clone(), names }, tool.to_owned());
        let orders = Names::within("orders").unwrap();
        for (names, tool, is_known) in [
            (orders, "orders___export", true),
            (orders, "crm___export", false),
            (orders, "orders-eu___export", false),
            (orders, "x_amz_bedrock_agentcore_search", false),
            (Names::GATEWAY, "orders___export", true),
            (Names::GATEWAY, "crm___export", true),
        ] {
            let found = of(names, tool).map(|message| {
                message.wanted().unwrap().resource().unwrap() == Resource::Tool(ToolName::parse(tool).unwrap())
            });
            assert_eq!(found, if is_known { Ok(true) } else { Err(TaskRefusal::Unknown.into()) }, "{tool}");
        }
    }

    #[test]
    fn a_task_stands_in_a_result_or_is_one() {
        let task = |text: &str, lifetime| check(text, Ok(Some(("t-1", lifetime))));
        task(r#"{"task":{"taskId":"t-1","ttl":60000}}"#, Some(60_000));
        task(r#"{"task":{"taskId":"t-1","ttl":null},"_meta":{}}"#, None);
        task(r#"{"task":{"taskId":"t-1"}}"#, None);
        task(r#"{"resultType":"task","taskId":"t-1","ttlMs":60000}"#, Some(60_000));
        task(r#"{"resultType":"task","taskId":"t-1","ttlMs":null}"#, None);
        task(r#"{"resultType":"task","task":{"taskId":"t-1","ttlMs":5}}"#, Some(5));
        task(r#"{"resultType":"task","taskId":"t-1","content":[]}"#, None);
        task(r#"{"task":{"taskId":"t-1","ttl":9,"ttlMs":7}}"#, Some(7));
        task(r#"{"task":{"taskId":"t-1","ttl":99999999999999999999999}}"#, Some(u64::MAX));
    }

    #[test]
    fn other_results_have_none() {
        for text in [
            r#"{"content":[],"task":{"taskId":"t-1"}}"#,
            r#"{"content":[],"taskId":"t-1"}"#,
            r#"{"resultType":"complete","taskId":"t-1"}"#,
            r#"{"task":{"name":"t-1"}}"#,
            r#"{"task":"t-1"}"#,
            r#"{"structuredContent":{"task":{"taskId":"t-1"}}}"#,
            "null",
            "[]",
        ] {
            check(text, Ok(None));
        }
    }

    #[test]
    fn a_task_without_one_proper_id_and_lifetime_is_no_answer() {
        let long = format!(r#"{{"task":{{"taskId":"{}"}}}}"#, "x".repeat(257));
        for text in [
            r#"{"task":{"taskId":1}}"#,
            r#"{"task":{"taskId":null}}"#,
            r#"{"task":{"taskId":""}}"#,
            r#"{"task":{"taskId":"a\nb"}}"#,
            r#"{"task":{"taskId":"t-1","ttl":"60000"}}"#,
            r#"{"task":{"taskId":"t-1","ttl":-1}}"#,
            r#"{"task":{"taskId":"t-1","ttl":1.5}}"#,
            r#"{"resultType":"task"}"#,
            r#"{"resultType":"task","task":{}}"#,
            r#"{"resultType":"task","taskId":"t-1","task":{"taskId":"t-2"}}"#,
            &long,
        ] {
            check(text, Err(Refusal::Answer));
        }
    }

    #[test]
    fn a_task_lasts_as_long_as_the_server_says_and_a_day_at_most() {
        for (lifetime, seconds) in [
            (Some(0), 0),
            (Some(1), 1),
            (Some(60_000), 60),
            (Some(60_001), 61),
            (None, 86_400),
            (Some(u64::MAX), 86_400),
        ] {
            let task = Created { id: TaskId::parse("t-1").unwrap(), lifetime };
            assert_eq!(task.expires_at(1_000), 1_000 + seconds, "{lifetime:?}");
        }
    }

    fn check(text: &str, expected: Result<Option<(&str, Option<u64>)>, Refusal>) {
        let document = json::parse(text.as_bytes()).unwrap();
        let created = Created::parse(document.root()).map(|created| created.map(|it| (it.id, it.lifetime)));
        let expected = expected.map(|it| it.map(|(id, lifetime)| (TaskId::parse(id).unwrap(), lifetime)));
        assert_eq!(created, expected, "{text}");
    }
}
