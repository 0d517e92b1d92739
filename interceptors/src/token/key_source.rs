//! Where an issuer's keys come from, and how long they are kept.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::fetch::Fetcher;
use super::{KeySet, TokenFault};
use crate::settings::KeySettings;

/// An issuer's keys.
pub(super) enum KeySource {
    /// Given with the settings.
    Fixed(Arc<KeySet>),
    /// Fetched from the issuer.
    Remote(Box<Remote>),
}

pub(super) struct Remote {
    fetcher: Fetcher,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    keys: Option<Held>,
    /// When the issuer was last asked, whatever came of it.
    asked: Option<Instant>,
}

#[derive(Clone)]
struct Held {
    keys: Arc<KeySet>,
    fetched: Instant,
}

impl KeySource {
    pub(super) fn new(settings: &KeySettings) -> KeySource {
        match settings {
            KeySettings::Given(keys) => KeySource::Fixed(Arc::clone(keys)),
            KeySettings::Url(url) => {
                KeySource::Remote(Box::new(Remote { fetcher: Fetcher::new(url.clone()), state: Mutex::default() }))
            }
        }
    }

    /// The one key for a token's header. A key that is not there may be new: the issuer is asked again, but not more than
    /// once an interval, whatever callers send.
    pub(super) async fn find(
        &self,
        key_id: Option<&str>,
        algorithm: Algorithm,
        deadline: Instant,
    ) -> Result<DecodingKey, TokenFault> {
        match self {
            KeySource::Fixed(keys) => keys.find(key_id, algorithm).cloned().ok_or(TokenFault::Key),
            KeySource::Remote(remote) => {
                let found = timeout_at(deadline, remote.find(key_id, algorithm)).await;
                found.unwrap_or(Err(TokenFault::KeysUnavailable))
            }
        }
    }
}

impl Remote {
    async fn find(&self, key_id: Option<&str>, algorithm: Algorithm) -> Result<DecodingKey, TokenFault> {
        // One at a time: those who wait find what the first one fetched.
        let mut state = self.state.lock().await;
        let held = state.keys.clone().filter(|held| held.fetched.elapsed() < KEYS_AGE_MAX);
        let known = held.as_ref().and_then(|held| held.keys.find(key_id, algorithm).cloned());
        let is_fresh = held.as_ref().is_some_and(|held| held.fetched.elapsed() < KEYS_TTL);
        let interval = if held.is_some() { ASK_INTERVAL } else { FIRST_ASK_INTERVAL };
        let may_ask = state.asked.is_none_or(|asked| asked.elapsed() >= interval);
        if (known.is_some() && is_fresh) || !may_ask {
            return known.ok_or(if held.is_some() { TokenFault::Key } else { TokenFault::KeysUnavailable });
        }
        state.asked = Some(Instant::now());
        match self.fetcher.fetch().await {
            Some(keys) => {
                let keys = Arc::new(keys);
                let found = keys.find(key_id, algorithm).cloned();
                state.keys = Some(Held { keys, fetched: Instant::now() });
                found.ok_or(TokenFault::Key)
            }
            // The keys that are known keep working while the issuer is away, up to their greatest age.
            None => known.ok_or(TokenFault::KeysUnavailable),
        }
    }
}

/// Keys younger than this are used without asking.
const KEYS_TTL: Duration = Duration::from_secs(10 * 60);

/// Keys older than this are not used, also when the issuer cannot be asked.
const KEYS_AGE_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// As long as there are no keys at all, the issuer is asked at most once in this time.
const FIRST_ASK_INTERVAL: Duration = Duration::from_secs(2);

/// Afterwards it is asked at most once in this time.
const ASK_INTERVAL: Duration = Duration::from_secs(30);
