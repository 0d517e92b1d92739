//! The steps of the way from base64 to base64, alone and together, beside the least that a redactor on trees would take.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interceptors::redacting::{Said, redact};
use policy_model::{Layers, Policy, json};
use serde_json::Value;

use crate::documents::{BYTES, Kind, redactions};
use crate::table::{Calls, least, row, title};

pub(crate) fn measure(out: &mut impl Write, kind: Kind) -> Result<(), Box<dyn Error>> {
    let document = kind.answer(BYTES);
    let body = STANDARD.encode(&document);
    let policy = |redactions: Value| {
        let policy = serde_json::json!({"policyId": "P", "tenantId": "bench", "rules": [], "redactions": redactions});
        Policy::parse(policy.to_string().as_bytes())
    };
    let (typical, none) = (policy(redactions())?, policy(serde_json::json!([]))?);
    // What is measured must be what is meant.
    let redacted = through(&typical, &body).ok_or("it cannot be redacted")?;
    let text = String::from_utf8(STANDARD.decode(redacted)?)?;
    if text.contains("4111 1111")
        || text.matches("****").count() < 1_000
        || through(&none, &body).as_ref() != Some(&body)
    {
        return Err("it is not redacted as it should be".into());
    }
    let mut calls: Calls<'_> = vec![
        ("decode, serde_json: parse and serialize, encode", Box::new(|| drop(black_box(on_a_tree(&body))))),
        ("decode, scan and encode", Box::new(|| drop(black_box(scanned(&body))))),
        (
            "decode, scan, redact by two paths and a detector, encode",
            Box::new(|| drop(black_box(through(&typical, &body)))),
        ),
        (
            "decode and scan: what stays goes on as it came",
            Box::new(|| {
                black_box(read(&body));
            }),
        ),
        ("  base64: decode", Box::new(|| drop(black_box(STANDARD.decode(&body))))),
        ("  base64: encode", Box::new(|| drop(black_box(STANDARD.encode(&document))))),
        ("  scan", Box::new(|| drop(black_box(json::parse(document.as_bytes()))))),
        (
            "  scan and redact by two paths and a detector",
            Box::new(|| drop(black_box(redacted_text(&typical, document.as_bytes())))),
        ),
        ("  scan and redact by nothing", Box::new(|| drop(black_box(redacted_text(&none, document.as_bytes()))))),
        ("  serde_json: parse and serialize", Box::new(|| drop(black_box(tree(document.as_bytes()))))),
    ];
    title(out, &format!("{}, {} bytes", kind.name(), document.len()), "of the way over a tree")?;
    let times = least(&mut calls);
    let floor = times.first().map(|(_, time)| *time).unwrap_or_default();
    for (name, time) in times {
        row(out, name, time, floor)?;
    }
    Ok(())
}

fn on_a_tree(body: &str) -> Option<String> {
    let bytes = STANDARD.decode(body).ok()?;
    Some(STANDARD.encode(tree(&bytes)?))
}

fn tree(document: &[u8]) -> Option<String> {
    let tree: Value = serde_json::from_slice(document).ok()?;
    serde_json::to_string(&tree).ok()
}

fn read(body: &str) -> Option<usize> {
    let bytes = STANDARD.decode(body).ok()?;
    Some(json::parse(&bytes).ok()?.root().text().len())
}

fn scanned(body: &str) -> Option<String> {
    let bytes = STANDARD.decode(body).ok()?;
    Some(STANDARD.encode(json::parse(&bytes).ok()?.root().text()))
}

/// All of it, the search for remains included.
fn through(policy: &Policy, body: &str) -> Option<String> {
    let bytes = STANDARD.decode(body).ok()?;
    match redacted_text(policy, &bytes)? {
        Some(text) => Some(STANDARD.encode(text)),
        None => Some(body.to_owned()),
    }
}

fn redacted_text(policy: &Policy, document: &[u8]) -> Option<Option<String>> {
    let document = json::parse(document).ok()?;
    let redactor = Layers::of(policy).redactor(None, None);
    redact(&redactor, document.root(), Said::Document(document.root())).ok()
}
