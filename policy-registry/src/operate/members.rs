//! Members and clients of a tenant, one at a time.

use policy_model::TenantId;

use super::condition::Condition;
use super::held::{Attempts, Deed};
use super::pages::{Pages, Question};
use super::transaction::Write;
use super::{OperateError, Operator, PolicyScope, checked_comment};
use crate::admin::{check_client, check_membership};
use crate::key::{CLIENT_PREFIX, Key, PK, SK, TENANT_PREFIX, USER_PREFIX};
use crate::record::{Action, Client, Item, MEMBER_PREFIX, Membership};

/// What came of adding a member or client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrollment {
    /// It is new.
    Added,
    /// It was there with something else, which is replaced.
    Replaced,
    /// It was there just so; nothing was written.
    Unchanged,
}

/// A user or client as its issuer names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Issuer of its tokens.
    pub issuer: String,
    /// The user, or the client.
    pub name: String,
}

/// What is changed of whom.
struct Enrolled<'e> {
    key: Key,
    tenant: &'e TenantId,
    details: Vec<(&'static str, String)>,
    actions: (Action, Action),
}

impl Operator {
    /// Makes a user a member of a tenant, or changes what the membership says.
    ///
    /// # Errors
    /// [`OperateError::NotFound`] without the tenant; [`OperateError::Refused`] if it is no membership.
    pub async fn add_member(&self, membership: &Membership, comment: Option<&str>) -> Result<Enrollment, OperateError> {
        check_membership(membership).map_err(OperateError::Refused)?;
        let mut enrolled = Enrolled::member(&membership.tenant, &membership.issuer, &membership.subject);
        enrolled.details.push(("roles", membership.roles.join(" ")));
        enrolled.details.push(("status", membership.status.word().to_owned()));
        self.enroll(&enrolled, membership.to_item(), comment).await
    }

    /// Ends a membership.
    ///
    /// # Errors
    /// [`OperateError::NotFound`].
    pub async fn remove_member(
        &self,
        tenant: &TenantId,
        member: &Subject,
        comment: Option<&str>,
    ) -> Result<(), OperateError> {
        self.expel(&Enrolled::member(tenant, &member.issuer, &member.name), comment).await
    }

    /// The members of a tenant, in the order of their keys. What was written less than a second ago may be missing.
    pub fn members(&self, tenant: &TenantId) -> Pages<Membership> {
        let question = Question::listed_in(Key::members_of(tenant)).beginning(USER_PREFIX);
        Pages::new(self, question, Membership::from_item)
    }

    /// The memberships of a user, read consistently.
    pub fn memberships_of(&self, user: &Subject) -> Pages<Membership> {
        let question = Question::partition(Key::memberships(&user.issuer, &user.name)).beginning(TENANT_PREFIX);
        Pages::new(self, question, Membership::from_item)
    }

    /// A membership, read consistently.
    ///
    /// # Errors
    /// [`OperateError::Table`].
    pub async fn member(&self, tenant: &TenantId, user: &Subject) -> Result<Option<Membership>, OperateError> {
        let item = self.read_one(&Key::membership(&user.issuer, &user.name, tenant)).await?;
        let member = item.as_ref().map(Membership::from_item).transpose();
        member.map_err(|malformed| OperateError::malformed("the membership", malformed))
    }

    /// Makes a client a member of a tenant, or changes what that says.
    ///
    /// # Errors
    /// As [`Operator::add_member`].
    pub async fn add_client(&self, client: &Client, comment: Option<&str>) -> Result<Enrollment, OperateError> {
        check_client(client).map_err(OperateError::Refused)?;
        let mut enrolled = Enrolled::client(&client.tenant, &client.issuer, &client.client);
        enrolled.details.push(("roles", client.roles.join(" ")));
        enrolled.details.push(("status", client.status.word().to_owned()));
        self.enroll(&enrolled, client.to_item(), comment).await
    }

    /// Ends a client's membership.
    ///
    /// # Errors
    /// [`OperateError::NotFound`].
    pub async fn remove_client(
        &self,
        tenant: &TenantId,
        client: &Subject,
        comment: Option<&str>,
    ) -> Result<(), OperateError> {
        self.expel(&Enrolled::client(tenant, &client.issuer, &client.name), comment).await
    }

    /// The clients of a tenant, as [`Operator::members`].
    pub fn clients(&self, tenant: &TenantId) -> Pages<Client> {
        let question = Question::listed_in(Key::members_of(tenant)).beginning(CLIENT_PREFIX);
        Pages::new(self, question, Client::from_item)
    }

    async fn enroll(
        &self,
        enrolled: &Enrolled<'_>,
        item: Item,
        comment: Option<&str>,
    ) -> Result<Enrollment, OperateError> {
        let comment = checked_comment(comment)?;
        let scope = PolicyScope::Tenant(enrolled.tenant.clone());
        let mut attempts = Attempts::default();
        loop {
            self.require_tenant(&scope).await?;
            let before = self.read_one(&enrolled.key).await?;
            self.check_suspension(before.as_ref(), &item)?;
            let (outcome, condition) = match &before {
                None => (Enrollment::Added, Condition::absent()),
                Some(before) if *before == item => return Ok(Enrollment::Unchanged),
                Some(before) => (Enrollment::Replaced, as_read(before)),
            };
            let put = Write::put(item.clone(), Some(condition));
            let writes = self.enrollment(enrolled, enrolled.actions.0, put, comment.clone(), Some(&scope))?;
            if self.commit(&scope, &writes, &mut attempts).await? {
                return Ok(outcome);
            }
        }
    }

    async fn expel(&self, enrolled: &Enrolled<'_>, comment: Option<&str>) -> Result<(), OperateError> {
        let comment = checked_comment(comment)?;
        let scope = PolicyScope::Tenant(enrolled.tenant.clone());
        let mut attempts = Attempts::default();
        loop {
            if self.read_one(&enrolled.key).await?.is_none() {
                let name = enrolled.details.iter().find(|(name, _)| *name != "issuer").map(|(_, name)| name.as_str());
                let what = format!("{:?} as a member of {scope}", name.unwrap_or_default());
                return Err(OperateError::NotFound(what));
            }
            let delete = Write::delete(enrolled.key.clone(), Some(Condition::present()));
            let writes = self.enrollment(enrolled, enrolled.actions.1, delete, comment.clone(), None)?;
            if self.commit(&scope, &writes, &mut attempts).await? {
                return Ok(());
            }
        }
    }

    fn enrollment(
        &self,
        enrolled: &Enrolled<'_>,
        action: Action,
        write: Write,
        comment: Option<String>,
        needed: Option<&PolicyScope>,
    ) -> Result<Vec<Write>, OperateError> {
        let mut deed = Deed::new(action, comment);
        deed.details.clone_from(&enrolled.details);
        let log = self.timed(&self.entry(deed), Some(enrolled.tenant), MEMBER_PREFIX)?;
        let mut writes = vec![write, Write::put(log, Some(Condition::absent()))];
        writes.extend(needed.map(|scope| Write::check(Key::pointer(scope), Condition::present())));
        Ok(writes)
    }

    /// There is such a tenant.
    pub(super) async fn require_tenant(&self, scope: &PolicyScope) -> Result<(), OperateError> {
        match self.read_one(&Key::pointer(scope)).await? {
            Some(_) => Ok(()),
            None => Err(OperateError::NotFound(scope.to_string())),
        }
    }
}

/// That nobody changed it since, whatever it says.
fn as_read(item: &Item) -> Condition {
    let mut names: Vec<&String> = item.keys().filter(|name| ![PK, SK].contains(&name.as_str())).collect();
    names.sort();
    names.into_iter().fold(Condition::present(), |condition, name| condition.same(name, item.get(name)))
}

impl<'e> Enrolled<'e> {
    fn member(tenant: &'e TenantId, issuer: &str, subject: &str) -> Enrolled<'e> {
        let details = vec![("issuer", issuer.to_owned()), ("subject", subject.to_owned())];
        let actions = (Action::MemberAdded, Action::MemberRemoved);
        Enrolled { key: Key::membership(issuer, subject, tenant), tenant, details, actions }
    }

    fn client(tenant: &'e TenantId, issuer: &str, client: &str) -> Enrolled<'e> {
        let details = vec![("issuer", issuer.to_owned()), ("clientId", client.to_owned())];
        let actions = (Action::ClientAdded, Action::ClientRemoved);
        Enrolled { key: Key::client(issuer, client, tenant), tenant, details, actions }
    }
}
