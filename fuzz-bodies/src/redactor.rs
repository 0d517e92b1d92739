//! A policy's redactions of one text.

use std::str;

use policy_model::redaction::Prose;
use policy_model::{Layers, Policy, json};
use serde_json::value::RawValue;

/// The bytes are a policy, or lines of an action and a path, and behind a NUL the text. Whatever both are, what comes out of JSON
/// is JSON, and the same again; what was redacted once stays.
pub(crate) fn run(bytes: &[u8]) {
    let mut halves = bytes.splitn(2, |byte| *byte == 0);
    let (Some(head), Some(text)) = (halves.next(), halves.next()) else { return };
    let (Ok(head), Ok(text)) = (str::from_utf8(head), str::from_utf8(text)) else { return };
    let Some(policy) = policy(head) else { return };
    let stays = Stays::under(head);
    check(text, stays, &|text| {
        let redactor = Layers::of(&policy).redactor(None, None);
        let redacted = redactor.redact_json(text);
        if let Some(redacted) = &redacted {
            let is_json = serde_json::from_str::<&RawValue>(redacted).is_ok();
            assert!(is_json, "{redacted} came out of {text} under {head}");
            redactor.has_residue(redacted);
        }
        (!redactor.is_exhausted()).then_some(redacted)
    });
    check(text, stays, &|text| {
        let redactor = Layers::of(&policy).redactor(None, None);
        let redacted = redactor.redact_text(text, Prose::Text);
        (!redactor.is_exhausted()).then_some(redacted)
    });
}

/// What comes out, if it came to an end.
type Outcome = Option<Option<String>>;

fn check(text: &str, stays: Stays, redact: &dyn Fn(&str) -> Outcome) {
    let once = redact(text);
    assert_eq!(once, redact(text), "another time another result for {text}");
    let Some(Some(once)) = once else { return };
    let Some(Some(twice)) = redact(&once) else { return };
    if stays == Stays::AtOnce {
        assert_eq!(once, twice, "twice is not once for {text}");
    }
    if stays != Stays::Never
        && let Some(Some(thrice)) = redact(&twice)
    {
        assert_eq!(twice, thrice, "thrice is not twice for {text}");
    }
}

fn policy(head: &str) -> Option<Policy> {
    if head.starts_with('{') {
        return Policy::parse(head.as_bytes()).ok();
    }
    let redactions: Vec<String> = head.lines().map(redaction).collect();
    let text = format!(
        r#"{{"policyId":"p","tenantId":"t","hashKey":"k","rules":[],"redactions":[{}]}}"#,
        redactions.join(",")
    );
    Policy::parse(text.as_bytes()).ok()
}

/// A redaction of a line: a letter for what is to be done, and a path, or the words of detectors.
fn redaction(line: &str) -> String {
    let (action, what) = line.split_at_checked(1).unwrap_or((line, ""));
    let action = match action {
        "r" => r#""action":"REMOVE""#,
        "p" => r#""action":"REPLACE","with":"gone away""#,
        "n" => r#""action":"REPLACE","with":null"#,
        "h" => r#""action":"HASH""#,
        "l" => r#""action":"MASK","keepLast":3"#,
        "f" => r#""action":"MASK","keepFirst":2,"keepLast":1,"preserveType":true"#,
        "c" => r#""action":"TRUNCATE","length":4"#,
        "t" => r#""action":"MASK","preserveType":true"#,
        _ => r#""action":"MASK""#,
    };
    let what = match what.strip_prefix('!') {
        Some(detector) => format!(r#""detect":[{}]"#, json::quote(detector)),
        None => format!(r#""path":{}"#, json::quote(what)),
    };
    format!(r#"{{"resources":["agent:tool:*"],{what},{action}}}"#)
}

/// When nothing changes any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stays {
    /// What was redacted once.
    AtOnce,
    /// What was redacted twice: a part that is shown, or what stands in the place of a whole text, may look like data and is
    /// then masked.
    SoonAfter,
    /// It may change what a filter asks for, or the number of an element.
    Never,
}

impl Stays {
    fn under(head: &str) -> Stays {
        let counts = |pair: &[u8]| matches!(pair, [b'[' | b',' | b' ', b'0'..=b'9' | b'-' | b':']);
        if head.contains('?') || head.contains(':') || head.as_bytes().windows(2).any(counts) {
            return Stays::Never;
        }
        let is_part = |line: &str| line.starts_with(['l', 'f', 'c']) || line.ends_with('$');
        if head.lines().any(is_part) { Stays::SoonAfter } else { Stays::AtOnce }
    }
}
