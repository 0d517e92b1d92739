//! The private key with which tenantgate signs for itself.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;

/// A private key of one of three kinds, each with its one algorithm. It is never shown.
pub struct SigningKey(Kind);

enum Kind {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

impl SigningKey {
    /// Takes a PKCS#8 key in PEM (RFC 7468, section 10), not encrypted.
    ///
    /// # Errors
    /// What is expected, without a word of the text.
    pub fn parse(pem: &[u8]) -> Result<SigningKey, &'static str> {
        if pem.len() > PEM_BYTES_MAX {
            return Err("longer than 16 KiB");
        }
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem).map_err(|_| EXPECTED)?;
        let key = key.secret_pkcs8_der();
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key) {
            return Ok(SigningKey(Kind::Es256(pair)));
        }
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8(key) {
            return Ok(SigningKey(Kind::EdDsa(pair)));
        }
        RsaKeyPair::from_pkcs8(key).map(|pair| SigningKey(Kind::Rs256(pair))).map_err(|_| EXPECTED)
    }

    /// The name of its algorithm (RFC 7518, section 3.1; RFC 8037, section 3.1).
    pub fn algorithm(&self) -> &'static str {
        match self.0 {
            Kind::Es256(_) => "ES256",
            Kind::EdDsa(_) => "EdDSA",
            Kind::Rs256(_) => "RS256",
        }
    }

    /// The signature of a message; none if the machine cannot make one.
    pub(super) fn sign(&self, random: &SystemRandom, message: &[u8]) -> Option<Vec<u8>> {
        match &self.0 {
            Kind::Es256(pair) => pair.sign(random, message).ok().map(|signature| signature.as_ref().to_vec()),
            Kind::EdDsa(pair) => Some(pair.sign(message).as_ref().to_vec()),
            Kind::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("SigningKey").field(&self.algorithm()).finish()
    }
}

const EXPECTED: &str = "not a PKCS#8 private key in PEM (-----BEGIN PRIVATE KEY-----) of P-256, Ed25519, or RSA of 2,048 to \
                        8,192 bits";

/// Longest key as it is written, in bytes.
const PEM_BYTES_MAX: usize = 16 * 1024;
