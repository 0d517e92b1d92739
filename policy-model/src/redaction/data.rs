//! What in a text may be data that no path can follow, and whether a text speaks of what a path names.

mod encoded;
mod names;

use memchr::{memchr, memchr_iter};

use super::residue::{Plus, percent_decoded};

pub(super) use encoded::{Encoded, is_base64};
pub(super) use names::{Names, PlainNames};

/// Whether a text that is no JSON looks like data all the same: JSON that is broken or encoded once more, and what other
/// languages, loggers and web pages write: `{name: value}`, `['a', 'b']`, `"name": value`, `&quot;name&quot;`, `%7B%22name%22`.
pub(super) fn looks_like_data(text: &str) -> bool {
    let has = |byte: u8| memchr(byte, text.as_bytes()).is_some();
    (has(b'{') && (has_object_start(text) || looks_like_object(text)))
        || (has(b'[') && (is_array_start(text.trim()) || looks_like_array(text)))
        || (has(b'"') && DATA_ENDS.iter().any(|end| text.contains(end)))
        || (has(b'&') && is_written_in_entities(text))
        || (has(b'%') && (has_escape(text, "%7b%22") || has_escape(text, "%22%3a")))
}

/// Whether a text is one word with a digit in it: a value by itself, of which nobody can say what it is.
pub(super) fn is_bare_value(text: &str) -> bool {
    let mut words = text.split_whitespace();
    matches!((words.next(), words.next()), (Some(word), None) if word.contains(char::is_numeric))
}

/// Whether a text is a stream of events (text/event-stream), or an address that has what it leads to in it.
pub(super) fn is_event_stream(text: &str) -> bool {
    let begins = |line: &str| FIELDS.iter().any(|field| line.trim_start().starts_with(field));
    memchr(b':', text.as_bytes()).is_some() && (text.lines().any(begins) || has_data_address(text))
}

/// An event without data is none.
const FIELDS: &[&str] = &["data:"];

/// Whether a quotation mark or a brace and then a colon are there as web pages write them, or a name ends with such a mark.
fn is_written_in_entities(text: &str) -> bool {
    QUOTES.iter().any(|quote| COLONS.iter().any(|colon| stand_in_order(text, &[quote, colon])))
        || APOSTROPHES.iter().any(|mark| COLONS.iter().any(|colon| text.contains(&format!("{mark}{colon}"))))
}

const COLONS: &[&str] = &[":", " :", "&#58;", "&#058;", "&#x3a;", "&#x3A;", "&colon;"];

/// They stand in words as well.
const APOSTROPHES: &[&str] = &["&#39;", "&#039;", "&#x27;", "&apos;"];

/// A quotation mark or a brace as web pages write them.
const QUOTES: &[&str] = &["&quot;", "&#34;", "&#034;", "&#x22;", "&#X22;", "&#123;", "&#x7b;", "&#x7B;"];

/// What a text says whose characters are written with percent signs or with backslashes, as in `%7B%22` and `\u007b\x22`; `None` if
/// none is.
pub(super) fn plainer(text: &str) -> Option<String> {
    let decoded = percent_decoded(text, Plus::Space);
    let escaped = decoded.as_deref().unwrap_or(text);
    let is_escaped = ["\\u00", "\\x", "\\U00"].iter().any(|escape| escaped.contains(escape));
    if is_escaped && let Some(plain) = without_escapes(escaped) { Some(plain) } else { decoded }
}

/// A text with `\x22` and `\u0022` read.
fn without_escapes(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut is_any = false;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = match after.bytes().next() {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(_) | None => 0,
        };
        let code = after.get(1..1 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(character) => {
                is_any = true;
                out.push(character);
                rest = after.get(1 + digits..).unwrap_or_default();
            }
            None => {
                out.push('\\');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    is_any.then_some(out)
}

/// Whether an address of a text has what it leads to in it: `data:text/plain,..`.
fn has_data_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_scheme = |colon: &usize| {
        let scheme = bytes.get(colon.saturating_sub(4)..*colon).unwrap_or_default();
        let before = colon.checked_sub(5).and_then(|before| bytes.get(before));
        scheme.eq_ignore_ascii_case(b"data") && before.is_none_or(|byte| !byte.is_ascii_alphanumeric())
    };
    memchr_iter(b':', bytes).filter(is_scheme).any(|colon| {
        let head = bytes.get(colon + 1..).unwrap_or_default().iter().take(DATA_HEAD_BYTES_MAX);
        let mut is_typed = false;
        head.take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'"').any(|byte| {
            is_typed |= matches!(byte, b'/' | b';');
            *byte == b',' && is_typed
        })
    })
}

/// What stands before the comma of such an address is not longer.
const DATA_HEAD_BYTES_MAX: usize = 200;

fn looks_like_object(text: &str) -> bool {
    stand_in_order(text, &["{", ":", "}"])
        || stand_in_order(text, &["{", "=", "}"])
        || stand_in_order(text, &["{", "\"", ":"])
}

fn looks_like_array(text: &str) -> bool {
    stand_in_order(text, &["[", "\"", "]"]) || stand_in_order(text, &["[", "'", "]"])
}

/// Whether a brace is followed by a quotation mark as at the start of a JSON object, plain or encoded once more.
fn has_object_start(text: &str) -> bool {
    text.split('{').skip(1).any(|after| {
        let mut rest = after;
        loop {
            rest = rest.trim_start();
            let escape = rest.trim_start_matches('\\');
            if escape.len() == rest.len() {
                return rest.starts_with('"');
            }
            if escape.starts_with('"') || escape.starts_with("u0022") {
                return true;
            }
            match WHITE_SPACE_ESCAPES.iter().find_map(|white| escape.strip_prefix(white)) {
                Some(after) => rest = after,
                None => return false,
            }
        }
    })
}

/// Whether a text that is not JSON begins like a JSON array, and not like a word in brackets.
fn is_array_start(text: &str) -> bool {
    let inside = text.strip_prefix('[').map(str::trim_start);
    inside.is_some_and(|inside| {
        let number = inside.trim_start_matches(|byte: char| byte.is_ascii_digit() || "+-.eE".contains(byte));
        let is_number =
            number.len() < inside.len() && matches!(number.trim_start().bytes().next(), None | Some(b',' | b']'));
        let is_value = inside.starts_with(['"', '[', '{', ']']) || is_number;
        is_value || ["true", "false", "null"].iter().any(|word| inside.starts_with(word))
    })
}

fn has_escape(text: &str, escape: &str) -> bool {
    text.as_bytes().windows(escape.len()).any(|part| part.eq_ignore_ascii_case(escape.as_bytes()))
}

fn stand_in_order(text: &str, parts: &[&str]) -> bool {
    let after = |rest: &str, part: &&str| rest.find(*part).map(|start| start + part.len());
    let mut rest = text;
    parts.iter().all(|part| match after(rest, part) {
        Some(end) => {
            rest = rest.get(end..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// How members and strings end in JSON; also in a piece of it.
const DATA_ENDS: &[&str] = &["\":", "\" :", "\"}", "\"]", "\",\""];

/// What follows the backslash where white space is encoded.
const WHITE_SPACE_ESCAPES: &[&str] = &["n", "r", "t", "u000a", "u000A", "u000d", "u000D", "u0009", "u0020"];
