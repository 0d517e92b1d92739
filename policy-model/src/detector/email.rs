//! Addresses of mail: a dot-atom, an at sign, a domain with a top-level label of letters.

use std::ops::Range;

use super::characters::{IDEOGRAPH, LETTER};
use super::text::Text;

/// Between two at signs each byte is looked at by these two at most.
pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut floor = 0;
    let mut place = 0;
    while let Some(at) = text.next_byte(place, b'@') {
        place = at + 1;
        let start = local_start(text, at, floor);
        if start < at
            && !is_password(text, start, floor)
            && let Some(end) = domain_end(text, place)
        {
            found.push(start..end);
            place = end;
        }
        floor = place;
    }
}

fn local_start(text: Text<'_>, at: usize, floor: usize) -> usize {
    let mut start = text.start_of(at, floor, is_of_local);
    if text.before(at, 1) != IDEOGRAPH {
        start = text.start_of(at, start, |byte| byte != IDEOGRAPH);
    }
    text.end_of(start, |byte| matches!(byte, b'.' | b'\'' | b'-' | b'%' | b'+')).min(at)
}

/// Whether what stands before the at sign is the password, or the user, in a URL.
fn is_password(text: Text<'_>, start: usize, floor: usize) -> bool {
    let is_of_authority = |byte: u8| byte > b' ' && !matches!(byte, b'/' | b'@' | b'"' | b'<' | b'>' | b'\'');
    let authority = text.start_of(start, floor, is_of_authority);
    text.before(authority, 1) == b'/' && text.before(authority, 2) == b'/' && text.before(authority, 3) == b':'
}

/// The end of the longest domain whose last label can be a top-level one.
fn domain_end(text: Text<'_>, start: usize) -> Option<usize> {
    let mut end = None;
    let mut label = start;
    loop {
        let label_end = label_end(text, label);
        if label_end == label || text.at(label) == b'-' {
            return end;
        }
        if label > start && is_top_level(text.slice(label..label_end)) {
            end = Some(label_end);
        }
        if text.at(label_end) != b'.' {
            return end;
        }
        label = label_end + 1;
    }
}

/// A label of ASCII ends where a script without spaces begins.
fn label_end(text: Text<'_>, start: usize) -> usize {
    let is_ascii = text.at(start) != IDEOGRAPH;
    let end = text.end_of(start, |byte| is_of_label(byte) && !(is_ascii && byte == IDEOGRAPH));
    text.start_of(end, start, |byte| byte == b'-')
}

fn is_top_level(label: &[u8]) -> bool {
    let is_punycode = label.len() > 4 && label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"xn--"));
    let is_letters = label.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(*byte, LETTER | IDEOGRAPH));
    is_punycode || (label.len() >= 2 && is_letters)
}

fn is_of_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'\'' | b'-' | LETTER | IDEOGRAPH)
}

fn is_of_label(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | LETTER | IDEOGRAPH)
}
