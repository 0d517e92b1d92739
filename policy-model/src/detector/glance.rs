//! What a text can hold at all, told by counting its bytes.

use super::characters::may_fold;
use super::runs::long_runs;
use super::text::Text;
use super::{Detector, Detectors};

/// The detectors that may find something. The others find nothing.
pub(super) fn possible(text: &str) -> Detectors {
    let counts = Counts::of(text.as_bytes());
    let length = text.len();
    let has_run = |bytes| long_runs(Text::new(text.as_bytes()), bytes, is_of_token).next().is_some();
    let mut possible = Detectors::NONE;
    let mut add = |detector, is_possible| {
        if is_possible {
            possible = possible.with(detector);
        }
    };
    add(Detector::Email, counts.at_signs >= 1 && counts.dots >= 1 && length >= 6);
    add(Detector::Phone, counts.digits >= 7);
    add(Detector::PaymentCard, counts.digits >= 12);
    add(Detector::Iban, counts.digits >= 2 && length >= 15);
    add(Detector::UsSsn, counts.digits >= 9);
    add(Detector::IpAddress, counts.colons >= 2 || (counts.dots >= 3 && counts.digits >= 4));
    add(Detector::PrivateKey, counts.dashes >= 10 && length >= 27);
    add(Detector::UrlCredentials, counts.equals_signs >= 1 || (counts.at_signs >= 1 && counts.colons >= 2));
    let has_run = length >= 16 && has_run(16);
    add(Detector::BearerToken, length >= 14 && (counts.bs >= 1 || has_run));
    add(Detector::Jwt, counts.dots >= 2 && has_run);
    add(Detector::AwsKey, length >= 20 && has_run);
    possible
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
}

impl Counts {
    fn of(bytes: &[u8]) -> Counts {
        let mut sums = [0_u64; 7];
        // One addition counts all of them, in a byte each.
        for chunk in bytes.chunks(usize::from(u8::MAX)) {
            let packed: u64 =
                chunk.iter().map(|byte| COUNTED.get(usize::from(*byte)).copied().unwrap_or_default()).sum();
            for (sum, count) in sums.iter_mut().zip(packed.to_le_bytes()) {
                *sum += u64::from(count);
            }
        }
        let [digits, colons, dashes, dots, at_signs, equals_signs, bs] = sums;
        Counts { digits, colons, dashes, dots, at_signs, equals_signs, bs }
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
            0xef => 0x0001_0101_0101_0101,
            // The first bytes of digits and dashes of all scripts.
            0xd6 | 0xd9 | 0xdb | 0xdf | 0xe0..=0xe2 | 0xea | 0xf0 => 1 | 1 << 16,
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
