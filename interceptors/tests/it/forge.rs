//! Tokens of any form, right and wrong: headers and claims as text, signed with several kinds of keys.

use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interceptors::event::Event;
use interceptors::settings::Settings;
use interceptors::token::{Grace, TokenFault, Verifier};
use policy_model::json;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::signer::{self, unix_now};
use crate::stage::{aws, settings};

/// All algorithms that an issuer may use.
pub(crate) const ALGORITHMS: [&str; 9] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

/// The client to which its tokens are issued.
pub(crate) const CLIENT: &str = "desk-app";

/// An issuer that may use ES256 only, with the same keys.
pub(crate) const NARROW_ISSUER: &str = "https://issuer.example/narrow";

/// One key of each kind.
pub(crate) struct Forge {
    rsa: RsaKeyPair,
    /// PKCS#8, since one key signs in two forms.
    p256: Vec<u8>,
    p384: Vec<u8>,
    ed: Ed25519KeyPair,
}

impl Forge {
    pub(crate) fn new() -> Forge {
        let random = SystemRandom::new();
        let elliptic = |algorithm| EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap().as_ref().to_vec();
        let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        Forge {
            rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
            p256: elliptic(&ECDSA_P256_SHA256_FIXED_SIGNING),
            p384: elliptic(&ECDSA_P384_SHA384_FIXED_SIGNING),
            ed: Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap(),
        }
    }

    /// The header of a good token.
    pub(crate) fn header(algorithm: &str) -> Value {
        json!({"alg": algorithm, "typ": "JWT", "kid": key_id(algorithm)})
    }

    /// The claims of a good token.
    pub(crate) fn claims() -> Value {
        let mut claims = signer::claims("alice", "acme");
        claims["client_id"] = json!(CLIENT);
        claims
    }

    /// A token of this header and these claims, signed by this algorithm.
    pub(crate) fn token(&self, header: &Value, claims: &Value, algorithm: &str) -> String {
        self.raw(header.to_string(), claims.to_string(), algorithm)
    }

    /// The same with header and claims as they are.
    pub(crate) fn raw(&self, header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>, algorithm: &str) -> String {
        let message = message(header, claims);
        let signature = self.sign(algorithm, message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A signature; those of `ES256-DER` and `ES384-DER` are in the form of certificates.
    pub(crate) fn sign(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        let elliptic = |algorithm: &'static EcdsaSigningAlgorithm, key: &[u8]| {
            let key = EcdsaKeyPair::from_pkcs8(algorithm, key).unwrap();
            key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
        };
        match algorithm {
            "RS256" => self.rsa(&RSA_PKCS1_SHA256, message),
            "RS384" => self.rsa(&RSA_PKCS1_SHA384, message),
            "RS512" => self.rsa(&RSA_PKCS1_SHA512, message),
            "PS256" => self.rsa(&RSA_PSS_SHA256, message),
            "PS384" => self.rsa(&RSA_PSS_SHA384, message),
            "PS512" => self.rsa(&RSA_PSS_SHA512, message),
            "ES256" => elliptic(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.p256),
            "ES256-DER" => elliptic(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.p256),
            "ES384" => elliptic(&ECDSA_P384_SHA384_FIXED_SIGNING, &self.p384),
            "ES384-DER" => elliptic(&ECDSA_P384_SHA384_ASN1_SIGNING, &self.p384),
            "EdDSA" => self.ed.sign(message).as_ref().to_vec(),
            other => panic!("no such algorithm: {other}"),
        }
    }

    fn rsa(&self, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.rsa.public_modulus_len()];
        self.rsa.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    }

    /// The public key of an algorithm, under this id.
    pub(crate) fn jwk(&self, algorithm: &str, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = self.public(algorithm);
        match key_id(algorithm) {
            "rsa" => json!({"kty": "RSA", "kid": kid, "use": "sig", "n": text(&public), "e": "AQAB"}),
            "p256" => {
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": text(&public[1..33]), "y": text(&public[33..])})
            }
            "p384" => {
                json!({"kty": "EC", "crv": "P-384", "kid": kid, "x": text(&public[1..49]), "y": text(&public[49..])})
            }
            _ => json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": text(&public)}),
        }
    }

    /// The public key of an algorithm as bytes: a point, or RSA's modulus.
    pub(crate) fn public(&self, algorithm: &str) -> Vec<u8> {
        let elliptic =
            |algorithm, key| EcdsaKeyPair::from_pkcs8(algorithm, key).unwrap().public_key().as_ref().to_vec();
        match key_id(algorithm) {
            // RSAPublicKey (RFC 8017, A.1.1) of a modulus of 256 bytes, after its tags and lengths.
            "rsa" => self.rsa.public_key().as_ref()[9..265].to_vec(),
            "p256" => elliptic(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.p256),
            "p384" => elliptic(&ECDSA_P384_SHA384_FIXED_SIGNING, &self.p384),
            _ => self.ed.public_key().as_ref().to_vec(),
        }
    }

    /// The keys that its issuers publish: good ones, and under ids of their own those that may verify nothing.
    pub(crate) fn jwks(&self) -> Value {
        let with = |algorithm: &str, kid: &str, name: &str, value: Value| {
            let mut key = self.jwk(algorithm, kid);
            key[name] = value;
            key
        };
        json!({"keys": [
            self.jwk("RS256", "rsa"), self.jwk("ES256", "p256"), self.jwk("ES384", "p384"), self.jwk("EdDSA", "ed"),
            with("RS256", "rsa-for-rs256", "alg", json!("RS256")),
            with("RS256", "rsa-for-encryption", "use", json!("enc")),
            with("ES256", "p256-for-encryption", "use", json!("enc")),
            with("ES256", "p256-that-signs", "key_ops", json!(["sign"])),
            with("ES256", "p256-for-es384", "alg", json!("ES384")),
            with("ES256", "p256-on-p384", "crv", json!("P-384")),
            with("EdDSA", "ed-as-x25519", "crv", json!("X25519")),
            with("RS256", "rsa-of-1024", "n", json!(URL_SAFE_NO_PAD.encode(&self.public("RS256")[..128]))),
            with("RS256", "rsa-of-one", "e", json!("AQ")),
            with("RS256", "rsa-of-even", "e", json!("AQAC")),
            json!({"kty": "oct", "kid": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmU"}),
            self.jwk("ES256", "twin"), self.jwk("ES256", "twin"),
        ]})
    }

    /// A verifier that knows the keys.
    pub(crate) fn verifier(&self) -> Verifier {
        let mut settings = settings("http://127.0.0.1:1", &signer::Signer::new("k"));
        settings["issuers"][0]["keys"] = json!({"jwks": self.jwks()});
        settings["issuers"][0]["clientIds"] = json!([CLIENT]);
        let mut narrow = settings["issuers"][0].clone();
        settings["issuers"][0]["algorithms"] = json!(ALGORITHMS);
        narrow["issuer"] = json!(NARROW_ISSUER);
        settings["issuers"].as_array_mut().unwrap().push(narrow);
        let settings = Settings::parse(&settings.to_string(), aws()).unwrap();
        Verifier::new(settings.issuers, settings.leeway)
    }
}

/// Header and claims as a token has them.
pub(crate) fn message(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

/// A signature by a shared secret.
pub(crate) fn hmac(algorithm: &str, secret: &[u8], message: &[u8]) -> Vec<u8> {
    let algorithm = match algorithm {
        "HS384" => hmac::HMAC_SHA384,
        "HS512" => hmac::HMAC_SHA512,
        _ => hmac::HMAC_SHA256,
    };
    hmac::sign(&hmac::Key::new(algorithm, secret), message).as_ref().to_vec()
}

/// The hash of a text, base64url.
pub(crate) fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// The id of the key for an algorithm.
pub(crate) fn key_id(algorithm: &str) -> &'static str {
    match algorithm.get(..2) {
        Some("RS" | "PS") => "rsa",
        Some("ES") if algorithm.starts_with("ES256") => "p256",
        Some("ES") => "p384",
        _ => "ed",
    }
}

/// What a verifier says to a request with these headers.
pub(crate) async fn outcome(verifier: &Verifier, headers: &Value) -> Result<(), TokenFault> {
    let event = json!({"interceptorInputVersion": "1.0",
                       "mcp": {"gatewayRequest": {"httpMethod": "POST", "headers": headers, "body": {}}}});
    let event = event.to_string();
    let document = json::parse(event.as_bytes()).unwrap();
    let event = Event::parse(&document).unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    verifier.identify(&event.headers, unix_now(), Grace::None, deadline).await.map(drop)
}
