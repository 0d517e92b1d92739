//! What a text can hold at all, told by counting its bytes.

use super::characters::may_fold;
use super::runs::long_runs;
use super::text::Text;
use super::{Detector, Detectors};

/// The detectors that may find something. The others find nothing.
pub(super) fn possible(text: &str) -> Detectors {
    let (bytes, length) = (text.as_bytes(), text.len());
    let counts = Counts::of(bytes);
    let mut possible = Detectors::NONE;
    let mut add = |detector, is_possible| {
        if is_possible {
            possible = possible.with(detector);
        }
    };
    let digits = if counts.digits >= 7 { longest_number(bytes) } else { 0 };
    add(Detector::Phone, digits >= 7);
    add(Detector::UsSsn, digits >= 9);
    add(Detector::PaymentCard, digits >= 12);
    let has_country = counts.digits >= 2 && length >= 15 && (counts.folding >= 1 || has_country(bytes));
    add(Detector::Iban, has_country);
    add(Detector::Email, counts.at_signs >= 1 && counts.dots >= 1 && length >= 6);
    add(Detector::IpAddress, counts.colons >= 2 || (counts.dots >= 3 && counts.digits >= 4));
    add(Detector::PrivateKey, counts.dashes >= 10 && length >= 27);
    add(Detector::UrlCredentials, counts.equals_signs >= 1 || (counts.at_signs >= 1 && counts.colons >= 2));
    let has_run = length >= 16 && long_runs(Text::new(bytes), 16, is_of_token).next().is_some();
    add(Detector::Jwt, counts.dots >= 2 && has_run);
    add(Detector::AwsKey, length >= 20 && has_run);
    let has_scheme = length >= 14 && counts.bs >= 1 && (counts.folding >= 1 || has_scheme(bytes));
    add(Detector::BearerToken, has_run || has_scheme);
    possible
}

/// How many digits stand together at most, with nothing but separators and what folds between them.
fn longest_number(bytes: &[u8]) -> usize {
    let (mut longest, mut digits) = (0, 0);
    for byte in bytes {
        match byte {
            b'0'..=b'9' => digits += 1,
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' | 0x80..=0xbf => {}
            _ if may_fold(*byte) => digits += 1,
            _ => digits = 0,
        }
        longest = longest.max(digits);
    }
    longest
}

/// Whether two letters stand before two digits.
fn has_country(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|window| match window {
        [first, second, b'0'..=b'9', b'0'..=b'9'] => first.is_ascii_alphabetic() && second.is_ascii_alphabetic(),
        _ => false,
    })
}

fn has_scheme(bytes: &[u8]) -> bool {
    memchr::memchr2_iter(b'B', b'b', bytes).any(|place| {
        let word = bytes.get(place..place + 5).unwrap_or_default();
        word.eq_ignore_ascii_case(b"beare") || word.eq_ignore_ascii_case(b"basic")
    })
}

/// How often some bytes stand in a text, or more than that where characters fold.
struct Counts {
    digits: u64,
    colons: u64,
    dashes: u64,
    dots: u64,
    at_signs: u64,
    equals_signs: u64,
    bs: u64,
    folding: u64,
}

impl Counts {
    fn of(bytes: &[u8]) -> Counts {
        let mut sums = [0_u64; 8];
        // One addition counts all of them, in a byte each.
        for chunk in bytes.chunks(usize::from(u8::MAX)) {
            let packed: u64 =
                chunk.iter().map(|byte| COUNTED.get(usize::from(*byte)).copied().unwrap_or_default()).sum();
            for (sum, count) in sums.iter_mut().zip(packed.to_le_bytes()) {
                *sum += u64::from(count);
            }
        }
        let [digits, colons, dashes, dots, at_signs, equals_signs, bs, folding] = sums;
        Counts { digits, colons, dashes, dots, at_signs, equals_signs, bs, folding }
    }
}

const COUNTED: [u64; 256] = counted();

const fn counted() -> [u64; 256] {
    let mut table = [0; 256];
    let mut byte: u8 = 0;
    let mut rest: &mut [u64] = &mut table;
    while let Some((entry, tail)) = rest.split_first_mut() {
        *entry = match byte {
            b'0'..=b'9' => 1,
            b':' => 1 << 8,
            b'-' => 1 << 16,
            b'.' => 1 << 24,
            b'@' => 1 << 32,
            b'=' => 1 << 40,
            b'B' | b'b' => 1 << 48,
            // The first byte of full-width forms: any of them.
            0xef => 0x0101_0101_0101_0101,
            // The first bytes of digits and dashes of all scripts.
            0xd6 | 0xd9 | 0xdb | 0xdf | 0xe0..=0xe2 | 0xea | 0xf0 => 1 | 1 << 16 | 1 << 56,
            // Those of what is not seen.
            0xc2 | 0xcd | 0xd8 | 0xf3 => 1 << 56,
            _ => 0,
        };
        rest = tail;
        byte = byte.wrapping_add(1);
    }
    table
}

/// What may stand in a token, or be folded to it or away.
fn is_of_token(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-'..=b'/' | b'_' | b'~') || may_fold(byte)
}
