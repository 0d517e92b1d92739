//! Comparing values, and members of one name.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Kind, Value, decimal};

pub(super) fn equal(left: Value<'_>, right: Value<'_>) -> bool {
    if left.kind() != right.kind() {
        return false;
    }
    match left.kind() {
        Kind::Null => true,
        Kind::Bool => left.text() == right.text(),
        Kind::Number => decimal::equal(left.text(), right.text()),
        Kind::String => left.text() == right.text() || left.as_str() == right.as_str(),
        Kind::Array => {
            let (mut lefts, mut rights) = (left.elements(), right.elements());
            loop {
                match (lefts.next(), rights.next()) {
                    (None, None) => return true,
                    (Some(left), Some(right)) if equal(left, right) => {}
                    (Some(_), Some(_)) | (None, Some(_)) | (Some(_), None) => return false,
                }
            }
        }
        Kind::Object => equal_members(left, right),
    }
}

/// Objects with a duplicate name equal nothing, since readers differ on what such an object says.
fn equal_members(left: Value<'_>, right: Value<'_>) -> bool {
    let mut members: HashMap<Cow<'_, str>, Value<'_>> = HashMap::new();
    for member in left.members() {
        let Some(name) = member.name.as_str() else { return false };
        if members.insert(name, member.value).is_some() {
            return false;
        }
    }
    for member in right.members() {
        let found = member.name.as_str().and_then(|name| members.remove(&name));
        if !found.is_some_and(|value| equal(value, member.value)) {
            return false;
        }
    }
    members.is_empty()
}

pub(super) fn duplicate_name(value: Value<'_>) -> Option<Cow<'_, str>> {
    let document = value.document;
    (value.index..value.node().next()).find_map(|index| own_duplicate_name(Value { document, index }))
}

pub(super) fn own_duplicate_name(object: Value<'_>) -> Option<Cow<'_, str>> {
    let mut few: [Option<Cow<'_, str>>; FEW] = [const { None }; FEW];
    let mut many: HashSet<Cow<'_, str>> = HashSet::new();
    for (count, member) in object.members().enumerate() {
        let name = member.name.as_str()?;
        if few.iter().take(count).any(|seen| seen.as_ref() == Some(&name)) {
            return Some(name);
        }
        match few.get_mut(count) {
            Some(free) => *free = Some(name),
            None => {
                if !many.insert(name.clone()) {
                    return Some(name);
                }
            }
        }
    }
    None
}

/// Up to this many members are compared with each other; hashing starts to pay beyond.
const FEW: usize = 8;
