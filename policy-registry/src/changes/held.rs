//! What is remembered of changed tools, for calls.

use std::fmt;
use std::time::Duration;

use quick_cache::sync::Cache;

use super::ChangeRefusal;
use crate::key::Key;
use crate::moment::Moment;
use crate::record::ChangeRecord;

/// What is known of each tool that was asked about, for as long as it counts.
pub(crate) struct Changes(Cache<Key, Held>);

#[derive(Clone)]
struct Held {
    record: Option<ChangeRecord>,
    expires: Moment,
}

impl Changes {
    pub(crate) fn new(entries_max: usize) -> Changes {
        Changes(Cache::new(entries_max))
    }

    /// What is known, or comes of a question that simultaneous callers put once.
    pub(super) async fn find_or_ask(
        &self,
        key: &Key,
        ttl: Duration,
        ask: impl Future<Output = Result<Option<ChangeRecord>, ChangeRefusal>>,
    ) -> Result<Option<ChangeRecord>, ChangeRefusal> {
        if let Some(held) = self.0.get(key) {
            if !held.expires.is_over() {
                return Ok(held.record);
            }
            self.0.remove_if(key, |other| other.expires == held.expires);
        }
        match self.0.get_value_or_guard_async(key).await {
            Ok(held) => Ok(held.record),
            Err(place) => {
                // Counted from before the question: what the table said is at most this old.
                let expires = Moment::now().after(ttl);
                let record = ask.await?;
                // The place is given up only when the cache was cleared meanwhile.
                drop(place.insert(Held { record: record.clone(), expires }));
                Ok(record)
            }
        }
    }

    pub(super) fn hold(&self, key: Key, record: Option<ChangeRecord>, expires: Moment) {
        self.0.insert(key, Held { record, expires });
    }

    pub(super) fn forget(&self, key: &Key) {
        self.0.remove(key);
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Changes").field("held", &self.0.len()).finish_non_exhaustive()
    }
}
