//! Paths into named values of different documents.

use super::super::SelectorError;
use super::{Budget, Origin, Selector};
use crate::json;

const NAMES: &[&str] = &["claims", "arguments", "time"];

#[test]
fn a_rooted_path_selects_from_the_member_that_it_names() {
    check("$.claims.sub", &["\"u1\""]);
    check("$['arguments']['list'][0]", &["{\"owner\":\"u2\",\"n\":1}"]);
    check("$.arguments..n", &["1", "2"]);
    check("$.claims", &[r#"{"sub":"u1","roles":["a","b"]}"#]);
    check("$.claims.roles[*]", &["\"a\"", "\"b\""]);
    check("$.claims.none", &[]);
    check("$.claims.sub.none", &[]);
    check("$.claims['roles','sub']", &["\"u1\"", "[\"a\",\"b\"]"]);
}

#[test]
fn a_filter_compares_values_of_different_documents() {
    check("$.arguments.list[?@.owner == $.claims.sub].n", &["2"]);
    check("$.arguments.list[?@.owner != $.claims.sub].n", &["1"]);
    check("$.arguments.list[?$.claims.roles[?@ == 'b']].n", &["1", "2"]);
    check("$.arguments.list[?match(@.owner, $.claims.sub)].n", &["2"]);
    check("$.claims[?@ == $.arguments.copy]", &["[\"a\",\"b\"]"]);
}

#[test]
fn a_member_that_is_absent_selects_nothing() {
    check("$.time", &[]);
    check("$.time.hour", &[]);
    check("$.arguments.list[?@.n == $.time]", &[]);
    check("$.arguments.list[?!$.time].n", &["1", "2"]);
}

#[test]
fn a_path_that_does_not_go_on_with_a_known_name_is_refused() {
    for path in [
        "$",
        "$.other",
        "$.Claims",
        "$.*",
        "$[*]",
        "$..claims",
        "$[0]",
        "$['claims','arguments']",
        "$['claims',0]",
        "$[?@.a]",
        "$.claims[?$]",
        "$.claims[?$.other]",
        "$.claims[?$[0]]",
        "$.claims[?@.a == $.other]",
        "$.claims[?count($..*) > 1]",
        "$.claims[?match(@, $.other)]",
        "$.claims[?@.list[?@.x == $['other']]]",
    ] {
        assert_eq!(Selector::parse_rooted(path, NAMES).map(drop), Err(SelectorError::Root(NAMES)), "{path}");
    }
    assert_eq!(Selector::parse_rooted("claims.sub", NAMES).map(drop), Err(SelectorError::Syntax));
    let message = SelectorError::Root(NAMES).to_string();
    assert_eq!(message, "expected each $ to go on with a name, as in $.claims, $.arguments or $.time");
    assert_eq!(SelectorError::Root(&["claims"]).to_string(), "expected each $ to go on with a name, as in $.claims");
}

#[test]
fn the_roots_of_a_path_are_those_of_its_filters_too() {
    for (path, expected) in [
        ("$.claims.sub", &["claims"] as &[&str]),
        ("$.claims[?@ == $.claims.sub]", &["claims"]),
        ("$.arguments[?@.a == $.claims.sub]", &["arguments", "claims"]),
        ("$.arguments[?@.a[?search(@.b, $['time'].zone)]]", &["arguments", "time"]),
    ] {
        let mut roots = Selector::parse_rooted(path, NAMES).unwrap().roots();
        roots.sort_unstable();
        assert_eq!(roots, expected, "{path}");
    }
}

#[test]
fn a_path_of_names_only_tells_its_names() {
    for (path, expected) in [
        ("$.arguments.a.b", Some(&["arguments", "a", "b"] as &[&str])),
        ("$['arguments']['a b'].c", Some(&["arguments", "a b", "c"])),
        ("$.claims", Some(&["claims"])),
        ("$.arguments[0]", None),
        ("$.arguments..a", None),
        ("$.arguments.*", None),
        ("$.arguments['a','b']", None),
        ("$.arguments[?@.a]", None),
    ] {
        assert_eq!(Selector::parse_rooted(path, NAMES).unwrap().names().as_deref(), expected, "{path}");
    }
    assert_eq!(Selector::parse("$").unwrap().names(), Some(Vec::new()));
}

fn check(path: &str, expected: &[&str]) {
    let claims = json::parse(br#"{"sub":"u1","roles":["a","b"]}"#).unwrap();
    let arguments = br#"{"list":[{"owner":"u2","n":1},{"owner":"u1","n":2}],"copy":["a","b"]}"#;
    let arguments = json::parse(arguments).unwrap();
    let members = [("claims", Some(claims.root())), ("arguments", Some(arguments.root())), ("time", None)];
    let budget = Budget::new(10_000);
    let selector = Selector::parse_rooted(path, NAMES).unwrap_or_else(|error| panic!("{path}: {error}"));
    let selected = selector.select(Origin::Members(&members), &budget);
    assert!(!budget.is_exhausted(), "{path}");
    let texts: Vec<&str> = selected.iter().map(|value| value.text()).collect();
    assert_eq!(texts, expected, "{path}");
}
