//! The words, ids, resources, paths and sentences in a policy document, and what its author is told about wrong ones.
#![cfg(test)]

#[path = "support/lists.rs"]
mod lists;
#[path = "support/refusing.rs"]
mod refusing;

use lists::{redaction, rule};
use policy_model::Policy;
use policy_model::policy::{PatternError, Problem, ResourceType, SelectorError};
use refusing::{check, policy};

#[test]
fn an_effect_is_one_of_two_words_exactly() {
    for word in [
        "allow",
        "Allow",
        "Allow ",
        " ALLOW",
        "ALLOW\\u0000",
        "DENY\\u0000",
        "deny",
        "ALLOW,DENY",
        "АLLOW",
        "PERMIT",
        "",
    ] {
        let text =
            policy(&format!(r#""rules":[{{"effect":"{word}","resourceType":"TOOL","resources":["agent:tool:a"]}}]"#));
        check(&text, "rules[0].effect", "one of ALLOW, DENY", |problem| matches!(problem, Problem::UnknownWord(_, _)));
    }
    Policy::parse(rule(r#""resources":["agent:tool:a"]"#).as_bytes()).unwrap();
}

#[test]
fn a_resource_type_and_an_action_are_known_words_exactly() {
    let is_unknown = |problem: &Problem| matches!(problem, Problem::UnknownWord(_, _));
    for word in ["tool", "TOOL ", "TOOLS", "*", ""] {
        let text =
            policy(&format!(r#""rules":[{{"effect":"DENY","resourceType":"{word}","resources":["agent:tool:a"]}}]"#));
        check(&text, "rules[0].resourceType", "one of TOOL", is_unknown);
    }
    for word in ["mask", "MASK\\u0000", "BLANK", "REMOVE ", ""] {
        let text = redaction(&format!(r#""resources":["agent:tool:a"],"path":"$","action":"{word}""#));
        check(&text, "redactions[0].action", "one of MASK, REMOVE", is_unknown);
    }
}

#[test]
fn what_is_not_an_id_is_quoted_with_the_grammar() {
    let is_no_id = |problem: &Problem| matches!(problem, Problem::NotAnId(_, _));
    check(
        r#"{"policyId":"","tenantId":"t","rules":[]}"#,
        "policyId",
        "\"\" is not a policy id; it is 1 to 128",
        is_no_id,
    );
    for tenant in ["**", "a b", "a#b", "-a", ".", "a/b", "а", "a\\u0000", &"a".repeat(64)] {
        let text = format!(r#"{{"policyId":"p","tenantId":"{tenant}","rules":[]}}"#);
        check(&text, "tenantId", "is not a tenant id; it is 1 to 63 of", is_no_id);
    }
    for id in ["", "a b", "_a", "DENY agent:tool:a", &"a".repeat(129)] {
        let text = rule(&format!(r#""resources":["agent:tool:a"],"ruleId":"{id}""#));
        check(&text, "rules[0].ruleId", "is not a rule id; it is 1 to 128 of", is_no_id);
    }
}

#[test]
fn a_default_target_is_a_targets_name() {
    for target in ["", "a_b", "*", "orders ", "orders___x", "ordеrs"] {
        let text = policy(&format!(r#""rules":[],"defaultTarget":"{target}""#));
        check(&text, "defaultTarget", "is not a target's name: A-Z a-z 0-9 . - without underscore", |problem| {
            matches!(problem, Problem::NotATarget(_))
        });
    }
}

#[test]
fn what_is_not_a_resource_is_quoted_with_the_remedy() {
    use PatternError::{BadDelimiter, Empty, ForbiddenCharacter, OtherKind};
    use ResourceType::Tool;
    for (resource, error, remedy) in [
        ("", OtherKind(Tool), "expected agent:tool:<name>"),
        ("*", OtherKind(Tool), "expected agent:tool:<name>"),
        ("agent:prompt:a", OtherKind(Tool), "expected agent:tool:<name>"),
        ("Agent:tool:a", OtherKind(Tool), "expected agent:tool:<name>"),
        (" agent:tool:a", OtherKind(Tool), "expected agent:tool:<name>"),
        ("agent:tool:", Empty, "all of a kind are written *"),
        ("agent:tool:a b", ForbiddenCharacter, "A-Z a-z 0-9 _ . -"),
        ("agent:tool:a?", ForbiddenCharacter, "the wildcard *"),
        ("agent:tool:[a]", ForbiddenCharacter, "the wildcard *"),
        ("agent:tool:а", ForbiddenCharacter, "A-Z a-z 0-9 _ . -"),
        ("agent:tool:a%2a", ForbiddenCharacter, "A-Z a-z 0-9 _ . -"),
        ("agent:tool:a:b", ForbiddenCharacter, "A-Z a-z 0-9 _ . -"),
        ("agent:tool:___a", BadDelimiter, "exactly three underscores"),
        ("agent:tool:a___", BadDelimiter, "exactly three underscores"),
        ("agent:tool:a__b", BadDelimiter, "exactly three underscores"),
        ("agent:tool:a____b", BadDelimiter, "exactly three underscores"),
        ("agent:tool:a_b___c", BadDelimiter, "no underscore in the target"),
        ("agent:tool:a_*___c", BadDelimiter, "no underscore in the target"),
    ] {
        let text = rule(&format!(r#""resources":["agent:tool:fine","{resource}"]"#));
        let quoted = format!("{resource:?} is not a resource: ");
        check(&text, "rules[0].resources[1]", &quoted, |problem| {
            *problem == Problem::NotAResource(resource.to_owned(), error)
        });
        check(&text, "rules[0].resources[1]", remedy, |_| true);
    }
}

#[test]
fn what_is_not_a_path_is_quoted_with_the_remedy() {
    for (path, error, remedy) in [
        ("", SelectorError::Syntax, "expected RFC 9535, as in $.customer.ssn"),
        ("ssn", SelectorError::Syntax, "expected RFC 9535"),
        ("$.", SelectorError::Syntax, "expected RFC 9535"),
        ("$.a[", SelectorError::Syntax, "expected RFC 9535"),
        ("$.customer.", SelectorError::Syntax, "expected RFC 9535"),
        ("$[?match(@.a)]", SelectorError::Syntax, "expected RFC 9535"),
        ("$[?match(@.a, 'x{5000}')]", SelectorError::PatternTooLarge, "regular expressions larger than 4096"),
        ("$.length()", SelectorError::Syntax, "expected RFC 9535"),
        ("$[[[[[[0]]]]]]", SelectorError::TooDeep, "more than 5 brackets inside each other"),
        ("$[?@.a||?@.b||?@.c||?@.d||?@.e]", SelectorError::TooManyFilters, "more than 4 filters"),
    ] {
        let text = redaction(&format!(r#""resources":["agent:tool:*"],"path":"{path}","action":"MASK""#));
        check(&text, "redactions[0].path", remedy, |problem| *problem == Problem::NotAPath(path.to_owned(), error));
    }
    let quoted = r#""resources":["agent:tool:*"],"path":"$['?(@)']","action":"MASK""#;
    Policy::parse(redaction(quoted).as_bytes()).unwrap();
}

#[test]
fn a_reason_is_one_line() {
    for reason in ["a\\nb", "a\\u0000", "\\u0085", "a\\u007f", &"x".repeat(501)] {
        for name in ["reason", "description"] {
            let text = rule(&format!(r#""resources":["agent:tool:a"],"{name}":"{reason}""#));
            check(&text, &format!("rules[0].{name}"), "expected one line of at most 500 characters", |problem| {
                matches!(problem, Problem::NotASentence(500))
            });
        }
    }
    let text = rule(&format!(r#""resources":["agent:tool:a"],"reason":"{}""#, "ü".repeat(500)));
    Policy::parse(text.as_bytes()).unwrap();
}
