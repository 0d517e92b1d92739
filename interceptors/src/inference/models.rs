//! Discovery of models: listed if and only if the caller may ask it.

use std::collections::HashMap;

use policy_model::json::{Edit, Edits, Kind, Value, quote};
use policy_model::redaction::MASKED;
use policy_model::{ModelName, Resource};

use super::is_model;
use crate::catalog::key_of;
use crate::invisible::show;
use crate::protocol::is_word;
use crate::refusal::Refusal;
use crate::view::View;

/// Filters a list of models; `None` if it stays as it is. What such a list does not have is taken out.
pub(super) fn filter_list(view: &View<'_>, body: Value<'_>) -> Result<Option<String>, Refusal> {
    if body.kind() != Kind::Object {
        return Ok(Some("{\"object\":\"list\",\"data\":[]}".to_owned()));
    }
    if body.duplicate_name().is_some() {
        return Err(Refusal::Answer);
    }
    let mut edits = Edits::default();
    let kept = body.get("data").map(|data| filter_entries(view, data, &mut edits)).unwrap_or_default();
    for member in body.members() {
        match (member.name.as_str().unwrap_or_default().as_ref(), member.value.kind()) {
            ("data", _) | ("has_more", Kind::Bool) => {}
            ("object", _) if is_word(member.value) => {}
            ("error", _) => filter_error(member.value, &mut edits),
            ("type", _) if member.value.is_str("error") => {}
            ("first_id", _) => replace_id(kept.first(), member.value, &mut edits),
            ("last_id", _) => replace_id(kept.last(), member.value, &mut edits),
            (_, _) => edits.add(member.value, Edit::Remove),
        }
    }
    Ok((!edits.is_empty()).then(|| edits.apply(body)))
}

/// Lets a model pass that the caller may ask; `None` if it stays as it is.
pub(super) fn filter_model(view: &View<'_>, body: Value<'_>) -> Result<Option<String>, Refusal> {
    if body.kind() != Kind::Object || body.duplicate_name().is_some() {
        return Err(Refusal::Answer);
    }
    let mut edits = Edits::default();
    match body.get("error") {
        Some(error) if body.get("id").is_none() => {
            let is_own = |name: Value<'_>| name.is_str("error") || name.is_str("type");
            body.members()
                .filter(|member| !is_own(member.name))
                .for_each(|member| edits.add(member.value, Edit::Remove));
            filter_error(error, &mut edits);
        }
        Some(_) | None => {
            let id = key_of(body, "id").ok_or(Refusal::Answer)?;
            if !resource(&id).is_some_and(|model| view.lists(model)) {
                return Err(Refusal::Answer);
            }
            show(view.invisible(), body, "id", &mut edits, |_, _| {});
            if let Some(Edit::Remove) = edits.of(body) {
                return Err(Refusal::Answer);
            }
        }
    }
    Ok((!edits.is_empty()).then(|| edits.apply(body)))
}

/// The ids of the entries that stay.
fn filter_entries(view: &View<'_>, list: Value<'_>, edits: &mut Edits) -> Vec<String> {
    let mut kept = Vec::new();
    if list.kind() != Kind::Array {
        edits.add(list, Edit::Replace("[]".into()));
        return kept;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for id in list.elements().filter_map(|entry| key_of(entry, "id")) {
        *counts.entry(id).or_default() += 1;
    }
    for entry in list.elements() {
        let id = key_of(entry, "id").filter(|id| counts.get(id) == Some(&1));
        let id = id.filter(|id| resource(id).is_some_and(|model| view.lists_entry(id, model)));
        match id {
            Some(id) => {
                show(view.invisible(), entry, "id", edits, |_, _| {});
                if edits.of(entry) != Some(&Edit::Remove) {
                    kept.push(id);
                }
            }
            None => edits.add(entry, Edit::Remove),
        }
    }
    kept
}

fn resource(id: &str) -> Option<Resource<'_>> {
    ModelName::parse(id).filter(|_| is_model(id)).map(Resource::Model)
}

fn replace_id(id: Option<&String>, value: Value<'_>, edits: &mut Edits) {
    let id = id.map_or("null".to_owned(), |id| quote(id));
    if value.text() != id {
        edits.add(value, Edit::Replace(id.into()));
    }
}

/// An error may speak of models that there are: of what it says there stays what kind it is.
fn filter_error(error: Value<'_>, edits: &mut Edits) {
    if error.kind() != Kind::Object {
        edits.add(error, Edit::Replace(MASKED.into()));
        return;
    }
    for member in error.members() {
        let is_own = |names: &[&str]| names.iter().any(|name| member.name.is_str(name));
        if is_own(&["type", "code"]) && is_word(member.value) {
            continue;
        }
        let edit = if is_own(&["message"]) { Edit::Replace(MASKED.into()) } else { Edit::Remove };
        edits.add(member.value, edit);
    }
}
