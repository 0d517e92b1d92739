//! Minted tokens in front of an independent verifier.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation};
use serde_json::{Value, json};

use super::{Caller, mint};
use crate::keys::{KeyName, KeyRing};

fn minted(ring: &KeyRing, caller: Value) -> String {
    let caller: Caller = serde_json::from_value(caller).unwrap();
    mint("alice", &caller, ring, jsonwebtoken::get_current_timestamp()).unwrap()
}

fn verified(ring: &KeyRing, key: KeyName, algorithm: Algorithm, token: &str) -> Option<TokenData<Value>> {
    let jwk: Jwk = serde_json::from_value(ring.key(key).jwk(key.text())).unwrap();
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[super::DEFAULT_AUDIENCE]);
    validation.set_issuer(&[super::DEFAULT_ISSUER]);
    jsonwebtoken::decode(token, &DecodingKey::from_jwk(&jwk).unwrap(), &validation).ok()
}

#[test]
fn a_good_token_of_every_key_and_algorithm_is_verified() {
    let ring = KeyRing::generate().unwrap();
    for (key, algorithms) in [
        (KeyName::Es256, &["ES256"][..]),
        (KeyName::Es384, &["ES384"]),
        (KeyName::Rs256, &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]),
        (KeyName::EdDsa, &["EdDSA"]),
        (KeyName::Other, &["ES256"]),
    ] {
        for algorithm in algorithms {
            let token = minted(&ring, json!({"key": key.text(), "alg": algorithm}));
            let token = verified(&ring, key, algorithm.parse().unwrap(), &token).unwrap();
            assert_eq!(token.header.kid.as_deref(), Some(key.text()));
            assert_eq!(token.claims["sub"], "alice");
            assert_eq!(token.claims["custom:tenant_id"], "acme");
        }
    }
}

#[test]
fn every_spoilt_signature_is_rejected() {
    let ring = KeyRing::generate().unwrap();
    for signature in ["none", "corrupt", "der", "empty", "zero"] {
        let token = minted(&ring, json!({"signature": signature}));
        assert!(verified(&ring, KeyName::Es256, Algorithm::ES256, &token).is_none(), "{signature}");
    }
}

#[test]
fn an_expired_token_and_one_of_another_key_are_rejected() {
    let ring = KeyRing::generate().unwrap();
    for caller in [
        json!({"claims": {"exp": "${now-600}"}}),
        json!({"rawClaims": r#"{"iss":"https://issuer.example/main","aud":"https://gateway.example","exp":${now-600}}"#}),
        json!({"key": "other"}),
        json!({"key": "none"}),
        json!({"key": "hmac-of-jwks"}),
    ] {
        let token = minted(&ring, caller.clone());
        assert!(verified(&ring, KeyName::Es256, Algorithm::ES256, &token).is_none(), "{caller}");
    }
}

#[test]
fn the_confused_hmac_would_deceive_a_verifier_that_trusts_the_header() {
    let ring = KeyRing::generate().unwrap();
    let token = minted(&ring, json!({"key": "hmac-of-jwks"}));
    let secret = DecodingKey::from_secret(&ring.key(KeyName::Es256).public_bytes());
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[super::DEFAULT_AUDIENCE]);
    assert!(jsonwebtoken::decode::<Value>(&token, &secret, &validation).is_ok());
}

#[test]
fn header_and_claims_are_merged_over_the_defaults() {
    let ring = KeyRing::generate().unwrap();
    let token =
        minted(&ring, json!({"header": {"kid": null, "crit": ["x"]}, "claims": {"roles": null, "n": ["${now}"]}}));
    let (header, claims) = (part(&token, 0), part(&token, 1));
    assert_eq!(header, json!({"alg": "ES256", "typ": "JWT", "crit": ["x"]}));
    assert!(claims.get("roles").is_none());
    assert!(claims["n"][0].is_u64());
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 600);
}

#[test]
fn raw_texts_go_in_as_they_are() {
    let ring = KeyRing::generate().unwrap();
    let token = minted(&ring, json!({"rawHeader": "{\"alg\":\"ES256\",\"alg\":\"none\"}", "rawClaims": "nonsense"}));
    let decoded = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    assert_eq!(decoded, b"nonsense");
}

#[test]
fn a_token_without_signature_has_two_parts_or_an_empty_third() {
    let ring = KeyRing::generate().unwrap();
    assert_eq!(minted(&ring, json!({"signature": "none"})).split('.').count(), 2);
    assert!(minted(&ring, json!({"signature": "empty"})).ends_with('.'));
    let unsecured = minted(&ring, json!({"key": "none"}));
    assert!(unsecured.ends_with('.'));
    assert_eq!(part(&unsecured, 0)["alg"], "none");
}

#[test]
fn impossible_callers_are_errors() {
    let ring = KeyRing::generate().unwrap();
    for caller in [json!({"key": "rs256", "signature": "der"}), json!({"key": "none", "signature": "corrupt"})] {
        let caller: Caller = serde_json::from_value(caller).unwrap();
        assert!(mint("alice", &caller, &ring, 0).is_err());
    }
    assert!(serde_json::from_value::<Caller>(json!({"key": "es512"})).is_err());
}

fn part(token: &str, index: usize) -> Value {
    let decoded = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&decoded).unwrap()
}
