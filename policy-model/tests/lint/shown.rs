//! What the linter says of the policies that the project shows: each line was looked at and is true.

use policy_model::lint::{Severity, Warning};
use serde_json::Value;

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
    let policy: Value = serde_json::from_str(text).unwrap();
    let called = |place: &str| {
        let (number, rest) = place.strip_prefix("rules[")?.split_once(']')?;
        Some(format!("{}{rest}", policy["rules"][number.parse::<usize>().unwrap()]["ruleId"].as_str()?))
    };
    let place = |place: &str| called(place).unwrap_or_else(|| place.to_owned());
    findings.iter().map(|finding| format!("{name} {} {}", place(&finding.place), finding.code)).collect()
}

const FIXTURES: &[&str] = &[
    "bricksburg.json bricksburg-models.resources[0] grants-everything",
    "bugle.json pushNotificationUrls[2] names-nothing",
    "bugle.json pushNotificationUrls[3] names-nothing",
    "bugle.json pushNotificationUrls[4] names-nothing",
    "bugle.json pushNotificationUrls[5] names-nothing",
    "bugle.json pushNotificationUrls[6] names-nothing",
    "duplo.json duplo-models.resources[0] grants-everything",
    "hooli.json mode log-only-policy-allows-nothing",
    "initech.json initech-all.resources[0] grants-everything",
    "initech.json initech-no-admin.resources[0] wide-denial",
    "octan.json octan-gpt-5.resources[2] shadowed-by-deny",
    "oscorp.json oscorp-tools.resources[0] grants-everything",
    "oscorp.json oscorp-prompts.resources[0] grants-everything",
    "oscorp.json oscorp-resources.resources[0] grants-everything",
    "pym.json pym-tools.resources[0] grants-everything",
    "pym.json pym-prompts.resources[0] grants-everything",
    "pym.json pym-resources.resources[0] grants-everything",
    "roxxon.json roxxon-tools.resources[0] grants-everything",
    "roxxon.json roxxon-prompts.resources[0] grants-everything",
    "roxxon.json roxxon-resources.resources[0] grants-everything",
    "stark.json pins[22].tool pinned-in-vain",
    "stark.json pins[23].tool pinned-in-vain",
    "tenant-a.json rules[0].resources[0] unreachable-bare-name",
    "umbrella.json allow-not-equals.conditions[0] allows-all-others",
    "umbrella.json allow-not-in.conditions[0] allows-all-others",
    "umbrella.json own-desk.resources[1] unreachable-bare-name",
    "umbrella.json tenant-acme.conditions[0] unsatisfiable-conditions",
    "umbrella.json order-B duplicate-rule",
    "umbrella.json until-2020.notAfter expired",
    "umbrella.json within-2020.notAfter expired",
    "umbrella.json no-longer-denied.notAfter expired",
    "umbrella.json clerk-until-2020.notAfter expired",
    "umbrella.json trial.resources[3] shadowed-by-deny",
    "umbrella.json find-odd.conditions[1] unsatisfiable-conditions",
    "umbrella.json welcome.resources[0] unreachable-bare-name",
    "umbrella.json tool-in-prompt.conditions[0].path never-true",
    "umbrella.json prompt-expired.notAfter expired",
    "umbrella.json old-papers.notAfter expired",
];

/// The example of URLs shows an address that is never called, that of discovery conditions that exclude each other.
const EXAMPLES: &[&str] = &["pushNotificationUrls[2] names-nothing", "rules[1].conditions[1] unsatisfiable-conditions"];

#[test]
fn every_warning_is_explained_in_the_reference() {
    let text = policies::reference::text();
    for warning in Warning::ALL {
        assert!(text.contains(&format!("\n| `{}` |", warning.code())), "{}", warning.code());
    }
}
