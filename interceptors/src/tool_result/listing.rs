//! What lists say of their entries.

use policy_model::json::{Kind, Value};
use policy_model::redaction::{Around, Is, Part, Pass, Position};

use super::content::redact_elements;

/// Redacts what a list says of its entries; the names by which these are known stay.
pub fn redact_list(pass: &mut Pass<'_, '_>, list: Value<'_>) {
    let at = pass.root(list);
    if list.kind() != Kind::Object {
        return pass.value(list, &at, Is::Document);
    }
    let around = pass.open(list);
    for member in list.members() {
        match (member.name.as_str().unwrap_or_default().as_ref(), member.value.kind()) {
            ("nextCursor" | "resultType" | "cacheScope", _) => pass.part(&around, member.into(), &at, Is::Own),
            (_, Kind::Array) => redact_elements(pass, &around, member.into(), &at, redact_entry),
            (_, _) => pass.part(&around, member.into(), &at, Is::Document),
        }
    }
}

fn redact_entry(pass: &mut Pass<'_, '_>, around: &Around, part: Part<'_>, at: &Position) {
    if part.value.kind() != Kind::Object {
        return pass.part(around, part, at, Is::Document);
    }
    pass.enter(around, part);
    let inside = pass.open(part.value);
    for member in part.value.members() {
        let is_key = |name: &str| ENTRY_KEYS.contains(&name);
        let is_own = member.name.as_str().is_some_and(|name| is_key(&name)) && member.value.kind() == Kind::String;
        pass.part(&inside, member.into(), at, if is_own { Is::Own } else { Is::Document });
    }
    pass.leave(around, part);
}

/// By what the entries of lists are known.
const ENTRY_KEYS: &[&str] = &["mimeType", "name", "uri", "uriTemplate"];
