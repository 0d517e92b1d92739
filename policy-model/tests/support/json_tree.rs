//! JSON values of the tests' own, and the many ways to spell one.

use proptest::prelude::{Just, Strategy, any, prop};
use proptest::prop_oneof;
use proptest::test_runner::Config;

use policy_model::json::{Kind, Value};

use crate::random::Random;

/// A value: numbers as they are written, members in order, no name twice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// Any tree: a few levels deep, texts with all that needs escaping, numbers of all forms.
pub(crate) fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Null),
        any::<bool>().prop_map(Tree::Bool),
        prop_oneof!["-?(0|[1-9][0-9]{0,3})", "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?"]
            .prop_map(Tree::Number),
        texts().prop_map(Tree::Text),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Tree::Array),
            prop::collection::vec((texts(), inner), 0..12).prop_map(|mut members| {
                let mut names = Vec::new();
                members.retain(|(name, _)| {
                    !names.contains(name) && {
                        names.push(name.clone());
                        true
                    }
                });
                Tree::Object(members)
            }),
        ]
    })
}

pub(crate) fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{0,2}",
        "[ -~]{0,8}",
        "[\u{0}-\u{1f}\"\\\\/\u{7f}\u{2028}é\u{d7ff}\u{e000}\u{ffff}😀\u{10ffff}]{0,6}"
    ]
}

/// As many cases as asked for; nothing is written beside the tests.
pub(crate) fn cases(count: u32) -> Config {
    Config { cases: count, failure_persistence: None, ..Config::default() }
}

impl Tree {
    /// One of the many texts of this value: white space and escapes are chosen.
    pub(crate) fn spell(&self, random: &mut Random) -> String {
        let mut out = space(random);
        match self {
            Tree::Null => out.push_str("null"),
            Tree::Bool(value) => out.push_str(&value.to_string()),
            Tree::Number(literal) => out.push_str(literal),
            Tree::Text(text) => out.push_str(&spell_text(text, random)),
            Tree::Array(elements) => {
                let elements: Vec<String> = elements.iter().map(|element| element.spell(random)).collect();
                out.push_str(&format!("[{}{}]", space(random), elements.join(",")));
            }
            Tree::Object(members) => {
                let member = |(name, value): &(String, Tree)| {
                    let before = space(random);
                    format!("{before}{}{}:{}", spell_text(name, random), space(random), value.spell(random))
                };
                let members: Vec<String> = members.iter().map(member).collect();
                out.push_str(&format!("{{{}{}}}", space(random), members.join(",")));
            }
        }
        out + &space(random)
    }

    /// This value and all below it.
    pub(crate) fn count(&self) -> usize {
        match self {
            Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => 1,
            Tree::Array(elements) => 1 + elements.iter().map(Tree::count).sum::<usize>(),
            Tree::Object(members) => 1 + members.iter().map(|(_, value)| value.count()).sum::<usize>(),
        }
    }

    /// Whether a parsed value is this one: every name, text, order and digit.
    pub(crate) fn is(&self, value: Value<'_>) -> bool {
        match self {
            Tree::Null => value.kind() == Kind::Null && value.text() == "null",
            Tree::Bool(expected) => value.kind() == Kind::Bool && value.text() == expected.to_string(),
            Tree::Number(literal) => value.kind() == Kind::Number && value.text() == literal,
            Tree::Text(text) => value.kind() == Kind::String && value.as_str().as_deref() == Some(text),
            Tree::Array(elements) => {
                value.kind() == Kind::Array
                    && value.len() == elements.len()
                    && elements.iter().zip(value.elements()).all(|(tree, element)| tree.is(element))
            }
            Tree::Object(members) => {
                value.kind() == Kind::Object
                    && value.len() == members.len()
                    && members.iter().zip(value.members()).all(|((name, tree), member)| {
                        member.name.is_str(name)
                            && tree.is(member.value)
                            && value.get(name).is_some_and(|got| got.id() == member.value.id())
                    })
            }
        }
    }
}

fn space(random: &mut Random) -> String {
    let length = random.one_of(&[0, 0, 0, 1, 3]);
    (0..length).map(|_| random.one_of(&[' ', '\n', '\t', '\r'])).collect()
}

/// A string literal: plain characters, short escapes and `\u` escapes as they come.
pub(crate) fn spell_text(text: &str, random: &mut Random) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        let must_escape = character < ' ' || character == '"' || character == '\\';
        let short = match character {
            '"' | '\\' | '/' => Some(character),
            '\u{8}' => Some('b'),
            '\u{c}' => Some('f'),
            '\n' => Some('n'),
            '\r' => Some('r'),
            '\t' => Some('t'),
            _ => None,
        };
        match (random.below(4), short) {
            (0 | 1, _) if !must_escape => out.push(character),
            (0..=2, Some(letter)) => out.extend(['\\', letter]),
            (choice, _) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&if choice == 0 { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
                }
            }
        }
    }
    out + "\""
}
