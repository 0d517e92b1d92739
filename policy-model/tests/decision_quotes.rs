//! Which rule a decision quotes, and what it says.
#![cfg(test)]

#[path = "support/deciding.rs"]
mod deciding;

use deciding::asking::Asker;
use deciding::asking::resource::resource;
use deciding::{ALLOW, DENY, policy, quoted, rule};
use policy_model::{Decision, Denial, Layers, Policy, admit};
use serde_json::Value;

#[test]
fn a_permit_gives_back_what_was_asked_for_and_the_rule() {
    let policy = Policy::parse(policy(&[&rule(ALLOW, &["a"], ",\"ruleId\":\"r-1\"")], None).as_bytes()).unwrap();
    let asker = Asker::new(&Value::Null);
    match asker.decide(Layers::of(&policy), resource("tool", "a").unwrap(), None, vec![7]) {
        Decision::Permit(permit) => {
            assert_eq!(permit.rule().unwrap().as_str(), "r-1");
            assert_eq!(permit.into_subject(), vec![7]);
        }
        Decision::Denial(denial) => panic!("{denial:?}"),
    }
}

#[test]
fn what_every_known_caller_may_do_is_permitted_by_no_rule() {
    let policy = Policy::parse(policy(&[&rule(DENY, &["*"], "")], None).as_bytes()).unwrap();
    let permit = admit(Layers::of(&policy), 7);
    assert_eq!(permit.rule(), None);
    assert_eq!(permit.into_subject(), 7);
}

#[test]
fn a_denial_quotes_the_rule_and_its_reason() {
    let deny = rule(DENY, &["a"], ",\"ruleId\":\"r-1\",\"reason\":\"ask \\u0041nn\"");
    check_quoted(&[&deny], "a", "r-1", Some("ask Ann"));
    check_quoted(&[&rule(DENY, &["a"], "")], "a", "DENY agent:tool:a", None);
    let policy = Policy::parse(policy(&[&deny], None).as_bytes()).unwrap();
    let asker = Asker::new(&Value::Null);
    let decision = asker.decide(Layers::of(&policy), resource("tool", "b").unwrap(), None, ());
    assert!(matches!(decision, Decision::Denial(Denial::NoRule)));
}

#[test]
fn a_rule_without_id_is_called_after_what_it_says() {
    check_quoted(&[&rule(ALLOW, &["orders___get*"], "")], "orders___getAll", "ALLOW agent:tool:orders___get*", None);
    check_quoted(&[&rule(ALLOW, &["**"], "")], "x", "ALLOW agent:tool:*", None);
    for resources in [["a", "b"], ["b", "a"]] {
        check_quoted(&[&rule(DENY, &resources, "")], "b", "DENY agent:tool:a", None);
    }
}

#[test]
fn the_quoted_rule_is_the_same_in_any_order_of_the_rules() {
    let rules = [("r3", DENY, "*"), ("r1", DENY, "a*"), ("r2", DENY, "*a"), ("r0", ALLOW, "a"), ("r9", DENY, "a")];
    let rules = rules
        .map(|(id, effect, pattern)| rule(effect, &[pattern], &format!(",\"ruleId\":\"{id}\",\"reason\":\"{id}\"")));
    for turn in 0..rules.len() {
        let mut turned: Vec<&str> = rules.iter().map(String::as_str).collect();
        turned.rotate_left(turn);
        check_quoted(&turned, "a", "r1", Some("r1"));
        turned.reverse();
        check_quoted(&turned, "a", "r1", Some("r1"));
    }
}

#[test]
fn the_quoted_reason_is_the_same_in_any_order_of_rules_without_id() {
    let rules = [rule(DENY, &["a"], ",\"reason\":\"one\""), rule(DENY, &["a"], ",\"reason\":\"two\"")];
    let quoted = |first: usize, second: usize| quoted(&[&rules[first], &rules[second]], None, "a");
    assert_eq!(quoted(0, 1), quoted(1, 0));
}

fn check_quoted(rules: &[&str], name: &str, id: &str, reason: Option<&str>) {
    let (_, quoted_id, quoted_reason) = quoted(rules, None, name);
    assert_eq!((quoted_id.as_str(), quoted_reason.as_deref()), (id, reason), "{name} under {rules:?}");
}
