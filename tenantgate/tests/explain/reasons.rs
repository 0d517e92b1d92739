//! Every reason code of an audit line is told.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::registry::run_command;

#[test]
fn every_code_of_an_audit_line_is_told_once() {
    let entries = entries();
    let told: BTreeSet<String> = entries.iter().map(|entry| text(entry, "code")).collect();
    assert_eq!(told.len(), entries.len(), "a code stands twice");
    let mut codes = codes_of_the_interceptors();
    // Where the tenant comes from is no reason.
    codes.retain(|code| !["SELECTOR", "ONLY_MEMBERSHIP"].contains(&code.as_str()));
    assert!(codes.len() > 150, "{}", codes.len());
    let untold: Vec<&String> = codes.difference(&told).collect();
    let unsaid: Vec<&String> = told.difference(&codes).collect();
    assert!(untold.is_empty() && unsaid.is_empty(), "not told: {untold:?}; nobody says: {unsaid:?}");
}

#[test]
fn every_entry_is_two_sentences() {
    for entry in entries() {
        for name in ["meaning", "remedy"] {
            let text = text(&entry, name);
            let begins = text.chars().next().is_some_and(|first| !first.is_lowercase());
            assert!(begins && text.ends_with('.') && text.len() < 240, "{entry}");
        }
    }
}

fn entries() -> Vec<Value> {
    let ended = run_command(&["explain", "--reason", "--json"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    serde_json::from_str(&ended.out).unwrap()
}

fn text(entry: &Value, name: &str) -> String {
    entry[name].as_str().unwrap().to_owned()
}

/// The interceptors' own words: whatever stands in capitals in their functions that make codes.
fn codes_of_the_interceptors() -> BTreeSet<String> {
    let mut files = Vec::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../interceptors/src"), &mut files);
    let mut codes = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        for function in text.split("fn code(").skip(1) {
            let body = function.split("\n    }\n").next().unwrap();
            let is_code = |word: &&str| {
                !word.is_empty()
                    && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            };
            codes.extend(body.split('"').skip(1).step_by(2).filter(is_code).map(str::to_owned));
        }
    }
    codes
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            None => gather(&path, files),
            Some(_) => files.push(path),
        }
    }
}
