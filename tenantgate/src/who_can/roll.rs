//! Who is enrolled in a tenant: users and clients, page by page.

use policy_model::reach::Member;
use policy_model::{TenantId, UserId};
use policy_registry::operate::{Operator, Pages};
use policy_registry::record::{Client, Membership, Status};
use policy_registry::{PrincipalKind, ScopeBound, client_subject};
use serde_json::{Value, json};

use crate::explain::source::Desk;
use crate::failure::Failure;
use crate::operator_desk::readable;

/// A member of a tenant.
#[derive(Debug, Clone)]
pub(crate) struct Enrolled {
    pub(crate) kind: PrincipalKind,
    pub(crate) issuer: String,
    /// As the issuer names it.
    pub(crate) name: String,
    /// As rules name it; none if nobody can be called so.
    user: Option<UserId>,
    roles: Vec<String>,
    workspaces: Vec<String>,
    scopes: Option<Vec<String>>,
    pub(crate) status: Status,
}

/// All of them, a page at a time.
pub(crate) struct Roll<'d> {
    desk: &'d Desk,
    users: Option<Pages<Membership>>,
    clients: Option<Pages<Client>>,
}

impl<'d> Roll<'d> {
    pub(crate) fn new(desk: &'d Desk, tenant: &TenantId) -> Roll<'d> {
        let operator: &Operator = &desk.operator;
        Roll { desk, users: Some(operator.members(tenant)), clients: Some(operator.clients(tenant)) }
    }

    /// The next page; none after the last one.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Enrolled>>, Failure> {
        if let Some(users) = &mut self.users {
            match users.next().await.map_err(|error| self.desk.failure(&error))? {
                Some(page) => return Ok(Some(readable(page).into_iter().map(Enrolled::of_user).collect())),
                None => self.users = None,
            }
        }
        if let Some(clients) = &mut self.clients {
            match clients.next().await.map_err(|error| self.desk.failure(&error))? {
                Some(page) => return Ok(Some(readable(page).into_iter().map(Enrolled::of_client).collect())),
                None => self.clients = None,
            }
        }
        Ok(None)
    }
}

impl Enrolled {
    pub(crate) fn of_user(own: Membership) -> Enrolled {
        let user = UserId::parse(&own.subject).ok();
        Enrolled {
            kind: PrincipalKind::User,
            issuer: own.issuer,
            name: own.subject,
            user,
            roles: own.roles,
            workspaces: own.workspaces,
            scopes: None,
            status: own.status,
        }
    }

    fn of_client(own: Client) -> Enrolled {
        let user = client_subject(&own.client);
        let scopes = match own.scopes {
            ScopeBound::Any => None,
            ScopeBound::OneOf(scopes) => Some(scopes),
        };
        let (issuer, roles, workspaces) = (own.issuer, own.roles, own.workspaces);
        Enrolled {
            kind: PrincipalKind::Client,
            issuer,
            name: own.client,
            user,
            roles,
            workspaces,
            scopes,
            status: own.status,
        }
    }

    /// As the rules see it; none if no token can name it.
    pub(crate) fn as_member<'m>(&'m self, tenant: &'m TenantId) -> Option<Member<'m>> {
        Some(Member {
            tenant,
            user: self.user.as_ref()?,
            issuer: &self.issuer,
            roles: &self.roles,
            workspaces: &self.workspaces,
            scopes: self.scopes.as_deref(),
            is_machine: self.is_machine(),
        })
    }

    /// Whether it is a client.
    pub(crate) fn is_machine(&self) -> bool {
        match self.kind {
            PrincipalKind::User => false,
            PrincipalKind::Client => true,
        }
    }

    /// As the registry's readers know it.
    pub(crate) fn member(&self) -> Option<policy_registry::Member> {
        let subject = self.user.clone()?;
        Some(policy_registry::Member { kind: self.kind, issuer: self.issuer.as_str().into(), subject })
    }

    /// As in `user alice`.
    pub(crate) fn title(&self) -> String {
        let what = match self.kind {
            PrincipalKind::User => "user",
            PrincipalKind::Client => "client",
        };
        format!("{what} {}", self.name)
    }

    /// The same with all that is known.
    pub(crate) fn words(&self) -> String {
        let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let scopes =
            self.scopes.as_ref().map_or(String::new(), |scopes| format!("; scopes that count: {}", list(scopes)));
        format!(
            "{}, known by {}; roles: {}; workspaces: {}{scopes}; {}",
            self.title(),
            self.issuer,
            list(&self.roles),
            list(&self.workspaces),
            self.status.word()
        )
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let kind = match self.kind {
            PrincipalKind::User => "USER",
            PrincipalKind::Client => "CLIENT",
        };
        json!({"kind": kind, "name": self.name, "issuer": self.issuer, "roles": self.roles, "workspaces": self.workspaces,
            "scopes": self.scopes, "status": self.status.word()})
    }
}
