//! `match` and `search`: I-Regexp (RFC 9485), not what other regular expressions have.

use super::super::regexp::{Reach, Refusal, Translation};
use super::super::{Selector, SelectorError};
use super::{Budget, Origin, check, json};
use random::Random;

#[path = "../../../tests/support/random.rs"]
mod random;

#[test]
fn a_whole_text_or_a_part_of_it_matches() {
    for (pattern, text, is_whole, is_part) in [
        ("ab", "ab", true, true),
        ("ab", "xabx", false, true),
        ("a|b", "ab", false, true),
        ("a|bc", "bc", true, true),
        ("", "", true, true),
        ("", "a", false, true),
        ("()", "", true, true),
        ("a||b", "", true, true),
        ("a*b+c?", "aabb", true, true),
        ("a{2}", "aaa", false, true),
        ("a{2,}", "aaa", true, true),
        ("a{0,2}", "aaa", false, true),
        ("(ab){2}", "abab", true, true),
        ("a{0}b", "b", true, true),
        ("^ab$", "ab", true, true),
        ("^ab$", "xab", false, false),
        ("b", "a\nb", false, true),
        ("^b", "a\nb", false, false),
        ("a$", "a\n", false, false),
        (".", "\n", false, false),
        (".", "\r", false, false),
        (".", "\u{85}", true, true),
        (".", "😀", true, true),
        ("..", "é", false, false),
        ("[^a]", "\n", true, true),
        ("[a-c]+", "abc", true, true),
        ("[-a]+", "-a", true, true),
        ("[a-]+", "-a", true, true),
        ("[^-a]", "-", false, false),
        ("[--]", "-", true, true),
        ("[.^$|?*+(){}]+", ".^$|?*+(){}", true, true),
        ("[a^]", "^", true, true),
        ("[a&&b]+", "a&b", true, true),
        ("[a~~b]+", "a~b", true, true),
        (r"[\[\]\\\-\^]+", r"[]\-^", true, true),
        (r"\n\r\t\.\(\)\*\+\-\?\[\]\\\^\{\}\|", "\n\r\t.()*+-?[]\\^{}|", true, true),
        (r"\p{Lu}\p{L}*", "Ab", true, true),
        (r"\P{Nd}", "1", false, false),
        (r"[\p{Nd}_]+", "1_", true, true),
        (r"[^\p{Nd}]", "1", false, false),
        (r"\p{Cn}", "a", false, false),
        ("a#b c", "a#b c", true, true),
        ("A", "a", false, false),
        ("/a/,'\"<>=!@_`~:;%&", "/a/,'\"<>=!@_`~:;%&", true, false),
    ] {
        let matches = |reach: Reach| Translation::read(pattern).unwrap().compile(reach).unwrap().is_match(text);
        assert_eq!(matches(Reach::Whole), is_whole, "match({text:?}, {pattern:?})");
        assert_eq!(matches(Reach::Part), is_part || is_whole, "search({text:?}, {pattern:?})");
    }
}

#[test]
fn what_is_not_an_i_regexp_is_refused_and_matches_nothing_where_it_is_found() {
    for pattern in [
        "*",
        "+a",
        "?",
        "a**",
        "a*?",
        "a++",
        "a{1}{2}",
        "a?{9}",
        "(",
        ")",
        "(a",
        "a)",
        "(*a)",
        "a|*",
        "[",
        "]",
        "[]",
        "[^]",
        "[a",
        "a]",
        "{",
        "}",
        "a{",
        "a{}",
        "a{,2}",
        "a{1",
        "a{x}",
        "a{2,1}",
        "a{ 1}",
        "a{1,2,3}",
        "a{+1}",
        "[z-a]",
        "[a-b-c]",
        "[[a]]",
        "[a-[b]]",
        "[a-\\p{L}]",
        "[--a]",
        "\\",
        "\\d",
        "\\w",
        "\\s",
        "\\b",
        "\\$",
        "\\/",
        "\\x41",
        "\\u0041",
        "\\1",
        "[\\d]",
        "(?:a)",
        "(?i)a",
        "(?=a)",
        "\\p",
        "\\pL",
        "\\p{}",
        "\\p{X}",
        "\\p{IsGreek}",
        "\\p{Greek}",
        "\\p{lu}",
        "\\p{^L}",
        "\\p{L",
    ] {
        assert_eq!(Translation::read(pattern).map(drop), Err(Refusal::NotARegexp), "{pattern}");
        let found = format!(r#"{{"pattern":{},"list":["","a","A","d"]}}"#, json::quote(pattern));
        check("$.list[?match(@, $.pattern) || search(@, $.pattern)]", &found, &[]);
        let written = pattern.replace('\\', "\\\\");
        for function in ["match", "search"] {
            let path = format!("$[?{function}(@, '{written}')]");
            assert_eq!(Selector::parse(&path).map(drop), Err(SelectorError::NotARegexp), "{path}");
        }
    }
}

#[test]
fn a_pattern_that_would_be_large_is_refused() {
    for pattern in [
        "a{5000}",
        "(a{100}){100}",
        "(((a{99}){99}){99}){99}",
        "[^a]{500}",
        "\\p{L}{10}",
        "a{99999999999999999999}",
        "(){4294967295}",
        "(|){9999}",
    ] {
        let path = format!("$[?match(@, '{}')]", pattern.replace('\\', "\\\\"));
        assert_eq!(Selector::parse(&path).map(drop), Err(SelectorError::PatternTooLarge), "{path}");
        assert!(is_exhausted_by(pattern), "{pattern}");
    }
    let many = |count| format!("$[?{}]", vec!["match(@,'[^a]{9}')"; count].join("||"));
    assert_eq!(Selector::parse(&many(16)).unwrap().patterns_size(), 16 * (32 + 9 * 24));
    assert_eq!(Selector::parse(&many(17)).map(drop), Err(SelectorError::PatternTooLarge));
    assert!(is_exhausted_by(&"a".repeat(513)));
    assert!(is_exhausted_by(&format!("{}a{}", "(".repeat(33), ")".repeat(33))));
    assert!(!is_exhausted_by(&format!("{}a{}", "(".repeat(32), ")".repeat(32))));
    assert!(!is_exhausted_by("a{4000}"));
}

/// Whether a pattern of the document's own leaves nothing of the budget.
fn is_exhausted_by(pattern: &str) -> bool {
    let document = format!(r#"{{"p":{},"list":["a"]}}"#, json::quote(pattern));
    let document = json::parse(document.as_bytes()).unwrap();
    let budget = Budget::new(1_000_000);
    Selector::parse("$.list[?match(@, $.p)]").unwrap().select(Origin::Value(document.root()), &budget);
    budget.is_exhausted()
}

/// What is taken for small enough is also small for the `regex` crate: it would else be refused as too large.
#[test]
fn a_pattern_within_the_limit_compiles() {
    for pattern in [
        "a{4064}",
        "é{2032}",
        "[a-z]{4000}",
        ".{160}",
        "[^a]{160}",
        "[à-ü]{160}",
        "[à-ü😀-😂ა-ჰ]{55}",
        "(\\p{L}){7}",
        "\\P{Cn}{7}",
        "\\p{C}{7}",
        "[^\\p{L}]{7}",
        "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Z}\\p{C}]",
        "(.*a){150}",
        "((a?){40}){40}",
        "(a|b){1000}",
        "(|){2000}",
        "((((((((((a)))))))))){300}",
    ] {
        let translation = Translation::read(pattern).unwrap();
        assert!(translation.size() <= 4_096, "{pattern}: {}", translation.size());
        for reach in [Reach::Whole, Reach::Part] {
            assert!(translation.compile(reach).is_ok(), "{pattern}: {}", translation.size());
        }
    }
}

#[test]
fn whatever_is_read_as_an_i_regexp_compiles() {
    let parts = [
        "a", "é", "^", "$", ".", "|", "(", ")", "[", "]", "-", "*", "+", "?", "{2}", "{0,}", "{", "}", ",", "\\",
        "\\p{Lu}", "\\n", "&&", "~", "[a-z", "[^", " ", "#", "0",
    ];
    let mut read = 0;
    for seed in 0..30_000 {
        let random = &mut Random::new(seed);
        let pattern: String = (0..random.below(9)).map(|_| random.one_of(&parts)).collect();
        let Ok(translation) = Translation::read(&pattern) else { continue };
        if translation.size() <= 4_096 {
            assert!(translation.compile(Reach::Whole).is_ok(), "{pattern}");
            read += 1;
        }
    }
    assert!(read >= 3_000, "{read}");
}

#[test]
fn a_pattern_may_stand_in_the_document() {
    let document =
        r#"{"list":["ab","b",7],"p":"a.*","not":"a**","seven":7,"each":[{"t":"x1","p":"x[0-9]"},{"t":"y","p":"x"}]}"#;
    check("$.list[?match(@, $.p)]", document, &["\"ab\""]);
    check("$.list[?search(@, $.p)]", document, &["\"ab\""]);
    check("$.list[?match(@, $.not)]", document, &[]);
    check("$.list[?match(@, $.seven) || match(@, $.none) || match(@, 7) || match(@, null)]", document, &[]);
    check("$.each[?match(@.t, @.p)].t", document, &["\"x1\""]);
    check("$.list[?!match(@, 'b')]", document, &["\"ab\"", "7"]);
    check("$.list[?match(value($.p), 'a\\\\..')]", document, &["\"ab\"", "\"b\"", "7"]);
    check("$.list[?match('ab', @)]", document, &["\"ab\""]);
}
