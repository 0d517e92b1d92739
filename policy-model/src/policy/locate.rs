//! From a place in a document (`rules[3].resources[0]`) to where that stands in its text.

use std::ops::Range;

use super::error::{PolicyError, Problem};
use crate::json::{Document, Value};

/// Where a place stands in the text, in bytes; none if there is no such place.
pub fn locate(document: &Document<'_>, place: &str) -> Option<Range<usize>> {
    find(document.root(), place).map(Value::span)
}

impl PolicyError {
    /// Where the fault stands in the text, in bytes: the name of a field that should not be there, the whole object if
    /// something is missing in it.
    pub fn span(&self, document: &Document<'_>) -> Range<usize> {
        let object = nearest(document.root(), self.place());
        let named = |name: &str, number| object.members().filter(|member| member.name.is_str(name)).nth(number);
        let member = if let Problem::UnknownField(name, _) = self.problem() {
            named(name, 0)
        } else if let Problem::DuplicateField(name) = self.problem() {
            named(name, 1)
        } else {
            None
        };
        member.map_or(object, |member| member.name).span()
    }
}

/// The value at a place, or at the innermost place around it that there is.
fn nearest<'d>(root: Value<'d>, place: &str) -> Value<'d> {
    let mut place = place;
    loop {
        match find(root, place) {
            Some(value) => return value,
            None => place = place.rfind(['.', '[']).and_then(|end| place.get(..end)).unwrap_or_default(),
        }
    }
}

fn find<'d>(root: Value<'d>, place: &str) -> Option<Value<'d>> {
    let mut value = root;
    let mut rest = place;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']')?;
            value = value.elements().nth(index.parse().ok()?)?;
            rest = after;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let (name, after) = name.split_at_checked(name.find(['.', '[']).unwrap_or(name.len()))?;
            value = value.get(name)?;
            rest = after;
        }
    }
    Some(value)
}
