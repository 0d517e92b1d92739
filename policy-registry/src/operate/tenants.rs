//! Tenants: adding, listing, suspending and resuming them.

use policy_model::TenantId;

use super::held::{Attempts, Deed};
use super::pages::{Pages, Question};
use super::publish::{activate, new_version};
use super::versions::content_version;
use super::{OperateError, Operator, PolicyDocument, PolicyScope, PolicyState, checked_comment};
use crate::key::{Key, TENANTS};
use crate::record::{Action, PolicyRecord, Status};

/// What came of a suspension or its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// The tenant as it stands now.
    pub state: PolicyState,
    /// Whether something was written: it may have been so.
    pub is_changed: bool,
}

impl Operator {
    /// Adds a tenant, active, with a policy: the given one, or one without rules, which allows nothing. A tenant that was removed
    /// goes on counting its revisions and versions.
    ///
    /// # Errors
    /// [`OperateError::Refused`] if it is there, if members of a removed one are, or if the policy is for somebody else.
    pub async fn add_tenant(
        &self,
        tenant: &TenantId,
        document: Option<&PolicyDocument>,
        comment: Option<&str>,
    ) -> Result<PolicyState, OperateError> {
        let comment = checked_comment(comment)?;
        let scope = PolicyScope::Tenant(tenant.clone());
        let without_rules = empty_policy(tenant)?;
        let document = document.unwrap_or(&without_rules);
        if *document.scope() != scope {
            return Err(OperateError::Refused(format!("the policy is for {}, not for {scope}", document.scope())));
        }
        let mut attempts = Attempts::default();
        loop {
            let held = self.hold(&scope).await?;
            if held.state.is_some() {
                return Err(OperateError::Refused(format!("{scope} is in the registry")));
            }
            let members = Question::listed_in(Key::members_of(tenant));
            if self.query_first(members).await?.is_some() {
                let reason = format!("{scope} was removed, but not all of its members; run tenant remove again first");
                return Err(OperateError::Refused(reason));
            }
            let mut entry = self.entry(Deed::new(Action::TenantAdded, comment.clone()));
            let (mut versions, mut documents) = (held.versions, Vec::new());
            let version = match self.read_one(&Key::content(&scope, document.sha256())).await? {
                Some(content) => self.usable_version(&scope, content_version(&content)?).await?,
                None => {
                    versions += 1;
                    let version = document.version(versions, self.author(), comment.clone(), entry.at.seconds());
                    documents.extend(new_version(&version));
                    version
                }
            };
            let record: PolicyRecord = version.at(scope.active());
            let (next, activation, _) = activate(None, &scope, &record, version.version);
            let next = PolicyState { versions, ..next };
            entry.deed.to_version = Some(version.version);
            let mut writes = held.to(next.clone(), &entry)?;
            writes.extend(documents.into_iter().chain(activation));
            if self.commit(&scope, &writes, &mut attempts).await? {
                return self.policy_state(&scope).await;
            }
        }
    }

    /// A tenant as it stands.
    ///
    /// # Errors
    /// [`OperateError::NotFound`], [`OperateError::Table`].
    pub async fn tenant(&self, tenant: &TenantId) -> Result<PolicyState, OperateError> {
        self.policy_state(&PolicyScope::Tenant(tenant.clone())).await
    }

    /// All tenants in the order of their keys. What was written less than a second ago may be missing.
    pub fn tenants(&self) -> Pages<PolicyState> {
        Pages::new(self, Question::listed_in(TENANTS.to_owned()), PolicyState::of_tenant)
    }

    /// Suspends a tenant: its users may call nothing.
    ///
    /// # Errors
    /// [`OperateError::NotFound`]; never a conflict with what others change meanwhile, unless they never stop.
    pub async fn suspend_tenant(&self, tenant: &TenantId, comment: Option<&str>) -> Result<StatusChange, OperateError> {
        self.set_status(tenant, Status::Suspended, Action::TenantSuspended, comment).await
    }

    /// Ends a suspension.
    ///
    /// # Errors
    /// As [`Operator::suspend_tenant`].
    pub async fn resume_tenant(&self, tenant: &TenantId, comment: Option<&str>) -> Result<StatusChange, OperateError> {
        self.set_status(tenant, Status::Active, Action::TenantResumed, comment).await
    }

    async fn set_status(
        &self,
        tenant: &TenantId,
        status: Status,
        action: Action,
        comment: Option<&str>,
    ) -> Result<StatusChange, OperateError> {
        let comment = checked_comment(comment)?;
        let scope = PolicyScope::Tenant(tenant.clone());
        let mut attempts = Attempts::default();
        loop {
            let held = self.hold(&scope).await?;
            let state = held.require()?;
            let next = PolicyState { status, versions: held.versions, ..state.clone() };
            if state.status == status {
                return Ok(StatusChange { state: next, is_changed: false });
            }
            let writes = held.to(next.clone(), &self.entry(Deed::new(action, comment.clone())))?;
            if self.commit(&scope, &writes, &mut attempts).await? {
                let next = PolicyState { revision: held.next_revision(), ..next };
                return Ok(StatusChange { state: next, is_changed: true });
            }
        }
    }
}

/// A policy that allows nothing.
fn empty_policy(tenant: &TenantId) -> Result<PolicyDocument, OperateError> {
    let text = format!(r#"{{"policyId":"{EMPTY_POLICY}","tenantId":"{}","rules":[]}}"#, tenant.as_str());
    PolicyDocument::parse(text).map_err(OperateError::Refused)
}

/// The `policyId` of the policy of a tenant that was added without one.
const EMPTY_POLICY: &str = "NO-RULES";
