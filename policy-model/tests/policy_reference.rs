//! Every example in the reference of the policy language.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;
#[path = "support/reference.rs"]
mod reference;

use asking::{Answer, Asker};
use policy_model::{Layers, Policy};
use serde_json::Value;

#[test]
fn every_example_of_the_reference_is_true() {
    let text = reference::text();
    let (mut policy, mut baseline) = (None, None);
    let (mut examples, mut wrong) = (0, Vec::new());
    for (number, kind, body) in reference::blocks(&text) {
        match kind {
            "json policy" => policy = Some(parse(number, body)),
            "json rules" => {
                policy = Some(parse(number, &reference::policy_of_rules(body)));
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
