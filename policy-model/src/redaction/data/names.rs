//! The names of what is redacted, in text.

use crate::spelling::folded;

/// Names as letters and digits alone, in lower case: `social_security_number`, `socialSecurityNumber` and "Social Security
/// Number" are one.
#[derive(Debug, Clone)]
pub(in super::super) struct Names {
    list: Vec<Name>,
    is_ascii: bool,
    /// With which bytes they end, beyond ASCII all of them as one.
    ends: [bool; 128],
}

#[derive(Debug, Clone)]
struct Name {
    letters: Box<str>,
    /// What else is in it, beside the signs that may stand in any name.
    signs: Box<[u8]>,
}

impl Default for Names {
    fn default() -> Names {
        Names { list: Vec::new(), is_ascii: true, ends: [false; 128] }
    }
}

impl Names {
    /// These and others; nothing without others, since what has no name may be spoken of in any words.
    pub(in super::super) fn with(mut self, others: Vec<&str>) -> Option<Names> {
        let others: Vec<Name> = others.into_iter().map(Name::of).collect();
        if others.is_empty() || others.iter().any(|name| name.letters.is_empty()) {
            return None;
        }
        for name in others {
            let last = name.letters.bytes().last().unwrap_or_default();
            if let Some(end) = self.ends.get_mut(usize::from(last) & 127) {
                *end = true;
            }
            self.is_ascii &= name.letters.is_ascii();
            self.list.push(name);
        }
        Some(self)
    }

    /// Whether a text has one of the names as a word or words.
    pub(in super::super) fn are_in(&self, text: &str) -> bool {
        self.end_somewhere(text, |_| true)
    }

    /// Whether a text has one of the names and then a sign that what follows is its value: `ssn: `, `ssn=`, `<ssn>`.
    pub(in super::super) fn are_labels_in(&self, text: &str) -> bool {
        let has_columns = text.contains('\n') && text.contains([',', ';', '\t', '|']);
        self.end_somewhere(text, |rest| {
            let sign = rest
                .iter()
                .find(|byte| !matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b'*' | b'_' | b')' | b']'));
            matches!(sign, Some(b':' | b'=' | b'>' | b'|' | b',' | b';'))
                || (has_columns && matches!(sign, Some(b'\r' | b'\n')))
        })
    }

    /// Whether a name ends before a rest of the text that is so.
    fn end_somewhere(&self, text: &str, is_wanted: impl Fn(&[u8]) -> bool) -> bool {
        // Only ASCII letters are compared in any case: others are folded as those of the names were.
        self.end_as_written(text, &is_wanted) || (!self.is_ascii && self.end_as_written(&folded(text), &is_wanted))
    }

    fn end_as_written(&self, text: &str, is_wanted: &impl Fn(&[u8]) -> bool) -> bool {
        let bytes = text.as_bytes();
        let may_end = |byte: &u8| self.ends.get(usize::from(byte.to_ascii_lowercase()) & 127) == Some(&true);
        bytes.iter().enumerate().filter(|(_, byte)| may_end(byte)).any(|(at, byte)| {
            let rest = bytes.get(at + 1..).unwrap_or_default();
            is_word_end(*byte, rest.first())
                && self.list.iter().any(|name| {
                    ends_with(bytes.get(..=at), name) && (is_wanted(rest) || is_wanted(name.without_signs(rest)))
                })
        })
    }
}

impl Name {
    fn of(name: &str) -> Name {
        let letters: String = folded(name).chars().filter(|character| character.is_alphanumeric()).collect();
        let is_sign = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
        Name { letters: letters.into(), signs: name.bytes().filter(is_sign).collect() }
    }

    fn may_have(&self, sign: u8) -> bool {
        matches!(sign, b' ' | b'_' | b'-' | b'.') || self.signs.contains(&sign)
    }

    fn without_signs<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let count = text.iter().take_while(|byte| self.signs.contains(byte)).count();
        text.get(count..).unwrap_or_default()
    }
}

/// Whether bytes end with a name, whatever signs stand between its letters, and nothing of a longer word before it.
fn ends_with(bytes: Option<&[u8]>, name: &Name) -> bool {
    let mut before = bytes.unwrap_or_default().iter().rev().peekable();
    for letter in name.letters.bytes().rev() {
        while before.next_if(|byte| name.may_have(**byte)).is_some() {}
        match before.next() {
            Some(byte) if byte.to_ascii_lowercase() == letter => {}
            Some(_) | None => return false,
        }
    }
    let first_is_upper = bytes.is_some_and(|bytes| {
        let left = before.clone().count();
        bytes.get(left).is_some_and(u8::is_ascii_uppercase)
    });
    before.peek().is_none_or(|byte| !byte.is_ascii_alphanumeric() || (first_is_upper && byte.is_ascii_lowercase()))
}

/// Whether a word ends with a byte.
fn is_word_end(byte: u8, next: Option<&u8>) -> bool {
    next.is_none_or(|next| !next.is_ascii_alphanumeric() || (byte.is_ascii_lowercase() && next.is_ascii_uppercase()))
}
