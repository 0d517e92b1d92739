//! From a tool's name to the rules that name it, at the cost of the name's length and not of the number of rules.
//!
//! Each pattern goes to the cheapest place that can hold it: exact names into hash tables, `prefix*` into a radix tree,
//! what is left (a wildcard inside) into one lazily built automaton for all patterns together.

use std::collections::HashMap;

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::pool::Pool;
use regex_automata::{Anchored, Input, MatchKind, PatternSet};

use crate::pattern::{Glob, ToolPattern};
use crate::tool_name::{DELIMITER, SEARCH_TOOL, ToolName};

/// How far a bare name reaches.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach<'t> {
    /// That name on this target, or an unprefixed tool if there is none: what an ALLOW means.
    OneTarget(Option<&'t str>),
    /// That name on every target and unprefixed: what a DENY or a redaction means.
    Everywhere,
}

/// Collects patterns for a [`ToolIndex`].
#[derive(Default)]
pub(crate) struct ToolIndexBuilder {
    all: Vec<u32>,
    names: HashMap<Box<str>, Vec<u32>>,
    tools: HashMap<Box<str>, Vec<u32>>,
    name_prefixes: RadixTree,
    tool_prefixes: RadixTree,
    unprefixed: RadixTree,
    expressions: Vec<Expression>,
}

impl ToolIndexBuilder {
    /// Adds what a rule names.
    pub(crate) fn add(&mut self, pattern: &ToolPattern, reach: Reach<'_>, rule: u32) {
        match (pattern, reach) {
            (ToolPattern::All, _) => self.all.push(rule),
            (ToolPattern::Prefixed { target, tool }, Reach::OneTarget(_)) => self.add_prefixed(target, tool, rule),
            (ToolPattern::Prefixed { target, tool }, Reach::Everywhere) => {
                self.add_name(&Glob::new(&format!("{target}{DELIMITER}{tool}")), rule);
            }
            // The gateway's own tool has no target, also where others have a default one.
            (ToolPattern::Bare(tool), Reach::OneTarget(_)) if tool.literal() == Some(SEARCH_TOOL) => {
                push(&mut self.names, SEARCH_TOOL, rule);
            }
            (ToolPattern::Bare(tool), Reach::OneTarget(Some(target))) => {
                self.add_prefixed(&Glob::new(target), tool, rule);
            }
            (ToolPattern::Bare(tool), Reach::OneTarget(None)) => match (tool.literal(), tool.prefix()) {
                (Some(name), _) => push(&mut self.names, name, rule),
                (None, Some(prefix)) => self.unprefixed.insert(prefix, rule),
                (None, None) => self.express(expression(tool, ANYWHERE), Names::Unprefixed, rule),
            },
            (ToolPattern::Bare(tool), Reach::Everywhere) => {
                self.add_on_every_target(tool, rule);
                self.add_name(tool, rule);
            }
        }
    }

    pub(crate) fn build(mut self) -> Result<ToolIndex, AutomatonTooLarge> {
        for rules in self.names.values_mut().chain(self.tools.values_mut()) {
            rules.sort_unstable();
            rules.dedup();
        }
        self.all.sort_unstable();
        let automaton = if self.expressions.is_empty() { None } else { Some(Automaton::new(self.expressions)?) };
        Ok(ToolIndex {
            all: self.all,
            names: self.names,
            tools: self.tools,
            name_prefixes: self.name_prefixes,
            tool_prefixes: self.tool_prefixes,
            unprefixed: self.unprefixed,
            automaton,
        })
    }

    /// Target and tool are matched apart: a wildcard does not cross the delimiter.
    fn add_prefixed(&mut self, target: &Glob, tool: &Glob, rule: u32) {
        match target.literal() {
            Some(literal) => self.add_name(&Glob::new(&format!("{literal}{DELIMITER}{tool}")), rule),
            None if target.is_any() => self.add_on_every_target(tool, rule),
            None => {
                let pattern = format!("{}{DELIMITER}{}", expression(target, IN_TARGET), expression(tool, ANYWHERE));
                self.express(pattern, Names::All, rule);
            }
        }
    }

    fn add_on_every_target(&mut self, tool: &Glob, rule: u32) {
        match (tool.literal(), tool.prefix()) {
            (Some(name), _) => push(&mut self.tools, name, rule),
            (None, Some(prefix)) => self.tool_prefixes.insert(prefix, rule),
            (None, None) => {
                let pattern = format!("{IN_TARGET}{DELIMITER}{}", expression(tool, ANYWHERE));
                self.express(pattern, Names::All, rule);
            }
        }
    }

    fn add_name(&mut self, name: &Glob, rule: u32) {
        match (name.literal(), name.prefix()) {
            (Some(literal), _) => push(&mut self.names, literal, rule),
            (None, Some(prefix)) => self.name_prefixes.insert(prefix, rule),
            (None, None) => self.express(expression(name, ANYWHERE), Names::All, rule),
        }
    }

    fn express(&mut self, pattern: String, names: Names, rule: u32) {
        self.expressions.push(Expression { pattern: format!("^(?:{pattern})$"), names, rule });
    }
}

/// A pattern with a wildcard inside.
struct Expression {
    pattern: String,
    names: Names,
    rule: u32,
}

/// Which names a pattern is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    All,
    Unprefixed,
}

/// The rules that name a tool.
pub(crate) struct ToolIndex {
    all: Vec<u32>,
    /// By the whole name.
    names: HashMap<Box<str>, Vec<u32>>,
    /// By the tool part of a prefixed name.
    tools: HashMap<Box<str>, Vec<u32>>,
    name_prefixes: RadixTree,
    tool_prefixes: RadixTree,
    unprefixed: RadixTree,
    automaton: Option<Automaton>,
}

impl ToolIndex {
    /// Calls `visit` with each rule that names this tool, in no order, some perhaps twice.
    pub(crate) fn visit(&self, name: &ToolName<'_>, mut visit: impl FnMut(u32)) -> Result<(), SearchFailed> {
        let text = name.as_str();
        self.all.iter().copied().for_each(&mut visit);
        self.names.get(text).into_iter().flatten().copied().for_each(&mut visit);
        self.name_prefixes.visit(text, &mut visit);
        match name.target() {
            Some(_) => {
                self.tools.get(name.tool()).into_iter().flatten().copied().for_each(&mut visit);
                self.tool_prefixes.visit(name.tool(), &mut visit);
            }
            None => self.unprefixed.visit(text, &mut visit),
        }
        match &self.automaton {
            Some(automaton) => automaton.visit(name, visit),
            None => Ok(()),
        }
    }

    /// The first rule, in the order of the numbers, that names this tool.
    pub(crate) fn first(&self, name: &ToolName<'_>) -> Result<Option<u32>, SearchFailed> {
        let mut first = None;
        self.visit(name, |rule| first = Some(first.map_or(rule, |least: u32| least.min(rule))))?;
        Ok(first)
    }
}

/// The automaton gave no answer: nothing is known about the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SearchFailed;

impl std::fmt::Debug for ToolIndex {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ToolIndex").field("names", &self.names.len()).finish_non_exhaustive()
    }
}

/// More wildcards inside patterns than the automaton's memory bound takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AutomatonTooLarge;

fn push(table: &mut HashMap<Box<str>, Vec<u32>>, key: &str, rule: u32) {
    table.entry(key.into()).or_default().push(rule);
}

/// Patterns with a wildcard inside, all followed at once.
struct Automaton {
    expressions: Vec<(Names, u32)>,
    dfa: DFA,
    scratch: Pool<Scratch, ScratchMaker>,
}

type Scratch = (Cache, PatternSet);
type ScratchMaker = Box<dyn Fn() -> Scratch + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>;

impl Automaton {
    fn new(expressions: Vec<Expression>) -> Result<Automaton, AutomatonTooLarge> {
        let patterns: Vec<&str> = expressions.iter().map(|expression| expression.pattern.as_str()).collect();
        let dfa = DFA::builder()
            .configure(
                DFA::config()
                    .match_kind(MatchKind::All)
                    .cache_capacity(AUTOMATON_CACHE_BYTES_MAX)
                    .skip_cache_capacity_check(true),
            )
            .thompson(thompson::Config::new().nfa_size_limit(Some(AUTOMATON_BYTES_MAX)).utf8(false))
            .build_many(&patterns)
            .map_err(|_| AutomatonTooLarge)?;
        let (for_scratch, count) = (dfa.clone(), expressions.len());
        let make: ScratchMaker = Box::new(move || (for_scratch.create_cache(), PatternSet::new(count)));
        let expressions = expressions.iter().map(|expression| (expression.names, expression.rule)).collect();
        Ok(Automaton { expressions, dfa, scratch: Pool::new(make) })
    }

    fn visit(&self, name: &ToolName<'_>, mut visit: impl FnMut(u32)) -> Result<(), SearchFailed> {
        let mut scratch = self.scratch.get();
        let (cache, matched) = &mut *scratch;
        matched.clear();
        let input = Input::new(name.as_str()).anchored(Anchored::Yes);
        self.dfa.try_which_overlapping_matches(cache, &input, matched).map_err(|_| SearchFailed)?;
        for pattern in matched.iter() {
            match self.expressions.get(pattern.as_usize()) {
                Some((Names::All, rule)) => visit(*rule),
                Some((Names::Unprefixed, rule)) if name.target().is_none() => visit(*rule),
                Some((Names::Unprefixed, _)) | None => {}
            }
        }
        Ok(())
    }
}

/// Memory for the automaton's states that are kept between two names, in bytes.
const AUTOMATON_CACHE_BYTES_MAX: usize = 4 << 20;

/// Memory for all patterns with a wildcard inside, in bytes. It also bounds the time for a name that was not seen before.
const AUTOMATON_BYTES_MAX: usize = 4 << 20;

const ANYWHERE: &str = "[A-Za-z0-9_.-]*";
const IN_TARGET: &str = "[A-Za-z0-9.-]*";

fn expression(glob: &Glob, wildcard: &str) -> String {
    let pieces: Vec<String> = glob.pieces().map(|piece| piece.replace('.', "\\.").replace('-', "\\-")).collect();
    pieces.join(wildcard)
}

/// Prefixes, found along the text.
#[derive(Default)]
struct RadixTree {
    label: Box<[u8]>,
    rules: Vec<u32>,
    children: Vec<RadixTree>,
}

impl RadixTree {
    fn insert(&mut self, prefix: &str, rule: u32) {
        self.insert_bytes(prefix.as_bytes(), rule);
    }

    fn insert_bytes(&mut self, rest: &[u8], rule: u32) {
        let Some(first) = rest.first() else {
            self.rules.push(rule);
            return;
        };
        let place = self.children.binary_search_by_key(first, |child| child.label.first().copied().unwrap_or(0));
        let index = match place {
            Ok(index) => index,
            Err(index) => {
                self.children.insert(index, RadixTree { label: rest.into(), ..RadixTree::default() });
                index
            }
        };
        let Some(child) = self.children.get_mut(index) else { return };
        let common = child.label.iter().zip(rest).take_while(|(left, right)| left == right).count();
        if common < child.label.len() {
            let lower = child.label.get(common..).unwrap_or_default().into();
            let upper = child.label.get(..common).unwrap_or_default().into();
            let lower = RadixTree {
                label: lower,
                rules: std::mem::take(&mut child.rules),
                children: std::mem::take(&mut child.children),
            };
            *child = RadixTree { label: upper, rules: Vec::new(), children: vec![lower] };
        }
        child.insert_bytes(rest.get(common..).unwrap_or_default(), rule);
    }

    fn visit(&self, text: &str, visit: &mut impl FnMut(u32)) {
        let mut node = self;
        let mut rest = text.as_bytes();
        loop {
            node.rules.iter().copied().for_each(&mut *visit);
            let Some(first) = rest.first() else { return };
            let place = node.children.binary_search_by_key(first, |child| child.label.first().copied().unwrap_or(0));
            let Some(child) = place.ok().and_then(|index| node.children.get(index)) else { return };
            let Some(after) = rest.strip_prefix(child.label.as_ref()) else { return };
            node = child;
            rest = after;
        }
    }
}
