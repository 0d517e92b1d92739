//! Whose names a message uses: the gateway's, `<target>___<name>`, or those of the one target that it goes to.
//!
//! Policies, records and audit lines always say the full name. A message within a target goes on with its names as written.

use std::borrow::Cow;

use policy_model::ToolName;
use policy_model::tool_name::{DELIMITER, is_target};

/// What the tools and prompts of a message are called in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Names<'n> {
    target: Option<&'n str>,
}

impl<'n> Names<'n> {
    /// As the gateway calls them: in full.
    pub const GATEWAY: Names<'static> = Names { target: None };

    /// As a target calls its own; `None` if no target has that name.
    pub fn within(target: &'n str) -> Option<Names<'n>> {
        is_target(target).then_some(Names { target: Some(target) })
    }

    /// The target whose own they are.
    pub fn target(self) -> Option<&'n str> {
        self.target
    }

    /// The full name of what a message calls so. `None` within a target for a name that says this target itself: it could be the
    /// full name of another tool, and is nobody's. The name of another target is part of the name of one of this target's tools.
    pub(crate) fn full(self, name: &str) -> Option<Cow<'_, str>> {
        match self.target {
            None => Some(Cow::Borrowed(name)),
            Some(target) if says(target, name) => None,
            Some(target) => Some(Cow::Owned(format!("{target}{DELIMITER}{name}"))),
        }
    }

    /// How much of a full name is not in the message, in bytes.
    pub(crate) fn prefix_len(self) -> usize {
        self.target.map_or(0, |target| target.len() + DELIMITER.len())
    }

    /// Whether a tool is one of those that messages like this one go to.
    pub(crate) fn includes(self, tool: &ToolName<'_>) -> bool {
        self.target.is_none_or(|target| tool.target() == Some(target))
    }
}

fn says(target: &str, name: &str) -> bool {
    name.strip_prefix(target).is_some_and(|rest| rest.starts_with(DELIMITER))
}

#[cfg(test)]
mod tests;
