//! What was taken out of a result.

use std::collections::HashSet;
use std::ops::Range;

use super::MASK;
use crate::json::{self, Kind, canonical_number};

/// Shortest value whose remains are looked for, in bytes: shorter ones stand in other words by chance.
pub const RESIDUE_BYTES_MIN: usize = 6;

/// What was taken out of a result, as far as it is looked for.
#[derive(Debug, Default)]
pub(super) struct TakenOut {
    text: String,
    values: Vec<Range<u32>>,
    /// Where the list ends that are numbers, in their one spelling.
    numbers: Vec<String>,
    /// Names of members in which something was found.
    names: usize,
}

/// How much there was at some time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    text: usize,
    values: usize,
    numbers: usize,
    names: usize,
}

impl TakenOut {
    pub(super) fn add_text(&mut self, value: &str) {
        if value == MASK || value.len() < RESIDUE_BYTES_MIN {
            return;
        }
        self.push(value);
        let begins_number = value.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        if begins_number && is_number(value) {
            self.add_canonical(value);
        }
    }

    pub(super) fn add_number(&mut self, literal: &str) {
        if literal.len() >= RESIDUE_BYTES_MIN {
            self.push(literal);
        }
        self.add_canonical(literal);
    }

    fn push(&mut self, value: &str) {
        if self.values.is_empty() {
            self.text.reserve(256);
            self.values.reserve(16);
        }
        let start = self.text.len() as u32;
        self.text.push_str(value);
        self.values.push(start..self.text.len() as u32);
    }

    fn add_canonical(&mut self, literal: &str) {
        let Some(number) = canonical_number(literal) else { return };
        let Some((digits, exponent)) = number.split_once('e') else { return };
        // Zeros at the end are no digits of it, but of its plain spelling.
        let zeros = exponent.parse::<usize>().ok();
        if digits.len() + zeros.unwrap_or_default().min(ZEROS_MAX) < RESIDUE_BYTES_MIN {
            return;
        }
        // As it would stand there plainly.
        if let Some(zeros) = zeros.filter(|zeros| *zeros <= ZEROS_MAX) {
            let plain = format!("{digits}{}", "0".repeat(zeros));
            if plain != literal {
                self.push(&plain);
            }
        }
        self.numbers.push(number);
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The values, each perhaps several times.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(|range| self.text.get(range.start as usize..range.end as usize))
    }

    pub(super) fn numbers(&self) -> HashSet<&str> {
        self.numbers.iter().map(String::as_str).collect()
    }

    pub(super) fn add_name(&mut self) {
        self.names += 1;
    }

    pub(super) fn has_names(&self) -> bool {
        self.names > 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.numbers.is_empty()
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { text: self.text.len(), values: self.values.len(), numbers: self.numbers.len(), names: self.names }
    }

    /// Forgets what came after: it was not taken out after all.
    pub(super) fn forget_after(&mut self, mark: Mark) {
        self.text.truncate(mark.text);
        self.values.truncate(mark.values);
        self.numbers.truncate(mark.numbers);
        self.names = mark.names;
    }
}

/// Whether a text is a JSON number. Most that begin like one have a sign among their digits.
fn is_number(text: &str) -> bool {
    let mut before = b'e';
    let may_be = text.bytes().all(|byte| {
        let may_follow = match byte {
            b'0'..=b'9' | b'.' | b'e' | b'E' => true,
            b'+' | b'-' => matches!(before, b'e' | b'E'),
            _ => false,
        };
        before = byte;
        may_follow
    });
    may_be && json::parse(text.as_bytes()).is_ok_and(|document| document.root().kind() == Kind::Number)
}

/// A number with more zeros at its end is looked for in the spelling that it had.
const ZEROS_MAX: usize = 30;
