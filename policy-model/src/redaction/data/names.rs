//! The names of what is redacted, in text.

use memchr::{memchr, memchr3_iter};

use crate::spelling::folded;

/// Names as letters and digits alone, in lower case: `social_security_number`, `socialSecurityNumber` and "Social Security
/// Number" are one.
#[derive(Debug, Clone)]
pub(in super::super) struct PlainNames {
    list: Vec<Box<str>>,
    /// Whether one has letters beyond ASCII, which are compared in no case but that of the text folded.
    is_wide: bool,
    ends: Ends,
}

impl PlainNames {
    /// Nothing without a name, since what has none may be spoken of in any words.
    pub(in super::super) fn of(names: Vec<&str>) -> Option<PlainNames> {
        let list: Vec<Box<str>> = names.into_iter().map(|name| plain(name).into()).collect();
        if list.is_empty() || list.iter().any(|name| name.is_empty()) {
            return None;
        }
        let mut ends = Ends::default();
        list.iter().for_each(|name| ends.add(name));
        Some(PlainNames { is_wide: !list.iter().all(|name| name.is_ascii()), list, ends })
    }
}

/// All names of some paths.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Names<'p> {
    all: Vec<&'p PlainNames>,
    is_wide: bool,
    ends: Ends,
}

/// With which two letters the names end, as bits by a hash of them.
#[derive(Debug, Clone, Default)]
struct Ends([u64; 16]);

impl Ends {
    fn add(&mut self, name: &str) {
        let (block, bit) = place(name.as_bytes().iter().rev());
        if let Some(own) = self.0.get_mut(block) {
            *own |= bit;
        }
    }

    fn may_have(&self, before: &[u8]) -> bool {
        let (block, bit) = place(before.iter().rev().take(2 * SEPARATORS_MAX + 2).filter(|byte| !is_separator(byte)));
        self.0.get(block).is_some_and(|own| own & bit != 0)
    }
}

fn place<'b>(mut backwards: impl Iterator<Item = &'b u8>) -> (usize, u64) {
    let mut letter = || backwards.next().map_or(0, |byte| usize::from(byte.to_ascii_lowercase()));
    let (last, before) = (letter(), letter());
    let hash = last * 37 + before * 5;
    (hash >> 6 & 15, 1 << (hash & 63))
}

impl<'p> Names<'p> {
    /// Adds those of a path.
    pub(in super::super) fn add(&mut self, others: &'p PlainNames) {
        self.is_wide |= others.is_wide;
        self.ends.0.iter_mut().zip(&others.ends.0).for_each(|(own, others)| *own |= others);
        self.all.push(others);
    }

    /// Whether a text has one of the names as a word or words.
    pub(in super::super) fn are_in(&self, text: &str) -> bool {
        self.are_in_written(text) || (self.is_wide && self.are_in_written(&folded(text)))
    }

    fn are_in_written(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let next = bytes.iter().skip(1).map(Some).chain([None]);
        let mut ends = bytes.iter().zip(next).enumerate().filter(|(_, (byte, next))| is_word_end(**byte, *next));
        ends.any(|(at, _)| self.end_at(bytes.get(..=at).unwrap_or_default()))
    }

    /// Whether a text has one of the names and then a sign that what follows is its value: `ssn: `, `ssn=`, `<ssn>`, or the sign of
    /// a column.
    pub(in super::super) fn are_labels_in(&self, text: &str) -> bool {
        self.are_labels_in_written(text) || (self.is_wide && self.are_labels_in_written(&folded(text)))
    }

    fn are_labels_in_written(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        if memchr3_iter(b':', b'=', b'>', bytes).any(self.labels(bytes)) {
            return true;
        }
        let is_column = |byte: &u8| matches!(byte, b',' | b';' | b'|' | b'\t');
        let mut signs = bytes.iter().enumerate().filter(|(_, byte)| is_column(byte) || **byte == b'\n');
        let mut is_label = self.labels(bytes);
        memchr(b'\n', bytes).is_some() && bytes.iter().any(is_column) && signs.any(|(at, _)| is_label(at))
    }

    /// Whether a name stands before a sign, for signs in the order of the text: each byte is looked at once.
    fn labels(&self, bytes: &[u8]) -> impl FnMut(usize) -> bool {
        let mut seen = (0, None);
        move |sign| {
            let since = bytes.get(seen.0..sign).unwrap_or_default();
            let end = since.iter().rposition(|byte| !is_between(byte)).map(|end| seen.0 + end).or(seen.1);
            seen = (sign, end);
            end.is_some_and(|end| self.end_at(bytes.get(..=end).unwrap_or_default()))
        }
    }

    fn end_at(&self, before: &[u8]) -> bool {
        self.ends.may_have(before) && self.all.iter().flat_map(|names| &names.list).any(|name| ends_with(before, name))
    }
}

/// Whether bytes end with a name, whatever signs stand between its letters, and nothing of a longer word before it.
fn ends_with(bytes: &[u8], name: &str) -> bool {
    let mut before = bytes.iter().rev().peekable();
    for letter in name.bytes().rev() {
        for _ in 0..SEPARATORS_MAX {
            if before.next_if(|byte| is_separator(byte)).is_none() {
                break;
            }
        }
        match before.next() {
            Some(byte) if byte.to_ascii_lowercase() == letter => {}
            Some(_) | None => return false,
        }
    }
    let first_is_upper = bytes.get(before.clone().count()).is_some_and(u8::is_ascii_uppercase);
    before.peek().is_none_or(|byte| !byte.is_ascii_alphanumeric() || (first_is_upper && byte.is_ascii_lowercase()))
}

/// What may stand between the letters of a name: no letter and no digit.
fn is_separator(byte: &u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

/// So many of them in a row.
const SEPARATORS_MAX: usize = 4;

/// What may stand between a label and its sign.
fn is_between(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b'*' | b'_' | b')' | b']' | b'\r')
}

/// Whether a word ends with a byte.
fn is_word_end(byte: u8, next: Option<&u8>) -> bool {
    (byte.is_ascii_alphanumeric() || !byte.is_ascii())
        && next.is_none_or(|next| {
            !next.is_ascii_alphanumeric() || (byte.is_ascii_lowercase() && next.is_ascii_uppercase())
        })
}

fn plain(name: &str) -> String {
    folded(name).chars().filter(|character| character.is_alphanumeric()).collect()
}
