//! What the operator sets: one JSON document in the function's environment or package.

mod claim_name;
mod document;
mod hash_secrets;
mod iam;
mod issuer;
mod preset;
mod registry;
mod tenant_context;
mod token_exchange;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use claim_name::ClaimName;
pub(crate) use document::check_url;
pub use hash_secrets::HashSecrets;
use http::Uri;
use jsonwebtoken::Algorithm;
use policy_model::TenantId;
use policy_registry::AwsEnvironment;
pub use preset::Preset;
use serde::Deserialize;
pub use tenant_context::{ContextKey, ContextKeySource, ContextTarget, RemoteKey, TenantContextSettings};
pub use token_exchange::{
    ActorSettings, ClientAuthentication, Secret, TargetExchange, TokenExchangeSettings, TokenType,
};

use crate::iam::IamPrincipals;
use crate::token::KeySet;

/// Variable with the settings themselves.
pub const SETTINGS_VARIABLE: &str = "TENANTGATE_SETTINGS";

/// Variable with the path of a file that holds them.
pub const SETTINGS_FILE_VARIABLE: &str = "TENANTGATE_SETTINGS_FILE";

/// The settings of both interceptors, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The Policy Registry.
    pub registry: policy_registry::Settings,
    /// Who may issue tokens.
    pub issuers: Vec<IssuerSettings>,
    /// Which AWS principals may call, where the gateway authorizes by IAM.
    pub iam: Option<IamPrincipals>,
    /// Whether an agent that calls on a user's behalf must be registered.
    pub agents: AgentMode,
    /// Tolerance for the issuers' clocks.
    pub leeway: Duration,
    /// Whether tasks can be asked for.
    pub tasks: TaskMode,
    /// Names of the headers that carry the tenant context.
    pub headers: HeaderNames,
    /// What a refusal looks like.
    pub refusal: RefusalMode,
    /// What HASH makes its keys of.
    pub hash_secrets: HashSecrets,
    /// What becomes of characters that nobody sees, in the entries of lists.
    pub invisible: InvisibleCharacters,
    /// What becomes of control characters in the arguments of calls.
    pub controls: ControlCharacters,
    /// For which targets the caller's token is exchanged, and where; none: for no target.
    pub token_exchange: Option<TokenExchangeSettings>,
    /// How requests that go on are signed; not at all where there is none.
    pub tenant_context: Option<TenantContextSettings>,
}

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
        /// The hosts that may have the keys.
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

/// Names of the headers that carry the tenant context to the target, and of the one that chooses a tenant.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HeaderNames {
    /// The tenant id.
    pub tenant: String,
    /// The user id.
    pub user: String,
    /// By which a caller chooses among its tenants.
    pub tenant_selector: String,
}

impl Default for HeaderNames {
    fn default() -> HeaderNames {
        HeaderNames {
            tenant: "x-tenant-id".to_owned(),
            user: "x-user-id".to_owned(),
            tenant_selector: "x-tenant-selector".to_owned(),
        }
    }
}

/// Whether tasks can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskMode {
    /// No policy can grant a method of `tasks/*`.
    #[default]
    Off,
    /// The registry's table says whose call of which tool made a task.
    Record,
}

/// What becomes of characters that a model reads and nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvisibleCharacters {
    /// They are taken out of texts; an entry that has them in the name of a member is hidden.
    #[default]
    Strip,
    /// They stay.
    Keep,
    /// An entry that has them is hidden.
    Hide,
}

/// What becomes of control characters in the arguments of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ControlCharacters {
    /// They stay.
    #[default]
    Keep,
    /// They are taken out of strings; a call that has them in the name of a member is refused.
    Strip,
    /// A call that has them is refused.
    Refuse,
}

/// What a refusal of identity, tenancy or policy looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefusalMode {
    /// HTTP 200 with a JSON-RPC error, as AgentCore's own policy engine does.
    #[default]
    JsonrpcError,
    /// HTTP 200 with a tool result that the model can relay, for `tools/call`.
    ToolResult,
    /// HTTP 403 with a JSON-RPC error.
    #[serde(rename = "HTTP_403")]
    Http403,
}

impl Settings {
    /// Reads the settings that the process's environment names.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right.
    pub fn of_process() -> Result<Settings, SettingsError> {
        let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let document = match (read(SETTINGS_VARIABLE), read(SETTINGS_FILE_VARIABLE)) {
            (Some(document), None) => document,
            (None, Some(path)) => std::fs::read_to_string(&path)
                .map_err(|error| SettingsError(format!("{SETTINGS_FILE_VARIABLE}: cannot read {path:?}: {error}")))?,
            (None, None) => {
                return Err(SettingsError(format!(
                    "set {SETTINGS_VARIABLE} (JSON) or {SETTINGS_FILE_VARIABLE} (a path)"
                )));
            }
            (Some(_), Some(_)) => {
                return Err(SettingsError(format!(
                    "{SETTINGS_VARIABLE} and {SETTINGS_FILE_VARIABLE} are both set; keep one"
                )));
            }
        };
        Settings::parse(&document, AwsEnvironment::of_process())
    }

    /// Reads a settings document.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right.
    pub fn parse(document: &str, aws: AwsEnvironment) -> Result<Settings, SettingsError> {
        document::parse(document, aws)
    }
}

/// Settings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError(String);

impl fmt::Display for SettingsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for SettingsError {}
