//! Rolling back: an older version comes into force again.

use super::expectation::FirstSeen;
use super::held::{Attempts, Deed};
use super::publish::activate;
use super::{Expectation, OperateError, Operator, PolicyScope, PolicyState, PublishOptions, checked_comment};
use crate::record::Action;

/// What to roll back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollbackTarget {
    /// What was in force before what is.
    Previous,
    /// A version by its number.
    Version(u64),
    /// A version by the first digits of its SHA-256, at least 8.
    Sha256(String),
}

/// What came of a rollback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledBack {
    /// Whose policy.
    pub scope: PolicyScope,
    /// The version that was in force.
    pub from_version: Option<u64>,
    /// The one that is.
    pub to_version: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Whether something was written: it may have been in force.
    pub is_changed: bool,
}

impl Operator {
    /// Brings a version into force again. All of it or nothing.
    ///
    /// # Errors
    /// [`OperateError::Conflict`] as in [`Operator::publish`]; [`OperateError::NotFound`] without the tenant, the version, or one
    /// before; [`OperateError::Refused`] if it is retired.
    pub async fn rollback(
        &self,
        scope: &PolicyScope,
        target: &RollbackTarget,
        options: &PublishOptions,
    ) -> Result<RolledBack, OperateError> {
        let comment = checked_comment(options.comment.as_deref())?;
        let expect: Option<&Expectation> = options.expect.as_ref();
        let (mut attempts, mut seen) = (Attempts::default(), FirstSeen::default());
        loop {
            let held = self.hold(scope).await?;
            if let Some(expect) = expect {
                expect.check(held.state.as_ref(), scope)?;
            }
            seen.check(held.state.as_ref(), scope)?;
            let state = held.require()?;
            let version = match target {
                RollbackTarget::Version(version) => *version,
                RollbackTarget::Sha256(digits) => self.version_of_content(scope, digits).await?,
                RollbackTarget::Previous => self.previous_version(state).await?,
            };
            let found = self.usable_version(scope, version).await?;
            let (from_version, sha256) = (state.policy_version, found.sha256.clone());
            let is_changed = found.pointer() != state.policy;
            let report = RolledBack { scope: scope.clone(), from_version, to_version: version, sha256, is_changed };
            if !is_changed {
                return Ok(report);
            }
            let (next, documents, _) = activate(Some(state), scope, &found.at(scope.active()), version);
            let mut entry = self.entry(Deed::new(Action::PolicyRolledBack, comment.clone()));
            entry.deed.from_version = from_version;
            entry.deed.to_version = Some(version);
            entry.deed.details.push(("sha256", found.sha256.clone()));
            let (versions, kept) = self.keep_loaded(state, held.versions, entry.at.seconds()).await?;
            let mut writes = held.to(PolicyState { versions, ..next }, &entry)?;
            writes.extend(documents.into_iter().chain(kept));
            if self.commit(scope, &writes, &mut attempts).await? {
                return Ok(report);
            }
        }
    }

    /// What was in force before what is, as the log of this tenant's life says: publications go forward, each rollback goes back to
    /// where one of them was. So a second rollback goes further back, and never to what the first one undid.
    async fn previous_version(&self, state: &PolicyState) -> Result<u64, OperateError> {
        let none = || OperateError::NotFound(format!("a version of {} before {}", state.scope, state.version_text()));
        let current = state.policy_version.ok_or_else(none)?;
        let mut pages = self.revisions(state.tenant());
        let mut moves = Vec::new();
        'log: while let Some(page) = pages.next().await? {
            for entry in page.into_iter().flatten() {
                match entry.action {
                    Action::PolicyPublished | Action::PolicyRolledBack => moves.push(entry),
                    Action::TenantAdded => {
                        moves.push(entry);
                        break 'log;
                    }
                    Action::TenantRemoved => break 'log,
                    Action::PolicyRetired
                    | Action::ShadowSet
                    | Action::ShadowCleared
                    | Action::TenantSuspended
                    | Action::TenantResumed
                    | Action::MemberAdded
                    | Action::MemberRemoved
                    | Action::MembersImported
                    | Action::ClientAdded
                    | Action::ClientRemoved
                    | Action::RouteAdded
                    | Action::RouteRemoved
                    | Action::Killed
                    | Action::KillLifted
                    | Action::ChangeSetAbandoned => {}
                }
            }
        }
        let mut path = Vec::new();
        for entry in moves.iter().rev() {
            let Some(to) = entry.to_version else { continue };
            // What was loaded over it has no entry of its own.
            let from =
                entry.from_version.filter(|from| entry.action != Action::TenantAdded && path.last() != Some(from));
            path.extend(from);
            match path.iter().rposition(|version| *version == to) {
                Some(place) if entry.action == Action::PolicyRolledBack => path.truncate(place + 1),
                Some(_) | None => path.push(to),
            }
        }
        match path.as_slice() {
            [.., before, last] if *last == current => Ok(*before),
            _ => Err(none()),
        }
    }
}
