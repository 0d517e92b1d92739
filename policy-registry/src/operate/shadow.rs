//! The shadow: a version that is decided beside the one in force, without effect.

use super::held::{Attempts, Deed};
use super::publish::new_version;
use super::transaction::Write;
use super::versions::content_version;
use super::{OperateError, Operator, PolicyDocument, PolicyScope, PolicyState, checked_comment};
use crate::key::{Key, Place};
use crate::record::Action;
use policy_model::TenantId;

/// What is to be the shadow.
#[derive(Debug, Clone)]
pub enum ShadowCandidate<'c> {
    /// A version.
    Version(u64),
    /// A document of the tenant's, which becomes a version if it is none.
    Document(&'c PolicyDocument),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShadowChange {
    /// The version that was the shadow.
    pub from_version: Option<u64>,
    /// The one that is.
    pub to_version: Option<u64>,
    /// Whether something was written.
    pub is_changed: bool,
}

impl Operator {
    /// Makes a version the shadow of a tenant. All of it or nothing.
    ///
    /// # Errors
    /// [`OperateError::NotFound`] without the tenant or the version; [`OperateError::Refused`] if it is retired, in force, or
    /// another tenant's.
    pub async fn set_shadow(
        &self,
        tenant: &TenantId,
        candidate: &ShadowCandidate<'_>,
        comment: Option<&str>,
    ) -> Result<ShadowChange, OperateError> {
        let comment = checked_comment(comment)?;
        let scope = PolicyScope::Tenant(tenant.clone());
        let mut attempts = Attempts::default();
        loop {
            let held = self.hold(&scope).await?;
            let state = held.require()?;
            let mut entry = self.entry(Deed::new(Action::ShadowSet, comment.clone()));
            let (mut versions, mut writes) = (held.versions, Vec::new());
            let version = match candidate {
                ShadowCandidate::Version(version) => self.usable_version(&scope, *version).await?,
                ShadowCandidate::Document(document) if *document.scope() != scope => {
                    return Err(OperateError::Refused(format!(
                        "the policy is for {}, not for {scope}",
                        document.scope()
                    )));
                }
                ShadowCandidate::Document(document) => {
                    match self.read_one(&Key::content(&scope, document.sha256())).await? {
                        Some(content) => self.usable_version(&scope, content_version(&content)?).await?,
                        None => {
                            versions += 1;
                            let version =
                                document.version(versions, self.author(), comment.clone(), entry.at.seconds());
                            writes.extend(new_version(&version));
                            version
                        }
                    }
                }
            };
            if version.pointer() == state.policy {
                return Err(OperateError::Refused(format!("version {} of {scope} is in force", version.version)));
            }
            let (from_version, to_version) = (state.shadow_version, Some(version.version));
            if state.shadow.as_ref() == Some(&version.pointer()) && from_version == to_version {
                return Ok(ShadowChange { from_version, to_version, is_changed: false });
            }
            writes.push(Write::put(version.at(Place::Shadow(tenant.clone())).to_item(), None));
            let shadow = Some(version.pointer());
            let next = PolicyState { shadow, shadow_version: to_version, versions, ..state.clone() };
            entry.deed.from_version = from_version;
            entry.deed.to_version = to_version;
            let mut all = held.to(next, &entry)?;
            all.extend(writes);
            if self.commit(&scope, &all, &mut attempts).await? {
                return Ok(ShadowChange { from_version, to_version, is_changed: true });
            }
        }
    }

    /// Leaves a tenant without a shadow.
    ///
    /// # Errors
    /// [`OperateError::NotFound`] without the tenant.
    pub async fn clear_shadow(&self, tenant: &TenantId, comment: Option<&str>) -> Result<ShadowChange, OperateError> {
        let comment = checked_comment(comment)?;
        let scope = PolicyScope::Tenant(tenant.clone());
        let mut attempts = Attempts::default();
        loop {
            let held = self.hold(&scope).await?;
            let state = held.require()?;
            let from_version = state.shadow_version;
            if state.shadow.is_none() {
                return Ok(ShadowChange { from_version, to_version: None, is_changed: false });
            }
            let mut entry = self.entry(Deed::new(Action::ShadowCleared, comment.clone()));
            entry.deed.from_version = from_version;
            let next = PolicyState { shadow: None, shadow_version: None, versions: held.versions, ..state.clone() };
            let mut writes = held.to(next, &entry)?;
            writes.push(Write::delete(Key::policy(&Place::Shadow(tenant.clone())), None));
            if self.commit(&scope, &writes, &mut attempts).await? {
                return Ok(ShadowChange { from_version, to_version: None, is_changed: true });
            }
        }
    }
}
