//! Warnings about the resources of rules and redactions, each with its negative twin.

use crate::linting::{allow, check, find, find_under, policy, rules};

#[test]
fn a_bare_name_without_a_default_target_reaches_nothing() {
    let bare = |kind: &str, name: &str| {
        let kind_word = kind.to_uppercase();
        format!(r#"{{"effect":"ALLOW","resourceType":"{kind_word}","resources":["agent:{kind}:{name}"]}}"#)
    };
    for (kind, name) in [("tool", "lookup"), ("tool", "look*"), ("prompt", "summary"), ("prompt", "x_amz*")] {
        let words = format!("write <target>___{name}");
        check(&find(&rules(&bare(kind, name))), &[("unreachable-bare-name", "rules[0].resources[0]", &words)]);
    }
    for (kind, name) in
        [("tool", "x_amz_bedrock_agentcore_search"), ("tool", "x_amz*"), ("tool", "a___b"), ("agent", "a")]
    {
        check(&find(&rules(&bare(kind, name))), &[]);
    }
    check(&find(&policy(&format!(r#""defaultTarget":"a","rules":[{}]"#, bare("tool", "lookup")))), &[]);
    let deny = bare("tool", "lookup").replace("ALLOW", "DENY");
    check(&find(&rules(&format!("{},{deny}", allow("")))), &[]);
}

#[test]
fn a_name_that_is_too_long_names_nothing() {
    let rule = |length: usize| {
        format!(r#"{{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:a___{}"]}}"#, "b".repeat(length))
    };
    check(&find(&rules(&rule(253))), &[("names-nothing", "rules[0].resources[0]", "256")]);
    check(&find(&rules(&rule(252))), &[]);
}

#[test]
fn what_is_always_denied_is_allowed_in_vain() {
    let pair = |allowed: &str, denied: &str, more: &str| {
        rules(&format!(
            r#"{{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:z___z","agent:tool:{allowed}"]}},
               {{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:y___y","agent:tool:{denied}"]{more}}}"#
        ))
    };
    let shadowed = ("shadowed-by-deny", "rules[0].resources[1]", "rules[1] denies all of this");
    for (allowed, denied) in [("a___b", "a___b"), ("a___b", "b"), ("a___b*", "a___*"), ("a___b", "*"), ("a-*___b", "b")]
    {
        let findings = find(&pair(allowed, denied, ""));
        let findings: Vec<_> = findings.into_iter().filter(|finding| finding.code == shadowed.0).collect();
        match denied {
            "*" => assert_eq!(findings.len(), 2),
            _ => check(&findings, &[shadowed]),
        }
    }
    for (allowed, denied) in [("a___b*", "a___b"), ("a___b", "c___b"), ("a___*", "b")] {
        check(&find(&pair(allowed, denied, "")), &[]);
    }
    // A DENY that is not for everybody, always and whatever the arguments.
    for more in [
        r#","principals":{"users":["alice"]}"#,
        r#","principals":{"agents":["*"]}"#,
        r#","scopes":["s"]"#,
        r#","notAfter":"2099-01-01T00:00:00Z""#,
        r#","notBefore":"2099-01-01T00:00:00Z""#,
        r#","conditions":[{"path":"$.arguments.a","operator":"EXISTS"}]"#,
        r#","mode":"LOG_ONLY""#,
    ] {
        check(&find(&pair("a___b", "a___b", more)), &[]);
    }
    for more in [r#","principals":{"users":["*"]}"#, r#","notBefore":"2020-01-01T00:00:00Z""#] {
        check(&find(&pair("a___b", "a___b", more)), &[shadowed]);
    }
}

#[test]
fn resources_of_every_kind_are_compared_with_what_is_denied() {
    for (kind, allowed, denied, is_shadowed) in [
        ("prompt", "a___b", "b", true),
        ("resource", "file:///a/b*", "file:///a*", true),
        ("resource", "file:///a*", "file:///a/b*", false),
        ("resource", "https://*.a.example/x", "https://*/*", true),
        ("agent", "a-b", "a-*", true),
        ("agent", "a-b/c", "a-*", true),
        ("agent", "a-b/c", "a-*/*", true),
        ("agent", "a-b", "a-*/*", false),
        ("agent", "a-b/*", "*/c", false),
        ("model", "a-*", "a-b", false),
        ("model", "t/a-b", "a-*", true),
        ("model", "t/a-b", "t/*", true),
        ("model", "a-b", "t/a-b", false),
        ("model", "*/a-b", "a-b", true),
        ("model", "u/t/a-b", "t/a-b", true),
        ("model", "*t/a-b", "t/a-b", false),
    ] {
        let word = kind.to_uppercase();
        let text = rules(&format!(
            r#"{{"effect":"ALLOW","resourceType":"{word}","resources":["agent:{kind}:{allowed}"]}},
               {{"effect":"DENY","resourceType":"{word}","resources":["agent:{kind}:{denied}"]}}"#
        ));
        let findings = find(&text);
        assert_eq!(findings.iter().any(|finding| finding.code == "shadowed-by-deny"), is_shadowed, "{kind} {allowed}");
    }
}

#[test]
fn what_the_baseline_denies_is_allowed_in_vain() {
    let baseline = |resource: &str| {
        format!(
            r#"{{"policyId":"B","tenantId":"*","rules":[{{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:{resource}"]}}]}}"#
        )
    };
    let text = rules(&allow(""));
    check(
        &find_under(&baseline("*___b"), &text),
        &[("shadowed-by-deny", "rules[0].resources[0]", "rules[0] of the baseline denies all of this")],
    );
    check(&find_under(&baseline("*___c"), &text), &[]);
}

#[test]
fn a_grant_of_everything_is_pointed_out() {
    let all = |kind: &str, more: &str| {
        let word = kind.to_uppercase();
        format!(r#"{{"effect":"ALLOW","resourceType":"{word}","resources":["agent:{kind}:*"]{more}}}"#)
    };
    for kind in ["tool", "prompt", "resource", "agent", "model"] {
        check(
            &find(&rules(&all(kind, ""))),
            &[("grants-everything", "rules[0].resources[0]", "every caller of the tenant")],
        );
    }
    let skills = rules(&all("agent", "").replace("agent:agent:*", "agent:agent:*/*"));
    check(&find(&skills), &[("grants-everything", "rules[0].resources[0]", "may use all skills of all agents")]);
    for more in [
        r#","principals":{"roles":["admin"]}"#,
        r#","scopes":["all"]"#,
        r#","conditions":[{"path":"$.claims.sub","operator":"EXISTS"}]"#,
    ] {
        check(&find(&rules(&all("tool", more))), &[]);
    }
}

#[test]
fn a_wildcard_that_reaches_further_than_it_looks_is_pointed_out() {
    let allow = |kind: &str, name: &str| {
        let word = kind.to_uppercase();
        rules(&format!(r#"{{"effect":"ALLOW","resourceType":"{word}","resources":["agent:{kind}:{name}"]}}"#))
    };
    for (kind, name, words) in [
        ("tool", "*___get*", "every target fits"),
        ("tool", "*-eu___get", "every target whose name ends so"),
        ("tool", "orders*___get", "orders-admin"),
        ("prompt", "*___a", "every target fits"),
        ("agent", "*/refund", "every agent fits, also one that is added later; name the agents"),
        ("agent", "*-eu/refund", "every agent whose name ends so"),
        ("agent", "sup*/*", "an agent supx or sup-admin fits as well"),
        ("resource", "https://*example.com/*", "evilexample.com"),
        ("resource", "https://docs.example*/a", "docs.example.evil.example"),
        ("resource", "https://*/a", "every host fits https://*"),
        ("resource", "https://*:8443/a", "every host fits https://*"),
    ] {
        check(&find(&allow(kind, name)), &[("wide-wildcard", "rules[0].resources[0]", words)]);
    }
    for (kind, name) in [
        ("tool", "orders___get*"),
        ("tool", "orders-*___get"),
        ("agent", "sup*"),
        ("agent", "support/*"),
        ("agent", "support-*/refund"),
        ("model", "openai/*"),
        ("resource", "https://*.example.com/*"),
        ("resource", "https://docs.example/a*"),
        ("resource", "file:///docs*"),
    ] {
        check(&find(&allow(kind, name)), &[]);
    }
}

#[test]
fn a_bare_wildcard_in_a_deny_reaches_whole_targets() {
    let text = |resource: &str| {
        rules(&format!(
            r#"{},{{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:{resource}"]}}"#,
            allow("")
        ))
    };
    check(
        &find(&text("admin-*")),
        &[("wide-denial", "rules[1].resources[0]", "every target whose name begins with admin-")],
    );
    // No target has an underscore.
    for resource in ["x___admin-*", "*___admin-*", "admin-refund", "*drop*", "get_*"] {
        check(&find(&text(resource)), &[]);
    }
}

#[test]
fn a_redaction_that_takes_nothing_out_is_pointed_out() {
    let text = |resource: &str, path: &str| {
        policy(&format!(
            r#""rules":[{},{{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:shut"]}}],
               "redactions":[{{"resources":["agent:{resource}"],"path":"{path}","action":"MASK"}}]"#,
            allow("")
        ))
    };
    for path in ["$.a[0:0]", "$[?1=='a']", "$..a[?@.b < null]"] {
        check(
            &find(&text("tool:a___b", path)),
            &[("never-selects", "redactions[0].path", "selects nothing in any document")],
        );
    }
    for path in ["$", "$.content[*].text", "$.a[0:1]", "$[?@.a=='a']"] {
        check(&find(&text("tool:a___b", path)), &[]);
    }
    let long = format!("tool:{}", "a".repeat(257));
    for (resource, words) in [
        (
            "agent:a/b",
            "does not say which skill made it, so that none is redacted for this; name the agent, agent:agent:a",
        ),
        ("tool:x___shut", "rules[1] denies all of this"),
        ("tool:shut", "rules[1] denies all of this"),
        (&long, "longer than every name"),
    ] {
        check(&find(&text(resource, "$..ssn")), &[("never-selects", "redactions[0].resources[0]", words)]);
    }
    let others = ["prompt:a___b", "resource:file:///a", "agent:a", "agent:*", "model:a", "model:*"];
    for resource in ["tool:*", "tool:a", "tool:get*All", "tool:*get*all"].into_iter().chain(others) {
        check(&find(&text(resource, "$..ssn")), &[]);
    }
    check(&find(&text("tool:get*", "$..ssn")), &[("wide-denial", "redactions[0].resources[0]", "begins with get")]);
}

#[test]
fn a_url_of_the_own_network_is_pointed_out() {
    let text = |url: &str| {
        policy(&format!(r#""rules":[{}],"pushNotificationUrls":["https://a.example/*","{url}"]"#, allow("")))
    };
    for url in [
        "https://10.1.2.3/*",
        "https://[fd00::1]:8443/a",
        "https://localhost/*",
        "https://hooks/a",
        "https://hooks.svc.cluster.local/a",
        "https://*.prod.internal/a",
        "https://metadata.google.internal/*",
    ] {
        check(&find(&text(url)), &[("names-nothing", "pushNotificationUrls[1]", "are never called back")]);
    }
    for url in ["https://*.a.example/*", "https://1.1.1.1/*", "https://[2606:4700::1]/a", "https://a.example:8443/?*"] {
        check(&find(&text(url)), &[]);
    }
}
