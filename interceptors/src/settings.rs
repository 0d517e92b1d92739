//! What the operator sets: one JSON document in the function's environment or package.

mod document;
mod hash_secrets;
mod registry;
mod tenant_context;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use hash_secrets::HashSecrets;
use http::Uri;
use jsonwebtoken::Algorithm;
use policy_registry::AwsEnvironment;
use serde::Deserialize;
pub use tenant_context::{ContextKey, ContextKeySource, ContextTarget, RemoteKey, TenantContextSettings};

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
    /// How requests that go on are signed; not at all where there is none.
    pub tenant_context: Option<TenantContextSettings>,
}

/// One issuer.
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// The `iss` claim, exactly.
    pub issuer: String,
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
}

/// Where an issuer's keys come from.
#[derive(Debug, Clone)]
pub enum KeySettings {
    /// Inline or from a file.
    Given(Arc<KeySet>),
    /// An HTTPS address.
    Url(Uri),
}

/// The names of the claims that say who is calling.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ClaimNames {
    /// The tenant, one string.
    pub tenant: String,
    /// The user, one string.
    pub user: String,
    /// The roles, a list of strings.
    pub roles: String,
    /// The scopes, a list of strings or one string with spaces; `scope` and `scp` together where none is named.
    pub scopes: Option<String>,
    /// The client that the token was issued to.
    pub client_id: String,
}

impl Default for ClaimNames {
    fn default() -> ClaimNames {
        ClaimNames {
            tenant: "tenant".to_owned(),
            user: "sub".to_owned(),
            roles: "roles".to_owned(),
            scopes: None,
            client_id: "client_id".to_owned(),
        }
    }
}

/// Names of the headers that carry the tenant context to the target.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HeaderNames {
    /// The tenant id.
    pub tenant: String,
    /// The user id.
    pub user: String,
}

impl Default for HeaderNames {
    fn default() -> HeaderNames {
        HeaderNames { tenant: "x-tenant-id".to_owned(), user: "x-user-id".to_owned() }
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
