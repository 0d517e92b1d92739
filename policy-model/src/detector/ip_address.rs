//! IP addresses, as the standard library reads them.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::characters::is_word;
use super::label::last_word;
use super::text::Text;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    find_v6(text, found);
    find_v4(text, found);
}

fn find_v6(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut place = 0;
    while let Some(colon) = text.next_byte(place, b':') {
        let start = text.start_of(colon, place.max(colon.saturating_sub(4)), |byte| byte.is_ascii_hexdigit());
        place = text.end_of(colon, is_of_v6);
        let (start, end) = trim_v6(text, start, place);
        if !stands_alone_v6(text, start, end) {
            continue;
        }
        if let Some(end) = [end, without_port(text, start, end)].into_iter().find(|end| is_v6(text, start, *end)) {
            found.push(start..zone_end(text, end));
        }
    }
}

/// Takes off what belongs to the sentence: a colon before, a dot or a colon after.
fn trim_v6(text: Text<'_>, mut start: usize, mut end: usize) -> (usize, usize) {
    if text.at(start) == b':' && text.at(start + 1) != b':' {
        start += 1;
    }
    if text.before(end, 1) == b'.' {
        end -= 1;
    }
    if text.before(end, 1) == b':' && text.before(end, 2) != b':' {
        end -= 1;
    }
    (start, end.max(start))
}

/// The end of an address without brackets before its port.
fn without_port(text: Text<'_>, start: usize, end: usize) -> usize {
    let port = text.start_of(end, start.max(end.saturating_sub(PORT_BYTES_MAX)), |byte| byte.is_ascii_digit());
    if port < end && port > start && text.before(port, 1) == b':' { port - 1 } else { end }
}

/// Neither a part of a word nor of a slice such as `list[::2]`.
fn stands_alone_v6(text: Text<'_>, start: usize, end: usize) -> bool {
    let before = text.before(start, 2);
    let is_index = text.before(start, 1) == b'[' && (is_word(before) || matches!(before, b')' | b']'));
    !text.is_inside_word(start) && !is_word(text.at(end)) && !is_index && !is_word_before_colon(text, start)
}

/// `std::` and `Module::` in code.
fn is_word_before_colon(text: Text<'_>, start: usize) -> bool {
    text.at(start) == b':' && is_word(text.before(start, 1))
}

fn is_v6(text: Text<'_>, start: usize, end: usize) -> bool {
    let candidate = text.slice(start..end);
    if !(2..=V6_BYTES_MAX).contains(&candidate.len()) {
        return false;
    }
    let is_address = parse::<Ipv6Addr>(candidate).is_some_and(|address| !address.is_unspecified());
    let digits = candidate.iter().filter(|byte| byte.is_ascii_hexdigit()).count();
    let has_number = candidate.iter().any(u8::is_ascii_digit);
    let is_hardware = candidate.split(|byte| *byte == b':').all(|group| group.len() == 2);
    is_address && has_number && !is_hardware && (digits >= 4 || candidate.starts_with(b"::"))
}

/// `%eth0` after an address belongs to it.
fn zone_end(text: Text<'_>, end: usize) -> usize {
    let zone = text.slice(end + 1..end + 1 + ZONE_BYTES_MAX);
    let is_zone = text.at(end) == b'%' && text.at(end + 1).is_ascii_alphanumeric();
    let length = zone.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    if is_zone { end + 1 + length } else { end }
}

fn find_v4(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut free = 0;
    let mut place = 0;
    while let Some(dot) = text.next_byte(place, b'.') {
        place = dot + 1;
        if !text.at(place).is_ascii_digit() {
            continue;
        }
        let start = text.start_of(dot, free.max(dot.saturating_sub(3)), |byte| byte.is_ascii_digit());
        let dotted = text.end_of(dot, |byte| byte.is_ascii_digit() || byte == b'.');
        place = dotted;
        let end = if text.before(dotted, 1) == b'.' { dotted - 1 } else { dotted };
        let candidate = text.slice(start..end);
        if candidate.len() <= V4_BYTES_MAX
            && parse::<Ipv4Addr>(candidate).is_some_and(|address| !address.is_unspecified())
            && stands_alone_v4(text, start, end)
        {
            found.push(start..end);
            free = end;
        }
    }
}

/// Neither a part of a word, a longer number or a path, nor the version of something.
fn stands_alone_v4(text: Text<'_>, start: usize, end: usize) -> bool {
    let (second, first) = (text.before(start, 2), text.before(start, 1));
    let is_continued = match first {
        b'.' | b'-' => is_word(second),
        b'/' => second.is_ascii_alphabetic(),
        _ => text.is_inside_word(start),
    };
    let goes_on = text.is_inside_word(end) || (text.at(end) == b'-' && text.at(end + 1).is_ascii_alphabetic());
    let is_version = VERSIONS.iter().any(|word| last_word(text, start).eq_ignore_ascii_case(word));
    !(is_continued || goes_on || is_version)
}

fn parse<T: std::str::FromStr>(candidate: &[u8]) -> Option<T> {
    std::str::from_utf8(candidate).ok()?.parse().ok()
}

fn is_of_v6(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

const V4_BYTES_MAX: usize = 15;
const V6_BYTES_MAX: usize = 45;
const PORT_BYTES_MAX: usize = 5;
const ZONE_BYTES_MAX: usize = 16;

/// A number after one of these words is a version.
const VERSIONS: &[&[u8]] = &[b"version", b"ver", b"release", b"build", b"firmware"];
