//! Changing some values of a document and leaving every other byte as it was.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Document, Kind, NodeId, Value};

/// What becomes of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The member or element goes away; a value that is neither becomes `null`.
    Remove,
    /// This JSON text takes its place.
    Replace(Cow<'static, str>),
    /// The object gets these members, JSON text without braces, after its own.
    Append(String),
}

/// A set of edits to one document, at most one a value.
#[derive(Debug, Clone, Default)]
pub struct Edits {
    by_node: BTreeMap<NodeId, Edit>,
}

impl Edits {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.by_node.is_empty()
    }

    /// The number of values that are edited.
    pub fn len(&self) -> usize {
        self.by_node.len()
    }

    /// Adds an edit. On a value that already has one, removing wins over replacing, replacing over appending, and the first
    /// of two equals stays: the result does not depend on the order of different kinds.
    pub fn add(&mut self, value: Value<'_>, edit: Edit) {
        let rank = |edit: &Edit| match edit {
            Edit::Remove => 2,
            Edit::Replace(_) => 1,
            Edit::Append(_) => 0,
        };
        let place = self.by_node.entry(value.id());
        match place {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(edit);
            }
            std::collections::btree_map::Entry::Occupied(mut taken) => {
                if rank(&edit) > rank(taken.get()) {
                    taken.insert(edit);
                }
            }
        }
    }

    /// The edit of a value, if it has one.
    pub fn of(&self, value: Value<'_>) -> Option<&Edit> {
        self.by_node.get(&value.id())
    }

    /// The text of `value` with the edits made. An edit inside a value that is itself removed or replaced has no effect.
    pub fn apply(&self, value: Value<'_>) -> String {
        let mut out = String::with_capacity(value.text().len());
        match self.of(value) {
            Some(Edit::Remove) => out.push_str("null"),
            Some(Edit::Replace(_) | Edit::Append(_)) | None => self.write(value, &mut out),
        }
        out
    }

    fn write(&self, value: Value<'_>, out: &mut String) {
        let appended = match self.of(value) {
            Some(Edit::Replace(text)) => {
                out.push_str(text);
                return;
            }
            Some(Edit::Append(members)) if value.kind() == Kind::Object => members.trim(),
            Some(Edit::Append(_) | Edit::Remove) | None => "",
        };
        if appended.is_empty() && !self.touches_below(value) {
            out.push_str(value.text());
            return;
        }
        let mut gaps = Gaps::new(value, out);
        for member in value.members() {
            if gaps.before(member.name, member.value, !self.removes(member.value), out) {
                out.push_str(value.document.between(member.name.node().start, member.value.node().start));
                self.write(member.value, out);
            }
        }
        for element in value.elements() {
            if gaps.before(element, element, !self.removes(element), out) {
                self.write(element, out);
            }
        }
        gaps.finish(value, appended, out);
    }

    fn removes(&self, value: Value<'_>) -> bool {
        match self.of(value) {
            Some(Edit::Remove) => true,
            Some(Edit::Replace(_) | Edit::Append(_)) | None => false,
        }
    }

    fn touches_below(&self, value: Value<'_>) -> bool {
        let (first, end) = (NodeId(value.index + 1), NodeId(value.node().next()));
        first < end && self.by_node.range(first..end).next().is_some()
    }
}

/// What stands between the parts of a container: brackets, commas and white space, kept as they are around what stays.
struct Gaps<'d> {
    document: &'d Document<'d>,
    /// The end of the part before, or of the opening bracket.
    at: u32,
    is_first: bool,
}

impl<'d> Gaps<'d> {
    fn new(container: Value<'d>, out: &mut String) -> Gaps<'d> {
        let start = container.node().start;
        out.push_str(container.document.between(start, start + 1));
        Gaps { document: container.document, at: start + 1, is_first: true }
    }

    /// Goes past the part from `first` to `last`; if it stays, the gap before it is written, and true returned.
    fn before(&mut self, first: Value<'d>, last: Value<'d>, stays: bool, out: &mut String) -> bool {
        let gap = self.document.between(self.at, first.node().start);
        self.at = last.node().end;
        if !stays {
            return false;
        }
        out.push_str(match gap.split_once(',') {
            Some((_, after)) if self.is_first => after,
            Some(_) | None => gap,
        });
        self.is_first = false;
        true
    }

    fn finish(self, container: Value<'d>, appended: &str, out: &mut String) {
        if !appended.is_empty() {
            out.push_str(if self.is_first { "" } else { "," });
            out.push_str(appended);
        }
        out.push_str(self.document.between(self.at, container.node().end));
    }
}
