//! Taking values out of what a tool returned.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

use crate::json::{self, Document, Edit, Edits, Kind, Value, canonical_number, quote};
use crate::policy::{Action, Policy, Redaction};
use crate::tool_name::ToolName;

/// What stands in place of a masked value, of whatever type it was.
pub const MASK: &str = "****";

/// JSON in a string in JSON, and so on: how many such layers are looked into. What is deeper is masked.
pub const EMBEDDED_DEPTH_MAX: usize = 4;

/// Shortest value whose remains are looked for, in bytes: shorter ones stand in other words by chance.
pub const RESIDUE_BYTES_MIN: usize = 6;

/// What is looked for of a longer value, in bytes: where its beginning stands, it stands.
pub const RESIDUE_PREFIX_BYTES: usize = 64;

/// Most that is looked for in one result, all values together, in bytes. More cannot be checked, and counts as found.
pub const RESIDUE_BYTES_MAX: usize = 1 << 20;

/// The redactions that apply to one result, and what they took out of it.
#[derive(Debug, Clone)]
pub struct Redactor<'p> {
    redactions: Vec<&'p Redaction>,
    taken_out: RefCell<TakenOut>,
}

impl Policy {
    /// The redactions for a tool's results. For a tool that is not known they are all that the policy has.
    pub fn redactor(&self, tool: Option<&ToolName<'_>>) -> Redactor<'_> {
        let mut numbers: Vec<u32> = Vec::new();
        let is_known = tool.is_some_and(|tool| self.redacted.visit(tool, |number| numbers.push(number)).is_ok());
        if !is_known {
            return Redactor::new(self.redactions.iter().collect());
        }
        numbers.sort_unstable();
        numbers.dedup();
        Redactor::new(numbers.iter().filter_map(|number| self.redactions.get(*number as usize)).collect())
    }
}

impl<'p> Redactor<'p> {
    /// A redactor that redacts nothing.
    pub fn none() -> Redactor<'p> {
        Redactor::new(Vec::new())
    }

    fn new(redactions: Vec<&'p Redaction>) -> Redactor<'p> {
        Redactor { redactions, taken_out: RefCell::default() }
    }

    /// Whether a value that was taken out, of at least [`RESIDUE_BYTES_MIN`] bytes, still stands somewhere in a JSON text: as a
    /// value, as a part of a string or of a member's name, or so in JSON inside a string.
    pub fn has_residue(&self, text: &str) -> bool {
        let taken_out = self.taken_out.borrow();
        if taken_out.values.is_empty() {
            return false;
        }
        if taken_out.is_too_much() {
            return true;
        }
        let values = &taken_out.values;
        let (Ok(finder), Ok(document)) = (AhoCorasick::new(values), json::parse(text.as_bytes())) else {
            return true;
        };
        let numbers = values.iter().filter(|value| value.starts_with(is_number_start));
        let numbers = numbers.filter_map(|value| canonical_number(value)).collect();
        Residue { finder, numbers }.is_in(document.root(), 0)
    }

    fn take_out(&self, value: Value<'_>) {
        let mut taken_out = self.taken_out.borrow_mut();
        for scalar in value.descendants() {
            match scalar.kind() {
                Kind::String => taken_out.add(&scalar.as_str().unwrap_or_default()),
                Kind::Number => taken_out.add(scalar.text()),
                Kind::Null | Kind::Bool | Kind::Array | Kind::Object => {}
            }
        }
    }

    /// Whether nothing is to be redacted.
    pub fn is_empty(&self) -> bool {
        self.redactions.is_empty()
    }

    /// Adds the edits for a JSON value, whose paths begin at `root`: selected values, and JSON text inside its strings.
    pub fn redact(&self, root: Value<'_>, edits: &mut Edits) {
        self.redact_layer(root, edits, 0);
    }

    /// A text with its JSON redacted. A text that is not a JSON object or array cannot be checked and is masked.
    pub fn redact_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        match embedded(text) {
            Embedded::Json(document) => match self.redact_document(&document, 1) {
                Some(redacted) => Cow::Owned(redacted),
                None => Cow::Borrowed(text),
            },
            Embedded::Text | Embedded::Unclear => Cow::Borrowed(MASK),
        }
    }

    fn redact_layer(&self, root: Value<'_>, edits: &mut Edits, depth: usize) {
        for redaction in &self.redactions {
            for value in redaction.path.select(root) {
                self.take_out(value);
                match redaction.action {
                    Action::Mask => edits.add(value, Edit::Replace(quote(MASK))),
                    Action::Remove => edits.add(value, Edit::Remove),
                }
            }
        }
        if self.is_empty() {
            return;
        }
        for value in root.descendants() {
            if value.get("isBase64Encoded").is_some_and(|is_encoded| is_encoded.text() == "true") {
                // A Lambda proxy result whose body is not text: no path can be followed in it.
                let bodies = value.members().filter(|member| member.name.is_str("body"));
                bodies.for_each(|body| edits.add(body.value, Edit::Replace(quote(MASK))));
            }
            let Some(text) = value.as_str() else { continue };
            if edits.of(value).is_some() {
                continue;
            }
            match embedded(&text) {
                Embedded::Text => {}
                Embedded::Unclear => edits.add(value, Edit::Replace(quote(MASK))),
                Embedded::Json(_) if depth == EMBEDDED_DEPTH_MAX => edits.add(value, Edit::Replace(quote(MASK))),
                Embedded::Json(document) => {
                    if let Some(redacted) = self.redact_document(&document, depth + 1) {
                        edits.add(value, Edit::Replace(quote(&redacted)));
                    }
                }
            }
        }
    }

    /// The text of an embedded document with its redactions made; `None` if nothing was to be redacted.
    fn redact_document(&self, document: &Document<'_>, depth: usize) -> Option<String> {
        let mut edits = Edits::default();
        let root = document.root();
        self.redact_layer(root, &mut edits, depth);
        match root.kind() {
            // Nothing is left of the document, so that the string around it is masked itself.
            Kind::Object | Kind::Array if edits.of(root).is_some() => return Some(MASK.to_owned()),
            Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Array | Kind::Object => {}
        }
        (!edits.is_empty()).then(|| edits.apply(root))
    }
}

/// What was taken out of a result, as far as it is looked for.
#[derive(Debug, Clone, Default)]
struct TakenOut {
    values: BTreeSet<String>,
    bytes: usize,
}

impl TakenOut {
    fn add(&mut self, value: &str) {
        if value.len() < RESIDUE_BYTES_MIN || value == MASK || self.is_too_much() {
            return;
        }
        let prefix = value.get(..value.floor_char_boundary(RESIDUE_PREFIX_BYTES)).unwrap_or(value);
        if !self.values.contains(prefix) {
            self.bytes += prefix.len();
            self.values.insert(prefix.to_owned());
        }
    }

    fn is_too_much(&self) -> bool {
        self.bytes > RESIDUE_BYTES_MAX
    }
}

/// Looks for what was taken out.
struct Residue {
    finder: AhoCorasick,
    numbers: BTreeSet<String>,
}

impl Residue {
    fn is_in(&self, root: Value<'_>, depth: usize) -> bool {
        root.descendants().any(|value| match value.kind() {
            Kind::Object => value.members().any(|member| self.is_in_text(&member.name.as_str().unwrap_or_default())),
            Kind::String => {
                let text = value.as_str().unwrap_or_default();
                self.is_in_text(&text) || self.is_embedded_in(&text, depth)
            }
            Kind::Number => {
                let is_equal = canonical_number(value.text()).is_some_and(|number| self.numbers.contains(&number));
                is_equal || self.is_in_text(value.text())
            }
            Kind::Null | Kind::Bool | Kind::Array => false,
        })
    }

    fn is_in_text(&self, text: &str) -> bool {
        self.finder.find_overlapping_iter(text).any(|found| stands_alone(text, found.start(), found.end()))
    }

    fn is_embedded_in(&self, text: &str, depth: usize) -> bool {
        match embedded(text) {
            // What is deeper has been masked.
            Embedded::Json(document) if depth < EMBEDDED_DEPTH_MAX => self.is_in(document.root(), depth + 1),
            Embedded::Json(_) | Embedded::Text | Embedded::Unclear => false,
        }
    }
}

fn is_number_start(character: char) -> bool {
    character.is_ascii_digit() || character == '-'
}

/// A number inside a longer number is not that number; all else counts wherever it stands.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let is_number = bytes.get(start..end).is_some_and(|found| found.iter().all(u8::is_ascii_digit));
    let before = start.checked_sub(1).and_then(|before| bytes.get(before));
    let is_part = is_digit(before) || is_digit(bytes.get(end));
    !(is_number && is_part)
}

/// What a string holds.
enum Embedded<'t> {
    /// A JSON object, array or string.
    Json(Document<'t>),
    /// Neither JSON nor anything that looks like it.
    Text,
    /// Something that looks like JSON among other text, or is broken: no path can be followed in it.
    Unclear,
}

fn embedded(text: &str) -> Embedded<'_> {
    let trimmed = text.trim();
    if trimmed.starts_with(['{', '[', '"'])
        && let Ok(document) = json::parse(trimmed.as_bytes())
    {
        return match document.root().kind() {
            Kind::Object | Kind::Array => Embedded::Json(document),
            Kind::String => match document.root().as_str().as_deref().map(embedded) {
                Some(Embedded::Json(_) | Embedded::Unclear) => Embedded::Json(document),
                Some(Embedded::Text) | None => Embedded::Text,
            },
            Kind::Null | Kind::Bool | Kind::Number => Embedded::Text,
        };
    }
    if has_object_start(text) || is_array_start(trimmed) { Embedded::Unclear } else { Embedded::Text }
}

/// Whether a text that is not JSON begins like a JSON array, and not like a word in brackets.
fn is_array_start(text: &str) -> bool {
    let inside = text.strip_prefix('[').map(str::trim_start);
    inside.is_some_and(|inside| {
        let is_value = inside.starts_with(['"', '[', '{', ']']) || inside.starts_with(is_number_start);
        is_value || ["true", "false", "null"].iter().any(|word| inside.starts_with(word))
    })
}

/// Whether a brace is followed by a quotation mark as at the start of a JSON object, plain or encoded once more.
fn has_object_start(text: &str) -> bool {
    text.split('{').skip(1).any(|after| {
        let mut rest = after;
        loop {
            rest = rest.trim_start();
            let escape = rest.trim_start_matches('\\');
            if escape.len() == rest.len() {
                return rest.starts_with('"');
            }
            if escape.starts_with('"') || escape.starts_with("u0022") {
                return true;
            }
            match WHITE_SPACE_ESCAPES.iter().find_map(|white| escape.strip_prefix(white)) {
                Some(after) => rest = after,
                None => return false,
            }
        }
    })
}

/// What follows the backslash where white space is encoded.
const WHITE_SPACE_ESCAPES: &[&str] = &["n", "r", "t", "u000a", "u000A", "u000d", "u000D", "u0009", "u0020"];
