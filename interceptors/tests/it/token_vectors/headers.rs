//! What a token's own header may not say.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interceptors::token::TokenFault;
use serde_json::{Value, json};

use super::{Maker, valid};
use crate::forge::{ALGORITHMS, Forge, hmac, key_id, message};

pub(super) fn make(maker: &mut Maker<'_>) {
    algorithms(maker);
    shared_secrets(maker);
    members(maker);
    kinds(maker);
    key_ids(maker);
    offered_keys(maker);
}

fn algorithms(maker: &mut Maker<'_>) {
    let forge = maker.forge;
    maker.class = "header: no algorithm";
    let claims = Forge::claims();
    for name in ["none", "None", "NONE", "nOnE", "none ", " none", "none\0", "", "null"] {
        let header = json!({"alg": name, "typ": "JWT", "kid": "p256"});
        let text = message(header.to_string(), claims.to_string());
        maker.token(format!("{name:?}, unsigned"), &format!("{text}."), Some(TokenFault::Algorithm));
        let signed = forge.token(&header, &claims, "ES256");
        maker.token(format!("{name:?}, signed"), &signed, Some(TokenFault::Algorithm));
    }
    maker.class = "header: another algorithm";
    for name in [
        "rs256",
        "Rs256",
        "es256",
        "ES512",
        "ES256K",
        "ES256-DER",
        "RS1",
        "EDDSA",
        "Ed25519",
        "HS256",
        "dir",
        "A256GCM",
    ] {
        maker.header("alg", Some(json!(name)), Some(TokenFault::Algorithm));
    }
    maker.header("alg", None, Some(TokenFault::Algorithm));
    for value in [json!(null), json!(256), json!(["ES256"]), json!({"alg": "ES256"}), json!(true)] {
        maker.header("alg", Some(value), Some(TokenFault::Header));
    }
    maker.class = "header: an algorithm that the issuer may not use";
    let narrow = super::changed(Forge::claims(), "iss", Some(json!(crate::forge::NARROW_ISSUER)));
    for algorithm in ALGORITHMS.into_iter().filter(|algorithm| *algorithm != "ES256") {
        let token = forge.token(&Forge::header(algorithm), &narrow, algorithm);
        maker.token(algorithm, &token, Some(TokenFault::Algorithm));
    }
}

fn shared_secrets(maker: &mut Maker<'_>) {
    let forge = maker.forge;
    maker.class = "header: a shared secret of public material";
    for algorithm in ["HS256", "HS384", "HS512"] {
        for of in ["RS256", "ES256", "ES384", "EdDSA"] {
            let jwk = forge.jwk(of, key_id(of)).to_string();
            for (what, secret) in [("bytes", forge.public(of)), ("JWK", jwk.into_bytes())] {
                let header = json!({"alg": algorithm, "typ": "JWT", "kid": key_id(of)});
                let text = message(header.to_string(), Forge::claims().to_string());
                let signature = URL_SAFE_NO_PAD.encode(hmac(algorithm, &secret, text.as_bytes()));
                let token = format!("{text}.{signature}");
                maker.token(format!("{algorithm} by the {what} of {of}"), &token, Some(TokenFault::Algorithm));
            }
        }
    }
}

fn members(maker: &mut Maker<'_>) {
    maker.class = "header: members that change what is signed";
    for (name, value) in [
        ("crit", json!([])),
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("crit", json!("b64")),
        ("crit", json!(null)),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
        ("cty", json!("")),
    ] {
        maker.header(name, Some(value), Some(TokenFault::Header));
    }
    maker.class = "header: not one object";
    let header = Forge::header("ES256").to_string();
    let deep = format!("{{\"alg\":\"ES256\",\"kid\":\"p256\",\"x\":{}{}}}", "[".repeat(200), "]".repeat(200));
    for (what, text) in [
        ("a list", format!("[{header}]")),
        ("a text", "\"ES256\"".to_owned()),
        ("null", "null".to_owned()),
        ("nothing", String::new()),
        ("not JSON", "alg=ES256".to_owned()),
        ("two objects", format!("{header}{header}")),
        ("text after it", format!("{header} x")),
        ("a byte-order mark", format!("\u{feff}{header}")),
        ("cut off", header.strip_suffix('}').unwrap().to_owned()),
        ("alg twice", header.replacen('{', "{\"alg\":\"none\",", 1)),
        ("alg twice, once with an escape", header.replacen('{', "{\"\\u0061lg\":\"none\",", 1)),
        ("kid twice", header.replacen('{', "{\"kid\":\"ed\",", 1)),
        ("a member twice, inside", header.replacen('{', "{\"x\":{\"a\":1,\"a\":2},", 1)),
        ("too deep", deep),
    ] {
        let token = maker.forge.raw(text, Forge::claims().to_string(), "ES256");
        maker.token(what, &token, Some(TokenFault::Header));
    }
    let token =
        maker.forge.raw(b"{\"alg\":\"ES256\",\"kid\":\"p256\",\"x\":\"\xff\"}", Forge::claims().to_string(), "ES256");
    maker.token("not UTF-8", &token, Some(TokenFault::Header));
}

fn kinds(maker: &mut Maker<'_>) {
    maker.class = "header: another kind of token";
    for kind in [
        "logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "JWE",
        "JOSE",
        "id+jwt",
        "entity-statement+jwt",
        "token-introspection+jwt",
        "vc+sd-jwt",
        "application/dpop+jwt",
        "application/application/at+jwt",
        "",
        " JWT",
        "at+jwt ",
        "rt+jwt",
    ] {
        maker.header("typ", Some(json!(kind)), Some(TokenFault::Kind));
    }
    for kind in [json!(null), json!(1), json!(["JWT"]), json!({})] {
        maker.header("typ", Some(kind), Some(TokenFault::Header));
    }
}

fn key_ids(maker: &mut Maker<'_>) {
    maker.class = "header: key ids";
    for id in [
        "",
        "unknown",
        "P256",
        "p256 ",
        "p256\0",
        "../p256",
        "/dev/null",
        "p256' OR '1'='1",
        "http://127.0.0.1:9/jwks",
        "*",
        "0",
        "p256,ed",
    ] {
        maker.header("kid", Some(json!(id)), Some(TokenFault::Key));
    }
    maker.header("kid", Some(json!("x".repeat(256))), Some(TokenFault::Key));
    maker.header("kid", None, Some(TokenFault::Key));
    for id in [json!("x".repeat(257)), json!(null), json!(0), json!(["p256"]), json!({"kid": "p256"}), json!(true)] {
        maker.header("kid", Some(id), Some(TokenFault::Header));
    }
}

/// An attacker's own key, offered in every way.
fn offered_keys(maker: &mut Maker<'_>) {
    maker.class = "header: an offered key";
    let attacker = Forge::new();
    for algorithm in ["RS256", "ES256", "ES384", "EdDSA"] {
        let own = |kid: &str| {
            let jwk = attacker.jwk(algorithm, kid);
            [
                ("jwk", jwk.clone()),
                ("jku", json!("http://127.0.0.1:9/jwks")),
                ("x5u", json!("http://127.0.0.1:9/x")),
                ("x5c", json!(["MIIB"])),
                ("jwk", json!({"keys": [jwk]})),
            ]
        };
        for (kid, fault) in [(key_id(algorithm), TokenFault::Signature), ("attacker", TokenFault::Key)] {
            for (name, value) in own(kid) {
                let header = json!({"alg": algorithm, "typ": "JWT", "kid": kid, name: value});
                let token = attacker.token(&header, &Forge::claims(), algorithm);
                maker.token(format!("{algorithm} {name} {kid}"), &token, Some(fault));
            }
        }
    }
    let all: Value = valid::offers().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let mut header = Forge::header("ES256");
    header.as_object_mut().unwrap().extend(all.as_object().unwrap().clone());
    let token = attacker.token(&header, &Forge::claims(), "ES256");
    maker.token("all of them", &token, Some(TokenFault::Signature));
}
