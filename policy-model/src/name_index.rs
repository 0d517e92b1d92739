//! From a name to the rules whose pattern fits it, at the cost of the name's length and not of the number of rules.
//!
//! Each pattern goes to the cheapest place that can hold it: exact names into a hash table, `prefix*` into a radix tree. What is
//! left, with a wildcard elsewhere, is found by what it begins with and then matched; there is a limit to how many of these a
//! policy has.

mod radix_tree;

use std::collections::HashMap;

use crate::pattern::Glob;
pub(crate) use radix_tree::RadixTree;

/// The rules by the patterns of one kind of name.
#[derive(Debug, Default)]
pub(crate) struct NameIndex {
    all: Vec<u32>,
    exact: HashMap<Box<str>, Vec<u32>, foldhash::fast::RandomState>,
    prefixes: RadixTree,
    /// By what the pattern begins with: places in `globs`.
    globs_by_first: RadixTree,
    globs: Vec<(Glob, u32)>,
}

impl NameIndex {
    pub(crate) fn add(&mut self, pattern: &Glob, rule: u32) {
        match (pattern.literal(), pattern.prefix()) {
            (Some(name), _) => self.add_name(name, rule),
            (None, Some("")) => self.all.push(rule),
            (None, Some(prefix)) => self.prefixes.insert(prefix, rule),
            (None, None) => {
                self.globs_by_first.insert(pattern.first(), self.globs.len() as u32);
                self.globs.push((pattern.clone(), rule));
            }
        }
    }

    pub(crate) fn add_name(&mut self, name: &str, rule: u32) {
        self.exact.entry(name.into()).or_default().push(rule);
    }

    /// How many of the patterns have a wildcard elsewhere than at the end.
    pub(crate) fn inner_wildcards(&self) -> usize {
        self.globs.len()
    }

    /// Calls `visit` with each rule whose pattern fits, in no order, some perhaps twice.
    pub(crate) fn visit(&self, name: &str, visit: &mut impl FnMut(u32)) {
        self.all.iter().copied().for_each(&mut *visit);
        self.exact.get(name).into_iter().flatten().copied().for_each(&mut *visit);
        self.prefixes.visit(name, visit);
        self.globs_by_first.visit(name, &mut |glob| match self.globs.get(glob as usize) {
            Some((glob, rule)) if glob.matches(name) => visit(*rule),
            Some(_) | None => {}
        });
    }

    /// Calls `visit` with each rule whose pattern fits all that another fits. May pass over some.
    pub(crate) fn visit_covering(&self, pattern: &Glob, visit: &mut impl FnMut(u32)) {
        // A character that no name has stands for any run: only a wildcard fits it.
        self.visit(&pattern.with_runs("\u{0}"), visit);
    }
}
