//! Discovery of tasks: listed if and only if the caller could ask for it, by whose it is and by its tool.

use std::collections::HashMap;

use policy_model::json::{Edit, Edits, Kind, Value};
use policy_model::redaction::MASKED;
use policy_model::{Resource, ToolName};
use policy_registry::{TaskId, TaskRecord};

use crate::catalog::{filter_frame, key_of};
use crate::protocol::is_task_word;
use crate::view::View;

/// The caller's own tasks among those that a server lists.
pub(crate) type OwnTasks = HashMap<TaskId, TaskRecord>;

/// Filters the result of `tasks/list`. What such a list does not have is taken out.
pub(crate) fn filter(view: &View<'_>, own: &OwnTasks, result: Value<'_>, edits: &mut Edits) {
    filter_frame(result, "tasks", edits, |list, edits| filter_entries(view, own, list, edits));
}

fn filter_entries(view: &View<'_>, own: &OwnTasks, list: Value<'_>, edits: &mut Edits) {
    if list.kind() != Kind::Array {
        edits.add(list, Edit::Replace("[]".into()));
        return;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for id in list.elements().filter_map(|entry| key_of(entry, "taskId")) {
        *counts.entry(id).or_default() += 1;
    }
    for entry in list.elements() {
        let id = key_of(entry, "taskId").filter(|id| counts.get(id) == Some(&1));
        let task = id.and_then(|id| own.get(&TaskId::parse(&id).ok()?));
        let tool = task.and_then(|task| ToolName::parse(&task.tool).ok());
        let tool = tool.filter(|tool| view.names().includes(tool));
        match tool.filter(|tool| view.lists_entry(tool.as_str(), Resource::Tool(*tool))) {
            Some(tool) => filter_entry(view, tool, entry, edits),
            None => edits.add(entry, Edit::Remove),
        }
    }
}

/// Of an entry there stays what the protocol says of a task, and no more. Its message is the tool's own words.
fn filter_entry(view: &View<'_>, tool: ToolName<'_>, entry: Value<'_>, edits: &mut Edits) {
    let is_redacted = !view.redactor(Some(&[Resource::Tool(tool)])).is_ok_and(|redactor| redactor.is_empty());
    for member in entry.members() {
        let name = member.name.as_str().unwrap_or_default();
        if is_task_word(&name, member.value) {
            continue;
        }
        match (name.as_ref(), member.value.kind()) {
            ("statusMessage", Kind::String) if is_redacted => edits.add(member.value, Edit::Replace(MASKED.into())),
            ("statusMessage", Kind::String) => {}
            (_, _) => edits.add(member.value, Edit::Remove),
        }
    }
}
