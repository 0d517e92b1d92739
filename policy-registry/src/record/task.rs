//! Which caller's call of which tool made a task.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{AgentName, TenantId, ToolName};

use super::attributes::{check_header, header, take, take_seconds, take_tenant, text};
use super::{Item, MalformedItem};
use crate::key::Key;
use crate::principal::Principal;
use crate::task_id::TaskId;

/// A task, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRecord {
    /// The tenant in which it was made.
    pub tenant: TenantId,
    /// What the target calls it.
    pub id: TaskId,
    /// Issuer of the caller's token.
    pub issuer: String,
    /// The caller as that issuer names it.
    pub subject: String,
    /// What made it: the name of the tool that was called, never the gateway's search, or an agent as policies name it.
    pub tool: String,
    /// The last second in which it counts, since 1970. DynamoDB deletes the item some time after it.
    pub expires_at: u64,
}

impl TaskRecord {
    /// The record of a call's task.
    pub fn of_call(owner: &Principal, id: TaskId, tool: &ToolName<'_>, expires_at: u64) -> TaskRecord {
        TaskRecord::new(owner, id, tool.as_str().to_owned(), expires_at)
    }

    /// The record of a task that an agent made of a message.
    pub fn of_agent(owner: &Principal, id: TaskId, agent: &AgentName<'_>, expires_at: u64) -> TaskRecord {
        TaskRecord::new(owner, id, format!("{AGENT}{}", agent.as_str()), expires_at)
    }

    /// The agent that made it, if one did.
    pub fn agent(&self) -> Option<&str> {
        self.tool.strip_prefix(AGENT)
    }

    fn new(owner: &Principal, id: TaskId, tool: String, expires_at: u64) -> TaskRecord {
        TaskRecord {
            tenant: owner.tenant.clone(),
            id,
            issuer: owner.issuer.as_ref().to_owned(),
            subject: owner.subject.as_str().to_owned(),
            tool,
            expires_at,
        }
    }

    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::task(&self.tenant, &self.id)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "task");
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("taskId".into(), text(self.id.as_str()));
        item.insert("issuer".into(), text(&self.issuer));
        item.insert("subject".into(), text(&self.subject));
        item.insert("tool".into(), text(&self.tool));
        item.insert(EXPIRES_AT.into(), AttributeValue::N(self.expires_at.to_string()));
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<TaskRecord, MalformedItem> {
        check_header(item, "task")?;
        let tool = take(item, "tool")?;
        // A search is answered at once, and its answer filtered like a list: none of its tasks is ever recorded.
        let is_agent = tool.strip_prefix(AGENT).is_some_and(|name| AgentName::parse(name).is_some());
        if is_agent || ToolName::parse(tool).is_ok_and(|tool| !tool.is_search()) {
            Ok(TaskRecord {
                tenant: take_tenant(item)?,
                id: TaskId::parse(take(item, "taskId")?).map_err(|_| MalformedItem("taskId"))?,
                issuer: take(item, "issuer")?.to_owned(),
                subject: take(item, "subject")?.to_owned(),
                tool: tool.to_owned(),
                expires_at: take_seconds(item, EXPIRES_AT)?,
            })
        } else {
            Err(MalformedItem("tool"))
        }
    }
}

/// The attribute by which DynamoDB knows what to delete.
pub const EXPIRES_AT: &str = "expiresAt";

/// Begins what stands for an agent.
const AGENT: &str = "agent:agent:";
