//! The RFC 9535 compliance suite: paths select exactly its nodes, seen through what is removed.
#![cfg(test)]

#[path = "support/corpora.rs"]
mod corpora;

use std::collections::BTreeSet;
use std::fs;

use policy_model::json::{self, Edit, Edits, Value};
use policy_model::policy::Problem;
use policy_model::{Layers, Policy, PolicyError};

#[test]
fn every_case_of_the_suite_is_refused_or_selects_exactly_its_nodes() {
    let Some(folder) = corpora::folder("jsonpath-cts") else { return };
    let suite: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("cts.json")).unwrap()).unwrap();
    let (mut invalid, mut valid) = (0, 0);
    let mut wrong = Vec::new();
    for case in suite["tests"].as_array().unwrap() {
        let path = case["selector"].as_str().unwrap();
        let result = if case["invalid_selector"] == true {
            invalid += 1;
            refuse(path)
        } else {
            valid += 1;
            compare(path, case)
        };
        if let Err(error) = result {
            wrong.push(format!("{}: {path}: {error}", case["name"]));
        }
    }
    let right = invalid + valid - wrong.len();
    println!("jsonpath-cts: {right} of {} cases: {invalid} invalid, {valid} valid", invalid + valid);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((invalid, valid), (247, 456));
}

fn refuse(path: &str) -> Result<(), String> {
    match parse(path).map_err(|error| error.problem().clone()) {
        Err(Problem::NotAPath(..)) => Ok(()),
        Err(other) => Err(format!("{other:?}")),
        Ok(_) => Err("accepted".to_owned()),
    }
}

fn compare(path: &str, case: &serde_json::Value) -> Result<(), String> {
    let policy = parse(path).map_err(|error| error.to_string())?;
    let text = case["document"].to_string();
    let document = json::parse(text.as_bytes()).unwrap();
    let mut edits = Edits::default();
    let redactor = Layers::of(&policy).redactor(None);
    redactor.redact(document.root(), &mut edits);
    if redactor.is_exhausted() {
        return Err("exhausted".to_owned());
    }
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

fn parse(selector: &str) -> Result<Policy, PolicyError> {
    let redaction = format!(r#"{{"resources":["agent:tool:*"],"path":{},"action":"REMOVE"}}"#, json::quote(selector));
    Policy::parse(format!(r#"{{"policyId":"p","tenantId":"t","rules":[],"redactions":[{redaction}]}}"#).as_bytes())
}
