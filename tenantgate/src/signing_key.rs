//! One key that signs tokens, and its public half as a JSON Web Key.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::weak_rsa;

/// What a key is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// RSA with 2048 bits.
    Rsa2048,
    /// Ed25519.
    Ed25519,
    /// The constant RSA test key with 1024 bits.
    WeakRsa,
}

/// How an ECDSA signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EcdsaForm {
    /// The two numbers side by side, as JWS wants (RFC 7518 section 3.4).
    Fixed,
    /// ASN.1 DER, as certificates have it and JWS forbids.
    Der,
}

/// One private key.
#[derive(Debug)]
pub enum SigningKey {
    /// ECDSA on P-256.
    P256(EcdsaKey),
    /// ECDSA on P-384.
    P384(EcdsaKey),
    /// RSA.
    Rsa(RsaKeyPair),
    /// Ed25519.
    Ed25519(Ed25519KeyPair),
    /// The constant RSA test key with 1024 bits.
    WeakRsa,
}

/// One ECDSA key, ready to sign in both forms.
#[derive(Debug)]
pub struct EcdsaKey {
    fixed: EcdsaKeyPair,
    der: EcdsaKeyPair,
}

impl KeyKind {
    /// A new private key as PKCS#8; empty for the constant key.
    pub(crate) fn generate(self) -> Result<Vec<u8>, String> {
        let random = SystemRandom::new();
        let failed = |_| format!("cannot generate a {self:?} key");
        let document = match self {
            Self::P256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random),
            Self::P384 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &random),
            Self::Ed25519 => Ed25519KeyPair::generate_pkcs8(&random),
            Self::Rsa2048 => {
                let der = RsaKeyPair::generate(KeySize::Rsa2048).and_then(|key| key.as_der()).map_err(failed)?;
                return Ok(der.as_ref().to_vec());
            }
            Self::WeakRsa => return Ok(Vec::new()),
        };
        Ok(document.map_err(failed)?.as_ref().to_vec())
    }
}

impl SigningKey {
    /// Reads a PKCS#8 private key of this kind.
    pub(crate) fn parse(kind: KeyKind, pkcs8: &[u8]) -> Result<Self, String> {
        let rejected = |error| format!("not a PKCS#8 private key of kind {kind:?}: {error}");
        match kind {
            KeyKind::P256 => {
                let forms = [&ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P256_SHA256_ASN1_SIGNING];
                EcdsaKey::parse(forms, pkcs8).map(Self::P256).map_err(rejected)
            }
            KeyKind::P384 => {
                let forms = [&ECDSA_P384_SHA384_FIXED_SIGNING, &ECDSA_P384_SHA384_ASN1_SIGNING];
                EcdsaKey::parse(forms, pkcs8).map(Self::P384).map_err(rejected)
            }
            KeyKind::Rsa2048 => RsaKeyPair::from_pkcs8(pkcs8).map(Self::Rsa).map_err(rejected),
            KeyKind::Ed25519 => Ed25519KeyPair::from_pkcs8(pkcs8).map(Self::Ed25519).map_err(rejected),
            KeyKind::WeakRsa => Ok(Self::WeakRsa),
        }
    }

    /// The JWS algorithm that it signs with, unless told otherwise.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::P256(_) => "ES256",
            Self::P384(_) => "ES384",
            Self::Rsa(_) | Self::WeakRsa => "RS256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    /// Signs with the JWS algorithm named, or its own where it cannot do that one.
    pub(crate) fn sign(&self, algorithm: &str, form: EcdsaForm, message: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            Self::P256(key) | Self::P384(key) => key.sign(form, message),
            Self::Ed25519(key) => Ok(key.sign(message).as_ref().to_vec()),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(rsa_encoding(algorithm), &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| "cannot sign with the RSA key".to_owned())?;
                Ok(signature)
            }
            Self::WeakRsa => Ok(weak_rsa::sign(message)),
        }
    }

    /// The public key bytes as a verifier would hold them: a curve point, or RSA's modulus.
    pub(crate) fn public_bytes(&self) -> Vec<u8> {
        match self {
            Self::P256(key) | Self::P384(key) => key.fixed.public_key().as_ref().to_vec(),
            Self::Ed25519(key) => key.public_key().as_ref().to_vec(),
            Self::Rsa(key) => RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key()).n,
            Self::WeakRsa => weak_rsa::public_components().0,
        }
    }

    /// The public key as a JSON Web Key (RFC 7517).
    pub fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let algorithm = self.algorithm();
        let point = |curve: &str, key: &EcdsaKey| {
            let (x, y) = key.coordinates();
            json!({"kty": "EC", "crv": curve, "x": text(&x), "y": text(&y), "kid": kid, "use": "sig", "alg": algorithm})
        };
        let modulus = |(n, e): (Vec<u8>, Vec<u8>)| json!({"kty": "RSA", "n": text(&n), "e": text(&e), "kid": kid, "use": "sig", "alg": algorithm});
        match self {
            Self::P256(key) => point("P-256", key),
            Self::P384(key) => point("P-384", key),
            Self::Rsa(key) => {
                let components = RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
                modulus((components.n, components.e))
            }
            Self::WeakRsa => modulus(weak_rsa::public_components()),
            Self::Ed25519(_) => {
                let x = text(&self.public_bytes());
                json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "use": "sig", "alg": algorithm})
            }
        }
    }
}

impl EcdsaKey {
    fn parse(
        [fixed, der]: [&'static EcdsaSigningAlgorithm; 2],
        pkcs8: &[u8],
    ) -> Result<Self, aws_lc_rs::error::KeyRejected> {
        let fixed = EcdsaKeyPair::from_pkcs8(fixed, pkcs8)?;
        let der = EcdsaKeyPair::from_pkcs8(der, pkcs8)?;
        Ok(Self { fixed, der })
    }

    fn sign(&self, form: EcdsaForm, message: &[u8]) -> Result<Vec<u8>, String> {
        let key = match form {
            EcdsaForm::Fixed => &self.fixed,
            EcdsaForm::Der => &self.der,
        };
        let signature = key.sign(&SystemRandom::new(), message);
        Ok(signature.map_err(|_| "cannot sign with the ECDSA key".to_owned())?.as_ref().to_vec())
    }

    /// The two halves of the uncompressed point, without its leading 0x04 (SEC 1 section 2.3.3).
    fn coordinates(&self) -> (Vec<u8>, Vec<u8>) {
        let point = self.fixed.public_key().as_ref();
        let coordinates: Vec<u8> = point.iter().skip(1).copied().collect();
        let (x, y) = coordinates.split_at_checked(coordinates.len() / 2).unwrap_or_default();
        (x.to_vec(), y.to_vec())
    }
}

fn rsa_encoding(algorithm: &str) -> &'static dyn RsaEncoding {
    match algorithm {
        "RS384" => &RSA_PKCS1_SHA384,
        "RS512" => &RSA_PKCS1_SHA512,
        "PS256" => &RSA_PSS_SHA256,
        "PS384" => &RSA_PSS_SHA384,
        "PS512" => &RSA_PSS_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}
