//! Every example in the reference of the policy language.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;
#[path = "support/reference.rs"]
mod reference;
#[path = "support/rewriting.rs"]
mod rewriting;

use asking::{Answer, Asker, asker, resource};
use policy_model::comparison::{Side, Version, compare, compare_entries};
use policy_model::{DecisionId, Digest, Layers, ModelName, Pinned, Policy, ToolName, json};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

#[test]
fn every_example_of_the_reference_is_true() {
    let text = reference::text();
    let (mut policy, mut baseline) = (None, None);
    let mut versions = Vec::new();
    let (mut examples, mut wrong) = (0, Vec::new());
    for (number, kind, body) in reference::blocks(&text) {
        match kind {
            "json policy" => policy = Some(parse(number, body)),
            "json rules" => {
                policy = Some(parse(number, &reference::policy_of_rules(body)));
            }
            "json baseline" => baseline = Some(parse(number, body)),
            "decisions" => {
                let layers = Layers { kills: None, baseline: baseline.as_ref(), policy: policy.as_ref().unwrap() };
                for line in body.lines() {
                    examples += 1;
                    wrong.extend(check(layers, line));
                }
                (policy, baseline) = (None, None);
            }
            "rewrites" | "headers" => {
                let layers = Layers { kills: None, baseline: baseline.as_ref(), policy: policy.as_ref().unwrap() };
                let check = if kind == "rewrites" { check_rewrite } else { check_headers };
                for line in body.lines() {
                    examples += 1;
                    wrong.extend(check(layers, line));
                }
            }
            "pins" => {
                let layers = Layers { kills: None, baseline: baseline.as_ref(), policy: policy.as_ref().unwrap() };
                for line in body.lines() {
                    examples += 1;
                    wrong.extend(check_definition(layers, line));
                }
            }
            "redacted" | "tokens" | "urls" => {
                let layers = Layers { kills: None, baseline: baseline.as_ref(), policy: policy.as_ref().unwrap() };
                let check = match kind {
                    "redacted" => check_redaction,
                    "tokens" => check_tokens,
                    _ => check_url,
                };
                for line in body.lines() {
                    examples += 1;
                    wrong.extend(check(layers, line));
                }
            }
            "json version" => versions.push(body),
            "differences" => {
                examples += body.lines().count();
                let told = differences(&versions);
                versions.clear();
                wrong.extend((told != body).then(|| format!("line {number}: {told}")));
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

/// What two versions have in differences, one a line.
fn differences(versions: &[&str]) -> String {
    let [old, new] = &*versions.iter().map(|text| version(text)).collect::<Vec<Version<'_>>>() else {
        panic!("not two versions")
    };
    let comparison = compare(Side { baseline: None, policy: old }, Side { baseline: None, policy: new });
    assert!(comparison.gaps.is_empty());
    let entries = compare_entries(Some(old), Some(new));
    let entries = entries.iter().map(|entry| format!("{:?}: {}: {}", entry.weight, entry.member, entry.text));
    comparison.differences.iter().map(ToString::to_string).chain(entries).collect::<Vec<String>>().join("\n")
}

fn version(text: &str) -> Version<'_> {
    Version::parse(text.as_bytes()).unwrap_or_else(|errors| panic!("{}", errors.first))
}

/// `<outcome> [<kind>] <name> [<arguments>] [as <caller>]`
fn check(layers: Layers<'_>, line: &str) -> Option<String> {
    let (said, special) = special_of(line);
    let (outcome, rest) = said.trim().split_once(' ').unwrap();
    let (thing, arguments) = match rest.find('{') {
        Some(start) if !rest.contains("template ") => rest.split_at(start),
        Some(_) | None => (rest, ""),
    };
    let (kind, name) = thing.trim().split_once(' ').unwrap_or(("tool", thing.trim()));
    let asker = Asker::new(&special);
    let is_discovery = ["LISTED", "HIDDEN"].contains(&outcome);
    let arguments = if arguments.is_empty() { "{}" } else { arguments.trim() };
    let expected = ["ALLOW", "LISTED"].contains(&outcome);
    assert!(expected || ["DENY", "HIDDEN"].contains(&outcome), "{line}");
    let rewritten = match rewriting::rewrite(layers, &special, kind, name, Some(arguments)) {
        Ok(rewritten) => rewritten.unwrap_or_else(|| arguments.to_owned()),
        Err(error) => return expected.then(|| format!("{line}: {error}")),
    };
    let answer = asker.ask(layers, kind, name, (!is_discovery).then_some(&rewritten));
    (matches!(answer, Answer::Allowed(_)) != expected).then(|| format!("{line}: {answer:?}"))
}

/// `<tool> <arguments> -> <arguments, or refused> [as <caller>]`
fn check_rewrite(layers: Layers<'_>, line: &str) -> Option<String> {
    let (said, special) = special_of(line);
    let (before, after) = said.split_once(" -> ").unwrap();
    let (name, arguments) = before.split_once(' ').unwrap();
    let told = rewriting::rewrite(layers, &special, "tool", name, Some(arguments.trim()));
    let told = told.map(|rewritten| rewritten.unwrap_or_else(|| arguments.trim().to_owned()));
    let told = told.unwrap_or_else(|_| "refused".to_owned());
    (told != after.trim()).then(|| format!("{line}: {told}"))
}

/// `<name>: <value>, .. [as <caller>]`, or `refused [as <caller>]`
fn check_headers(layers: Layers<'_>, line: &str) -> Option<String> {
    let (said, special) = special_of(line);
    let decision = DecisionId::parse("decision-1");
    let told = match Asker::new(&special).with_caller(|caller, time| layers.headers(caller, time, decision)) {
        Ok(headers) => {
            headers.iter().map(|header| format!("{}: {}", header.name, header.value)).collect::<Vec<_>>().join(", ")
        }
        Err(_) => "refused".to_owned(),
    };
    (told != said.trim()).then(|| format!("{line}: {told}"))
}

/// `<SHOWN, or HIDDEN> <definition>`
fn check_definition(layers: Layers<'_>, line: &str) -> Option<String> {
    let (outcome, definition) = line.split_once(' ').unwrap();
    let document = json::parse(definition.as_bytes()).unwrap();
    let name = document.root().get("name").unwrap().as_str().unwrap();
    let canonical = document.root().canonical().ok();
    let digest = canonical.map(|text| Digest::new(Sha256::digest(text).into()));
    let told = match layers.check_definition(&ToolName::parse(&name).unwrap(), digest.as_ref()) {
        Pinned::No | Pinned::Met => "SHOWN",
        Pinned::Changed => "HIDDEN",
    };
    (told != outcome).then(|| format!("{line}: {digest:?}"))
}

/// `<kind> <name> <result> -> <result> [as <caller>]`
fn check_redaction(layers: Layers<'_>, line: &str) -> Option<String> {
    let (said, special) = special_of(line);
    let (before, after) = said.split_once(" -> ").unwrap();
    let (thing, result) = before.split_at(before.find('{').unwrap());
    let (kind, name) = thing.trim().split_once(' ').unwrap();
    let resources = [resource::resource(kind, name).unwrap()];
    let told = Asker::new(&special)
        .with_caller(|caller, _| layers.redactor(Some(&resources), Some(caller)).redact_json(result.trim()));
    let told = told.unwrap_or_else(|| result.trim().to_owned());
    (told != after.trim()).then(|| format!("{line}: {told}"))
}

/// `<model> -> <tokens>`
fn check_tokens(layers: Layers<'_>, line: &str) -> Option<String> {
    let (model, expected) = line.split_once(" -> ").unwrap();
    let told = layers.max_tokens(&ModelName::parse(model.trim()).unwrap());
    (told != Some(expected.trim().parse().unwrap())).then(|| format!("{line}: {told:?}"))
}

/// `<ALLOW, or DENY> <URL>`
fn check_url(layers: Layers<'_>, line: &str) -> Option<String> {
    let (outcome, url) = line.split_once(' ').unwrap();
    let told = if layers.allows_push_url(url.trim()) { "ALLOW" } else { "DENY" };
    (told != outcome).then(|| format!("{line}: {told}"))
}

fn special_of(line: &str) -> (&str, Value) {
    let (said, special) = line.split_once(" as ").unwrap_or((line, "null"));
    (said, serde_json::from_str(special).unwrap_or_else(|error| panic!("{line}: {error}")))
}
