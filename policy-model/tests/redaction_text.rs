//! Redaction inside texts: JSON in strings, in several layers, and texts that nobody can look into.
#![cfg(test)]

#[path = "support/redacting.rs"]
mod redacting;

use policy_model::Layers;
use policy_model::json::quote;
use policy_model::redaction::EMBEDDED_DEPTH_MAX;
use redacting::{policy, redacted};

const SSN: &[(&str, &str)] = &[("MASK", "$..ssn")];

#[test]
fn a_text_that_is_json_is_redacted_in_place() {
    check_text(r#"{"ssn":"1","a":1.0}"#, r#"{"ssn":"****","a":1.0}"#);
    check_text(" \n[{\"ssn\":1}]\t", "[{\"ssn\":\"****\"}]");
    check_text(r#"{"a":{"ssn":[1,2]}}"#, r#"{"a":{"ssn":"****"}}"#);
}

#[test]
fn a_text_that_is_json_without_the_value_stays_as_it_is() {
    for text in [r#"{"a":1}"#, " [ 1 , 2 ] ", "{}", "[]", r#"{"a":"plain text"}"#] {
        check_text(text, text);
    }
}

#[test]
fn a_text_that_is_not_json_is_masked() {
    for text in [
        "",
        "plain",
        "ssn: 123",
        "17",
        "true",
        "null",
        "\"a string\"",
        r#"The result is {"ssn":"1"}."#,
        "```json\n{\"ssn\":\"1\"}\n```",
        r#"{"ssn":"1"} {"ssn":"2"}"#,
        r#"{"ssn":"1""#,
        r#"{"ssn":"1",}"#,
        r#"{'ssn':'1'}"#,
        "\u{feff}{\"ssn\":\"1\"}",
        "data: {\"ssn\":1}\n\n",
        "{\"ssn\":\"\\ud800\"}",
    ] {
        check_text(text, "****");
    }
    check_text(&"[".repeat(5_000), "****");
    check_text(&format!("{}{{\"ssn\":1}}{}", "[".repeat(128), "]".repeat(128)), "****");
}

#[test]
fn without_redactions_every_text_stays() {
    let policy = policy(&[]);
    assert!(Layers::of(&policy).redactor(None).is_empty());
    assert_eq!(Layers::of(&policy).redactor(None).redact_text("plain"), "plain");
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
fn a_string_that_has_broken_or_surrounded_json_is_masked() {
    for string in [
        r#"The result is {"ssn":"1"}."#,
        "```json\n{ \"ssn\" : 1 }\n```",
        r#"{"ssn":1} {"ssn":2}"#,
        "{\"a\":1}\n{\"ssn\":2}\n",
        r#"{"ssn":"1""#,
        r#"log: {\"ssn\":\"1\"}"#,
        "\u{feff}{\"ssn\":\"1\"}",
    ] {
        check_json(&format!("{{\"a\":{},\"b\":1}}", quote(string)), r#"{"a":"****","b":1}"#);
    }
}

/// The JSON is an array: no object begins in the text itself.
#[test]
fn a_string_that_is_a_broken_array_is_masked() {
    let policy = policy(&[("MASK", "$..[0]")]);
    assert_eq!(redacted(&policy, r#"{"a":"[\"secret\",2]"}"#), r#"{"a":"[\"****\",2]"}"#);
    for string in [r#"["secret",2] "#.repeat(2), r#"["secret",2"#.to_owned(), r#"["secret",2,]"#.to_owned()] {
        assert_eq!(redacted(&policy, &format!("{{\"a\":{}}}", quote(&string))), r#"{"a":"****"}"#, "{string}");
    }
    let deep = format!("{}\"secret\"{}", "[".repeat(129), "]".repeat(129));
    assert_eq!(redacted(&policy, &format!("{{\"a\":{}}}", quote(&deep))), r#"{"a":"****"}"#);
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
    for text in ["plain", r#"{"ssn":1,"a":"{\"ssn\":2}"}"#, r#"["see {\"ssn\":1}"]"#, &quote(r#"{"ssn":1}"#)] {
        let policy = policy(SSN);
        let once = Layers::of(&policy).redactor(None).redact_text(text).into_owned();
        assert_eq!(Layers::of(&policy).redactor(None).redact_text(&once), once, "{text}");
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

fn check_text(text: &str, expected: &str) {
    assert_eq!(Layers::of(&policy(SSN)).redactor(None).redact_text(text), expected, "{text}");
}

fn check_json(document: &str, expected: &str) {
    assert_eq!(redacted(&policy(SSN), document), expected, "{document}");
}
