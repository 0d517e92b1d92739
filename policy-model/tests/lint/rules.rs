//! Warnings about rules as a whole and about policies, each with its negative twin.

use crate::linting::{allow, check, deny, find, policy, rules};
use policy_model::lint::{Severity, Surroundings, lint};

#[test]
fn a_rule_that_says_nothing_odd_is_passed_over() {
    check(&find(&rules(&format!("{},{}", allow(""), deny("")))), &[]);
}

#[test]
fn a_rule_whose_time_is_over_is_pointed_out() {
    let until = |time: &str| rules(&format!("{},{}", allow(""), deny(&format!(r#","notAfter":"{time}""#))));
    check(&find(&until("2026-11-21T11:59:59Z")), &[("expired", "rules[1].notAfter", "denies nothing any more")]);
    check(&find(&until("2026-11-21T12:00:00Z")), &[]);
    // Without a clock nothing is over, and what begins later is right.
    let text = until("2000-01-01T00:00:00Z");
    check(&lint(text.as_bytes(), &Surroundings::default()), &[]);
    check(&find(&rules(&allow(r#","notBefore":"2030-01-01T00:00:00Z""#))), &[]);
}

#[test]
fn a_deny_for_those_in_several_lists_is_pointed_out() {
    let principals = r#","principals":{"users":["mallory"],"roles":["guest"]}"#;
    let several = "deny-with-several-principal-lists";
    check(
        &find(&rules(&format!("{},{}", allow(""), deny(principals)))),
        &[(several, "rules[1].principals", "users, roles")],
    );
    check(&find(&rules(&allow(principals))), &[]);
    check(&find(&rules(&format!("{},{}", allow(""), deny(r#","principals":{"users":["a","b"]}"#)))), &[]);
}

#[test]
fn a_rule_that_stands_twice_is_pointed_out() {
    let twice = |first: &str, second: &str| find(&rules(&format!("{first},{second}")));
    let expected = [("duplicate-rule", "rules[1]", "the same as rules[0]")];
    check(&twice(&allow(""), &allow("")), &expected);
    check(&twice(&allow(r#","ruleId":"a","description":"x""#), &allow(r#","ruleId":"b""#)), &expected);
    check(&twice(&allow(r#","scopes":["a","b"]"#), &allow(r#","scopes":["b","a","b"]"#)), &expected);
    let condition = |value: &str| {
        allow(&format!(r#","conditions":[{{"operator":"LESS_THAN","path":"$.arguments.a","value":{value}}}]"#))
    };
    check(&twice(&condition("10"), &condition("1e1")), &expected);
    check(&twice(&condition("10"), &condition("11")), &[]);
    check(&twice(&allow(""), &allow(r#","mode":"LOG_ONLY""#)), &[]);
    check(&twice(&allow(""), &allow(r#","scopes":["a"]"#)), &[]);
    let between =
        |value: &str| allow(&format!(r#","conditions":[{{"operator":"BETWEEN","path":"$.time","value":{value}}}]"#));
    check(&twice(&between(r#"["08:00","18:00"]"#), &between(r#"["18:00","08:00"]"#)), &[]);
}

#[test]
fn a_policy_that_allows_nothing_is_pointed_out() {
    let log_only = |text: &str| policy(&format!(r#""mode":"LOG_ONLY","rules":[{text}]"#));
    check(
        &find(&log_only(&allow(""))),
        &[("log-only-policy-allows-nothing", "mode", "all callers of the tenant are refused")],
    );
    check(&find(&log_only(&allow("")).replace("LOG_ONLY", "ENFORCE")), &[]);
    for text in [rules(""), rules(&deny("")), rules(&allow(r#","mode":"LOG_ONLY""#))] {
        check(&find(&text), &[("no-allow-rule", "rules", "every request is refused")]);
    }
    check(&find(&rules(&deny("")).replace("acme", "*")), &[]);
    check(&find(&log_only(&deny("")).replace("acme", "*")), &[]);
}

#[test]
fn what_is_wrong_is_told_of_every_rule_beside_the_warnings() {
    let text = rules(&format!(
        r#"{{"effect":"PERMIT","resourceType":"TOOL","resources":["agent:tool:a"]}},{},{}"#,
        deny(r#","notAfter":"2020-01-01T00:00:00Z""#),
        allow(r#","scopes":[]"#)
    ));
    let findings = find(&text);
    let found: Vec<(Severity, &str, &str)> =
        findings.iter().map(|finding| (finding.severity, finding.code, finding.place.as_str())).collect();
    assert_eq!(
        found,
        [
            (Severity::Error, "unknown-word", "rules[0].effect"),
            (Severity::Warning, "expired", "rules[1].notAfter"),
            (Severity::Error, "empty-list", "rules[2].scopes"),
        ]
    );
    let codes =
        |text: &[u8]| lint(text, &Surroundings::default()).iter().map(|finding| finding.code).collect::<Vec<_>>();
    assert_eq!(codes(b"{"), ["not-json"]);
    assert_eq!(codes(b"{\"policyId\":\"\xff\"}"), ["not-json"]);
    assert_eq!(codes(b"[]"), ["wrong-type"]);
    assert_eq!(codes(&vec![b' '; (1 << 20) + 1]), ["too-many"]);
    let wild: Vec<String> = (0..257).map(|number| format!("\"agent:tool:a___*{number}x\"")).collect();
    let text = rules(&format!(r#"{{"effect":"ALLOW","resourceType":"TOOL","resources":[{}]}}"#, wild.join(",")));
    assert_eq!(codes(text.as_bytes()), ["too-many-inner-wildcards"]);
}
