//! Every policy that the project shows: the fixtures, and the examples of the reference.

use std::fs;
use std::path::Path;

#[path = "reference.rs"]
pub(crate) mod reference;

/// The policies of the fixture registry.
pub(crate) fn fixtures() -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/registry/policies");
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut policies: Vec<(String, String)> =
        entries.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect();
    policies.sort();
    assert!(policies.len() >= 6, "{}", policies.len());
    policies
}

/// The examples of the reference.
pub(crate) fn examples() -> Vec<(String, String)> {
    let text = reference::text();
    let policy = |(line, kind, body): (usize, &str, &str)| match kind {
        "json policy" | "json baseline" => Some((format!("docs/policy.md:{line}"), body.to_owned())),
        "json rules" => Some((format!("docs/policy.md:{line}"), reference::policy_of_rules(body))),
        _ => None,
    };
    let policies: Vec<(String, String)> = reference::blocks(&text).into_iter().filter_map(policy).collect();
    assert!(policies.len() >= 12, "{}", policies.len());
    policies
}
