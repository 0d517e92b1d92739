//! The paths and conditions of all rules, each with its place in what Cedar is asked with.

use crate::cedar::spellings::Spellings;
use crate::path::Path;
use crate::policy::{Condition, Layers, Operator};

/// All of them, without repetition.
pub(crate) struct Numbered<'l> {
    pub(crate) paths: Vec<NumberedPath<'l>>,
    pub(crate) conditions: Vec<NumberedCondition<'l>>,
}

/// A path, and what is needed of the values that it selects.
pub(crate) struct NumberedPath<'l> {
    pub(crate) path: &'l Path,
    pub(crate) spellings: Spellings,
    pub(crate) needs: Needs,
}

/// What of a value is compared beside its kind and content.
#[derive(Default, Clone, Copy)]
pub(crate) struct Needs {
    pub(crate) address: bool,
    pub(crate) time: bool,
    /// What makes it comparable with another value that is not known before.
    pub(crate) key: bool,
}

/// A condition with the numbers of its paths.
pub(crate) struct NumberedCondition<'l> {
    pub(crate) condition: &'l Condition,
    pub(crate) path: usize,
    pub(crate) value_path: Option<usize>,
}

impl<'l> Numbered<'l> {
    pub(crate) fn new(layers: &'l Layers) -> Numbered<'l> {
        let mut numbered = Numbered { paths: Vec::new(), conditions: Vec::new() };
        for condition in layers.rules().flat_map(|(_, rule)| &rule.conditions) {
            if numbered.conditions.iter().any(|other| other.condition == condition) {
                continue;
            }
            let value_path =
                condition.value_path().map(|path| numbered.add(path, Needs { key: true, ..Needs::default() }));
            let needs = Needs {
                address: condition.operator == Operator::InCidr,
                time: condition.operator == Operator::Between,
                key: condition.operator == Operator::Contains || value_path.is_some(),
            };
            let path = numbered.add(&condition.path, needs);
            numbered.conditions.push(NumberedCondition { condition, path, value_path });
        }
        numbered
    }

    fn add(&mut self, path: &'l Path, needs: Needs) -> usize {
        let found = self.paths.iter().position(|other| other.path == path);
        let number = found.unwrap_or(self.paths.len());
        if found.is_none() {
            self.paths.push(NumberedPath { path, spellings: Spellings::of(path), needs });
        }
        let own = &mut self.paths[number].needs;
        own.address |= needs.address;
        own.time |= needs.time;
        own.key |= needs.key;
        number
    }

    /// Where Cedar finds the values of a path.
    pub(crate) fn place(&self, path: &Path) -> String {
        let number = self.paths.iter().position(|other| other.path == path).unwrap();
        format!("{}.p{number}", if is_callers(path) { "principal" } else { "context" })
    }

    /// Where Cedar finds what it cannot compute of a condition.
    pub(crate) fn outside(&self, condition: &Condition) -> String {
        let number = self.conditions.iter().position(|other| other.condition == condition).unwrap();
        format!("context.c{number}")
    }
}

/// Whether a path looks at the caller only, so that what it selects is an attribute of the principal.
pub(crate) fn is_callers(path: &Path) -> bool {
    ["claims", "user", "tenant", "agent"].contains(&path.root)
}
