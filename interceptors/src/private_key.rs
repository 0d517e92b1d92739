//! A small private key in this process.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

use crate::pem;
use crate::tenant_context::{Algorithm, PublicKey};

/// A key on P-256 (ES256) or Ed25519 (EdDSA). It is never shown.
pub struct PrivateKey(Pair);

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A text that is no key: what would be one, without a word of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPrivateKey(pub &'static str);

impl PrivateKey {
    /// Takes one PKCS#8 key in PEM.
    ///
    /// # Errors
    /// [`InvalidPrivateKey`] for another form, and for another kind of key.
    pub fn parse(pem: &str) -> Result<PrivateKey, InvalidPrivateKey> {
        let pkcs8 = pem::pkcs8(pem).map_err(InvalidPrivateKey)?;
        PrivateKey::of_pkcs8(&pkcs8)
            .ok_or(InvalidPrivateKey("a key that is neither on P-256 nor Ed25519; expected one of the two"))
    }

    /// Takes a PKCS#8 key in DER; none for another kind of key.
    pub(crate) fn of_pkcs8(der: &[u8]) -> Option<PrivateKey> {
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der) {
            return Some(PrivateKey(Pair::P256(pair)));
        }
        Ed25519KeyPair::from_pkcs8(der).ok().map(|pair| PrivateKey(Pair::Ed25519(pair)))
    }

    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Pair::P256(_) => Algorithm::Es256,
            Pair::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// The signature as JWS has it: 64 bytes (RFC 7518, section 3.4; RFC 8037, section 3.1).
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let signature = match &self.0 {
            Pair::P256(pair) => pair.sign(&SystemRandom::new(), message),
            Pair::Ed25519(pair) => pair.try_sign(message),
        };
        signature.ok().map(|signature| signature.as_ref().to_vec())
    }

    /// Its public half.
    pub(crate) fn public(&self) -> Option<PublicKey> {
        match &self.0 {
            Pair::P256(pair) => PublicKey::of_point(pair.public_key().as_ref()),
            Pair::Ed25519(pair) => PublicKey::of_edwards(pair.public_key().as_ref()),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("PrivateKey").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}
