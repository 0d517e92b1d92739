//! The id of the decision in the arguments of a call: written there, and found there again.
#![cfg(test)]

#[path = "support/argument_entries.rs"]
mod argument_entries;
#[path = "support/asker.rs"]
mod asker;
#[path = "support/resource.rs"]
mod resource;
#[path = "support/rewriting.rs"]
mod rewriting;

use argument_entries::{entry, parse, set, set_from};
use policy_model::rewriting::Unresolved;
use policy_model::{DecisionId, Layers, json};
use resource::resource;
use rewriting::rewrite;
use serde_json::{Value, json};

const ID: &str = "$.decision.id";

fn of(layers: Layers<'_>, special: &Value, arguments: &str) -> Result<String, Unresolved> {
    Ok(rewrite(layers, special, "tool", "t", Some(arguments))?.unwrap_or_else(|| arguments.to_owned()))
}

fn decision_in(layers: Layers<'_>, tool: &str, arguments: &str) -> Option<String> {
    let document = json::parse(arguments.as_bytes()).unwrap();
    layers.decision_in(&resource("tool", tool).unwrap(), document.root())
}

#[test]
fn the_id_is_written_over_whatever_the_caller_sent() {
    let policy = parse("acme", &set_from("$.arguments.call.decision", ID));
    let special = json!({"decision": "b1f0c7e2-0d5e-4c4f-9a75-0f6f2b7f5e11"});
    let expected = r#"{"call":{"decision":"b1f0c7e2-0d5e-4c4f-9a75-0f6f2b7f5e11"}}"#;
    for sent in ["{}", r#"{"call":{"decision":"mine"}}"#, r#"{"call":{"decision":{"id":7}}}"#] {
        assert_eq!(of(Layers::of(&policy), &special, sent).as_deref(), Ok(expected), "{sent}");
    }
    assert_eq!(of(Layers::of(&policy), &special, expected).as_deref(), Ok(expected));
}

#[test]
fn where_it_is_not_known_the_call_is_refused() {
    let policy = parse("acme", &set_from("$.arguments.decision", ID));
    let long = "a".repeat(129);
    for unknown in ["", "a b", "a_b", "ä", "a\n", "****", &long] {
        let told = of(Layers::of(&policy), &json!({"decision": unknown}), "{}");
        assert_eq!(told, Err(Unresolved::Value("$.arguments.decision".to_owned())), "{unknown:?}");
        let there = json!({"decision": unknown}).to_string();
        assert_eq!(decision_in(Layers::of(&policy), "t", &there), None, "{unknown:?}");
    }
    for known in ["0", "-", "A-z-9", &"a".repeat(128)] {
        let there = json!({"decision": known}).to_string();
        assert_eq!(of(Layers::of(&policy), &json!({"decision": known}), "{}").as_deref(), Ok(there.as_str()));
        assert_eq!(decision_in(Layers::of(&policy), "t", &there).as_deref(), Some(known));
        assert_eq!(DecisionId::parse(known).map(|id| id.as_str()), Some(known));
    }
}

#[test]
fn it_is_found_where_the_policies_set_it_and_nowhere_else() {
    let entries =
        [set_from("$.arguments.a", "$.user.id"), set_from("$.arguments.b['c']", ID), set("$.arguments.d", "1")];
    let policy = parse("acme", &entries.join(","));
    let find = |tool: &str, arguments: &str| decision_in(Layers::of(&policy), tool, arguments);
    assert_eq!(find("t", r#"{"a":"alice","\u0062":{"c":"x\u002d1"},"d":"d"}"#).as_deref(), Some("x-1"));
    for other in ["{}", r#"{"b":"x-1"}"#, r#"{"b":{"C":"x-1"}}"#, r#"{"b":[{"c":"x-1"}]}"#, r#"{"c":"x-1"}"#, "[]", "7"]
    {
        assert_eq!(find("t", other), None, "{other}");
    }
    for value in ["1", "null", "true", r#"["x-1"]"#, r#"{"ID":"x-1"}"#] {
        assert_eq!(find("t", &format!(r#"{{"b":{{"c":{value}}}}}"#)), None, "{value}");
    }
    // Nothing is set in the calls of other tools, nor where nothing is set from the id.
    assert_eq!(find("u", r#"{"b":{"c":"x-1"}}"#), None);
    let without = parse("acme", &set_from("$.arguments.b.c", "$.claims.decision"));
    assert_eq!(decision_in(Layers::of(&without), "t", r#"{"b":{"c":"x-1"}}"#), None);
}

#[test]
fn the_whole_of_what_is_known_of_a_decision_has_its_id() {
    let policy = parse("acme", &set_from("$.arguments.decision", "$.decision"));
    let there = r#"{"decision":{"id":"x-1"}}"#;
    assert_eq!(of(Layers::of(&policy), &json!({"decision": "x-1"}), "{}").as_deref(), Ok(there));
    assert_eq!(decision_in(Layers::of(&policy), "t", there).as_deref(), Some("x-1"));
}

#[test]
fn what_the_policies_wrote_is_found_with_its_own_id_and_rewritten_to_the_same() {
    let (a, b) = (set_from("$.arguments.a", ID), set_from("$.arguments.b", ID));
    let both = [a.clone(), b.clone()].join(",");
    for (own, platform, found) in [
        (both.clone(), String::new(), Some("x-1")),
        (String::new(), both.clone(), Some("x-1")),
        (a.clone(), b.clone(), Some("x-1")),
        (both.clone(), set("$.arguments.a", r#""off""#), Some("x-1")),
        (both.clone(), set("$['arguments']['a']", r#"{"id":"off"}"#), Some("x-1")),
        (set_from("$.arguments.o.a", ID), set("$.arguments.o", r#"{"a":"off"}"#), None),
        (both.clone(), entry("MASK", "$.arguments.a", ""), Some("x-1")),
        (both.clone(), entry("REMOVE", "$.arguments.a", ""), Some("x-1")),
        (both, entry("MASK", "$.arguments.*", ""), None),
    ] {
        let (own, platform) = (parse("acme", &own), parse("*", &platform));
        let layers = Layers { kills: None, baseline: Some(&platform), policy: &own };
        let once = of(layers, &json!({"decision": "x-1"}), "{}").unwrap();
        assert_eq!(decision_in(layers, "t", &once).as_deref(), found, "{once}");
        // With the id that is found there, or with any where none is.
        let again = of(layers, &json!({"decision": found.unwrap_or("y-2")}), "{}");
        assert_eq!(again.as_deref(), Ok(once.as_str()));
    }
}
