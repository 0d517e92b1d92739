//! What a document must have become.

use std::collections::HashMap;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

/// A value that is left.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expected {
    /// Exactly this one.
    Value(Value),
    /// The hash of something: the same everywhere, and no other's.
    Hash(String),
    /// A string in which stands a document, perhaps in base64.
    Text {
        is_base64: bool,
        inner: Box<Expected>,
    },
    /// A string that says this in base64.
    Encoded(&'static str),
    List(Vec<Expected>),
    Object(Vec<(String, Expected)>),
    /// Nothing.
    Gone,
}

/// Which hash was seen for what.
#[derive(Default)]
pub(crate) struct Hashes {
    by_value: HashMap<String, String>,
    by_hash: HashMap<String, String>,
}

impl Expected {
    /// Whether something is left of the value and is not it.
    pub(crate) fn is_other_than(&self, value: &Value) -> bool {
        match (self, value) {
            (Expected::Value(new), _) => new != value,
            (Expected::List(items), Value::Array(old)) => {
                items.len() != old.len() || items.iter().zip(old).any(|(item, old)| item.is_other_than(old))
            }
            (Expected::Object(members), Value::Object(old)) => {
                members.len() != old.len() || members.iter().any(|(name, member)| member.is_other_than(&old[name]))
            }
            (Expected::Hash(_) | Expected::Text { .. } | Expected::Encoded(_) | Expected::Gone, _) => true,
            (Expected::List(_) | Expected::Object(_), _) => true,
        }
    }

    /// Whether this is what a value is.
    pub(crate) fn is(&self, value: &Value, hashes: &mut Hashes) -> bool {
        match (self, value) {
            (Expected::Value(expected), _) => expected == value,
            (Expected::Hash(of), Value::String(hash)) => hashes.fits(of, hash),
            (Expected::Text { is_base64, inner }, Value::String(text)) => {
                let decoded = if *is_base64 { decoded(text) } else { Some(text.clone()) };
                let parsed = decoded.and_then(|text| serde_json::from_str::<Value>(&text).ok());
                parsed.is_some_and(|parsed| inner.is(&parsed, hashes))
            }
            (Expected::Encoded(expected), Value::String(text)) => decoded(text).as_deref() == Some(*expected),
            (Expected::List(expected), Value::Array(items)) => {
                expected.len() == items.len()
                    && expected.iter().zip(items).all(|(expected, item)| expected.is(item, hashes))
            }
            (Expected::Object(expected), Value::Object(members)) => {
                expected.len() == members.len()
                    && expected
                        .iter()
                        .all(|(name, expected)| members.get(name).is_some_and(|member| expected.is(member, hashes)))
            }
            (Expected::Hash(_) | Expected::Text { .. } | Expected::Encoded(_), _) => false,
            (Expected::List(_) | Expected::Object(_), _) => false,
            (Expected::Gone, _) => value.is_null(),
        }
    }
}

impl Hashes {
    fn fits(&mut self, of: &str, hash: &str) -> bool {
        let digits = hash.strip_prefix("hmac-sha256:").unwrap_or_default();
        let is_hash = digits.len() == 48 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        is_hash
            && self.by_value.entry(of.to_owned()).or_insert_with(|| hash.to_owned()) == hash
            && self.by_hash.entry(hash.to_owned()).or_insert_with(|| of.to_owned()) == of
    }
}

/// What a text says in base64 of either alphabet, with or without padding.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let of = |alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok();
    let bytes = of(&alphabet::STANDARD).or_else(|| of(&alphabet::URL_SAFE))?;
    String::from_utf8(bytes).ok()
}
