//! Warnings about what a condition looks at: what is never of that type, never there, or known to nobody.

use crate::linting::{allow_if, at, check, deny_if, find, find_with_claims, rules};

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
fn arguments_are_there_in_rules_about_tools_and_prompts_only() {
    let text = |kind: &str, name: &str, path: &str| {
        rules(&format!(
            r#"{{"effect":"ALLOW","resourceType":"{}","resources":["agent:{kind}:{name}"],
                "conditions":[{{"path":"{path}","operator":"EXISTS"}}]}}"#,
            kind.to_uppercase()
        ))
    };
    for (kind, name) in [("resource", "file:///a"), ("agent", "a"), ("model", "a")] {
        for path in ["$.arguments.a", "$.arguments.a[*].b", "$.arguments"] {
            let expected = [("never-true", "rules[0].conditions[0].path", "TOOL and PROMPT only")];
            check(&find(&text(kind, name, path)), &expected);
        }
        check(&find(&text(kind, name, "$.claims.a")), &[]);
    }
    for kind in ["tool", "prompt"] {
        check(&find(&text(kind, "a___b", "$.arguments.a[*].b")), &[]);
    }
}

#[test]
fn a_deny_that_cannot_be_evaluated_is_told_so() {
    let findings = find(&deny_if(&at("$.tenant", r#""operator":"EQUALS","value":"a""#)));
    check(&findings, &[("never-true", "rules[0].conditions[0].path", "counts as true in a DENY")]);
    let findings = find(&deny_if(&at("$.user.mail", r#""operator":"EXISTS""#)));
    check(&findings, &[("never-true", "rules[0].conditions[0].path", "the rule never applies")]);
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
        "$.claims.desk",
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
