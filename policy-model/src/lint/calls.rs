//! What is changed in calls: entries that change nothing, reach further than they look, or have every call refused.

use super::claims;
use super::emptiness::SELECTS_NOTHING;
use super::facts::{Fact, fact};
use super::reach::Denied;
use super::redactions::look_at_resources;
use super::subject::Subject;
use super::{Finding, Warning};
use crate::json::Value;
use crate::pattern::{Pattern, ResourceType};
use crate::rewriting::{Change, Source};
use crate::selector::Selector;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    look_at_arguments(subject, findings);
    look_at_limits(subject, findings);
    look_at_headers(subject, findings);
}

fn look_at_arguments(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let denied = Denied::by(subject);
    for (number, (json, entry)) in right(subject, "arguments", &subject.written.arguments).enumerate() {
        let place = format!("arguments[{number}]");
        if entry.rewrite.path.selects_nothing() {
            let at = json.get("path").unwrap_or(json);
            let message = SELECTS_NOTHING.to_owned();
            findings.push(subject.warning(Warning::NeverSelects, format!("{place}.path"), at, message));
        }
        look_at_resources(subject, &denied, (json, &place), &entry.resources, "no calls to change", findings);
        if let Change::Set(Source::Path(path)) = &entry.rewrite.change {
            let kinds = entry.resources.iter().map(Pattern::kind);
            let why = kinds.into_iter().find_map(|kind| never_there(path, kind));
            let wrong = why.map(|why| format!("{why}; every call of these is refused"));
            look_at_value_path(subject, (json, &place), path, wrong, findings);
        }
    }
}

fn look_at_limits(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let denied = Denied::by(subject);
    for (number, (json, limit)) in right(subject, "limits", &subject.written.limits).enumerate() {
        let place = format!("limits[{number}]");
        look_at_resources(subject, &denied, (json, &place), &limit.resources, "no calls to limit", findings);
    }
}

fn look_at_headers(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (number, (json, header)) in right(subject, "headers", &subject.written.headers).enumerate() {
        let Some(path) = header.path() else { continue };
        let wrong = never_a_text(path).map(|why| format!("{why}; every request of the tenant is refused"));
        look_at_value_path(subject, (json, &format!("headers[{number}]")), path, wrong, findings);
    }
}

/// The entries of a list with their JSON; none where one of them is wrong.
fn right<'w, 'd, T>(
    subject: &'w Subject<'d>,
    list: &str,
    entries: &'w [T],
) -> impl Iterator<Item = (Value<'d>, &'w T)> + use<'w, 'd, T> {
    let values: Vec<Value<'d>> = subject.document.root().get(list).into_iter().flat_map(Value::elements).collect();
    let is_right = values.len() == entries.len();
    values.into_iter().zip(entries).filter(move |_| is_right)
}

fn look_at_value_path(
    subject: &Subject<'_>,
    (json, place): (Value<'_>, &str),
    path: &Selector,
    wrong: Option<String>,
    findings: &mut Vec<Finding>,
) {
    let at = json.get("valuePath").unwrap_or(json);
    let place = format!("{place}.valuePath");
    if let Some(message) = wrong {
        findings.push(subject.warning(Warning::NeverResolves, place, at, message));
    } else if let Some(message) = claims::unknown_at(subject, path) {
        findings.push(subject.warning(Warning::UnknownClaim, place, at, message));
    }
}

fn never_there(path: &Selector, kind: ResourceType) -> Option<String> {
    if path.selects_nothing() {
        return Some(SELECTS_NOTHING.to_owned());
    }
    match fact(&path.leading_names(), kind)? {
        Fact::Nothing(known) => Some(known.to_owned()),
        Fact::Object(_) | Fact::Text | Fact::Time | Fact::List => None,
    }
}

fn never_a_text(path: &Selector) -> Option<String> {
    let kind = ResourceType::Tool;
    if let Some(why) = never_there(path, kind) {
        return Some(why);
    }
    let names = path.names()?;
    match fact(&names, kind)? {
        Fact::Object(Some(meant)) => Some(format!("this is an object, and a header is a text; did you mean {meant}?")),
        Fact::Object(None) => Some("this is an object, and a header is a text".to_owned()),
        Fact::List => Some("this is a list, and a header is one text".to_owned()),
        Fact::Text | Fact::Time | Fact::Nothing(_) => None,
    }
}
