//! Discovery: a tool is listed if and only if the caller may call it, in every copy of the list.

use std::collections::HashMap;

use policy_model::json::{self, Edit, Edits, Kind, Member, Value, quote};
use policy_model::{Decision, Policy, ToolName, decide};

/// Takes out of a value every tool that the policy does not let its caller call.
///
/// A list is known by its name, `tools`, at any depth and in JSON inside strings; whatever stands under that name and is not a
/// list of well-formed tools becomes an empty one. What looks like a tool elsewhere goes the same way.
pub fn filter(policy: &Policy, value: Value<'_>, edits: &mut Edits) {
    filter_layer(policy, value, edits, 0);
}

/// The same for one member: a list if it has a list's name.
pub fn filter_member(policy: &Policy, member: Member<'_>, edits: &mut Edits) {
    filter_under(policy, member, edits, 0);
}

/// The text with its lists filtered; `None` if it is no JSON object or array, so that nothing can be said about it.
pub fn filter_text(policy: &Policy, text: &str) -> Option<String> {
    filter_embedded(policy, text, 0)
}

/// A filtered list is for one caller: says so to caches (MCP 2026-07-28, `cacheScope`).
pub fn make_private(result: Value<'_>, edits: &mut Edits) {
    let mut scopes = result.members().filter(|member| member.name.is_str("cacheScope")).peekable();
    match scopes.peek() {
        Some(_) => scopes
            .filter(|scope| !scope.value.is_str("private"))
            .for_each(|scope| edits.add(scope.value, Edit::Replace("\"private\"".to_owned()))),
        None if result.get("ttlMs").is_some() => {
            edits.add(result, Edit::Append("\"cacheScope\":\"private\"".to_owned()))
        }
        None => {}
    }
}

fn filter_layer(policy: &Policy, value: Value<'_>, edits: &mut Edits, depth: usize) {
    match value.kind() {
        Kind::Object => {
            value.members().for_each(|member| filter_under(policy, member, edits, depth));
        }
        Kind::Array => {
            for element in value.elements() {
                if looks_like_tool(element) {
                    edits.add(element, Edit::Remove);
                } else {
                    filter_layer(policy, element, edits, depth);
                }
            }
        }
        Kind::String => {
            let text = value.as_str().unwrap_or_default();
            if let Some(filtered) = filter_embedded(policy, &text, depth)
                && filtered != text
            {
                edits.add(value, Edit::Replace(quote(&filtered)));
            }
        }
        Kind::Null | Kind::Bool | Kind::Number => {}
    }
}

fn filter_under(policy: &Policy, member: Member<'_>, edits: &mut Edits, depth: usize) {
    if is_list_name(member.name) {
        filter_list(policy, member.value, edits, depth);
    } else if looks_like_tool(member.value) {
        edits.add(member.value, Edit::Remove);
    } else {
        filter_layer(policy, member.value, edits, depth);
    }
}

fn filter_list(policy: &Policy, list: Value<'_>, edits: &mut Edits, depth: usize) {
    if list.kind() != Kind::Array {
        edits.add(list, Edit::Replace("[]".to_owned()));
        return;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in list.elements().filter_map(entry_name) {
        *counts.entry(name).or_default() += 1;
    }
    for entry in list.elements() {
        let is_listed = entry_name(entry).is_some_and(|name| counts.get(&name) == Some(&1) && may_call(policy, &name));
        if !is_listed {
            edits.add(entry, Edit::Remove);
            continue;
        }
        // A schema may have a property called `tools`; what else an entry carries is looked through.
        for member in entry.members() {
            let name = member.name.as_str().unwrap_or_default();
            let is_schema = name.eq_ignore_ascii_case("inputSchema") || name.eq_ignore_ascii_case("outputSchema");
            match member.value.kind() {
                Kind::Object | Kind::Array if !is_schema => filter_under(policy, member, edits, depth),
                Kind::Object | Kind::Array | Kind::String | Kind::Number | Kind::Bool | Kind::Null => {}
            }
        }
    }
}

/// The same function as for a call.
fn may_call(policy: &Policy, name: &str) -> bool {
    match ToolName::parse(name) {
        Err(_) => false,
        Ok(tool) => match decide(policy, &tool, ()) {
            Decision::Permit(_) => true,
            Decision::Denial(_) => false,
        },
    }
}

/// An entry's name, if it has exactly one in whatever spelling.
fn entry_name(entry: Value<'_>) -> Option<String> {
    let is_name = |name: Value<'_>| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case("name"));
    let mut names = entry.members().filter(|member| is_name(member.name));
    match (names.next(), names.next()) {
        (Some(name), None) if name.name.is_str("name") => Some(name.value.as_str()?.into_owned()),
        (_, _) => None,
    }
}

/// Whether a member of that name is a list of tools.
pub fn is_list_name(name: Value<'_>) -> bool {
    name.as_str().is_some_and(|name| name.eq_ignore_ascii_case("tools"))
}

fn looks_like_tool(value: Value<'_>) -> bool {
    let has = |wanted: &str| {
        value.members().any(|member| member.name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(wanted)))
    };
    has("name") && has("inputSchema")
}

fn filter_embedded(policy: &Policy, text: &str, depth: usize) -> Option<String> {
    let trimmed = text.trim();
    if !trimmed.starts_with(['{', '[', '"']) {
        return None;
    }
    if depth == EMBEDDED_DEPTH_MAX {
        return Some("[]".to_owned());
    }
    let document = json::parse(trimmed.as_bytes()).ok()?;
    let root = document.root();
    match root.kind() {
        Kind::Array if root.elements().any(|element| entry_name(element).is_some()) => {
            // A list without the name around it.
            let mut edits = Edits::default();
            filter_list(policy, root, &mut edits, depth + 1);
            Some(edits.apply(root))
        }
        Kind::Object | Kind::Array | Kind::String => {
            let mut edits = Edits::default();
            filter_layer(policy, root, &mut edits, depth + 1);
            Some(edits.apply(root))
        }
        Kind::Null | Kind::Bool | Kind::Number => None,
    }
}

/// JSON in a string in JSON, and so on: how many layers are looked into before the rest is dropped.
const EMBEDDED_DEPTH_MAX: usize = policy_model::redaction::EMBEDDED_DEPTH_MAX;
