//! What the linter says of the policies that the project shows: each line was looked at and is true.

use policy_model::lint::{Severity, Warning};

use crate::{linting, policies};

#[test]
fn the_fixtures_get_the_warnings_that_are_true_of_them() {
    let found: Vec<String> = policies::fixtures().iter().flat_map(|(name, text)| said(name, text)).collect();
    assert_eq!(found, FIXTURES, "{found:#?}");
}

#[test]
fn the_examples_get_warnings_for_what_they_show_only() {
    let found: Vec<String> = policies::examples()
        .iter()
        .flat_map(|(name, text)| said(name, text))
        .filter(|line| !line.contains("unreachable-bare-name"))
        .map(|line| line.split_once(' ').unwrap().1.to_owned())
        .collect();
    assert_eq!(found, EXAMPLES, "{found:#?}");
}

fn said(name: &str, text: &str) -> Vec<String> {
    let name = name.rsplit_once('/').unwrap().1;
    let findings = linting::find(text);
    assert!(findings.iter().all(|finding| finding.severity == Severity::Warning), "{name}: {findings:#?}");
    findings.iter().map(|finding| format!("{name} {} {}", finding.place, finding.code)).collect()
}

const FIXTURES: &[&str] = &[
    "initech.json rules[0].resources[0] grants-everything",
    "initech.json rules[1].resources[0] wide-denial",
    "tenant-a.json rules[0].resources[0] unreachable-bare-name",
];

/// The example of discovery shows conditions that exclude each other.
const EXAMPLES: &[&str] = &["rules[1].conditions[1] unsatisfiable-conditions"];

#[test]
fn every_warning_is_explained_in_the_reference() {
    let text = policies::reference::text();
    for warning in Warning::ALL {
        assert!(text.contains(&format!("\n| `{}` |", warning.code())), "{}", warning.code());
    }
}
