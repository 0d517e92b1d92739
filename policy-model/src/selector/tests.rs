//! What paths select, and what they may cost.

mod hostile;
mod regexps;
mod roots;
mod suite;

use super::{Budget, Origin, Selector};
use crate::json;

/// The texts of the selected values.
fn selected(path: &str, document: &str) -> Vec<String> {
    let document = json::parse(document.as_bytes()).unwrap();
    let budget = Budget::new(1_000_000);
    let selector = Selector::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let selected = selector.select(Origin::Value(document.root()), &budget);
    assert!(!budget.is_exhausted(), "{path}");
    selected.iter().map(|value| value.text().to_owned()).collect()
}

fn check(path: &str, document: &str, expected: &[&str]) {
    assert_eq!(selected(path, document), expected, "{path} on {document}");
}

#[test]
fn a_value_is_selected_once_and_in_the_order_of_the_text() {
    check("$[2,0,0,-1]", "[1,2,3]", &["1", "3"]);
    check("$[::-1]", "[1,2,3]", &["1", "2", "3"]);
    check("$['b','a']", r#"{"a":1,"b":2}"#, &["1", "2"]);
    check("$..*", r#"{"a":[[1],2]}"#, &["[[1],2]", "[1]", "1", "2"]);
    check("$..[0]..[0]", "[[[[1]]]]", &["[[1]]", "[1]", "1"]);
    let slices: Vec<String> = (0..60).map(|start| format!("{start}:")).collect();
    let document = format!("[{}0]", "0,".repeat(4_999));
    assert_eq!(selected(&format!("$[{}]", slices.join(",")), &document).len(), 5_000);
}

#[test]
fn every_member_of_a_name_that_stands_twice_is_selected() {
    let document = r#"{"a":{"b":1,"b":2},"a":{"b":3}}"#;
    check("$.a.b", document, &["1", "2", "3"]);
    check("$..b", document, &["1", "2", "3"]);
    check("$[?@.b == 3]", document, &[r#"{"b":3}"#]);
}

#[test]
fn a_filter_inside_a_filter_asks_about_its_own_value() {
    let document = r#"[{"id":1,"tags":[{"k":"x","v":1},{"k":"y"}]},{"id":2,"tags":[{"k":"y","v":2}]},{"id":3}]"#;
    check("$[?@.tags[?@.k == 'x']].id", document, &["1"]);
    check("$[?@.tags[?@.v == 2 || @.k == 'x']].id", document, &["1", "2"]);
    check("$[?!@.tags[?@.v]].id", document, &["3"]);
    check("$[?count(@.tags[?@.k]) == 2].id", document, &["1"]);
    check("$[?@.tags[?@.v && $[?@.id == 3]]].id", document, &["1", "2"]);
}

#[test]
fn a_filter_reaches_the_root_and_all_descendants() {
    let document = r#"{"limit":2,"allowed":{"x":[1]},"list":[{"n":1},{"n":2,"deep":{"n":9}},{"n":3}]}"#;
    check("$.list[?@.n >= $.limit].n", document, &["2", "3"]);
    check("$.list[?@.n == $.allowed.x[0]].n", document, &["1"]);
    check("$.list[?@..n[?@ == 9]]", r#"{"list":[{"n":[9]},{"m":[9]}]}"#, &[r#"{"n":[9]}"#]);
    check("$.list[?count(@..n) == 2].n", document, &["2"]);
    check("$.list[?$.limit].n", document, &["1", "2", "3"]);
    check("$.list[?$.none]", document, &[]);
    check("$.list[?value($..limit) == @.n].n", document, &["2"]);
}

#[test]
fn values_are_compared_exactly() {
    let document = r#"[{"a":[1,{"b":1.0}],"c":[1.0,{"b":1}]},{"a":[1],"c":[1,2]},{"a":12345678901234567890},{}]"#;
    check("$[?@.a == @.c]", document, &[r#"{"a":[1,{"b":1.0}],"c":[1.0,{"b":1}]}"#, "{}"]);
    check("$[?@.a > 1234567890123456]", document, &[r#"{"a":12345678901234567890}"#]);
    check("$[?@ == 'é']", r#"["\u00e9","e"]"#, &[r#""\u00e9""#]);
}
