//! Who is a member of a tenant, and as what.

use policy_model::TenantId;

use super::attributes::{check_header, header, names, take, take_names, take_status, take_tenant, text};
use super::{Item, MalformedItem, Status};
use crate::key::{Key, LISTED_IN};

/// The names of the roles a user has in a tenant.
pub type Roles = Vec<String>;

/// The names of the workspaces a user has in a tenant.
pub type Workspaces = Vec<String>;

/// A user's membership in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Issuer of the user's tokens.
    pub issuer: String,
    /// The user as that issuer names it.
    pub subject: String,
    /// The tenant.
    pub tenant: TenantId,
    /// Roles in it.
    pub roles: Roles,
    /// Workspaces in it.
    pub workspaces: Workspaces,
    /// Whether it is in force.
    pub status: Status,
}

impl Membership {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::membership(&self.issuer, &self.subject, &self.tenant)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "membership");
        item.insert(LISTED_IN.into(), text(&Key::members_of(&self.tenant)));
        item.insert("issuer".into(), text(&self.issuer));
        item.insert("subject".into(), text(&self.subject));
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("roles".into(), names(&self.roles));
        if !self.workspaces.is_empty() {
            item.insert("workspaces".into(), names(&self.workspaces));
        }
        item.insert("status".into(), text(self.status.word()));
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<Membership, MalformedItem> {
        check_header(item, "membership")?;
        let workspaces = match item.get("workspaces") {
            None => Vec::new(),
            Some(_) => take_names(item, "workspaces")?,
        };
        Ok(Membership {
            issuer: take(item, "issuer")?.to_owned(),
            subject: take(item, "subject")?.to_owned(),
            tenant: take_tenant(item)?,
            roles: take_names(item, "roles")?,
            workspaces,
            status: take_status(item)?,
        })
    }
}
