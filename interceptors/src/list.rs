//! Discovery: a tool is listed if and only if the caller may call it, in every copy of the list.

use std::collections::HashMap;

use policy_model::json::{self, Edit, Edits, Kind, Member, Value, quote};
use policy_model::redaction::MASK;
use policy_model::spelling::folds_to;
use policy_model::{Resource, ToolName};

use crate::given_arguments;
use crate::invisible::show_tool;
use crate::mention::{is_hidden, is_so_of_all, mentions_hidden};
use crate::own_words::{learn, learn_member};
use crate::tool_entry::{TITLES, described_names, describes_tool, entry_name};
use crate::view::View;
use crate::within::Within;

/// The members of a list document.
pub(crate) const MEMBERS: &[&str] = &["tools", "nextCursor", "_meta", "ttlMs", "cacheScope", "resultType"];

/// Filters a list document, `{"tools": [..]}` or the bare list.
pub fn filter_document(view: &View<'_>, document: Value<'_>, edits: &mut Edits) {
    learn(view, document);
    match document.kind() {
        Kind::Array => filter_list(view, document, edits, Within::MESSAGE),
        Kind::Object if names_hidden_tool(view, document) => edits.add(document, Edit::Replace("{}".into())),
        Kind::Object => {
            // The cursor is the server's own mark, which must come back as it was.
            let is_cursor =
                |member: &Member<'_>| member.name.is_str("nextCursor") && member.value.kind() == Kind::String;
            for member in document.members().filter(|member| !is_cursor(member)) {
                if is_catalog(&member) {
                    edits.add(member.value, Edit::Replace("[]".into()));
                } else {
                    filter_member(view, member, edits);
                }
            }
        }
        Kind::Null | Kind::Bool | Kind::Number | Kind::String => filter(view, document, edits),
    }
}

/// Filters a list document in a text; a text that is none is masked.
pub fn filter_text(view: &View<'_>, text: &str) -> String {
    let Ok(document) = json::parse(text.trim().as_bytes()) else { return MASK.to_owned() };
    let root = document.root();
    match root.kind() {
        Kind::Object | Kind::Array if !names_hidden_tool(view, root) => {
            let mut edits = Edits::default();
            filter_document(view, root, &mut edits);
            if edits.is_empty() { text.to_owned() } else { edits.apply(root) }
        }
        Kind::String => filter_embedded(view, text, Within::MESSAGE).unwrap_or_else(|| text.to_owned()),
        Kind::Object | Kind::Array | Kind::Null | Kind::Bool | Kind::Number => MASK.to_owned(),
    }
}

/// Takes out of any value what names a tool that the caller may not call: lists of tools, things with a tool's name, members
/// and texts that are one, at any depth and in JSON inside strings.
pub fn filter(view: &View<'_>, value: Value<'_>, edits: &mut Edits) {
    learn(view, value);
    filter_layer(view, value, edits, Within::MESSAGE);
}

/// Whether a member is a list of other things, which a list of tools does not bring along.
fn is_catalog(member: &Member<'_>) -> bool {
    let is_one = |name: &str| ["prompts", "resources", "resourcetemplates"].iter().any(|word| folds_to(name, word));
    member.value.kind() == Kind::Array && member.name.as_str().is_some_and(|name| is_one(&name))
}

/// Whether a member of that name is a list of tools.
pub fn is_list_name(name: Value<'_>) -> bool {
    name.as_str().is_some_and(|name| folds_to(&name, "tools"))
}

/// The lists of tools in a list document that are not within something else.
pub(crate) fn own_lists<'d>(document: Value<'d>) -> impl Iterator<Item = Value<'d>> {
    let members = document.members().filter(|member| is_list_name(member.name)).map(|member| member.value);
    let bare = Some(document).filter(|document| document.kind() == Kind::Array);
    bare.into_iter().chain(members)
}

/// Whether an object has a list of tools and no other member than these.
pub(crate) fn has_only(list: Value<'_>, members: &[&str]) -> bool {
    list.get("tools").is_some()
        && list.members().all(|member| member.name.as_str().is_some_and(|name| members.contains(&name.as_ref())))
}

/// The same for one member, whose name may be that of a list or of a tool.
pub fn filter_member(view: &View<'_>, member: Member<'_>, edits: &mut Edits) {
    learn_member(view, member.name, member.value);
    filter_named(view, member, edits, Within::MESSAGE);
}

/// The same for the parts of another thing that is listed; its own words may speak of tools.
pub(crate) fn filter_parts(view: &View<'_>, entry: Value<'_>, edits: &mut Edits) {
    let may_have_tools = |member: &Member<'_>| match member.value.kind() {
        Kind::Array | Kind::Object => true,
        Kind::String => member.value.as_str().is_some_and(|text| text.trim_start().starts_with(['{', '[', '"'])),
        Kind::Null | Kind::Bool | Kind::Number => false,
    };
    entry.members().filter(may_have_tools).for_each(|member| filter_member(view, member, edits));
}

/// A filtered list is for one caller: says so to caches (MCP 2026-07-28, `cacheScope`).
pub fn make_private(result: Value<'_>, edits: &mut Edits) {
    forbid_sharing(result, edits);
    if result.get("cacheScope").is_none() && result.get("ttlMs").is_some() {
        edits.add(result, Edit::Append("\"cacheScope\":\"private\"".to_owned()));
    }
}

/// No answer is for everybody, also one whose `ttlMs` is not for caches.
pub fn forbid_sharing(result: Value<'_>, edits: &mut Edits) {
    let scopes = result.members().filter(|member| member.name.is_str("cacheScope"));
    scopes
        .filter(|scope| !scope.value.is_str("private"))
        .for_each(|scope| edits.add(scope.value, Edit::Replace("\"private\"".into())));
}

fn filter_layer(view: &View<'_>, value: Value<'_>, edits: &mut Edits, within: Within) {
    match value.kind() {
        Kind::Object => value.members().for_each(|member| filter_named(view, member, edits, within)),
        Kind::Array => {
            for element in value.elements() {
                if names_hidden_tool(view, element) {
                    edits.add(element, Edit::Remove);
                } else {
                    filter_value(view, element, edits, within);
                }
            }
        }
        Kind::String => {
            let text = value.as_str().unwrap_or_default();
            mask_or_filter(filter_embedded(view, &text, within), value, edits);
        }
        Kind::Null | Kind::Bool | Kind::Number => {}
    }
}

fn filter_named(view: &View<'_>, member: Member<'_>, edits: &mut Edits, within: Within) {
    let name = member.name.as_str().unwrap_or_default();
    if is_list_name(member.name) {
        filter_list(view, member.value, edits, within);
    } else if names_hidden_tool(view, member.value) || mentions_hidden(view, &name) {
        edits.add(member.value, Edit::Remove);
    } else {
        filter_value(view, member.value, edits, within);
    }
}

/// What describes a tool is one, also outside of a list.
fn filter_value(view: &View<'_>, value: Value<'_>, edits: &mut Edits, within: Within) {
    if describes_tool(value) || !described_names(view, value).is_empty() {
        show_tool(view.invisible(), value, within, edits, |value, edits, within| {
            filter_layer(view, value, edits, within)
        });
    } else {
        filter_layer(view, value, edits, within);
    }
}

fn filter_list(view: &View<'_>, list: Value<'_>, edits: &mut Edits, within: Within) {
    if list.kind() != Kind::Array {
        edits.add(list, Edit::Replace("[]".into()));
        return;
    }
    let names: Vec<Option<String>> = list.elements().map(entry_name).collect();
    let mut counts: HashMap<&str, usize> = HashMap::with_capacity(names.len());
    for name in names.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    for (entry, name) in list.elements().zip(&names) {
        let name = name.as_deref().filter(|name| counts.get(name) == Some(&1));
        match name.filter(|name| is_entry(view, name, entry)) {
            Some(name) => show_tool(view.invisible(), entry, within, edits, |entry, edits, within| {
                given_arguments::hide(view, name, entry, edits);
                filter_entry(view, entry, edits, within);
            }),
            None => edits.add(entry, Edit::Remove),
        }
    }
}

/// A schema may have a property called `tools`; what else an entry carries is looked through.
fn filter_entry(view: &View<'_>, entry: Value<'_>, edits: &mut Edits, within: Within) {
    let is_own = |name: &str| name == "name" || name == "inputSchema" || name == "outputSchema";
    for member in entry.members().filter(|member| !member.name.as_str().is_some_and(|name| is_own(&name))) {
        match member.value.as_str() {
            Some(text) => mask_or_filter(filter_description(view, &text, within), member.value, edits),
            None => filter_named(view, member, edits, within),
        }
    }
}

/// The same function as for a call, and the definition that was reviewed.
fn is_entry(view: &View<'_>, name: &str, entry: Value<'_>) -> bool {
    let Some(name) = view.full_name(name) else { return false };
    ToolName::parse(&name)
        .is_ok_and(|tool| view.lists_entry(&name, Resource::Tool(tool)) && view.is_as_pinned(&tool, entry))
}

/// The same for a description of a tool outside of the lists that count. It may say the full name also where lists do not.
fn is_callable(view: &View<'_>, name: &str, description: Value<'_>) -> bool {
    is_so_of_all(view, name, |tool| view.lists_tool(tool) && view.is_as_pinned(tool, description))
}

/// Whether a value is such a name, or an object called so.
pub fn names_hidden_tool(view: &View<'_>, value: Value<'_>) -> bool {
    match value.kind() {
        Kind::String => value.as_str().is_some_and(|text| is_hidden(view, &text)),
        Kind::Object => {
            let is_title = |name: &str| TITLES.iter().any(|word| folds_to(name, word));
            let is_called_so = |member: Member<'_>| {
                member.name.as_str().is_some_and(|name| is_title(&name))
                    && member.value.as_str().is_some_and(|text| is_hidden(view, &text))
            };
            let is_shown = || entry_name(value).is_some_and(|name| is_callable(view, &name, value));
            let is_changed = |name: &String| !is_callable(view, name, value);
            value.members().any(is_called_so)
                || (describes_tool(value) && !is_shown())
                || described_names(view, value).iter().any(is_changed)
        }
        Kind::Null | Kind::Bool | Kind::Number | Kind::Array => false,
    }
}

/// A text that names no tool which the caller may not call; `None` if it stays as it is.
fn filter_embedded(view: &View<'_>, text: &str, within: Within) -> Option<String> {
    filter_json(view, text, within).or_else(|| mentions_hidden(view, text).then(|| MASK.to_owned()))
}

/// The same for an entry's own words, which may speak of other tools, but may not describe them.
fn filter_description(view: &View<'_>, text: &str, within: Within) -> Option<String> {
    let describes = || is_hidden(view, text) || (text.contains('{') && mentions_hidden(view, text));
    filter_json(view, text, within).or_else(|| describes().then(|| MASK.to_owned()))
}

/// A text with the JSON in it filtered; `None` if it is no JSON or stays as it is.
fn filter_json(view: &View<'_>, text: &str, within: Within) -> Option<String> {
    let trimmed = text.trim();
    if !trimmed.starts_with(['{', '[', '"']) {
        return None;
    }
    let Some(within) = within.text() else { return Some(MASK.to_owned()) };
    let document = json::parse(trimmed.as_bytes()).ok()?;
    let root = document.root();
    if names_hidden_tool(view, root) {
        return Some(MASK.to_owned());
    }
    let mut edits = Edits::default();
    filter_value(view, root, &mut edits, within);
    (!edits.is_empty()).then(|| edits.apply(root))
}

fn mask_or_filter(filtered: Option<String>, value: Value<'_>, edits: &mut Edits) {
    if let Some(filtered) = filtered {
        edits.add(value, Edit::Replace(quote(&filtered).into()));
    }
}
