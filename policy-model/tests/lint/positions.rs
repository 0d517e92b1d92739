//! Where in a text a finding is.

use policy_model::json;
use policy_model::lint::{Finding, Surroundings, lint};
use policy_model::policy::{Lines, locate};

#[test]
fn a_finding_points_at_what_it_is_about() {
    for (text, code, pointed) in [
        ("{\"policyId\":\"P\",\"tenantId\":\"a\",\"rules\":[],\"mode\":\"OFF\"}", "unknown-word", "\"OFF\""),
        ("{\"policyId\":\"P\",\"tenantId\":\"a\",\"rules\":[],\"x\":1}", "unknown-field", "\"x\""),
        (
            "{\"policyId\":\"P\",\"tenantId\":\"a\",\"rules\":[],\"rul\\u0065s\":[1]}",
            "duplicate-field",
            "\"rul\\u0065s\"",
        ),
        ("{\"tenantId\":\"a\",\"rules\":[]}", "missing-field", "{\"tenantId\":\"a\",\"rules\":[]}"),
        ("{\"policyId\":\"P\" \"tenantId\":\"a\"}", "not-json", "\""),
        ("[1,]", "not-json", "]"),
    ] {
        let finding = only(text.as_bytes());
        assert_eq!((finding.code, text.get(finding.span)), (code, Some(pointed)), "{text}");
    }
    for (rule, code, pointed) in [
        (
            r#"{ "effect": "ALLOW", "resourceType": "TOOL" }"#,
            "missing-field",
            r#"{ "effect": "ALLOW", "resourceType": "TOOL" }"#,
        ),
        (
            r#"{ "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b", "a"] }"#,
            "not-a-resource",
            "\"a\"",
        ),
        (
            r#"{ "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b"], "principals": { "user": ["a"] } }"#,
            "unknown-field",
            "\"user\"",
        ),
        (
            r#"{ "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b"], "conditions": [{ "path": "$.claims.a", "operator": "EQUALS" }] }"#,
            "wrong-value",
            r#"{ "path": "$.claims.a", "operator": "EQUALS" }"#,
        ),
        (
            r#"{ "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b"], "conditions": [{ "path": "$.claims.a", "operator": "LESS_THAN", "value": "5" }] }"#,
            "wrong-value",
            "\"5\"",
        ),
        (
            r#"{ "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:lookup"] }"#,
            "unreachable-bare-name",
            "\"agent:tool:lookup\"",
        ),
    ] {
        let text = format!("{{ \"policyId\": \"P\", \"tenantId\": \"acme\",\n  \"rules\": [\n    {rule} ] }}");
        let finding = only(text.as_bytes());
        assert_eq!((finding.code, text.get(finding.span)), (code, Some(pointed)), "{text}");
    }
}

#[test]
fn a_position_is_a_line_and_a_character() {
    let rule = "{\"effect\":\"ALLOW\",\"resourceType\":\"TOOL\",\"resources\":[\"agent:tool:a___b\",\"x\"]}";
    let own = "\"rules\":[".len() + rule.find("\"x\"").unwrap() + 1;
    for (before, line, characters) in [
        ("", 1, 1),
        ("\n", 2, 0),
        ("\r\n", 2, 0),
        ("\r", 2, 0),
        ("\n\n\t\t", 3, 2),
        ("\"description\":\"\u{e4}\u{1F600}\",\n", 2, 0),
        ("\"description\":\"\u{e4}\u{1F600}\",", 1, 20),
    ] {
        let text = format!("{{{before}\"rules\":[{rule}],\"policyId\":\"P\",\"tenantId\":\"acme\"}}");
        let finding = only(text.as_bytes());
        let start = text.find("\"x\"").unwrap();
        assert_eq!(finding.span, start..start + 3);
        let position = Lines::of(&text).position(start);
        assert_eq!((position.line, position.column), (line, characters + own), "{text:?}");
    }
}

#[test]
fn a_place_is_found_in_its_document() {
    let text = r#"{"a": [1, {"b": "x"}], "c": {}}"#;
    let document = json::parse(text.as_bytes()).unwrap();
    for (place, expected) in [
        ("", Some(text)),
        ("a[0]", Some("1")),
        ("a[1].b", Some("\"x\"")),
        ("c", Some("{}")),
        ("c.d", None),
        ("a[2]", None),
        ("a[x]", None),
    ] {
        assert_eq!(locate(&document, place).and_then(|span| text.get(span)), expected, "{place}");
    }
}

/// The first finding, where there is one.
fn only(text: &[u8]) -> Finding {
    lint(text, &Surroundings::default()).into_iter().next().unwrap()
}
