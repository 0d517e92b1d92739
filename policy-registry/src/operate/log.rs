//! The log: what operators did, the newest first.

use std::cmp::Reverse;

use policy_model::TenantId;

use super::clock::{DAY_SECONDS, Stamp, day, random_hex};
use super::held::Entry;
use super::pages::{Listed, Pages, Question};
use super::{OperateError, Operator};
use crate::key::Key;
use crate::record::{
    CHANGE_SET_LOG_PREFIX, ChangeSet, Item, KILL_LOG_PREFIX, LogEntry, MEMBER_PREFIX, REVISION_PREFIX, ROUTE_LOG_PREFIX,
};

/// Whose log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogScope {
    /// A tenant's, also one that was removed.
    Tenant(TenantId),
    /// That of the baseline, routes, kills and abandoned change sets.
    Platform,
}

impl Operator {
    /// The newest entries of a log, at most `limit`, the newest first.
    ///
    /// # Errors
    /// [`OperateError::Table`].
    pub async fn log(&self, scope: &LogScope, limit: usize) -> Result<Vec<Listed<LogEntry>>, OperateError> {
        let (tenant, prefixes): (_, &[&'static str]) = match scope {
            LogScope::Tenant(tenant) => (Some(tenant), &[REVISION_PREFIX, MEMBER_PREFIX]),
            LogScope::Platform => (None, &[REVISION_PREFIX, ROUTE_LOG_PREFIX, KILL_LOG_PREFIX, CHANGE_SET_LOG_PREFIX]),
        };
        let mut entries = Vec::new();
        for prefix in prefixes {
            entries.extend(self.entries(tenant, prefix).take(limit).await?);
        }
        Ok(newest(entries, limit))
    }

    /// The newest entries of all logs, at most `limit`, the newest first, of the last `days` days (today is the first). A change set
    /// is one entry, with how many policies it has and its state.
    ///
    /// # Errors
    /// [`OperateError::Table`].
    pub async fn recent_log(&self, days: u64, limit: usize) -> Result<Vec<Listed<LogEntry>>, OperateError> {
        let today = Stamp::now().seconds();
        let first_day = (today / DAY_SECONDS + 1).saturating_sub(days);
        let mut sets = Vec::new();
        let mut pages = self.change_sets();
        while let Some(page) = pages.next().await? {
            let is_recent = |set: &ChangeSet| set.at / DAY_SECONDS >= first_day;
            let page = page.into_iter().filter(|set| set.as_ref().map_or(true, is_recent));
            sets.extend(page.map(|set| set.map(|set| LogEntry::of_set(&set))));
            sets = newest(sets, limit);
        }
        let mut entries = Vec::new();
        for back in 0..days {
            let place = Key::log_of_day(&day(today.saturating_sub(back.saturating_mul(DAY_SECONDS)))?);
            let mut pages = Pages::new(self, Question::listed_in(place), LogEntry::from_item);
            while let Some(page) = pages.next().await? {
                entries.extend(page);
                // Never more than a page above what is wanted.
                entries = newest(entries, limit);
            }
            if entries.len() >= limit {
                break;
            }
        }
        Ok(newest(entries.into_iter().chain(sets).collect(), limit))
    }

    /// The revisions of a tenant, or of the baseline, the newest first.
    pub fn revisions(&self, tenant: Option<&TenantId>) -> Pages<LogEntry> {
        self.entries(tenant, REVISION_PREFIX)
    }

    fn entries(&self, tenant: Option<&TenantId>, prefix: &'static str) -> Pages<LogEntry> {
        let question = Question::partition(Key::log(tenant)).beginning(prefix).descending();
        Pages::new(self, question, LogEntry::from_item)
    }

    /// The item of an entry that is found by its time.
    pub(super) fn timed(
        &self,
        entry: &Entry,
        tenant: Option<&TenantId>,
        prefix: &'static str,
    ) -> Result<Item, OperateError> {
        let place = format!("{prefix}{}#{}", entry.at.text()?, random_hex::<4>()?);
        let entry = entry.in_log(tenant, place);
        Ok(entry.to_item(&day(entry.at)?))
    }
}

/// The newest of them, the newest first; what cannot be read comes first.
fn newest(mut entries: Vec<Listed<LogEntry>>, limit: usize) -> Vec<Listed<LogEntry>> {
    entries.sort_by_key(|entry| {
        Reverse(
            entry.as_ref().map_or((u64::MAX, 0, String::new()), |entry| (entry.at, entry.millis, entry.place.clone())),
        )
    });
    entries.truncate(limit);
    entries
}
