//! What nobody sees of a text: which characters, and that all else stays byte for byte.
#![cfg(test)]

#[path = "support/json_tree.rs"]
mod json_tree;
#[path = "support/random.rs"]
mod random;

use json_tree::{Tree, cases, trees};
use policy_model::invisible::{Found, find, is_in};
use policy_model::json;
use proptest::prelude::any;
use proptest::proptest;
use random::Random;
use regex::Regex;

#[test]
fn the_tables_are_those_of_unicode() {
    let invisible = Regex::new(
        r"^[[\p{Cc}\p{Cf}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]--[\t\n\r]]$",
    );
    let (invisible, emoji) = (invisible.unwrap(), Regex::new(r"^\p{Emoji}$").unwrap());
    let mut counts = (0, 0);
    for character in '\0'..=char::MAX {
        let text = character.to_string();
        let is_invisible = invisible.is_match(&text);
        assert_eq!(is_in(&text), is_invisible, "{character:?}");
        let keeps = !is_in(&format!("{character}\u{fe0f}")) && !is_invisible;
        assert_eq!(keeps, emoji.is_match(&text) && !character.is_ascii(), "{character:?}");
        counts.0 += usize::from(is_invisible);
        counts.1 += usize::from(keeps);
    }
    assert!(counts.0 > 130_000 && counts.1 > 1_300, "{counts:?}");
}

#[test]
fn what_is_not_seen_goes_and_all_else_stays() {
    for (text, expected) in [
        ("a\u{200b}b\u{200c}c\u{200d}d\u{2060}e\u{feff}f", "abcdef"),
        ("soft\u{ad}hyphen", "softhyphen"),
        ("\u{202e}desrever\u{202c} \u{2066}x\u{2069}\u{200e}\u{200f}\u{61c}", "desrever x"),
        ("tag\u{e0049}\u{e0067}\u{e006e}\u{e007f}\u{e0000}", "tag"),
        ("a\u{fe00}b\u{fe0e}c\u{fe0f}d\u{e0100}e\u{e01ef}", "abcde"),
        ("\u{e000}\u{f8ff}\u{f0000}\u{10fffd}", ""),
        ("\u{fdd0}\u{fffe}\u{ffff}\u{10ffff}", ""),
        ("\u{0}\u{8}\u{b}\u{1b}[31m\u{7f}\u{85}\u{9f}", "[31m"),
        ("hangul \u{115f}\u{1160}\u{3164}\u{ffa0}", "hangul "),
        ("grapheme\u{34f}joiner", "graphemejoiner"),
        ("tab\tline\nreturn\r", "tab\tline\nreturn\r"),
        ("\u{a0}\u{2003}\u{2028}\u{2029}\u{3000}", "\u{a0}\u{2003}\u{2028}\u{2029}\u{3000}"),
        (
            "naïve \u{301} \u{5d0} \u{623} \u{4e2d}\u{6587} \u{fffd}",
            "naïve \u{301} \u{5d0} \u{623} \u{4e2d}\u{6587} \u{fffd}",
        ),
        (
            "\u{2764}\u{fe0f} \u{1f600}\u{fe0f} \u{a9}\u{fe0f} 1\u{fe0f}\u{20e3} \u{1f44d}\u{1f3fd}",
            "\u{2764}\u{fe0f} \u{1f600}\u{fe0f} \u{a9}\u{fe0f} 1\u{fe0f}\u{20e3} \u{1f44d}\u{1f3fd}",
        ),
        ("\u{2764}\u{fe0f}\u{fe0f}\u{fe0f} 1\u{fe0f}2 \u{2764}\u{fe0e}", "\u{2764}\u{fe0f} 12 \u{2764}"),
        ("\u{1f468}\u{200d}\u{1f469}", "\u{1f468}\u{1f469}"),
        ("\u{fe0f}first", "first"),
    ] {
        check(text, expected);
    }
}

#[test]
fn what_stays_is_written_as_it_was() {
    for (value, expected) in [
        (r#"{"d":"\u0041\/\u200B\t\u00e9é\"\\"}"#, r#"{"d":"\u0041\/\t\u00e9é\"\\"}"#),
        (r#"{ "d" : [ "\udb40\uDC41x" , 1.50, {"e":"\u200d"} ] }"#, r#"{ "d" : [ "x" , 1.50, {"e":""} ] }"#),
        (r#"{"d":"\ud83d\ude00\ufe0f\ufe0f"}"#, r#"{"d":"\ud83d\ude00\ufe0f"}"#),
        (r#"{"d":"\b\f\u001f\n"}"#, r#"{"d":"\n"}"#),
        ("{\"d\":\"a\u{200b}\",\"d\":\"b\u{200b}\"}", r#"{"d":"a","d":"b"}"#),
    ] {
        assert_eq!(stripped(value).unwrap().as_deref(), Some(expected), "{value}");
    }
    // In a text they are the words for it, which everybody sees.
    assert_eq!(stripped(r#"{"d":"{\"e\":\"\\u200b\"}"}"#), Some(None));
    assert_eq!(stripped(r#"{"d":"\u00e9\/"}"#), Some(None));
}

#[test]
fn the_name_of_a_member_cannot_be_another_one() {
    for value in [
        r#"{"a\u200b":1}"#,
        "{\"a\":{\"properties\":{\"i\u{200b}d\":{}}}}",
        r#"{"a":[{"":{"x\u00ad":null}}]}"#,
        "{\"d\":\"\u{200b}\",\"\\u007f\":0}",
    ] {
        assert_eq!(stripped(value), None, "{value}");
    }
    // The key is the caller's to judge, wherever it has this name and is the object's own.
    assert_eq!(stripped(r#"{"name":"a\u200b"}"#), Some(None));
    assert_eq!(stripped(r#"{"x":{"name":"a\u200b"}}"#), Some(Some(r#"{"x":{"name":"a"}}"#.to_owned())));
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn a_text_has_none_left_and_loses_nothing_else(tree in trees(), seed in any::<u64>()) {
        let tree = Tree::Object(vec![("d".to_owned(), tree)]);
        let text = tree.spell(&mut Random::new(seed));
        assert!(tree.is(json::parse(text.as_bytes()).unwrap().root()));
        if let Some(Some(after)) = stripped(&text) {
            assert_eq!(stripped(&after), Some(None), "{text} {after}");
            let (before, document) = (json::parse(text.as_bytes()).unwrap(), json::parse(after.as_bytes()).unwrap());
            assert_eq!(document.root().descendants().count(), tree.count());
            for (before, after) in before.root().descendants().zip(document.root().descendants()) {
                match (before.as_str(), after.as_str()) {
                    (Some(before), Some(after)) if is_in(&before) => assert!(is_subsequence(&after, &before)),
                    (Some(_), _) => assert_eq!(before.text(), after.text()),
                    (None, _) => assert_eq!(before.kind(), after.kind()),
                }
            }
        }
    }
}

fn is_subsequence(few: &str, many: &str) -> bool {
    let mut many = many.chars();
    few.chars().all(|character| many.any(|other| other == character))
}

fn check(text: &str, expected: &str) {
    assert_eq!(is_in(text), text != expected, "{text:?}");
    let object = format!("{{\"d\":{}}}", json::quote(text));
    let after = stripped(&object).unwrap().unwrap_or(object);
    let document = json::parse(after.as_bytes()).unwrap();
    assert_eq!(document.root().get("d").unwrap().as_str().unwrap(), expected, "{text:?}");
}

/// What is left; `Some(None)` if all of it is, `None` if a name has some.
fn stripped(object: &str) -> Option<Option<String>> {
    let document = json::parse(object.as_bytes()).unwrap();
    match find(document.root(), "name") {
        Found::Nothing => Some(None),
        Found::InTexts(edits) => Some(Some(edits.apply(document.root()))),
        Found::InNames => None,
    }
}
