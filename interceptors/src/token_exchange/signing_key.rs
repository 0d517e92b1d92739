//! The private key with which tenantgate signs for itself.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;

use crate::pem;
use crate::private_key::PrivateKey;

/// A private key of one of three kinds, each with its one algorithm. It is never shown.
pub struct SigningKey(Kind);

enum Kind {
    /// ES256 or EdDSA.
    Small(PrivateKey),
    Rs256(RsaKeyPair),
}

impl SigningKey {
    /// Takes one PKCS#8 key in PEM (RFC 7468, section 10), not encrypted.
    ///
    /// # Errors
    /// What is expected, without a word of the text.
    pub fn parse(pem: &[u8]) -> Result<SigningKey, &'static str> {
        let text = std::str::from_utf8(pem).map_err(|_| "not text; expected a PKCS#8 key in PEM")?;
        let key = pem::pkcs8(text)?;
        if let Some(small) = PrivateKey::of_pkcs8(&key) {
            return Ok(SigningKey(Kind::Small(small)));
        }
        let pair = RsaKeyPair::from_pkcs8(&key);
        let pair = pair.map_err(|_| "a key that is none of P-256, Ed25519, and RSA of 2,048 to 8,192 bits")?;
        Ok(SigningKey(Kind::Rs256(pair)))
    }

    /// The name of its algorithm (RFC 7518, section 3.1; RFC 8037, section 3.1).
    pub fn algorithm(&self) -> &'static str {
        match &self.0 {
            Kind::Small(key) => key.algorithm().name(),
            Kind::Rs256(_) => "RS256",
        }
    }

    /// The signature of a message; none if the machine cannot make one.
    pub(super) fn sign(&self, random: &SystemRandom, message: &[u8]) -> Option<Vec<u8>> {
        match &self.0 {
            Kind::Small(key) => key.sign(message),
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
