//! The examples in the reference of the policy language.

use std::fs;
use std::path::Path;

/// The page.
pub(crate) fn text() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/policy.md")).unwrap()
}

/// Its fenced blocks with their line and kind.
pub(crate) fn blocks(text: &str) -> Vec<(usize, &str, &str)> {
    let mut blocks = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some((before, after)) = rest.split_once("\n```") {
        let (kind, body) = after.split_once('\n').unwrap();
        let (body, after) = body.split_once("\n```").unwrap();
        line += before.matches('\n').count() + 2;
        blocks.push((line, kind, body));
        line += body.matches('\n').count() + 1;
        rest = after;
    }
    blocks
}

/// A policy of which an example shows the rules only.
pub(crate) fn policy_of_rules(rules: &str) -> String {
    format!(r#"{{"policyId":"P","tenantId":"acme","rules":{rules}}}"#)
}
