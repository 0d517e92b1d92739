//! Where an issuer's keys come from, and how long they are kept.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey};
use policy_registry::Moment;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::fetch::{Fetcher, Place};
use super::{KeySet, TokenFault};
use crate::settings::KeySettings;

/// An issuer's keys.
pub(super) enum KeySource {
    /// Given with the settings.
    Fixed(Arc<KeySet>),
    /// Fetched from the issuer.
    Remote(Arc<Remote>),
}

pub(super) struct Remote {
    issuer: String,
    fetcher: Fetcher,
    held: RwLock<Option<Held>>,
    /// When the issuer was last asked, whatever came of it. Locked while it is asked.
    asked: Mutex<Option<Instant>>,
}

#[derive(Clone)]
struct Held {
    keys: Arc<KeySet>,
    fetched: Moment,
}

impl KeySource {
    /// The keys of an issuer of this name.
    pub(super) fn new(settings: &KeySettings, issuer: &str) -> KeySource {
        match Place::of(settings) {
            Err(keys) => KeySource::Fixed(Arc::new(keys.clone().of_issuer(issuer))),
            Ok(place) => KeySource::Remote(Arc::new(Remote {
                issuer: issuer.to_owned(),
                fetcher: Fetcher::new(place),
                held: RwLock::default(),
                asked: Mutex::default(),
            })),
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
                if let Some((key, age)) = remote.known(key_id, algorithm) {
                    if age >= KEYS_REFRESH {
                        Remote::refresh_meanwhile(remote);
                    }
                    if age < KEYS_TTL {
                        return Ok(key);
                    }
                }
                // On its own, so that a caller without time left does not end what others wait for.
                let (remote, key_id) = (Arc::clone(remote), key_id.map(str::to_owned));
                let asking = tokio::spawn(async move { remote.ask(key_id.as_deref(), algorithm).await });
                match timeout_at(deadline, asking).await {
                    Ok(Ok(found)) => found,
                    Ok(Err(_)) | Err(_) => Err(TokenFault::KeysUnavailable),
                }
            }
        }
    }
}

impl Remote {
    fn held(&self) -> Option<Held> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner).clone();
        held.filter(|held| held.fetched.elapsed() < KEYS_AGE_MAX)
    }

    /// A key that is held, and for how long. Nobody waits for a fetch to find one.
    fn known(&self, key_id: Option<&str>, algorithm: Algorithm) -> Option<(DecodingKey, Duration)> {
        let held = self.held()?;
        Some((held.keys.find(key_id, algorithm)?.clone(), held.fetched.elapsed()))
    }

    /// Asks in the background, unless that is being done, or was done a short while ago.
    fn refresh_meanwhile(remote: &Arc<Remote>) {
        let remote = Arc::clone(remote);
        drop(tokio::spawn(async move {
            if let Ok(mut asked) = remote.asked.try_lock()
                && asked.is_none_or(|asked| asked.elapsed() >= ASK_INTERVAL)
            {
                remote.fetch(&mut asked).await;
            }
        }));
    }

    async fn ask(&self, key_id: Option<&str>, algorithm: Algorithm) -> Result<DecodingKey, TokenFault> {
        // One at a time: those who wait find what the first one fetched.
        let mut asked = self.asked.lock().await;
        let held = self.held();
        let known = held.as_ref().and_then(|held| held.keys.find(key_id, algorithm).cloned());
        let is_fresh = held.as_ref().is_some_and(|held| held.fetched.elapsed() < KEYS_TTL);
        let interval = if held.is_some() { ASK_INTERVAL } else { FIRST_ASK_INTERVAL };
        let may_ask = asked.is_none_or(|asked| asked.elapsed() >= interval);
        if (known.is_some() && is_fresh) || !may_ask {
            return known.ok_or(if held.is_some() { TokenFault::Key } else { TokenFault::KeysUnavailable });
        }
        match self.fetch(&mut asked).await {
            Some(keys) => keys.find(key_id, algorithm).cloned().ok_or(TokenFault::Key),
            // The keys that are known keep working while the issuer is away, up to their greatest age.
            None => known.ok_or(TokenFault::KeysUnavailable),
        }
    }

    async fn fetch(&self, asked: &mut Option<Instant>) -> Option<Arc<KeySet>> {
        *asked = Some(Instant::now());
        let keys = Arc::new(self.fetcher.fetch().await?.of_issuer(&self.issuer));
        let held = Held { keys: Arc::clone(&keys), fetched: Moment::now() };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Some(keys)
    }
}

/// Keys older than this are asked for again while they are used.
const KEYS_REFRESH: Duration = Duration::from_secs(5 * 60);

/// Keys younger than this are used without waiting for an answer.
const KEYS_TTL: Duration = Duration::from_secs(10 * 60);

/// Keys older than this are not used, also when the issuer cannot be asked.
const KEYS_AGE_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// As long as there are no keys at all, the issuer is asked at most once in this time.
const FIRST_ASK_INTERVAL: Duration = Duration::from_secs(2);

/// Afterwards it is asked at most once in this time.
const ASK_INTERVAL: Duration = Duration::from_secs(30);
