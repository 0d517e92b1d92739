//! Keys of AWS: access key ids by their prefix, secret keys and session tokens by the word before them.

use std::ops::Range;

use super::label::has_word_before;
use super::runs::long_runs;
use super::text::Text;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    find_ids(text, found);
    find_secrets(text, found);
}

fn find_ids(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    for run in long_runs(text, ID_BYTES, is_of_id) {
        let is_id = run.len() == ID_BYTES && ID_PREFIXES.iter().any(|prefix| text.starts_with_at(run.start, prefix));
        let is_alone = !text.before(run.start, 1).is_ascii_lowercase() && !text.at(run.end).is_ascii_lowercase();
        if is_id && is_alone {
            found.push(run);
        }
    }
}

fn find_secrets(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    for run in long_runs(text, SECRET_BYTES, is_of_secret) {
        let end = text.end_of(run.end, |byte| byte == b'=');
        let is_named = |words| has_word_before(text, run.start, WORD_DISTANCE_MAX, words);
        let is_secret = run.len() == SECRET_BYTES && is_random(text.slice(run.clone())) && is_named(SECRET_WORDS);
        let is_token = run.len() >= SESSION_BYTES_MIN
            && is_random(text.slice(run.start..run.start + SECRET_BYTES))
            && (SESSION_PREFIXES.iter().any(|prefix| text.starts_with_at(run.start, prefix))
                || is_named(SESSION_WORDS));
        if (is_secret && end == run.end) || is_token {
            found.push(run.start..end);
        }
    }
}

/// Whether characters look drawn by chance: both cases, digits or signs, and few of them often.
fn is_random(characters: &[u8]) -> bool {
    let has = |is_in: fn(&u8) -> bool| characters.iter().any(is_in);
    let mut seen = 0_u128;
    characters.iter().for_each(|byte| seen |= 1 << (byte & 0x7f));
    has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(|byte| !byte.is_ascii_alphabetic())
        && seen.count_ones() >= DIFFERENT_MIN
}

fn is_of_id(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_of_secret(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

const ID_BYTES: usize = 20;
const SECRET_BYTES: usize = 40;
const SESSION_BYTES_MIN: usize = 100;

/// Fewest different characters of 40 that are drawn by chance; 27 to 33 are usual.
const DIFFERENT_MIN: u32 = 18;

/// How far before a value a word may stand, in bytes.
const WORD_DISTANCE_MAX: usize = 48;

/// Of the unique identifiers of IAM, those that are credentials: keys, temporary keys, bearer tokens, credentials of a context.
const ID_PREFIXES: &[&[u8]] = &[b"AKIA", b"ASIA", b"ABIA", b"ACCA", b"A3T"];
const SECRET_WORDS: &[&[u8]] = &[b"secret"];
const SESSION_WORDS: &[&[u8]] =
    &[b"session_token", b"session-token", b"sessiontoken", b"security-token", b"security_token"];

/// How session tokens begin that STS gives out.
const SESSION_PREFIXES: &[&[u8]] = &[b"IQoJb3JpZ2lu", b"FwoGZXIvYXdz", b"FQoGZXIvYXdz"];
