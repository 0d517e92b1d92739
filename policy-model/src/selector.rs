//! Which values a path selects (RFC 9535).
//!
//! `jsonpath-rust` parses; the evaluation is here, over spans, so that a selected value is a place in the text. In reading
//! order: `limits` is what a text must keep before it is parsed, `path` is what it means, `compile` makes the one from the
//! other, `evaluation` follows it through documents, `condition` asks the filters, `regexp` is their `match` and `search`.

mod budget;
mod compile;
mod condition;
mod error;
mod evaluation;
mod limits;
mod path;
mod plain;
mod regexp;
mod selection;
#[cfg(test)]
mod tests;
mod vacuous;
mod ways;

use crate::json::Value;
pub(crate) use budget::{Budget, text_work};
use compile::Compiler;
pub use error::SelectorError;
use evaluation::Evaluation;
pub use limits::{PATH_BYTES_MAX, PATH_DEPTH_MAX, PATH_DESCENDANTS_MAX, PATH_FILTERS_MAX, PATH_STEPS_MAX};
use path::{Query, Segment, Step};
pub(crate) use selection::Selection;
pub(crate) use ways::{Way, WayStep};

/// A path.
#[derive(Debug, Clone)]
pub(crate) struct Selector {
    query: Query,
    roots: Vec<&'static str>,
    patterns_size: usize,
    folds_case: bool,
}

/// What `$` is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin<'c, 'd> {
    /// This value.
    Value(Value<'d>),
    /// An object with these members, which need not be of one document; no path selects the object itself.
    Members(&'c [(&'static str, Option<Value<'d>>)]),
}

impl Selector {
    /// A path that may begin anywhere.
    pub(crate) fn parse(text: &str) -> Result<Selector, SelectorError> {
        Selector::compile(text, Compiler::default())
    }

    /// A path whose every `$`, also inside filters, goes on with one of `names`: `$.claims.x` or `$['arguments'][0]`.
    pub(crate) fn parse_rooted(text: &str, names: &'static [&'static str]) -> Result<Selector, SelectorError> {
        Selector::compile(text, Compiler::rooted(names))
    }

    /// The same path, with names that match in any case.
    pub(crate) fn folding_case(self, folds_case: bool) -> Selector {
        Selector { folds_case, ..self }
    }

    /// Whether its names match in any case.
    pub(crate) fn folds_case(&self) -> bool {
        self.folds_case
    }

    /// The selected values, each once and in the order of the text, which is the nodelist of RFC 9535 as a set. Of a member
    /// whose name stands twice in an object, both. If the budget runs out, some may be missing or too many.
    ///
    /// From members, a path that does not begin with the name of one selects nothing.
    pub(crate) fn select<'d>(&self, origin: Origin<'_, 'd>, budget: &Budget) -> Selection<'d> {
        Evaluation::new(origin, budget, self.folds_case).nodes(&self.query, None)
    }

    /// The members of the origin that a rooted path looks into, those inside filters included.
    pub(crate) fn roots(&self) -> Vec<&'static str> {
        self.roots.clone()
    }

    /// The names of a path that consists of nothing but names, without the `$`.
    pub(crate) fn names(&self) -> Option<Vec<&str>> {
        self.query.segments.iter().map(Segment::only_name).collect()
    }

    /// The names at the beginning of a path, without the `$`.
    pub(crate) fn leading_names(&self) -> Vec<&str> {
        self.query.segments.iter().map_while(Segment::only_name).collect()
    }

    /// Whether it surely selects nothing, whatever the document. May say no where it does not see it.
    pub(crate) fn selects_nothing(&self) -> bool {
        self.query.is_vacuous()
    }

    /// Whether its last step goes to elements by their number.
    pub(crate) fn ends_in_number(&self) -> bool {
        self.query.segments.last().is_some_and(Segment::has_number)
    }

    /// All names that a rooted path has behind its roots, those inside filters included.
    pub(crate) fn mentions(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.query.mentions(&mut names);
        names
    }

    /// A bound on what selecting from values of this many bytes takes; none for filters, descendants and several selectors in one step.
    pub(crate) fn work_at_most(&self, bytes: u64) -> Option<u64> {
        let is_plain = |segment: &Segment| segment.only_step().is_some_and(Step::is_plain);
        let steps = self.query.segments.len() as u64;
        // Each step looks at the children of values that do not overlap, and perhaps once more where the way forks.
        self.query.segments.iter().all(is_plain).then(|| steps.saturating_mul(4 * bytes + 4).saturating_add(1))
    }

    /// The size of the path's regular expressions: each takes at most 160 bytes and half a microsecond of parsing.
    pub(crate) fn patterns_size(&self) -> usize {
        self.patterns_size
    }

    fn compile(text: &str, mut compiler: Compiler) -> Result<Selector, SelectorError> {
        let query = compiler.compile(text)?;
        Ok(Selector { query, roots: compiler.roots, patterns_size: compiler.patterns_size, folds_case: false })
    }
}
