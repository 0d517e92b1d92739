//! The project's fixtures: real events, and the registry that they are decided under.

use std::path::{Path, PathBuf};

use serde_json::Value;

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// A policy document of the registry.
pub(crate) fn policy(tenant: &str) -> Value {
    let path = folder().join(format!("registry/policies/{tenant}.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The events of all cases as they stand in their files, placeholders included, in the order of their paths.
pub(crate) fn events() -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    collect(&folder().join("exchanges"), &mut paths);
    paths.sort();
    assert!(paths.len() > 100, "only {} events", paths.len());
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// The messages in the events that can be read, each as its JSON text.
pub(crate) fn messages() -> Vec<Value> {
    let message = |event: &Vec<u8>| {
        let event: Value = serde_json::from_slice(event).ok()?;
        Some(event.pointer("/mcp/gatewayRequest/body")?.clone())
    };
    let messages: Vec<Value> = events().iter().filter_map(message).filter(Value::is_object).collect();
    assert!(messages.len() > 100, "only {} messages", messages.len());
    messages
}

/// The answers in the events that can be read.
pub(crate) fn answers() -> Vec<Value> {
    let answer = |event: &Vec<u8>| {
        let event: Value = serde_json::from_slice(event).ok()?;
        Some(event.pointer("/mcp/gatewayResponse/body")?.clone())
    };
    let answers: Vec<Value> = events().iter().filter_map(answer).filter(Value::is_object).collect();
    assert!(answers.len() > 50, "only {} answers", answers.len());
    answers
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.file_name().is_some_and(|name| name == "event.json") {
            paths.push(path);
        }
    }
}
