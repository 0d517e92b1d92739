//! A policy document at its place.

use policy_model::PolicyId;

use super::attributes::{check_header, header, take, take_policy, take_tenant, text};
use super::{Item, MalformedItem, PolicyPointer};
use crate::key::{Key, Place};

/// A policy document at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRecord {
    /// What it is for.
    pub place: Place,
    /// The document's `policyId`.
    pub policy: PolicyId,
    /// SHA-256 of the document, in hexadecimal.
    pub sha256: String,
    /// The document, JSON.
    pub document: String,
}

impl PolicyRecord {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::policy(&self.place)
    }

    /// What points to it.
    pub fn pointer(&self) -> PolicyPointer {
        PolicyPointer { policy: self.policy.clone(), sha256: self.sha256.clone() }
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), kind(&self.place));
        if let Some(tenant) = self.place.tenant() {
            item.insert("tenantId".into(), text(tenant.as_str()));
        }
        item.insert("policyId".into(), text(self.policy.as_str()));
        item.insert("sha256".into(), text(&self.sha256));
        item.insert("document".into(), text(&self.document));
        item
    }

    /// Takes the item that was found at a place. Whose it says it is need not be whose place that is.
    pub(crate) fn from_item(item: &Item, found: &Place) -> Result<PolicyRecord, MalformedItem> {
        check_header(item, kind(found))?;
        let place = match found {
            Place::Active(_) => Place::Active(take_tenant(item)?),
            Place::Shadow(_) => Place::Shadow(take_tenant(item)?),
            Place::Baseline => Place::Baseline,
        };
        Ok(PolicyRecord {
            place,
            policy: take_policy(item, "policyId")?,
            sha256: take(item, "sha256")?.to_owned(),
            document: take(item, "document")?.to_owned(),
        })
    }
}

fn kind(place: &Place) -> &'static str {
    match place {
        Place::Active(_) | Place::Shadow(_) => "policy",
        Place::Baseline => "baseline-policy",
    }
}
