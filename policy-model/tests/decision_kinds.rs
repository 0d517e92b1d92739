//! Prompts, resources, templates, agents and models: what their patterns cover.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;

use asking::{Answer, Asker};
use policy_model::{AgentName, Layers, Policy};
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
fn an_agent_is_named_with_its_skills() {
    let rules = [allow("AGENT", "agent:agent:billing-*"), deny("AGENT", "agent:agent:*-test")];
    check(
        &rules,
        "agent",
        &["billing-eu", "billing-", "billing-eu/refund", "billing-/billing-test"],
        &["billing", "Billing-eu", "billing-test", "billing-test/a", "billing eu", "a/b", "billing/eu", "a/billing-eu"],
    );
    // No wildcard crosses from the agent into its skill.
    check(&[allow("AGENT", "agent:agent:b*d")], "agent", &["bd", "b-d", "b-d/x"], &["b/d", "b-x/d", "b"]);
    check(&[allow("AGENT", "agent:agent:*")], "agent", &["a", "a/b"], &["a/", "/b", "a/b/c", "a//b", "", "/"]);
}

#[test]
fn a_skill_is_named_without_its_agent() {
    for (pattern, named, others) in [
        ("a/b", &["a/b"][..], &["a", "b", "a/bc", "xa/b", "b/a"][..]),
        ("a/*", &["a/b", "a/c.d_e-f"], &["a", "ab/c", "b/a"]),
        ("*/b", &["a/b", "x/b"], &["b", "a/bb", "b/a"]),
        ("a*/b*", &["a/b", "ab/bc"], &["a", "ab", "b/b", "a/ab"]),
        ("*/*", &["a/b", "x/y"], &["a", "x"]),
    ] {
        let pattern = format!("agent:agent:{pattern}");
        check(&[allow("AGENT", &pattern)], "agent", named, others);
        check(&[allow("AGENT", "agent:agent:*"), deny("AGENT", &pattern)], "agent", others, named);
    }
    let [agent, skill] = ["a", "b"].map(|letter| letter.repeat(128));
    let longest = format!("{agent}/{skill}");
    let rules = [allow("AGENT", &format!("agent:agent:{longest}"))];
    check(&rules, "agent", &[&longest], &[&format!("{longest}b"), &format!("a{longest}"), &agent]);
}

#[test]
fn a_skill_is_no_agent_for_who_asks_for_one() {
    for (text, agent, skill) in [("a", "a", None), ("a/b", "a", Some("b"))] {
        let (as_agent, as_skill) = (AgentName::parse(text), AgentName::parse_skill(text));
        assert_eq!((as_agent.is_some(), as_skill.is_some()), (skill.is_none(), skill.is_some()), "{text}");
        let name = as_agent.or(as_skill).unwrap();
        assert_eq!((name.as_str(), name.agent(), name.skill()), (text, agent, skill));
    }
    for text in ["", "/", "a/", "/b", "a/b/c", "a b/c", "a/b c", "a/*", "*/b", "a/ä", "a%2Fb", "a\u{0}/b"] {
        assert!(AgentName::parse(text).is_none() && AgentName::parse_skill(text).is_none(), "{text}");
    }
}

#[test]
fn a_model_is_allowed_by_its_whole_name_and_denied_behind_every_prefix() {
    let rules = [allow("MODEL", "agent:model:eu.anthropic.*"), deny("MODEL", "agent:model:*:0")];
    check(
        &rules,
        "model",
        &["eu.anthropic.claude", "eu.anthropic.claude-v1:1", "eu.anthropic./a@b"],
        &["anthropic.claude", "eu.anthropic.claude-v1:0", "eu.anthropic.claude v1", "euXanthropic.claude"],
    );
    check(&[allow("MODEL", "agent:model:*")], "agent", &[], &["a"]);
    check(
        &[allow("MODEL", "agent:model:gpt-5*")],
        "model",
        &["gpt-5", "gpt-5/x"],
        &["openai/gpt-5", "openai/gpt-5-mini"],
    );
    let all = allow("MODEL", "agent:model:*");
    check(
        &[all.clone(), deny("MODEL", "agent:model:gpt-5")],
        "model",
        &["gpt-5-mini", "openai/gpt-5-mini", "gpt-5/x", "openai/xgpt-5", "a/gpt-5/b"],
        &["gpt-5", "openai/gpt-5", "/gpt-5", "a/b/gpt-5", "a//gpt-5"],
    );
    check(
        &[all.clone(), deny("MODEL", "agent:model:gpt-*-pro")],
        "model",
        &["gpt-5", "x/agpt-5-pro"],
        &["a/b/gpt-5-pro", "gpt-5-pro", "x/gpt-5-pro", "x/gpt-5/y-pro", "gpt-5/x-pro"],
    );
    check(
        &[all.clone(), deny("MODEL", "agent:model:openai/gpt-*")],
        "model",
        &["gpt-5", "azure/gpt-5", "azure/xopenai/gpt-5"],
        &["openai/gpt-5", "openai/gpt-5/x", "azure/openai/gpt-5", "a/b/openai/gpt-5"],
    );
    check(&[all, deny("MODEL", "agent:model:*-pro")], "model", &["a/b"], &["a-pro", "a/b-pro", "a/b/c-pro"]);
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
    for (kind, pattern) in [
        ("AGENT", "agent:agent:a b"),
        ("AGENT", "agent:agent:a/b/c"),
        ("AGENT", "agent:agent:a/"),
        ("AGENT", "agent:agent:/*"),
        ("MODEL", "agent:model:a b"),
    ] {
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
