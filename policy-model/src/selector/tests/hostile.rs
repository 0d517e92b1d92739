//! Paths and documents that were made to cost much.

use std::time::{Duration, Instant};

use super::super::limits::{PATH_BYTES_MAX, PATH_DEPTH_MAX};
use super::{Budget, Origin, Selector};
use crate::json;

/// What one evaluation of a result may cost (`redaction::WORK_MAX`) divided by ten: tests are not optimized.
const WORK: u64 = 3_000_000;

#[test]
fn a_filter_that_goes_through_the_document_for_each_value_ends_within_its_budget() {
    let list = list(10_000, |number| format!(r#"{{"a":[{{"b":{number}}},{{"x":{number}}}],"t":"{number}"}}"#));
    let document = format!(r#"{{"list":{list}}}"#);
    for path in [
        "$.list[?@.a[?@.b == value($..none)]]",
        "$.list[?@.a[?$..x]]",
        "$.list[?count($..*) == 1]",
        "$.list[?count($..[?$..x]) == 1]",
        "$..[?count($..[?count($..*)>1])>1]",
        "$..[?@..[?@..[?@.x]]]",
        "$.list[?$.list == @]",
        "$.list[?@ == $.list]",
        "$.list[?$.list == $.list]",
        "$.list[?length($.list) == 1]",
        "$.list[?$.list[-1].t == @.t]",
        "$.list[?$.list[?$.list[?@.t == $.list[0].t]]]",
        "$.list[?match(@.t, $.list[0].t) || $.list[?match(@.t, '9{9}')]]",
    ] {
        check(path, &document, None);
    }
}

#[test]
fn a_budget_that_is_not_exhausted_was_enough() {
    let document = r#"{"p":"a.*","list":[{"a":[{"b":"ab"}]},{"a":[{"b":"b"}]},{"a":[1,{"b":[2]}],"b":{}}]}"#;
    let document = json::parse(document.as_bytes()).unwrap();
    for path in [
        "$.list[?@.a[?match(@.b, $.p)]]",
        "$..[?@.b || count(@..*) > 2]",
        "$.list[?!@.a[?@.b == 'b'] && $..b]..b",
        "$.list[?length(@.a) == 1 || @.a == $.list[-1].a].a[-1,0]['b','c']",
        "$.list[1:]..*",
    ] {
        let selector = Selector::parse(path).unwrap();
        let select = |budget: &Budget| selector.select(Origin::Value(document.root()), budget).len();
        let all = select(&Budget::new(WORK));
        let (mut short, mut enough) = (0, 0);
        for work in 0..3_000 {
            let budget = Budget::new(work);
            let count = select(&budget);
            if budget.is_exhausted() {
                short += 1;
            } else {
                assert_eq!(count, all, "{path} with {work}");
                enough += 1;
            }
        }
        assert!(all > 0 && short > 0 && enough > 0, "{path}: {all} {short} {enough}");
    }
}

#[test]
fn large_strings_names_and_numbers_are_charged_for() {
    let large = "x\\n".repeat(50_000);
    let digits = "7".repeat(100_000);
    let many = list(10_000, |number| number.to_string());
    for (path, members) in [
        ("$.list[?$.large == @]", format!(r#""large":"{large}""#)),
        ("$.list[?length($.large) == @]", format!(r#""large":"{large}""#)),
        ("$.list[?$.object.x == @]", format!(r#""object":{{"{large}":1}}"#)),
        ("$.list[?$.number > @]", format!(r#""number":{digits}"#)),
        ("$.list[?search($.large, '[a-w]')]", format!(r#""large":"{large}""#)),
    ] {
        check(path, &format!(r#"{{{members},"list":{many}}}"#), Some(true));
    }
}

#[test]
fn patterns_and_texts_are_charged_for() {
    let text: String =
        (0..20_000_u32).map(|number| if number.wrapping_mul(2_654_435_761) >> 31 == 0 { 'a' } else { 'b' }).collect();
    let texts = list(100, |_| format!(r#""{text}""#));
    check("$[?search(@, '(a|b)*a(a|b){400}c')]", &texts, Some(true));
    // Each has a pattern of its own.
    let patterns = list(5_000, |number| format!(r#""\\p{{L}}{number}""#));
    check("$[?match('a', @)]", &patterns, Some(true));
    // One pattern for all is compiled once.
    let texts = list(5_000, |number| format!(r#""{number}""#));
    check("$.list[?match(@, $.p)]", &format!(r#"{{"p":"\\p{{L}}.*","list":{texts}}}"#), Some(false));
}

#[test]
fn what_filters_usually_ask_is_far_from_the_budget() {
    let document =
        list(10_000, |number| format!(r#"{{"id":{number},"mail":"user.{number}@example.com","tags":["a","b"]}}"#));
    for path in [
        "$[?@.id > 5000].mail",
        "$[?match(@.mail, '[a-z.0-9]+@example\\\\.(com|org)')].mail",
        "$[?search(@.mail, '\\\\p{Lu}')].mail",
        "$[?@.tags[?@ == 'b']].mail",
        "$[?@.id == $[0].id].mail",
        "$..[?@.id && @.mail]..*",
    ] {
        check(path, &document, Some(false));
    }
}

#[test]
fn a_path_at_its_limits_is_parsed_in_milliseconds() {
    let mut slowest = (Duration::ZERO, String::new());
    for unit in [
        "@.a",
        "(((@.a)))",
        "!((@.a))",
        "length(@)==1",
        "length(length(length(@)))==1",
        "length((length(@)))",
        "count((count((@))))==1",
        "length(@&&length(@&&length(@)))",
        "in((in((1==1),1)),1)",
        "in(in(in(1,1),in(1,1)),in(in(1,1),in(1,1)))",
        "match(@,'a')",
        "match(length(length(@)),length(length(@)))",
        "match(@,'\\\\p{L}')",
        "match(@,'a{99}')",
        "@[0][0][0]==@[0][0][0]",
        "1==1",
        "$[?@[?@[?@]]]",
        "@[?(@[?(@)])]",
        "count(@[?count(@)==1])==1",
        "@['a','b']",
    ] {
        for separator in ["||", "&&"] {
            for (before, after) in [
                ("$[?", "]"),
                ("$[?", ""),
                ("$[?", "&&]"),
                ("$[?(", ")]"),
                ("$[?(", ")"),
                ("$[?length(", ")]"),
                ("$[?!(", ")]"),
                ("$[?in(1,", ")==1]"),
            ] {
                let count = (PATH_BYTES_MAX - before.len() - after.len() + 2) / (unit.len() + 2);
                let path = format!("{before}{}{after}", vec![unit; count].join(separator));
                let started = Instant::now();
                let _is_path = Selector::parse(&path).is_ok();
                slowest = slowest.max((started.elapsed(), path));
            }
        }
    }
    for opening in ["[?(", "[?", "(", "[?count(", "[?length(@", "[?!(@["] {
        for closing in ["", ")", "]", ")]", "])"] {
            let path = format!("${}@{}", opening.repeat(PATH_DEPTH_MAX), closing.repeat(PATH_DEPTH_MAX));
            let started = Instant::now();
            let _is_path = Selector::parse(&path).is_ok();
            slowest = slowest.max((started.elapsed(), path));
        }
    }
    println!("slowest path: {:?}, {:.60}", slowest.0, slowest.1);
    assert!(slowest.0 < Duration::from_millis(500), "{slowest:?}");
}

/// Selects within the budget and in a time that goes with it; `is_exhausted` says whether the budget must be used up.
fn check(path: &str, document: &str, is_exhausted: Option<bool>) {
    let document = json::parse(document.as_bytes()).unwrap();
    let selector = Selector::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let budget = Budget::new(WORK);
    let started = Instant::now();
    let selected = selector.select(Origin::Value(document.root()), &budget);
    let took = started.elapsed();
    println!(
        "{took:>12.1?} {} selected {:>6}, exhausted {:5}: {path}",
        document.text().len(),
        selected.len(),
        budget.is_exhausted()
    );
    assert!(took < Duration::from_secs(20), "{path} took {took:?}");
    if let Some(is_exhausted) = is_exhausted {
        assert_eq!(budget.is_exhausted(), is_exhausted, "{path}");
    }
}

fn list(count: usize, element: impl Fn(usize) -> String) -> String {
    format!("[{}]", (0..count).map(element).collect::<Vec<_>>().join(","))
}
