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

impl Query {
    /// Adds all names of the query but those of roots, those inside filters included.
    pub(super) fn mentions<'q>(&'q self, names: &mut Vec<&'q str>) {
        let roots = match self.start {
            Start::Root => 1,
            Start::Current => 0,
        };
        for step in self.segments.iter().skip(roots).flat_map(|segment| &segment.steps) {
            match step {
                Step::Name(name) => names.push(name),
                Step::Filter(condition) => condition.mentions(names),
                Step::Wildcard | Step::Index(_) | Step::Slice { .. } => {}
            }
        }
    }
}

impl Condition {
    fn mentions<'q>(&'q self, names: &mut Vec<&'q str>) {
        match self {
            Condition::Any(conditions) | Condition::All(conditions) => {
                conditions.iter().for_each(|condition| condition.mentions(names));
            }
            Condition::Not(condition) => condition.mentions(names),
            Condition::Exists(query) => query.mentions(names),
            Condition::Compare(left, _, right) => {
                left.mentions(names);
                right.mentions(names);
            }
            Condition::Matches(text, pattern) => {
                text.mentions(names);
                match pattern {
                    Pattern::Written(_) => {}
                    Pattern::Found(expression, _) => expression.mentions(names),
                }
            }
        }
    }
}

impl Expression {
    fn mentions<'q>(&'q self, names: &mut Vec<&'q str>) {
        match self {
            Expression::Singular(query) | Expression::Count(query) | Expression::Value(query) => query.mentions(names),
            Expression::Length(expression) => expression.mentions(names),
            Expression::Null | Expression::Bool(_) | Expression::Number(_) | Expression::Text(_) => {}
        }
    }
}

impl Step {
    /// Whether what it takes is no more than what there is below a value.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Step::Name(_) | Step::Wildcard | Step::Index(_) => true,
            Step::Slice { .. } | Step::Filter(_) => false,
        }
    }
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

    /// Whether one of its selectors counts elements.
    pub(super) fn has_number(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Index(_) | Step::Slice { .. } => true,
            Step::Name(_) | Step::Wildcard | Step::Filter(_) => false,
        })
    }

    /// Whether this selects one value at most from one value, as long as no name stands twice in an object.
    pub(super) fn is_singular(&self) -> bool {
        self.only_step().is_some_and(|step| match step {
            Step::Name(_) | Step::Index(_) => true,
            Step::Wildcard | Step::Slice { .. } | Step::Filter(_) => false,
        })
    }
}
