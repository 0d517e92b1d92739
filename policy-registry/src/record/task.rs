//! Which caller's call of which tool made a task.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{TenantId, ToolName};

use super::attributes::{check_header, header, take, take_tenant, text};
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
    /// The name of the tool whose call made it; never the gateway's search.
    pub tool: String,
    /// The last second in which it counts, since 1970. DynamoDB deletes the item some time after it.
    pub expires_at: u64,
}

impl TaskRecord {
    /// The record of a call's task.
    pub fn of_call(owner: &Principal, id: TaskId, tool: &ToolName<'_>, expires_at: u64) -> TaskRecord {
        TaskRecord {
            tenant: owner.tenant.clone(),
            id,
            issuer: owner.issuer.as_ref().to_owned(),
            subject: owner.subject.as_str().to_owned(),
            tool: tool.as_str().to_owned(),
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
        if ToolName::parse(tool).is_ok_and(|tool| !tool.is_search()) {
            Ok(TaskRecord {
                tenant: take_tenant(item)?,
                id: TaskId::parse(take(item, "taskId")?).map_err(|_| MalformedItem("taskId"))?,
                issuer: take(item, "issuer")?.to_owned(),
                subject: take(item, "subject")?.to_owned(),
                tool: tool.to_owned(),
                expires_at: take_seconds(item)?,
            })
        } else {
            Err(MalformedItem("tool"))
        }
    }
}

fn take_seconds(item: &Item) -> Result<u64, MalformedItem> {
    let number = item.get(EXPIRES_AT).and_then(|value| value.as_n().ok());
    number.and_then(|number| number.parse().ok()).ok_or(MalformedItem(EXPIRES_AT))
}

/// The attribute by which DynamoDB knows what to delete.
pub const EXPIRES_AT: &str = "expiresAt";
