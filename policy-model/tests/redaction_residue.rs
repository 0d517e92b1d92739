//! What was taken out is found wherever it is left, in every form that is promised.
#![cfg(test)]

#[path = "support/redactions.rs"]
mod redactions;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use policy_model::Layers;
use policy_model::json::quote;
use redactions::policy;

const SECRETS: &[&str] = &[
    "078-05-1120",
    "s3cret",
    "ana.smith+x@example.com",
    "äöü?>~ÿ",
    "a/b+c=d&e f%",
    "line one\nline \"two\"\\",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef-longer-than-any-window",
];

#[test]
fn a_value_is_found_plain_and_encoded_at_every_place() {
    for secret in SECRETS {
        for before in ["", "x", "xy", "xyz", "some words, "] {
            for after in ["", "z", "zz", " and more"] {
                let text = format!("{before}{secret}{after}");
                for (form, encoded) in forms(&text) {
                    check(secret, &encoded, true, form);
                    check(secret, &format!("see <{encoded}>"), true, form);
                }
            }
        }
    }
}

#[test]
fn a_value_is_found_in_names_and_escapes() {
    for secret in SECRETS {
        found(secret, &format!("{{{}:1}}", quote(secret)), true);
        found(secret, &format!("[{}]", quote(&quote(secret))), true);
        found(secret, &format!("[{}]", quote(&quote(&quote(&format!("x {secret}"))))), true);
        let escaped: String = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        found(secret, &format!("[\"{escaped}\"]"), true);
        found(secret, &format!("[\"x{}\"]", escaped.replace('\\', "\\\\")), true);
    }
}

#[test]
fn base64_in_lines_is_joined() {
    let text = format!("{} {} {}", "x".repeat(80), SECRETS[0], "y".repeat(80));
    for length in [64, 76] {
        let encoded = STANDARD.encode(&text);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(length).map(|line| std::str::from_utf8(line).unwrap()).collect();
        check(SECRETS[0], &lines.join("\n"), true, "lines");
        check(SECRETS[0], &lines.join("\r\n"), true, "lines");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    for secret in SECRETS {
        let other: String =
            secret.chars().map(|character| if character == '0' { '1' } else { character }).rev().collect();
        for (form, encoded) in forms(&other) {
            check(secret, &encoded, false, form);
        }
    }
    // Beginnings alone.
    check("078-05-1120", "078-05-112", false, "beginning");
    check("078-05-1120", "MDc4LTA1LTEx", false, "beginning in base64");
}

#[test]
fn a_number_is_found_in_every_spelling_and_not_in_longer_ones() {
    for (number, document, is_found) in [
        ("1234567", "[1234567]", true),
        ("1234567", "[1.234567e6]", true),
        ("1234567", "[1234567.0]", true),
        ("1234567", "[\"no 1234567.\"]", true),
        ("1234567", "[12345670]", false),
        ("1234567", "[\"91234567\"]", false),
        ("1234567", "[123456.7]", false),
        ("1.234567e6", "[1234567]", true),
        ("12345.67", "[1.234567e4]", true),
        ("\"1234567\"", "[1234567]", true),
        ("12345", "[12345]", false),
    ] {
        let policy = policy(&[r#""path":"$.taken","action":"REMOVE""#]);
        let redactor = Layers::of(&policy).redactor(None, None);
        let left = redactor.redact_json(&format!("{{\"taken\":{number},\"left\":{document}}}")).unwrap();
        assert_eq!(redactor.has_residue(&left), is_found, "{number} in {left}");
    }
}

#[test]
fn a_number_with_zeros_at_its_end_is_found_in_its_other_spellings() {
    for (taken, left) in [
        ("150000.0", "\"pays 150000 a year\""),
        ("1500000", "[1.50000e6]"),
        ("1500000", "\"1500.0e3\""),
        ("1500000.0", "1500000"),
        ("\"150000.0\"", "150000"),
    ] {
        let policy = policy(&[r#""path":"$.taken","action":"MASK""#]);
        let redactor = Layers::of(&policy).redactor(None, None);
        assert!(redactor.redact_json(&format!("{{\"taken\":{taken}}}")).is_some());
        assert!(redactor.has_residue(left), "{taken} in {left}");
        assert!(!redactor.has_residue("[150001, 15000, 1.5]"), "{taken}");
    }
}

#[test]
fn values_shorter_than_six_bytes_are_not_looked_for() {
    found("12-45", "[\"12-45\"]", false);
    found("12-456", "[\"12-456\"]", true);
}

#[test]
fn names_that_the_protocol_gives_are_no_remains() {
    found("content", r#"{"content":1}"#, false);
    found("content", r#"{"content":"content"}"#, true);
    found("content", r#"{"contents":1}"#, true);
    found("complete", r#"{"resultType": "complete"}"#, false);
    found("complete", r#"{"resultType": "complete now"}"#, true);
    found("complete", r#"{"state": "complete"}"#, true);
    found("diabetes", r#"{"type": "diabetes"}"#, true);
}

#[test]
fn what_is_there_already_in_the_place_of_a_value_is_no_remains() {
    let policy = policy(&[r#""path":"$..a","action":"REPLACE","with":"withheld""#]);
    let redactor = Layers::of(&policy).redactor(None, None);
    let once =
        redactor.redact_json(r#"[{"a":"secret"},{"a":"withheld"},{"b":"{\u0022a\u0022:\"withheld\"}"}]"#).unwrap();
    assert_eq!(once, r#"[{"a":"withheld"},{"a":"withheld"},{"b":"{\u0022a\u0022:\"withheld\"}"}]"#);
    assert!(!redactor.has_residue(&once));
    assert_eq!(redactor.redact_json(&once), None);
}

#[test]
fn many_values_with_one_beginning_are_told_apart() {
    let policy = policy(&[r#""path":"$.taken","action":"REMOVE""#]);
    let redactor = Layers::of(&policy).redactor(None, None);
    let taken: Vec<String> = (0..20_000).map(|number| format!("\"customer-{number:06}\"")).collect();
    let document = |left: &str| format!("{{\"taken\":[{}],\"left\":\"{left}\"}}", taken.join(","));
    let left: String = (20_000..40_000).map(|number| format!("customer-{number:06} ")).collect();
    assert!(!redactor.has_residue(&redactor.redact_json(&document(&left)).unwrap()));
    assert!(redactor.has_residue(&redactor.redact_json(&document("customer-019999")).unwrap()));
}

/// Texts that go on like a value at each of their places: what cannot be compared in time is withheld, what can is told apart.
#[test]
fn what_goes_on_like_a_value_everywhere_is_compared_within_bounds() {
    let long = "a".repeat(200_000);
    let digits: Vec<String> = (6..1_500).map(|length| "1".repeat(length)).collect();
    for (taken, left) in [
        (quote(&format!("{long}b")), long.clone()),
        (quote(&format!("{long}b")), "YWFh".repeat(50_000)),
        (quote(&format!("{long}b")), "61".repeat(200_000)),
        ("1234567890".to_owned(), "1.1.".repeat(50_000)),
        (format!("[\"{}\"]", digits.join("\",\"")), "1".repeat(200_000)),
    ] {
        let policy = policy(&[r#""path":"$..taken","action":"REMOVE""#]);
        let redactor = Layers::of(&policy).redactor(None, None);
        let document = format!("{{\"taken\":{taken},\"left\":{}}}", quote(&left));
        assert!(redactor.has_residue(&redactor.redact_json(&document).unwrap()));
        assert!(redactor.is_exhausted());
    }
    let policy = policy(&[r#""path":"$..taken","action":"REMOVE""#]);
    let redactor = Layers::of(&policy).redactor(None, None);
    let urls: Vec<String> = (0..20_000).map(|number| format!("https://example.com/{number}")).collect();
    let taken = quote(&format!("https://example.com/{long}"));
    let document = format!("{{\"taken\":{taken},\"left\":{}}}", quote(&urls.join(" ")));
    assert!(!redactor.has_residue(&redactor.redact_json(&document).unwrap()));
    assert!(!redactor.is_exhausted());
}

fn forms(text: &str) -> Vec<(&'static str, String)> {
    let percent = |keeps: fn(u8) -> bool, upper: bool| -> String {
        let encode = |byte: u8| match (keeps(byte), upper) {
            (true, _) => char::from(byte).to_string(),
            (false, true) => format!("%{byte:02X}"),
            (false, false) => format!("%{byte:02x}"),
        };
        text.bytes().map(encode).collect()
    };
    vec![
        ("plain", text.to_owned()),
        ("percent, all", percent(|_| false, true)),
        ("percent, some", percent(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), false)),
        ("percent, not the reserved", percent(|byte| byte.is_ascii_alphanumeric() || RESERVED.contains(&byte), true)),
        ("a form", percent(|byte| byte.is_ascii_alphanumeric() || byte == b' ', true).replace(' ', "+")),
        ("base64", STANDARD.encode(text)),
        ("base64, no padding", STANDARD_NO_PAD.encode(text)),
        ("base64url", URL_SAFE.encode(text)),
        ("base64url, no padding", URL_SAFE_NO_PAD.encode(text)),
        ("hexadecimal", text.bytes().map(|byte| format!("{byte:02x}")).collect()),
        ("HEXADECIMAL", text.bytes().map(|byte| format!("{byte:02X}")).collect()),
    ]
}

/// What `encodeURI` leaves beside letters and digits.
const RESERVED: &[u8] = b";,/?:@&=+$-_.!~*'()#";

fn check(secret: &str, left: &str, is_found: bool, form: &str) {
    let policy = policy(&[r#""path":"$.taken","action":"MASK""#]);
    let redactor = Layers::of(&policy).redactor(None, None);
    assert!(redactor.redact_json(&format!("{{\"taken\":{}}}", quote(secret))).is_some());
    let document = format!("{{\"left\":{}}}", quote(left));
    assert_eq!(redactor.has_residue(&document), is_found, "{form}: {secret} in {document}");
}

fn found(secret: &str, document: &str, is_found: bool) {
    let policy = policy(&[r#""path":"$.taken","action":"MASK""#]);
    let redactor = Layers::of(&policy).redactor(None, None);
    assert!(redactor.redact_json(&format!("{{\"taken\":{}}}", quote(secret))).is_some());
    assert_eq!(redactor.has_residue(document), is_found, "{secret} in {document}");
}
