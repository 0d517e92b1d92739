//! Each limit of a policy document: what reaches it is taken, what exceeds it is refused, and fast.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;

use std::time::{Duration, Instant};

use asking::{Answer, Asker};
use policy_model::policy::{
    DOCUMENT_BYTES_MAX, INNER_WILDCARDS_MAX, PATH_BYTES_MAX, PATH_DESCENDANTS_MAX, PATH_STEPS_MAX, PatternError,
    PolicyError, Problem, RESOURCES_MAX, RULES_MAX, SelectorError,
};
use policy_model::{Layers, Policy};
use serde_json::Value;

#[test]
fn a_document_has_a_longest_size() {
    let seed = r#"{"policyId":"p","tenantId":"t","rules":[]}"#;
    let padded = |length: usize| format!("{seed}{}", " ".repeat(length - seed.len()));
    Policy::parse(padded(DOCUMENT_BYTES_MAX).as_bytes()).unwrap();
    let error = refusal(&padded(DOCUMENT_BYTES_MAX + 1));
    assert_eq!(error.problem(), &Problem::TooMany("bytes in the document", 1_048_576));
    assert_eq!(error.to_string(), "more than 1048576 bytes in the document");
}

#[test]
fn a_policy_has_a_largest_number_of_rules() {
    let text =
        |count| policy(&vec![r#"{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:a"]}"#; count], &[]);
    Policy::parse(text(RULES_MAX).as_bytes()).unwrap();
    assert_eq!(refusal(&text(RULES_MAX + 1)).to_string(), "rules: more than 10000 rules");
}

#[test]
fn a_policy_has_a_largest_number_of_redactions() {
    let text = |count| policy(&[], &vec![r#"{"resources":["agent:tool:a"],"path":"$.a","action":"MASK"}"#; count]);
    Policy::parse(text(RULES_MAX).as_bytes()).unwrap();
    assert_eq!(refusal(&text(RULES_MAX + 1)).to_string(), "redactions: more than 10000 redactions");
}

#[test]
fn a_rule_has_a_largest_number_of_resources() {
    let text = |count| rule(&vec!["agent:tool:a"; count]);
    Policy::parse(text(RESOURCES_MAX).as_bytes()).unwrap();
    let error = refusal(&text(RESOURCES_MAX + 1));
    assert_eq!(error.to_string(), "rules[0].resources: more than 1000 resources in a rule");
}

#[test]
fn a_resource_has_a_longest_size() {
    let resource = |length: usize| format!("agent:tool:{}", "a".repeat(length - "agent:tool:".len()));
    Policy::parse(rule(&[&resource(1_024)]).as_bytes()).unwrap();
    let error = refusal(&rule(&[&resource(1_025)]));
    assert_eq!(error.problem(), &Problem::NotAResource(resource(1_025), PatternError::TooLong));
}

#[test]
fn a_resource_has_a_largest_number_of_wildcards() {
    Policy::parse(rule(&["agent:tool:*a*a*a*a*___*a*a*"]).as_bytes()).unwrap();
    for resource in ["agent:tool:*a*a*a*a*___*a*a*a*", "agent:tool:*********"] {
        let error = refusal(&rule(&[resource]));
        assert_eq!(error.problem(), &Problem::NotAResource(resource.to_owned(), PatternError::TooManyWildcards));
    }
}

#[test]
fn a_path_has_a_longest_size() {
    let path = |length: usize| format!("$.{}", "a".repeat(length - 2));
    check_path(&path(PATH_BYTES_MAX), Ok(()));
    check_path(&path(PATH_BYTES_MAX + 1), Err(SelectorError::TooLong));
}

#[test]
fn a_path_has_a_largest_number_of_steps() {
    check_path(&format!("${}", ".a".repeat(PATH_STEPS_MAX)), Ok(()));
    check_path(&format!("${}", ".a".repeat(PATH_STEPS_MAX + 1)), Err(SelectorError::TooManySteps));
    check_path(&format!("$[{}*]", "*,".repeat(PATH_STEPS_MAX - 1)), Ok(()));
    let indexes: Vec<String> = (0..=PATH_STEPS_MAX).map(|index| index.to_string()).collect();
    check_path(&format!("$[{}]", indexes.join(",")), Err(SelectorError::TooManySteps));
    check_path(&format!("$[{}*]", "*,".repeat(PATH_STEPS_MAX)), Ok(()));
}

#[test]
fn a_path_has_a_largest_number_of_descents() {
    check_path(&format!("${}", "..a".repeat(PATH_DESCENDANTS_MAX)), Ok(()));
    check_path(&format!("${}", "..a".repeat(PATH_DESCENDANTS_MAX + 1)), Err(SelectorError::TooManyDescendants));
}

#[test]
fn a_hostile_path_is_refused_fast_and_within_a_small_stack() {
    let hostile = [
        "[".repeat(5_000),
        "(".repeat(5_000),
        format!("$[?{}@.a{}]", "(".repeat(5_000), ")".repeat(5_000)),
        format!("$[?{}@.a{}]", "(".repeat(200), ")".repeat(200)),
        format!("$[?{}@.a{}]", "!(".repeat(100), ")".repeat(100)),
        format!("${}", "[?@".repeat(5_000)),
        format!("${}{}", "[?@".repeat(100), "]".repeat(100)),
        format!("${}", "[?@".repeat(150)),
        format!("$[?{}a{}]", "length(".repeat(60), ")".repeat(60)),
        format!("${}", "[".repeat(500)),
        format!("${}'a'{}", "[".repeat(250), "]".repeat(250)),
        format!("$'{}", "[?(".repeat(150)),
        format!("$[\"'\"]'{}", "[?(".repeat(150)),
        format!("$.a\\'{}", "[?(".repeat(150)),
        format!("$['{}", "\\".repeat(500)),
        format!("$['{}", "[?(".repeat(150)),
        format!("$[{}", "'a',".repeat(120)),
        format!("$[{}", "1:".repeat(250)),
        format!("${}", " ".repeat(500)),
        format!("$[{}]", " ".repeat(500)),
        format!("${}", "..".repeat(250)),
        "$.a".repeat(1_000_000),
        "$".repeat(500),
    ];
    // The suite's own threads have more; a Lambda's main thread has 8 MiB, a worker 2.
    let run = move || {
        for path in &hostile {
            let started = Instant::now();
            assert!(path_result(path).is_err(), "{path:.60}");
            let took = started.elapsed();
            assert!(took < Duration::from_secs(1), "{path:.60} took {took:?}");
        }
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}

#[test]
fn wildcards_at_the_end_are_not_counted() {
    let resources: Vec<String> = (0..900).map(|number| format!("agent:tool:t{number}___get*")).collect();
    let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
    let policy = Policy::parse(rule(&resources).as_bytes()).unwrap();
    let ask = |name: &str| Asker::new(&Value::Null).ask(Layers::of(&policy), "tool", name, Some("{}"));
    assert!(matches!(ask("t899___getAll"), Answer::Allowed(_)));
    assert_eq!(ask("t900___getAll"), Answer::NoRule);
}

#[test]
fn many_wildcards_inside_patterns_decide_rightly_or_are_refused() {
    let resource = |number: usize| format!("agent:tool:*{number}*x*y*z*___*a*b{number}*");
    let rules = |count: usize| {
        let resources: Vec<String> = (0..count).map(resource).collect();
        let rules: Vec<String> = resources
            .chunks(500)
            .map(|chunk| {
                format!(r#"{{"effect":"DENY","resourceType":"TOOL","resources":["{}"]}}"#, chunk.join("\",\""))
            })
            .collect();
        policy(&rules.iter().map(String::as_str).collect::<Vec<_>>(), &[])
    };
    let policy = Policy::parse(rules(INNER_WILDCARDS_MAX).as_bytes()).unwrap();
    for (name, is_denied) in [("1xyz___ab1", true), ("99xyz___aab99", true), ("1xyz___ab2", false), ("x___y", false)] {
        let answer = Asker::new(&Value::Null).ask(Layers::of(&policy), "tool", name, Some("{}"));
        assert_eq!(matches!(answer, Answer::Denied(..)), is_denied, "{name}: {answer:?}");
        assert_eq!(answer == Answer::NoRule, !is_denied, "{name}: {answer:?}");
    }
    let error = refusal(&rules(INNER_WILDCARDS_MAX + 1));
    assert_eq!(error.problem(), &Problem::TooManyInnerWildcards(INNER_WILDCARDS_MAX), "{error}");
    assert!(error.to_string().contains("write exact names or wildcards at the end"), "{error}");
}

#[test]
fn wildcards_inside_uri_patterns_are_counted_and_those_at_the_end_are_not() {
    let rules = |effect: &str, resources: &[String]| {
        let resources = resources.join("\",\"");
        policy(&[&format!(r#"{{"effect":"{effect}","resourceType":"RESOURCE","resources":["{resources}"]}}"#)], &[])
    };
    let of = |count: usize, write: fn(usize) -> String| (0..count).map(write).collect::<Vec<String>>();
    for effect in ["ALLOW", "DENY"] {
        let at_the_end = of(900, |number| format!("agent:resource:https://h{number}.example/{number}*"));
        Policy::parse(rules(effect, &at_the_end).as_bytes()).unwrap();
        // Half of them have a wildcard in the host, half in the path.
        let inside = |count: usize| {
            let hosts = of(count / 2, |number| format!("agent:resource:https://*.h{number}.example/a"));
            let paths = of(count - count / 2, |number| format!("agent:resource:file:///*/{number}/a"));
            [hosts, paths].concat()
        };
        Policy::parse(rules(effect, &inside(INNER_WILDCARDS_MAX)).as_bytes()).unwrap();
        let error = refusal(&rules(effect, &inside(INNER_WILDCARDS_MAX + 1)));
        assert_eq!(error.problem(), &Problem::TooManyInnerWildcards(INNER_WILDCARDS_MAX), "{error}");
    }
}

fn check_path(path: &str, expected: Result<(), SelectorError>) {
    match (path_result(path), expected) {
        (Ok(()), Ok(())) => {}
        (Err(error), Err(expected)) => {
            assert_eq!(error.problem(), &Problem::NotAPath(path.to_owned(), expected));
            assert_eq!(error.place(), "redactions[0].path");
        }
        (got, expected) => panic!("{path}: expected {expected:?}, got {got:?}"),
    }
}

fn path_result(path: &str) -> Result<(), PolicyError> {
    let path = serde_json::to_string(path).unwrap();
    let redaction = format!(r#"{{"resources":["agent:tool:*"],"path":{path},"action":"MASK"}}"#);
    Policy::parse(policy(&[], &[&redaction]).as_bytes()).map(drop)
}

fn refusal(document: &str) -> PolicyError {
    Policy::parse(document.as_bytes()).map(drop).unwrap_err()
}

fn policy(rules: &[&str], redactions: &[&str]) -> String {
    let (rules, redactions) = (rules.join(","), redactions.join(","));
    format!(r#"{{"policyId":"p","tenantId":"t","rules":[{rules}],"redactions":[{redactions}]}}"#)
}

fn rule(resources: &[&str]) -> String {
    let resources = resources.join("\",\"");
    policy(&[&format!(r#"{{"effect":"ALLOW","resourceType":"TOOL","resources":["{resources}"]}}"#)], &[])
}
