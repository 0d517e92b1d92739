//! What the items of the table say. An item that says anything else is refused as a whole.

use std::collections::HashMap;

use aws_lc_rs::digest;
use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{PolicyId, TenantId};

use crate::key::{Key, PK, SK};

/// The version of the item layout that this code reads and writes.
pub const SCHEMA: &str = "1";

/// An item as DynamoDB gives it.
pub type Item = HashMap<String, AttributeValue>;

/// Whether a membership or tenant may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It may.
    Active,
    /// It may not, until somebody lifts the suspension.
    Suspended,
}

/// The names of the roles a user has in a tenant.
pub type Roles = Vec<String>;

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
    /// Whether it is in force.
    pub status: Status,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub tenant: TenantId,
    /// Whether its users may call anything.
    pub status: Status,
    /// The policy in force.
    pub policy: PolicyId,
    /// SHA-256 of that policy's document, in hexadecimal: a half-done publication is noticed.
    pub policy_sha256: String,
}

/// The policy document in force for a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRecord {
    /// The tenant.
    pub tenant: TenantId,
    /// The document's `policyId`.
    pub policy: PolicyId,
    /// SHA-256 of the document, in hexadecimal.
    pub sha256: String,
    /// The document, JSON.
    pub document: String,
}

/// An item that is not a record of its kind: the attribute that is wrong. It quotes nothing of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedItem(pub &'static str);

impl Membership {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::membership(&self.issuer, &self.subject, &self.tenant)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "membership");
        item.insert("issuer".into(), text(&self.issuer));
        item.insert("subject".into(), text(&self.subject));
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("roles".into(), AttributeValue::L(self.roles.iter().map(|role| text(role)).collect()));
        item.insert("status".into(), text(self.status.word()));
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<Membership, MalformedItem> {
        check_header(item, "membership")?;
        Ok(Membership {
            issuer: take(item, "issuer")?.to_owned(),
            subject: take(item, "subject")?.to_owned(),
            tenant: take_tenant(item)?,
            roles: take_roles(item)?,
            status: take_status(item)?,
        })
    }
}

impl Tenant {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::tenant(&self.tenant)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "tenant");
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("status".into(), text(self.status.word()));
        item.insert("policyId".into(), text(self.policy.as_str()));
        item.insert("policySha256".into(), text(&self.policy_sha256));
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<Tenant, MalformedItem> {
        check_header(item, "tenant")?;
        Ok(Tenant {
            tenant: take_tenant(item)?,
            status: take_status(item)?,
            policy: take_policy(item)?,
            policy_sha256: take(item, "policySha256")?.to_owned(),
        })
    }
}

impl PolicyRecord {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::active_policy(&self.tenant)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "policy");
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("policyId".into(), text(self.policy.as_str()));
        item.insert("sha256".into(), text(&self.sha256));
        item.insert("document".into(), text(&self.document));
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<PolicyRecord, MalformedItem> {
        check_header(item, "policy")?;
        Ok(PolicyRecord {
            tenant: take_tenant(item)?,
            policy: take_policy(item)?,
            sha256: take(item, "sha256")?.to_owned(),
            document: take(item, "document")?.to_owned(),
        })
    }
}

impl Status {
    /// The status as written in an item.
    pub fn word(self) -> &'static str {
        match self {
            Status::Active => "ACTIVE",
            Status::Suspended => "SUSPENDED",
        }
    }

    /// Takes the word; `None` for any other.
    pub fn from_word(word: &str) -> Option<Status> {
        match word {
            "ACTIVE" => Some(Status::Active),
            "SUSPENDED" => Some(Status::Suspended),
            _ => None,
        }
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header(key: Key, kind: &str) -> Item {
    HashMap::from([
        (PK.to_owned(), text(&key.pk)),
        (SK.to_owned(), text(&key.sk)),
        ("schema".to_owned(), AttributeValue::N(SCHEMA.to_owned())),
        ("kind".to_owned(), text(kind)),
    ])
}

fn check_header(item: &Item, kind: &str) -> Result<(), MalformedItem> {
    match item.get("schema") {
        Some(AttributeValue::N(schema)) if schema == SCHEMA => {}
        Some(_) | None => return Err(MalformedItem("schema")),
    }
    if take(item, "kind")? == kind { Ok(()) } else { Err(MalformedItem("kind")) }
}

fn take<'i>(item: &'i Item, name: &'static str) -> Result<&'i str, MalformedItem> {
    match item.get(name) {
        Some(AttributeValue::S(text)) if !text.is_empty() => Ok(text),
        Some(_) | None => Err(MalformedItem(name)),
    }
}

fn take_tenant(item: &Item) -> Result<TenantId, MalformedItem> {
    TenantId::parse(take(item, "tenantId")?).map_err(|_| MalformedItem("tenantId"))
}

fn take_policy(item: &Item) -> Result<PolicyId, MalformedItem> {
    PolicyId::parse(take(item, "policyId")?).map_err(|_| MalformedItem("policyId"))
}

fn take_status(item: &Item) -> Result<Status, MalformedItem> {
    Status::from_word(take(item, "status")?).ok_or(MalformedItem("status"))
}

fn take_roles(item: &Item) -> Result<Roles, MalformedItem> {
    let Some(AttributeValue::L(roles)) = item.get("roles") else { return Err(MalformedItem("roles")) };
    let name = |role: &AttributeValue| role.as_s().ok().filter(|role| !role.is_empty()).cloned();
    roles.iter().map(|role| name(role).ok_or(MalformedItem("roles"))).collect()
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
