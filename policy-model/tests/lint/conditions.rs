//! Warnings about conditions, each with its negative twin.

use crate::linting::{allow, check, deny, find, find_with_claims, rules};

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
fn what_never_holds_for_the_type_that_is_there_is_pointed_out() {
    for (path, condition, words) in [
        ("$.tenant", r#""operator":"EQUALS","value":"acme""#, "did you mean $.tenant.id?"),
        ("$.user", r#""operator":"IN","value":["a"]"#, "did you mean $.user.id?"),
        ("$.tool", r#""operator":"LIKE","value":"a*b""#, "did you mean $.tool.name?"),
        ("$.agent", r#""operator":"NOT_EQUALS","value":"a""#, "did you mean $.agent.id?"),
        ("$.claims", r#""operator":"CONTAINS","value":"a""#, "is an object"),
        ("$.tenant.name", r#""operator":"EQUALS","value":"a""#, "$.tenant has only id"),
        ("$.user.email", r#""operator":"EXISTS""#, "$.user has id, issuer"),
        ("$.user.id.x", r#""operator":"EQUALS","value":"a""#, "$.user has id, issuer"),
        ("$.user.id", r#""operator":"BETWEEN","value":["08:00","18:00"]"#, "did you mean $.time?"),
        ("$.user.id", r#""operator":"EQUALS","value":5"#, "is a text"),
        ("$.user.id", r#""operator":"NOT_EXISTS""#, "is always there"),
        ("$.user.id", r#""operator":"EQUALS","value":null"#, "is never null"),
        ("$.user.roles", r#""operator":"EQUALS","value":"admin""#, "did you mean CONTAINS"),
        ("$.user.roles", r#""operator":"CONTAINS","value":5"#, "has texts"),
        ("$.time", r#""operator":"LESS_THAN","value":5"#, "use notBefore and notAfter"),
        ("$.tenant.id", r#""operator":"GREATER_THAN","value":5"#, "compares numbers"),
    ] {
        check(&find(&allow_if(&at(path, condition))), &[("never-true", "rules[0].conditions[0].path", words)]);
    }
    for (condition, words) in [
        (r#""operator":"EQUALS","valuePath":"$.tenant""#, "did you mean $.tenant.id?"),
        (r#""operator":"EQUALS","valuePath":"$.user.roles""#, "is a list"),
        (r#""operator":"IN","valuePath":"$.tenant.id""#, "did you mean EQUALS?"),
        (r#""operator":"LESS_THAN","valuePath":"$.time""#, "compares numbers"),
    ] {
        let findings = find(&allow_if(&at("$.arguments.a", condition)));
        check(&findings, &[("never-true", "rules[0].conditions[0].valuePath", words)]);
    }
    for (path, condition) in [
        ("$.tenant.id", r#""operator":"EQUALS","value":"acme""#),
        ("$.user.roles", r#""operator":"CONTAINS","value":"admin""#),
        ("$.user.roles[*]", r#""operator":"EQUALS","value":"admin""#),
        ("$.user.id", r#""operator":"NOT_EQUALS","value":null"#),
        ("$.agent", r#""operator":"NOT_EXISTS""#),
        ("$.agent.id", r#""operator":"EXISTS""#),
        ("$.tool.target", r#""operator":"NOT_EXISTS""#),
        ("$.arguments.a", r#""operator":"IN","valuePath":"$.user.roles""#),
        ("$.time", r#""operator":"BETWEEN","value":["08:00","18:00"]"#),
        ("$.time", r#""operator":"STARTS_WITH","value":"2026-""#),
        ("$.tenantx", ""),
    ] {
        if !condition.is_empty() {
            check(&find(&allow_if(&at(path, condition))), &[]);
        }
    }
}

#[test]
fn a_tool_is_there_in_rules_about_tools_only() {
    let text = |kind: &str| {
        rules(&format!(
            r#"{{"effect":"ALLOW","resourceType":"{}","resources":["agent:{kind}:a___b"],
                "conditions":[{{"path":"$.tool.name","operator":"EQUALS","value":"a___b"}}]}}"#,
            kind.to_uppercase()
        ))
    };
    check(&find(&text("prompt")), &[("never-true", "rules[0].conditions[0].path", "in rules about TOOL only")]);
    check(&find(&text("tool")), &[]);
}

#[test]
fn a_deny_that_cannot_be_evaluated_is_told_so() {
    let findings = find(&deny_if(&at("$.tenant", r#""operator":"EQUALS","value":"a""#)));
    check(&findings, &[("never-true", "rules[0].conditions[0].path", "counts as true in a DENY")]);
    let findings = find(&deny_if(&at("$.user.mail", r#""operator":"EXISTS""#)));
    check(&findings, &[("never-true", "rules[0].conditions[0].path", "the rule never applies")]);
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

#[test]
fn a_claim_that_nobody_knows_is_pointed_out() {
    let text = |path: &str| allow_if(&at(path, r#""operator":"EXISTS""#));
    for (path, words) in [
        ("$.claims.tenant", "write $.tenant.id, or $.claims['custom:tenant_id']"),
        ("$.claims['custom:tenantid']", "write $.tenant.id"),
        ("$.claims.emial", "did you mean $.claims.email?"),
        ("$.claims['cognito:group'][0]", "did you mean $.claims['cognito:groups']?"),
        ("$.claims.department", "check how the issuer spells it"),
    ] {
        let expected = [("unknown-claim", "rules[0].conditions[0].path", words)];
        check(&find_with_claims(&text(path)), &expected);
        // Without settings nobody knows what the issuers call things.
        check(&find(&text(path)), &[]);
    }
    for path in [
        "$.claims['custom:tenant_id']",
        "$.claims.sub",
        "$.claims.roles[*]",
        "$.claims.act.sub",
        "$.claims['cognito:groups']",
        "$.claims['https://example.com/level']",
        "$.claims['custom:department']",
        "$.claims[*]",
        "$.arguments.department",
    ] {
        check(&find_with_claims(&text(path)), &[]);
    }
    let findings =
        find_with_claims(&allow_if(&at("$.arguments.a", r#""operator":"EQUALS","valuePath":"$.claims.tenant""#)));
    check(&findings, &[("unknown-claim", "rules[0].conditions[0].valuePath", "\"custom:tenant_id\"")]);
}

fn at(path: &str, condition: &str) -> String {
    format!(r#"{{"path":"{path}",{condition}}}"#)
}

fn allow_if(conditions: &str) -> String {
    rules(&allow(&format!(r#","conditions":[{conditions}]"#)))
}

fn deny_if(conditions: &str) -> String {
    rules(&format!("{},{}", deny(&format!(r#","conditions":[{conditions}]"#)), allow("")))
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
