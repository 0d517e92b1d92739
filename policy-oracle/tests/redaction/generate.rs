//! Random rules and documents.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::rule::{Action, Rule};
use crate::spelling::spell;

/// Some rules.
pub(crate) fn rules(random: &mut Random) -> Vec<Rule> {
    (0..1 + random.below(5)).map(|_| rule(random)).collect()
}

fn rule(random: &mut Random) -> Rule {
    let folds_case = random.chance(20);
    let mut left = Left { descents: 2, filters: if folds_case { 0 } else { 1 } };
    let path = if random.chance(2) {
        "$".to_owned()
    } else {
        let segments = random.one_of(&[1, 1, 1, 2, 2, 3]);
        (0..segments).fold("$".to_owned(), |path, _| path + &segment(random, &mut left))
    };
    Rule { path, folds_case, action: action(random) }
}

/// What a path may still have.
struct Left {
    descents: usize,
    filters: usize,
}

fn segment(random: &mut Random, left: &mut Left) -> String {
    let descends = left.descents > 0 && random.chance(45);
    left.descents -= usize::from(descends);
    let dots = if descends { ".." } else { "" };
    let count = random.one_of(&[1, 1, 1, 1, 2, 3]);
    let selectors: Vec<String> = (0..count).map(|_| selector(random, left)).collect();
    format!("{dots}[{}]", selectors.join(","))
}

fn selector(random: &mut Random, left: &mut Left) -> String {
    match random.below(20) {
        0..=10 => quoted(random.one_of(NAMES)),
        11 | 12 => "*".to_owned(),
        13..=15 => random.one_of(&["0", "1", "2", "-1", "-2", "-3", "5"]).to_owned(),
        16 | 17 => {
            random.one_of(&["1:", ":2", "::2", "-2:", ":-1", "::-1", "2:0:-1", "1:3", "-3:-1", "::0", "3:1"]).to_owned()
        }
        _ if left.filters > 0 => {
            left.filters -= 1;
            filter(random)
        }
        _ => quoted(random.one_of(NAMES)),
    }
}

fn filter(random: &mut Random) -> String {
    let (one, other) = (quoted(random.one_of(NAMES)), quoted(random.one_of(NAMES)));
    let scalar = random.one_of(&["1", "17", "-5", "1.5", "'word'", "true", "null", "'Ana Smith'"]);
    // The reference's library holds `false > true`, which RFC 9535 (2.3.5.2.2) does not.
    let has_order = !["true", "null"].contains(&scalar);
    let operator = random.one_of(if has_order { &["==", "!=", "<", "<=", ">", ">="][..] } else { &["==", "!="] });
    match random.below(9) {
        0 => format!("?@[{one}]"),
        1 => format!("?!@[{one}]"),
        2 => format!("?@[{one}]{operator}{scalar}"),
        3 => format!("?@{operator}{scalar}"),
        4 => format!("?@[{one}]=={scalar} || @[{other}]"),
        5 => format!("?@[{one}] && !@[{other}]"),
        6 => format!("?length(@[{one}]){operator}2"),
        7 => format!("?count(@.*){operator}1"),
        _ => format!("?@[{one}]==$[{other}]"),
    }
}

fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn action(random: &mut Random) -> Action {
    let keeps_type = random.chance(40);
    match random.below(10) {
        0 | 1 => Action::Remove,
        2 | 3 => Action::Mask { keeps_type },
        4 | 5 => Action::Show { first: random.below(4), last: random.below(4), keeps_type },
        6 | 7 => Action::Truncate { length: 1 + random.below(6), keeps_type },
        8 => Action::Replace(random.one_of(&[json!("gone"), json!("left"), json!(-7), json!(2.25), json!(null)])),
        _ => Action::Hash,
    }
}

/// A document.
pub(crate) fn document(random: &mut Random) -> Value {
    let depth = 2 + random.below(3);
    container(random, depth, 0)
}

/// A value with so many containers in each other, inside of `layer` strings.
fn value(random: &mut Random, depth: usize, layer: usize) -> Value {
    match random.below(10) {
        0..=3 if depth > 0 => container(random, depth, layer),
        4 | 5 if layer <= LAYERS_MAX => Value::String(embedded(random, layer)),
        _ => scalar(random),
    }
}

fn container(random: &mut Random, depth: usize, layer: usize) -> Value {
    let count = random.below(5);
    if random.chance(35) {
        return (0..count).map(|_| value(random, depth - 1, layer)).collect();
    }
    let members = (0..count).map(|_| (random.one_of(NAMES).to_owned(), value(random, depth - 1, layer)));
    Value::Object(members.collect::<Map<String, Value>>())
}

fn scalar(random: &mut Random) -> Value {
    match random.below(10) {
        0 => json!(null),
        1 => json!(random.chance(50)),
        2..=4 => random.one_of(&[json!(0), json!(1), json!(17), json!(-5), json!(1.5), json!(4111111), json!(1e30)]),
        _ => json!(random.one_of(WORDS)),
    }
}

/// A document as a string, sometimes in base64.
fn embedded(random: &mut Random, layer: usize) -> String {
    let depth = 1 + random.below(2);
    let inner = if random.chance(5) { json!(random.one_of(WORDS)) } else { container(random, depth, layer + 1) };
    let text = spell(&inner, random);
    // Shorter ones are not taken for base64.
    if text.len() < 12 || random.chance(80) {
        return text;
    }
    random.one_of(&[&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]).encode(text)
}

/// One more than are looked into.
const LAYERS_MAX: usize = 4;

const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "ssn",
    "SSN",
    "ſsn",
    "Straße",
    "É",
    "é",
    "x y",
    "a.b",
    "it's",
    "\\",
    "",
    "0",
    "*",
    "body",
    "isBase64Encoded",
];

const WORDS: &[&str] = &[
    "",
    "x",
    "word",
    "Ana Smith",
    "äöüß",
    "****",
    "…",
    "078-05-1120",
    "two\nlines",
    "say \"hi\"",
    "back\\slash",
    "名前",
    "😀😀😀",
    "a rather long text with many words",
    "abcd…",
    "tab\there",
];
