//! Prompts, resources, templates, agents and models: what their patterns cover.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;

use asking::{Answer, Asker};
use policy_model::{Layers, Policy};
use serde_json::{Value, json};

#[test]
fn a_prompt_is_named_like_a_tool_and_shares_nothing_with_one() {
    let rules = [allow("PROMPT", "agent:prompt:docs___sum*"), allow("TOOL", "agent:tool:docs___make")];
    check(&rules, "prompt", &["docs___sum", "docs___summary"], &["docs___make", "other___sum", "summary", "docs sum"]);
    check(&rules, "tool", &["docs___make"], &["docs___sum"]);
    let rules = [allow("PROMPT", "agent:prompt:*"), deny("PROMPT", "agent:prompt:secret")];
    check(&rules, "prompt", &["a", "a___b"], &["secret", "a___secret"]);
}

#[test]
fn an_agent_and_a_model_are_named_whole() {
    let rules = [allow("AGENT", "agent:agent:billing-*"), deny("AGENT", "agent:agent:*-test")];
    check(
        &rules,
        "agent",
        &["billing-eu", "billing-"],
        &["billing", "Billing-eu", "billing-test", "billing eu", "a/b"],
    );
    let rules = [allow("MODEL", "agent:model:eu.anthropic.*"), deny("MODEL", "agent:model:*:0")];
    check(
        &rules,
        "model",
        &["eu.anthropic.claude", "eu.anthropic.claude-v1:1", "eu.anthropic./a@b"],
        &["anthropic.claude", "eu.anthropic.claude-v1:0", "eu.anthropic.claude v1", "euXanthropic.claude"],
    );
    check(&[allow("MODEL", "agent:model:*")], "agent", &[], &["a"]);
}

#[test]
fn a_uri_is_compared_in_its_only_spelling() {
    check(
        &[allow("RESOURCE", "agent:resource:file:///docs/*")],
        "resource",
        &["file:///docs/", "file:///docs/a/b", "file:///docs/%20"],
        &[
            "file:///docs",
            "file:///Docs/a",
            "file:///docs/../etc",
            "file:///docs/%2E%2E/etc",
            "file:///docs/a%2Fb",
            "file://host/docs/a",
            "http://docs/a",
            "docs/a",
        ],
    );
    check(&[allow("RESOURCE", "agent:resource:*")], "resource", &["a:b", "https://x.y/"], &["https://x.y", "a"]);
    check(&[allow("RESOURCE", "agent:resource:urn:isbn:*")], "resource", &["urn:isbn:1"], &["urn:issn:1", "urn:isbn"]);
}

#[test]
fn a_wildcard_in_a_host_stays_there_when_it_allows_and_not_when_it_denies() {
    let pattern = "agent:resource:https://*.example.com/a*";
    check(
        &[allow("RESOURCE", pattern)],
        "resource",
        &["https://eu.example.com/a", "https://x.y.example.com/ab/c?d"],
        &[
            "https://example.com/a",
            "https://eu.example.com/b",
            "https://evil.com/.example.com/a",
            "https://evil.com/x.example.com/a",
            "https://eu.example.com.evil.com/a",
            "https://eu.example.com:8443/a",
            "http://eu.example.com/a",
        ],
    );
    check(
        &[allow("RESOURCE", "agent:resource:*"), deny("RESOURCE", pattern)],
        "resource",
        &["https://example.com/a"],
        &["https://eu.example.com/a", "https://evil.com/x.example.com/a"],
    );
}

#[test]
fn a_template_is_listed_if_one_of_its_uris_could_be_allowed() {
    let rules = [
        allow("RESOURCE", "agent:resource:file:///docs/*"),
        allow("RESOURCE", "agent:resource:https://*.example.com/a*"),
        deny("RESOURCE", "agent:resource:file:///docs/private/*"),
    ];
    check(
        &rules,
        "template",
        &[
            "file:///docs/{name}",
            "file:///{+path}",
            "file:///docs/private{+rest}",
            "file:///docs/a",
            "https://{host}.example.com/a{?q}",
            "https://{+host}/a",
        ],
        &[
            "file:///docs/private/{name}",
            "file:///etc/{name}",
            "https://evil.com/{name}.example.com/a",
            "https://{host}.example.org/a",
            "file:///docs/../{name}",
            "{scheme}:///docs/a",
            "file:///docs/{",
        ],
    );
    check(&[allow("RESOURCE", "agent:resource:*")], "template", &["db:{table}"], &["{x}:y"]);
}

#[test]
fn a_templates_host_is_not_a_wildcards_path() {
    check(
        &[allow("RESOURCE", "agent:resource:https://*.example.com/public/*")],
        "template",
        &["https://{+anything}", "https://eu.example.com/{+p}", "https://{h}.example.com/public{/page}"],
        &[
            "https://evil.com/{+p}",
            "https://evil.com/{p}",
            "https://evil.com{/p*}",
            "https://evil.com/a{#f}",
            "https://evil.com/{+p}.example.com/public/a",
            "https://evil.com?{p}",
            "https://{h}.example.com/other{/page}",
            "https://{h}.example.org/public/a",
        ],
    );
}

#[test]
fn what_an_expression_begins_with_is_part_of_the_uri() {
    let rules = [
        allow("RESOURCE", "agent:resource:db://main/*"),
        allow("RESOURCE", "agent:resource:https://example.com:8443/*"),
        allow("RESOURCE", "agent:resource:notes:*"),
    ];
    check(
        &rules,
        "template",
        &[
            "db://main{/table}",
            "db://main/{table}{?limit}",
            "https://example.com:{port}/a",
            "https://example.com:8443{/path}",
            "https://example.com:8443{+path}",
            "notes://{h}/{t}",
            "notes:{t}",
        ],
        &["db://main{.x}", "db://other{/table}", "db:main{/table}", "https://example.com{/path}", "note{s}:a"],
    );
    check(&rules, "resource", &["notes://h/t", "db://main/x"], &["db://main", "note:a"]);
}

#[test]
fn a_pattern_that_no_uri_fits_is_an_error() {
    for (pattern, remedy) in [
        ("agent:resource:docs", "expected a scheme without wildcard"),
        ("agent:resource:*://a/*", "expected a scheme without wildcard"),
        ("agent:resource:HTTPS://a/*", "not in normal form"),
        ("agent:resource:https://a", "not in normal form"),
        ("agent:resource:https://u@a/*", "not in normal form"),
        ("agent:resource:file:///a/../*", "not in normal form"),
        ("agent:resource:file:///a//*", "not in normal form"),
        ("agent:resource:file:///%2e/*", "not in normal form"),
        ("agent:tool:a", "expected agent:resource:<name>, as resourceType is RESOURCE"),
    ] {
        let error = Policy::parse(document(&[allow("RESOURCE", pattern)]).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(remedy), "{pattern}: {error}");
    }
    for (kind, pattern) in [("AGENT", "agent:agent:a b"), ("AGENT", "agent:agent:a/b"), ("MODEL", "agent:model:a b")] {
        let error = Policy::parse(document(&[allow(kind, pattern)]).as_bytes()).unwrap_err().to_string();
        assert!(error.contains("name is 1 to"), "{pattern}: {error}");
    }
}

fn allow(kind: &str, pattern: &str) -> Value {
    json!({"effect": "ALLOW", "resourceType": kind, "resources": [pattern]})
}

fn deny(kind: &str, pattern: &str) -> Value {
    json!({"effect": "DENY", "resourceType": kind, "resources": [pattern]})
}

fn document(rules: &[Value]) -> String {
    json!({"policyId": "p", "tenantId": "acme", "rules": rules}).to_string()
}

fn check(rules: &[Value], kind: &str, allowed: &[&str], denied: &[&str]) {
    let policy = Policy::parse(document(rules).as_bytes()).unwrap();
    let asker = Asker::new(&Value::Null);
    for (names, expected) in [(allowed, true), (denied, false)] {
        for name in names {
            let answer = asker.ask(Layers::of(&policy), kind, name, None);
            assert_eq!(matches!(answer, Answer::Allowed(_)), expected, "{kind} {name}: {answer:?} under {rules:?}");
        }
    }
}
