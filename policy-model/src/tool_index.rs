//! From a tool's name to the rules that name it, at the cost of the name's length and not of the number of rules.
//!
//! Each pattern goes to the cheapest place that can hold it: exact names into hash tables, `prefix*` into radix trees. What is
//! left, with a wildcard inside, is found by what it begins with and then matched; there is a limit to how many of these a
//! policy has.

mod radix_tree;

use std::collections::HashMap;

use crate::pattern::{Glob, ToolPattern};
use crate::tool_name::{DELIMITER, SEARCH_TOOL, ToolName};
use radix_tree::RadixTree;

/// Most patterns with a wildcard inside, in the rules of one effect or in the redactions of a policy.
pub const INNER_WILDCARDS_MAX: usize = 256;

/// How far a bare name reaches.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach<'t> {
    /// That name on this target, or an unprefixed tool if there is none: what an ALLOW means.
    OneTarget(Option<&'t str>),
    /// That name on every target and unprefixed: what a DENY or a redaction means.
    Everywhere,
}

/// The rules that name a tool.
#[derive(Debug, Default)]
pub(crate) struct ToolIndex {
    all: Vec<u32>,
    /// By the whole name.
    names: HashMap<Box<str>, Vec<u32>>,
    /// By the tool part of a prefixed name.
    tools: HashMap<Box<str>, Vec<u32>>,
    name_prefixes: RadixTree,
    tool_prefixes: RadixTree,
    unprefixed: RadixTree,
    /// By what the whole name begins with, and by what its tool part does: places in `globs`.
    globs_by_name: RadixTree,
    globs_by_tool: RadixTree,
    globs: Vec<(Shape, u32)>,
}

/// A pattern with a wildcard inside, and what of a name it is matched with.
#[derive(Debug)]
enum Shape {
    /// The whole name.
    Name(Glob),
    /// The whole name, if it is unprefixed.
    Unprefixed(Glob),
    /// The tool part, if there is a target.
    Tool(Glob),
    /// Both parts: a wildcard does not cross the delimiter.
    Parts { target: Glob, tool: Glob },
}

impl ToolIndex {
    /// Adds what a rule names.
    pub(crate) fn add(&mut self, pattern: &ToolPattern, reach: Reach<'_>, rule: u32) {
        match (pattern, reach) {
            (ToolPattern::All, _) => self.all.push(rule),
            (ToolPattern::Prefixed { target, tool }, Reach::OneTarget(_)) => self.add_parts(target, tool, rule),
            (ToolPattern::Prefixed { target, tool }, Reach::Everywhere) => {
                self.add_name(Glob::new(&format!("{target}{DELIMITER}{tool}")), rule);
            }
            // The gateway's own tool has no target, also where others have a default one.
            (ToolPattern::Bare(tool), Reach::OneTarget(_)) if tool.literal() == Some(SEARCH_TOOL) => {
                push(&mut self.names, SEARCH_TOOL, rule);
            }
            (ToolPattern::Bare(tool), Reach::OneTarget(Some(target))) => self.add_parts(&Glob::new(target), tool, rule),
            (ToolPattern::Bare(tool), Reach::OneTarget(None)) => match (tool.literal(), tool.prefix()) {
                (Some(name), _) => push(&mut self.names, name, rule),
                (None, Some(prefix)) => self.unprefixed.insert(prefix, rule),
                (None, None) => self.add_glob(Shape::Unprefixed(tool.clone()), rule),
            },
            (ToolPattern::Bare(tool), Reach::Everywhere) => {
                self.add_tool(tool, rule);
                self.add_name(tool.clone(), rule);
            }
        }
    }

    /// Whether there are more patterns with a wildcard inside than [`INNER_WILDCARDS_MAX`]. A bare one counts twice where it
    /// is matched with the name and with its tool part.
    pub(crate) fn is_too_wild(&self) -> bool {
        self.globs.len() > INNER_WILDCARDS_MAX
    }

    /// Calls `visit` with each rule that names this tool, in no order, some perhaps twice.
    pub(crate) fn visit(&self, name: &ToolName<'_>, mut visit: impl FnMut(u32)) {
        let text = name.as_str();
        self.all.iter().copied().for_each(&mut visit);
        self.names.get(text).into_iter().flatten().copied().for_each(&mut visit);
        self.name_prefixes.visit(text, &mut visit);
        let mut visit_glob = |glob: u32| match self.globs.get(glob as usize) {
            Some((shape, rule)) if shape.matches(name) => visit(*rule),
            Some(_) | None => {}
        };
        self.globs_by_name.visit(text, &mut visit_glob);
        if name.target().is_some() {
            self.globs_by_tool.visit(name.tool(), &mut visit_glob);
            self.tools.get(name.tool()).into_iter().flatten().copied().for_each(&mut visit);
            self.tool_prefixes.visit(name.tool(), &mut visit);
        } else {
            self.unprefixed.visit(text, &mut visit);
        }
    }

    /// The first rule, in the order of the numbers, that names this tool.
    pub(crate) fn first(&self, name: &ToolName<'_>) -> Option<u32> {
        let mut first = None;
        self.visit(name, |rule| first = Some(first.map_or(rule, |least: u32| least.min(rule))));
        first
    }

    fn add_parts(&mut self, target: &Glob, tool: &Glob, rule: u32) {
        match target.literal() {
            Some(literal) => self.add_name(Glob::new(&format!("{literal}{DELIMITER}{tool}")), rule),
            None if target.is_any() => self.add_tool(tool, rule),
            None => self.add_glob(Shape::Parts { target: target.clone(), tool: tool.clone() }, rule),
        }
    }

    /// A tool on every target.
    fn add_tool(&mut self, tool: &Glob, rule: u32) {
        match (tool.literal(), tool.prefix()) {
            (Some(name), _) => push(&mut self.tools, name, rule),
            (None, Some(prefix)) => self.tool_prefixes.insert(prefix, rule),
            (None, None) => self.add_glob(Shape::Tool(tool.clone()), rule),
        }
    }

    fn add_name(&mut self, name: Glob, rule: u32) {
        match (name.literal(), name.prefix()) {
            (Some(literal), _) => push(&mut self.names, literal, rule),
            (None, Some(prefix)) => self.name_prefixes.insert(prefix, rule),
            (None, None) => self.add_glob(Shape::Name(name), rule),
        }
    }

    fn add_glob(&mut self, shape: Shape, rule: u32) {
        let place = self.globs.len() as u32;
        match &shape {
            Shape::Name(glob) | Shape::Unprefixed(glob) | Shape::Parts { target: glob, .. } => {
                self.globs_by_name.insert(glob.first(), place);
            }
            Shape::Tool(glob) => self.globs_by_tool.insert(glob.first(), place),
        }
        self.globs.push((shape, rule));
    }
}

impl Shape {
    fn matches(&self, name: &ToolName<'_>) -> bool {
        match self {
            Shape::Name(glob) => glob.matches(name.as_str()),
            Shape::Unprefixed(glob) => name.target().is_none() && glob.matches(name.as_str()),
            Shape::Tool(glob) => glob.matches(name.tool()),
            Shape::Parts { target, tool } => {
                name.target().is_some_and(|own| target.matches(own)) && tool.matches(name.tool())
            }
        }
    }
}

fn push(table: &mut HashMap<Box<str>, Vec<u32>>, key: &str, rule: u32) {
    table.entry(key.into()).or_default().push(rule);
}
