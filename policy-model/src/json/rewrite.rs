//! Changing some values of a document and leaving every other byte as it was.

use std::collections::BTreeMap;

use super::{Kind, NodeId, Value};

/// What becomes of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The member or element goes away; a value that is neither becomes `null`.
    Remove,
    /// This JSON text takes its place.
    Replace(String),
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
            Some(Edit::Append(members)) => Some(members),
            Some(Edit::Remove) | None => None,
        };
        if appended.is_none() && !self.touches_below(value) {
            out.push_str(value.text());
            return;
        }
        match value.kind() {
            Kind::Array => {
                out.push('[');
                let mut is_first = true;
                for element in value.elements().filter(|element| !self.removes(*element)) {
                    separate(&mut is_first, out);
                    self.write(element, out);
                }
                out.push(']');
            }
            Kind::Object => {
                out.push('{');
                let mut is_first = true;
                for member in value.members().filter(|member| !self.removes(member.value)) {
                    separate(&mut is_first, out);
                    out.push_str(member.name.text());
                    out.push(':');
                    self.write(member.value, out);
                }
                if let Some(members) = appended {
                    separate(&mut is_first, out);
                    out.push_str(members);
                }
                out.push('}');
            }
            Kind::Null | Kind::Bool | Kind::Number | Kind::String => out.push_str(value.text()),
        }
    }

    fn removes(&self, value: Value<'_>) -> bool {
        match self.of(value) {
            Some(Edit::Remove) => true,
            Some(Edit::Replace(_) | Edit::Append(_)) | None => false,
        }
    }

    fn touches_below(&self, value: Value<'_>) -> bool {
        let (first, end) = (NodeId(value.index + 1), NodeId(value.node().next));
        first < end && self.by_node.range(first..end).next().is_some()
    }
}

fn separate(is_first: &mut bool, out: &mut String) {
    if !std::mem::replace(is_first, false) {
        out.push(',');
    }
}
