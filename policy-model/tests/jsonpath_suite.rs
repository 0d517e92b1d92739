//! The RFC 9535 compliance suite: paths select exactly its nodes, or are refused for a stated limit.
#![cfg(test)]

#[path = "support/corpora.rs"]
mod corpora;

use std::collections::BTreeSet;
use std::fs;

use policy_model::json::{self, Edit, Edits, Value};
use policy_model::policy::{Problem, SelectorError};
use policy_model::{Layers, Policy, PolicyError};

#[test]
fn selectors_that_the_standard_calls_invalid_are_refused() {
    check("invalid", 247, |case| {
        if case["invalid_selector"] != true {
            return None;
        }
        Some(parse(selector(case)).map_or(Ok(()), |_| Err("accepted".to_owned())))
    });
}

#[test]
fn valid_selectors_with_a_filter_select_exactly_their_nodes_or_need_what_is_not_supported() {
    check("valid, with a filter", 289, |case| {
        if case["invalid_selector"] == true || !has_filter(selector(case)) {
            return None;
        }
        let needs_function = ["match(", "search("].iter().any(|function| selector(case).contains(function));
        // Inside the filter: the root, a descendant, or another filter.
        let inside = selector(case).split_once('?').map_or("", |(_, inside)| inside);
        let reaches_far = ["$", "..", "?"].iter().any(|far| inside.contains(far));
        Some(match parse(selector(case)).map_err(|error| error.problem().clone()) {
            Err(Problem::NotAPath(_, SelectorError::Function)) if needs_function => Ok(()),
            Err(Problem::NotAPath(_, SelectorError::FilterReach)) if reaches_far => Ok(()),
            Err(other) => Err(format!("{other:?}")),
            Ok(_) => compare(case),
        })
    });
}

#[test]
fn valid_selectors_without_filter_select_exactly_their_nodes() {
    check("valid, without filter", 167, |case| {
        if case["invalid_selector"] == true || has_filter(selector(case)) {
            return None;
        }
        Some(compare(case))
    });
}

fn compare(case: &serde_json::Value) -> Result<(), String> {
    let policy = parse(selector(case)).map_err(|error| error.to_string())?;
    let text = case["document"].to_string();
    let document = json::parse(text.as_bytes()).unwrap();
    let mut edits = Edits::default();
    Layers::of(&policy).redactor(None).redact(document.root(), &mut edits);
    let mut got = BTreeSet::new();
    selected(document.root(), "$", &edits, &mut got);

    // The standard leaves the order of members open: each of several results has the same nodes.
    let paths = if case["results_paths"].is_null() { &case["result_paths"] } else { &case["results_paths"][0] };
    let paths = paths.as_array().unwrap().iter();
    let expected: BTreeSet<String> = paths.map(|path| path.as_str().unwrap().to_owned()).collect();
    if got == expected { Ok(()) } else { Err(format!("expected {expected:?}, got {got:?}")) }
}

/// The normalized paths (RFC 9535, 2.7) of what is to be removed.
fn selected(value: Value<'_>, path: &str, edits: &Edits, out: &mut BTreeSet<String>) {
    if edits.of(value) == Some(&Edit::Remove) {
        out.insert(path.to_owned());
    }
    for (index, element) in value.elements().enumerate() {
        selected(element, &format!("{path}[{index}]"), edits, out);
    }
    for member in value.members() {
        let name = member.name.as_str().unwrap();
        selected(member.value, &format!("{path}['{}']", normalized(&name)), edits, out);
    }
}

fn normalized(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars() {
        match character {
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\'' | '\\' => out.extend(['\\', character]),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            plain => out.push(plain),
        }
    }
    out
}

/// Whether there is a question mark outside of quotes.
fn has_filter(selector: &str) -> bool {
    let mut quote = None;
    let mut characters = selector.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => drop(characters.next()),
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '?') => return true,
            (Some(_) | None, _) => {}
        }
    }
    false
}

fn parse(selector: &str) -> Result<Policy, PolicyError> {
    let redaction = format!(r#"{{"resources":["agent:tool:*"],"path":{},"action":"REMOVE"}}"#, json::quote(selector));
    Policy::parse(format!(r#"{{"policyId":"p","tenantId":"t","rules":[],"redactions":[{redaction}]}}"#).as_bytes())
}

fn selector(case: &serde_json::Value) -> &str {
    case["selector"].as_str().unwrap()
}

/// Runs the cases that `run` takes, at least `cases_min`.
fn check(what: &str, cases_min: usize, run: impl Fn(&serde_json::Value) -> Option<Result<(), String>>) {
    let Some(folder) = corpora::folder("jsonpath-cts") else { return };
    let suite: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("cts.json")).unwrap()).unwrap();
    let mut count = 0;
    let mut wrong = Vec::new();
    for case in suite["tests"].as_array().unwrap() {
        let Some(result) = run(case) else { continue };
        count += 1;
        if let Err(error) = result {
            wrong.push(format!("{}: {}: {error}", case["name"], case["selector"]));
        }
    }
    println!("jsonpath-cts, {what}: {count} cases, {} wrong", wrong.len());
    assert!(count >= cases_min, "found {count} cases");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
