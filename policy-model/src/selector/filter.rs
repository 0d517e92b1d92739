//! Filters (`?@.price > 10`): RFC 9535, section 2.3.5, over values with exact numbers.

use std::cmp::Ordering;

use jsonpath_rust::parser::model::{
    Comparable, Comparison, Filter, FilterAtom, FnArg, JpQuery, Literal, Segment, Selector as Step, SingularQuery,
    SingularQuerySegment, Test, TestFunction,
};

use super::{Budget, SelectorError, check_segments, select};
use crate::json::{Kind, Value, compare_numbers};

/// Refuses what cannot be evaluated exactly or in linear time.
pub(super) fn check(filter: &Filter, steps: &mut usize) -> Result<(), SelectorError> {
    *steps += 1;
    match filter {
        Filter::Or(filters) | Filter::And(filters) => filters.iter().try_for_each(|filter| check(filter, steps)),
        Filter::Atom(FilterAtom::Filter { expr, .. }) => check(expr, steps),
        Filter::Atom(FilterAtom::Test { expr, .. }) => match expr.as_ref() {
            Test::RelQuery(segments) => check_query(segments, steps),
            Test::AbsQuery(_) => Err(SelectorError::FilterReach),
            // Only functions whose result is a truth may stand alone, and those are the ones below that are not supported.
            Test::Function(_) => Err(SelectorError::Function),
        },
        Filter::Atom(FilterAtom::Comparison(comparison)) => {
            let (left, right) = comparison.vals();
            check_comparable(left, steps)?;
            check_comparable(right, steps)
        }
    }
}

fn check_comparable(comparable: &Comparable, steps: &mut usize) -> Result<(), SelectorError> {
    match comparable {
        Comparable::Literal(Literal::Float(number)) if !number.is_finite() => Err(SelectorError::Syntax),
        Comparable::SingularQuery(SingularQuery::Root(_)) => Err(SelectorError::FilterReach),
        Comparable::Literal(_) | Comparable::SingularQuery(SingularQuery::Current(_)) => Ok(()),
        Comparable::Function(function) => check_function(function, steps),
    }
}

fn check_function(function: &TestFunction, steps: &mut usize) -> Result<(), SelectorError> {
    *steps += 1;
    match function {
        TestFunction::Length(argument) => match argument.as_ref() {
            FnArg::Literal(_) => Ok(()),
            FnArg::Filter(_) => Err(SelectorError::Syntax),
            FnArg::Test(test) => match test.as_ref() {
                Test::Function(function) => check_function(function, steps),
                // Its argument is a value: a query must be unable to select two.
                Test::RelQuery(segments) if segments.iter().all(is_singular) => check_query(segments, steps),
                Test::AbsQuery(JpQuery { segments }) if segments.iter().all(is_singular) => {
                    Err(SelectorError::FilterReach)
                }
                Test::RelQuery(_) | Test::AbsQuery(_) => Err(SelectorError::Syntax),
            },
        },
        TestFunction::Count(argument) | TestFunction::Value(argument) => match argument {
            FnArg::Literal(_) | FnArg::Filter(_) => Err(SelectorError::Syntax),
            FnArg::Test(test) => match test.as_ref() {
                Test::RelQuery(segments) => check_query(segments, steps),
                Test::AbsQuery(_) => Err(SelectorError::FilterReach),
                Test::Function(_) => Err(SelectorError::Syntax),
            },
        },
        TestFunction::Search(..) | TestFunction::Match(..) | TestFunction::Custom(..) => Err(SelectorError::Function),
    }
}

/// A query that stays near the value it begins at.
fn check_query(segments: &[Segment], steps: &mut usize) -> Result<(), SelectorError> {
    let is_far = |step: &Step| match step {
        Step::Filter(_) => true,
        Step::Name(_) | Step::Wildcard | Step::Index(_) | Step::Slice(..) => false,
    };
    for segment in segments {
        let is_far = match segment {
            Segment::Descendant(_) => true,
            Segment::Selector(step) => is_far(step),
            Segment::Selectors(list) => list.iter().any(is_far),
        };
        if is_far {
            return Err(SelectorError::FilterReach);
        }
    }
    check_segments(segments, steps)
}

fn is_singular(segment: &Segment) -> bool {
    match segment {
        Segment::Selector(Step::Name(_) | Step::Index(_)) => true,
        Segment::Selector(Step::Wildcard | Step::Slice(..) | Step::Filter(_))
        | Segment::Selectors(_)
        | Segment::Descendant(_) => false,
    }
}

/// Whether the filter holds for `current`.
pub(super) fn holds(filter: &Filter, current: Value<'_>, budget: &Budget) -> bool {
    match filter {
        Filter::Or(filters) => filters.iter().any(|filter| holds(filter, current, budget)),
        Filter::And(filters) => filters.iter().all(|filter| holds(filter, current, budget)),
        Filter::Atom(FilterAtom::Filter { expr, not }) => holds(expr, current, budget) != *not,
        Filter::Atom(FilterAtom::Test { expr, not }) => test(expr, current, budget).is_empty() == *not,
        Filter::Atom(FilterAtom::Comparison(comparison)) => compare(comparison, current, budget),
    }
}

fn test<'d>(test: &Test, current: Value<'d>, budget: &Budget) -> Vec<Value<'d>> {
    match test {
        Test::RelQuery(segments) => select(segments, current, budget),
        Test::AbsQuery(_) | Test::Function(_) => Vec::new(),
    }
}

/// One side of a comparison.
enum Operand<'d> {
    Nothing,
    Json(Value<'d>),
    Text(String),
    Number(String),
    Bool(bool),
    Null,
}

fn compare(comparison: &Comparison, current: Value<'_>, budget: &Budget) -> bool {
    let (left, right) = comparison.vals();
    let (left, right) = (operand(left, current, budget), operand(right, current, budget));
    match comparison {
        Comparison::Eq(..) => equal(&left, &right),
        Comparison::Ne(..) => !equal(&left, &right),
        Comparison::Lt(..) => order(&left, &right) == Some(Ordering::Less),
        Comparison::Gt(..) => order(&left, &right) == Some(Ordering::Greater),
        Comparison::Lte(..) => equal(&left, &right) || order(&left, &right) == Some(Ordering::Less),
        Comparison::Gte(..) => equal(&left, &right) || order(&left, &right) == Some(Ordering::Greater),
    }
}

fn operand<'d>(comparable: &Comparable, current: Value<'d>, budget: &Budget) -> Operand<'d> {
    match comparable {
        Comparable::Literal(Literal::Int(number)) => Operand::Number(number.to_string()),
        Comparable::Literal(Literal::Float(number)) => Operand::Number(number.to_string()),
        Comparable::Literal(Literal::String(text)) => Operand::Text(text.clone()),
        Comparable::Literal(Literal::Bool(is_true)) => Operand::Bool(*is_true),
        Comparable::Literal(Literal::Null) => Operand::Null,
        Comparable::SingularQuery(SingularQuery::Current(segments)) => singular(segments, current, budget),
        Comparable::SingularQuery(SingularQuery::Root(_)) => Operand::Nothing,
        Comparable::Function(function) => call(function, current, budget),
    }
}

fn singular<'d>(segments: &[SingularQuerySegment], from: Value<'d>, budget: &Budget) -> Operand<'d> {
    let step = |value: Value<'d>, segment: &SingularQuerySegment| {
        budget.charge(value.len());
        match segment {
            SingularQuerySegment::Name(name) => value.get(name),
            SingularQuerySegment::Index(index) => super::element(value, *index),
        }
    };
    segments.iter().try_fold(from, step).map_or(Operand::Nothing, Operand::from)
}

fn call<'d>(function: &TestFunction, current: Value<'d>, budget: &Budget) -> Operand<'d> {
    let nodes = |argument: &FnArg| match argument {
        FnArg::Test(inner) => test(inner, current, budget),
        FnArg::Literal(_) | FnArg::Filter(_) => Vec::new(),
    };
    let only = |argument: &FnArg| match (argument, nodes(argument).as_slice()) {
        (_, [only]) => Operand::from(*only),
        (FnArg::Literal(Literal::String(text)), _) => Operand::Text(text.clone()),
        (FnArg::Test(inner), []) => match inner.as_ref() {
            Test::Function(function) => call(function, current, budget),
            Test::RelQuery(_) | Test::AbsQuery(_) => Operand::Nothing,
        },
        (FnArg::Literal(_) | FnArg::Filter(_) | FnArg::Test(_), _) => Operand::Nothing,
    };
    match function {
        TestFunction::Count(argument) => Operand::Number(nodes(argument).len().to_string()),
        TestFunction::Value(argument) => only(argument),
        TestFunction::Length(argument) => {
            let length = match only(argument) {
                Operand::Text(text) => Some(text.chars().count()),
                Operand::Json(value) => Some(value.len()),
                Operand::Nothing | Operand::Number(_) | Operand::Bool(_) | Operand::Null => None,
            };
            length.map_or(Operand::Nothing, |length| Operand::Number(length.to_string()))
        }
        TestFunction::Search(..) | TestFunction::Match(..) | TestFunction::Custom(..) => Operand::Nothing,
    }
}

impl<'d> From<Value<'d>> for Operand<'d> {
    fn from(value: Value<'d>) -> Operand<'d> {
        match value.kind() {
            Kind::Null => Operand::Null,
            Kind::Bool => Operand::Bool(value.text() == "true"),
            Kind::Number => Operand::Number(value.text().to_owned()),
            Kind::String => Operand::Text(value.as_str().unwrap_or_default().into_owned()),
            Kind::Array | Kind::Object => Operand::Json(value),
        }
    }
}

fn equal(left: &Operand<'_>, right: &Operand<'_>) -> bool {
    match (left, right) {
        (Operand::Nothing, Operand::Nothing) | (Operand::Null, Operand::Null) => true,
        (Operand::Json(left), Operand::Json(right)) => left.equals(*right),
        (Operand::Text(left), Operand::Text(right)) => left == right,
        (Operand::Number(left), Operand::Number(right)) => compare_numbers(left, right) == Some(Ordering::Equal),
        (Operand::Bool(left), Operand::Bool(right)) => left == right,
        (
            Operand::Nothing
            | Operand::Null
            | Operand::Json(_)
            | Operand::Text(_)
            | Operand::Number(_)
            | Operand::Bool(_),
            _,
        ) => false,
    }
}

fn order(left: &Operand<'_>, right: &Operand<'_>) -> Option<Ordering> {
    match (left, right) {
        (Operand::Text(left), Operand::Text(right)) => Some(left.cmp(right)),
        (Operand::Number(left), Operand::Number(right)) => compare_numbers(left, right),
        (
            Operand::Nothing
            | Operand::Null
            | Operand::Json(_)
            | Operand::Text(_)
            | Operand::Number(_)
            | Operand::Bool(_),
            _,
        ) => None,
    }
}
