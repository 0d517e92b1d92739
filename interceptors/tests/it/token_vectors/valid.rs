//! Tokens that must be accepted.

use serde_json::{Value, json};

use super::Maker;
use crate::forge::{ALGORITHMS, Forge, NARROW_ISSUER};
use crate::signer::{AUDIENCE, ISSUER, unix_now};

pub(super) fn make(maker: &mut Maker<'_>) {
    maker.class = "valid: each algorithm and type";
    for algorithm in ALGORITHMS {
        for typ in [None, Some("JWT"), Some("jwt"), Some("at+jwt"), Some("application/at+jwt"), Some("AT+JWT")] {
            let mut header = Forge::header(algorithm);
            match typ {
                Some(typ) => header["typ"] = json!(typ),
                None => drop(header.as_object_mut().unwrap().remove("typ")),
            }
            let token = maker.forge.token(&header, &Forge::claims(), algorithm);
            maker.token(format!("{algorithm} {typ:?}"), &token, None);
        }
    }
    maker.class = "valid: keys offered in the header";
    for (name, value) in offers() {
        maker.header(name, Some(value), None);
    }
    maker.class = "valid: claims";
    let now = unix_now();
    for (name, value) in [
        ("aud", json!([AUDIENCE])),
        ("aud", json!(["https://other.example", AUDIENCE])),
        ("exp", json!(now + 1)),
        ("exp", json!(now - 10)),
        ("exp", json!(now as f64 + 600.5)),
        ("exp", json!(99_999_999_999_u64)),
        ("nbf", json!(now)),
        ("nbf", json!(now + 10)),
        ("nbf", json!(0)),
        ("iat", json!(now + 10)),
        ("iat", json!(1)),
        ("sub", json!("auth0|5f7c81a2")),
        ("sub", json!("a@b.example")),
        ("sub", json!("x".repeat(256))),
        ("custom:tenant_id", json!("acme-eu")),
        ("custom:tenant_id", json!("t".repeat(63))),
        ("jti", json!("")),
        ("roles", json!("admin")),
        ("scope", json!(7)),
        ("token_use", json!("access")),
        ("typ", json!("Bearer")),
        ("act", json!({"sub": "desk"})),
        ("may_act", json!({"sub": "desk"})),
        ("tenant", json!("globex")),
        ("deep", json!({"a": [[[{"b": null}]]]})),
    ] {
        maker.claim(name, Some(value), None);
    }
    maker.claim("iat", None, None);
    maker.class = "valid: the header of the request";
    let token = maker.forge.token(&Forge::header("ES256"), &Forge::claims(), "ES256");
    for name in ["Authorization", "authorization", "AUTHORIZATION"] {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            maker.headers(format!("{name} {scheme}"), json!({name: format!("{scheme} {token}")}), None);
        }
    }
    let narrow = super::changed(Forge::claims(), "iss", Some(json!(NARROW_ISSUER)));
    let token = maker.forge.token(&Forge::header("ES256"), &narrow, "ES256");
    maker.token("an issuer of one algorithm", &token, None);
}

/// Keys and addresses of keys, as an issuer may send them; nobody looks at them.
pub(super) fn offers() -> Vec<(&'static str, Value)> {
    vec![
        ("jwk", json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"})),
        ("jwk", json!({"x5u": "http://127.0.0.1:9/x"})),
        ("jku", json!("http://127.0.0.1:9/jwks")),
        ("jku", json!(format!("{ISSUER}/jwks"))),
        ("x5u", json!("http://127.0.0.1:9/certificate")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("dGh1bWI")),
        ("x5t#S256", json!("dGh1bWI")),
    ]
}
