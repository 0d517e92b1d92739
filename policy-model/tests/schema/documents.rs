//! The published schema beside the reader: what it takes, and each thing of the reference that it refuses.

use crate::policies;
use jsonschema::Validator;
use policy_model::{Policy, policy};
use serde_json::Value;

#[test]
fn every_policy_that_the_project_shows_is_valid() {
    let validator = validator();
    let all = [policies::fixtures(), policies::examples()].concat();
    for (name, text) in &all {
        Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let errors: Vec<String> = validator.iter_errors(&parse(text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn the_schema_itself_is_valid() {
    assert!(jsonschema::meta::is_valid(&parse(&policy::schema())));
}

#[test]
fn a_document_that_breaks_one_rule_is_refused_by_both() {
    let validator = validator();
    let good = policy_with(r#""rules": []"#);
    assert!(validator.is_valid(&parse(&good)) && Policy::parse(good.as_bytes()).is_ok());
    let mut documents: Vec<String> = WHOLE.iter().map(|text| (*text).to_owned()).collect();
    documents.extend(MEMBERS.iter().map(|members| policy_with(members)));
    documents.extend(RULES.iter().map(|rule| policy_with(&format!(r#""rules": [{rule}]"#))));
    documents.extend(RULE_MEMBERS.iter().map(|members| policy_with(&format!(r#""rules": [{}]"#, rule_with(members)))));
    documents.extend(CONDITIONS.iter().map(|condition| {
        policy_with(&format!(r#""rules": [{}]"#, rule_with(&format!(r#""conditions": [{condition}]"#))))
    }));
    documents.extend(
        REDACTIONS.iter().map(|redaction| policy_with(&format!(r#""rules": [], "redactions": [{redaction}]"#))),
    );
    documents
        .extend(ARGUMENTS.iter().map(|argument| policy_with(&format!(r#""rules": [], "arguments": [{argument}]"#))));
    documents.extend(LIMITS.iter().map(|limit| policy_with(&format!(r#""rules": [], "limits": [{limit}]"#))));
    documents.extend(HEADERS.iter().map(|header| policy_with(&format!(r#""rules": [], "headers": [{header}]"#))));
    documents.extend(PINS.iter().map(|pin| policy_with(&format!(r#""rules": [], "pins": [{pin}]"#))));
    documents.extend(long());
    assert!(documents.len() >= 60, "{}", documents.len());
    for document in &documents {
        assert!(Policy::parse(document.as_bytes()).is_err(), "read: {document:.300}");
        assert!(!validator.is_valid(&parse(document)), "valid: {document:.300}");
    }
    println!("{} wrong documents", documents.len());
}

/// Bounds of the reference, each exceeded by one.
fn long() -> Vec<String> {
    let list = |element: &str, count: usize| vec![element; count].join(",");
    let rule = rule_with(r#""description": """#);
    let condition = r#"{"path": "$.claims.a", "operator": "EXISTS"}"#;
    let redaction = r#"{"resources": ["agent:tool:a"], "path": "$", "action": "MASK"}"#;
    let argument = r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "MASK"}"#;
    let digest = format!("\"{}\"", "a".repeat(64));
    let pin = |digests: &[&str]| format!(r#"{{"tool": "a", "sha256": [{}]}}"#, digests.join(","));
    let with = |members: String| policy_with(&format!(r#""rules": [{}]"#, rule_with(&members)));
    let value = |operator: &str, value: String| {
        with(format!(r#""conditions": [{{"path": "$.claims.a", "operator": "{operator}", "value": {value}}}]"#))
    };
    vec![
        policy_with(&format!(r#""rules": [{}]"#, list(&rule, 10_001))),
        policy_with(&format!(r#""rules": [], "redactions": [{}]"#, list(redaction, 10_001))),
        policy_with(&format!(r#""rules": [], "arguments": [{}]"#, list(argument, 1_001))),
        policy_with(&format!(r#""rules": [], "pushNotificationUrls": [{}]"#, list("\"https://a.example/*\"", 101))),
        policy_with(&format!(r#""rules": [], "pushNotificationUrls": ["https://a.example/{}"]"#, "a".repeat(1_007))),
        policy_with(&format!(
            r#""rules": [{{"effect": "DENY", "resourceType": "AGENT", "resources": ["agent:agent:a/{}"]}}]"#,
            "a".repeat(129)
        )),
        policy_with(&format!(r#""rules": [], "headers": [{}]"#, list(r#"{"name": "x-a", "value": "b"}"#, 11))),
        policy_with(&format!(r#""rules": [], "pins": [{}]"#, list(&pin(&[&digest]), 10_001))),
        policy_with(&format!(r#""rules": [], "pins": [{}]"#, pin(&[digest.as_str(); 11]))),
        policy_with(&format!(r#""rules": [], "headers": [{{"name": "{}", "value": "b"}}]"#, "a".repeat(101))),
        policy_with(&format!(r#""rules": [], "headers": [{{"name": "x-a", "value": "{}"}}]"#, "a".repeat(4_097))),
        policy_with(&format!(r#""rules": [], "defaultTarget": "{}""#, "a".repeat(253))),
        policy_with(&format!(r#""rules": [], "description": "{}""#, "ä".repeat(501))),
        with(format!(r#""reason": "{}""#, "a".repeat(501))),
        with(format!(r#""ruleId": "{}""#, "a".repeat(129))),
        with(format!(r#""conditions": [{}]"#, list(condition, 33))),
        with(format!(r#""scopes": [{}]"#, list("\"a\"", 1_001))),
        with(format!(r#""scopes": ["{}"]"#, "a".repeat(257))),
        with(format!(r#""principals": {{"users": [{}]}}"#, list("\"a\"", 1_001))),
        with(format!(r#""principals": {{"users": ["{}"]}}"#, "a".repeat(257))),
        policy_with(&format!(
            r#""rules": [{{"effect": "DENY", "resourceType": "TOOL", "resources": [{}]}}]"#,
            list("\"agent:tool:a\"", 1_001)
        )),
        policy_with(&format!(
            r#""rules": [{{"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:{}"]}}]"#,
            "a".repeat(1_014)
        )),
        policy_with(&format!(
            r#""rules": [{{"effect": "DENY", "resourceType": "AGENT", "resources": ["agent:agent:{}"]}}]"#,
            "a".repeat(129)
        )),
        policy_with(&format!(
            r#""rules": [{{"effect": "DENY", "resourceType": "MODEL", "resources": ["agent:model:{}"]}}]"#,
            "a".repeat(257)
        )),
        value("EQUALS", format!("\"{}\"", "a".repeat(1_025))),
        value("LIKE", format!("\"{}\"", "a".repeat(1_025))),
        value("LIKE", format!("\"{}\"", "*a".repeat(9))),
        value("MATCHES", format!("\"{}\"", "a".repeat(257))),
        value("IN", format!("[{}]", list("1", 1_001))),
        value("IN_CIDR", format!("[{}]", list("\"10.0.0.0/8\"", 1_001))),
        policy_with(&format!(
            r#""rules": [], "redactions": [{{"resources": ["agent:tool:a"], "path": "$.{}", "action": "MASK"}}]"#,
            "a".repeat(511)
        )),
    ]
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&parse(&policy::schema())).unwrap()
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text:.300}"))
}

fn policy_with(members: &str) -> String {
    format!(r#"{{"policyId": "P", "tenantId": "acme", {members}}}"#)
}

fn rule_with(members: &str) -> String {
    format!(r#"{{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b"], {members}}}"#)
}

const WHOLE: &[&str] = &[
    "[]",
    "null",
    "{}",
    r#"{"policyId": "P", "tenantId": "acme"}"#,
    r#"{"policyId": "P", "rules": []}"#,
    r#"{"tenantId": "acme", "rules": []}"#,
    r#"{"policyId": "", "tenantId": "acme", "rules": []}"#,
    r#"{"policyId": "-P", "tenantId": "acme", "rules": []}"#,
    r#"{"policyId": 7, "tenantId": "acme", "rules": []}"#,
    r#"{"policyId": "P", "tenantId": "a b", "rules": []}"#,
    r#"{"policyId": "P", "tenantId": "**", "rules": []}"#,
    r#"{"policyId": "P", "tenantId": "*", "defaultTarget": "a", "rules": []}"#,
    r#"{"policyId": "P", "tenantId": "*", "pushNotificationUrls": ["https://a.example/*"], "rules": []}"#,
    r#"{"policyId": "P", "tenantId": "*", "rules": [{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]}]}"#,
];

const MEMBERS: &[&str] = &[
    r#""rules": {}"#,
    r#""rules": null"#,
    r#""rules": [[]]"#,
    r#""rules": [], "Rules": []"#,
    r#""rules": [], "mode": "log_only""#,
    r#""rules": [], "mode": null"#,
    r#""rules": [], "defaultTarget": "a_b""#,
    r#""rules": [], "defaultTarget": """#,
    r#""rules": [], "description": "two\nlines""#,
    r#""rules": [], "description": "\u0085""#,
    r#""rules": [], "redactions": null"#,
    r#""rules": [], "$schema": 1"#,
    r#""rules": [], "requireActor": "true""#,
    r#""rules": [], "requireActor": null"#,
    r#""rules": [], "requireDecisionContext": "true""#,
    r#""rules": [], "requireDecisionContext": null"#,
    r#""rules": [], "pushNotificationUrls": null"#,
    r#""rules": [], "pushNotificationUrls": "https://a.example/*""#,
    r#""rules": [], "pushNotificationUrls": [7]"#,
    r#""rules": [], "pushNotificationUrls": [""]"#,
    r#""rules": [], "pushNotificationUrls": ["*"]"#,
    r#""rules": [], "pushNotificationUrls": ["a.example/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["http://a.example/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["HTTPS://a.example/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://a.example"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://*/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://*a.example/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://a.*.example/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://a.example:*/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://A.example/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://u@a.example/*"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://a.example/#f"]"#,
    r#""rules": [], "pushNotificationUrls": ["https://a.example/*a*b*c*d*e*f*g*h*"]"#,
];

const RULES: &[&str] = &[
    "{}",
    r#"{"effect": "ALLOW", "resourceType": "TOOL"}"#,
    r#"{"effect": "ALLOW", "resources": ["agent:tool:a"]}"#,
    r#"{"resourceType": "TOOL", "resources": ["agent:tool:a"]}"#,
    r#"{"effect": "PERMIT", "resourceType": "TOOL", "resources": ["agent:tool:a"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOLS", "resources": ["agent:tool:a"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOL", "resources": []}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOL", "resources": "agent:tool:a"}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOL", "resources": [7]}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["a"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:prompt:a"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "PROMPT", "resources": ["agent:tool:a"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a b"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*a*b*c*d*e*f*g*h*"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "RESOURCE", "resources": ["agent:resource:/docs"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "RESOURCE", "resources": ["agent:resource:*://docs"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "RESOURCE", "resources": ["agent:resource:FILE:///docs"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "RESOURCE", "resources": ["agent:resource:file:///a b"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "RESOURCE", "resources": ["agent:resource:file:///a#b"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "AGENT", "resources": ["agent:agent:a/b/c"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "AGENT", "resources": ["agent:agent:a/"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "AGENT", "resources": ["agent:agent:/b"]}"#,
    r#"{"effect": "ALLOW", "resourceType": "MODEL", "resources": ["agent:model:a b"]}"#,
];

const RULE_MEMBERS: &[&str] = &[
    r#""ruleId": "a b""#,
    r#""ruleId": null"#,
    r#""rule": "a""#,
    r#""mode": "OFF""#,
    r#""reason": "two\r\nlines""#,
    r#""principals": {}"#,
    r#""principals": []"#,
    r#""principals": {"user": ["a"]}"#,
    r#""principals": {"users": []}"#,
    r#""principals": {"users": "alice"}"#,
    r#""principals": {"users": [""]}"#,
    r#""principals": {"users": ["a\u0000"]}"#,
    r#""principals": {"roles": ["*", "clerk"]}"#,
    r#""scopes": []"#,
    r#""scopes": ["*"]"#,
    r#""scopes": ["a b"]"#,
    r#""scopes": "a""#,
    r#""notBefore": "2026-11-21""#,
    r#""notBefore": "2026-11-21T12:00:00+01:00""#,
    r#""notBefore": "2026-11-21T12:00:00.5Z""#,
    r#""notAfter": "2026-13-21T12:00:00Z""#,
    r#""notAfter": "2026-11-21T24:00:00Z""#,
    r#""notAfter": "2026-11-21T23:59:60Z""#,
    r#""notAfter": 1795262400"#,
    r#""conditions": []"#,
    r#""conditions": {}"#,
];

const CONDITIONS: &[&str] = &[
    "{}",
    r#"{"path": "$.claims.a"}"#,
    r#"{"operator": "EXISTS"}"#,
    r#"{"path": "$.claims.a", "operator": "EQ", "value": 1}"#,
    r#"{"path": "$.claims.a", "operator": "EXISTS", "not": true}"#,
    r#"{"path": "claims.a", "operator": "EXISTS"}"#,
    r#"{"path": "$", "operator": "EXISTS"}"#,
    r#"{"path": "$.header.a", "operator": "EXISTS"}"#,
    r#"{"path": "$.claimsx", "operator": "EXISTS"}"#,
    r#"{"path": "$.decision.id", "operator": "EXISTS"}"#,
    r#"{"path": "$..claims", "operator": "EXISTS"}"#,
    r#"{"path": "$.claims.a", "operator": "EXISTS", "value": true}"#,
    r#"{"path": "$.claims.a", "operator": "NOT_EXISTS", "valuePath": "$.claims.b"}"#,
    r#"{"path": "$.claims.a", "operator": "EQUALS"}"#,
    r#"{"path": "$.claims.a", "operator": "EQUALS", "value": 1, "valuePath": "$.claims.b"}"#,
    r#"{"path": "$.claims.a", "operator": "EQUALS", "value": [1]}"#,
    r#"{"path": "$.claims.a", "operator": "EQUALS", "value": {}}"#,
    r#"{"path": "$.claims.a", "operator": "EQUALS", "valuePath": "$.other"}"#,
    r#"{"path": "$.claims.a", "operator": "EQUALS", "valuePath": "$.decision.id"}"#,
    r#"{"path": "$.claims.a", "operator": "IN", "value": []}"#,
    r#"{"path": "$.claims.a", "operator": "IN", "value": "a"}"#,
    r#"{"path": "$.claims.a", "operator": "IN", "value": ["a", 1]}"#,
    r#"{"path": "$.claims.a", "operator": "NOT_IN", "value": [true]}"#,
    r#"{"path": "$.claims.a", "operator": "LESS_THAN", "value": "5"}"#,
    r#"{"path": "$.claims.a", "operator": "CONTAINS", "value": ""}"#,
    r#"{"path": "$.claims.a", "operator": "STARTS_WITH", "value": ""}"#,
    r#"{"path": "$.claims.a", "operator": "ENDS_WITH", "value": 5}"#,
    r#"{"path": "$.claims.a", "operator": "LIKE", "value": ""}"#,
    r#"{"path": "$.claims.a", "operator": "LIKE", "valuePath": "$.claims.b"}"#,
    r#"{"path": "$.claims.a", "operator": "MATCHES", "value": ""}"#,
    r#"{"path": "$.claims.a", "operator": "MATCHES", "valuePath": "$.claims.b"}"#,
    r#"{"path": "$.claims.a", "operator": "IN_CIDR", "value": "10.0.0.0"}"#,
    r#"{"path": "$.claims.a", "operator": "IN_CIDR", "value": []}"#,
    r#"{"path": "$.claims.a", "operator": "IN_CIDR", "valuePath": "$.claims.b"}"#,
    r#"{"path": "$.time", "operator": "BETWEEN", "value": ["08:00"]}"#,
    r#"{"path": "$.time", "operator": "BETWEEN", "value": ["08:00", "08:00"]}"#,
    r#"{"path": "$.time", "operator": "BETWEEN", "value": ["8:00", "18:00"]}"#,
    r#"{"path": "$.time", "operator": "BETWEEN", "value": ["08:00", "24:00"]}"#,
    r#"{"path": "$.time", "operator": "BETWEEN", "valuePath": "$.claims.b"}"#,
];

const REDACTIONS: &[&str] = &[
    "{}",
    r#"{"resources": ["agent:tool:a"], "path": "$", "action": "HIDE"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "a", "action": "MASK"}"#,
    r#"{"resources": [], "path": "$", "action": "MASK"}"#,
    r#"{"resources": ["a"], "path": "$", "action": "MASK"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$", "action": "MASK", "keep": 4}"#,
];

const ARGUMENTS: &[&str] = &[
    "{}",
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "HIDE"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.claims.a", "action": "MASK"}"#,
    r#"{"resources": [], "path": "$.arguments.a", "action": "MASK"}"#,
    r#"{"resources": ["agent:resource:*"], "path": "$.arguments.a", "action": "MASK"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "MASK", "value": 1}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "REMOVE", "valuePath": "$.claims.a"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "SET"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "SET", "value": 1, "valuePath": "$.claims.a"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "SET", "valuePath": "$.arguments.b"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.decision.id", "action": "SET", "value": 1}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "MASK", "keepLast": 4}"#,
    r#"{"resources": ["agent:tool:a"], "action": "MASK"}"#,
    r#"{"resources": ["agent:tool:a"], "action": "REFUSE"}"#,
    r#"{"resources": ["agent:tool:a"], "detect": [], "action": "MASK"}"#,
    r#"{"resources": ["agent:tool:a"], "detect": ["MAIL"], "action": "MASK"}"#,
    r#"{"resources": ["agent:tool:a"], "detect": "EMAIL", "action": "MASK"}"#,
    r#"{"resources": ["agent:tool:a"], "detect": ["EMAIL"], "action": "REMOVE"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "detect": ["EMAIL"], "action": "REMOVE"}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "detect": ["EMAIL"], "action": "SET", "value": 1}"#,
    r#"{"resources": ["agent:tool:a"], "path": "$.arguments.a", "action": "REFUSE", "value": 1}"#,
];

const LIMITS: &[&str] = &[
    "{}",
    r#"{"resources": ["agent:tool:a"]}"#,
    r#"{"argumentBytesMax": 1}"#,
    r#"{"resources": [], "argumentBytesMax": 1}"#,
    r#"{"resources": ["agent:resource:*"], "argumentBytesMax": 1}"#,
    r#"{"resources": ["agent:tool:a"], "argumentBytesMax": 0}"#,
    r#"{"resources": ["agent:tool:a"], "argumentBytesMax": 6291457}"#,
    r#"{"resources": ["agent:tool:a"], "argumentBytesMax": "1"}"#,
    r#"{"resources": ["agent:tool:a"], "argumentBytesMax": 1.5}"#,
    r#"{"resources": ["agent:tool:a"], "argumentDepthMax": 0}"#,
    r#"{"resources": ["agent:tool:a"], "argumentDepthMax": 128}"#,
    r#"{"resources": ["agent:tool:a"], "stringBytesMax": -1}"#,
    r#"{"resources": ["agent:tool:a"], "stringBytesMax": 1, "mode": "ENFORCE"}"#,
    r#"{"resources": ["agent:model:a"], "maxTokens": 0}"#,
    r#"{"resources": ["agent:model:a"], "maxTokens": 1000000001}"#,
    r#"{"resources": ["agent:model:a"], "maxTokens": "1"}"#,
    r#"{"resources": ["agent:model:a"], "stringBytesMax": 1}"#,
    r#"{"resources": ["agent:tool:a"], "maxTokens": 1}"#,
    r#"{"resources": ["agent:agent:a"], "maxTokens": 1}"#,
    r#"{"resources": ["agent:model:a", "agent:tool:a"], "maxTokens": 1}"#,
    r#"{"resources": ["agent:model:a", "agent:tool:a"], "argumentBytesMax": 1}"#,
    r#"{"resources": ["agent:model:a"], "maxTokens": 1, "argumentBytesMax": 1}"#,
    r#"{"resources": ["agent:tool:a"], "maxTokens": 1, "argumentDepthMax": 1}"#,
];

const HEADERS: &[&str] = &[
    "{}",
    r#"{"name": "x-a"}"#,
    r#"{"name": "", "value": "b"}"#,
    r#"{"name": "x a", "value": "b"}"#,
    r#"{"name": "x-a", "value": ""}"#,
    r#"{"name": "x-a", "value": 1}"#,
    r#"{"name": "x-a", "value": " b"}"#,
    r#"{"name": "x-a", "value": "b\r\nc"}"#,
    r#"{"name": "x-a", "value": "\u00fc"}"#,
    r#"{"name": "x-a", "value": "b", "valuePath": "$.claims.a"}"#,
    r#"{"name": "x-a", "valuePath": "$.arguments.a"}"#,
    r#"{"name": "x-a", "valuePath": "$.tool.name"}"#,
    r#"{"name": "x-a", "value": "b", "mode": "ENFORCE"}"#,
];

const PINS: &[&str] = &[
    r#"{}"#,
    r#"{"tool": "a"}"#,
    r#"{"sha256": ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}"#,
    r#"{"tool": "a", "sha256": []}"#,
    r#"{"tool": "a", "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}"#,
    r#"{"tool": "a", "sha256": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]}"#,
    r#"{"tool": "a", "sha256": ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}"#,
    r#"{"tool": "agent:tool:a", "sha256": ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}"#,
    r#"{"tool": "a*", "sha256": ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}"#,
    r#"{"tool": "a", "sha256": ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"], "md5": []}"#,
];
