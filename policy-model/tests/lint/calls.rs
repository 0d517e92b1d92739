//! Warnings about what is changed in calls.

use crate::linting::{allow, check, find, find_with_claims, policy};

#[test]
fn a_change_that_changes_nothing_is_pointed_out() {
    let text = |resource: &str, path: &str| {
        arguments(&format!(r#"{{"resources":["agent:{resource}"],"path":"{path}","action":"MASK"}}"#))
    };
    for path in ["$.arguments.a[0:0]", "$.arguments[?1=='a']"] {
        check(&find(&text("tool:a___b", path)), &[("never-selects", "arguments[0].path", "selects nothing")]);
    }
    let long = format!("tool:{}", "a".repeat(257));
    for (resource, words) in [
        ("tool:x___shut", "rules[1] denies all of this to everybody, so that there are no calls to change"),
        ("tool:shut", "rules[1] denies all of this"),
        (&long, "longer than every name"),
    ] {
        let findings = find(&text(resource, "$.arguments.a"));
        check(&findings, &[("never-selects", "arguments[0].resources[0]", words)]);
    }
    check(
        &find(&text("tool:get*", "$.arguments..card")),
        &[("wide-denial", "arguments[0].resources[0]", "begins with get")],
    );
    for resource in ["tool:*", "tool:a", "prompt:a___b"] {
        check(&find(&text(resource, "$.arguments..card")), &[]);
    }
}

#[test]
fn a_limit_of_nothing_is_pointed_out() {
    let text = |resource: &str| {
        let limit = format!(r#""limits":[{{"resources":["agent:{resource}"],"argumentDepthMax":3}}]"#);
        arguments("").replace(r#""arguments":[]"#, &limit)
    };
    check(
        &find(&text("tool:x___shut")),
        &[("never-selects", "limits[0].resources[0]", "so that there are no calls to limit")],
    );
    check(&find(&text("tool:get*")), &[("wide-denial", "limits[0].resources[0]", "begins with get")]);
    for resource in ["tool:*", "tool:a", "prompt:a___b"] {
        check(&find(&text(resource)), &[]);
    }
    let tokens = |resource: &str| {
        let model = |effect: &str, name: &str| {
            format!(r#"{{"effect":"{effect}","resourceType":"MODEL","resources":["agent:model:{name}"]}}"#)
        };
        policy(&format!(
            r#""rules":[{},{}],"limits":[{{"resources":["agent:model:{resource}"],"maxTokens":3}}]"#,
            model("ALLOW", "t/m"),
            model("DENY", "shut")
        ))
    };
    for resource in ["shut", "t/shut"] {
        check(&find(&tokens(resource)), &[("never-selects", "limits[0].resources[0]", "rules[1] denies all of this")]);
    }
    for resource in ["*", "t/*", "sh*"] {
        check(&find(&tokens(resource)), &[]);
    }
}

#[test]
fn a_value_for_an_argument_that_is_never_there_is_pointed_out() {
    let text = |kind: &str, path: &str| {
        arguments(&format!(
            r#"{{"resources":["agent:{kind}:a___b"],"path":"$.arguments.a","action":"SET","valuePath":"{path}"}}"#
        ))
    };
    for (kind, path, words) in [
        ("tool", "$.tenant.name", "$.tenant has only id; every call of these is refused"),
        ("tool", "$.user.id.x", "$.user has id, issuer"),
        ("prompt", "$.tool.name", "in rules about TOOL only"),
        ("tool", "$.decision.requestId", "$.decision has only id"),
        ("tool", "$.claims.a[0:0]", "selects nothing"),
    ] {
        check(&find(&text(kind, path)), &[("never-resolves", "arguments[0].valuePath", words)]);
    }
    check(
        &find(&arguments(
            r#"{"resources":["agent:tool:a___b","agent:prompt:a___b"],"path":"$.arguments.a","action":"SET","valuePath":"$.tool.name"}"#,
        )),
        &[("never-resolves", "arguments[0].valuePath", "in rules about TOOL only")],
    );
    // An argument may be any JSON.
    for path in ["$.tenant", "$.user.roles", "$.tool.name", "$.agent.id", "$.decision.id", "$.claims.a[0]"] {
        check(&find(&text("tool", path)), &[]);
    }
    let findings = find_with_claims(&text("tool", "$.claims.tenant"));
    check(&findings, &[("unknown-claim", "arguments[0].valuePath", "write $.tenant.id")]);
    check(&find_with_claims(&text("tool", "$.claims.desk")), &[]);
}

#[test]
fn a_value_for_a_header_that_is_never_a_text_is_pointed_out() {
    let text = |path: &str| headers(&format!(r#"{{"name":"x-a","value":"a"}},{{"name":"x-b","valuePath":"{path}"}}"#));
    for (path, words) in [
        ("$.tenant", "did you mean $.tenant.id?"),
        ("$.claims", "this is an object"),
        ("$.decision", "did you mean $.decision.id?"),
        ("$.user.roles", "this is a list"),
        ("$.tenant.name", "$.tenant has only id; every request of the tenant is refused"),
        ("$.claims.a[0:0]", "selects nothing"),
    ] {
        check(&find(&text(path)), &[("never-resolves", "headers[1].valuePath", words)]);
    }
    for path in ["$.tenant.id", "$.user.roles[0]", "$.time", "$.agent.id", "$.decision.id", "$.claims.department"] {
        check(&find(&text(path)), &[]);
    }
    check(&find_with_claims(&text("$.claims.emial")), &[("unknown-claim", "headers[1].valuePath", "$.claims.email?")]);
}

#[test]
fn beside_an_entry_that_is_wrong_there_are_no_warnings_about_others() {
    let findings = find(&headers(r#"{"name":"cookie","value":"a"},{"name":"x-b","valuePath":"$.tenant"}"#));
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["wrong-header"]);
}

fn arguments(entries: &str) -> String {
    let deny = r#"{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:shut"]}"#;
    policy(&format!(r#""rules":[{},{deny}],"arguments":[{entries}]"#, allow("")))
}

fn headers(entries: &str) -> String {
    policy(&format!(r#""rules":[{}],"headers":[{entries}]"#, allow("")))
}
