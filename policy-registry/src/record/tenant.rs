//! What points to policies: a tenant, and the item that stands for all tenants.

use policy_model::TenantId;

use super::attributes::{PointerNames, check_header, header, take_status, take_tenant, text};
use super::{Item, MalformedItem, PolicyPointer, Status};
use crate::key::{Key, LISTED_IN, TENANTS};

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub tenant: TenantId,
    /// Whether its users may call anything.
    pub status: Status,
    /// The policy in force.
    pub policy: PolicyPointer,
    /// The policy that is decided beside it, without effect.
    pub shadow: Option<PolicyPointer>,
}

/// The platform's own word on every tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// The policy in force for all.
    pub policy: PolicyPointer,
}

impl Tenant {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::tenant(&self.tenant)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "tenant");
        item.insert(LISTED_IN.into(), text(TENANTS));
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("status".into(), text(self.status.word()));
        POLICY.write(&self.policy, &mut item);
        if let Some(shadow) = &self.shadow {
            SHADOW.write(shadow, &mut item);
        }
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<Tenant, MalformedItem> {
        check_header(item, "tenant")?;
        Ok(Tenant {
            tenant: take_tenant(item)?,
            status: take_status(item)?,
            policy: POLICY.take(item)?,
            shadow: SHADOW.take_optional(item)?,
        })
    }
}

impl Baseline {
    /// The key of its item.
    pub fn key() -> Key {
        Key::baseline()
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(Baseline::key(), "baseline");
        POLICY.write(&self.policy, &mut item);
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<Baseline, MalformedItem> {
        check_header(item, "baseline")?;
        Ok(Baseline { policy: POLICY.take(item)? })
    }
}

const POLICY: PointerNames = PointerNames { policy: "policyId", sha256: "policySha256" };

const SHADOW: PointerNames = PointerNames { policy: "shadowPolicyId", sha256: "shadowPolicySha256" };
