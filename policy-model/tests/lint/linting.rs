//! A policy, and what its author is told of it.

use policy_model::lint::{Baseline, ClaimNames, Finding, Severity, Surroundings, lint};

/// Seconds since 1970 of noon on 21 November 2026.
pub(crate) const NOON: i64 = 1_795_262_400;

/// What is found, with nothing known but the time.
pub(crate) fn find(policy: &str) -> Vec<Finding> {
    lint(policy.as_bytes(), &Surroundings { now: Some(NOON), ..Surroundings::default() })
}

/// What is found under a baseline.
pub(crate) fn find_under(baseline: &str, policy: &str) -> Vec<Finding> {
    let baseline = Baseline::parse(baseline.as_bytes()).unwrap();
    assert!(baseline.is_for_every_tenant());
    lint(policy.as_bytes(), &Surroundings { now: Some(NOON), baseline: Some(&baseline), ..Surroundings::default() })
}

/// What is found where an issuer calls the tenant `custom:tenant_id`, and its tokens also have a `desk`.
pub(crate) fn find_with_claims(policy: &str) -> Vec<Finding> {
    let claims = [ClaimNames { tenant: "custom:tenant_id".to_owned(), ..ClaimNames::default() }];
    let other_claims = ["desk".to_owned()];
    let surroundings = Surroundings { claims: &claims, other_claims: &other_claims, ..Surroundings::default() };
    lint(policy.as_bytes(), &surroundings)
}

/// The warnings are these and no others: codes, places and words of the messages.
pub(crate) fn check(findings: &[Finding], expected: &[(&str, &str, &str)]) {
    let found: Vec<(&str, &str)> = findings.iter().map(|finding| (finding.code, finding.place.as_str())).collect();
    let wanted: Vec<(&str, &str)> = expected.iter().map(|(code, place, _)| (*code, *place)).collect();
    assert_eq!(found, wanted, "{findings:#?}");
    for (finding, (_, _, words)) in findings.iter().zip(expected) {
        assert_eq!(finding.severity, Severity::Warning, "{finding:?}");
        assert!(finding.message.contains(words), "{finding:?} without {words:?}");
    }
}

/// A policy with these members.
pub(crate) fn policy(members: &str) -> String {
    format!(r#"{{"policyId":"P","tenantId":"acme",{members}}}"#)
}

/// A policy with these rules.
pub(crate) fn rules(rules: &str) -> String {
    policy(&format!(r#""rules":[{rules}]"#))
}

/// A rule that says nothing odd, with these members.
pub(crate) fn allow(members: &str) -> String {
    format!(r#"{{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:a___b"]{members}}}"#)
}

/// A DENY that says nothing odd, with these members.
pub(crate) fn deny(members: &str) -> String {
    format!(r#"{{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:c___d"]{members}}}"#)
}

/// A condition on this path.
pub(crate) fn at(path: &str, condition: &str) -> String {
    format!(r#"{{"path":"{path}",{condition}}}"#)
}

/// A policy whose rule allows under these conditions.
pub(crate) fn allow_if(conditions: &str) -> String {
    rules(&allow(&format!(r#","conditions":[{conditions}]"#)))
}

/// A policy whose first rule denies under these conditions.
pub(crate) fn deny_if(conditions: &str) -> String {
    rules(&format!("{},{}", deny(&format!(r#","conditions":[{conditions}]"#)), allow("")))
}
