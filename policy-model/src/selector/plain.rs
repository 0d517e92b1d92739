//! Paths of nothing but plain names, without the parser.

use super::path::{Segment, Step};

/// The segments of `$.name.name`, as nearly every path of a condition is written: the parser takes many times as long for it.
pub(super) fn plain_names(text: &str) -> Option<Vec<Segment>> {
    let names = text.strip_prefix("$.")?;
    let segment = |name: &str| {
        let steps = vec![Step::Name(name.to_owned())];
        is_plain(name).then_some(Segment { is_descendant: false, steps })
    };
    names.split('.').map(segment).collect()
}

/// What RFC 9535 takes without quotes, in ASCII.
fn is_plain(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    name.bytes().next().is_some_and(is_letter) && name.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit())
}
