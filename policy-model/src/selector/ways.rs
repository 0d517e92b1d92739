//! Paths that can be followed without looking ahead: nothing but names, wildcards and elements counted from the start.

use super::Selector;
use super::path::{Segment, Step};

/// A segment of such a path.
#[derive(Debug)]
pub(crate) struct Way<'s> {
    pub(crate) is_descendant: bool,
    pub(crate) steps: Vec<WayStep<'s>>,
}

/// To which children it goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WayStep<'s> {
    Name(&'s str),
    Wildcard,
    /// The elements `first`, `first + step` and so on before `end`.
    Elements {
        first: u64,
        end: u64,
        step: u64,
    },
}

impl Selector {
    /// The path's segments; `None` if one of them has a filter or counts from the end of an array.
    pub(crate) fn ways(&self) -> Option<Vec<Way<'_>>> {
        self.query.segments.iter().map(Segment::way).collect()
    }

    /// The last names on the path: of each value that it selects one of these is the name, or the name of what it is in. None
    /// if it has no names.
    pub(crate) fn last_names(&self) -> Vec<&str> {
        self.query.segments.iter().rev().find_map(Segment::names).unwrap_or_default()
    }
}

impl Segment {
    /// The names that it goes to, if it goes nowhere else.
    fn names(&self) -> Option<Vec<&str>> {
        self.steps.iter().map(Step::name).collect()
    }

    fn way(&self) -> Option<Way<'_>> {
        let steps = self.steps.iter().map(Step::way).collect::<Option<Vec<Option<WayStep<'_>>>>>()?;
        Some(Way { is_descendant: self.is_descendant, steps: steps.into_iter().flatten().collect() })
    }
}

impl Step {
    fn name(&self) -> Option<&str> {
        match self {
            Step::Name(name) => Some(name),
            Step::Wildcard | Step::Index(_) | Step::Slice { .. } | Step::Filter(_) => None,
        }
    }

    /// `None` if it looks ahead; inside, `None` if it goes nowhere.
    fn way(&self) -> Option<Option<WayStep<'_>>> {
        let count = |number: i64| u64::try_from(number).ok();
        match self {
            Step::Name(name) => Some(Some(WayStep::Name(name))),
            Step::Wildcard => Some(Some(WayStep::Wildcard)),
            Step::Index(index) => {
                let first = count(*index)?;
                Some(Some(WayStep::Elements { first, end: first + 1, step: 1 }))
            }
            Step::Slice { step: 0, .. } => Some(None),
            Step::Slice { start, end, step } => {
                let (first, end) = (count(start.unwrap_or(0))?, end.map_or(Some(u64::MAX), count)?);
                Some(Some(WayStep::Elements { first, end, step: count(*step)? }))
            }
            Step::Filter(_) => None,
        }
    }
}
