//! The forms in which a value can stand in an answer, and a search for it in all of them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::Strategy;
use serde_json::Value;

/// Values that stand nowhere else.
pub(super) fn secret() -> impl Strategy<Value = String> {
    "CANARY-[a-z0-9]{10}"
}

/// How a value is written once more.
pub(super) const COPIES: [fn(&str) -> String; 8] = [
    |secret| secret.to_owned(),
    |secret| format!("it is {secret}, they say"),
    |secret| STANDARD_NO_PAD.encode(secret),
    |secret| URL_SAFE_NO_PAD.encode(format!("?{secret}")),
    |secret| STANDARD_NO_PAD.encode(format!("id{secret}")),
    |secret| secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
    |secret| secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
    |secret| secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
];

/// Whether a value is in a JSON text: as it stands there, in what its strings say, or in what these encode.
pub(super) fn stands_in(text: &str, secret: &str) -> bool {
    text.contains(secret) || serde_json::from_str(text).is_ok_and(|value: Value| is_in_value(&value, secret, LAYERS))
}

fn is_in_value(value: &Value, secret: &str, layers: u32) -> bool {
    match value {
        Value::String(text) => is_in_text(text.as_bytes(), secret, layers),
        Value::Array(elements) => elements.iter().any(|element| is_in_value(element, secret, layers)),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| is_in_text(name.as_bytes(), secret, layers) || is_in_value(value, secret, layers)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_in_text(text: &[u8], secret: &str, layers: u32) -> bool {
    if text.windows(secret.len()).any(|window| window == secret.as_bytes()) {
        return true;
    }
    if layers == 0 {
        return false;
    }
    if serde_json::from_slice(text).is_ok_and(|value: Value| is_in_value(&value, secret, layers - 1)) {
        return true;
    }
    let runs = |is_digit: fn(u8) -> bool| text.split(move |byte| !is_digit(*byte)).filter(|run| run.len() >= 8);
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    let in_base64 = runs(is_base64).flat_map(shifted::<4>).any(|run| {
        let run: Vec<u8> = run
            .iter()
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                byte => *byte,
            })
            .collect();
        let whole = run.len() - usize::from(run.len() % 4 == 1);
        lenient(&run[..whole]).is_some_and(|bytes| is_in_text(&bytes, secret, layers - 1))
    });
    let in_hex = runs(|byte| byte.is_ascii_hexdigit()).flat_map(shifted::<2>).any(|run| {
        let pairs = run.chunks_exact(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        is_in_text(&pairs.collect::<Vec<u8>>(), secret, layers - 1)
    });
    in_base64 || in_hex || (text.contains(&b'%') && is_in_text(&percent_decoded(text), secret, layers - 1))
}

/// A run of digits, read from each of its first places.
fn shifted<const N: usize>(run: &[u8]) -> impl Iterator<Item = &[u8]> {
    (0..N).filter_map(move |start| run.get(start..))
}

/// Base64 whose last bits may be anything.
fn lenient(run: &[u8]) -> Option<Vec<u8>> {
    use base64::alphabet::STANDARD;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    GeneralPurpose::new(&STANDARD, config).decode(run).ok()
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(byte) = text.get(at) {
        let pair = text.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.filter(|_| *byte == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

/// How deep one form may stand in another.
const LAYERS: u32 = 4;
