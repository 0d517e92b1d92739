//! What nobody would ask in good faith.

use serde_json::json;

use crate::registry::{Asked, allow};

const ALICE: &[&str] = &["--as", "alice", "--tenant", "acme"];

fn asked() -> Asked {
    Asked::new("explain", &json!([allow("all", "*", json!({}))]))
}

#[test]
fn names_outside_of_the_grammar_are_refused_before_any_rule() {
    let asked = asked();
    let long = "x".repeat(10_000);
    for (method, name, code) in [
        ("tools/call", "a__b", "TOOL_NAME"),
        ("tools/call", "a___b/../c", "TOOL_NAME"),
        ("tools/call", "\u{202e}pay\u{1b}[2J", "TOOL_NAME"),
        ("tools/call", "", "TOOL_NAME"),
        ("tools/list", long.as_str(), "TOOL_NAME"),
        ("prompts/get", "a b", "PROMPT_NAME"),
        ("resources/read", "FILE:///a", "RESOURCE_URI"),
        ("agents", "a/b/c", "NAME"),
        ("models", "a b", "NAME"),
    ] {
        let arguments = [ALICE, &[method, name]].concat();
        let (ended, told) = asked.json(&arguments);
        assert_eq!((ended, &told["reason"], &told["rules"]), (1, &json!(code), &json!([])), "{method} {name}");
        let text = asked.run(&arguments).out;
        assert!(text.contains("before any rule is read") && !text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn arguments_that_are_none_are_refused_as_the_interceptors_do() {
    let asked = asked();
    for (arguments, code) in [
        ("[]", "ARGUMENTS_TYPE"),
        ("7", "ARGUMENTS_TYPE"),
        (r#"{"a": 1, "a": 2}"#, "MESSAGE_AMBIGUOUS_MEMBER"),
        (r#"{"a": 1, "A": 2}"#, "MESSAGE_AMBIGUOUS_MEMBER"),
    ] {
        let (ended, told) = asked.json(&[ALICE, &["tools/call", "pay", "--arguments", arguments]].concat());
        assert_eq!((ended, &told["reason"]), (1, &json!(code)), "{arguments}");
    }
}

#[test]
fn what_is_no_question_ends_with_2() {
    let asked = asked();
    let deep = "[".repeat(100_000);
    for arguments in [
        &["tools/call", "pay", "--arguments", "{"][..],
        &["tools/call", "pay", "--arguments", &deep],
        &["tools/call", "pay", "--arguments", "@/nonexistent"],
        &["tools/call", "pay", "--claims", "[]"],
        &["tools/call", "pay", "--claims", "nope"],
        &["tools/call", "pay", "--time", "yesterday"],
        &["tools/destroy", "pay"],
        &["tools/call"],
        &[],
        &["--decision-id", "x"],
        &["--audit-line", "{}"],
        &["--audit-line", "\u{1b}[2J"],
    ] {
        let ended = asked.run(&[ALICE, arguments].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?} {}", ended.err);
        assert!(ended.err.starts_with("tenantgate: ") && !ended.err.contains('\u{1b}'), "{}", ended.err);
    }
    for caller in [["--as", "a b"], ["--as", ""], ["--as", "*"], ["--client", "a,b"]] {
        let ended = asked.run(&[&caller[..], &["--tenant", "acme", "tools/call", "pay"]].concat());
        assert_eq!(ended.code, 2, "{caller:?} {}", ended.err);
    }
}

#[test]
fn huge_arguments_are_explained_or_refused_but_never_swallowed() {
    let asked = asked();
    let run = |text: String| {
        asked.0.run_with(
            &[&["--registry", &asked.path().display().to_string()], ALICE, &["tools/call", "pay", "--arguments", "-"]]
                .concat(),
            text.as_bytes(),
        )
    };
    let large = run(json!({"a": vec!["x"; 500_000]}).to_string());
    assert_eq!(large.code, 0, "{}", large.err);
    assert!(large.out.len() < 4_000);
    let huge = run(json!({"a": "x".repeat(7_000_000)}).to_string());
    assert_eq!(huge.code, 2);
    assert!(huge.err.contains("longer than"), "{}", huge.err);
}
