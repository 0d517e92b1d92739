//! Warnings about conditions, each with its negative twin.

use crate::linting::{allow_if, at, check, deny_if, find};

#[test]
fn conditions_that_no_value_meets_are_pointed_out() {
    for (left, right) in UNSATISFIABLE {
        let findings = find(&allow_if(&format!("{},{}", at("$.arguments.a", left), at("$['arguments'].a", right))));
        assert!(
            findings.iter().any(|finding| finding.code == "unsatisfiable-conditions"),
            "{left} {right}: {findings:?}"
        );
        let findings = find(&allow_if(&format!("{},{}", at("$.arguments.a", right), at("$.arguments.a", left))));
        assert!(
            findings.iter().any(|finding| finding.code == "unsatisfiable-conditions"),
            "{right} {left}: {findings:?}"
        );
        // On two paths they say nothing of each other.
        let findings = find(&allow_if(&format!("{},{}", at("$.arguments.a", left), at("$.arguments.b", right))));
        assert!(
            !findings.iter().any(|finding| finding.code == "unsatisfiable-conditions"),
            "{left} {right}: {findings:?}"
        );
    }
}

#[test]
fn conditions_that_a_value_meets_are_passed_over() {
    for (left, right) in SATISFIABLE {
        for effect in [allow_if, deny_if] {
            let findings = find(&effect(&format!("{},{}", at("$.claims.a", left), at("$.claims.a", right))));
            let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
            assert!(!codes.contains(&"unsatisfiable-conditions"), "{left} {right}: {findings:?}");
        }
    }
}

#[test]
fn a_deny_is_told_what_is_left_of_it() {
    let pair = format!("{},{}", at("$.arguments.a", EQUALS_1), at("$.arguments.a", EQUALS_2));
    let expected = [("unsatisfiable-conditions", "rules[0].conditions[1]", "at most where they cannot be evaluated")];
    check(&find(&deny_if(&pair)), &expected);
    // Two values may each meet one.
    check(&find(&deny_if(&pair.replace("$.arguments.a", "$.arguments.a[*]"))), &[]);
    let expected = [("unsatisfiable-conditions", "rules[0].conditions[1]", "the rule never applies")];
    check(&find(&allow_if(&pair.replace("$.arguments.a", "$.arguments.a[*]"))), &expected);
}

#[test]
fn the_tenant_of_a_tenants_policy_is_known() {
    let text = |condition: &str| find(&allow_if(&at("$.tenant.id", condition)));
    let expected = [("unsatisfiable-conditions", "rules[0].conditions[0]", "$.tenant.id is always \"acme\"")];
    check(&text(r#""operator":"EQUALS","value":"globex""#), &expected);
    check(&text(r#""operator":"IN","value":["globex","initech"]"#), &expected);
    check(&text(r#""operator":"EQUALS","value":"acme""#), &[]);
    check(&text(r#""operator":"EQUALS","valuePath":"$.claims.sub""#), &[]);
}

#[test]
fn a_path_that_selects_nothing_is_pointed_out() {
    let text = |path: &str| find(&allow_if(&at(path, r#""operator":"EXISTS""#)));
    check(&text("$.arguments.a[0:0]"), &[("never-selects", "rules[0].conditions[0].path", "selects nothing")]);
    check(&text("$.arguments.a[0:1]"), &[]);
    let findings = find(&allow_if(&at("$.arguments.a", r#""operator":"EQUALS","valuePath":"$.claims.a[?1=='a']""#)));
    check(&findings, &[("never-selects", "rules[0].conditions[0].valuePath", "selects nothing")]);
}

#[test]
fn a_condition_that_holds_for_every_text_is_pointed_out() {
    let text = |condition: &str| find(&allow_if(&at("$.arguments.a", condition)));
    for condition in [
        r#""operator":"MATCHES","value":".*""#,
        r#""operator":"MATCHES","value":"^.+$""#,
        r#""operator":"LIKE","value":"*""#,
        r#""operator":"LIKE","value":"**""#,
    ] {
        check(&text(condition), &[("matches-everything", "rules[0].conditions[0].value", "holds for every text")]);
    }
    for condition in [r#""operator":"MATCHES","value":"a.*""#, r#""operator":"LIKE","value":"a*""#] {
        check(&text(condition), &[]);
    }
}

#[test]
fn a_list_of_what_may_not_be_is_pointed_out_in_an_allow() {
    let not_in = r#""operator":"NOT_IN","value":["a","b"]"#;
    let expected = [("allows-all-others", "rules[0].conditions[0]", "list them with IN or EQUALS")];
    check(&find(&allow_if(&at("$.arguments.a", not_in))), &expected);
    check(&find(&allow_if(&at("$.arguments.a", r#""operator":"NOT_EQUALS","value":"a""#))), &expected);
    check(&find(&deny_if(&at("$.arguments.a", not_in))), &[]);
    check(&find(&allow_if(&at("$.user.id", not_in))), &[]);
    check(&find(&allow_if(&at("$.arguments.a", r#""operator":"NOT_EQUALS","value":null"#))), &[]);
    check(&find(&allow_if(&at("$.arguments.a", r#""operator":"NOT_EQUALS","valuePath":"$.user.id""#))), &[]);
    let bounded =
        format!("{},{}", at("$.arguments.a", not_in), at("$.arguments.a", r#""operator":"LIKE","value":"x-*""#));
    check(&find(&allow_if(&bounded)), &[]);
}

const EQUALS_1: &str = r#""operator":"EQUALS","value":1"#;

const EQUALS_2: &str = r#""operator":"EQUALS","value":2"#;

const UNSATISFIABLE: &[(&str, &str)] = &[
    (EQUALS_1, EQUALS_2),
    (EQUALS_1, r#""operator":"EQUALS","value":"1""#),
    (EQUALS_1, r#""operator":"EQUALS","value":null"#),
    (EQUALS_1, r#""operator":"NOT_EQUALS","value":1.0"#),
    (EQUALS_1, r#""operator":"IN","value":[2,3]"#),
    (EQUALS_1, r#""operator":"NOT_IN","value":[1,2]"#),
    (EQUALS_1, r#""operator":"GREATER_THAN","value":1"#),
    (EQUALS_1, r#""operator":"LESS_THAN","value":1e0"#),
    (EQUALS_1, r#""operator":"LIKE","value":"a*""#),
    (EQUALS_1, r#""operator":"NOT_EXISTS""#),
    (r#""operator":"EXISTS""#, r#""operator":"NOT_EXISTS""#),
    (r#""operator":"IN","value":["a","b"]"#, r#""operator":"IN","value":["c","d"]"#),
    (r#""operator":"IN","value":["a","b"]"#, r#""operator":"STARTS_WITH","value":"c""#),
    (r#""operator":"EQUALS","value":"a""#, r#""operator":"MATCHES","value":"b+""#),
    (r#""operator":"EQUALS","value":"10.0.0.1""#, r#""operator":"IN_CIDR","value":"11.0.0.0/8""#),
    (r#""operator":"LESS_THAN","value":10"#, r#""operator":"GREATER_THAN","value":20"#),
    (r#""operator":"LESS_THAN","value":10"#, r#""operator":"GREATER_THAN_OR_EQUAL","value":10"#),
    (r#""operator":"LESS_THAN_OR_EQUAL","value":10"#, r#""operator":"GREATER_THAN","value":10.0"#),
    (r#""operator":"LESS_THAN","value":10"#, r#""operator":"STARTS_WITH","value":"a""#),
    (r#""operator":"STARTS_WITH","value":"a""#, r#""operator":"STARTS_WITH","value":"b""#),
    (r#""operator":"ENDS_WITH","value":"a""#, r#""operator":"LIKE","value":"*b""#),
    (r#""operator":"IN_CIDR","value":"10.0.0.0/8""#, r#""operator":"IN_CIDR","value":["11.0.0.0/8","::/8"]"#),
    (r#""operator":"BETWEEN","value":["08:00","12:00"]"#, r#""operator":"BETWEEN","value":["12:00","18:00"]"#),
    (r#""operator":"BETWEEN","value":["22:00","06:00"]"#, r#""operator":"BETWEEN","value":["06:00","22:00"]"#),
    (r#""operator":"CONTAINS","value":5"#, r#""operator":"STARTS_WITH","value":"a""#),
    (r#""operator":"NOT_EQUALS","value":"a""#, r#""operator":"LESS_THAN","value":5"#),
];

const SATISFIABLE: &[(&str, &str)] = &[
    (EQUALS_1, r#""operator":"EQUALS","value":1.0"#),
    (EQUALS_1, r#""operator":"NOT_EQUALS","value":2"#),
    (EQUALS_1, r#""operator":"EQUALS","valuePath":"$.claims.b""#),
    (EQUALS_1, r#""operator":"EXISTS""#),
    (EQUALS_1, r#""operator":"IN","value":[1,2]"#),
    (EQUALS_1, r#""operator":"LESS_THAN_OR_EQUAL","value":1"#),
    (EQUALS_1, r#""operator":"LESS_THAN","valuePath":"$.claims.b""#),
    (r#""operator":"LESS_THAN","value":10"#, r#""operator":"GREATER_THAN","value":5"#),
    (r#""operator":"LESS_THAN_OR_EQUAL","value":10"#, r#""operator":"GREATER_THAN_OR_EQUAL","value":10"#),
    (r#""operator":"LESS_THAN","value":10"#, r#""operator":"LESS_THAN","value":5"#),
    (r#""operator":"STARTS_WITH","value":"a""#, r#""operator":"STARTS_WITH","value":"ab""#),
    (r#""operator":"STARTS_WITH","value":"a*b""#, r#""operator":"STARTS_WITH","value":"a*""#),
    (r#""operator":"STARTS_WITH","value":"a""#, r#""operator":"ENDS_WITH","value":"b""#),
    (r#""operator":"STARTS_WITH","value":"a""#, r#""operator":"CONTAINS","value":"b""#),
    (r#""operator":"CONTAINS","value":"a""#, r#""operator":"CONTAINS","value":5"#),
    (r#""operator":"IN_CIDR","value":"10.0.0.0/8""#, r#""operator":"IN_CIDR","value":"10.1.0.0/16""#),
    (r#""operator":"BETWEEN","value":["08:00","12:00"]"#, r#""operator":"BETWEEN","value":["11:00","18:00"]"#),
    (r#""operator":"BETWEEN","value":["22:00","06:00"]"#, r#""operator":"BETWEEN","value":["05:00","21:00"]"#),
    (r#""operator":"BETWEEN","value":["22:00","06:00"]"#, r#""operator":"BETWEEN","value":["23:00","05:00"]"#),
    (r#""operator":"NOT_EQUALS","value":null"#, r#""operator":"CONTAINS","value":5"#),
    (r#""operator":"NOT_EQUALS","valuePath":"$.claims.b""#, r#""operator":"CONTAINS","value":5"#),
    (r#""operator":"NOT_IN","value":["a"]"#, r#""operator":"IN","value":["a","b"]"#),
];
