//! The RFC 9535 compliance suite: paths select exactly its nodes, seen through what becomes of a document.
#![cfg(test)]

#[path = "support/corpora.rs"]
mod corpora;

use std::fs;

use policy_model::json;
use policy_model::policy::Problem;
use policy_model::{Layers, Policy, PolicyError};
use serde_json::{Value, json};

#[test]
fn every_case_of_the_suite_is_refused_or_redacts_exactly_its_nodes() {
    let Some(folder) = corpora::folder("jsonpath-cts") else { return };
    let suite: Value = serde_json::from_slice(&fs::read(folder.join("cts.json")).unwrap()).unwrap();
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
    match parse(path, "REMOVE").map_err(|error| error.problem().clone()) {
        Err(Problem::NotAPath(..)) => Ok(()),
        Err(other) => Err(format!("{other:?}")),
        Ok(_) => Err("accepted".to_owned()),
    }
}

fn compare(path: &str, case: &Value) -> Result<(), String> {
    // The standard leaves the order of members open: each of several results has the same nodes.
    let paths = if case["results_paths"].is_null() { &case["result_paths"] } else { &case["results_paths"][0] };
    let mut nodes: Vec<Vec<Step>> =
        paths.as_array().unwrap().iter().map(|path| steps(path.as_str().unwrap())).collect();
    // Elements from the end, so that the numbers of the others stay.
    nodes.sort();
    nodes.dedup();
    let (mut masked, mut removed) = (case["document"].clone(), case["document"].clone());
    for node in nodes.iter().rev() {
        mask(&mut masked, node);
        remove(&mut removed, node);
    }
    for (action, expected) in [("MASK", masked), ("REMOVE", removed)] {
        let policy = parse(path, action).map_err(|error| error.to_string())?;
        let text = case["document"].to_string();
        let redactor = Layers::of(&policy).redactor(None, None);
        let redacted = redactor.redact_json(&text).unwrap_or_else(|| text.clone());
        if redactor.is_exhausted() {
            return Err("exhausted".to_owned());
        }
        let redacted: Value = serde_json::from_str(&redacted).unwrap();
        if redacted != expected {
            return Err(format!("{action}: expected {expected}, got {redacted}"));
        }
    }
    Ok(())
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name(String),
    Index(usize),
}

/// The steps of a normalized path (RFC 9535, 2.7).
fn steps(path: &str) -> Vec<Step> {
    let mut rest = path.strip_prefix('$').unwrap();
    let mut steps = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        if let Some(quoted) = inner.strip_prefix('\'') {
            let mut is_escaped = false;
            let end = quoted.find(|character| {
                let is_end = character == '\'' && !is_escaped;
                is_escaped = character == '\\' && !is_escaped;
                is_end
            });
            let (name, after) = quoted.split_at(end.unwrap());
            // As JSON has it, but for the quotation marks.
            let name = name.replace("\\'", "'").replace('"', "\\\"");
            steps.push(Step::Name(serde_json::from_str(&format!("\"{name}\"")).unwrap()));
            rest = after.strip_prefix("']").unwrap();
        } else {
            let (index, after) = inner.split_once(']').unwrap();
            steps.push(Step::Index(index.parse().unwrap()));
            rest = after;
        }
    }
    assert_eq!(rest, "", "{path}");
    steps
}

fn at<'v>(document: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps.iter().try_fold(document, |value, step| match step {
        Step::Name(name) => value.get_mut(name),
        Step::Index(index) => value.get_mut(index),
    })
}

fn mask(document: &mut Value, steps: &[Step]) {
    *at(document, steps).unwrap() = json!("****");
}

fn remove(document: &mut Value, steps: &[Step]) {
    let Some((last, before)) = steps.split_last() else {
        *document = Value::Null;
        return;
    };
    match (at(document, before).unwrap(), last) {
        (Value::Array(elements), Step::Index(index)) => drop(elements.remove(*index)),
        (Value::Object(members), Step::Name(name)) => drop(members.remove(name).unwrap()),
        (other, step) => panic!("{other} has no {step:?}"),
    }
}

fn parse(selector: &str, action: &str) -> Result<Policy, PolicyError> {
    let redaction = format!(r#"{{"resources":["agent:tool:*"],"path":{},"action":"{action}"}}"#, json::quote(selector));
    Policy::parse(format!(r#"{{"policyId":"p","tenantId":"t","rules":[],"redactions":[{redaction}]}}"#).as_bytes())
}
