//! Whether a filter (`?@.price > 10`) holds: RFC 9535, sections 2.3.5 and 2.4, over values with exact numbers.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::budget::text_work;
use super::evaluation::Evaluation;
use super::path::{Comparator, Condition, Expression, Pattern};
use super::regexp::{FoundRegexp, Reach, Regexp};
use crate::json::{Kind, Value, compare_numbers};

impl<'d> Evaluation<'_, 'd> {
    /// Whether the condition holds for `current`.
    pub(super) fn holds(&self, condition: &Condition, current: Value<'d>) -> bool {
        match condition {
            Condition::Any(conditions) => conditions.iter().any(|condition| self.holds(condition, current)),
            Condition::All(conditions) => conditions.iter().all(|condition| self.holds(condition, current)),
            Condition::Not(condition) => !self.holds(condition, current),
            Condition::Exists(query) => !self.nodes(query, Some(current)).is_empty(),
            Condition::Compare(left, comparator, right) => {
                let (left, right) = (self.operand(left, current), self.operand(right, current));
                self.compare(&left, *comparator, &right)
            }
            Condition::Matches(text, pattern) => match self.operand(text, current) {
                Operand::Text(text) => self.matches(&text, pattern, current),
                Operand::Nothing | Operand::Null | Operand::Bool(_) | Operand::Number(_) | Operand::Json(_) => false,
            },
        }
    }

    fn operand<'a>(&self, expression: &'a Expression, current: Value<'d>) -> Operand<'a>
    where
        'd: 'a,
    {
        match expression {
            Expression::Null => Operand::Null,
            Expression::Bool(is_true) => Operand::Bool(*is_true),
            Expression::Number(number) => Operand::Number(Cow::Borrowed(number)),
            Expression::Text(text) => Operand::Text(Cow::Borrowed(text)),
            Expression::Singular(query) => self.value(self.singular(query, current)),
            Expression::Length(of) => self.length(&self.operand(of, current)).map_or(Operand::Nothing, Operand::count),
            Expression::Count(query) => Operand::count(self.nodes(query, Some(current)).len()),
            Expression::Value(query) => match *self.nodes(query, Some(current)) {
                [only] => self.value(Some(only)),
                _ => Operand::Nothing,
            },
        }
    }

    fn value(&self, value: Option<Value<'d>>) -> Operand<'d> {
        let Some(value) = value else { return Operand::Nothing };
        match value.kind() {
            Kind::Null => Operand::Null,
            Kind::Bool => Operand::Bool(value.text() == "true"),
            Kind::Array | Kind::Object => Operand::Json(value),
            Kind::Number | Kind::String if !self.budget.spend(1 + text_work(value.text().len())) => Operand::Nothing,
            Kind::Number => Operand::Number(Cow::Borrowed(value.text())),
            Kind::String => value.as_str().map_or(Operand::Nothing, Operand::Text),
        }
    }

    fn length(&self, operand: &Operand<'_>) -> Option<usize> {
        let length = match operand {
            Operand::Text(text) => text.chars().count(),
            Operand::Json(value) => value.len(),
            Operand::Nothing | Operand::Null | Operand::Bool(_) | Operand::Number(_) => return None,
        };
        self.budget.spend(1 + length).then_some(length)
    }

    fn compare(&self, left: &Operand<'_>, comparator: Comparator, right: &Operand<'_>) -> bool {
        let equal = || self.equal(left, right);
        match comparator {
            Comparator::Equal => equal(),
            Comparator::NotEqual => !equal(),
            Comparator::Less => order(left, right) == Some(Ordering::Less),
            Comparator::Greater => order(left, right) == Some(Ordering::Greater),
            Comparator::LessOrEqual => equal() || order(left, right) == Some(Ordering::Less),
            Comparator::GreaterOrEqual => equal() || order(left, right) == Some(Ordering::Greater),
        }
    }

    fn equal(&self, left: &Operand<'_>, right: &Operand<'_>) -> bool {
        match (left, right) {
            (Operand::Nothing, Operand::Nothing) | (Operand::Null, Operand::Null) => true,
            (Operand::Bool(left), Operand::Bool(right)) => left == right,
            (Operand::Number(left), Operand::Number(right)) => compare_numbers(left, right) == Some(Ordering::Equal),
            (Operand::Text(left), Operand::Text(right)) => left == right,
            (Operand::Json(left), Operand::Json(right)) if left.kind() == right.kind() => {
                // A value has at least one byte.
                self.budget.spend(left.text().len().saturating_add(right.text().len())) && left.equals(*right)
            }
            (
                Operand::Nothing
                | Operand::Null
                | Operand::Bool(_)
                | Operand::Number(_)
                | Operand::Text(_)
                | Operand::Json(_),
                _,
            ) => false,
        }
    }

    fn matches(&self, text: &str, pattern: &Pattern, current: Value<'d>) -> bool {
        match pattern {
            Pattern::Written(regexp) => self.is_match(regexp, text),
            Pattern::Found(expression, reach) => match self.operand(expression, current) {
                Operand::Text(pattern) => self.matches_found(text, &pattern, *reach),
                Operand::Nothing | Operand::Null | Operand::Bool(_) | Operand::Number(_) | Operand::Json(_) => false,
            },
        }
    }

    fn matches_found(&self, text: &str, pattern: &str, reach: Reach) -> bool {
        let mut latest = self.found.borrow_mut();
        if !latest.as_ref().is_some_and(|found| found.is(pattern, reach)) {
            *latest = FoundRegexp::read(pattern, reach, self.budget);
        }
        latest.as_ref().and_then(FoundRegexp::regexp).is_some_and(|regexp| self.is_match(regexp, text))
    }

    fn is_match(&self, regexp: &Regexp, text: &str) -> bool {
        self.budget.spend(regexp.work(text)) && regexp.is_match(text)
    }
}

/// One side of a comparison, or an argument.
enum Operand<'a> {
    Nothing,
    Null,
    Bool(bool),
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    /// An array or object.
    Json(Value<'a>),
}

impl Operand<'_> {
    fn count(count: usize) -> Self {
        Operand::Number(Cow::Owned(count.to_string()))
    }
}

fn order(left: &Operand<'_>, right: &Operand<'_>) -> Option<Ordering> {
    match (left, right) {
        (Operand::Text(left), Operand::Text(right)) => Some(left.cmp(right)),
        (Operand::Number(left), Operand::Number(right)) => compare_numbers(left, right),
        (
            Operand::Nothing
            | Operand::Null
            | Operand::Bool(_)
            | Operand::Number(_)
            | Operand::Text(_)
            | Operand::Json(_),
            _,
        ) => None,
    }
}
