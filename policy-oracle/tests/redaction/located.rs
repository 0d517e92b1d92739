//! Where in a document a path selects something.

use serde_json::{Map, Value};
use serde_json_path::{JsonPath, PathElement};

use crate::rule::Rule;

/// A step to a member or element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Name(String),
    Index(usize),
}

/// The places of what a rule's path selects.
pub(crate) fn places(rule: &Rule, document: &Value) -> Vec<Vec<Step>> {
    if rule.folds_case { folded_places(&rule.path, document) } else { plain_places(&rule.path, document) }
}

fn plain_places(path: &str, document: &Value) -> Vec<Vec<Step>> {
    let parsed = JsonPath::parse(path).unwrap_or_else(|error| panic!("{error} in {path}"));
    let of = |element: &PathElement<'_>| match element {
        PathElement::Name(name) => Step::Name((*name).to_owned()),
        PathElement::Index(index) => Step::Index(*index),
    };
    parsed.query_located(document).locations().map(|place| place.iter().map(of).collect()).collect()
}

/// Names in one spelling, in the path and in the document. Several members may have it: each value is asked for in a document
/// of its own, in which nothing is beside the members that lead to it. A path without filters sees no difference.
fn folded_places(path: &str, document: &Value) -> Vec<Vec<Step>> {
    let path = folded(path);
    let mut all = Vec::new();
    add_places(document, &mut Vec::new(), &mut all);
    all.retain(|place| {
        let (alone, folded) = alone(document, place);
        plain_places(&path, &alone).contains(&folded)
    });
    all
}

fn add_places(value: &Value, place: &mut Vec<Step>, all: &mut Vec<Vec<Step>>) {
    all.push(place.clone());
    let mut add = |step: Step, value: &Value| {
        place.push(step);
        add_places(value, place, all);
        place.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(nth, item)| add(Step::Index(nth), item)),
        Value::Object(members) => members.iter().for_each(|(name, value)| add(Step::Name(name.clone()), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The document with nothing but a place, whose names are folded.
fn alone(value: &Value, place: &[Step]) -> (Value, Vec<Step>) {
    match (place.split_first(), value) {
        (Some((Step::Name(name), rest)), Value::Object(members)) => {
            let (inner, mut folded_rest) = alone(&members[name], rest);
            folded_rest.insert(0, Step::Name(folded(name)));
            (Value::Object(Map::from_iter([(folded(name), inner)])), folded_rest)
        }
        (Some((Step::Index(index), rest)), Value::Array(items)) => {
            let (inner, mut folded_rest) = alone(&items[*index], rest);
            folded_rest.insert(0, Step::Index(*index));
            let mut items = vec![Value::Null; items.len()];
            items[*index] = inner;
            (Value::Array(items), folded_rest)
        }
        (_, _) => (Value::Null, Vec::new()),
    }
}

fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}
