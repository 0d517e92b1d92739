//! What a path means: RFC 9535 without its spelling, and with its functions' types checked.

use super::regexp::{Reach, Regexp};

/// A way through a document.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) start: Start,
    pub(super) segments: Vec<Segment>,
}

/// Where a query begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum Start {
    /// `$`
    Root,
    /// `@`
    Current,
}

/// One step of the way: to children, or with `..` to the children of all descendants.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) is_descendant: bool,
    pub(super) steps: Vec<Step>,
}

/// A selector (RFC 9535, section 2.3).
#[derive(Debug, Clone)]
pub(super) enum Step {
    Name(String),
    Wildcard,
    Index(i64),
    Slice { start: Option<i64>, end: Option<i64>, step: i64 },
    Filter(Condition),
}

/// What a filter asks.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
    Exists(Query),
    Compare(Expression, Comparator, Expression),
    Matches(Expression, Pattern),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What gives one value, or nothing.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    /// A query of names and indexes only.
    Singular(Query),
    Length(Box<Expression>),
    Count(Query),
    Value(Query),
}

/// The second argument of `match` and `search`.
#[derive(Debug, Clone)]
pub(super) enum Pattern {
    /// As the path has it.
    Written(Regexp),
    /// As the document has it.
    Found(Expression, Reach),
}

impl Segment {
    /// The name, if this is a step to members of one name.
    pub(super) fn only_name(&self) -> Option<&str> {
        match self.only_step()? {
            Step::Name(name) => Some(name),
            Step::Wildcard | Step::Index(_) | Step::Slice { .. } | Step::Filter(_) => None,
        }
    }

    /// The selector, if this is a step to children with one selector.
    pub(super) fn only_step(&self) -> Option<&Step> {
        match self.steps.as_slice() {
            [only] if !self.is_descendant => Some(only),
            _ => None,
        }
    }

    /// Whether this selects one value at most from one value, as long as no name stands twice in an object.
    pub(super) fn is_singular(&self) -> bool {
        self.only_step().is_some_and(|step| match step {
            Step::Name(_) | Step::Index(_) => true,
            Step::Wildcard | Step::Slice { .. } | Step::Filter(_) => false,
        })
    }
}
