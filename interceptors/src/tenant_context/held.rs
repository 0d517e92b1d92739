//! Contexts that were signed a short while ago.

use std::sync::Arc;

use aws_lc_rs::digest;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{ContextFault, ContextSubject};

/// Where a context is held: the hash of all that it was signed for.
pub(super) type Place = [u8; 32];

/// The contexts that are held.
pub(super) struct HeldTokens(Cache<Place, Held, Bytes>);

/// A signed context. Times are in seconds since 1970.
#[derive(Clone)]
pub(super) struct Held {
    token: Arc<str>,
    issued: u64,
    expires: u64,
}

impl HeldTokens {
    /// One that is still good for half its life.
    pub(super) fn find(&self, place: &Place, unix_now: u64) -> Option<Arc<str>> {
        self.0.get(place).filter(|held| held.is_reusable(unix_now)).map(|held| held.token)
    }

    /// Makes one where none is held. Whoever wants the same one meanwhile waits for it.
    pub(super) async fn find_or_make(
        &self,
        place: &Place,
        unix_now: u64,
        make: impl Future<Output = Result<Held, ContextFault>>,
    ) -> Result<Arc<str>, ContextFault> {
        self.0.remove_if(place, |held| !held.is_reusable(unix_now));
        match self.0.get_value_or_guard_async(place).await {
            // Made while we waited, and so by a later clock than ours.
            Ok(held) => Ok(held.token),
            Err(guard) => {
                let held = make.await?;
                let token = Arc::clone(&held.token);
                // The place is given up only when the cache was cleared meanwhile.
                drop(guard.insert(held));
                Ok(token)
            }
        }
    }
}

impl Held {
    pub(super) fn new(token: Arc<str>, issued: u64, expires: u64) -> Held {
        Held { token, issued, expires }
    }

    /// Half its life is left, and the clock has not gone back to before it was signed.
    fn is_reusable(&self, unix_now: u64) -> bool {
        let left = self.expires.saturating_sub(unix_now);
        let life = self.expires.saturating_sub(self.issued);
        self.issued <= unix_now && left > 0 && left.saturating_mul(2) >= life
    }
}

impl Default for HeldTokens {
    fn default() -> HeldTokens {
        HeldTokens(Cache::with_weighter(HELD_EXPECTED, HELD_BYTES_MAX, Bytes))
    }
}

/// Every part with its length before it, and every list with its own, so that no two subjects have one place.
pub(super) fn place(subject: &ContextSubject<'_>, audience: &str) -> Place {
    let ContextSubject { tenant, issuer, subject: user, actors, scopes } = *subject;
    let mut text = Vec::with_capacity(PLACE_BYTES_EXPECTED);
    let mut add = |part: &str| {
        text.extend((part.len() as u64).to_le_bytes());
        text.extend(part.as_bytes());
    };
    [audience, tenant, issuer, user].into_iter().for_each(&mut add);
    add(&actors.len().to_string());
    actors.iter().for_each(|actor| add(actor));
    add(&scopes.len().to_string());
    scopes.iter().for_each(|scope| add(scope));
    let mut place = [0; 32];
    place.copy_from_slice(digest::digest(&digest::SHA256, &text).as_ref());
    place
}

/// What an entry takes, about.
#[derive(Clone)]
struct Bytes;

impl Weighter<Place, Held> for Bytes {
    fn weight(&self, _: &Place, held: &Held) -> u64 {
        (ENTRY_BYTES + held.token.len()) as u64
    }
}

/// Most bytes that all of them may take.
const HELD_BYTES_MAX: u64 = 8 << 20;

/// As many contexts of common size fit.
const HELD_EXPECTED: usize = 8_000;

/// What an entry takes besides the token, about.
const ENTRY_BYTES: usize = 128;

/// A subject of common size.
const PLACE_BYTES_EXPECTED: usize = 512;

#[cfg(test)]
mod tests {
    use super::Held;

    #[test]
    fn a_context_is_used_for_half_its_life_and_never_before_it_was_signed() {
        let held = Held::new("token".into(), 1_000, 1_060);
        for (now, is_reusable) in
            [(999, false), (1_000, true), (1_030, true), (1_031, false), (1_060, false), (u64::MAX, false)]
        {
            assert_eq!(held.is_reusable(now), is_reusable, "{now}");
        }
        let odd = Held::new("token".into(), 1_000, 1_011);
        assert!(odd.is_reusable(1_005) && !odd.is_reusable(1_006));
        assert!(!Held::new("token".into(), 1_000, 1_000).is_reusable(1_000));
    }
}
