//! Where a claim stands in a token.

use serde::Deserialize;
use serde_json::Value;

use super::{ClaimNames, Preset};

/// A claim of a token, by its name or by the names on the way to it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct ClaimName(Vec<String>);

impl ClaimName {
    /// A claim at the top, whatever characters its name has: `custom:tenant_id`, `https://example.com/tenant`, `a.b`.
    pub fn top(name: &str) -> ClaimName {
        ClaimName(vec![name.to_owned()])
    }

    /// A claim inside of others, by the names on the way to it.
    pub(super) fn at(way: &[&str]) -> ClaimName {
        ClaimName(way.iter().map(|name| (*name).to_owned()).collect())
    }

    /// The names on the way to it, at least one.
    pub fn path(&self) -> &[String] {
        &self.0
    }
}

impl TryFrom<Value> for ClaimName {
    type Error = String;

    fn try_from(value: Value) -> Result<ClaimName, String> {
        let path: Option<Vec<String>> = match value {
            Value::String(name) => Some(vec![name]),
            Value::Array(names) => names.into_iter().map(|name| name.as_str().map(str::to_owned)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        };
        let is_claim = |path: &Vec<String>| {
            (1..=CLAIM_STEPS_MAX).contains(&path.len()) && path.iter().all(|name| !name.is_empty())
        };
        path.filter(is_claim).map(ClaimName).ok_or_else(|| {
            format!(
                "a claim is a name that is not empty, as \"custom:tenant_id\", or a list of 1 to {CLAIM_STEPS_MAX} names, \
                 outermost first, as [\"realm_access\", \"roles\"]"
            )
        })
    }
}

/// The `claims` of an issuer as written.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ClaimsDocument {
    tenant: Option<ClaimName>,
    user: Option<ClaimName>,
    roles: Option<ClaimName>,
    scopes: Option<ClaimName>,
    client_id: Option<ClaimName>,
}

impl ClaimsDocument {
    /// What is written, and the preset's names for what is not.
    pub fn over(&self, preset: Option<Preset>) -> ClaimNames {
        let usual = ClaimNames::usual(preset);
        let own = |own: &Option<ClaimName>, usual: ClaimName| own.clone().unwrap_or(usual);
        ClaimNames {
            tenant: own(&self.tenant, usual.tenant),
            user: own(&self.user, usual.user),
            roles: own(&self.roles, usual.roles),
            scopes: self.scopes.clone().or(usual.scopes),
            client_ids: self.client_id.clone().map_or(usual.client_ids, |own| vec![own]),
        }
    }
}

/// Most names on the way to a claim.
const CLAIM_STEPS_MAX: usize = 8;
