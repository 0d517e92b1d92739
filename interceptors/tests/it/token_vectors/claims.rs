//! Claims that are not one object, stand twice, or are out of date.

use interceptors::token::TokenFault::{Claims, Expired, NotYetValid};
use serde_json::json;

use super::Maker;
use crate::forge::{CLIENT, Forge};
use crate::signer::{AUDIENCE, ISSUER, unix_now};

pub(super) fn make(maker: &mut Maker<'_>) {
    maker.class = "claims: not one object";
    documents(maker);
    maker.class = "claims: a member twice";
    doubled(maker);
    maker.class = "claims: time";
    times(maker);
}

fn documents(maker: &mut Maker<'_>) {
    let good = Forge::claims().to_string();
    for (what, text) in [
        ("a list", format!("[{good}]")),
        ("null", "null".to_owned()),
        ("a text", json!(good).to_string()),
        ("nothing", String::new()),
        ("not JSON", "sub=alice".to_owned()),
        ("two objects", format!("{good}{good}")),
        ("text after it", format!("{good} x")),
        ("a byte-order mark", format!("\u{feff}{good}")),
        ("cut off", good.strip_suffix('}').unwrap().to_owned()),
        ("single quotes", good.replace('"', "'")),
        ("a comma too many", good.replace('}', ",}")),
        ("no number", good.replacen('{', "{\"x\":NaN,", 1)),
        ("too deep", good.replacen('{', &format!("{{\"x\":{}{},", "[".repeat(200), "]".repeat(200)), 1)),
        ("half a surrogate pair", good.replacen('{', "{\"x\":\"\\ud800\",", 1)),
    ] {
        maker.claims_text(what, text, Some(Claims));
    }
    let mut bytes = good.replacen('{', "{\"x\":\"?\",", 1).into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
    bytes[at] = 0xff;
    maker.claims_text("not UTF-8", bytes, Some(Claims));
}

fn doubled(maker: &mut Maker<'_>) {
    let good = Forge::claims().to_string();
    for (name, value) in [
        ("iss", ISSUER),
        ("aud", AUDIENCE),
        ("sub", "root"),
        ("custom:tenant_id", "globex"),
        ("client_id", CLIENT),
        ("x", "1"),
    ] {
        let once = if name == "x" { good.replacen('{', "{\"x\":\"1\",", 1) } else { good.clone() };
        let before = once.replacen('{', &format!("{{\"{name}\":\"{value}\","), 1);
        maker.claims_text(&format!("{name} before"), before, Some(Claims));
        let escaped = format!("\\u{:04x}{}", u32::from(name.as_bytes()[0]), name.get(1..).unwrap());
        let after = format!("{},\"{escaped}\":\"{value}\"}}", once.strip_suffix('}').unwrap());
        maker.claims_text(&format!("{name} after, with an escape"), after, Some(Claims));
    }
    maker.claims_text("exp", good.replacen('{', "{\"exp\":4000000000,", 1), Some(Claims));
    maker.claims_text("inside", good.replacen('{', "{\"act\":{\"sub\":\"a\",\"sub\":\"b\"},", 1), Some(Claims));
}

fn times(maker: &mut Maker<'_>) {
    let now = unix_now();
    maker.claim("exp", None, Some(Claims));
    let odd = [
        json!(null),
        json!(true),
        json!("4000000000"),
        json!([4_000_000_000_u64]),
        json!({}),
        json!(-1),
        json!(1e11),
        json!(1e300),
    ];
    for name in ["exp", "nbf", "iat"] {
        for value in odd.clone() {
            maker.claim(name, Some(value), Some(Claims));
        }
        let text = super::changed(Forge::claims(), name, Some(json!(0))).to_string();
        let infinite = text.replacen(&format!("\"{name}\":0"), &format!("\"{name}\":1e400"), 1);
        maker.claims_text(&format!("{name}: 1e400"), infinite, Some(Claims));
    }
    for expires in [now - 40, now - 600, 1, 0] {
        maker.claim("exp", Some(json!(expires)), Some(Expired));
    }
    for name in ["nbf", "iat"] {
        for later in [now + 60, now + 3_600, 99_999_999_999] {
            maker.claim(name, Some(json!(later)), Some(NotYetValid));
        }
    }
}
