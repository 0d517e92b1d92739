//! Tokens that were verified a short while ago, by their hashes.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use policy_registry::Moment;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::Caller;
use super::claims::Validity;

/// What is remembered of a token.
#[derive(Clone)]
pub(super) struct Verified {
    pub(super) caller: Arc<Caller>,
    pub(super) validity: Validity,
    reverify: Moment,
    bytes: u64,
}

/// The tokens that are remembered.
pub(super) struct VerifiedTokens(Cache<[u8; 32], Verified, Bytes>);

impl Verified {
    pub(super) fn new(caller: Arc<Caller>, validity: Validity) -> Verified {
        // A value and its name are two nodes of the document, 16 bytes each.
        let nodes = caller.claims.root().descendants().count() * 32;
        let bytes = (CALLER_BYTES + caller.claims.text().len() + nodes) as u64;
        Verified { caller, validity, reverify: Moment::now().after(VERIFIED_TTL), bytes }
    }
}

impl VerifiedTokens {
    pub(super) fn find(&self, token: &str) -> Option<Verified> {
        self.0.get(&sha256(token)).filter(|verified| !verified.reverify.is_over())
    }

    pub(super) fn keep(&self, token: &str, verified: Verified) {
        self.0.insert(sha256(token), verified);
    }
}

impl Default for VerifiedTokens {
    fn default() -> VerifiedTokens {
        VerifiedTokens(Cache::with_weighter(VERIFIED_EXPECTED, VERIFIED_BYTES_MAX, Bytes))
    }
}

/// What an entry takes, about.
#[derive(Clone)]
struct Bytes;

impl Weighter<[u8; 32], Verified> for Bytes {
    fn weight(&self, _: &[u8; 32], verified: &Verified) -> u64 {
        verified.bytes
    }
}

fn sha256(token: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}

/// Most bytes that all of them may take.
const VERIFIED_BYTES_MAX: u64 = 32 << 20;

/// As many tokens of common size fit.
const VERIFIED_EXPECTED: usize = 10_000;

/// What a caller takes besides the claims, about.
const CALLER_BYTES: usize = 1024;

/// How long a verified token is taken as signed without looking at its key again: the bound on a key's withdrawal.
const VERIFIED_TTL: Duration = Duration::from_secs(300);
