//! Tokens, keys and passwords: after `Bearer`, assigned to a name such as `api_key`, or known by their prefix.

use std::ops::Range;

use super::base64::decode;
use super::label::{NAME_BYTES_MAX, assigned_name};
use super::runs::long_runs;
use super::text::{Text, contains_word};
use super::token_prefix::is_prefixed;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    find_schemes(text, found);
    for run in long_runs(text, TOKEN_BYTES_MIN, is_of_token) {
        let run = without_marks(text, run);
        let token = text.slice(run.clone());
        let is_named = assigned_name(text, run.start).is_some_and(is_secret_name);
        if is_named && is_random(token) {
            found.push(run.start..padding_end(text, run.end));
        }
    }
    for run in long_runs(text, TOKEN_BYTES_MIN, is_of_prefixed) {
        let run = without_marks(text, run);
        if is_prefixed(text.slice(run.clone())) {
            found.push(run);
        }
    }
}

/// `Bearer TOKEN` and `Basic USER:PASSWORD` (in base64), in any case.
fn find_schemes(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut place = 0;
    while let Some(distance) = memchr::memchr2(b'B', b'b', text.from(place)) {
        let word = place + distance;
        place = word + 1;
        let Some(scheme) = [BEARER, BASIC].into_iter().find(|scheme| text.reads_at(word, scheme)) else { continue };
        let after = word + scheme.len();
        let start = text.end_of(after, |byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b':' | b'=' | b'\\'));
        let is_inside_word = text.before(word, 1).is_ascii_alphanumeric();
        if is_inside_word || !(1..=GAP_BYTES_MAX).contains(&(start - after)) {
            continue;
        }
        let run = without_marks(text, start..text.end_of(start, is_of_token));
        let token = text.slice(run.clone());
        let is_secret = if scheme == BEARER { is_bearer(token) } else { is_user_and_password(token) };
        if is_secret {
            place = padding_end(text, run.end);
            found.push(run.start..place);
        }
    }
}

/// A token after `Bearer`: a short one has to have a digit and a letter.
fn is_bearer(token: &[u8]) -> bool {
    token.len() >= BEARER_BYTES_MIN && token.iter().any(u8::is_ascii_digit) && token.iter().any(u8::is_ascii_alphabetic)
        || (token.len() >= TOKEN_BYTES_MIN && is_random(token))
}

fn is_user_and_password(token: &[u8]) -> bool {
    let is_text = |decoded: &[u8]| decoded.contains(&b':') && !decoded.iter().any(u8::is_ascii_control);
    token.len() >= BEARER_BYTES_MIN && decode(token).is_some_and(|decoded| is_text(&decoded))
}

/// Whether a value looks drawn by chance, and not like words: letters and digits, or both cases amid a word.
fn is_random(token: &[u8]) -> bool {
    let mut seen = 0_u128;
    token.iter().for_each(|byte| seen |= 1 << (byte & 0x7f));
    let has = |is_in: fn(&u8) -> bool| token.iter().any(is_in);
    let has_digit = has(u8::is_ascii_digit);
    let is_mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    seen.count_ones() >= DIFFERENT_MIN
        && ((has_digit && has(u8::is_ascii_alphabetic)) || (is_mixed && token.len() >= 24))
}

fn is_secret_name(name: &[u8]) -> bool {
    let mut plain = [0; NAME_BYTES_MAX];
    let letters = name.iter().filter(|byte| !matches!(byte, b'_' | b'-' | b'.'));
    let mut length = 0;
    for (slot, letter) in plain.iter_mut().zip(letters) {
        *slot = letter.to_ascii_lowercase();
        length += 1;
    }
    let plain = plain.get(..length).unwrap_or_default();
    !plain.ends_with(b"id") && SECRET_NAMES.iter().any(|word| contains_word(plain, word))
}

/// Full stops and dashes around a token belong to the sentence.
fn without_marks(text: Text<'_>, run: Range<usize>) -> Range<usize> {
    let is_mark = |byte| matches!(byte, b'.' | b'-' | b'~' | b'/' | b'+');
    let start = text.end_of(run.start, |byte| is_mark(byte) && byte != b'/' && byte != b'+').min(run.end);
    start..text.start_of(run.end, start, |byte| matches!(byte, b'.' | b'-'))
}

fn padding_end(text: Text<'_>, end: usize) -> usize {
    end + text.slice(end..end + 2).iter().take_while(|byte| **byte == b'=').count()
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'~' | b'+' | b'/')
}

fn is_of_prefixed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

const BEARER: &[u8] = b"bearer";
const BASIC: &[u8] = b"basic";

/// Most that stands between a scheme and its token.
const GAP_BYTES_MAX: usize = 6;

/// Shortest token after `Bearer` or `Basic`.
const BEARER_BYTES_MIN: usize = 8;

/// Shortest token otherwise.
const TOKEN_BYTES_MIN: usize = 16;

/// Fewest different characters of a value that is drawn by chance.
const DIFFERENT_MIN: u32 = 8;

/// Words in the names of secrets, without what joins them.
const SECRET_NAMES: &[&[u8]] = &[
    b"token",
    b"apikey",
    b"accesskey",
    b"secret",
    b"password",
    b"passwd",
    b"passphrase",
    b"credential",
    b"authkey",
    b"authorization",
    b"privatekey",
    b"signingkey",
    b"encryptionkey",
    b"sessionkey",
    b"accountkey",
    b"sharedkey",
];
