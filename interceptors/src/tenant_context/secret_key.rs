//! A key that AWS Secrets Manager keeps, read when it is first needed.

use std::sync::Arc;
use std::time::Duration;

use policy_model::json::{Value, quote};
use policy_registry::{AwsEnvironment, Moment};
use tokio::sync::Mutex;

use super::PrivateKey;
use super::aws_service::AwsService;
use crate::settings::RemoteKey;

/// A secret whose `SecretString` is one private key.
pub(super) struct SecretKey {
    service: AwsService,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// When it was last asked for, whatever came of it.
    asked: Option<Moment>,
}

#[derive(Clone)]
struct Held {
    key: Arc<PrivateKey>,
    read: Moment,
}

impl SecretKey {
    /// A secret that was not read yet.
    pub(super) fn new(key: &RemoteKey, aws: &AwsEnvironment) -> SecretKey {
        let service = AwsService::new("secretsmanager", "secretsmanager", key, aws);
        SecretKey { service, state: Mutex::default() }
    }

    /// The key. It is read anew an hour after the last time; while that fails, the one that is held goes on for a day.
    ///
    /// # Errors
    /// What went wrong, in words of ours.
    pub(super) async fn key(&self) -> Result<Arc<PrivateKey>, &'static str> {
        // One at a time: those who wait find what the first one read.
        let mut state = self.state.lock().await;
        let held = state.held.clone().filter(|held| held.read.elapsed() < KEY_AGE_MAX).map(|held| held.key);
        let interval = if held.is_some() { ASK_INTERVAL } else { FIRST_ASK_INTERVAL };
        if state.asked.is_some_and(|asked| asked.elapsed() < interval) {
            return held.ok_or("it could not be read a moment ago");
        }
        state.asked = Some(Moment::now());
        match (self.read().await, held) {
            (Ok(key), _) => {
                let key = Arc::new(key);
                state.held = Some(Held { key: Arc::clone(&key), read: Moment::now() });
                Ok(key)
            }
            (Err(_), Some(held)) => Ok(held),
            (Err(why), None) => Err(why),
        }
    }

    async fn read(&self) -> Result<PrivateKey, &'static str> {
        let body = format!("{{\"SecretId\":{}}}", quote(self.service.arn()));
        let answer = self.service.ask("GetSecretValue", &body).await?;
        if !answer.root().get("ARN").is_some_and(|arn| arn.is_str(self.service.arn())) {
            return Err("an answer about another secret");
        }
        let text = answer.root().get("SecretString").and_then(Value::as_str).ok_or("a secret without SecretString")?;
        PrivateKey::parse(&text).map_err(|invalid| invalid.0)
    }
}

/// As long as there is no key, it is asked for at most once in this time.
const FIRST_ASK_INTERVAL: Duration = Duration::from_secs(2);

/// Afterwards it is asked for at most once in this time.
const ASK_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// A key that was read longer ago is not used.
const KEY_AGE_MAX: Duration = Duration::from_secs(24 * 60 * 60);
