//! The compliance suite of RFC 9535, with its nodelists as lists.

use std::collections::HashMap;
use std::fs;

use super::{Budget, Origin, Selector};
use crate::json::{self, NodeId, Value};

#[path = "../../../tests/support/corpora.rs"]
mod corpora;

#[test]
fn every_case_of_the_suite_selects_its_nodes_and_most_in_its_order() {
    let Some(folder) = corpora::folder("jsonpath-cts") else { return };
    let suite = fs::read(folder.join("cts.json")).unwrap();
    let suite = json::parse(&suite).unwrap();
    let (mut refused, mut same, mut rearranged) = (0, 0, 0);
    for case in suite.root().get("tests").unwrap().elements() {
        let path = case.get("selector").unwrap().as_str().unwrap();
        let selector = Selector::parse(&path);
        if case.get("invalid_selector").is_some() {
            assert!(selector.is_err(), "{path} was accepted");
            refused += 1;
            continue;
        }
        let document = case.get("document").unwrap();
        let budget = Budget::new(10_000);
        let selected = selector.unwrap_or_else(|error| panic!("{path}: {error}"));
        let selected = selected.select(Origin::Value(document), &budget);
        assert!(!budget.is_exhausted(), "{path}");

        let mut paths = HashMap::new();
        normalized_paths(document, "$".to_owned(), &mut paths);
        let selected: Vec<&str> = selected.iter().map(|value| paths[&value.id()].as_str()).collect();
        let lists = expected(case);
        if lists.contains(&selected.iter().map(|path| (*path).to_owned()).collect()) {
            same += 1;
            continue;
        }
        // Each list has the same nodes.
        let mut expected = lists[0].clone();
        expected.sort_unstable();
        expected.dedup();
        let mut sorted = selected.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected, "{path} on {}", document.text());
        rearranged += 1;
    }
    println!(
        "jsonpath-cts, paths: {refused} refused, {same} select the nodelist, {rearranged} its nodes once and in the order of \
         the text"
    );
    assert_eq!((refused, same + rearranged), (247, 456));
    assert_eq!(rearranged, 23);
}

fn expected(case: Value<'_>) -> Vec<Vec<String>> {
    let list = |paths: Value<'_>| paths.elements().map(|path| path.as_str().unwrap().into_owned()).collect();
    match case.get("results_paths") {
        Some(lists) => lists.elements().map(list).collect(),
        None => vec![list(case.get("result_paths").unwrap())],
    }
}

/// RFC 9535, section 2.7.
fn normalized_paths(value: Value<'_>, path: String, out: &mut HashMap<NodeId, String>) {
    for (index, element) in value.elements().enumerate() {
        normalized_paths(element, format!("{path}[{index}]"), out);
    }
    for member in value.members() {
        let quoted = json::quote(&member.name.as_str().unwrap());
        let name = quoted.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap();
        let name = name.replace("\\\"", "\"").replace('\'', "\\'");
        let name = name.replace("\\u0008", "\\b").replace("\\u000c", "\\f");
        normalized_paths(member.value, format!("{path}['{name}']"), out);
    }
    out.insert(value.id(), path);
}
