//! Changed tools: what lists showed of pinned tools that no pin allowed. Calls ask, with a bound on how old the answer is; lists
//! look at the table itself, and set it right.

mod held;
mod write;

use std::collections::HashMap;

use policy_model::{Digest, TenantId, ToolName};
use tokio::time::Instant;

pub(crate) use self::held::Changes;
use crate::key::Key;
use crate::moment::Moment;
use crate::read::{KEYS_MAX, ReadFault, read};
use crate::record::{ChangeRecord, MalformedItem};
use crate::registry::Registry;

/// Most records that one list makes or removes; of a list with more changes the first so many are noted.
pub const CHANGES_WRITTEN_MAX: usize = 1_000;

/// What a list shows of a pinned tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sighting {
    /// A definition that is pinned.
    Pinned,
    /// One that is not; `None` if it has no digest.
    Changed(Option<Digest>),
}

/// Why it is not known, or cannot be noted, what became of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// The item is not what it should be: the attribute.
    Malformed(&'static str),
    /// The table did not answer in time, or at all: the cause.
    Unavailable(&'static str),
    /// One list has more changes than are noted at once.
    TooMany,
}

impl Registry {
    /// What was last seen of a tool that no pin allowed, if something was: at most as old as the settings let an answer be. A
    /// first question, and one after that time, is one strongly consistent read.
    ///
    /// # Errors
    /// [`ChangeRefusal`] within the timeout of the settings and before `deadline`; it is not remembered.
    pub async fn find_change(
        &self,
        tenant: &TenantId,
        tool: &ToolName<'_>,
        deadline: Instant,
    ) -> Result<Option<ChangeRecord>, ChangeRefusal> {
        let key = Key::change(tenant, tool);
        let question = async {
            let found = self.read_changes(tenant, &[(*tool, key.clone())]).await?;
            Ok(found.into_values().next())
        };
        // The bound is also for those who wait for somebody else's question.
        self.in_time(deadline, self.changes.find_or_ask(&key, self.cache_ttl(), question)).await
    }

    /// The same for several tools, by one read for each hundred of them, of the table itself.
    ///
    /// # Errors
    /// As [`Registry::find_change`].
    pub async fn find_changes(
        &self,
        tenant: &TenantId,
        tools: &[ToolName<'_>],
        deadline: Instant,
    ) -> Result<HashMap<String, ChangeRecord>, ChangeRefusal> {
        if tools.is_empty() {
            return Ok(HashMap::new());
        }
        let keys: Vec<(ToolName<'_>, Key)> = tools.iter().map(|tool| (*tool, Key::change(tenant, tool))).collect();
        self.in_time(deadline, self.read_changes(tenant, &keys)).await
    }

    /// Notes what a list shows of pinned tools, each of them once: makes a record of a definition that is not pinned, unless the
    /// same is there, and removes the record of a tool whose definition is pinned again. `now` is in seconds since 1970.
    ///
    /// One read for each hundred tools; one write for each 25 records that are made, and for each one that is removed. Whatever
    /// is noted twice, or by two at once, comes to the same; of two who disagree the one who saw a change wins.
    ///
    /// # Errors
    /// [`ChangeRefusal`] if not all of it could be noted.
    pub async fn note_sightings(
        &self,
        tenant: &TenantId,
        sightings: &[(ToolName<'_>, Sighting)],
        now: u64,
        deadline: Instant,
    ) -> Result<(), ChangeRefusal> {
        if sightings.is_empty() {
            return Ok(());
        }
        let noted = self.in_time(deadline, async {
            let keys: Vec<(ToolName<'_>, Key)> =
                sightings.iter().map(|(tool, _)| (*tool, Key::change(tenant, tool))).collect();
            let asked = Moment::now();
            let records = self.read_changes(tenant, &keys).await?;
            let plan = write::Plan::of(tenant, sightings, keys, &records, now);
            plan.write(self.client().await?, self.table()).await?;
            let is_cut = plan.is_cut();
            plan.remember(&self.changes, asked.after(self.cache_ttl()));
            if is_cut { Err(ChangeRefusal::TooMany) } else { Ok(()) }
        });
        noted.await
    }

    async fn read_changes(
        &self,
        tenant: &TenantId,
        keys: &[(ToolName<'_>, Key)],
    ) -> Result<HashMap<String, ChangeRecord>, ChangeRefusal> {
        let client = self.client().await?;
        let mut found = HashMap::new();
        for part in keys.chunks(KEYS_MAX) {
            let wanted: Vec<Key> = part.iter().map(|(_, key)| key.clone()).collect();
            let items = read(client, self.table(), &wanted).await?;
            for (tool, key) in part {
                if let Some(item) = items.get(key) {
                    found.insert(tool.as_str().to_owned(), ChangeRecord::from_item(item, tenant, tool)?);
                }
            }
        }
        Ok(found)
    }
}

impl From<ReadFault> for ChangeRefusal {
    fn from(fault: ReadFault) -> ChangeRefusal {
        match fault {
            ReadFault::Malformed(part) => ChangeRefusal::Malformed(part),
            ReadFault::Unavailable(cause) => ChangeRefusal::Unavailable(cause),
        }
    }
}

impl From<MalformedItem> for ChangeRefusal {
    fn from(item: MalformedItem) -> ChangeRefusal {
        ChangeRefusal::Malformed(item.0)
    }
}
