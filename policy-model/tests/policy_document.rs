//! The members of a policy document: what must, may and may not be there, and what its author is told.
#![cfg(test)]

#[path = "support/lists.rs"]
mod lists;
#[path = "support/refusing.rs"]
mod refusing;

use lists::{redaction, rule};
use policy_model::Policy;
use policy_model::json::ParseErrorKind;
use policy_model::policy::{Problem, RedactionError};
use refusing::{check, policy};

const SEED: &str = r#"{ "policyId": "POL-TENANT-A", "tenantId": "Tenant-A",
  "rules": [
    { "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:order-lookup"] },
    { "effect": "DENY",  "resourceType": "TOOL", "resources": ["agent:tool:admin-refund"], "reason": "Insufficient privileges" } ] }"#;

#[test]
fn the_seed_form_is_valid_as_it_stands() {
    let policy = Policy::parse(SEED.as_bytes()).unwrap();
    assert_eq!((policy.id().as_str(), policy.tenant().unwrap().as_str()), ("POL-TENANT-A", "Tenant-A"));
}

#[test]
fn every_optional_member_may_be_there() {
    let text = r#"{ "policyId": "p", "tenantId": "t", "description": "d", "defaultTarget": "orders-eu.v2",
        "rules": [{ "ruleId": "r", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:*"],
                    "reason": "because: \"ü\"", "description": "" }],
        "redactions": [{ "resources": ["agent:tool:a*"], "path": "$..x", "action": "REMOVE", "description": "d" }] }"#;
    Policy::parse(text.as_bytes()).unwrap();
}

#[test]
fn a_policy_without_rules_is_valid_and_says_so_explicitly() {
    Policy::parse(br#"{"policyId":"p","tenantId":"t","rules":[]}"#).unwrap();
}

#[test]
fn what_is_not_json_is_named_with_its_offset() {
    check(
        "",
        "",
        "not JSON: the text ends inside a value at byte 0",
        |problem| matches!(problem, Problem::NotJson(error) if error.kind == ParseErrorKind::UnexpectedEnd),
    );
    check("{,}", "", "not JSON: unexpected character at byte 1", |problem| matches!(problem, Problem::NotJson(_)));
    check("{}{}", "", "text after the value at byte 2", |problem| matches!(problem, Problem::NotJson(_)));
    check("\u{feff}{}", "", "not JSON", |problem| matches!(problem, Problem::NotJson(_)));
    assert!(Policy::parse(b"{\"policyId\":\"\xff\"}").is_err());
}

#[test]
fn a_value_of_another_type_is_named_with_its_place() {
    let is_wrong_type = |problem: &Problem| matches!(problem, Problem::WrongType(_));
    check("[]", "", "expected an object", is_wrong_type);
    check("null", "", "expected an object", is_wrong_type);
    check(&policy("\"rules\":{}"), "rules", "rules: expected a list", is_wrong_type);
    check(&policy("\"rules\":null"), "rules", "rules: expected a list", is_wrong_type);
    check(&policy("\"rules\":[[]]"), "rules[0]", "rules[0]: expected an object", is_wrong_type);
    check(&rule(r#""resources":"agent:tool:a""#), "rules[0].resources", "expected a list", is_wrong_type);
    check(&rule(r#""resources":["agent:tool:a",7]"#), "rules[0].resources[1]", "expected a string", is_wrong_type);
    check(
        &rule(r#""reason":null,"resources":["agent:tool:a"]"#),
        "rules[0].reason",
        "expected a string",
        is_wrong_type,
    );
    check(r#"{"policyId":1,"tenantId":"t","rules":[]}"#, "policyId", "policyId: expected a string", is_wrong_type);
    check(&policy("\"rules\":[],\"redactions\":null"), "redactions", "expected a list", is_wrong_type);
}

#[test]
fn a_member_that_must_be_there_is_missed() {
    let is_missing = |problem: &Problem| matches!(problem, Problem::Missing(_));
    check("{}", "", "\"policyId\" is missing", is_missing);
    check(r#"{"policyId":"p","rules":[]}"#, "", "\"tenantId\" is missing", is_missing);
    check(&policy("\"description\":\"\""), "", "\"rules\" is missing", is_missing);
    check(&policy("\"rules\":[{}]"), "rules[0]", "rules[0]: \"effect\" is missing", is_missing);
    check(&policy(r#""rules":[{"effect":"DENY"}]"#), "rules[0]", "\"resourceType\" is missing", is_missing);
    check(&rule("\"reason\":\"\""), "rules[0]", "rules[0]: \"resources\" is missing", is_missing);
    check(&redaction(r#""action":"MASK","path":"$""#), "redactions[0]", "\"resources\" is missing", is_missing);
    let without_either = redaction(r#""action":"MASK","resources":["agent:tool:*"]"#);
    let is_nothing = |problem: &Problem| matches!(problem, Problem::Redaction(RedactionError::Nothing));
    check(&without_either, "redactions[0]", "neither \"path\" nor \"detect\" is there", is_nothing);
    let without_action = redaction(r#""path":"$","resources":["agent:tool:*"]"#);
    check(&without_action, "redactions[0]", "\"action\" is missing", is_missing);
}

#[test]
fn a_member_that_policies_do_not_have_is_named_with_the_known_ones() {
    let is_unknown = |problem: &Problem| matches!(problem, Problem::UnknownField(_, _));
    check(
        &policy("\"rules\":[],\"Rules\":[]"),
        "",
        "unknown field \"Rules\"; known here: policyId, tenantId",
        is_unknown,
    );
    check(&policy("\"rules\":[],\"modes\":\"LOG_ONLY\""), "", "unknown field \"modes\"", is_unknown);
    check(
        &rule("\"principal\":{}"),
        "rules[0]",
        "rules[0]: unknown field \"principal\"; known here: ruleId",
        is_unknown,
    );
    check(&rule("\"condition\":[]"), "rules[0]", "unknown field \"condition\"", is_unknown);
    check(&rule("\"effect \":\"ALLOW\""), "rules[0]", "unknown field \"effect \"", is_unknown);
    check(&redaction("\"keep\":4"), "redactions[0]", "unknown field \"keep\"; known here: resources", is_unknown);
}

#[test]
fn a_member_that_stands_twice_is_refused_however_it_is_spelt() {
    let is_twice = |problem: &Problem| matches!(problem, Problem::DuplicateField(_));
    check(&policy("\"rules\":[],\"rules\":[]"), "", "field \"rules\" stands twice; keep one", is_twice);
    check(&policy("\"rules\":[],\"\\u0072ules\":[]"), "", "field \"rules\" stands twice; keep one", is_twice);
    check(&policy("\"tenant\\u0049d\":\"other\",\"rules\":[]"), "", "field \"tenantId\" stands twice", is_twice);
    check(&rule("\"\\u0065ffect\":\"DENY\""), "rules[0]", "rules[0]: field \"effect\" stands twice", is_twice);
    check(&redaction(r#""path":"$.a","pa\u0074h":"$.b""#), "redactions[0]", "field \"path\" stands twice", is_twice);
}

#[test]
fn an_empty_list_of_resources_is_told_how_all_are_written() {
    let is_empty = |problem: &Problem| matches!(problem, Problem::EmptyList(_));
    let remedy = "empty list; everything of a kind is written with *";
    check(&rule("\"resources\":[]"), "rules[0].resources", remedy, is_empty);
    check(&redaction(r#""resources":[],"path":"$","action":"MASK""#), "redactions[0].resources", remedy, is_empty);
}

#[test]
fn two_rules_of_one_id_are_refused() {
    let one = r#"{"ruleId":"r","effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:a"]}"#;
    let text = policy(&format!("\"rules\":[{one},{}]", one.replace("\"r\"", "\"\\u0072\"")));
    check(&text, "rules[1].ruleId", "ruleId \"r\" is used by another rule; give each its own", |problem| {
        matches!(problem, Problem::DuplicateRuleId(_))
    });
    Policy::parse(policy(&format!("\"rules\":[{one},{}]", one.replace("\"r\"", "\"R\""))).as_bytes()).unwrap();
}
