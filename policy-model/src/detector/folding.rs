//! A text of one byte a character, and the way back to the places in the original.

use std::borrow::Cow;

use memchr::memchr;

use super::Detection;
use super::characters::fold;
use super::text::Text;

/// A text as detectors see it.
pub(super) struct Folded<'t> {
    original: &'t str,
    bytes: Cow<'t, [u8]>,
}

impl<'t> Folded<'t> {
    pub(super) fn of(original: &'t str) -> Folded<'t> {
        let is_as_it_is = original.is_ascii() && memchr(b'\\', original.as_bytes()).is_none();
        let bytes = if is_as_it_is { Cow::Borrowed(original.as_bytes()) } else { Cow::Owned(folded(original)) };
        Folded { original, bytes }
    }

    pub(super) fn text(&self) -> Text<'_> {
        Text::new(&self.bytes)
    }

    /// Turns places in the folded text into places in the original.
    pub(super) fn restore_places(&self, detections: &mut [Detection]) {
        if self.original.is_ascii() {
            return;
        }
        let (mut starts, mut ends): (Vec<&mut usize>, Vec<&mut usize>) =
            detections.iter_mut().map(|detection| (&mut detection.range.start, &mut detection.range.end)).unzip();
        starts.sort_unstable();
        ends.sort_unstable();
        let (mut starts, mut ends) = (starts.into_iter().peekable(), ends.into_iter().peekable());
        let seen = self.original.char_indices().filter(|(_, character)| fold(*character).is_some());
        for (folded, (place, character)) in seen.enumerate() {
            while let Some(start) = starts.next_if(|start| **start == folded) {
                *start = place;
            }
            while let Some(end) = ends.next_if(|end| **end == folded + 1) {
                *end = place + character.len_utf8();
            }
        }
    }
}

fn folded(mut rest: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some(ascii) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let (head, tail) = rest.split_at_checked(ascii).unwrap_or_default();
        bytes.extend_from_slice(head.as_bytes());
        let mut characters = tail.chars();
        bytes.extend(characters.next().and_then(fold));
        rest = characters.as_str();
    }
    bytes.extend_from_slice(rest.as_bytes());
    separate_escapes(&mut bytes);
    bytes
}

/// Makes the letter of `\n`, `\r` and `\t` a line break, so that it is no part of the word after it.
fn separate_escapes(bytes: &mut [u8]) {
    let mut rest = bytes;
    while let Some(backslash) = memchr(b'\\', rest) {
        rest = rest.get_mut(backslash + 1..).unwrap_or_default();
        if let Some(letter @ (b'n' | b'r' | b't')) = rest.first_mut() {
            *letter = b'\n';
        }
    }
}
