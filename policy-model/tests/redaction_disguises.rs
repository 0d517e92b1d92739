//! Data in a form that a path cannot follow, and text that looks like it and is none.
#![cfg(test)]

#[path = "support/redactions.rs"]
mod redactions;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::json::quote;
use policy_model::redaction::{MASK, Prose};
use policy_model::{Layers, Policy};
use redactions::policy;

const SECRET: &str = "123-45-6789";

#[test]
fn whole_values_in_a_broken_array_are_masked_with_it() {
    let policy = policy(&[r#""path":"$[*].x","action":"MASK""#]);
    let value = format!(r#"{{"x":"{SECRET}"}}"#);
    for text in [
        format!("[{value},{value}"),
        format!("[{value},{value},]"),
        format!("[{value}, None]"),
        format!("[ {value} /* more */ ]"),
        format!("[{value},{{"),
        format!("{{rows: [{value}]"),
    ] {
        is_masked(&policy, &text);
    }
}

#[test]
fn base64_is_read_however_it_is_written() {
    let policy = policy(&[r#""path":"$..ssn","action":"MASK""#]);
    let json = format!(r#"{{"name":"somebody with a longer name","ssn":"{SECRET}"}}"#);
    let encoded = STANDARD.encode(&json);
    let (left, right) = encoded.split_at(40);
    for text in [
        format!("{encoded}\n"),
        format!(" {encoded}"),
        format!("{left}\r\n{right}\r\n"),
        format!("{}===", encoded.trim_end_matches('=')),
        STANDARD.encode(format!("\u{feff}{json}")),
        STANDARD.encode(format!("{json}\n{json}")),
        STANDARD.encode(json.trim_end_matches('}')),
        STANDARD.encode(json.replace('"', "'")),
    ] {
        for new in [in_document(&policy, &text), in_text(&policy, &text)] {
            let new = new.unwrap_or_else(|| panic!("{text} stays"));
            let decoded = String::from_utf8(STANDARD.decode(&new).unwrap()).unwrap();
            assert!(decoded.contains(MASK) && !decoded.contains(SECRET), "{decoded} of {text}");
        }
    }
}

#[test]
fn what_is_encoded_once_more_is_masked() {
    let policy = policy(&[r#""path":"$..ssn","action":"MASK""#]);
    for text in [
        "Body: %7B%0A%20%20%22name%22:%20%22x%22,%0A%20%20%22ssn%22:%20%22123-45-6789%22%0A%7D",
        "a %257B%2522ssn%2522%253A%2522123-45-6789%2522%257D",
        "a=1&customer%5Bssn%5D=123-45-6789",
        "q=ssn%3D123-45-6789",
        "%73sn=123-45-6789",
        "a=%20ssn=123-45-6789",
        r"\u007B\u0022ssn\u0022: \u0022123-45-6789\u0022\u007D",
        r"{\x22ssn\x22:\x22123-45-6789",
        "{&#34;ssn&#34;: &#34;123-45-6789&#34;}",
        "&#123;&#34;ssn&#34;&#58; 123-45-6789",
        "&#39;ssn&#39;: &#39;123-45-6789&#39;",
        "[x](data:application/json;base64,eyJzc24iOiIxMjMtNDUtNjc4OSJ9)",
        "DATA:application/json,123-45-6789",
    ] {
        is_masked(&policy, text);
    }
}

#[test]
fn text_that_only_looks_like_data_stays() {
    let policy = policy(&[r#""path":"$..ssn","action":"MASK""#]);
    for text in [
        "[2026-01-01 10:00:00] INFO service started",
        "It&#39;s John&#39;s turn",
        "event: team dinner",
        "Dear {name}, see [note] and [1]: 50% done",
        r"a path such as C:\users\x",
    ] {
        assert_eq!(in_document(&policy, text), None, "{text}");
        assert_eq!(in_text(&policy, text), None, "{text}");
    }
}

/// Broken arrays in strings in broken arrays: each layer would be read for each bracket around it.
#[test]
fn work_on_text_is_bounded_through_all_layers() {
    let policy = policy(&[r#""path":"$..ssn","action":"MASK""#]);
    let layered = (0..3).fold("[1,2,".repeat(40), |text, _| format!("{}{} ", "[".repeat(40), quote(&text)));
    let redactor = Layers::of(&policy).redactor(None, None);
    assert_eq!(redactor.redact_text(&layered, Prose::Text).as_deref(), Some(MASK));
    assert!(redactor.is_exhausted());
}

/// As many signs of a label as there are bytes: linear, or this takes minutes.
#[test]
fn labels_are_looked_for_in_one_pass() {
    let policy = policy(&[r#""path":"$..ssn","action":"MASK""#]);
    for text in
        ["=".repeat(1 << 20), format!("a,b\n{}", ",,,,,,\n".repeat(1 << 17)), format!("\n|{}", "\t".repeat(1 << 20))]
    {
        assert_eq!(in_document(&policy, &text), None);
        assert_eq!(in_document(&policy, &format!("{text}ssn=1")).as_deref(), Some(MASK));
    }
}

#[test]
fn what_is_shown_in_part_is_nothing_that_a_detector_finds() {
    let policy =
        policy(&[r#""path":"$..m","action":"TRUNCATE","length":16"#, r#""detect":["PAYMENT_CARD"],"action":"MASK""#]);
    let redactor = Layers::of(&policy).redactor(None, None);
    assert_eq!(redactor.redact_json(r#"{"m":"41111111111111111 is"}"#).unwrap(), r#"{"m":"****"}"#);
}

fn is_masked(policy: &Policy, text: &str) {
    assert_eq!(in_document(policy, text).as_deref(), Some(MASK), "in a document: {text}");
    assert_eq!(in_text(policy, text).as_deref(), Some(MASK), "{text}");
}

fn in_text(policy: &Policy, text: &str) -> Option<String> {
    Layers::of(policy).redactor(None, None).redact_text(text, Prose::Text)
}

fn in_document(policy: &Policy, text: &str) -> Option<String> {
    let document = format!("{{\"body\":{}}}", quote(text));
    let new = Layers::of(policy).redactor(None, None).redact_json(&document)?;
    let document: serde_json::Value = serde_json::from_str(&new).unwrap();
    Some(document["body"].as_str().unwrap().to_owned())
}
