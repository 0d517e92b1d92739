//! Which policies of a registry's folder are in force.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::files::{EVERY_TENANT, File};
use crate::failure::Failure;
use crate::input;

/// What a registry folder says of its tenants. A registry's own reader knows the rest.
pub(super) const TENANTS_FILE: &str = "tenants.json";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tenant {
    tenant_id: String,
    status: Status,
    policy_id: String,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Active,
    Suspended,
}

/// Tenant and policy of each active tenant.
pub(super) struct Active {
    name: String,
    policies: BTreeSet<(String, String)>,
}

/// Reads it; none in a folder that is only policies.
pub(super) fn read(folder: &str) -> Result<Option<Active>, Failure> {
    let path = Path::new(folder).join(TENANTS_FILE);
    if !path.exists() {
        return Ok(None);
    }
    let name = path.display().to_string();
    let text = input::read(&name, TENANTS_BYTES_MAX, "lists of tenants")?;
    let tenants: Vec<Tenant> = serde_json::from_slice(&text)
        .map_err(|error| Failure::input(format!("{name} is no list of tenants: {error}; see docs/registry.md")))?;
    let mut once = BTreeSet::new();
    if let Some(twice) = tenants.iter().find(|tenant| !once.insert(&tenant.tenant_id)) {
        return Err(Failure::input(format!("{name} has tenant {} twice; one of them must go", twice.tenant_id)));
    }
    // A tenant that is not active is refused, as one without a policy is.
    let active = tenants.into_iter().filter(|tenant| tenant.status == Status::Active);
    let policies = active.map(|tenant| (tenant.tenant_id, tenant.policy_id)).collect();
    Ok(Some(Active { name, policies }))
}

/// The policies in force, and the baseline.
pub(super) fn only(
    mut files: BTreeMap<(String, String), File>,
    active: &Active,
) -> Result<BTreeMap<(String, String), File>, Failure> {
    for (tenant, policy) in &active.policies {
        if !files.contains_key(&(tenant.clone(), policy.clone())) {
            return Err(Failure::input(format!(
                "{}: tenant {tenant} has policy {policy}, which is not in the folder; add it, or name another",
                active.name
            )));
        }
    }
    files.retain(|key, file| file.tenant == EVERY_TENANT || active.policies.contains(key));
    Ok(files)
}

const TENANTS_BYTES_MAX: usize = 64 * 1024 * 1024;
