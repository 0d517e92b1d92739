//! From a tool's or prompt's name to the rules that name it.

mod covering;

use crate::name_index::{NameIndex, RadixTree};
use crate::pattern::{Glob, Reach, ToolPattern};
use crate::tool_name::{DELIMITER, SEARCH_TOOL, ToolName};

/// The rules by what they say of tools.
#[derive(Debug, Default)]
pub(crate) struct ToolIndex {
    all: Vec<u32>,
    /// By the whole name.
    names: NameIndex,
    /// By the tool part of a prefixed name.
    tools: NameIndex,
    /// By the whole name, if it is unprefixed.
    unprefixed: NameIndex,
    /// Patterns with a wildcard in the target, by what that begins with: places in `parts`.
    parts_by_first: RadixTree,
    parts: Vec<(Glob, Glob, u32)>,
}

impl ToolIndex {
    /// Adds what a rule names.
    pub(crate) fn add(&mut self, pattern: &ToolPattern, reach: Reach<'_>, rule: u32) {
        match (pattern, reach) {
            (ToolPattern::All, _) => self.all.push(rule),
            (ToolPattern::Prefixed { target, tool }, Reach::Narrow(_)) => self.add_parts(target, tool, rule),
            (ToolPattern::Prefixed { target, tool }, Reach::Wide) => self.names.add(&whole(target, tool), rule),
            // The gateway's own tool has no target, also where others have a default one.
            (ToolPattern::Bare(tool), Reach::Narrow(_)) if tool.literal() == Some(SEARCH_TOOL) => {
                self.names.add_name(SEARCH_TOOL, rule);
            }
            (ToolPattern::Bare(tool), Reach::Narrow(Some(target))) => self.add_parts(&Glob::new(target), tool, rule),
            (ToolPattern::Bare(tool), Reach::Narrow(None)) => self.unprefixed.add(tool, rule),
            (ToolPattern::Bare(tool), Reach::Wide) => {
                self.tools.add(tool, rule);
                self.names.add(tool, rule);
            }
        }
    }

    /// How many patterns have a wildcard elsewhere than at the end. A bare one counts twice where it is matched with the name
    /// and with its tool part.
    pub(crate) fn inner_wildcards(&self) -> usize {
        let indexes = [&self.names, &self.tools, &self.unprefixed];
        indexes.iter().map(|index| index.inner_wildcards()).sum::<usize>() + self.parts.len()
    }

    /// Calls `visit` with each rule that names this tool, in no order, some perhaps twice.
    pub(crate) fn visit(&self, name: &ToolName<'_>, visit: &mut impl FnMut(u32)) {
        self.all.iter().copied().for_each(&mut *visit);
        self.names.visit(name.as_str(), visit);
        let Some(target) = name.target() else {
            self.unprefixed.visit(name.as_str(), visit);
            return;
        };
        self.tools.visit(name.tool(), visit);
        self.parts_by_first.visit(target, &mut |place| match self.parts.get(place as usize) {
            Some((own, tool, rule)) if own.matches(target) && tool.matches(name.tool()) => visit(*rule),
            Some(_) | None => {}
        });
    }

    /// A target and a tool: a wildcard does not cross what is between them.
    fn add_parts(&mut self, target: &Glob, tool: &Glob, rule: u32) {
        if target.literal().is_some() {
            self.names.add(&whole(target, tool), rule);
        } else if target.is_any() {
            self.tools.add(tool, rule);
        } else {
            self.parts_by_first.insert(target.first(), self.parts.len() as u32);
            self.parts.push((target.clone(), tool.clone(), rule));
        }
    }
}

fn whole(target: &Glob, tool: &Glob) -> Glob {
    Glob::new(&format!("{target}{DELIMITER}{tool}"))
}
