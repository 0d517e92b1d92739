//! Warnings about pins.

use crate::linting::{check, find, policy};

#[test]
fn a_pin_of_what_nobody_may_call_is_pointed_out() {
    for (tool, words) in [
        ("x___shut", "rules[1] denies this tool to everybody"),
        ("x___other", "no rule allows this tool to anybody"),
        ("get", "no rule allows this tool to anybody"),
    ] {
        check(&find(&pinned("ENFORCE", tool)), &[("pinned-in-vain", "pins[0].tool", words)]);
    }
    for tool in ["a___get", "a___getAll"] {
        check(&find(&pinned("ENFORCE", tool)), &[]);
    }
}

#[test]
fn a_policy_that_only_logs_is_told_so_and_not_of_its_pins() {
    check(&find(&pinned("LOG_ONLY", "x___other")), &[("log-only-policy-allows-nothing", "mode", "allows nothing")]);
}

fn pinned(mode: &str, tool: &str) -> String {
    let digest = "0".repeat(64);
    policy(&format!(
        r#""mode":"{mode}","rules":[{{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:a___get*"]}},
           {{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:shut"]}}],
           "pins":[{{"tool":"{tool}","sha256":["{digest}"]}}]"#
    ))
}
