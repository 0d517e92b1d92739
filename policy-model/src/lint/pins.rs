//! Pins of tools that nobody may call.

use super::reach::Denied;
use super::subject::Subject;
use super::{Finding, Warning};
use crate::decision::Effect;
use crate::json::Value;
use crate::pattern::{Pattern, Reach};
use crate::policy::Mode;
use crate::request::Resource;
use crate::resource_index::ResourceIndex;
use crate::tool_name::ToolName;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    match subject.written.mode {
        Mode::Enforce if !subject.written.pins.is_empty() => {}
        Mode::Enforce | Mode::LogOnly => return,
    }
    let (denied, allowed) = (Denied::by(subject), allowed(subject));
    let values = subject.document.root().get("pins").into_iter().flat_map(Value::elements);
    let values: Vec<Value<'_>> = values.collect();
    // Where one of them is wrong, the others no longer stand side by side.
    let is_right = values.len() == subject.written.pins.len();
    for (number, (json, pin)) in values.iter().zip(&subject.written.pins).enumerate().filter(|_| is_right) {
        let by = Pattern::parse_any(&format!("agent:tool:{}", pin.tool)).ok().and_then(|pattern| {
            let by = denied.all_of(&pattern, Reach::Wide)?;
            Some(format!(
                "{by} denies this tool to everybody, so that there is nothing to pin; take one of the two out"
            ))
        });
        let by = by.or_else(|| {
            let is_allowed = allowed.as_ref().is_none_or(|allowed| names(allowed, &pin.tool));
            let nobody =
                "no rule allows this tool to anybody, so that there is nothing to pin; compare its name with the rules";
            (!is_allowed).then(|| nobody.to_owned())
        });
        if let Some(message) = by {
            let at = json.get("tool").unwrap_or(*json);
            findings.push(subject.warning(Warning::PinnedInVain, format!("pins[{number}].tool"), at, message));
        }
    }
}

/// What the rules allow to somebody; `None` in the baseline, where others allow.
fn allowed(subject: &Subject<'_>) -> Option<ResourceIndex> {
    subject.written.tenant.as_ref()?;
    let mut index = ResourceIndex::default();
    for rule in subject.rules.iter().filter(|rule| rule.is_enforced()) {
        match rule.effect() {
            Effect::Allow => {
                let reach = subject.reach(Effect::Allow);
                rule.resources().for_each(|(_, pattern, _)| index.add(pattern, reach, 0));
            }
            Effect::Deny => {}
        }
    }
    Some(index)
}

fn names(index: &ResourceIndex, tool: &str) -> bool {
    let mut is_named = false;
    if let Ok(name) = ToolName::parse(tool) {
        index.visit(&Resource::Tool(name), &mut |_| is_named = true);
    }
    is_named
}
