//! Where policies and members are: a registry, a folder like one, or loose files.

use std::path::PathBuf;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use clap::Args;
use policy_model::comparison::{Side, Version};
use policy_model::policy::DOCUMENT_BYTES_MAX;
use policy_model::{Layers, Policy, TenantId};
use policy_registry::client::ClientSettings;
use policy_registry::operate::{OperateError, Operator, PolicyScope, VersionName};
use policy_registry::record::{Kill, KillScope, KillSwitch};
use policy_registry::{AwsEnvironment, BaselineMode, Registry, Settings, sha256_hex};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::excerpt::visible;
use crate::failure::Failure;
use crate::input;
use crate::placeholder;
use crate::registry_access::{RegistryAccess, RegistryArguments};
use crate::registry_host::{DEFAULT_TABLE, RegistryHost};

/// Where policies and members are.
#[derive(Debug, Args)]
pub(crate) struct SourceArguments {
    #[command(flatten)]
    registry: RegistryArguments,
    /// A registry's folder, as `registry load` takes it
    #[arg(long = "registry", value_name = "DIR", conflicts_with_all = ["file", "endpoint_url"], help_heading = "Registry")]
    folder: Option<PathBuf>,
    /// A policy file in the place of a registry: memberships do not count then
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "endpoint_url", "folder"], help_heading = "Registry")]
    policy: Option<String>,
    /// The policy for all tenants beside --policy
    #[arg(long, value_name = "FILE", requires = "policy", help_heading = "Registry")]
    baseline: Option<String>,
    /// The interceptors' settings: which issuers there are, whether agents must be registered, whether there must be a baseline
    #[arg(long, value_name = "FILE", help_heading = "Registry")]
    settings: Option<String>,
}

/// What the settings say that matters here.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) issuers: Vec<String>,
    /// Whether agents must be registered.
    pub(crate) has_agents: bool,
    baseline: BaselineMode,
}

/// Policies and perhaps members.
pub(crate) enum Source {
    Registry(Box<Desk>),
    Files(Box<Policies>),
}

/// A registry that can be asked.
pub(crate) struct Desk {
    pub(crate) operator: Operator,
    pub(crate) registry: Registry,
    kills: KillSwitch,
    place: String,
    _access: Option<RegistryAccess>,
    _host: Option<RegistryHost>,
}

/// The documents that count for a tenant.
pub(crate) struct Policies {
    pub(crate) policy: Text,
    pub(crate) baseline: Option<Text>,
    /// What operators stopped of what the tenant may ask for.
    kills: Option<Policy>,
}

/// A policy document.
pub(crate) struct Text {
    pub(crate) text: String,
    /// Where it stands in a registry; none for files, and for what was never published.
    pub(crate) version: Option<u64>,
}

/// Both, read.
pub(crate) struct Read<'t> {
    pub(crate) policy: Version<'t>,
    pub(crate) baseline: Option<Version<'t>>,
}

impl SourceArguments {
    /// Reaches it.
    pub(crate) async fn open(&self) -> Result<Source, Failure> {
        if let Some(policy) = &self.policy {
            input::check_once([policy.as_str()].into_iter().chain(self.baseline.as_deref()))?;
            let baseline = self.baseline.as_deref().map(read_file).transpose()?;
            return Ok(Source::Files(Box::new(Policies { policy: read_file(policy)?, baseline, kills: None })));
        }
        let (client, table, place, access, host) = match &self.folder {
            Some(folder) => {
                if !folder.is_dir() {
                    return Err(Failure::input(format!("{} is no folder", folder.display())));
                }
                let host = RegistryHost::start(None, DEFAULT_TABLE).await?;
                host.fill(Some(folder)).await?;
                (host.client(), host.table().to_owned(), folder.display().to_string(), None, Some(host))
            }
            None => {
                let access = self.registry.open().await?;
                (access.client.clone(), access.table.clone(), access.place.clone(), Some(access), None)
            }
        };
        // Nothing is written, so that nobody reads the name.
        let operator =
            Operator::new(client.clone(), &table, "reader").map_err(|error| Failure::input(error.to_string()))?;
        let settings = Settings {
            table,
            client: ClientSettings { endpoint_url: None, timeout: TIMEOUT, aws: AwsEnvironment::default() },
            cache_ttl: Duration::ZERO,
            cache_entries_max: 1,
            baseline: self.chosen()?.baseline,
        };
        let kills = kills(&client, &settings.table, &place).await?;
        let registry = Registry::with_client(settings, client);
        Ok(Source::Registry(Box::new(Desk { operator, registry, kills, place, _access: access, _host: host })))
    }

    /// Whether anything is named, so that a registry is to be asked.
    pub(crate) fn is_named(&self) -> bool {
        self.folder.is_some() || self.policy.is_some() || self.registry.is_named()
    }

    /// What the settings say.
    pub(crate) fn chosen(&self) -> Result<Chosen, Failure> {
        let Some(file) = &self.settings else { return Ok(Chosen::default()) };
        let wrong = |what: String| Failure::input(format!("the settings {} cannot be used: {what}", visible(file)));
        let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        let stand_in = |name: &str| Ok(Some(if name.starts_with("jwks.") { "{}".to_owned() } else { String::new() }));
        let text = placeholder::expand_text(&text, stand_in).map_err(wrong)?;
        let document: SettingsDocument = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let is = |member: &str, word: &str| document.registry.get(member).and_then(Value::as_str) == Some(word);
        Ok(Chosen {
            issuers: document.issuers.into_iter().filter_map(|issuer| issuer.issuer).collect(),
            has_agents: is("agents", "REGISTERED"),
            baseline: if is("baseline", "REQUIRED") { BaselineMode::Required } else { BaselineMode::Optional },
        })
    }
}

/// Of a settings document only this is read.
#[derive(Deserialize)]
struct SettingsDocument {
    #[serde(default)]
    issuers: Vec<IssuerDocument>,
    #[serde(default)]
    registry: Value,
}

#[derive(Deserialize)]
struct IssuerDocument {
    issuer: Option<String>,
}

impl Desk {
    /// The documents that count for a tenant; none if one of them is not there.
    pub(crate) async fn policies(&self, tenant: &TenantId) -> Result<Option<Policies>, Failure> {
        let Some(policy) = self.active(&PolicyScope::Tenant(tenant.clone())).await? else { return Ok(None) };
        let kills =
            self.kills.policy(tenant).map_err(|_| Failure::run("the kill switch in the registry is malformed"))?;
        Ok(Some(Policies { policy, baseline: self.active(&PolicyScope::Baseline).await?, kills }))
    }

    /// What operators stopped of what the tenant may ask for, in words.
    pub(crate) fn stopped(&self, tenant: &TenantId) -> Vec<String> {
        let told = |kill: &Kill| match &kill.scope {
            KillScope::All | KillScope::Tenant(_) => None,
            KillScope::Resource { tenant: only, resource, .. } => {
                let is_concerned = only.as_ref().is_none_or(|only| only == tenant);
                is_concerned.then(|| format!("{resource}: an operator stopped it, by kill {}", kill.id))
            }
        };
        self.kills.kills.iter().filter_map(told).collect()
    }

    /// Whether an operator stopped the tenant.
    pub(crate) fn is_stopped(&self, tenant: &TenantId) -> bool {
        self.kills.stops(tenant)
    }

    async fn active(&self, scope: &PolicyScope) -> Result<Option<Text>, Failure> {
        match self.operator.version(scope, &VersionName::Active).await {
            Ok(found) => Ok(Some(Text { text: found.document, version: Some(found.version).filter(|own| *own > 0) })),
            Err(OperateError::NotFound(_)) => Ok(None),
            Err(error) => Err(self.failure(&error)),
        }
    }

    /// What went wrong, for whoever called the command.
    pub(crate) fn failure(&self, error: &OperateError) -> Failure {
        Failure::run(visible(&format!("{}: {error}", self.place)))
    }
}

impl Policies {
    /// All that count, as they are decided on.
    pub(crate) fn layers<'p>(&'p self, read: &'p Read<'_>) -> Layers<'p> {
        Layers { kills: self.kills.as_ref(), ..read.side().layers() }
    }

    /// Both, read.
    pub(crate) fn read(&self) -> Result<Read<'_>, Failure> {
        let baseline = self.baseline.as_ref().map(|text| text.read("the baseline")).transpose()?;
        Ok(Read { policy: self.policy.read("the policy")?, baseline })
    }
}

impl Text {
    fn read(&self, what: &str) -> Result<Version<'_>, Failure> {
        Version::parse(self.text.as_bytes()).map_err(|errors| {
            Failure::input(format!(
                "{what} is none: {}; see tenantgate policy lint",
                visible(&errors.first.to_string())
            ))
        })
    }

    /// What it is called, as JSON.
    pub(crate) fn json(&self, version: &Version<'_>) -> Value {
        let id = version.policy().id().as_str();
        json!({"policyId": id, "version": self.version, "sha256": sha256_hex(self.text.as_bytes())})
    }

    /// The same in words, as in `POL-ACME, version 7`.
    pub(crate) fn title(&self, version: &Version<'_>) -> String {
        let id = version.policy().id();
        self.version.map_or_else(|| id.to_string(), |version| format!("{id}, version {version}"))
    }
}

impl<'t> Read<'t> {
    /// As they are decided on.
    pub(crate) fn side(&self) -> Side<'_> {
        Side { baseline: self.baseline.as_ref(), policy: &self.policy }
    }
}

/// What operators stopped; nothing where there is no such item.
async fn kills(client: &Client, table: &str, place: &str) -> Result<KillSwitch, Failure> {
    let key = KillSwitch::key();
    let text = |part: String| AttributeValue::S(part);
    let asked =
        client.get_item().table_name(table).key("pk", text(key.pk)).key("sk", text(key.sk)).consistent_read(true);
    let answer = asked.send().await.map_err(|error| {
        let error = aws_sdk_dynamodb::error::DisplayErrorContext(error);
        Failure::run(visible(&format!("{place}: {error}")))
    })?;
    let Some(item) = answer.item else { return Ok(KillSwitch::default()) };
    KillSwitch::from_item(&item).map_err(|malformed| {
        Failure::run(format!(
            "the kill switch in the registry is malformed ({}): every request is refused with REGISTRY_ITEM_MALFORMED",
            malformed.0
        ))
    })
}

fn read_file(file: &str) -> Result<Text, Failure> {
    let bytes = input::read(file, DOCUMENT_BYTES_MAX, "policy files")?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::input(format!("{} is no policy: it is no UTF-8", visible(input::name(file)))))?;
    Ok(Text { text, version: None })
}

const TIMEOUT: Duration = Duration::from_secs(20);
