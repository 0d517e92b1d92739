//! The names of what is redacted, in text.

use crate::spelling::folded;

/// Names as letters and digits alone, in lower case: `social_security_number`, `socialSecurityNumber` and "Social Security
/// Number" are one.
#[derive(Debug, Clone)]
pub(in super::super) struct Names {
    list: Vec<Box<str>>,
    /// With which bytes they end, beyond ASCII all of them as one.
    ends: [bool; 128],
}

impl Default for Names {
    fn default() -> Names {
        Names { list: Vec::new(), ends: [false; 128] }
    }
}

impl Names {
    /// These and others; nothing without others, since what has no name may be spoken of in any words.
    pub(in super::super) fn with(mut self, others: Vec<&str>) -> Option<Names> {
        let others: Vec<String> = others.into_iter().map(plain).collect();
        if others.is_empty() || others.iter().any(String::is_empty) {
            return None;
        }
        for name in others {
            let last = name.bytes().last().unwrap_or_default();
            if let Some(end) = self.ends.get_mut(usize::from(last) & 127) {
                *end = true;
            }
            self.list.push(name.into());
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
        if self.list.is_empty() {
            return false;
        }
        let bytes = text.as_bytes();
        let may_end = |byte: &u8| self.ends.get(usize::from(byte.to_ascii_lowercase()) & 127) == Some(&true);
        bytes.iter().enumerate().filter(|(_, byte)| may_end(byte)).any(|(at, byte)| {
            let rest = bytes.get(at + 1..).unwrap_or_default();
            is_word_end(*byte, rest.first())
                && is_wanted(rest)
                && self.list.iter().any(|name| ends_with(bytes.get(..=at), name))
        })
    }
}

/// Whether bytes end with a name, whatever signs stand between its letters, and nothing of a longer word before it.
fn ends_with(bytes: Option<&[u8]>, name: &str) -> bool {
    let mut before = bytes.unwrap_or_default().iter().rev().peekable();
    for letter in name.bytes().rev() {
        while before.next_if(|byte| matches!(byte, b' ' | b'_' | b'-' | b'.')).is_some() {}
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

fn plain(name: &str) -> String {
    folded(name).chars().filter(|character| character.is_alphanumeric()).collect()
}
