//! How much of one set of tools another has, where names are patterns.

use crate::decision::Effect;
use crate::pattern::{Glob, Pattern, ResourceType, ToolPattern};
use crate::tool_name::{DELIMITER, SEARCH_TOOL};

/// The tools that one or more patterns name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolSet {
    forms: Vec<Form>,
}

/// How much of a set another one has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// None of it.
    Nothing,
    /// Perhaps some of it, perhaps all.
    Some,
    /// All of it.
    All,
}

/// What one pattern names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// A target and a tool of it.
    Parts(Glob, Glob),
    /// The whole name.
    Whole(Glob),
    /// A name without a target.
    Unprefixed(Glob),
}

impl ToolSet {
    /// What rules of this effect name by these patterns.
    pub(super) fn of<'p>(
        patterns: impl IntoIterator<Item = &'p Pattern>,
        effect: Effect,
        default_target: Option<&str>,
    ) -> ToolSet {
        let tools = patterns.into_iter().filter_map(|pattern| match pattern {
            Pattern::Tool(tool) => Some(tool),
            Pattern::Prompt(_) | Pattern::Uri(_) | Pattern::Agent(_) | Pattern::Model(_) => None,
        });
        ToolSet { forms: tools.flat_map(|tool| forms(tool, effect, default_target)).collect() }
    }

    /// What a DENY rule names by a resource; nothing if it is not about tools.
    pub fn denied(resource: &str) -> ToolSet {
        let pattern = Pattern::parse(resource, ResourceType::Tool).ok();
        ToolSet::of(&pattern, Effect::Deny, None)
    }

    /// The tools of these targets; without a target, those that a bare name in a DENY rule names. Both may be patterns.
    pub fn of_parts(target: &str, tool: &str) -> ToolSet {
        let tool = Glob::new(tool);
        let forms = if target.is_empty() {
            vec![Form::Whole(tool.clone()), Form::Parts(Glob::new("*"), tool)]
        } else {
            vec![Form::Parts(Glob::new(target), tool)]
        };
        ToolSet { forms }
    }

    /// How much of the other it has. All is said only where it is sure, and nothing, too.
    pub fn share_of(&self, other: &ToolSet) -> Share {
        if other.forms.iter().all(|other| self.forms.iter().any(|form| form.covers(other))) {
            return Share::All;
        }
        let is_met = self.forms.iter().any(|form| other.forms.iter().any(|other| form.meets(other)));
        if is_met { Share::Some } else { Share::Nothing }
    }

    /// Those whose target is a pattern, too.
    #[must_use]
    pub fn without_named_targets(&self) -> ToolSet {
        let is_open = |form: &&Form| !form.whole().first().contains(DELIMITER);
        ToolSet { forms: self.forms.iter().filter(is_open).cloned().collect() }
    }

    /// Those that are not one name.
    #[must_use]
    pub fn without_names(&self) -> ToolSet {
        let is_open = |form: &&Form| form.whole().literal().is_none();
        ToolSet { forms: self.forms.iter().filter(is_open).cloned().collect() }
    }
}

/// As a policy's index reads it.
fn forms(pattern: &ToolPattern, effect: Effect, default_target: Option<&str>) -> Vec<Form> {
    match (pattern, effect) {
        (ToolPattern::All, Effect::Allow | Effect::Deny) => vec![Form::Whole(Glob::new("*"))],
        (ToolPattern::Prefixed { target, tool }, Effect::Allow) => vec![Form::Parts(target.clone(), tool.clone())],
        (ToolPattern::Prefixed { target, tool }, Effect::Deny) => {
            vec![Form::Whole(Glob::new(&format!("{target}{DELIMITER}{tool}")))]
        }
        (ToolPattern::Bare(tool), Effect::Deny) => {
            vec![Form::Whole(tool.clone()), Form::Parts(Glob::new("*"), tool.clone())]
        }
        (ToolPattern::Bare(tool), Effect::Allow) => match default_target {
            Some(target) if tool.literal() != Some(SEARCH_TOOL) => vec![Form::Parts(Glob::new(target), tool.clone())],
            Some(_) | None => vec![Form::Unprefixed(tool.clone())],
        },
    }
}

impl Form {
    /// A pattern of whole names that all of it fits.
    fn whole(&self) -> Glob {
        match self {
            Form::Parts(target, tool) => Glob::new(&format!("{target}{DELIMITER}{tool}")),
            Form::Whole(name) | Form::Unprefixed(name) => name.clone(),
        }
    }

    fn covers(&self, other: &Form) -> bool {
        match (self, other) {
            (Form::Whole(name), Form::Parts(..) | Form::Whole(_) | Form::Unprefixed(_)) => name.covers(&other.whole()),
            (Form::Parts(target, tool), Form::Parts(narrow, narrow_tool)) => {
                target.covers(narrow) && tool.covers(narrow_tool)
            }
            (Form::Unprefixed(name), Form::Unprefixed(narrow)) => name.covers(narrow),
            (Form::Parts(..), Form::Whole(_) | Form::Unprefixed(_))
            | (Form::Unprefixed(_), Form::Parts(..) | Form::Whole(_)) => false,
        }
    }

    fn meets(&self, other: &Form) -> bool {
        match (self, other) {
            (Form::Parts(..), Form::Unprefixed(_)) | (Form::Unprefixed(_), Form::Parts(..)) => false,
            (Form::Parts(target, tool), Form::Parts(own, own_tool)) => {
                target.intersects(own) && tool.intersects(own_tool)
            }
            (Form::Parts(..) | Form::Whole(_), Form::Whole(_))
            | (Form::Whole(_), Form::Parts(..) | Form::Unprefixed(_))
            | (Form::Unprefixed(_), Form::Whole(_) | Form::Unprefixed(_)) => self.whole().intersects(&other.whole()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Share, ToolSet};
    use crate::decision::Effect;
    use crate::pattern::{Pattern, ResourceType};

    #[test]
    fn a_set_has_all_some_or_nothing_of_another() {
        for (effect, pattern, target, tool, expected) in [
            (Effect::Allow, "*", "orders", "*", Share::All),
            (Effect::Allow, "orders___*", "orders", "get*", Share::All),
            (Effect::Allow, "orders___get*", "orders", "*", Share::Some),
            (Effect::Allow, "*___get", "*", "*", Share::Some),
            (Effect::Allow, "*___*", "*", "*", Share::All),
            (Effect::Allow, "x*___*", "*", "*", Share::Some),
            (Effect::Allow, "ord*___x", "crm", "*", Share::Nothing),
            (Effect::Allow, "a*___x", "ab", "c*___x", Share::Nothing),
            (Effect::Allow, "get*", "orders", "*", Share::Nothing),
            (Effect::Deny, "get*", "orders", "*", Share::Some),
            (Effect::Deny, "get*", "orders", "get*", Share::All),
            (Effect::Deny, "*delete*", "", "*delete*", Share::All),
            (Effect::Deny, "*delete*", "mail", "*", Share::Some),
            (Effect::Deny, "crm___*", "mail", "*", Share::Nothing),
            (Effect::Deny, "crm*", "crm", "*", Share::All),
        ] {
            let parsed = Pattern::parse(&format!("agent:tool:{pattern}"), ResourceType::Tool).unwrap();
            let set = ToolSet::of([&parsed], effect, None);
            assert_eq!(set.share_of(&ToolSet::of_parts(target, tool)), expected, "{pattern} {target} {tool}");
        }
    }
}
