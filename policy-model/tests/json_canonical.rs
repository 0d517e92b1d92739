//! The canonical form of JSON (RFC 8785): one text for all spellings of a value, and another one for every other value.
#![cfg(test)]

#[path = "support/json_tree.rs"]
mod json_tree;
#[path = "support/random.rs"]
mod random;

use std::collections::HashMap;

use json_tree::{Tree, cases, trees};
use policy_model::json::{self, CanonicalFault};
use proptest::prelude::any;
use proptest::{prop_assert_eq, proptest};
use random::Random;

/// Section 3.2.2, but for its first number, of which only the double has a canonical form.
#[test]
fn the_example_of_the_rfc_has_its_canonical_form() {
    check(
        r#"{ "numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
             "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }"#,
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#,
    );
    check_none(r#"{"numbers": [333333333.33333329]}"#, CanonicalFault::InexactNumber, "333333333.33333329");
}

/// Section 3.2.3.
#[test]
fn members_are_sorted_by_their_utf_16() {
    check(
        r#"{ "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis" }"#,
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\
         \"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
    );
}

#[test]
fn texts_have_the_shortest_escapes() {
    check(r#""\b\f\n\r\t\u0000\u001F\u007f\u2028\/\u00E9""#, "\"\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}\u{2028}/é\"");
    check(" [ ] ", "[]");
    check("{ }", "{}");
    check("[[{}],{\"\":\"\"}]", "[[{}],{\"\":\"\"}]");
}

#[test]
fn what_can_be_read_in_two_ways_has_no_canonical_form() {
    let check_name = |text: &str, at: &str| check_none(text, CanonicalFault::DuplicateName, at);
    check_name(r#"{"a":1,"a":1}"#, r#""a""#);
    check_name(r#"{"b":{"a":1,"c":2,"\u0061":2}}"#, r#""\u0061""#);
    check_name(r#"[{"":0,"":0}]"#, r#""""#);
    check_none(r#"{"a":{"max":9007199254740993}}"#, CanonicalFault::InexactNumber, "9007199254740993");
    check_none("[1e400]", CanonicalFault::InexactNumber, "1e400");
}

#[test]
fn the_deepest_value_has_a_canonical_form() {
    let text = format!("{}{}", "[".repeat(json::DEPTH_MAX), "]".repeat(json::DEPTH_MAX));
    check(&text, &text);
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn all_spellings_of_a_value_have_one_canonical_form(tree in trees(), seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let first = canonical(&tree.spell(&mut random));
        let second = canonical(&shuffled(&tree, &mut random).spell(&mut random));
        prop_assert_eq!(&first, &second);
        if let Some(text) = first {
            // It says the same, and is its own canonical form.
            let document = json::parse(text.as_bytes()).unwrap();
            let spelt = tree.spell(&mut random);
            let spelt = json::parse(spelt.as_bytes()).unwrap();
            assert!(tree.is(spelt.root()) && spelt.root().equals(document.root()), "{text}");
            prop_assert_eq!(document.root().descendants().count(), tree.count());
            prop_assert_eq!(canonical(&text), Some(text));
        }
    }

    #[test]
    fn two_values_have_one_canonical_form_only_if_they_are_equal(left in trees(), right in trees(), seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let changed = changed(&left, &mut random);
        for other in [&right, &changed] {
            let (one, two) = (left.spell(&mut random), other.spell(&mut random));
            let (first, second) = (canonical(&one), canonical(&two));
            let (one, two) = (json::parse(one.as_bytes()).unwrap(), json::parse(two.as_bytes()).unwrap());
            if first.is_some() && second.is_some() {
                prop_assert_eq!(one.root().equals(two.root()), first == second);
            }
        }
    }
}

/// Members in another order.
fn shuffled(tree: &Tree, random: &mut Random) -> Tree {
    match tree {
        Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => tree.clone(),
        Tree::Array(elements) => Tree::Array(elements.iter().map(|element| shuffled(element, random)).collect()),
        Tree::Object(members) => {
            let mut members: Vec<(String, Tree)> =
                members.iter().map(|(name, value)| (name.clone(), shuffled(value, random))).collect();
            for place in 1..members.len() {
                members.swap(place, random.below(place + 1));
            }
            Tree::Object(members)
        }
    }
}

/// The same with one leaf, element or name changed.
fn changed(tree: &Tree, random: &mut Random) -> Tree {
    match tree {
        Tree::Null => Tree::Bool(false),
        Tree::Bool(value) => Tree::Bool(!value),
        Tree::Number(literal) => Tree::Text(literal.clone()),
        Tree::Text(text) => Tree::Text(format!("{text}\u{200b}")),
        Tree::Array(elements) if elements.is_empty() => Tree::Object(Vec::new()),
        Tree::Array(elements) => {
            let mut elements = elements.clone();
            let place = random.below(elements.len());
            if random.below(2) == 0 {
                elements.remove(place);
            } else {
                elements[place] = changed(&elements[place], random);
            }
            Tree::Array(elements)
        }
        Tree::Object(members) if members.is_empty() => Tree::Array(Vec::new()),
        Tree::Object(members) => {
            let mut members = members.clone();
            let place = random.below(members.len());
            match random.below(3) {
                0 => drop(members.remove(place)),
                1 => members[place].0.push_str(" new"),
                _ => members[place].1 = changed(&members[place].1, random),
            }
            Tree::Object(members)
        }
    }
}

#[test]
fn the_random_values_do_have_canonical_forms() {
    let mut counts: HashMap<bool, usize> = HashMap::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..300 {
        let tree = proptest::strategy::Strategy::new_tree(&trees(), &mut runner).unwrap();
        let tree = proptest::strategy::ValueTree::current(&tree);
        *counts.entry(canonical(&tree.spell(&mut Random::new(1))).is_some()).or_default() += 1;
    }
    assert!(counts.get(&true) > Some(&50) && counts.get(&false) > Some(&5), "{counts:?}");
}

fn check(text: &str, expected: &str) {
    assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
}

fn check_none(text: &str, fault: CanonicalFault, at: &str) {
    let document = json::parse(text.as_bytes()).unwrap();
    let error = document.root().canonical().unwrap_err();
    assert_eq!((error.fault, error.at.text()), (fault, at), "{text}");
}

fn canonical(text: &str) -> Option<String> {
    json::parse(text.as_bytes()).unwrap().root().canonical().ok()
}
