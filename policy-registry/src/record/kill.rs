//! What operators stopped: one item, which every lookup reads.

#[cfg(test)]
mod tests;

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{Effect, Policy, PolicyError, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::attributes::{check_header, header, take, take_seconds, text};
use super::{Item, MalformedItem};
use crate::key::Key;

/// All that is stopped at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KillSwitch {
    /// Goes up by one with each change; 0 where nothing was ever stopped.
    pub revision: u64,
    /// In the order in which they were set; [`KILLS_MAX`] at most.
    pub kills: Vec<Kill>,
}

/// One thing that is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kill {
    /// Its name, by which it is lifted: what the id of a rule can be.
    pub id: String,
    /// What is stopped.
    pub scope: KillScope,
    /// Why, for other operators; no caller reads it.
    pub reason: Option<String>,
    /// Who set it, in their own words.
    pub by: String,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// What a kill stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KillScope {
    /// Everybody.
    All,
    /// All callers of a tenant.
    Tenant(TenantId),
    /// What a DENY rule would name so: `agent:tool:orders___refund`.
    Resource {
        /// As in a rule.
        resource: String,
        /// In this tenant alone; none: in all.
        tenant: Option<TenantId>,
    },
}

impl KillSwitch {
    /// The key of its item.
    pub fn key() -> Key {
        Key::kills()
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(KillSwitch::key(), KIND);
        item.insert(REVISION.into(), AttributeValue::N(self.revision.to_string()));
        item.insert(DOCUMENT.into(), text(&self.document().to_string()));
        item
    }

    /// Takes an item.
    ///
    /// # Errors
    /// The attribute that is wrong. What cannot be read stops everybody.
    pub fn from_item(item: &Item) -> Result<KillSwitch, MalformedItem> {
        check_header(item, KIND)?;
        let revision = take_seconds(item, REVISION)?;
        let document: Written = serde_json::from_str(take(item, DOCUMENT)?).map_err(|_| MalformedItem(DOCUMENT))?;
        let kills = document.kills.into_iter().map(KillDocument::kill).collect::<Option<Vec<Kill>>>();
        let switch = KillSwitch { revision, kills: kills.ok_or(MalformedItem(DOCUMENT))? };
        if switch.kills.len() > KILLS_MAX || switch.check().is_err() {
            return Err(MalformedItem(DOCUMENT));
        }
        Ok(switch)
    }

    /// Whether the ids are ids, each once, and the resources can be those of DENY rules.
    ///
    /// # Errors
    /// What is wrong, and where, in a policy made of the kills.
    pub fn check(&self) -> Result<(), PolicyError> {
        policy(self.kills.iter()).map(drop)
    }

    /// Whether nobody of this tenant may do anything.
    pub fn stops(&self, tenant: &TenantId) -> bool {
        self.kills.iter().any(|kill| match &kill.scope {
            KillScope::All => true,
            KillScope::Tenant(stopped) => stopped == tenant,
            KillScope::Resource { .. } => false,
        })
    }

    /// What is stopped of what a tenant could ask for, as DENY rules with the kills' ids; none if it is nothing.
    ///
    /// # Errors
    /// As [`KillSwitch::check`].
    pub fn policy(&self, tenant: &TenantId) -> Result<Option<Policy>, PolicyError> {
        let is_concerned = |kill: &&Kill| match &kill.scope {
            KillScope::All | KillScope::Tenant(_) => false,
            KillScope::Resource { tenant: only, .. } => only.as_ref().is_none_or(|only| only == tenant),
        };
        let mut kills = self.kills.iter().filter(is_concerned).peekable();
        if kills.peek().is_none() { Ok(None) } else { policy(kills).map(Some) }
    }

    /// Whether a kill is for some tenants' resources alone.
    pub(crate) fn differs_by_tenant(&self) -> bool {
        self.kills.iter().any(|kill| match &kill.scope {
            KillScope::All | KillScope::Tenant(_) => false,
            KillScope::Resource { tenant, .. } => tenant.is_some(),
        })
    }

    /// As it stands in the item.
    fn document(&self) -> Value {
        let kills = self.kills.iter().map(|kill| {
            let (scope, resource, tenant) = match &kill.scope {
                KillScope::All => (ALL, None, None),
                KillScope::Tenant(tenant) => (TENANT, None, Some(tenant)),
                KillScope::Resource { resource, tenant } => (RESOURCE, Some(resource.clone()), tenant.as_ref()),
            };
            KillDocument {
                id: kill.id.clone(),
                scope: scope.to_owned(),
                resource,
                tenant_id: tenant.map(|tenant| tenant.as_str().to_owned()),
                reason: kill.reason.clone(),
                by: kill.by.clone(),
                at: kill.at,
            }
        });
        json!(Written { kills: kills.collect() })
    }
}

impl KillScope {
    /// The scope as written in the item: `ALL`, `TENANT` or `RESOURCE`.
    pub fn word(&self) -> &'static str {
        match self {
            KillScope::All => ALL,
            KillScope::Tenant(_) => TENANT,
            KillScope::Resource { .. } => RESOURCE,
        }
    }
}

/// Kills as DENY rules. What stops whole tenants becomes one as well, so that its id is checked.
fn policy<'k>(kills: impl Iterator<Item = &'k Kill>) -> Result<Policy, PolicyError> {
    let rule = |kill: &Kill| {
        let resource = match &kill.scope {
            KillScope::All | KillScope::Tenant(_) => EVERY_TOOL,
            KillScope::Resource { resource, .. } => resource,
        };
        let kind = resource.split(':').nth(1).unwrap_or_default().to_ascii_uppercase();
        json!({"ruleId": kill.id, "effect": Effect::Deny.word(), "resourceType": kind, "resources": [resource]})
    };
    let rules: Vec<Value> = kills.map(rule).collect();
    Policy::parse(json!({"policyId": KILLS_POLICY_ID, "tenantId": "*", "rules": rules}).to_string().as_bytes())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kills: Vec<KillDocument>,
}

/// A kill as written.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KillDocument {
    id: String,
    scope: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    by: String,
    at: u64,
}

impl KillDocument {
    fn kill(self) -> Option<Kill> {
        let tenant = self.tenant_id.map(|tenant| TenantId::parse(&tenant)).transpose().ok()?;
        let scope = match (self.scope.as_str(), self.resource, tenant) {
            (ALL, None, None) => KillScope::All,
            (TENANT, None, Some(tenant)) => KillScope::Tenant(tenant),
            (RESOURCE, Some(resource), tenant) => KillScope::Resource { resource, tenant },
            _ => return None,
        };
        Some(Kill { id: self.id, scope, reason: self.reason, by: self.by, at: self.at })
    }
}

/// Most kills at a time: every lookup reads them all.
pub const KILLS_MAX: usize = 1_000;

/// What audit lines say for the policy where a kill settled a decision.
pub const KILLS_POLICY_ID: &str = "KILLS";

const KIND: &str = "kill-switch";

const REVISION: &str = "revision";

const DOCUMENT: &str = "document";

const ALL: &str = "ALL";

const TENANT: &str = "TENANT";

const RESOURCE: &str = "RESOURCE";

const EVERY_TOOL: &str = "agent:tool:*";
