//! Paths that select nothing in any document.

use std::cmp::Ordering;

use super::path::{Comparator, Condition, Expression, Query, Segment, Step};
use crate::json::compare_numbers;

impl Query {
    /// Whether it surely selects nothing. May say no where it does not see it.
    pub(super) fn is_vacuous(&self) -> bool {
        self.segments.iter().any(Segment::is_vacuous)
    }
}

impl Segment {
    fn is_vacuous(&self) -> bool {
        self.steps.iter().all(Step::is_vacuous)
    }
}

impl Step {
    fn is_vacuous(&self) -> bool {
        match self {
            Step::Name(_) | Step::Wildcard | Step::Index(_) => false,
            Step::Slice { start, end, step } => is_empty_slice(*start, *end, *step),
            Step::Filter(condition) => condition.is_never(),
        }
    }
}

/// RFC 9535, section 2.3.4.2.2, for arrays of every length.
fn is_empty_slice(start: Option<i64>, end: Option<i64>, step: i64) -> bool {
    let on_one_side = |first: i64, second: i64| (first < 0) == (second < 0);
    match (step.cmp(&0), start, end) {
        (Ordering::Equal, _, _) => true,
        (Ordering::Greater, _, Some(0)) => true,
        (Ordering::Greater, start, Some(end)) => {
            let start = start.unwrap_or(0);
            on_one_side(start, end) && start >= end
        }
        (Ordering::Greater, _, None) => false,
        (Ordering::Less, start, Some(end)) => {
            let start = start.unwrap_or(-1);
            on_one_side(start, end) && start <= end
        }
        (Ordering::Less, _, None) => false,
    }
}

impl Condition {
    fn is_never(&self) -> bool {
        match self {
            Condition::Any(conditions) => conditions.iter().all(Condition::is_never),
            Condition::All(conditions) => conditions.iter().any(Condition::is_never),
            Condition::Not(condition) => condition.is_always(),
            Condition::Exists(query) => query.is_vacuous(),
            Condition::Compare(left, comparator, right) => truth(left, *comparator, right) == Some(false),
            // A text to match is a string.
            Condition::Matches(text, _) => match text {
                Expression::Null
                | Expression::Bool(_)
                | Expression::Number(_)
                | Expression::Length(_)
                | Expression::Count(_) => true,
                Expression::Text(_) => false,
                Expression::Singular(query) | Expression::Value(query) => query.is_vacuous(),
            },
        }
    }

    fn is_always(&self) -> bool {
        match self {
            Condition::Any(conditions) => conditions.iter().any(Condition::is_always),
            Condition::All(conditions) => conditions.iter().all(Condition::is_always),
            Condition::Not(condition) => condition.is_never(),
            Condition::Exists(query) => query.segments.is_empty(),
            Condition::Compare(left, comparator, right) => truth(left, *comparator, right) == Some(true),
            Condition::Matches(..) => false,
        }
    }
}

/// The truth of a comparison that is the same for every document.
fn truth(left: &Expression, comparator: Comparator, right: &Expression) -> Option<bool> {
    let (equal, order) = match (left, right) {
        (Expression::Null, Expression::Null) => (Some(true), Some(None)),
        (Expression::Bool(left), Expression::Bool(right)) => (Some(left == right), Some(None)),
        (Expression::Text(left), Expression::Text(right)) => (Some(left == right), Some(Some(left.cmp(right)))),
        (Expression::Number(left), Expression::Number(right)) => {
            let order = compare_numbers(left, right);
            (order.map(Ordering::is_eq), order.map(Some))
        }
        // Nothing is ordered before or after null and booleans; what else there is may still equal them.
        (Expression::Null | Expression::Bool(_), other) | (other, Expression::Null | Expression::Bool(_)) => {
            (kind(other).map(|_| false), Some(None))
        }
        (left, right) => match (kind(left), kind(right)) {
            (Some(left), Some(right)) if left != right => (Some(false), Some(None)),
            (_, _) => (None, None),
        },
    };
    match comparator {
        Comparator::Equal => equal,
        Comparator::NotEqual => equal.map(|equal| !equal),
        Comparator::Less => order.map(|order| order == Some(Ordering::Less)),
        Comparator::Greater => order.map(|order| order == Some(Ordering::Greater)),
        Comparator::LessOrEqual => Some(equal? || order? == Some(Ordering::Less)),
        Comparator::GreaterOrEqual => Some(equal? || order? == Some(Ordering::Greater)),
    }
}

#[derive(PartialEq, Eq)]
enum Type {
    Null,
    Bool,
    Number,
    Text,
}

/// The type of what is written out, or counted; a length may also be nothing.
fn kind(expression: &Expression) -> Option<Type> {
    match expression {
        Expression::Null => Some(Type::Null),
        Expression::Bool(_) => Some(Type::Bool),
        Expression::Number(_) | Expression::Count(_) | Expression::Length(_) => Some(Type::Number),
        Expression::Text(_) => Some(Type::Text),
        Expression::Singular(_) | Expression::Value(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Selector;

    #[test]
    fn a_path_that_selects_nothing_is_known() {
        for path in [
            "$.a[0:0]",
            "$[5:2]",
            "$[-1:-3]",
            "$[:0]",
            "$[::0]",
            "$[1:3:-1]",
            "$[:-1:-1]",
            "$[0:0, ?1=='a'].b",
            "$[?1=='a']",
            "$[?1==2]",
            "$[?'b'<'a']",
            "$[?@.a < null]",
            "$[?@.a > true]",
            "$[?count(@.*) == 'a']",
            "$[?length(@.a) == 'a']",
            "$[?@.a == 1 && 1 == 2]",
            "$[?1 == 2 || 'a' == 1]",
            "$[?!@]",
            "$[?@.a[::0]]",
            "$[?match(1, 'a')]",
        ] {
            assert!(Selector::parse(path).unwrap().selects_nothing(), "{path}");
        }
    }

    #[test]
    fn a_path_that_may_select_something_is_left_alone() {
        for path in [
            "$",
            "$.a[0:1]",
            "$[-1:]",
            "$[-3:2]",
            "$[2:-1]",
            "$[::-1]",
            "$[3:1:-1]",
            "$[:1:-1]",
            "$[0:0, 1]",
            "$[?1==1]",
            "$[?1!='a']",
            "$[?@.a == null]",
            "$[?@.a <= null]",
            "$[?@.a == 'a' || 1 == 2]",
            "$[?length(@.a) != 'a']",
            "$[?length(@.a) == @.b]",
            "$[?!@.a]",
            "$[?@.a == 'a']",
            "$[?match(@.a, 'a')]",
        ] {
            assert!(!Selector::parse(path).unwrap().selects_nothing(), "{path}");
        }
    }
}
