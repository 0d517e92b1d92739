//! What is done with a string: JSON in it is redacted where it stands, other data masked, and the rest is text.

use super::data::{Encoded, is_event_stream};
use super::patches::Patches;
use super::position::Position;
use super::walk::{Selected, Walk};
use super::{EMBEDDED_DEPTH_MAX, MASK, MASKED, NotJson, Redactor};
use crate::json::unescape;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prose {
    /// It is a value in a document.
    InDocument,
    /// It is all that a tool, a prompt or a resource says in one piece.
    Text,
    /// It is what a program says about what it does: an error, a question to the user.
    Message,
    /// It is the address of something.
    Address,
}

impl Redactor<'_> {
    /// A text with its redactions made; `None` if it stays.
    pub fn redact_text(&self, text: &str, prose: Prose) -> Option<String> {
        self.string(text, 0, prose)
    }

    /// The same for a string inside of `layer` others.
    pub(super) fn string(&self, text: &str, layer: usize, prose: Prose) -> Option<String> {
        if self.is_empty() || MASKS.contains(&text) {
            return None;
        }
        if self.is_exhausted() {
            return Some(MASK.to_owned());
        }
        let trimmed = text.trim();
        if trimmed.starts_with(['{', '[', '"']) {
            if layer == EMBEDDED_DEPTH_MAX {
                return Some(MASK.to_owned());
            }
            match self.json(text, layer + 1) {
                Ok(Some(new)) => return Some(without_root(new)),
                Ok(None) if !is_quoted_prose(trimmed) => return None,
                Ok(None) | Err(NotJson) => {}
            }
        }
        if let Some(encoded) = Encoded::parse(text) {
            if layer == EMBEDDED_DEPTH_MAX {
                return Some(MASK.to_owned());
            }
            match self.json(&encoded.text, layer + 1) {
                Ok(new) => return new.map(|new| encoded.encode(&without_root(new))),
                Err(NotJson) => {
                    if let Some(new) = self.string(&encoded.text, layer + 1, Prose::Text) {
                        return Some(encoded.encode(&new));
                    }
                }
            }
        }
        self.prose(text, layer, prose)
    }

    /// The same for a value in a document that has no sign of data in it.
    pub(super) fn plain(&self, text: &str) -> Option<String> {
        let is_stream = self.has_paths && is_event_stream(text);
        if is_stream {
            self.found_opaque();
        }
        if is_stream || (self.has_paths && self.is_labelled(text)) {
            return Some(MASK.to_owned());
        }
        self.detect(text)
    }

    /// A text that is no JSON, but may have some in it.
    fn prose(&self, text: &str, layer: usize, prose: Prose) -> Option<String> {
        let Some(Fragments { new, between, is_enclosed }) = self.fragments(text, layer) else {
            return Some(MASK.to_owned());
        };
        if !self.has_paths {
            return self.detect(new.as_deref().unwrap_or(text)).or(new);
        }
        if is_event_stream(text) {
            self.found_opaque();
            return Some(MASK.to_owned());
        }
        let between = between.as_deref().unwrap_or(text);
        if is_enclosed || self.is_masked(between, prose) {
            return Some(MASK.to_owned());
        }
        self.detect(new.as_deref().unwrap_or(text)).or(new)
    }

    /// Redacts each array and object that stands in a text; `None` if finding them takes too long.
    fn fragments(&self, text: &str, layer: usize) -> Option<Fragments> {
        let mut fragments = Fragments { new: None, between: None, is_enclosed: false };
        if layer == EMBEDDED_DEPTH_MAX || !text.contains(['{', '[']) {
            return Some(fragments);
        }
        let mut work = text.len().saturating_mul(FRAGMENT_WORK).saturating_add(FRAGMENT_WORK_MIN);
        let (mut new, mut between) = (String::new(), String::new());
        let (mut copied, mut at) = (0, 0);
        let (mut is_changed, mut is_enclosed) = (false, false);
        let mut open = 0_usize;
        while let Some(start) = text.get(at..).and_then(|rest| rest.find(['{', '['])).map(|start| at + start) {
            let rest = text.get(start..).unwrap_or_default();
            if self.is_exhausted() {
                return None;
            }
            let (length, is_value) = self.first_value(rest, layer, &mut |redacted| {
                let before = text.get(copied..start).unwrap_or_default();
                new.push_str(before);
                new.push_str(redacted);
                between.push_str(before);
                between.push(' ');
            });
            work = work.checked_sub(length + FRAGMENT_START)?;
            let closed =
                text.get(at..start).unwrap_or_default().bytes().filter(|byte| matches!(byte, b'}' | b']')).count();
            open = open.saturating_sub(closed);
            if let FirstValue::Is { changed } = is_value {
                is_changed |= changed;
                is_enclosed |= open > 0;
                at = start + length;
                copied = at;
            } else {
                open += 1;
                at = start + 1;
            }
        }
        if copied > 0 {
            let rest = text.get(copied..).unwrap_or_default();
            new.push_str(rest);
            between.push_str(rest);
            fragments.between = Some(between);
            fragments.new = is_changed.then_some(new);
            fragments.is_enclosed = is_enclosed;
        }
        Some(fragments)
    }

    /// The array or object with which a text begins: how far was read, and whether it was one, which is then handed on with its
    /// redactions made.
    fn first_value(&self, text: &str, layer: usize, found: &mut dyn FnMut(&str)) -> (usize, FirstValue) {
        let mark = self.taken_out.borrow().mark();
        let (none, mut patches) = (Selected::new(), Patches::default());
        let walk = Walk::new(self, text, 0, layer + 1, Position::root(self), &none, &mut patches);
        let (length, is_value) = walk.read_first();
        self.budget.spend(text_work_of(length));
        if !is_value {
            self.taken_out.borrow_mut().forget_after(mark);
            return (length, FirstValue::IsNot);
        }
        if self.filters.is_empty() {
            let redacted = patches.apply(text, 0..length);
            let changed = !patches.is_empty();
            found(&if changed { without_root(redacted) } else { redacted });
            return (length, FirstValue::Is { changed });
        }
        self.taken_out.borrow_mut().forget_after(mark);
        let fragment = text.get(..length).unwrap_or_default();
        match self.json(fragment, layer + 1) {
            Ok(new) => {
                found(&new.clone().map_or_else(|| fragment.to_owned(), without_root));
                (length, FirstValue::Is { changed: new.is_some() })
            }
            Err(NotJson) => (length, FirstValue::IsNot),
        }
    }
}

/// The work of beginning to read JSON and going through so many bytes, in values.
pub(super) fn text_work_of(bytes: usize) -> usize {
    32 + bytes / 2
}

/// What was found in a text.
struct Fragments {
    /// The text with what was found redacted; nothing if it stays.
    new: Option<String>,
    /// The text without what was found; nothing if that is all of it.
    between: Option<String>,
    /// Whether some of it stands in an array or object that is none: no path can be followed from its root.
    is_enclosed: bool,
}

#[derive(Clone, Copy)]
enum FirstValue {
    Is { changed: bool },
    IsNot,
}

/// Whether a JSON text is a string, and none with data in it, which has been looked into.
fn is_quoted_prose(json: &str) -> bool {
    let inner = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| {
        let content = unescape(inner);
        !content.trim_start().starts_with(['{', '[', '"']) && Encoded::parse(&content).is_none()
    })
}

/// Nothing is left of a document: the string around it is masked itself.
fn without_root(new: String) -> String {
    match new.trim() {
        MASKED | "null" => MASK.to_owned(),
        _ => new,
    }
}

/// A mask, also in base64, with and without padding.
const MASKS: [&str; 3] = [MASK, "KioqKg==", "KioqKg"];

/// How often a text may be gone through to find what is in it.
const FRAGMENT_WORK: usize = 8;

/// What beginning takes, in bytes gone through.
const FRAGMENT_START: usize = 32;

const FRAGMENT_WORK_MIN: usize = 1 << 14;
