//! As whom the token endpoint is asked.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use interceptors::token_exchange::Exchanger;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::token_endpoint::{NOW, SECRET, TokenEndpoint, exchange};

#[tokio::test]
async fn basic_authentication_carries_id_and_secret_as_a_form_encodes_them() {
    let endpoint = TokenEndpoint::start().await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "p: w+%&=\r\n").unwrap();
    let exchanger = endpoint.exchanger_with(|settings| {
        let id = "https://gate.example/a client";
        settings["client"] = json!({"id": id, "authentication": "CLIENT_SECRET_BASIC", "secret": {"file": secret}});
    });
    assert!(exchange(&exchanger, "orders").await.is_ok());
    let asked = endpoint.only();
    let credentials = asked.authorization.as_deref().and_then(|header| header.strip_prefix("Basic ")).unwrap();
    let credentials = String::from_utf8(STANDARD.decode(credentials).unwrap()).unwrap();
    assert_eq!(credentials, "https%3A%2F%2Fgate.example%2Fa+client:p%3A+w%2B%25%26%3D");
    assert_eq!((asked.field("client_id"), asked.field("client_secret")), (None, None));
}

#[tokio::test]
async fn a_secret_in_the_form_stands_nowhere_else() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger =
        endpoint.exchanger_with(|settings| settings["client"]["authentication"] = json!("CLIENT_SECRET_POST"));
    assert!(exchange(&exchanger, "orders").await.is_ok());
    let asked = endpoint.only();
    assert_eq!(asked.authorization, None);
    assert_eq!(asked.field("client_id").as_deref(), Some("tenantgate"));
    assert_eq!(asked.field("client_secret").as_deref(), Some(SECRET));
}

#[tokio::test]
async fn an_assertion_is_signed_by_the_key_for_this_endpoint_and_this_minute_and_never_used_twice() {
    for (pkcs8, jwk, algorithm) in [es256(), ed25519(), rs256()] {
        let endpoint = TokenEndpoint::start().await;
        let exchanger = with_key(&endpoint, &pkcs8, json!("key-1"));
        assert!(exchange(&exchanger, "orders").await.is_ok());
        assert!(exchange(&exchanger, "crm").await.is_ok());
        let asked = endpoint.asked();
        let mut ids = Vec::new();
        for asked in &asked {
            assert_eq!((asked.authorization.clone(), asked.field("client_secret")), (None, None));
            let kind = asked.field("client_assertion_type");
            assert_eq!(kind.as_deref(), Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
            let assertion = asked.field("client_assertion").unwrap();
            let (header, claims) = verified(&assertion, &jwk, algorithm, endpoint.address());
            assert_eq!(header["kid"], "key-1");
            assert_eq!((&claims["iss"], &claims["sub"]), (&json!("tenantgate"), &json!("tenantgate")));
            assert_eq!((&claims["aud"], &claims["iat"]), (&json!(endpoint.address()), &json!(NOW)));
            assert_eq!(claims["exp"], NOW + 60);
            ids.push(claims["jti"].as_str().unwrap().to_owned());
        }
        assert!(ids.iter().all(|id| id.len() == 22) && ids[0] != ids[1], "{ids:?}");
    }
}

#[tokio::test]
async fn an_assertion_without_a_key_id_names_none() {
    let endpoint = TokenEndpoint::start().await;
    let (pkcs8, jwk, algorithm) = es256();
    let exchanger = with_key(&endpoint, &pkcs8, Value::Null);
    assert!(exchange(&exchanger, "orders").await.is_ok());
    let assertion = endpoint.only().field("client_assertion").unwrap();
    assert_eq!(verified(&assertion, &jwk, algorithm, endpoint.address()).0.get("kid"), None);
}

fn with_key(endpoint: &TokenEndpoint, pkcs8: &[u8], key_id: Value) -> Exchanger {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    std::fs::write(&path, pem(pkcs8)).unwrap();
    endpoint.exchanger_with(|settings| {
        settings["client"] = json!({"id": "tenantgate", "authentication": "PRIVATE_KEY_JWT",
                                    "privateKey": {"file": path}, "keyId": key_id});
    })
}

/// A private key in PEM.
pub(crate) fn pem(pkcs8: &[u8]) -> String {
    let text = STANDARD.encode(pkcs8);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

/// Header and claims of an assertion, after others' code has verified it.
fn verified(assertion: &str, jwk: &Value, algorithm: Algorithm, audience: &str) -> (Value, Value) {
    let key = DecodingKey::from_jwk(&serde_json::from_value(jwk.clone()).unwrap()).unwrap();
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[audience]);
    validation.set_issuer(&["tenantgate"]);
    validation.set_required_spec_claims(&["exp", "iss", "sub", "aud"]);
    let claims = jsonwebtoken::decode::<Value>(assertion, &key, &validation).unwrap().claims;
    let header = URL_SAFE_NO_PAD.decode(assertion.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["typ"], "JWT");
    (header, claims)
}

/// A private key, its public half, and what it signs with.
pub(crate) fn es256() -> (Vec<u8>, Value, Algorithm) {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref()).unwrap();
    let point = pair.public_key().as_ref();
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": text(&point[1..33]), "y": text(&point[33..])});
    (key.as_ref().to_vec(), jwk, Algorithm::ES256)
}

fn ed25519() -> (Vec<u8>, Value, Algorithm) {
    let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref())});
    (key.as_ref().to_vec(), jwk, Algorithm::EdDSA)
}

fn rs256() -> (Vec<u8>, Value, Algorithm) {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let key: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public = pair.public_key();
    let jwk = json!({"kty": "RSA", "n": text(public.modulus().big_endian_without_leading_zero()),
                     "e": text(public.exponent().big_endian_without_leading_zero())});
    (key.as_ref().to_vec(), jwk, Algorithm::RS256)
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
