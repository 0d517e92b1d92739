//! What is a tool name, and how it falls into target and tool.
#![cfg(test)]

#[path = "support/corpora.rs"]
mod corpora;

use std::collections::BTreeMap;
use std::fs;

use policy_model::tool_name::{SEARCH_TOOL, TOOL_NAME_BYTES_MAX};
use policy_model::{InvalidToolName, ToolName};

#[test]
fn a_name_is_split_at_the_first_delimiter() {
    check("orders___getOrder", Some(("orders", "getOrder")));
    check("a___b___c", Some(("a", "b___c")));
    check("a___b____c", Some(("a", "b____c")));
    check("a___b_", Some(("a", "b_")));
    check("a___b___", Some(("a", "b___")));
    check("orders-eu.v2___get_order.v1-x", Some(("orders-eu.v2", "get_order.v1-x")));
    check("0___0", Some(("0", "0")));
    check("-___.", Some(("-", ".")));
}

#[test]
fn a_name_without_delimiter_is_all_tool() {
    for name in ["getOrder", "get_order", "_", "_x", "x_", "a.b-c_d", "0", "."] {
        let parsed = ToolName::parse(name).unwrap();
        assert_eq!((parsed.target(), parsed.tool(), parsed.as_str()), (None, name, name));
        assert!(!parsed.is_search());
    }
}

#[test]
fn a_delimiter_without_target_or_tool_is_refused() {
    for name in ["___", "___a", "a___", "___a___b", "______"] {
        check(name, None);
    }
}

#[test]
fn underscore_runs_other_than_three_are_refused_at_the_split() {
    for count in [2, 4, 5, 6, 7, 9] {
        check(&format!("a{}b", "_".repeat(count)), None);
    }
    check("a__b___c", None);
    check("a_b___c", None);
    check("_a___c", None);
    check("a____b___c", None);
    check("__", None);
    check("a__", None);
    check("__a", None);
    check("a___b", Some(("a", "b")));
}

#[test]
fn the_search_tool_is_only_that_very_name() {
    assert!(ToolName::parse(SEARCH_TOOL).unwrap().is_search());
    for name in [
        "X_amz_bedrock_agentcore_search".to_owned(),
        format!("{SEARCH_TOOL}_"),
        format!("{SEARCH_TOOL}2"),
        format!("orders___{SEARCH_TOOL}"),
        SEARCH_TOOL.replace('_', "-"),
    ] {
        assert!(!ToolName::parse(&name).unwrap().is_search(), "{name}");
    }
}

#[test]
fn the_longest_name_is_taken_and_a_longer_one_refused() {
    let name = |length: usize| format!("a___{}", "b".repeat(length - 4));
    assert_eq!(ToolName::parse(&name(TOOL_NAME_BYTES_MAX)).unwrap().as_str().len(), 256);
    check(&name(TOOL_NAME_BYTES_MAX + 1), None);
    assert!(ToolName::parse(&"a".repeat(256)).is_ok());
    check(&"a".repeat(257), None);
    check(&"a".repeat(1 << 20), None);
    check("", None);
}

#[test]
fn every_byte_outside_the_grammar_is_refused_wherever_it_stands() {
    for byte in 0_u8..=0x7f {
        let character = char::from(byte);
        let is_allowed = character.is_ascii_alphanumeric() || "_.-".contains(character);
        for name in [format!("x{character}y"), format!("{character}x"), format!("x{character}")] {
            assert_eq!(ToolName::parse(&name).is_ok(), is_allowed, "{name:?}");
        }
    }
}

#[test]
fn padding_encodings_and_invisible_characters_are_refused() {
    for name in [
        " orders___get",
        "orders___get ",
        "orders___get\n",
        "orders___get\r\n",
        "\torders___get",
        "orders___get\0",
        "orders\0___get",
        "orders%5F__get",
        "orders___get%00",
        "orders___g%65t",
        "orders___g\\u0065t",
        "orders___g&#101;t",
        "orders/get",
        "orders:get",
        "orders___get?",
        "orders___*",
        "*",
        "orders___get\u{200b}",
        "orders\u{200d}___get",
        "\u{feff}orders___get",
        "orders___get\u{ad}",
        "orders___ge\u{301}t",
        "orders\u{ff3f}\u{ff3f}\u{ff3f}get",
        "ｏｒｄｅｒｓ___get",
        "orders___ɡet",
        "orders___get\u{202e}",
        "orders\u{a0}___get",
        "orders___get\u{e0001}",
    ] {
        check(name, None);
    }
}

#[test]
fn no_look_alike_of_a_character_stands_for_it() {
    let Some(suite) = corpora::folder("unicode") else { return };
    let text = fs::read(suite.join("ascii-confusables.json")).unwrap();
    let confusables: BTreeMap<char, Vec<String>> = serde_json::from_slice(&text).unwrap();
    let mut count = 0;
    for (character, look_alikes) in &confusables {
        for look_alike in look_alikes {
            count += 1;
            let real = format!("orders___get{character}x");
            let fake = format!("orders___get{look_alike}x");
            assert!(ToolName::parse(&real).is_ok(), "{real:?}");
            match ToolName::parse(&fake) {
                Err(InvalidToolName) => {}
                // `l` looks like `I` and `1`: other names, told apart because nothing is folded.
                Ok(name) => {
                    assert!(look_alike.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)));
                    assert_ne!(name, ToolName::parse(&real).unwrap(), "{fake:?}");
                }
            }
        }
    }
    println!("ascii-confusables: {count} look-alikes");
    assert!(count >= 1_383, "found {count}");
}

#[test]
fn the_error_does_not_quote_the_name() {
    let error = ToolName::parse("s3cret value").unwrap_err().to_string();
    assert!(!error.contains("s3cret") && error.contains("<target>___<tool>"), "{error}");
}

/// What stands before and after the delimiter, or `None` for what is no tool name.
fn check(name: &str, expected: Option<(&str, &str)>) {
    match (ToolName::parse(name), expected) {
        (Ok(parsed), Some((target, tool))) => {
            assert_eq!((parsed.target(), parsed.tool()), (Some(target), tool), "{name}");
            assert_eq!((parsed.as_str(), parsed.to_string().as_str()), (name, name));
        }
        (Err(InvalidToolName), None) => {}
        (got, expected) => panic!("{name:?}: expected {expected:?}, got {got:?}"),
    }
}
