//! The `registry` part of the settings document.

use std::time::Duration;

use policy_registry::{AwsEnvironment, BaselineMode, ClientSettings};
use serde::Deserialize;

use super::document::check_url;
use super::{AgentMode, SettingsError, TaskMode};

/// The part as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RegistryDocument {
    table: String,
    #[serde(default)]
    endpoint_url: Option<String>,
    #[serde(default = "default_timeout_ms")]
    timeout_ms: u64,
    #[serde(default = "default_cache_ttl_ms")]
    cache_ttl_ms: u64,
    #[serde(default = "default_cache_entries_max")]
    cache_entries_max: usize,
    #[serde(default)]
    baseline: BaselineWord,
    #[serde(default)]
    tasks: TaskMode,
    #[serde(default)]
    agents: AgentMode,
}

/// The word for a [`BaselineMode`].
#[derive(Deserialize, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum BaselineWord {
    #[default]
    Optional,
    Required,
}

impl RegistryDocument {
    /// Whether tasks are recorded in the table.
    pub(super) fn tasks(&self) -> TaskMode {
        self.tasks
    }

    /// Whether agents must be in the table.
    pub(super) fn agents(&self) -> AgentMode {
        self.agents
    }

    pub(super) fn check(self, aws: AwsEnvironment) -> Result<policy_registry::Settings, SettingsError> {
        let within = |place: &str, value: u64, least: u64, most: u64| {
            if (least..=most).contains(&value) {
                return Ok(value);
            }
            Err(SettingsError(format!("registry.{place}: {value} is not from {least} to {most}")))
        };
        if self.table.is_empty() {
            return Err(SettingsError("registry.table: empty; the name or ARN of the table is needed".to_owned()));
        }
        if let Some(url) = &self.endpoint_url {
            check_url(url).map_err(|what| SettingsError(format!("registry.endpointUrl: {what}")))?;
        }
        let timeout = Duration::from_millis(within("timeoutMs", self.timeout_ms, 50, 30_000)?);
        let cache_ttl = Duration::from_millis(within("cacheTtlMs", self.cache_ttl_ms, 0, 300_000)?);
        within("cacheEntriesMax", self.cache_entries_max as u64, 1, 1_000_000)?;
        Ok(policy_registry::Settings {
            table: self.table,
            client: ClientSettings { endpoint_url: self.endpoint_url, timeout, aws },
            cache_ttl,
            cache_entries_max: self.cache_entries_max,
            baseline: match self.baseline {
                BaselineWord::Optional => BaselineMode::Optional,
                BaselineWord::Required => BaselineMode::Required,
            },
        })
    }
}

fn default_timeout_ms() -> u64 {
    1_500
}

fn default_cache_ttl_ms() -> u64 {
    5_000
}

fn default_cache_entries_max() -> usize {
    10_000
}
