//! A key of the settings, wherever it is kept.

use std::sync::Arc;

use policy_registry::AwsEnvironment;
use tokio::time::{Instant, timeout_at};

use super::kms_key::KmsKey;
use super::public_key::{PublicKey, SIGNATURE_BYTES};
use super::secret_key::SecretKey;
use super::{Algorithm, ContextFault, PrivateKey};
use crate::settings::{ContextKey, ContextKeySource};

/// A key with its id.
pub(super) struct NamedKey {
    id: Box<str>,
    source: KeySource,
}

enum KeySource {
    Given(Arc<PrivateKey>),
    Secret(Box<SecretKey>),
    Kms(Box<KmsKey>),
}

/// A key that can sign now.
pub(super) enum ReadyKey<'k> {
    Local(Arc<PrivateKey>),
    Kms(&'k NamedKey, &'k KmsKey),
}

impl NamedKey {
    pub(super) fn new(key: &ContextKey, aws: &AwsEnvironment) -> NamedKey {
        let source = match &key.source {
            ContextKeySource::Given(key) => KeySource::Given(Arc::clone(key)),
            ContextKeySource::SecretsManager(key) => KeySource::Secret(Box::new(SecretKey::new(key, aws))),
            ContextKeySource::Kms(key) => KeySource::Kms(Box::new(KmsKey::new(key, aws))),
        };
        NamedKey { id: key.id.as_str().into(), source }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The key, once it is here or known to be elsewhere.
    pub(super) async fn ready(&self, deadline: Instant) -> Result<ReadyKey<'_>, ContextFault> {
        match &self.source {
            KeySource::Given(key) => Ok(ReadyKey::Local(Arc::clone(key))),
            KeySource::Kms(key) => Ok(ReadyKey::Kms(self, key)),
            KeySource::Secret(secret) => {
                let key = in_time(deadline, secret.key()).await.map_err(|why| self.unavailable(why))?;
                Ok(ReadyKey::Local(key))
            }
        }
    }

    /// Its public half.
    pub(super) async fn public(&self, deadline: Instant) -> Result<PublicKey, &'static str> {
        let key = match &self.source {
            KeySource::Given(key) => Arc::clone(key),
            KeySource::Secret(secret) => in_time(deadline, secret.key()).await?,
            KeySource::Kms(key) => return in_time(deadline, key.public()).await,
        };
        key.public().ok_or("it has no public half")
    }

    /// What went wrong is in the log, without an answer's words.
    fn unavailable(&self, problem: &'static str) -> ContextFault {
        tracing::warn!(target: "tenantgate::keys", kid = &*self.id, problem, "a tenant context was not signed");
        ContextFault::KeyUnavailable
    }
}

impl ReadyKey<'_> {
    pub(super) fn algorithm(&self) -> Algorithm {
        match self {
            ReadyKey::Local(key) => key.algorithm(),
            ReadyKey::Kms(_, _) => Algorithm::Es256,
        }
    }

    /// The signature as JWS has it.
    pub(super) async fn sign(&self, message: &[u8], deadline: Instant) -> Result<[u8; SIGNATURE_BYTES], ContextFault> {
        match self {
            ReadyKey::Local(key) => {
                key.sign(message).and_then(|signature| signature.try_into().ok()).ok_or(ContextFault::Signing)
            }
            ReadyKey::Kms(named, key) => {
                in_time(deadline, key.sign(message)).await.map_err(|why| named.unavailable(why))
            }
        }
    }
}

async fn in_time<T>(
    deadline: Instant,
    answer: impl Future<Output = Result<T, &'static str>>,
) -> Result<T, &'static str> {
    timeout_at(deadline, answer).await.unwrap_or(Err("no answer in time"))
}
