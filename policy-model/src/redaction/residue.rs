//! Proof after the fact: what was taken out of a result stands nowhere else in it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;

use super::embedded::{Embedded, embedded};
use super::{EMBEDDED_DEPTH_MAX, MASK};
use crate::json::{self, Kind, Value, canonical_number};

/// Shortest value whose remains are looked for, in bytes: shorter ones stand in other words by chance.
pub const RESIDUE_BYTES_MIN: usize = 6;

/// Most that is looked for in one result, in bytes; of a longer value its first 64 count. More counts as found.
pub const RESIDUE_BYTES_MAX: usize = 1 << 20;

/// What was taken out of a result, as far as it is looked for.
#[derive(Debug, Default)]
pub(super) struct TakenOut {
    /// Values of digits alone: a number inside a longer number is not that number.
    digits: BTreeSet<String>,
    /// Numbers in their one spelling.
    numbers: BTreeSet<String>,
    /// All others, by what the search begins with.
    texts: BTreeMap<String, BTreeSet<String>>,
    bytes: usize,
}

impl TakenOut {
    pub(super) fn add_text(&mut self, value: &str) {
        if value == MASK || value.len() < RESIDUE_BYTES_MIN || self.is_too_much() {
            return;
        }
        let prefix = value.get(..value.floor_char_boundary(PREFIX_BYTES)).unwrap_or(value);
        if value.bytes().all(|byte| byte.is_ascii_digit()) {
            if self.digits.insert(value.to_owned()) {
                self.bytes += prefix.len();
            }
        } else if self.texts.entry(prefix.to_owned()).or_default().insert(value.to_owned()) {
            self.bytes += prefix.len();
        }
        if json::parse(value.as_bytes()).is_ok_and(|document| document.root().kind() == Kind::Number) {
            self.add_canonical(value);
        }
    }

    pub(super) fn add_number(&mut self, literal: &str) {
        self.add_text(literal);
        self.add_canonical(literal);
    }

    fn add_canonical(&mut self, literal: &str) {
        let number = canonical_number(literal);
        let is_long = |number: &String| number.bytes().take_while(|byte| *byte != b'e').count() >= RESIDUE_BYTES_MIN;
        self.numbers.extend(number.filter(is_long));
    }

    fn is_too_much(&self) -> bool {
        self.bytes > RESIDUE_BYTES_MAX
    }
}

/// Looks for what was taken out.
pub(super) struct Residue<'t> {
    taken_out: &'t TakenOut,
    texts: Vec<&'t BTreeSet<String>>,
    finder: AhoCorasick,
    compared: Cell<usize>,
}

impl<'t> Residue<'t> {
    /// Nothing if there is more to look for than can be.
    pub(super) fn new(taken_out: &'t TakenOut) -> Option<Residue<'t>> {
        if taken_out.is_too_much() {
            return None;
        }
        let finder = AhoCorasick::new(taken_out.texts.keys()).ok()?;
        Some(Residue { taken_out, texts: taken_out.texts.values().collect(), finder, compared: Cell::new(0) })
    }

    /// Whether something of it is in a value or below.
    pub(super) fn is_in(&self, root: Value<'_>, depth: usize) -> bool {
        root.descendants().any(|value| match value.kind() {
            Kind::Object => value.members().any(|member| {
                let name = member.name.as_str().unwrap_or_default();
                !PROTOCOL_NAMES.contains(&name.as_ref()) && self.is_in_text(&name)
            }),
            Kind::String => {
                let text = value.as_str().unwrap_or_default();
                self.is_in_text(&text) || self.is_embedded_in(&text, depth)
            }
            Kind::Number => {
                let number = canonical_number(value.text());
                number.is_some_and(|number| self.taken_out.numbers.contains(&number)) || self.is_in_text(value.text())
            }
            Kind::Null | Kind::Bool | Kind::Array => false,
        })
    }

    fn is_in_text(&self, text: &str) -> bool {
        let mut runs = text.split(|character: char| !character.is_ascii_digit());
        if !self.taken_out.digits.is_empty() && runs.any(|run| self.taken_out.digits.contains(run)) {
            return true;
        }
        self.finder.find_overlapping_iter(text).any(|found| {
            let rest = text.get(found.start()..).unwrap_or_default();
            let whole = self.texts.get(found.pattern().as_usize());
            whole.is_some_and(|whole| {
                let bytes: usize = whole.iter().map(String::len).sum();
                self.compared.set(self.compared.get().saturating_add(bytes));
                self.compared.get() > COMPARED_BYTES_MAX || whole.iter().any(|value| rest.starts_with(value.as_str()))
            })
        })
    }

    fn is_embedded_in(&self, text: &str, depth: usize) -> bool {
        match embedded(text, EMBEDDED_DEPTH_MAX.saturating_sub(depth)) {
            Embedded::Json(document) => self.is_in(document.root(), depth + 1),
            Embedded::Text | Embedded::Unclear => false,
        }
    }
}

/// Most that is compared in full where a longer value may begin, in bytes. More cannot be checked in time, and counts as found.
const COMPARED_BYTES_MAX: usize = 256 << 20;

/// Of a longer value the search begins with so many bytes.
const PREFIX_BYTES: usize = 64;

/// Names that the protocol gives to members; a value that is spelt like one is not there because the name is.
const PROTOCOL_NAMES: &[&str] = &[
    "annotations",
    "audience",
    "content",
    "description",
    "inputRequests",
    "isError",
    "lastModified",
    "message",
    "mimeType",
    "params",
    "priority",
    "requestState",
    "resource",
    "resultType",
    "statusMessage",
    "structuredContent",
];
