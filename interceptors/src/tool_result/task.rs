//! How a task stands, and what its tool returned.

use policy_model::json::{Kind, Value};
use policy_model::redaction::{Is, Pass, Prose};

use super::{TASK, redact_error_at, redact_member, redact_result_at};
use crate::protocol::is_task_word;

/// Redacts a `result` that says how a task stands, and may have in it what the tool returned.
pub fn redact_task(pass: &mut Pass<'_, '_>, task: Value<'_>) {
    let at = pass.root(task);
    if task.kind() != Kind::Object {
        return redact_result_at(pass, task, &at);
    }
    let around = pass.open(task);
    for member in task.members() {
        let name = member.name.as_str().unwrap_or_default();
        let inner = match name.as_ref() {
            "result" => Some(Inner::Result),
            "error" => Some(Inner::Error),
            name if member.value.kind() == Kind::String
                && (name == "statusMessage" || is_no_word(name, member.value)) =>
            {
                let below = pass.member(&at, name);
                pass.part(&around, member.into(), &below, Is::Text(Prose::Message));
                continue;
            }
            name if is_task_word(name, member.value) => {
                pass.part(&around, member.into(), &at, Is::Own);
                continue;
            }
            _ => None,
        };
        let Some(inner) = inner else {
            redact_member(pass, &around, member, &at, TASK);
            continue;
        };
        let below = pass.member(&at, &name);
        let own = pass.own(member.value, &below);
        let own = pass.and_root(member.value, own);
        pass.enter(&around, member.into());
        match inner {
            Inner::Result => redact_result_at(pass, member.value, &own),
            Inner::Error => redact_error_at(pass, member.value, &own),
        }
        pass.leave(&around, member.into());
    }
}

/// Whether a member of a task's state should be one of the protocol's words and is none.
fn is_no_word(name: &str, value: Value<'_>) -> bool {
    let is_marked = matches!(name, "requestState" | "resultType" | "cacheScope");
    TASK.contains(&name) && !is_marked && !is_task_word(name, value)
}

/// What a task has in it of what its tool said.
enum Inner {
    Result,
    Error,
}
