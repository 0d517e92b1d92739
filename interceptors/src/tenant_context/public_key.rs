//! The public half of a key, as it is published.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use policy_model::json::quote;

/// What a key signs with; the key's kind decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4).
    Es256,
    /// Ed25519 (RFC 8037, section 3.1).
    EdDsa,
}

/// A public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublicKey {
    P256 { x: [u8; 32], y: [u8; 32] },
    Ed25519 { x: [u8; 32] },
}

impl Algorithm {
    /// Its name in JOSE.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Es256 => "ES256",
            Algorithm::EdDsa => "EdDSA",
        }
    }
}

impl PublicKey {
    /// Takes an uncompressed point on P-256 (SEC 1, section 2.3.3).
    pub(crate) fn of_point(point: &[u8]) -> Option<PublicKey> {
        ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()?;
        let coordinates = point.strip_prefix(&[UNCOMPRESSED])?;
        let (x, y) = coordinates.split_first_chunk::<32>()?;
        Some(PublicKey::P256 { x: *x, y: y.try_into().ok()? })
    }

    /// Takes a `SubjectPublicKeyInfo` of P-256 (RFC 5480) in its one DER form with an uncompressed point.
    pub(crate) fn of_spki(der: &[u8]) -> Option<PublicKey> {
        PublicKey::of_point(der.strip_prefix(P256_SPKI_PREFIX)?)
    }

    /// Takes the 32 bytes of an Ed25519 key (RFC 8032, section 5.1.5).
    pub(crate) fn of_edwards(bytes: &[u8]) -> Option<PublicKey> {
        Some(PublicKey::Ed25519 { x: bytes.try_into().ok()? })
    }

    /// As a JSON Web Key (RFC 7517; RFC 7518, section 6.2; RFC 8037, section 2).
    pub(super) fn jwk(&self, key_id: &str) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (kind, algorithm) = match self {
            PublicKey::P256 { x, y } => (
                format!("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{}\",\"y\":\"{}\"", text(x), text(y)),
                Algorithm::Es256,
            ),
            PublicKey::Ed25519 { x } => {
                (format!("\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"{}\"", text(x)), Algorithm::EdDsa)
            }
        };
        format!("{{{kind},\"kid\":{},\"use\":\"sig\",\"alg\":\"{}\"}}", quote(key_id), algorithm.name())
    }
}

/// What a signature of either algorithm takes, in bytes.
pub(super) const SIGNATURE_BYTES: usize = 64;

const UNCOMPRESSED: u8 = 0x04;

/// `SEQUENCE { SEQUENCE { id-ecPublicKey, secp256r1 }, BIT STRING of 65 bytes }` up to the point.
const P256_SPKI_PREFIX: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
