//! Tokens that were exchanged a short while ago, by what they were exchanged for.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::time::Instant;

use super::ExchangeFault;

/// What an exchange is known by: SHA-256 over target, subject token and scopes, each with its length before it. No two
/// callers share one, since no two have one token.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 32]);

/// What came of an exchange, and how long that holds.
#[derive(Clone)]
pub(super) struct Kept {
    outcome: Result<Arc<str>, ExchangeFault>,
    until: Instant,
    /// The same by the callers' clock: the other one may stand still while a process is frozen.
    until_unix: u64,
}

/// The exchanges that are remembered, and those under way.
pub(super) struct ExchangedTokens(Cache<Key, Kept, Bytes>);

impl Key {
    pub(super) fn of(target: &str, token: &str, scopes: &[&str]) -> Key {
        let mut context = digest::Context::new(&digest::SHA256);
        for text in [target, token].iter().chain(scopes) {
            context.update(&(text.len() as u64).to_be_bytes());
            context.update(text.as_bytes());
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        Key(hash)
    }
}

impl Kept {
    /// A token, for so long after it was asked for: what the endpoint said of its life counts from then at the earliest.
    pub(super) fn token(token: Arc<str>, asked: Instant, asked_unix: u64, holds: Duration) -> Kept {
        Kept { outcome: Ok(token), until: asked + holds, until_unix: asked_unix.saturating_add(holds.as_secs()) }
    }

    /// A failure, for so long from now: asking may have taken longer than that.
    pub(super) fn fault(fault: ExchangeFault, asked: Instant, asked_unix: u64, holds: Duration) -> Kept {
        // A started second counts.
        let until_unix = asked_unix.saturating_add((asked.elapsed() + holds).as_secs() + 1);
        Kept { outcome: Err(fault), until: Instant::now() + holds, until_unix }
    }

    fn holds(&self, unix_now: u64) -> bool {
        Instant::now() < self.until && unix_now < self.until_unix
    }
}

impl ExchangedTokens {
    /// What is remembered and still holds.
    pub(super) fn find(&self, key: &Key, unix_now: u64) -> Option<Result<Arc<str>, ExchangeFault>> {
        let kept = self.0.get(key)?;
        if kept.holds(unix_now) {
            return Some(kept.outcome);
        }
        self.0.remove_if(key, |held| held.until == kept.until);
        None
    }

    /// What `ask` says: it is asked once for all who want the same at the same time.
    pub(super) async fn once(&self, key: &Key, ask: impl AsyncFnOnce() -> Kept) -> Result<Arc<str>, ExchangeFault> {
        match self.0.get_value_or_guard_async(key).await {
            Ok(kept) => kept.outcome,
            Err(place) => {
                let kept = ask().await;
                // Nobody else can have taken the place; without it the next one asks again.
                drop(place.insert(kept.clone()));
                kept.outcome
            }
        }
    }
}

impl Default for ExchangedTokens {
    fn default() -> ExchangedTokens {
        ExchangedTokens(Cache::with_weighter(EXCHANGED_EXPECTED, EXCHANGED_BYTES_MAX, Bytes))
    }
}

/// What an entry takes, about.
#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Kept> for Bytes {
    fn weight(&self, _: &Key, kept: &Kept) -> u64 {
        ENTRY_BYTES + kept.outcome.as_ref().map_or(0, |token| token.len() as u64)
    }
}

/// Most bytes that all of them may take.
const EXCHANGED_BYTES_MAX: u64 = 16 << 20;

/// As many tokens of common size fit.
const EXCHANGED_EXPECTED: usize = 10_000;

/// What an entry takes besides the token, about.
const ENTRY_BYTES: u64 = 256;
