//! How a tenant or the baseline is changed: by one transaction, on condition that it is as it was read, with an entry in the log.

use policy_model::TenantId;

use super::clock::{Stamp, day};
use super::condition::Condition;
use super::pages::Question;
use super::state::{POLICY_VERSION, REVISION, SHADOW_VERSION, VERSIONS};
use super::transaction::{TransactFault, Write};
use super::{OperateError, Operator, PolicyScope, PolicyState};
use crate::key::{Key, SK, VERSION_PREFIX};
use crate::record::{Action, Item, LogEntry, MalformedItem, PolicyVersion, REVISION_PREFIX};

/// What was read, and the numbers that are given out next.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) scope: PolicyScope,
    pub(super) state: Option<PolicyState>,
    item: Option<Item>,
    /// The last revision, also of one that was removed.
    revision: u64,
    /// The last version, as above.
    pub(super) versions: u64,
}

/// What an operator does, for the log.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    pub(super) action: Action,
    pub(super) comment: Option<String>,
    pub(super) from_version: Option<u64>,
    pub(super) to_version: Option<u64>,
    pub(super) change_set: Option<String>,
    pub(super) details: Vec<(&'static str, String)>,
}

impl Deed {
    pub(super) fn new(action: Action, comment: Option<String>) -> Deed {
        Deed { action, comment, from_version: None, to_version: None, change_set: None, details: Vec::new() }
    }
}

impl Held {
    /// What is there.
    pub(super) fn require(&self) -> Result<&PolicyState, OperateError> {
        self.state.as_ref().ok_or_else(|| OperateError::NotFound(self.scope.to_string()))
    }

    /// The revision that the next change makes.
    pub(super) fn next_revision(&self) -> u64 {
        self.revision + 1
    }

    /// That it is as it was read.
    fn unchanged(&self) -> Condition {
        let Some(item) = &self.item else { return Condition::absent() };
        GUARDED.into_iter().fold(Condition::present(), |condition, name| condition.same(name, item.get(name)))
    }

    /// What is written to make `next` of it, but for documents.
    pub(super) fn to(&self, next: PolicyState, entry: &Entry) -> Result<Vec<Write>, OperateError> {
        let revision = self.next_revision();
        let mut item = self.item.clone().unwrap_or_default();
        item.retain(|name, _| !OWN.contains(&name.as_str()));
        item.extend(PolicyState { revision, ..next }.to_item());
        Ok(vec![Write::put(item, Some(self.unchanged())), self.log(revision, entry)?])
    }

    /// What is written to remove it.
    pub(super) fn removed(&self, entry: &Entry) -> Result<Vec<Write>, OperateError> {
        let delete = Write::delete(Key::pointer(&self.scope), Some(self.unchanged()));
        Ok(vec![delete, self.log(self.next_revision(), entry)?])
    }

    fn log(&self, revision: u64, entry: &Entry) -> Result<Write, OperateError> {
        let entry = entry.in_log(self.scope.tenant(), format!("{REVISION_PREFIX}{revision:010}"));
        Ok(Write::put(entry.to_item(&day(entry.at)?), Some(Condition::absent())))
    }
}

/// What an operator does, by whom and when.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) deed: Deed,
    pub(super) author: String,
    pub(super) at: Stamp,
}

impl Entry {
    pub(super) fn in_log(&self, tenant: Option<&TenantId>, place: String) -> LogEntry {
        let deed = &self.deed;
        LogEntry {
            tenant: tenant.cloned(),
            place,
            action: deed.action,
            author: self.author.clone(),
            at: self.at.seconds(),
            millis: self.at.millis(),
            comment: deed.comment.clone(),
            from_version: deed.from_version,
            to_version: deed.to_version,
            change_set: deed.change_set.clone(),
            details: deed.details.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect(),
        }
    }
}

/// How often a change was tried, against others who change the same.
#[derive(Debug, Default)]
pub(super) struct Attempts(usize);

impl Operator {
    /// An entry of now.
    pub(super) fn entry(&self, deed: Deed) -> Entry {
        Entry { deed, author: self.author.clone(), at: Stamp::now() }
    }

    /// Reads what points to the policies of a scope.
    pub(super) async fn hold(&self, scope: &PolicyScope) -> Result<Held, OperateError> {
        let item = self.read_one(&Key::pointer(scope)).await?;
        self.hold_item(scope, item).await
    }

    /// The same, of an item that was read with others.
    pub(super) async fn hold_item(&self, scope: &PolicyScope, item: Option<Item>) -> Result<Held, OperateError> {
        let read = match scope {
            PolicyScope::Baseline => PolicyState::of_baseline,
            PolicyScope::Tenant(_) => PolicyState::of_tenant,
        };
        let state = item.as_ref().map(read).transpose();
        let state = state.map_err(|malformed| OperateError::malformed(&scope.to_string(), malformed))?;
        if state.as_ref().is_some_and(|state| state.scope != *scope) {
            return Err(OperateError::malformed(&scope.to_string(), MalformedItem("tenantId")));
        }
        let has = |name: &str| item.as_ref().is_some_and(|item| item.contains_key(name));
        // What was loaded says neither; a tenant that is added again goes on counting.
        let revision = match state.as_ref().filter(|_| has(REVISION)) {
            Some(state) => state.revision,
            None => self.last_number(Question::partition(Key::log(scope.tenant())).beginning(REVISION_PREFIX)).await?,
        };
        let versions = match state.as_ref().filter(|_| has(VERSIONS)) {
            Some(state) => state.versions,
            None => self.last_number(Question::partition(Key::scope(scope)).beginning(VERSION_PREFIX)).await?,
        };
        Ok(Held { scope: scope.clone(), state, item, revision, versions })
    }

    /// The number at the end of the last sort key.
    async fn last_number(&self, question: Question) -> Result<u64, OperateError> {
        let Some(item) = self.query_first(question.descending()).await? else { return Ok(0) };
        let sk = item.get(SK).and_then(|sk| sk.as_s().ok());
        let number = sk.and_then(|sk| sk.rsplit('#').next()).and_then(|number| number.parse().ok());
        number.ok_or_else(|| OperateError::malformed("an item with a number in its key", MalformedItem(SK)))
    }

    /// Writes all, and says whether it did; if it did not because somebody changed something, it is to be read and planned anew.
    pub(super) async fn commit(
        &self,
        scope: &PolicyScope,
        writes: &[Write],
        attempts: &mut Attempts,
    ) -> Result<bool, OperateError> {
        match self.transact(writes).await {
            Ok(()) => Ok(true),
            Err(TransactFault::Other(error)) => Err(error),
            Err(TransactFault::Condition) if attempts.0 < ATTEMPTS_MAX => {
                attempts.0 += 1;
                Ok(false)
            }
            Err(TransactFault::Condition) => Err(OperateError::Conflict {
                what: scope.to_string(),
                expected: "nobody else to be changing it".to_owned(),
                found: "a change each time".to_owned(),
            }),
        }
    }

    /// A version, consistently read.
    pub(super) async fn find_version(&self, scope: &PolicyScope, version: u64) -> Result<PolicyVersion, OperateError> {
        let what = || format!("version {version} of {scope}");
        let item = self.read_one(&Key::version(scope, version)).await?;
        let item = item.ok_or_else(|| OperateError::NotFound(what()))?;
        PolicyVersion::from_item(&item).map_err(|malformed| OperateError::malformed(&what(), malformed))
    }
}

/// What says that nobody changed it, also where it was loaded over.
const GUARDED: [&str; 4] = [REVISION, "policySha256", "shadowPolicySha256", "status"];

/// What is written anew or not at all.
const OWN: [&str; 6] = [POLICY_VERSION, SHADOW_VERSION, REVISION, VERSIONS, "shadowPolicyId", "shadowPolicySha256"];

const ATTEMPTS_MAX: usize = 20;
