//! The `tenantContext` part of the settings document.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use policy_model::header::{is_settable, normal};
use policy_model::tool_name::{TARGET_BYTES_MAX, is_target};
use policy_registry::AwsEnvironment;
use serde::Deserialize;

use super::key::KeyDocument;
use super::{ContextKey, ContextKeySource, ContextTarget, TenantContextSettings};
use crate::settings::entries::Entries;
use crate::settings::secret_access::SecretAccess;
use crate::settings::{HeaderNames, SettingsError};
use crate::trace::TRACEPARENT;

/// The part as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::settings) struct TenantContextDocument {
    issuer: String,
    #[serde(default = "default_header")]
    header: String,
    #[serde(default = "default_lifetime_seconds")]
    lifetime_seconds: u64,
    keys: Vec<KeyDocument>,
    #[serde(default)]
    sign_with: Option<String>,
    #[serde(default = "default_audience")]
    audience: String,
    #[serde(default)]
    targets: Entries<TargetDocument>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TargetDocument {
    #[serde(default)]
    audience: Option<String>,
    #[serde(default)]
    argument: Option<String>,
    #[serde(default)]
    metadata: Option<String>,
}

/// Of a settings document only this is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartDocument {
    #[serde(default)]
    headers: HeaderNames,
    #[serde(default)]
    tenant_context: Option<TenantContextDocument>,
}

pub(super) fn find_in(document: &str, aws: AwsEnvironment) -> Result<Option<TenantContextSettings>, SettingsError> {
    let document: PartDocument = serde_json::from_str(document).map_err(|error| SettingsError(error.to_string()))?;
    let context = document.tenant_context.map(|context| context.check(aws, &document.headers, SecretAccess::Read));
    Ok(context.transpose()?.flatten())
}

impl TenantContextDocument {
    /// The issuer as written.
    pub(in crate::settings) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Checks all of it; nothing is left of it where secrets are left alone. `identity` are the headers whose names it may not have.
    pub(in crate::settings) fn check(
        self,
        aws: AwsEnvironment,
        identity: &HeaderNames,
        access: SecretAccess,
    ) -> Result<Option<TenantContextSettings>, SettingsError> {
        self.checked(aws, identity, access).map_err(|what| SettingsError(format!("tenantContext{what}")))
    }

    fn checked(
        self,
        aws: AwsEnvironment,
        identity: &HeaderNames,
        access: SecretAccess,
    ) -> Result<Option<TenantContextSettings>, String> {
        check_name(".issuer", &self.issuer)?;
        check_name(".audience", &self.audience)?;
        check_header(&self.header, identity)?;
        if !(LIFETIME_SECONDS_MIN..=LIFETIME_SECONDS_MAX).contains(&self.lifetime_seconds) {
            let seconds = self.lifetime_seconds;
            return Err(format!(
                ".lifetimeSeconds: {seconds} is not from {LIFETIME_SECONDS_MIN} to {LIFETIME_SECONDS_MAX}"
            ));
        }
        let keys = keys(self.keys, self.sign_with, access)?;
        if self.targets.len() > TARGETS_MAX {
            return Err(format!(".targets: more than {TARGETS_MAX}"));
        }
        let mut targets = BTreeMap::new();
        for (name, target) in self.targets {
            let target = target.check(&name).map_err(|what| format!(".targets[{name:?}]{what}"))?;
            if target.audience == self.audience {
                return Err(format!(
                    ".targets[{name:?}]: has the audience of requests that go to no one target; give it its own"
                ));
            }
            targets.insert(name, target);
        }
        let Some((signing, others)) = keys else { return Ok(None) };
        Ok(Some(TenantContextSettings {
            issuer: self.issuer,
            header: self.header,
            lifetime: Duration::from_secs(self.lifetime_seconds),
            signing,
            others,
            audience: self.audience,
            targets,
            aws,
        }))
    }
}

impl TargetDocument {
    fn check(self, name: &str) -> Result<ContextTarget, String> {
        if !is_target(name) || name.len() > TARGET_BYTES_MAX {
            return Err(format!(": no target's name; it is 1 to {TARGET_BYTES_MAX} of A-Z a-z 0-9 . -"));
        }
        let audience = self.audience.unwrap_or_else(|| name.to_owned());
        check_name(".audience", &audience)?;
        let check_member = |place: &str, name: &Option<String>, others: &str| match name {
            Some(name) if !is_member(name, others.as_bytes()) => {
                Err(format!(".{place}: {name:?} is not 1 to {ARGUMENT_BYTES_MAX} of A-Z a-z 0-9 {others}"))
            }
            Some(_) | None => Ok(()),
        };
        check_member("argument", &self.argument, "_-")?;
        check_member("metadata", &self.metadata, "_-./:")?;
        Ok(ContextTarget { audience, argument: self.argument, metadata: self.metadata })
    }
}

/// Whether a text can be the name of a member that is ours.
fn is_member(name: &str, others: &[u8]) -> bool {
    (1..=ARGUMENT_BYTES_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
}

/// The key that signs, and those that do not; none, where they are left alone.
fn keys(
    documents: Vec<KeyDocument>,
    sign_with: Option<String>,
    access: SecretAccess,
) -> Result<Option<(ContextKey, Vec<ContextKey>)>, String> {
    if !(1..=KEYS_MAX).contains(&documents.len()) {
        return Err(format!(".keys: {} keys; expected 1 to {KEYS_MAX}", documents.len()));
    }
    let mut ids = BTreeSet::new();
    let mut keys: Vec<(String, Option<ContextKeySource>)> = Vec::new();
    for (index, document) in documents.into_iter().enumerate() {
        let (id, source) = document.check(access).map_err(|what| format!(".keys[{index}]{what}"))?;
        if !ids.insert(id.clone()) {
            return Err(format!(".keys[{index}].kid: {id:?} stands twice; give each key its own"));
        }
        keys.push((id, source));
    }
    let signing = match &sign_with {
        None if keys.len() == 1 => Some(0),
        None => return Err(".signWith: missing; with several keys it names the one that signs".to_owned()),
        Some(id) => keys.iter().position(|(other, _)| other == id),
    };
    match signing {
        Some(index) => {
            let key = |(id, source): (String, Option<ContextKeySource>)| source.map(|source| ContextKey { id, source });
            let signing = key(keys.remove(index));
            Ok(signing.zip(keys.into_iter().map(key).collect()))
        }
        None => {
            let known: Vec<&String> = ids.iter().collect();
            Err(format!(".signWith: {:?} is none of the keys; there are {known:?}", sign_with.unwrap_or_default()))
        }
    }
}

/// What can be compared byte for byte, and survives every log: no spaces, nothing but ASCII.
fn check_name(place: &str, text: &str) -> Result<(), String> {
    if (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(format!("{place}: {text:?} is not 1 to {NAME_BYTES_MAX} printable ASCII characters without spaces"))
}

fn check_header(name: &str, identity: &HeaderNames) -> Result<(), String> {
    if !is_settable(name) || normal(name) == TRACEPARENT {
        return Err(format!(
            ".header: {name:?} cannot be set by an interceptor; a name is 1 to 100 of a-z A-Z 0-9 _ -, and not one that \
             the gateway reserves"
        ));
    }
    match identity.named().into_iter().find(|(_, other)| normal(other) == normal(name)) {
        Some((place, _)) => Err(format!(".header: {name:?} is {place}; give it its own name")),
        None => Ok(()),
    }
}

fn default_header() -> String {
    "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant-Context".to_owned()
}

fn default_lifetime_seconds() -> u64 {
    LIFETIME_SECONDS_MAX
}

fn default_audience() -> String {
    "tenantgate".to_owned()
}

const LIFETIME_SECONDS_MIN: u64 = 10;

const LIFETIME_SECONDS_MAX: u64 = 60;

const KEYS_MAX: usize = 8;

const TARGETS_MAX: usize = 1_000;

/// Longest issuer and audience, in bytes.
const NAME_BYTES_MAX: usize = 256;

const ARGUMENT_BYTES_MAX: usize = 64;
