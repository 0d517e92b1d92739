//! JSON web tokens: base64url parts between dots, the first of which is a JSON object with an `alg`.

use std::ops::Range;

use super::base64::decode;
use super::runs::long_runs;
use super::text::Text;
use crate::json::{self, Kind};

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    for run in long_runs(text, RUN_BYTES_MIN, is_of_token) {
        let mut start = run.start;
        while start < run.end {
            start = match token_end(text, start, run.end) {
                Some(end) => {
                    found.push(start..end);
                    end
                }
                None => part_end(text, start) + 1,
            };
        }
    }
}

/// The end of the token whose header begins at a place.
fn token_end(text: Text<'_>, start: usize, run_end: usize) -> Option<usize> {
    // The first sextet of a brace.
    if text.at(start) != b'e' {
        return None;
    }
    let mut end = part_end(text, start);
    let (header, rest) = (text.slice(start..end), end);
    if header.len() > HEADER_BYTES_MAX || text.at(rest) != b'.' {
        return None;
    }
    let parts_after = match kind(header)? {
        Serialization::Signed => 2,
        Serialization::Encrypted => 4,
    };
    for _ in 0..parts_after {
        if text.at(end) != b'.' || end >= run_end {
            return None;
        }
        end = part_end(text, end + 1);
    }
    (end - rest > parts_after).then_some(end)
}

/// How a token is written: with a signature, or encrypted.
enum Serialization {
    Signed,
    Encrypted,
}

fn kind(header: &[u8]) -> Option<Serialization> {
    let decoded = decode(header)?;
    let document = json::parse(&decoded).ok()?;
    let root = document.root();
    let is_header = root.kind() == Kind::Object && root.get("alg").is_some();
    is_header.then(|| if root.get("enc").is_some() { Serialization::Encrypted } else { Serialization::Signed })
}

fn part_end(text: Text<'_>, start: usize) -> usize {
    text.end_of(start, |byte| is_of_token(byte) && byte != b'.')
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The shortest header, `{"alg":""}`, takes 14 bytes.
const RUN_BYTES_MIN: usize = 20;

/// Longest header that is read.
const HEADER_BYTES_MAX: usize = 16 << 10;
