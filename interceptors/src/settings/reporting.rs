//! What is written down of decisions, and what is counted.

use serde::Deserialize;

use crate::audit::Share;

/// What audit lines say.
#[derive(Debug, Clone)]
pub struct AuditSettings {
    /// Whether the lines of calls have what deciding them again needs.
    pub facts: bool,
    /// The name of the secret of which the keys of the arguments' digests are made; none: no digests.
    pub arguments_key: Option<String>,
    /// The share of allows that are written down.
    pub sample_allows: Share,
    /// Whether they also have the names of OpenTelemetry for what they say.
    pub open_telemetry: bool,
}

/// Metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsSettings {
    /// Their namespace in CloudWatch.
    pub namespace: String,
}

impl Default for AuditSettings {
    fn default() -> AuditSettings {
        AuditSettings { facts: true, arguments_key: None, sample_allows: Share::ALL, open_telemetry: false }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct AuditDocument {
    facts: bool,
    arguments_key: Option<String>,
    sample_allows: f64,
    open_telemetry: bool,
}

impl Default for AuditDocument {
    fn default() -> AuditDocument {
        AuditDocument { facts: true, arguments_key: None, sample_allows: 1.0, open_telemetry: false }
    }
}

impl AuditDocument {
    /// `hash_keys` are the names that `hashKeys` gives.
    pub(super) fn check(self, hash_keys: &[String]) -> Result<AuditSettings, String> {
        if let Some(name) = &self.arguments_key
            && !hash_keys.contains(name)
        {
            return Err(format!("audit.argumentsKey: `hashKeys` has no {name:?}"));
        }
        if self.arguments_key.is_some() && !self.facts {
            return Err("audit.argumentsKey: the digest stands in the facts, which are off; leave one of the two out"
                .to_owned());
        }
        let sample_allows = Share::new(self.sample_allows)
            .ok_or_else(|| format!("audit.sampleAllows: {} is not a share from 0 to 1", self.sample_allows))?;
        let AuditDocument { facts, arguments_key, sample_allows: _, open_telemetry } = self;
        Ok(AuditSettings { facts, arguments_key, sample_allows, open_telemetry })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MetricsDocument {
    namespace: String,
}

impl MetricsDocument {
    pub(super) fn check(self) -> Result<MetricsSettings, String> {
        let namespace = self.namespace;
        let is_word = namespace.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/#:".contains(&byte));
        let is_own = !namespace.starts_with(':') && !namespace.starts_with("AWS/");
        if (1..=NAMESPACE_BYTES_MAX).contains(&namespace.len()) && is_word && is_own {
            return Ok(MetricsSettings { namespace });
        }
        Err(format!(
            "metrics.namespace: expected 1 to {NAMESPACE_BYTES_MAX} of a-z A-Z 0-9 . _ - / # :, not beginning with \":\" or \"AWS/\""
        ))
    }
}

/// What CloudWatch takes.
const NAMESPACE_BYTES_MAX: usize = 255;
