//! Every example in the reference of the policy language.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;

use std::fs;
use std::path::Path;

use asking::{Answer, Asker};
use policy_model::{Layers, Policy};
use serde_json::Value;

#[test]
fn every_example_of_the_reference_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/policy.md");
    let text = fs::read_to_string(path).unwrap();
    let (mut policy, mut baseline) = (None, None);
    let (mut examples, mut wrong) = (0, Vec::new());
    for (number, kind, body) in blocks(&text) {
        match kind {
            "json policy" => policy = Some(parse(number, body)),
            "json rules" => {
                policy = Some(parse(number, &format!(r#"{{"policyId":"P","tenantId":"acme","rules":{body}}}"#)));
            }
            "json baseline" => baseline = Some(parse(number, body)),
            "decisions" => {
                let layers = Layers { baseline: baseline.as_ref(), policy: policy.as_ref().unwrap() };
                for line in body.lines() {
                    examples += 1;
                    wrong.extend(check(layers, line));
                }
                (policy, baseline) = (None, None);
            }
            // What a reader may copy is at least a policy.
            "json" => {}
            other => panic!("line {number}: unknown kind of example {other:?}"),
        }
    }
    println!("{examples} examples, {} wrong", wrong.len());
    assert!(examples >= 70, "{examples}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The fenced blocks with their line and kind.
fn blocks(text: &str) -> Vec<(usize, &str, &str)> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\n```") {
        let (kind, body) = after.split_once('\n').unwrap();
        let (body, after) = body.split_once("\n```").unwrap();
        let line = text.lines().count() - rest.lines().count() + before.lines().count() + 1;
        blocks.push((line, kind, body));
        rest = after;
    }
    blocks
}

fn parse(line: usize, document: &str) -> Policy {
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("line {line}: {error}"))
}

/// `<outcome> [<kind>] <name> [<arguments>] [as <caller>]`
fn check(layers: Layers<'_>, line: &str) -> Option<String> {
    let (said, special) = line.split_once(" as ").unwrap_or((line, "null"));
    let special: Value = serde_json::from_str(special).unwrap_or_else(|error| panic!("{line}: {error}"));
    let (outcome, rest) = said.trim().split_once(' ').unwrap();
    let (thing, arguments) = match rest.find('{') {
        Some(start) if !rest.contains("template ") => rest.split_at(start),
        Some(_) | None => (rest, ""),
    };
    let (kind, name) = thing.trim().split_once(' ').unwrap_or(("tool", thing.trim()));
    let asker = Asker::new(&special);
    let is_discovery = ["LISTED", "HIDDEN"].contains(&outcome);
    let arguments = if arguments.is_empty() { "{}" } else { arguments.trim() };
    let answer = asker.ask(layers, kind, name, (!is_discovery).then_some(arguments));
    let expected = ["ALLOW", "LISTED"].contains(&outcome);
    assert!(expected || ["DENY", "HIDDEN"].contains(&outcome), "{line}");
    (matches!(answer, Answer::Allowed(_)) != expected).then(|| format!("{line}: {answer:?}"))
}
