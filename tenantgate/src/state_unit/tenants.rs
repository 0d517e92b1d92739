//! The ids of known tenants, which never stand in a key.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::failure::Failure;
use crate::input;

/// Ids without case and separators: `tenant-a` is `Tenant_A`.
#[derive(Debug, Default)]
pub(crate) struct KnownTenants(BTreeSet<String>);

impl KnownTenants {
    /// Those of a registry folder's `tenants.json`.
    pub(crate) fn read(file: &str) -> Result<KnownTenants, Failure> {
        let text = input::read(file, TENANTS_BYTES_MAX, "tenants.json of a registry folder")?;
        let wrong = |what: &str| {
            let name = input::name(file);
            Failure::input(format!("{name}: {what}; expected tenants.json, as in [ {{ \"tenantId\": \"acme\", .. }} ]"))
        };
        if text.len() > TENANTS_BYTES_MAX {
            return Err(wrong("longer than 64 MiB"));
        }
        let tenants: Vec<Tenant> = serde_json::from_slice(&text).map_err(|error| wrong(&error.to_string()))?;
        Ok(Self::of(tenants.iter().map(|tenant| tenant.tenant_id.as_str())))
    }

    /// These.
    pub(crate) fn of<'i>(ids: impl IntoIterator<Item = &'i str>) -> KnownTenants {
        KnownTenants(ids.into_iter().map(folded).filter(|id| !id.is_empty()).collect())
    }

    pub(super) fn has(&self, value: &str) -> bool {
        self.0.contains(&folded(value))
    }
}

fn folded(id: &str) -> String {
    id.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// What else it says is of no interest here.
#[derive(Deserialize)]
struct Tenant {
    #[serde(rename = "tenantId")]
    tenant_id: String,
}

const TENANTS_BYTES_MAX: usize = 1 << 26;
