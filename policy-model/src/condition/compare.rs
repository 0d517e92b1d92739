//! Comparisons without conversion: what has another type cannot be compared, and is not merely different.

use std::cmp::Ordering;
use std::net::IpAddr;
use std::ops::Range;

use ipnet::IpNet;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::Truth;
use super::operand::{Item, Resolved};
use crate::json::{Kind, Value, compare_numbers};

pub(super) fn equals(node: Value<'_>, value: &Resolved<'_>) -> Truth {
    match value {
        Resolved::Scalar(value) => equal(&Item::of(node), value),
        Resolved::Scalars(_) | Resolved::Value(_) => Truth::Indeterminate,
    }
}

/// Whether a value is one of a list.
pub(super) fn is_among(node: Value<'_>, value: &Resolved<'_>) -> Truth {
    let node = Item::of(node);
    match value {
        Resolved::Scalars(list) => Truth::any(list.iter().map(|value| equal(&node, &value.item()))),
        Resolved::Value(list) => is_element(&node, *list),
        Resolved::Scalar(_) => Truth::Indeterminate,
    }
}

/// Whether a string has another in it, or a list an element.
pub(super) fn contains(node: Value<'_>, value: &Resolved<'_>) -> Truth {
    let Resolved::Scalar(value) = value else { return Truth::Indeterminate };
    match node.kind() {
        Kind::String => match (Item::of(node), value) {
            (Item::Text(text), Item::Text(part)) => part_test(&text, part, |text, part| text.contains(part)),
            (_, _) => Truth::Indeterminate,
        },
        Kind::Array => match value {
            Item::Composite => Truth::Indeterminate,
            Item::Null | Item::Bool(_) | Item::Number(_) | Item::Text(_) => {
                Truth::any(node.elements().map(|element| equal(&Item::of(element), value)))
            }
        },
        Kind::Null | Kind::Bool | Kind::Number | Kind::Object => Truth::Indeterminate,
    }
}

pub(super) fn order(node: Value<'_>, value: &Resolved<'_>) -> Option<Ordering> {
    match (Item::of(node), value) {
        (Item::Number(node), Resolved::Scalar(Item::Number(value))) => compare_numbers(node, value),
        (_, _) => None,
    }
}

/// A test of a string with another.
pub(super) fn text_test(node: Value<'_>, value: &Resolved<'_>, test: fn(&str, &str) -> bool) -> Truth {
    match (Item::of(node), value) {
        (Item::Text(text), Resolved::Scalar(Item::Text(part))) => part_test(&text, part, test),
        (_, _) => Truth::Indeterminate,
    }
}

/// A test of a string alone.
pub(super) fn is_like(node: Value<'_>, test: impl FnOnce(&str) -> bool) -> Truth {
    match Item::of(node) {
        Item::Text(text) => Truth::of(test(&text)),
        Item::Null | Item::Bool(_) | Item::Number(_) | Item::Composite => Truth::Indeterminate,
    }
}

pub(super) fn address_is_in(node: Value<'_>, networks: &[IpNet]) -> Truth {
    let address = node.as_str().and_then(|text| text.parse::<IpAddr>().ok());
    // An IPv4 address in its IPv6 form is the same address.
    let address = address.map(|address| address.to_canonical());
    address.map_or(Truth::Indeterminate, |address| Truth::of(networks.iter().any(|network| network.contains(&address))))
}

pub(super) fn time_is_between(node: Value<'_>, times: &Range<u32>) -> Truth {
    let time = node.as_str().and_then(|text| OffsetDateTime::parse(&text, &Rfc3339).ok());
    let Some(time) = time.and_then(|time| time.checked_to_offset(UtcOffset::UTC)) else { return Truth::Indeterminate };
    let second = u32::from(time.hour()) * 3_600 + u32::from(time.minute()) * 60 + u32::from(time.second());
    Truth::of(if times.start <= times.end {
        times.contains(&second)
    } else {
        second >= times.start || second < times.end
    })
}

fn is_element(node: &Item<'_>, list: Value<'_>) -> Truth {
    match list.kind() {
        Kind::Array => Truth::any(list.elements().map(|element| equal(node, &Item::of(element)))),
        Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Object => Truth::Indeterminate,
    }
}

/// A selected value and one that it is compared with.
fn equal(node: &Item<'_>, value: &Item<'_>) -> Truth {
    match (node, value) {
        (Item::Null, Item::Null) => Truth::True,
        // Whoever asks for null asks of any value.
        (_, Item::Null) => Truth::False,
        (Item::Bool(node), Item::Bool(value)) => Truth::of(node == value),
        (Item::Number(node), Item::Number(value)) => {
            compare_numbers(node, value).map_or(Truth::Indeterminate, |order| Truth::of(order.is_eq()))
        }
        (Item::Text(node), Item::Text(value)) => Truth::of(node == value),
        (Item::Null | Item::Bool(_) | Item::Number(_) | Item::Text(_) | Item::Composite, _) => Truth::Indeterminate,
    }
}

/// Every text begins with, ends with and has in it the empty one: empty never means all.
fn part_test(text: &str, part: &str, test: impl FnOnce(&str, &str) -> bool) -> Truth {
    if part.is_empty() { Truth::Indeterminate } else { Truth::of(test(text, part)) }
}
