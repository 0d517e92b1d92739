//! Keyed hashes: equal values stay equal, within one tenant and under one key.

use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::decision::Layer;
use crate::id::TenantId;

/// How a hash in a result begins.
pub const HASH_PREFIX: &str = "hmac-sha256:";

/// Fewest bytes of the secret that keys are made of.
pub const HASH_SECRET_BYTES_MIN: usize = 32;

/// A tenant's key.
#[derive(Clone)]
pub struct HashKey([u8; 32]);

impl HashKey {
    /// A tenant's key from a secret that several tenants may share; `None` if that is shorter than
    /// [`HASH_SECRET_BYTES_MIN`].
    pub fn of_tenant(secret: &[u8], tenant: &TenantId) -> Option<HashKey> {
        if secret.len() < HASH_SECRET_BYTES_MIN {
            return None;
        }
        Some(HashKey(hmac(secret, &[b"tenantgate redaction key 1\0", tenant.as_str().as_bytes()])))
    }

    /// The first 128 bits of the value's hash, and 64 bits by which it is known again as one of this key's.
    fn hash(&self, kind: u8, value: &str) -> String {
        let hash = hmac(&self.0, &[&[kind], value.as_bytes()]);
        let hash: String = hash.iter().take(HASH_BYTES).map(hex).collect();
        let mark = self.mark(&hash);
        format!("{HASH_PREFIX}{hash}{mark}")
    }

    /// 128 bits over a text of another kind than all that is hashed in results.
    pub(crate) fn digest_of_arguments(&self, canonical: &str) -> [u8; HASH_BYTES] {
        let mut digest = [0; HASH_BYTES];
        digest.iter_mut().zip(hmac(&self.0, &[&[ARGUMENTS], canonical.as_bytes()])).for_each(|(own, byte)| *own = byte);
        digest
    }

    fn mark(&self, hash: &str) -> String {
        hmac(&self.0, &[&[MARK], hash.as_bytes()]).iter().take(MARK_BYTES).map(hex).collect()
    }

    fn is_own(&self, text: &str) -> bool {
        let digits = text.strip_prefix(HASH_PREFIX).filter(|digits| digits.len() == 2 * (HASH_BYTES + MARK_BYTES));
        let parts = digits.and_then(|digits| digits.split_at_checked(2 * HASH_BYTES));
        parts.is_some_and(|(hash, mark)| self.mark(hash) == mark)
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("HashKey(..)")
    }
}

/// The keys of the policies that a caller is under.
#[derive(Debug, Clone, Default)]
pub struct HashKeys {
    /// The baseline's.
    pub baseline: Option<HashKey>,
    /// The tenant's own policy's.
    pub tenant: Option<HashKey>,
}

impl HashKeys {
    pub(super) fn has(&self, layer: Layer) -> bool {
        self.of(layer).is_some()
    }

    /// A hash; what is one already stays. Without a key nothing of the value is left.
    pub(super) fn hash_text<'t>(&self, layer: Layer, text: &'t str) -> Cow<'t, str> {
        match self.of(layer) {
            None => Cow::Borrowed(super::MASK),
            Some(key) if text == super::MASK || key.is_own(text) => Cow::Borrowed(text),
            Some(key) => Cow::Owned(key.hash(TEXT, text)),
        }
    }

    pub(super) fn hash_number(&self, layer: Layer, number: &str) -> String {
        self.of(layer).map_or_else(|| super::MASK.to_owned(), |key| key.hash(NUMBER, number))
    }

    fn of(&self, layer: Layer) -> Option<&HashKey> {
        match layer {
            Layer::Baseline => self.baseline.as_ref(),
            Layer::Tenant => self.tenant.as_ref(),
        }
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // Keys of every length are taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

fn hex(byte: &u8) -> String {
    format!("{byte:02x}")
}

const HASH_BYTES: usize = 16;

const MARK_BYTES: usize = 8;

const TEXT: u8 = b's';

const NUMBER: u8 = b'n';

const MARK: u8 = b'm';

const ARGUMENTS: u8 = b'a';
