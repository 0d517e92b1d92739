//! Discovery of an agent's skills: listed if and only if the caller may ask for them.
//!
//! What else a card has stays, but for members that nobody knows and that have something in them, and for lists that are called
//! like those of skills or tools: whoever reads them would find there what was taken out.

use std::collections::HashMap;

use policy_model::json::{Edit, Edits, Kind, Member, Value};
use policy_model::{AgentName, Resource};

use crate::catalog::key_of;
use crate::refusal::Refusal;
use crate::reserved::plain;
use crate::view::View;

/// Filters an agent card.
pub(super) fn filter(view: &View<'_>, agent: &str, card: Value<'_>, edits: &mut Edits) -> Result<(), Refusal> {
    if card.kind() != Kind::Object {
        return Err(Refusal::Answer);
    }
    for member in card.members() {
        let name = member.name.as_str().unwrap_or_default();
        if name == "skills" {
            filter_skills(view, agent, member.value, edits);
        } else if CARD.contains(&name.as_ref()) {
            drop_lists(member.value, edits);
        } else if !is_plain(&member) {
            edits.add(member.value, Edit::Remove);
        }
    }
    Ok(())
}

fn filter_skills(view: &View<'_>, agent: &str, skills: Value<'_>, edits: &mut Edits) {
    if skills.kind() != Kind::Array {
        edits.add(skills, Edit::Replace("[]".into()));
        return;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for id in skills.elements().filter_map(|skill| key_of(skill, "id")) {
        *counts.entry(id).or_default() += 1;
    }
    for skill in skills.elements() {
        let id = key_of(skill, "id").filter(|id| counts.get(id) == Some(&1));
        let name = id.map(|id| format!("{agent}/{id}"));
        let is_listed = name.is_some_and(|name| {
            AgentName::parse_skill(&name).is_some_and(|skill| view.lists_entry(&name, Resource::Agent(skill)))
        });
        if is_listed {
            drop_lists(skill, edits);
        } else {
            edits.add(skill, Edit::Remove);
        }
    }
}

/// Takes out of a value what is called like a list of skills or tools, at any depth.
fn drop_lists(value: Value<'_>, edits: &mut Edits) {
    for member in value.members() {
        if is_list_name(&member) { edits.add(member.value, Edit::Remove) } else { drop_lists(member.value, edits) }
    }
    value.elements().for_each(|element| drop_lists(element, edits));
}

fn is_list_name(member: &Member<'_>) -> bool {
    member.name.as_str().is_some_and(|name| matches!(plain(&name).as_str(), "skills" | "tools"))
}

/// Whether a member that nobody knows has nothing in it that could be a list, and is not called like one.
fn is_plain(member: &Member<'_>) -> bool {
    let name = member.name.as_str().map(|name| plain(&name)).unwrap_or_default();
    let is_like_known = CARD.iter().chain(&["skills", "tools"]).any(|known| known.eq_ignore_ascii_case(&name));
    let is_plain = match member.value.kind() {
        Kind::Null | Kind::Bool | Kind::Number => true,
        Kind::String => !member.value.as_str().is_some_and(|text| text.trim_start().starts_with(['{', '[', '"'])),
        Kind::Array | Kind::Object => false,
    };
    is_plain && !is_like_known
}

/// The members of a card in both versions, but for its skills.
const CARD: &[&str] = &[
    "additionalInterfaces",
    "capabilities",
    "defaultInputModes",
    "defaultOutputModes",
    "description",
    "documentationUrl",
    "iconUrl",
    "name",
    "preferredTransport",
    "protocolVersion",
    "provider",
    "security",
    "securityRequirements",
    "securitySchemes",
    "signatures",
    "supportedInterfaces",
    "supportsAuthenticatedExtendedCard",
    "url",
    "version",
];
