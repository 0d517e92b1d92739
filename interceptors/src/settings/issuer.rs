//! An issuer of access tokens, and what its tokens are taken to say.

use std::sync::Arc;

use http::Uri;
use jsonwebtoken::Algorithm;
use policy_model::TenantId;
use serde::Deserialize;

use super::{ClaimName, Preset};
use crate::token::KeySet;

/// One issuer.
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// The `iss` claim, exactly.
    pub issuer: String,
    /// Whose tokens these are, as far as that is known.
    pub preset: Option<Preset>,
    /// Accepted `aud` values; empty: not checked.
    pub audiences: Vec<String>,
    /// Accepted client ids; empty: not checked. At least one of the two is not empty.
    pub client_ids: Vec<String>,
    /// Accepted signature algorithms.
    pub algorithms: Vec<Algorithm>,
    /// Names of the claims.
    pub claims: ClaimNames,
    /// The public keys.
    pub keys: KeySettings,
    /// For which tenants it may speak.
    pub tenants: TenantBinding,
    /// Where the tenant comes from if a token names none.
    pub tenant_selection: TenantSelection,
    /// Whether machines with tokens of their own may call.
    pub machine_clients: MachineClients,
    /// Who counts as the agent that calls on a user's behalf.
    pub actor: ActorSource,
}

/// Where an issuer's keys come from.
#[derive(Debug, Clone)]
pub enum KeySettings {
    /// Inline or from a file.
    Given(Arc<KeySet>),
    /// An HTTPS address.
    Url(Uri),
    /// The address that the issuer's own metadata names (OpenID Connect Discovery 1.0).
    Discovery {
        /// Where the metadata is.
        document: Uri,
        /// What its `issuer` must be.
        issuer: String,
        /// The hosts that may have the keys, besides that of the metadata.
        key_hosts: Vec<String>,
    },
}

/// The claims that say who is calling.
#[derive(Debug, Clone)]
pub struct ClaimNames {
    /// The tenant, one string.
    pub tenant: ClaimName,
    /// The user, one string.
    pub user: ClaimName,
    /// The roles, a list of strings.
    pub roles: ClaimName,
    /// The scopes, a list of strings or one string with spaces; `scope` and `scp` together where none is named.
    pub scopes: Option<ClaimName>,
    /// The client that the token was issued to; any of them.
    pub client_ids: Vec<ClaimName>,
}

impl ClaimNames {
    /// Those of a provider; without one the standard names.
    pub fn usual(preset: Option<Preset>) -> ClaimNames {
        preset.map_or_else(ClaimNames::default, Preset::claims)
    }
}

impl Default for ClaimNames {
    fn default() -> ClaimNames {
        ClaimNames {
            tenant: ClaimName::top("tenant"),
            user: ClaimName::top("sub"),
            roles: ClaimName::top("roles"),
            scopes: None,
            client_ids: vec![ClaimName::top("client_id")],
        }
    }
}

/// For which tenants an issuer may speak. In any case its users must be members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantBinding {
    /// For those of which its users are members.
    Memberships,
    /// For these of them.
    OneOf(Arc<[TenantId]>),
}

impl TenantBinding {
    /// Whether it may speak for this one.
    pub fn includes(&self, tenant: &TenantId) -> bool {
        match self {
            TenantBinding::Memberships => true,
            TenantBinding::OneOf(tenants) => tenants.contains(tenant),
        }
    }
}

/// Where the tenant comes from if a user's token names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TenantSelection {
    /// From nowhere: such a token is refused.
    #[default]
    Claim,
    /// It is the user's only one, or that of their own which the selector header names.
    Membership,
}

/// Whether machines with tokens of their own (client credentials) may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MachineClients {
    /// None.
    #[default]
    Refuse,
    /// Those that the registry has.
    Registered,
}

/// Who counts as the agent that calls on a user's behalf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorSource {
    /// The actor that the token names (`act`).
    #[default]
    Act,
    /// That, or without one the client that the token was issued to, as where a middle tier gets it on behalf of a user.
    Client,
}

/// Whether an agent must be registered in the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgentMode {
    /// The token's word for it is enough.
    #[default]
    Token,
    /// It must, and its registration bounds the scopes of the call.
    Registered,
}
