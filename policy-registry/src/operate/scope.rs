//! Whose policy is meant.

use std::fmt;

use policy_model::TenantId;

use crate::key::Place;

/// Whose policies are meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyScope {
    /// All tenants'.
    Baseline,
    /// One tenant's.
    Tenant(TenantId),
}

impl PolicyScope {
    /// The tenant; `None` for the baseline.
    pub fn tenant(&self) -> Option<&TenantId> {
        match self {
            PolicyScope::Baseline => None,
            PolicyScope::Tenant(tenant) => Some(tenant),
        }
    }

    /// Where the policy in force stands.
    pub(crate) fn active(&self) -> Place {
        match self {
            PolicyScope::Baseline => Place::Baseline,
            PolicyScope::Tenant(tenant) => Place::Active(tenant.clone()),
        }
    }
}

impl From<Option<TenantId>> for PolicyScope {
    fn from(tenant: Option<TenantId>) -> PolicyScope {
        tenant.map_or(PolicyScope::Baseline, PolicyScope::Tenant)
    }
}

/// `tenant acme`, or `the baseline`.
impl fmt::Display for PolicyScope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyScope::Baseline => write!(out, "the baseline"),
            PolicyScope::Tenant(tenant) => write!(out, "tenant {}", tenant.as_str()),
        }
    }
}
