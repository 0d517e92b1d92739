//! Signatures that are none, and keys that may not verify.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interceptors::token::TokenFault;
use serde_json::json;

use super::Maker;
use crate::forge::{ALGORITHMS, Forge, key_id, message};

pub(super) fn make(maker: &mut Maker<'_>) {
    broken(maker);
    crossed(maker);
    unusable(maker);
}

fn broken(maker: &mut Maker<'_>) {
    let forge = maker.forge;
    let stranger = Forge::new();
    for algorithm in ALGORITHMS {
        maker.class = "signature: broken";
        let text = message(Forge::header(algorithm).to_string(), Forge::claims().to_string());
        let good = forge.sign(algorithm, text.as_bytes());
        let with = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut signature = good.clone();
            change(&mut signature);
            signature
        };
        let length = good.len();
        let mut forms = vec![
            ("the first bit", with(&|bytes| bytes[0] ^= 0x80)),
            ("the last bit", with(&|bytes| bytes[length - 1] ^= 1)),
            ("empty", Vec::new()),
            ("a byte less", with(&|bytes| bytes.truncate(length - 1))),
            ("a byte more", with(&|bytes| bytes.push(0))),
            ("a zero before", with(&|bytes| bytes.insert(0, 0))),
            ("twice", with(&|bytes| bytes.extend(good.clone()))),
            ("zeros", vec![0; length]),
            ("ones", vec![0xff; length]),
            (
                "one",
                with(&|bytes| {
                    bytes.fill(0);
                    bytes[length - 1] = 1;
                }),
            ),
            ("backwards", with(&|bytes| bytes.reverse())),
            ("a stranger's", stranger.sign(algorithm, text.as_bytes())),
            ("of other claims", forge.sign(algorithm, b"e30.e30")),
            ("of the header alone", forge.sign(algorithm, text.split('.').next().unwrap().as_bytes())),
        ];
        if algorithm.starts_with("ES") {
            forms.push(("two numbers changed over", with(&|bytes| bytes.rotate_left(length / 2))));
            forms.push((
                "r and s are 1",
                with(&|bytes| {
                    bytes.fill(0);
                    bytes[length / 2 - 1] = 1;
                    bytes[length - 1] = 1;
                }),
            ));
            forms.push(("DER", forge.sign(&format!("{algorithm}-DER"), text.as_bytes())));
        }
        for (what, signature) in forms {
            let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature));
            maker.token(format!("{algorithm} {what}"), &token, Some(TokenFault::Signature));
        }
        maker.class = "signature: other claims than signed";
        let signature = URL_SAFE_NO_PAD.encode(&good);
        for (name, value) in
            [("custom:tenant_id", json!("globex")), ("sub", json!("root")), ("exp", json!(4_000_000_000_u64))]
        {
            let claims = super::changed(Forge::claims(), name, Some(value));
            let other = message(Forge::header(algorithm).to_string(), claims.to_string());
            maker.token(format!("{algorithm} {name}"), &format!("{other}.{signature}"), Some(TokenFault::Signature));
        }
    }
}

/// A key of one kind under the algorithm of another.
fn crossed(maker: &mut Maker<'_>) {
    maker.class = "key: of another kind";
    for algorithm in ALGORITHMS {
        for kid in ["rsa", "p256", "p384", "ed"] {
            if kid != key_id(algorithm) {
                let header = json!({"alg": algorithm, "typ": "JWT", "kid": kid});
                let token = maker.forge.token(&header, &Forge::claims(), algorithm);
                maker.token(format!("{algorithm} under {kid}"), &token, Some(TokenFault::Key));
            }
        }
    }
    maker.class = "key: the right one under another algorithm";
    for signed in ALGORITHMS {
        for said in ALGORITHMS.into_iter().filter(|said| *said != signed && key_id(said) == key_id(signed)) {
            let token = maker.forge.token(&Forge::header(said), &Forge::claims(), signed);
            maker.token(format!("{signed} said to be {said}"), &token, Some(TokenFault::Signature));
        }
    }
}

fn unusable(maker: &mut Maker<'_>) {
    maker.class = "key: not for signatures";
    for (algorithm, kid) in [
        ("RS256", "rsa-for-encryption"),
        ("ES256", "p256-for-encryption"),
        ("ES256", "p256-that-signs"),
        ("ES256", "p256-for-es384"),
        ("ES384", "p256-for-es384"),
        ("ES256", "p256-on-p384"),
        ("ES384", "p256-on-p384"),
        ("EdDSA", "ed-as-x25519"),
        ("RS256", "rsa-of-1024"),
        ("RS256", "rsa-of-one"),
        ("RS256", "rsa-of-even"),
        ("RS384", "rsa-for-rs256"),
        ("PS256", "rsa-for-rs256"),
        ("ES256", "oct"),
        ("ES256", "twin"),
    ] {
        let header = json!({"alg": algorithm, "typ": "JWT", "kid": kid});
        let token = maker.forge.token(&header, &Forge::claims(), algorithm);
        maker.token(format!("{algorithm} {kid}"), &token, Some(TokenFault::Key));
    }
    maker.class = "valid: a key for one algorithm";
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": "rsa-for-rs256"});
    let token = maker.forge.token(&header, &Forge::claims(), "RS256");
    maker.token("that one", &token, None);
}
