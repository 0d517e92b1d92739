//! Whether a condition is true, false or indeterminate.

use std::cmp::Ordering;

use crate::json::Json;
use crate::naive::globs::fits;
use crate::naive::networks::is_in;
use crate::naive::numbers::compare;
use crate::naive::paths::select;
use crate::naive::spellings::is_respelled;
use crate::naive::times::{minute, minute_of_day};
use crate::policy::{Condition, Effect, Operand, Operator};

/// What becomes of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Truth {
    True,
    False,
    Indeterminate,
}

use Truth::{False, Indeterminate, True};

/// "An ALLOW needs all of them (and at least one), a DENY needs any."
pub(crate) fn truth(effect: Effect, condition: &Condition, document: &Json) -> Truth {
    if condition.paths().any(|path| is_respelled(path, document)) {
        return Indeterminate;
    }
    let values = select(&condition.path, document);
    if condition.operator == Operator::Exists {
        return Truth::of(!values.is_empty());
    }
    if condition.operator == Operator::NotExists {
        return Truth::of(values.is_empty());
    }
    let truths: Vec<Truth> = values.into_iter().map(|value| compared(value, condition, document)).collect();
    match effect {
        _ if truths.is_empty() => Indeterminate,
        Effect::Allow if truths.contains(&False) => False,
        Effect::Deny if truths.contains(&True) => True,
        Effect::Allow | Effect::Deny if truths.contains(&Indeterminate) => Indeterminate,
        Effect::Allow => True,
        Effect::Deny => False,
    }
}

fn compared(value: &Json, condition: &Condition, document: &Json) -> Truth {
    match &condition.operand {
        Operand::Pattern(pattern) => value.as_text().map_or(Indeterminate, |text| Truth::of(pattern.fits(text))),
        Operand::Value(operand) => with_value(value, condition.operator, operand),
        Operand::ValuePath(path) => match select(path, document)[..] {
            [operand] => with_value(value, condition.operator, operand),
            _ => Indeterminate,
        },
        Operand::Nothing => Indeterminate,
    }
}

fn with_value(value: &Json, operator: Operator, operand: &Json) -> Truth {
    match operator {
        Operator::Equals => equals(value, operand),
        Operator::NotEquals => equals(value, operand).negated(),
        Operator::In => is_in_list(value, operand),
        Operator::NotIn => is_in_list(value, operand).negated(),
        Operator::LessThan => ordered(value, operand, |order| order == Ordering::Less),
        Operator::LessThanOrEqual => ordered(value, operand, |order| order != Ordering::Greater),
        Operator::GreaterThan => ordered(value, operand, |order| order == Ordering::Greater),
        Operator::GreaterThanOrEqual => ordered(value, operand, |order| order != Ordering::Less),
        Operator::Contains => contains(value, operand),
        Operator::StartsWith | Operator::EndsWith if *operand == Json::text("") => Indeterminate,
        Operator::StartsWith => texts(value, operand, |text, start| text.get(..start.len()) == Some(start)),
        Operator::EndsWith => texts(value, operand, |text, end| {
            text.len() >= end.len() && text.as_bytes()[text.len() - end.len()..] == *end.as_bytes()
        }),
        Operator::Like => texts(value, operand, |text, pattern| fits(pattern, text)),
        Operator::InCidr => in_networks(value, operand),
        Operator::Between => between(value, operand),
        Operator::Matches | Operator::Exists | Operator::NotExists => Indeterminate,
    }
}

/// "Scalars of the same type; anything with null."
fn equals(value: &Json, operand: &Json) -> Truth {
    match (value, operand) {
        (_, Json::List(_) | Json::Object(_)) => Indeterminate,
        (value, Json::Null) => Truth::of(*value == Json::Null),
        (Json::Text(left), Json::Text(right)) => Truth::of(left == right),
        (Json::Bool(left), Json::Bool(right)) => Truth::of(left == right),
        (Json::Number(left), Json::Number(right)) => Truth::of(compare(left, right) == Ordering::Equal),
        _ => Indeterminate,
    }
}

fn is_in_list(value: &Json, operand: &Json) -> Truth {
    let Json::List(items) = operand else { return Indeterminate };
    one_of(items.iter().map(|item| equals(value, item)).collect())
}

/// "Equal to one of them" is true; equal to none, and one not comparable, is indeterminate.
fn one_of(truths: Vec<Truth>) -> Truth {
    if truths.contains(&True) {
        True
    } else if truths.contains(&Indeterminate) {
        Indeterminate
    } else {
        False
    }
}

fn ordered(value: &Json, operand: &Json, is_right: fn(Ordering) -> bool) -> Truth {
    match (value, operand) {
        (Json::Number(left), Json::Number(right)) => Truth::of(is_right(compare(left, right))),
        _ => Indeterminate,
    }
}

fn contains(value: &Json, operand: &Json) -> Truth {
    match (value, operand) {
        (_, Json::List(_) | Json::Object(_)) => Indeterminate,
        (Json::Text(_), Json::Text(part)) if part.is_empty() => Indeterminate,
        (Json::Text(text), Json::Text(part)) => {
            let starts = 0..=text.len();
            Truth::of(starts.into_iter().any(|start| text.as_bytes()[start..].starts_with(part.as_bytes())))
        }
        (Json::List(items), operand) => one_of(items.iter().map(|item| equals(item, operand)).collect()),
        _ => Indeterminate,
    }
}

fn texts(value: &Json, operand: &Json, is_right: fn(&str, &str) -> bool) -> Truth {
    match (value, operand) {
        (Json::Text(text), Json::Text(operand)) => Truth::of(is_right(text, operand)),
        _ => Indeterminate,
    }
}

fn in_networks(value: &Json, operand: &Json) -> Truth {
    let Some(address) = value.as_text() else { return Indeterminate };
    let networks = if let Json::List(networks) = operand { networks.iter().collect() } else { vec![operand] };
    let is_in = |network: &str| is_in(address, network).map_or(Indeterminate, Truth::of);
    one_of(networks.into_iter().filter_map(Json::as_text).map(is_in).collect())
}

fn between(value: &Json, operand: &Json) -> Truth {
    let (Json::Text(text), Json::List(bounds)) = (value, operand) else { return Indeterminate };
    let (Some(now), [Json::Text(first), Json::Text(end)]) = (minute_of_day(text), &bounds[..]) else {
        return Indeterminate;
    };
    let (first, end) = (minute(first).unwrap(), minute(end).unwrap());
    // Go on from the first minute, over midnight if need be, until the second one comes.
    let open = (end - first).rem_euclid(1_440);
    Truth::of((now - first).rem_euclid(1_440) < open)
}

impl Truth {
    fn of(is_true: bool) -> Truth {
        if is_true { True } else { False }
    }

    fn negated(self) -> Truth {
        match self {
            True => False,
            False => True,
            Indeterminate => Indeterminate,
        }
    }
}
