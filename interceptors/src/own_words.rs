//! Names without a prefix in texts. Any word could be one: it is taken for one where the same answer shows that a tool has it.
//!
//! A word that no tool of the answer is called by stays, also where a tool of another page is.

use std::cell::RefCell;
use std::collections::HashSet;

use policy_model::ToolName;
use policy_model::json::{self, Kind, Value};
use policy_model::spelling::folds_to;
use policy_model::tool_name::TOOL_NAME_BYTES_MAX;

use crate::list::{MEMBERS, is_list_name};
use crate::tool_entry::describes_tool;
use crate::view::View;
use crate::within::Within;

/// The words of an answer that are the target's own names of tools which the caller may not call.
#[derive(Debug, Default)]
pub(crate) struct OwnWords(RefCell<HashSet<Box<str>>>);

impl OwnWords {
    /// Whether a word is one.
    pub(crate) fn has(&self, word: &str) -> bool {
        word.len() <= TOOL_NAME_BYTES_MAX && self.0.borrow().contains(word)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// Learns what a part of an answer calls tools, before anything is taken out of it; nothing where names have their prefix.
pub(crate) fn learn(view: &View<'_>, part: Value<'_>) {
    if view.names().target().is_some() {
        part.elements().for_each(|entry| learn_entry(view, entry));
        learn_layer(view, part, Within::MESSAGE);
    }
}

/// The same for a member, which may be a list itself.
pub(crate) fn learn_member(view: &View<'_>, name: Value<'_>, value: Value<'_>) {
    if is_list_name(name) {
        learn(view, value);
    } else if view.names().target().is_some() {
        learn_layer(view, value, Within::MESSAGE);
    }
}

fn learn_layer(view: &View<'_>, value: Value<'_>, within: Within) {
    for below in value.descendants() {
        match below.kind() {
            Kind::Object => {
                if describes_tool(below) {
                    learn_entry(view, below);
                }
                let lists = below.members().filter(|member| is_list_name(member.name));
                lists.flat_map(|list| list.value.elements()).for_each(|entry| learn_entry(view, entry));
            }
            Kind::String => {
                let text = below.as_str().unwrap_or_default();
                let trimmed = text.trim();
                if trimmed.starts_with(['{', '[', '"'])
                    && let Some(within) = within.text()
                    && let Ok(document) = json::parse(trimmed.as_bytes())
                {
                    learn_layer(view, document.root(), within);
                }
            }
            Kind::Null | Kind::Bool | Kind::Number | Kind::Array => {}
        }
    }
}

/// Every name that it goes by.
fn learn_entry(view: &View<'_>, entry: Value<'_>) {
    let is_name = |name: Value<'_>| name.as_str().is_some_and(|name| folds_to(&name, "name"));
    let names = entry.members().filter(|member| is_name(member.name)).filter_map(|member| member.value.as_str());
    for name in names.filter(|name| !is_of_protocol(name)) {
        let Some(full) = view.full_name(&name) else { continue };
        if ToolName::parse(&full).is_ok_and(|tool| !view.lists_tool(&tool)) {
            view.own_words().0.borrow_mut().insert(name.as_ref().into());
        }
    }
}

/// A tool that is called like a word of the protocol is not looked for: the list would not be one any more without it.
fn is_of_protocol(name: &str) -> bool {
    MEMBERS.contains(&name) || WORDS.contains(&name)
}

/// What a list says in the protocol's own words beside its members, and what its entries have.
const WORDS: &[&str] = &[
    "annotations",
    "complete",
    "description",
    "execution",
    "icons",
    "inputSchema",
    "name",
    "outputSchema",
    "private",
    "public",
    "title",
];
