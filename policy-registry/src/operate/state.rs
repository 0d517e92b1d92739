//! What points to the policies of a tenant or to the baseline.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::TenantId;

use super::PolicyScope;
use crate::record::{Baseline, Item, MalformedItem, PolicyPointer, Status, Tenant};

/// A tenant or the baseline, as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyState {
    /// Which of them.
    pub scope: PolicyScope,
    /// Whether the tenant's users may call anything; a baseline is always active.
    pub status: Status,
    /// The policy in force.
    pub policy: PolicyPointer,
    /// Its version; `None` where it was loaded and never published.
    pub policy_version: Option<u64>,
    /// The policy that is decided beside it.
    pub shadow: Option<PolicyPointer>,
    /// Its version, as above.
    pub shadow_version: Option<u64>,
    /// How often it was changed; 0 where it was loaded and not changed since.
    pub revision: u64,
    /// The highest number that a version of its policies has; 0 as above.
    pub versions: u64,
}

impl PolicyState {
    /// The tenant; `None` for the baseline.
    pub fn tenant(&self) -> Option<&TenantId> {
        self.scope.tenant()
    }

    /// Takes a tenant's item.
    pub(super) fn of_tenant(item: &Item) -> Result<PolicyState, MalformedItem> {
        let Tenant { tenant, status, policy, shadow, .. } = Tenant::from_item(item)?;
        let number = |name: &'static str| number(item, name);
        Ok(PolicyState {
            scope: PolicyScope::Tenant(tenant),
            status,
            policy,
            policy_version: number(POLICY_VERSION)?,
            shadow,
            shadow_version: number(SHADOW_VERSION)?,
            revision: number(REVISION)?.unwrap_or(0),
            versions: number(VERSIONS)?.unwrap_or(0),
        })
    }

    pub(super) fn of_baseline(item: &Item) -> Result<PolicyState, MalformedItem> {
        let Baseline { policy, .. } = Baseline::from_item(item)?;
        Ok(PolicyState {
            scope: PolicyScope::Baseline,
            status: Status::Active,
            policy,
            policy_version: number(item, POLICY_VERSION)?,
            shadow: None,
            shadow_version: None,
            revision: number(item, REVISION)?.unwrap_or(0),
            versions: number(item, VERSIONS)?.unwrap_or(0),
        })
    }

    /// `version 7`, or `unversioned (sha256 0123456789ab)`.
    pub fn version_text(&self) -> String {
        version_text(self.policy_version, Some(&self.policy))
    }

    /// The item.
    pub(super) fn to_item(&self) -> Item {
        let pointer = self.policy.clone();
        let mut item = match &self.scope {
            PolicyScope::Baseline => Baseline { policy: pointer }.to_item(),
            PolicyScope::Tenant(tenant) => {
                let (tenant, shadow) = (tenant.clone(), self.shadow.clone());
                Tenant { tenant, status: self.status, policy: pointer, shadow }.to_item()
            }
        };
        let numbers = [
            (POLICY_VERSION, self.policy_version),
            (SHADOW_VERSION, self.shadow_version),
            (REVISION, Some(self.revision)),
            (VERSIONS, Some(self.versions)),
        ];
        let written = |(name, number): (&str, Option<u64>)| {
            number.map(|number| (name.to_owned(), AttributeValue::N(number.to_string())))
        };
        item.extend(numbers.into_iter().filter_map(written));
        item
    }
}

/// A version as it is spoken of.
pub(super) fn version_text(version: Option<u64>, pointer: Option<&PolicyPointer>) -> String {
    match (version, pointer) {
        (Some(version), _) => format!("version {version}"),
        (None, Some(pointer)) => {
            format!("unversioned (sha256 {})", pointer.sha256.chars().take(12).collect::<String>())
        }
        (None, None) => "no policy".to_owned(),
    }
}

fn number(item: &Item, name: &'static str) -> Result<Option<u64>, MalformedItem> {
    let Some(value) = item.get(name) else { return Ok(None) };
    value.as_n().ok().and_then(|number| number.parse().ok()).map(Some).ok_or(MalformedItem(name))
}

pub(crate) const POLICY_VERSION: &str = "policyVersion";

pub(crate) const SHADOW_VERSION: &str = "shadowPolicyVersion";

pub(super) const REVISION: &str = "revision";

pub(super) const VERSIONS: &str = "versions";
