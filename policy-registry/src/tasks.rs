//! Tasks: who made one, by calling which tool. Each question is put to the table; nothing is remembered.

use std::collections::{HashMap, HashSet};

use tokio::time::Instant;

use crate::key::Key;
use crate::principal::Principal;
use crate::put::{PutFault, put_once};
use crate::read::{KEYS_MAX, ReadFault, read};
use crate::record::{ConversationRecord, Item, MalformedItem, TaskRecord};
use crate::registry::Registry;
use crate::task_id::TaskId;

/// Most tasks that one question can be about; the rest of a longer list is not looked up.
pub const TASKS_MAX: usize = 1_000;

/// Why a task is not the caller's to ask for, or cannot be recorded as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskRefusal {
    /// No such task was recorded in the tenant.
    Unknown,
    /// It is somebody else's.
    Foreign,
    /// Its time is over.
    Expired,
    /// One of that id is recorded for somebody else, or for another tool.
    Conflict,
    /// The item is not what it should be: the attribute.
    Malformed(&'static str),
    /// The table did not answer in time, or at all: the cause.
    Unavailable(&'static str),
}

impl Registry {
    /// Records a task by one conditional write: the same one may be recorded again, and no other under its id.
    ///
    /// # Errors
    /// [`TaskRefusal::Conflict`], or [`TaskRefusal::Unavailable`] within the timeout of the settings and before `deadline`.
    pub async fn record_task(&self, task: &TaskRecord, deadline: Instant) -> Result<(), TaskRefusal> {
        let written = self
            .in_time(deadline, async { Ok(put_once(self.client().await?, self.table(), task.to_item(), &[]).await?) });
        written.await
    }

    /// Makes a conversation a caller's, or keeps it so, by one conditional write.
    ///
    /// # Errors
    /// [`TaskRefusal::Foreign`] if it is somebody else's, or [`TaskRefusal::Unavailable`] within the timeout of the settings and
    /// before `deadline`.
    pub async fn claim_conversation(
        &self,
        conversation: &ConversationRecord,
        deadline: Instant,
    ) -> Result<(), TaskRefusal> {
        let item = conversation.to_item();
        let written =
            self.in_time(deadline, async { Ok(put_once(self.client().await?, self.table(), item, &[]).await?) });
        written.await.map_err(|refusal| match refusal {
            TaskRefusal::Conflict => TaskRefusal::Foreign,
            TaskRefusal::Unknown
            | TaskRefusal::Foreign
            | TaskRefusal::Expired
            | TaskRefusal::Malformed(_)
            | TaskRefusal::Unavailable(_) => refusal,
        })
    }

    /// Finds a caller's task, by one strongly consistent read. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`TaskRefusal`]: it is not the caller's task now, or that cannot be said within the timeout of the settings and before
    /// `deadline`.
    pub async fn find_task(
        &self,
        owner: &Principal,
        id: &TaskId,
        now: u64,
        deadline: Instant,
    ) -> Result<TaskRecord, TaskRefusal> {
        let key = Key::task(&owner.tenant, id);
        let found = self.in_time(deadline, async {
            let items = read(self.client().await?, self.table(), std::slice::from_ref(&key)).await?;
            check(items.get(&key), owner, id, now)
        });
        found.await
    }

    /// Finds which of these are a caller's tasks; of more than [`TASKS_MAX`] the first so many.
    ///
    /// # Errors
    /// [`TaskRefusal::Unavailable`] or [`TaskRefusal::Malformed`] if the table does not answer for all of them.
    pub async fn find_tasks(
        &self,
        owner: &Principal,
        ids: impl IntoIterator<Item = TaskId>,
        now: u64,
        deadline: Instant,
    ) -> Result<HashMap<TaskId, TaskRecord>, TaskRefusal> {
        let mut seen = HashSet::new();
        let ids: Vec<TaskId> = ids.into_iter().filter(|id| seen.insert(id.clone())).take(TASKS_MAX).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self.in_time(deadline, async {
            let client = self.client().await?;
            let mut own = HashMap::new();
            for ids in ids.chunks(KEYS_MAX) {
                let keys: Vec<Key> = ids.iter().map(|id| Key::task(&owner.tenant, id)).collect();
                let items = read(client, self.table(), &keys).await?;
                let found = ids.iter().zip(&keys).filter_map(|(id, key)| {
                    // One that is foreign, expired or malformed is none of the caller's.
                    Some((id.clone(), check(items.get(key), owner, id, now).ok()?))
                });
                own.extend(found);
            }
            Ok(own)
        });
        found.await
    }
}

/// The item must be about this very task and this very caller, whatever its key says.
fn check(item: Option<&Item>, owner: &Principal, id: &TaskId, now: u64) -> Result<TaskRecord, TaskRefusal> {
    let task = TaskRecord::from_item(item.ok_or(TaskRefusal::Unknown)?)?;
    if task.tenant != owner.tenant {
        return Err(TaskRefusal::Malformed("tenantId"));
    }
    if task.id != *id {
        return Err(TaskRefusal::Malformed("taskId"));
    }
    if *task.issuer != *owner.issuer || task.subject != owner.subject.as_str() {
        return Err(TaskRefusal::Foreign);
    }
    if now > task.expires_at {
        return Err(TaskRefusal::Expired);
    }
    Ok(task)
}

impl From<ReadFault> for TaskRefusal {
    fn from(fault: ReadFault) -> TaskRefusal {
        match fault {
            ReadFault::Malformed(part) => TaskRefusal::Malformed(part),
            ReadFault::Unavailable(cause) => TaskRefusal::Unavailable(cause),
        }
    }
}

impl From<PutFault> for TaskRefusal {
    fn from(fault: PutFault) -> TaskRefusal {
        match fault {
            PutFault::Taken => TaskRefusal::Conflict,
            PutFault::Unavailable(cause) => TaskRefusal::Unavailable(cause),
        }
    }
}

impl From<MalformedItem> for TaskRefusal {
    fn from(item: MalformedItem) -> TaskRefusal {
        TaskRefusal::Malformed(item.0)
    }
}
