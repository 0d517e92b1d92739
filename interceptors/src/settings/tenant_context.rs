//! How the tenant context is signed, and for whom.

mod document;
mod key;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use policy_registry::AwsEnvironment;

pub(super) use document::TenantContextDocument;

use super::SettingsError;
use crate::tenant_context::{Arn, PrivateKey};

/// How the tenant context is signed, and for whom.
#[derive(Debug, Clone)]
pub struct TenantContextSettings {
    /// The `iss` claim; none of the issuers of access tokens.
    pub issuer: String,
    /// The header that carries it.
    pub header: String,
    /// From `iat` to `exp`: 10 to 60 seconds.
    pub lifetime: Duration,
    /// The key that signs.
    pub signing: ContextKey,
    /// The keys that are only published: those that will sign, and those that did.
    pub others: Vec<ContextKey>,
    /// The `aud` claim of requests that go to no one target.
    pub audience: String,
    /// What is set for targets, by their names.
    pub targets: BTreeMap<String, ContextTarget>,
    /// Credentials for keys that AWS keeps.
    pub aws: AwsEnvironment,
}

/// One key.
#[derive(Debug, Clone)]
pub struct ContextKey {
    /// The `kid`.
    pub id: String,
    /// Where it is.
    pub source: ContextKeySource,
}

/// Where a key is.
#[derive(Debug, Clone)]
pub enum ContextKeySource {
    /// Here: it came from a file or a variable.
    Given(Arc<PrivateKey>),
    /// In AWS Secrets Manager, until it is needed.
    SecretsManager(RemoteKey),
    /// In AWS KMS, always.
    Kms(RemoteKey),
}

/// A key that AWS keeps.
#[derive(Debug, Clone)]
pub struct RemoteKey {
    pub(crate) arn: Arn,
    /// Another address than AWS's own.
    pub(crate) endpoint_url: Option<Uri>,
}

/// What is set for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextTarget {
    /// The `aud` claim of its requests.
    pub audience: String,
    /// The argument that carries the context in a call, for a target that sees no headers.
    pub argument: Option<String>,
    /// The member of a message's metadata that carries the context to an agent that sees no headers.
    pub metadata: Option<String>,
}

impl TenantContextSettings {
    /// Reads the member `tenantContext` of a settings document and nothing else of it, for those who only publish keys.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right.
    pub fn find_in(document: &str, aws: AwsEnvironment) -> Result<Option<TenantContextSettings>, SettingsError> {
        document::find_in(document, aws)
    }

    /// Whether a key is one that AWS keeps.
    pub fn asks_aws(&self) -> bool {
        self.others.iter().chain([&self.signing]).any(|key| match key.source {
            ContextKeySource::Given(_) => false,
            ContextKeySource::SecretsManager(_) | ContextKeySource::Kms(_) => true,
        })
    }

    /// The `aud` claim of a request to this target, or to none: the target's own name where nothing is set.
    pub fn audience<'s>(&'s self, target: Option<&'s str>) -> &'s str {
        match target {
            None => &self.audience,
            Some(name) => self.targets.get(name).map_or(name, |target| &target.audience),
        }
    }

    /// The argument that carries the context in a call of this target.
    pub fn argument(&self, target: &str) -> Option<&str> {
        self.targets.get(target)?.argument.as_deref()
    }
}
