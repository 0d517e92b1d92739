//! The keys of what operators alone read and write.

use policy_model::TenantId;

use super::{BASELINE, Key, encode};
use crate::operate::PolicyScope;

impl Key {
    /// An immutable version of a policy.
    pub fn version(scope: &PolicyScope, version: u64) -> Key {
        Key { pk: Key::scope(scope), sk: format!("{VERSION_PREFIX}{version:010}") }
    }

    /// Which version has a content.
    pub fn content(scope: &PolicyScope, sha256: &str) -> Key {
        Key { pk: Key::scope(scope), sk: format!("{CONTENT_PREFIX}{}", encode(sha256)) }
    }

    /// A change set.
    pub fn change_set(id: &str) -> Key {
        Key { pk: format!("CHANGESET#{}", encode(id)), sk: "CHANGESET".to_owned() }
    }

    /// What counts the changes of routes.
    pub fn route_revision() -> Key {
        Key { pk: "ROUTES".to_owned(), sk: "ROUTES".to_owned() }
    }

    /// What points to the policies of a scope.
    pub fn pointer(scope: &PolicyScope) -> Key {
        match scope {
            PolicyScope::Tenant(tenant) => Key::tenant(tenant),
            PolicyScope::Baseline => Key::baseline(),
        }
    }

    /// The partition of a scope's policies.
    pub(crate) fn scope(scope: &PolicyScope) -> String {
        match scope {
            PolicyScope::Tenant(tenant) => Key::tenant(tenant).pk,
            PolicyScope::Baseline => BASELINE.to_owned(),
        }
    }

    /// The partition of a tenant's log; without a tenant that of all that is no tenant's.
    pub(crate) fn log(tenant: Option<&TenantId>) -> String {
        format!("LOG#{}", encode(tenant.map_or("*", TenantId::as_str)))
    }

    /// Where a tenant's members and clients are listed.
    pub(crate) fn members_of(tenant: &TenantId) -> String {
        format!("MEMBERS#{}", encode(tenant.as_str()))
    }

    /// Where the log entries of a day are listed, as in `2026-11-22`.
    pub(crate) fn log_of_day(day: &str) -> String {
        format!("LOG#{day}")
    }

    /// Where the log entries of a change set are listed.
    pub(crate) fn entries_of(change_set: &str) -> String {
        format!("CHANGESET#{}", encode(change_set))
    }
}

/// The index of what operators list.
pub const DIRECTORY: &str = "directory";

/// Its partition key; what lacks it is not listed.
pub const LISTED_IN: &str = "listedIn";

/// Where tenants are listed.
pub(crate) const TENANTS: &str = "TENANTS";

/// Where routes are listed.
pub(crate) const ROUTES: &str = "ROUTES";

/// Where change sets are listed.
pub(crate) const CHANGE_SETS: &str = "CHANGESETS";

/// Begins the sort keys of versions.
pub(crate) const VERSION_PREFIX: &str = "POLICY#VERSION#";

/// Begins the sort keys of contents.
pub(crate) const CONTENT_PREFIX: &str = "POLICY#SHA256#";

/// Begins the sort keys of users' memberships in the index.
pub(crate) const USER_PREFIX: &str = "USER#";

/// Begins the sort keys of clients in the index.
pub(crate) const CLIENT_PREFIX: &str = "CLIENT#";
