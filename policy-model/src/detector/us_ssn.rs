//! Social security numbers: area, group and serial in the ranges that are given out.

use std::ops::Range;

use super::digit_groups::{DigitGroups, Gap, Group};
use super::label::has_word_before;
use super::text::Text;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut free = 0;
    let mut groups = DigitGroups::of(text);
    while groups.advance() {
        let start = groups.start();
        if start >= free
            && let Some(end) = number_end(&groups)
            && is_given_out(&groups)
        {
            found.push(start..end);
            free = end;
        }
    }
}

fn number_end(groups: &DigitGroups<'_>) -> Option<usize> {
    let text = groups.text();
    let is_free =
        |end| groups.stand_alone(end) && text.before(groups.start(), 1) != b'+' && !is_before_number(text, end);
    match groups.groups() {
        [Group { digits: 3, .. }, group @ Group { digits: 2, .. }, serial @ Group { digits: 4, end, .. }, ..]
            if group.gap == serial.gap && is_gap(group.gap) && is_free(*end) =>
        {
            Some(*end)
        }
        [Group { digits: 9, end, .. }, ..]
            if is_free(*end) && has_word_before(text, groups.start(), WORD_DISTANCE_MAX, WORDS) =>
        {
            Some(*end)
        }
        _ => None,
    }
}

fn is_gap(gap: Gap) -> bool {
    match gap {
        Gap::Space | Gap::Dash | Gap::Dot => true,
        Gap::None | Gap::Slash | Gap::Open | Gap::Close | Gap::Wide => false,
    }
}

fn is_before_number(text: Text<'_>, end: usize) -> bool {
    text.at(end) == b'/' && text.at(end + 1).is_ascii_digit()
}

/// Neither area 000, 666 or above 899, nor group 00, nor serial 0000.
fn is_given_out(groups: &DigitGroups<'_>) -> bool {
    let mut digits = groups.digits(9);
    let mut number = |count| digits.by_ref().take(count).fold(0, |number: u32, digit| number * 10 + u32::from(digit));
    let (area, group, serial) = (number(3), number(2), number(4));
    !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0
}

const WORD_DISTANCE_MAX: usize = 30;

/// One of these before nine digits makes them such a number.
const WORDS: &[&[u8]] =
    &[b"ssn", b"social security", b"social-security", b"social_security", b"socialsecurity", b"soc sec"];
