//! What a path selects: step by step, each from all values that the one before selected.

use std::cmp::Ordering;

use crate::json::Json;
use crate::naive::numbers::compare;
use crate::path::{Filter, Path, Step, Test};

pub(crate) fn select<'j>(path: &Path, document: &'j Json) -> Vec<&'j Json> {
    let start: Vec<&Json> = member(document, path.root).into_iter().collect();
    path.steps
        .iter()
        .fold(start, |values, step| values.into_iter().flat_map(|value| take(step, value, document)).collect())
}

fn take<'j>(step: &Step, value: &'j Json, document: &Json) -> Vec<&'j Json> {
    match (step, value) {
        (Step::Name(name), _) => member(value, name).into_iter().collect(),
        (Step::Nth(place), Json::List(items)) => {
            let place = if *place < 0 { items.len() as i64 + place } else { *place };
            usize::try_from(place).ok().and_then(|place| items.get(place)).into_iter().collect()
        }
        (Step::From(place), Json::List(items)) => items.iter().skip(*place).collect(),
        (Step::Nth(_) | Step::From(_), _) => Vec::new(),
        (Step::All, _) => below(value),
        (Step::Descend(name), _) => {
            let here = member(value, name);
            here.into_iter().chain(below(value).into_iter().flat_map(|child| take(step, child, document))).collect()
        }
        (Step::Where(filter), _) => below(value).into_iter().filter(|child| passes(filter, child, document)).collect(),
    }
}

/// A comparison of two things that are both missing is true, as RFC 9535 wants it.
fn passes(filter: &Filter, child: &Json, document: &Json) -> bool {
    let own = member(child, filter.member);
    match &filter.test {
        Test::Exists => own.is_some(),
        Test::Equals(value) => same(own, Some(value)),
        Test::Differs(value) => !same(own, Some(value)),
        Test::IsBelow(Json::Number(bound)) => {
            matches!(own, Some(Json::Number(own)) if compare(own, bound) == Ordering::Less)
        }
        Test::IsBelow(_) => false,
        Test::IsSameAs(root, name) => same(own, member(document, root).and_then(|root| member(root, name))),
    }
}

fn same(left: Option<&Json>, right: Option<&Json>) -> bool {
    match (left, right) {
        (Some(Json::Number(left)), Some(Json::Number(right))) => compare(left, right) == Ordering::Equal,
        (left, right) => left == right,
    }
}

pub(crate) fn member<'j>(value: &'j Json, name: &str) -> Option<&'j Json> {
    match value {
        Json::Object(members) => members.iter().find(|(its_name, _)| its_name == name).map(|(_, value)| value),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => None,
    }
}

pub(crate) fn below(value: &Json) -> Vec<&Json> {
    match value {
        Json::List(items) => items.iter().collect(),
        Json::Object(members) => members.iter().map(|(_, value)| value).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => Vec::new(),
    }
}
