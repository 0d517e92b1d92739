//! A machine's membership in a tenant: a client with tokens of its own, or an agent that calls on users' behalf.

use policy_model::TenantId;

use super::attributes::{check_header, header, names, take, take_names, take_status, take_tenant, text};
use super::{Item, MalformedItem, Roles, Status, Workspaces};
use crate::key::{Key, LISTED_IN};

/// A client's membership in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Issuer of the client's tokens.
    pub issuer: String,
    /// The client as that issuer names it.
    pub client: String,
    /// The tenant.
    pub tenant: TenantId,
    /// Roles in it.
    pub roles: Roles,
    /// Workspaces in it.
    pub workspaces: Workspaces,
    /// Which scopes count in calls that it makes, for itself or for a user.
    pub scopes: ScopeBound,
    /// Whether it is in force.
    pub status: Status,
}

/// A bound on the scopes of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeBound {
    /// None.
    Any,
    /// Only these count.
    OneOf(Vec<String>),
}

/// Whether a text is one scope (RFC 6749, section 3.3).
pub fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte))
}

impl ScopeBound {
    /// Takes `["*"]`, or a list of scopes; `None` if `*` stands among others.
    pub fn of(scopes: Vec<String>) -> Option<ScopeBound> {
        match scopes.as_slice() {
            [only] if only == ANY => Some(ScopeBound::Any),
            list if list.iter().any(|scope| scope == ANY) => None,
            _ => Some(ScopeBound::OneOf(scopes)),
        }
    }

    /// Whether a scope counts.
    pub fn includes(&self, scope: &str) -> bool {
        match self {
            ScopeBound::Any => true,
            ScopeBound::OneOf(scopes) => scopes.iter().any(|own| own == scope),
        }
    }

    fn words(&self) -> Vec<String> {
        match self {
            ScopeBound::Any => vec![ANY.to_owned()],
            ScopeBound::OneOf(scopes) => scopes.clone(),
        }
    }
}

impl Client {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::client(&self.issuer, &self.client, &self.tenant)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "client");
        item.insert(LISTED_IN.into(), text(&Key::members_of(&self.tenant)));
        item.insert("issuer".into(), text(&self.issuer));
        item.insert("clientId".into(), text(&self.client));
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("roles".into(), names(&self.roles));
        if !self.workspaces.is_empty() {
            item.insert("workspaces".into(), names(&self.workspaces));
        }
        item.insert("scopes".into(), names(&self.scopes.words()));
        item.insert("status".into(), text(self.status.word()));
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<Client, MalformedItem> {
        check_header(item, "client")?;
        let workspaces = match item.get("workspaces") {
            None => Vec::new(),
            Some(_) => take_names(item, "workspaces")?,
        };
        Ok(Client {
            issuer: take(item, "issuer")?.to_owned(),
            client: take(item, "clientId")?.to_owned(),
            tenant: take_tenant(item)?,
            roles: take_names(item, "roles")?,
            workspaces,
            scopes: ScopeBound::of(take_names(item, "scopes")?).ok_or(MalformedItem("scopes"))?,
            status: take_status(item)?,
        })
    }
}

const ANY: &str = "*";
