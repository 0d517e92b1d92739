//! From what is asked for to the rules that name it, whatever its kind.

use crate::agent_index::AgentIndex;
use crate::model_index::ModelIndex;
use crate::pattern::{Pattern, Reach};
use crate::request::Resource;
use crate::tool_index::ToolIndex;
use crate::uri_index::UriIndex;

/// Most patterns with a wildcard elsewhere than at the end, of one effect and kind.
pub const INNER_WILDCARDS_MAX: usize = 256;

/// The rules by their resources.
#[derive(Debug, Default)]
pub(crate) struct ResourceIndex {
    tools: ToolIndex,
    prompts: ToolIndex,
    uris: UriIndex,
    agents: AgentIndex,
    models: ModelIndex,
}

impl ResourceIndex {
    /// Adds what a rule names.
    pub(crate) fn add(&mut self, pattern: &Pattern, reach: Reach<'_>, rule: u32) {
        match pattern {
            Pattern::Tool(pattern) => self.tools.add(pattern, reach, rule),
            Pattern::Prompt(pattern) => self.prompts.add(pattern, reach, rule),
            Pattern::Uri(pattern) => self.uris.add(pattern, reach, rule),
            Pattern::Agent(pattern) => self.agents.add(pattern, rule),
            Pattern::Model(pattern) => self.models.add(pattern, reach, rule),
        }
    }

    /// Whether there are more patterns with a wildcard inside than [`INNER_WILDCARDS_MAX`].
    pub(crate) fn is_too_wild(&self) -> bool {
        let counts = [
            self.tools.inner_wildcards(),
            self.prompts.inner_wildcards(),
            self.uris.inner_wildcards(),
            self.agents.inner_wildcards(),
            self.models.inner_wildcards(),
        ];
        counts.iter().any(|count| *count > INNER_WILDCARDS_MAX)
    }

    /// Calls `visit` with each rule that names this, in no order, some perhaps twice.
    pub(crate) fn visit(&self, resource: &Resource<'_>, visit: &mut impl FnMut(u32)) {
        match resource {
            Resource::Tool(name) => self.tools.visit(name, visit),
            Resource::Prompt(name) => self.prompts.visit(name, visit),
            Resource::Uri(uri) => self.uris.visit(uri, visit),
            Resource::Template(template) => self.uris.visit_template(template, visit),
            Resource::Agent(name) => self.agents.visit(name, visit),
            Resource::Model(name) => self.models.visit(name, visit),
        }
    }

    /// Calls `visit` with each rule that names some URI, and whether it names every one, in no order, some perhaps twice.
    pub(crate) fn visit_uris(&self, visit: &mut impl FnMut(u32, bool)) {
        self.uris.visit_some(visit);
    }

    /// Calls `visit` with each rule, added with [`Reach::Wide`], one of whose patterns names all that this one names. May pass
    /// over some.
    pub(crate) fn visit_covering(&self, pattern: &Pattern, reach: Reach<'_>, visit: &mut impl FnMut(u32)) {
        match pattern {
            Pattern::Tool(pattern) => self.tools.visit_covering(pattern, reach, visit),
            Pattern::Prompt(pattern) => self.prompts.visit_covering(pattern, reach, visit),
            Pattern::Uri(pattern) => self.uris.visit_covering(pattern, visit),
            Pattern::Agent(pattern) => self.agents.visit_covering(pattern, visit),
            Pattern::Model(pattern) => self.models.visit_covering(pattern, visit),
        }
    }
}
