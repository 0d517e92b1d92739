//! An entry of `members.json`.

use policy_model::{TenantId, UserId};
use serde::Deserialize;

use crate::record::{Membership, Status};

/// Longest issuer, in bytes: with the longest subject it fits DynamoDB's partition key when every byte is encoded.
pub const ISSUER_BYTES_MAX: usize = 400;

/// Longest name of a role or workspace, in bytes: policies name no longer ones.
pub const NAME_BYTES_MAX: usize = 256;

/// A membership as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MemberDocument {
    issuer: String,
    subject: String,
    tenant_id: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    workspaces: Vec<String>,
    status: String,
}

impl MemberDocument {
    pub(super) fn membership(self) -> Result<Membership, String> {
        if self.issuer.is_empty() || self.issuer.len() > ISSUER_BYTES_MAX {
            return Err(format!("issuer is not 1 to {ISSUER_BYTES_MAX} bytes long"));
        }
        UserId::parse(&self.subject).map_err(|error| format!("subject is {error}"))?;
        let tenant = TenantId::parse(&self.tenant_id).map_err(|error| format!("tenantId is {error}"))?;
        let status = Status::from_word(&self.status).ok_or("status is neither ACTIVE nor SUSPENDED")?;
        check_names("a role", &self.roles)?;
        check_names("a workspace", &self.workspaces)?;
        let (roles, workspaces) = (self.roles, self.workspaces);
        Ok(Membership { issuer: self.issuer, subject: self.subject, tenant, roles, workspaces, status })
    }
}

fn check_names(what: &str, names: &[String]) -> Result<(), String> {
    match names.iter().find(|name| !(1..=NAME_BYTES_MAX).contains(&name.len())) {
        None => Ok(()),
        Some(_) => Err(format!("{what} is not 1 to {NAME_BYTES_MAX} bytes long")),
    }
}
