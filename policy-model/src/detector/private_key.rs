//! Private keys in PEM (RFC 7468), of OpenSSH and PGP: from the BEGIN line to the END line, or to the end of a text cut off.

use std::ops::Range;

use memchr::memmem;

use super::text::Text;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let finder = memmem::Finder::new(BEGIN);
    let mut place = 0;
    while let Some(distance) = finder.find(text.from(place)) {
        let start = place + distance;
        place = start + BEGIN.len();
        if let Some(body) = label_end(text, place) {
            place = block_end(text, body);
            found.push(start..place);
        }
    }
}

/// The end of the BEGIN line, if it is a private key's.
fn label_end(text: Text<'_>, start: usize) -> Option<usize> {
    let end = text.end_of(start, |byte| byte.is_ascii_alphanumeric() || byte == b' ');
    let label = text.slice(start..end);
    let is_private = label.ends_with(b"PRIVATE KEY") || label.ends_with(b"PRIVATE KEY BLOCK");
    (is_private && text.starts_with_at(end, DASHES)).then_some(end)
}

fn block_end(text: Text<'_>, body: usize) -> usize {
    let Some(distance) = memmem::find(text.from(body), END) else { return text.len() };
    let label = body + distance + END.len();
    let line_end = text.end_of(label, |byte| byte.is_ascii_alphanumeric() || byte == b' ');
    text.end_of(line_end, |byte| byte == b'-')
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END";
const DASHES: &[u8] = b"-----";
