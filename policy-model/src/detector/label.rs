//! What stands before a value and names it: `api_key = "..`, `"token":"..`, `SSN ..`.

use super::characters::LETTER;
use super::text::{Text, contains_word};

/// Whether one of the words stands in the last bytes before a place, in any case.
pub(super) fn has_word_before(text: Text<'_>, place: usize, distance_max: usize, words: &[&[u8]]) -> bool {
    let before = text.last_before(place, distance_max);
    words.iter().any(|word| contains_word(before, word))
}

/// The name that a value is assigned to with `=`, `:`, `=>` or `:=`; quotation marks, escaped ones too, may stand around both.
pub(super) fn assigned_name(text: Text<'_>, value: usize) -> Option<&[u8]> {
    let floor = value.saturating_sub(DECORATION_BYTES_MAX);
    let sign_end = text.start_of(value, floor, is_decoration);
    let sign = text.start_of(sign_end, floor, |byte| matches!(byte, b'=' | b':' | b'>'));
    let name_end = text.start_of(sign, floor, is_decoration);
    let name = text.start_of(name_end, name_end.saturating_sub(NAME_BYTES_MAX), is_of_name);
    (sign < sign_end && name < name_end).then(|| text.slice(name..name_end))
}

/// The last word of ASCII letters before a place, if nothing but spaces and a sign stand between.
pub(super) fn last_word(text: Text<'_>, place: usize) -> &[u8] {
    let floor = place.saturating_sub(WORD_BYTES_MAX);
    let end = text.start_of(place, floor, |byte| is_decoration(byte) || matches!(byte, b':' | b'=' | b'.'));
    text.slice(text.start_of(end, floor, |byte| byte.is_ascii_alphabetic())..end)
}

fn is_decoration(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b'\\')
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | LETTER)
}

/// Most that may stand between a name and its value.
const DECORATION_BYTES_MAX: usize = 12;

/// Longest name that is read.
pub(super) const NAME_BYTES_MAX: usize = 40;

/// How far before a place a word may begin.
const WORD_BYTES_MAX: usize = 16;
