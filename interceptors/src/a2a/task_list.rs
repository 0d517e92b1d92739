//! Discovery of tasks: listed if and only if they are the caller's.

use std::collections::HashMap;

use policy_model::json::{Edit, Edits, Kind, Value};

use crate::catalog::key_of;
use crate::refusal::Refusal;

/// Filters the answer to `tasks/list`. What such a list does not have is taken out.
pub(super) fn filter(is_own: &dyn Fn(&str) -> bool, list: Value<'_>, edits: &mut Edits) -> Result<(), Refusal> {
    if list.kind() != Kind::Object {
        return Err(Refusal::Answer);
    }
    let left = list.get("tasks").map_or(0, |tasks| filter_tasks(is_own, tasks, edits));
    for member in list.members() {
        let name = member.name.as_str().unwrap_or_default();
        match (name.as_ref(), member.value.kind()) {
            ("tasks", _) | ("nextPageToken", Kind::String) | ("pageSize", Kind::Number) => {}
            // How many others have is nobody's business.
            ("totalSize", Kind::Number) if member.value.text() != left.to_string() => {
                edits.add(member.value, Edit::Replace(left.to_string().into()));
            }
            ("totalSize", Kind::Number) => {}
            (_, _) => edits.add(member.value, Edit::Remove),
        }
    }
    Ok(())
}

fn filter_tasks(is_own: &dyn Fn(&str) -> bool, tasks: Value<'_>, edits: &mut Edits) -> usize {
    if tasks.kind() != Kind::Array {
        edits.add(tasks, Edit::Replace("[]".into()));
        return 0;
    }
    let ids: Vec<Option<String>> = tasks.elements().map(|task| key_of(task, "id")).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for id in ids.iter().flatten() {
        *counts.entry(id).or_default() += 1;
    }
    let mut left = 0;
    for (task, id) in tasks.elements().zip(&ids) {
        let is_listed = id.as_deref().is_some_and(|id| counts.get(id) == Some(&1) && is_own(id));
        if is_listed {
            left += 1;
        } else {
            edits.add(task, Edit::Remove);
        }
    }
    left
}
