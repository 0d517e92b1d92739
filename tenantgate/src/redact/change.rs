//! One place that a redaction has changed.

use std::ops::Range;

/// One place that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The steps that lead there; one after the other they are what is shown.
    pub(crate) path: Vec<String>,
    /// Of a part of a text, where it stood in the text, in bytes.
    pub(crate) part: Option<Part>,
    /// What stood there, as JSON on one line.
    pub(crate) before: String,
    /// What stands there now; nothing if it is gone.
    pub(crate) after: Option<String>,
    pub(super) old: Old,
}

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Old {
    Value,
    /// An object of which another one was made, as of an image.
    Item,
    /// A text that is a stream of events.
    Stream,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) range: Range<usize>,
    /// Its line, where the text has several.
    pub(crate) line: Option<usize>,
    /// What stands before and behind it, at most so many characters.
    pub(crate) around: (String, String),
}

impl Change {
    /// Where it is.
    pub(crate) fn place(&self) -> String {
        let line = self.part.as_ref().and_then(|part| part.line);
        let line = line.map(|line| format!(" > line {line}")).unwrap_or_default();
        format!("{}{line}", self.path.concat())
    }

    /// Whether it was something that nobody can look into.
    pub(crate) fn is_opaque(&self) -> bool {
        let is_member = |name: &str| self.path.last().is_some_and(|step| step == name);
        match self.old {
            Old::Item | Old::Stream => true,
            Old::Value => self.part.is_none() && (is_member(".blob") || is_member(".body")),
        }
    }
}
