//! What the operator sets: one JSON document in the function's environment or package.

mod claim_name;
mod document;
mod entries;
mod hash_secrets;
mod iam;
mod issuer;
mod issuer_document;
mod preset;
mod registry;
mod reporting;
mod secret_access;
mod tenant_context;
mod token_exchange;

use std::fmt;
use std::time::Duration;

pub use claim_name::{ClaimName, ClaimsDocument};
pub(crate) use document::check_url;
pub use hash_secrets::HashSecrets;
pub use issuer::{
    ActorSource, AgentMode, ClaimNames, IssuerSettings, KeySettings, MachineClients, TenantBinding, TenantSelection,
};
use policy_registry::AwsEnvironment;
pub use preset::Preset;
pub use reporting::{AuditSettings, MetricsSettings};
use secret_access::SecretAccess;
use serde::Deserialize;
pub use tenant_context::{ContextKey, ContextKeySource, ContextTarget, RemoteKey, TenantContextSettings};
pub use token_exchange::{
    ActorSettings, ClientAuthentication, Secret, TargetExchange, TokenExchangeSettings, TokenType,
};

use crate::iam::IamPrincipals;

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
    /// What becomes of an answer of the `http` family whose caller is not known.
    pub unknown_caller: UnknownCaller,
    /// What audit lines say.
    pub audit: AuditSettings,
    /// Where decisions are counted; nowhere if there is none.
    pub metrics: Option<MetricsSettings>,
}

/// Names of the headers that carry the tenant context and the route to the target, and of the one that chooses a tenant.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HeaderNames {
    /// The tenant id.
    pub tenant: String,
    /// The user id.
    pub user: String,
    /// By which a caller chooses among its tenants.
    pub tenant_selector: String,
    /// The agent that a path is bound to.
    pub agent_name: String,
    /// The application that the agent belongs to.
    pub app_id: String,
    /// The binding.
    pub route_binding: String,
}

impl HeaderNames {
    /// Each with its place in a settings document.
    pub(crate) fn named(&self) -> [(&'static str, &str); 6] {
        [
            ("headers.tenant", &self.tenant),
            ("headers.user", &self.user),
            ("headers.tenantSelector", &self.tenant_selector),
            ("headers.agentName", &self.agent_name),
            ("headers.appId", &self.app_id),
            ("headers.routeBinding", &self.route_binding),
        ]
    }
}

impl Default for HeaderNames {
    fn default() -> HeaderNames {
        HeaderNames {
            tenant: "x-tenant-id".to_owned(),
            user: "x-user-id".to_owned(),
            tenant_selector: "x-tenant-selector".to_owned(),
            agent_name: "x-agent-name".to_owned(),
            app_id: "x-app-id".to_owned(),
            route_binding: "x-route-binding-id".to_owned(),
        }
    }
}

/// What becomes of an answer of the `http` family whose caller is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnknownCaller {
    /// It is withheld. Each request that goes on leaves a decision context behind.
    #[default]
    Block,
    /// The baseline's redactions and all detectors are applied, for nobody less. Only those requests leave a decision context
    /// behind whose answers some rule is about.
    Strictest,
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
        Settings::parse(&document_of_process()?, AwsEnvironment::of_process())
    }

    /// The same as [`Settings::parse_for_identity`].
    ///
    /// # Errors
    /// What is wrong, where, and what would be right.
    pub fn of_process_for_identity() -> Result<Settings, SettingsError> {
        Settings::parse_for_identity(&document_of_process()?, AwsEnvironment::of_process())
    }

    /// Reads a settings document.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right.
    pub fn parse(document: &str, aws: AwsEnvironment) -> Result<Settings, SettingsError> {
        document::parse(document, aws, SecretAccess::Read)
    }

    /// Reads a settings document for a program that only asks who a caller is ([`crate::identity`]). The form of `hashKeys`, `tokenExchange`
    /// and `tenantContext` is checked, but none of their secrets is read, and the settings are as if they were not there: no
    /// interceptor can work with them.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right.
    pub fn parse_for_identity(document: &str, aws: AwsEnvironment) -> Result<Settings, SettingsError> {
        document::parse(document, aws, SecretAccess::Leave)
    }
}

/// The document that the process's environment names.
fn document_of_process() -> Result<String, SettingsError> {
    let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (read(SETTINGS_VARIABLE), read(SETTINGS_FILE_VARIABLE)) {
        (Some(document), None) => Ok(document),
        (None, Some(path)) => std::fs::read_to_string(&path)
            .map_err(|error| SettingsError(format!("{SETTINGS_FILE_VARIABLE}: cannot read {path:?}: {error}"))),
        (None, None) => {
            Err(SettingsError(format!("set {SETTINGS_VARIABLE} (JSON) or {SETTINGS_FILE_VARIABLE} (a path)")))
        }
        (Some(_), Some(_)) => {
            Err(SettingsError(format!("{SETTINGS_VARIABLE} and {SETTINGS_FILE_VARIABLE} are both set; keep one")))
        }
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
