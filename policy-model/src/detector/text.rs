//! A folded text, to be looked at byte by byte; outside of it there are zeros.

use std::ops::Range;

use super::characters::is_word;

/// The bytes of a folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'t>(&'t [u8]);

impl<'t> Text<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Text<'t> {
        Text(bytes)
    }

    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    pub(super) fn at(self, place: usize) -> u8 {
        self.0.get(place).copied().unwrap_or_default()
    }

    /// The byte that stands `distance` before a place; 1 is the one right before it.
    pub(super) fn before(self, place: usize, distance: usize) -> u8 {
        place.checked_sub(distance).map(|place| self.at(place)).unwrap_or_default()
    }

    /// The bytes of a range, as far as the text goes.
    pub(super) fn slice(self, range: Range<usize>) -> &'t [u8] {
        self.0.get(range.start..range.end.min(self.len())).unwrap_or_default()
    }

    pub(super) fn from(self, place: usize) -> &'t [u8] {
        self.0.get(place..).unwrap_or_default()
    }

    /// The last `length` bytes before a place, or fewer.
    pub(super) fn last_before(self, place: usize, length: usize) -> &'t [u8] {
        self.slice(place.saturating_sub(length)..place)
    }

    /// Where the bytes of a class end that begin at a place.
    pub(super) fn end_of(self, place: usize, is_in: impl Fn(u8) -> bool) -> usize {
        place + self.from(place).iter().take_while(|byte| is_in(**byte)).count()
    }

    /// Where the bytes of a class begin that end at a place, but not before `floor`.
    pub(super) fn start_of(self, place: usize, floor: usize, is_in: impl Fn(u8) -> bool) -> usize {
        place - self.slice(floor..place).iter().rev().take_while(|byte| is_in(**byte)).count()
    }

    /// The next place of a byte of a class.
    pub(super) fn next(self, place: usize, is_in: impl Fn(u8) -> bool) -> Option<usize> {
        self.from(place).iter().position(|byte| is_in(*byte)).map(|distance| place + distance)
    }

    pub(super) fn next_byte(self, place: usize, byte: u8) -> Option<usize> {
        memchr::memchr(byte, self.from(place)).map(|distance| place + distance)
    }

    /// Whether a word of letters, digits and underscores goes on across a place.
    pub(super) fn is_inside_word(self, place: usize) -> bool {
        is_word(self.before(place, 1)) && is_word(self.at(place))
    }

    pub(super) fn starts_with_at(self, place: usize, part: &[u8]) -> bool {
        self.from(place).starts_with(part)
    }

    /// The same, whatever the case of ASCII letters.
    pub(super) fn reads_at(self, place: usize, part: &[u8]) -> bool {
        self.slice(place..place + part.len()).eq_ignore_ascii_case(part)
    }
}

/// Whether a part stands somewhere in the bytes, whatever the case of ASCII letters.
pub(super) fn contains_word(bytes: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && bytes.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}
