//! Tasks that agents make of messages: whose they are says the registry alone, as of those that tools make.

use std::collections::HashSet;

use policy_model::AgentName;
use policy_model::json::Value;
use policy_registry::{ConversationRecord, TaskId, TaskRecord, TaskRefusal};

use crate::audit::Trail;
use crate::refusal::Refusal;
use crate::task::{LIFETIME_SECONDS_MAX, Tasks};

impl Tasks<'_> {
    /// Whether the caller can ask an agent for all of these tasks.
    pub(crate) async fn check_of_agent(&self, ids: &[&TaskId], agent: &str, trail: &mut Trail) -> Result<(), Refusal> {
        let now = self.now.saturating_sub(self.grace.seconds());
        if let [id] = ids {
            trail.task(id);
            let task = self.registry.find_task(self.owner, id, now, self.deadline).await?;
            return if task.agent() == Some(agent) { Ok(()) } else { Err(TaskRefusal::Unknown.into()) };
        }
        if ids.len() > TASKS_MAX {
            return Err(TaskRefusal::Unknown.into());
        }
        let found = self.registry.find_tasks(self.owner, ids.iter().copied().cloned(), now, self.deadline).await?;
        // Agents give ids of their own: a task of another says nothing of this one's.
        let is_own = |id: &&TaskId| found.get(*id).is_some_and(|task| task.agent() == Some(agent));
        match ids.iter().find(|id| !is_own(id)) {
            None => Ok(()),
            Some(id) => {
                trail.task(id);
                Err(TaskRefusal::Unknown.into())
            }
        }
    }

    /// Makes a conversation with an agent the caller's. One of somebody else, of whatever tenant, is not known.
    pub(crate) async fn claim_conversation(&self, id: TaskId, agent: &str) -> Result<(), Refusal> {
        let agent = AgentName::parse(agent).ok_or(TaskRefusal::Unknown)?;
        let expires_at = self.now.saturating_add(CONVERSATION_SECONDS);
        let conversation = ConversationRecord::new(self.owner, &agent, id, expires_at);
        Ok(self.registry.claim_conversation(&conversation, self.deadline).await?)
    }

    /// Of the tasks that an answer of an agent lists the caller's own.
    pub(crate) async fn own_of_agent(&self, answer: Value<'_>, agent: &str) -> Result<HashSet<String>, Refusal> {
        let list = answer.get("result").unwrap_or(answer).get("tasks");
        let entries = list.into_iter().flat_map(Value::elements);
        let ids = entries.filter_map(|entry| TaskId::parse(&entry.get("id")?.as_str()?).ok());
        let found = self.registry.find_tasks(self.owner, ids, self.now, self.deadline).await?;
        let own = found.into_iter().filter(|(_, task)| task.agent() == Some(agent));
        Ok(own.map(|(id, _)| id.as_str().to_owned()).collect())
    }

    /// Records a task that an agent made for the caller.
    pub(crate) async fn record_of_agent(&self, id: TaskId, agent: &AgentName<'_>) -> Result<(), Refusal> {
        let expires_at = self.now.saturating_add(LIFETIME_SECONDS_MAX);
        let task = TaskRecord::of_agent(self.owner, id, agent, expires_at);
        Ok(self.registry.record_task(&task, self.deadline).await?)
    }
}

/// Most tasks that one message refers to: as many as one read finds.
const TASKS_MAX: usize = 100;

/// How long a conversation stays its owner's after its last message: 30 days.
const CONVERSATION_SECONDS: u64 = 30 * 24 * 60 * 60;
