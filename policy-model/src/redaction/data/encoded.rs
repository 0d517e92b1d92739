//! JSON in base64.

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::json::{Kind, Token};

/// A text that is base64 of one that may be JSON.
pub(in super::super) struct Encoded {
    /// What it says.
    pub(in super::super) text: String,
    engine: &'static GeneralPurpose,
}

impl Encoded {
    /// Decodes a text that may be base64 of an array, an object or a string.
    pub(in super::super) fn parse(text: &str) -> Option<Encoded> {
        let text = text.trim_ascii();
        let is_one = text.len() >= ENCODED_BYTES_MIN
            && begins_so(text.as_bytes())
            && text.split(['\r', '\n']).all(|line| line.trim_ascii().bytes().all(is_digit));
        if !is_one {
            return None;
        }
        // Mails and tools cut it into lines, and pad it as they like.
        let digits: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
        // Where it needs no padding it does not say whether it would have any.
        let is_padded = digits.ends_with('=') || digits.len().is_multiple_of(4);
        let digits = digits.trim_end_matches('=');
        let engines = if is_padded { PADDED } else { UNPADDED };
        [(&STANDARD_NO_PAD, 0), (&URL_SAFE_NO_PAD, 1)].into_iter().find_map(|(decoder, alphabet)| {
            let text = String::from_utf8(decoder.decode(digits).ok()?).ok()?;
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            let engine = engines.get(alphabet)?;
            text.trim_start().starts_with(['{', '[', '"']).then_some(Encoded { text, engine })
        })
    }

    /// Another text in the same encoding.
    pub(in super::super) fn encode(&self, text: &str) -> String {
        self.engine.encode(text)
    }
}

/// Whether a string may be such a text: is long enough, begins like one and has no other characters.
pub(in super::super) fn is_base64(text: &str, token: Token) -> bool {
    let (start, end) = (token.start() + 1, token.end() - 1);
    token.kind == Kind::String && end - start >= ENCODED_BYTES_MIN && {
        let content = text.as_bytes().get(start..end).unwrap_or_default();
        let content = content.trim_ascii();
        begins_so(content) && content.iter().all(|byte| is_digit(*byte))
    }
}

/// Whether a text begins with what a brace, a bracket, a quotation mark, white space or a byte order mark has in base64.
fn begins_so(text: &[u8]) -> bool {
    matches!(text, [b'e' | b'W', b'w'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'-' | b'_', ..]
        | [b'I', b'g'..=b'v' | b'A'..=b'P', ..]
        | [b'C', b'g'..=b'v' | b'Q'..=b'Z' | b'a'..=b'f', ..]
        | [b'D', b'Q'..=b'Z' | b'a'..=b'f', ..]
        | [b'7', b'7', ..])
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// Shorter JSON has nothing in it to redact: `{"a":1}` has twelve characters in base64.
const ENCODED_BYTES_MIN: usize = 10;

/// By alphabet.
const PADDED: &[&GeneralPurpose] = &[&STANDARD, &URL_SAFE];

const UNPADDED: &[&GeneralPurpose] = &[&STANDARD_NO_PAD, &URL_SAFE_NO_PAD];
