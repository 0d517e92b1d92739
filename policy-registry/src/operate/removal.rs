//! Removing a tenant: the tenant first, so that nobody reaches anything meanwhile; then its members and clients.

use policy_model::TenantId;

use super::batch::key_of;
use super::condition::Condition;
use super::held::{Attempts, Deed};
use super::pages::Question;
use super::transaction::{ACTIONS_MAX, TransactFault, Write};
use super::{OperateError, Operator, PolicyScope, checked_comment};
use crate::key::{CLIENT_PREFIX, Key, Place, USER_PREFIX};
use crate::record::Action;

/// What a removal deletes. Versions of policies and the log stay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removal {
    /// Whether the tenant itself, with the policy in force and the shadow, is there.
    pub has_tenant: bool,
    /// Memberships.
    pub members: u64,
    /// Memberships of clients.
    pub clients: u64,
}

/// What has been deleted so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalStage {
    /// The tenant: nothing of it can be reached any more.
    Tenant,
    /// So many members and clients.
    Members(u64),
}

impl Operator {
    /// What the removal of a tenant would delete; the members are counted page by page.
    ///
    /// # Errors
    /// [`OperateError::Table`].
    pub async fn plan_removal(&self, tenant: &TenantId) -> Result<Removal, OperateError> {
        let has_tenant = self.read_one(&Key::tenant(tenant)).await?.is_some();
        let members = self.count(tenant, USER_PREFIX).await?;
        let clients = self.count(tenant, CLIENT_PREFIX).await?;
        Ok(Removal { has_tenant, members, clients })
    }

    /// Removes a tenant with its members and clients. Where it was cut off, the same again completes it.
    ///
    /// # Errors
    /// [`OperateError::NotFound`] if neither the tenant nor a member of it is there.
    pub async fn remove_tenant(
        &self,
        tenant: &TenantId,
        comment: Option<&str>,
        mut progress: impl FnMut(RemovalStage),
    ) -> Result<Removal, OperateError> {
        let comment = checked_comment(comment)?;
        let mut removal = Removal { has_tenant: self.remove_pointer(tenant, comment).await?, ..Removal::default() };
        if removal.has_tenant {
            progress(RemovalStage::Tenant);
        }
        // The index says late what was written a moment ago: it is asked until it lists nothing.
        loop {
            let deleted = self.delete_members(tenant, &mut removal, &mut progress).await?;
            if deleted == 0 {
                break;
            }
        }
        if removal == Removal::default() {
            return Err(OperateError::NotFound(PolicyScope::Tenant(tenant.clone()).to_string()));
        }
        Ok(removal)
    }

    /// Whether the tenant was there.
    async fn remove_pointer(&self, tenant: &TenantId, comment: Option<String>) -> Result<bool, OperateError> {
        let scope = PolicyScope::Tenant(tenant.clone());
        let mut attempts = Attempts::default();
        loop {
            let held = self.hold(&scope).await?;
            let Some(state) = &held.state else { return Ok(false) };
            let mut deed = Deed::new(Action::TenantRemoved, comment.clone());
            deed.from_version = state.policy_version;
            let mut writes = held.removed(&self.entry(deed))?;
            for place in [Place::Active(tenant.clone()), Place::Shadow(tenant.clone())] {
                writes.push(Write::delete(Key::policy(&place), None));
            }
            if self.commit(&scope, &writes, &mut attempts).await? {
                return Ok(true);
            }
        }
    }

    async fn delete_members(
        &self,
        tenant: &TenantId,
        removal: &mut Removal,
        progress: &mut impl FnMut(RemovalStage),
    ) -> Result<u64, OperateError> {
        let question = Question::listed_in(Key::members_of(tenant));
        let (mut after, mut deleted) = (None, 0);
        loop {
            let (items, last) = self.query(&question, after).await?;
            let keys: Vec<Key> = items.iter().filter_map(key_of).collect();
            for part in keys.chunks(ACTIONS_MAX - 1) {
                self.delete_of_nobody(tenant, part).await?;
                let clients = part.iter().filter(|key| key.pk.starts_with(CLIENT_PREFIX)).count();
                removal.clients += u64::try_from(clients).unwrap_or(u64::MAX);
                removal.members += u64::try_from(part.len() - clients).unwrap_or(u64::MAX);
                deleted += u64::try_from(part.len()).unwrap_or(u64::MAX);
                progress(RemovalStage::Members(removal.members + removal.clients));
            }
            if last.is_none() {
                return Ok(deleted);
            }
            after = last;
        }
    }

    /// Deletes members on condition that the tenant is not there: one that was added again keeps its own.
    async fn delete_of_nobody(&self, tenant: &TenantId, keys: &[Key]) -> Result<(), OperateError> {
        let mut writes = vec![Write::check(Key::tenant(tenant), Condition::absent())];
        writes.extend(keys.iter().map(|key| Write::delete(key.clone(), None)));
        match self.transact(&writes).await {
            Ok(()) => Ok(()),
            Err(TransactFault::Other(error)) => Err(error),
            Err(TransactFault::Condition) => Err(OperateError::Conflict {
                what: PolicyScope::Tenant(tenant.clone()).to_string(),
                expected: "to be removed".to_owned(),
                found: "added again; the members that it has stay".to_owned(),
            }),
        }
    }

    async fn count(&self, tenant: &TenantId, prefix: &'static str) -> Result<u64, OperateError> {
        let question = Question::listed_in(Key::members_of(tenant)).beginning(prefix);
        let (mut after, mut count) = (None, 0);
        loop {
            let (items, last) = self.query(&question, after).await?;
            count += u64::try_from(items.len()).unwrap_or(u64::MAX);
            if last.is_none() {
                return Ok(count);
            }
            after = last;
        }
    }
}
