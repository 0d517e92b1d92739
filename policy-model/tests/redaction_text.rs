//! Redaction inside texts: JSON in strings, in several layers, and texts that nobody can look into.
#![cfg(test)]

#[path = "support/redacting.rs"]
mod redacting;

use policy_model::json::quote;
use policy_model::redaction::{EMBEDDED_DEPTH_MAX, Prose};
use policy_model::{Layers, Policy};
use redacting::{policy, redacted};

const SSN: &[(&str, &str)] = &[("MASK", "$..ssn")];

#[test]
fn a_text_that_is_json_is_redacted_in_place() {
    check_text(r#"{"ssn":"1","a":1.0}"#, r#"{"ssn":"****","a":1.0}"#);
    check_text(" \n[{\"ssn\":1}]\t", " \n[{\"ssn\":\"****\"}]\t");
    check_text(r#"{"a":{"ssn":[1,2]}}"#, r#"{"a":{"ssn":"****"}}"#);
}

#[test]
fn a_text_that_is_json_without_the_value_stays_as_it_is() {
    for text in [r#"{"a":1}"#, " [ 1 , 2 ] ", "{}", "[]", r#"{"a":"plain text"}"#] {
        check_text(text, text);
    }
}

#[test]
fn data_that_no_path_can_follow_is_masked() {
    for text in [
        "ssn: 123",
        "17",
        "078-05-1120",
        "name;ssn\nAna;1",
        r#"{"ssn":"1""#,
        r#"{"ssn":"1",}"#,
        r#"{'ssn':'1'}"#,
        r#""078-05-1120"}"#,
        "data: {\"ssn\":1}\n\n",
        "{\"ssn\":\"\\ud800\"}",
        "<contact><ssn>1</ssn></contact>",
    ] {
        check_text(text, "****");
    }
    check_text(&format!("{}{{\"ssn\":1}}{}", "[".repeat(128), "]".repeat(128)), "****");
}

#[test]
fn json_is_redacted_where_it_stands_in_a_text() {
    check_text(r#"The result is {"ssn":"1","a":[1, 2]}."#, r#"The result is {"ssn":"****","a":[1, 2]}."#);
    check_text("```json\n{\"ssn\":\"1\"}\n```", "```json\n{\"ssn\":\"****\"}\n```");
    check_text(r#"{"ssn":"1"} {"ssn":"2"}"#, r#"{"ssn":"****"} {"ssn":"****"}"#);
    check_text("{\"a\":1}\n{\"ssn\":2}\n", "{\"a\":1}\n{\"ssn\":\"****\"}\n");
    check_text("\u{feff}{\"ssn\":\"1\"}", "\u{feff}{\"ssn\":\"****\"}");
    check_text(r#"see [1] and [{"ssn":1}]"#, r#"see [1] and [{"ssn":"****"}]"#);
    check_json(r#"{"a":"got {\"ssn\":1} there","b":1}"#, r#"{"a":"got {\"ssn\":\"****\"} there","b":1}"#);
}

#[test]
fn text_passes_unless_it_speaks_of_what_a_path_names() {
    for text in
        ["", "plain", "Order 42 was shipped.", "He has lessons [1] at 10:00", "true", "\"a string\"", "[see](x)"]
    {
        check_text(text, text);
    }
    for text in ["Her SSN is 1.", "the ssn", "customer_ssn 1", "customerSsn 1", "S S N 1"] {
        check_text(text, "****");
    }
    let named = policy(&[("MASK", "$..social_security_number")]);
    for text in ["Social Security Number 1", "socialSecurityNumber 1", "SOCIAL-SECURITY-NUMBER 1"] {
        assert_eq!(text_of(&named, text).as_deref(), Some("****"), "{text}");
    }
    assert_eq!(text_of(&named, "antisocial security numbers"), None);
    for (path, text) in [
        ("$..['ns:card']", "the ns:card is 1"),
        ("$..['user/card']", "his user/card 1"),
        ("$..['it\\'s-hidden']", "it's-hidden = 1"),
        ("$..['card#']", "card#: 1"),
        ("$..Größe", "Größe 1"),
        ("$..Größe", "die GRÖSSE ist 1"),
        ("$..ÉTAT", "l'état 1"),
        ("$..ÉTAT", "ÉTAT 1"),
    ] {
        assert_eq!(text_of(&policy(&[("MASK", path)]), text).as_deref(), Some("****"), "{path}: {text}");
        let labelled = format!("{{\"a\":{}}}", quote(&text.replace(" 1", ": 1")));
        assert_eq!(
            redacted(&policy(&[("MASK", path)]), &labelled).contains("****"),
            !text.contains(" is"),
            "{labelled}"
        );
    }
    // Where a path has no name, nobody can say what speaks of it.
    assert_eq!(text_of(&policy(&[("MASK", "$[0]")]), "plain text").as_deref(), Some("****"));
}

#[test]
fn a_string_in_a_document_is_masked_where_it_labels_what_a_path_names() {
    for string in ["ssn: 1", "SSN=1", "name,ssn\nAna,1", "<ssn>1</ssn>", "the ssn : 1"] {
        check_json(&format!("{{\"a\":{}}}", quote(string)), r#"{"a":"****"}"#);
    }
    for string in ["the ssn is missing", "ssn", "lessn: 1"] {
        let document = format!("{{\"a\":{}}}", quote(string));
        check_json(&document, &document);
    }
}

#[test]
fn json_in_base64_is_redacted_and_encoded_again() {
    // {"ssn":1,"a":2} and {"ssn":"****","a":2}
    check_json(r#"{"x":"eyJzc24iOjEsImEiOjJ9"}"#, r#"{"x":"eyJzc24iOiIqKioqIiwiYSI6Mn0="}"#);
    // {"a":1,"b":2}: a cursor, say.
    check_json(r#"{"x":"eyJhIjoxLCJiIjoyfQ=="}"#, r#"{"x":"eyJhIjoxLCJiIjoyfQ=="}"#);
}

#[test]
fn without_redactions_every_text_stays() {
    let policy = policy(&[]);
    assert!(Layers::of(&policy).redactor(None, None).is_empty());
    assert_eq!(Layers::of(&policy).redactor(None, None).redact_text("plain", Prose::Text), None);
}

#[test]
fn json_in_a_string_is_redacted() {
    check_json(r#"{"body":"{\"ssn\":1,\"a\":2}","n":1.0}"#, r#"{"body":"{\"ssn\":\"****\",\"a\":2}","n":1.0}"#);
    check_json(r#"["{\"ssn\":1}","x"]"#, r#"["{\"ssn\":\"****\"}","x"]"#);
    check_json(r#""{\"ssn\":1}""#, r#""{\"ssn\":\"****\"}""#);
    check_json(r#"{"body":"\u007b\u0022ssn\u0022:1}"}"#, r#"{"body":"{\"ssn\":\"****\"}"}"#);
}

#[test]
fn a_string_without_the_value_stays_byte_for_byte() {
    for document in
        [r#"{"body":"{\u0022a\u0022:1}"}"#, r#"{"a":"plain"}"#, r#"{"a":"[1, 2]","b":"{}"}"#, r#"["a {b} c","{","17"]"#]
    {
        check_json(document, document);
    }
}

#[test]
fn json_encoded_twice_is_redacted() {
    let once = r#"{"ssn":1,"a":2}"#;
    let masked = r#"{"ssn":"****","a":2}"#;
    check_json(&format!("{{\"b\":{}}}", quote(&quote(once))), &format!("{{\"b\":{}}}", quote(&quote(masked))));
    check_text(&quote(once), &quote(masked));
    check_text(&quote(&quote(once)), &quote(&quote(masked)));
    let proxy =
        |body: &str| format!(r#"{{"statusCode":200,"body":{}}}"#, quote(&format!("{{\"message\":{}}}", quote(body))));
    check_text(&proxy(once), &proxy(masked));
}

#[test]
fn json_in_layers_is_redacted_down_to_the_limit_and_masked_beyond() {
    let layered = |innermost: &str, layers: usize| {
        (0..layers).fold(innermost.to_owned(), |inner, _| format!("{{\"x\":{}}}", quote(&inner)))
    };
    for layers in 0..=EMBEDDED_DEPTH_MAX {
        check_json(&layered(r#"{"ssn":1,"a":2}"#, layers), &layered(r#"{"ssn":"****","a":2}"#, layers));
    }
    let masked = layered(r#"{"x":"****"}"#, EMBEDDED_DEPTH_MAX);
    for layers in [1, 2, 4] {
        check_json(&layered(r#"{"ssn":1}"#, EMBEDDED_DEPTH_MAX + layers), &masked);
    }
    // Whether the value is down there cannot be told.
    check_json(&layered(r#"{"a":1}"#, EMBEDDED_DEPTH_MAX + 1), &masked);
    check_json(&layered(r#"{"a":1}"#, EMBEDDED_DEPTH_MAX), &layered(r#"{"a":1}"#, EMBEDDED_DEPTH_MAX));
}

#[test]
fn a_string_that_has_broken_json_is_masked() {
    for string in [r#"{"ssn":"1""#, r#"log: {\"ssn\":\"1\"}"#, r#"["secret",2"#, r#"["secret",2,]"#] {
        check_json(&format!("{{\"a\":{},\"b\":1}}", quote(string)), r#"{"a":"****","b":1}"#);
    }
    let deep = format!("{}\"secret\"{}", "[".repeat(129), "]".repeat(129));
    let redacted = redacted(&policy(&[("MASK", "$..[0]")]), &format!("{{\"a\":{}}}", quote(&deep)));
    assert!(!redacted.contains("secret"), "{redacted}");
}

#[test]
fn a_selected_string_is_masked_and_not_looked_into() {
    let policy = policy(&[("MASK", "$.a"), ("REMOVE", "$.b"), ("MASK", "$..ssn")]);
    assert_eq!(
        redacted(&policy, r#"{"a":"{\"ssn\":1}","b":"{\"ssn\":1}","c":"{\"b\":1}"}"#),
        r#"{"a":"****","c":"{}"}"#
    );
}

#[test]
fn redacting_a_text_twice_changes_nothing_more() {
    // Nothing is left of what it says in base64.
    let root = policy(&[("MASK", "$")]);
    assert_eq!(text_of(&root, "eyJzc24iOjF9").as_deref(), Some("KioqKg=="));
    assert_eq!(text_of(&root, "KioqKg=="), None);
    for text in ["plain", r#"{"ssn":1,"a":"{\"ssn\":2}"}"#, r#"["see {\"ssn\":1}"]"#, &quote(r#"{"ssn":1}"#)] {
        let policy = policy(SSN);
        let once =
            Layers::of(&policy).redactor(None, None).redact_text(text, Prose::Text).unwrap_or_else(|| text.to_owned());
        assert_eq!(Layers::of(&policy).redactor(None, None).redact_text(&once, Prose::Text), None, "{text}");
    }
}

#[test]
fn every_body_of_a_proxy_result_in_base64_is_masked() {
    check_json(
        r#"{"isBase64Encoded":true,"body":"eyJzc24iOjF9","Body":"eyJ9"}"#,
        r#"{"isBase64Encoded":true,"body":"****","Body":"****"}"#,
    );
    check_json(
        r#"{"a":"{\"isBase64Encoded\":\"true\",\"body\":\"x\",\"body\":\"y\"}"}"#,
        r#"{"a":"{\"isBase64Encoded\":\"true\",\"body\":\"****\",\"body\":\"****\"}"}"#,
    );
    check_json(r#"{"isBase64Encoded":false,"body":"plain"}"#, r#"{"isBase64Encoded":false,"body":"plain"}"#);
}

#[test]
fn a_body_that_was_masked_before_is_not_opaque() {
    let document = format!(
        r#"{{"policyId":"p","tenantId":"t","rules":[],"opaqueContent":"BLOCK","redactions":[{}]}}"#,
        r#"{"resources":["agent:tool:*"],"path":"$..ssn","action":"MASK"}"#
    );
    let policy = Policy::parse(document.as_bytes()).unwrap();
    for (document, is_blocked) in [
        (r#"{"isBase64Encoded":true,"body":"eyJzc24iOjF9"}"#, true),
        (r#"{"isBase64Encoded":true,"body":"****"}"#, false),
        (r#"{"a":"{\u0022isBase64Encoded\":true,\"body\":\"****\"}"}"#, false),
    ] {
        let redactor = Layers::of(&policy).redactor(None, None);
        assert_eq!(redactor.redact_json(document).is_some(), is_blocked, "{document}");
        assert_eq!(redactor.is_blocked(), is_blocked, "{document}");
    }
}

#[test]
fn a_body_in_base64_that_is_removed_is_gone() {
    let policy = policy(&[("REMOVE", "$..body")]);
    for (document, expected) in [
        (r#"{"body":"eyJzc24iOjF9","isBase64Encoded":true}"#, r#"{"isBase64Encoded":true}"#),
        (r#"{"isBase64Encoded":true,"body":"eyJzc24iOjF9","a":1}"#, r#"{"isBase64Encoded":true,"a":1}"#),
        (r#"{"body":"x","Body":"y","isBase64Encoded":true}"#, r#"{"Body":"****","isBase64Encoded":true}"#),
    ] {
        assert_eq!(redacted(&policy, document), expected, "{document}");
    }
}

fn check_text(text: &str, expected: &str) {
    assert_eq!(text_of(&policy(SSN), text).as_deref().unwrap_or(text), expected, "{text}");
}

fn text_of(policy: &Policy, text: &str) -> Option<String> {
    Layers::of(policy).redactor(None, None).redact_text(text, Prose::Text)
}

fn check_json(document: &str, expected: &str) {
    assert_eq!(redacted(&policy(SSN), document), expected, "{document}");
}
