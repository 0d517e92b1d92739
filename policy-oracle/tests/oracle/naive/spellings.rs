//! Members of the arguments whose name differs from one on a path only in case.

use crate::json::Json;
use crate::naive::paths::{below, member};
use crate::path::{Filter, Path, Step};

/// Whether there is such a member where the path goes; for a path of more than names, anywhere.
pub(crate) fn is_respelled(path: &Path, document: &Json) -> bool {
    let Some(arguments) = member(document, path.root).filter(|_| path.root == "arguments") else { return false };
    let names: Vec<&str> = path.steps.iter().filter_map(name).collect();
    let is_names_only = path.steps.iter().all(|step| matches!(step, Step::Name(_)));
    if !is_names_only {
        return is_anywhere(arguments, &names);
    }
    let mut value = Some(arguments);
    for name in names {
        if value.is_some_and(|value| has_other_spelling(value, name)) {
            return true;
        }
        value = value.and_then(|value| member(value, name));
    }
    false
}

fn name(step: &Step) -> Option<&'static str> {
    match step {
        Step::Name(name) | Step::Descend(name) | Step::Where(Filter { member: name, .. }) => Some(name),
        Step::Nth(_) | Step::From(_) | Step::All => None,
    }
}

fn is_anywhere(value: &Json, names: &[&str]) -> bool {
    names.iter().any(|name| has_other_spelling(value, name))
        || below(value).into_iter().any(|child| is_anywhere(child, names))
}

fn has_other_spelling(value: &Json, name: &str) -> bool {
    match value {
        Json::Object(members) => members.iter().any(|(other, _)| other != name && folded(other) == folded(name)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => false,
    }
}

/// By way of upper case, since there are letters that only meet there.
fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}
