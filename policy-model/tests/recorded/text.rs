//! Facts as text.

use policy_model::recorded::{FACTS_BYTES_MAX, Facts, InvalidFacts, NameHash, NameKind};
use policy_model::{Arguments, Layers, Policy, Request, decide, json};
use serde_json::json;

use crate::asker::Asker;
use crate::resource::resource;

#[test]
fn nothing_of_a_call_stands_in_its_facts() {
    let facts = facts(&["canary-role"], 1, r#"{"amount":70000,"to":"canary-argument"}"#);
    assert!(facts.starts_with("1;t1795262400;n6.2.14;v-ac;u"), "{facts}");
    let canaries = ["canary", "alice", "70000", "amount", "role"];
    assert!(canaries.iter().all(|canary| !facts.contains(canary)), "{facts}");
    assert!(facts.bytes().all(|byte| byte.is_ascii_alphanumeric() || b";,.-".contains(&byte)), "{facts}");
}

#[test]
fn whoever_knows_a_name_finds_it() {
    let facts = Facts::parse(&facts(&["clerk"], 1, "{}")).unwrap();
    assert_eq!(facts.user, NameHash::of(NameKind::User, "alice"));
    assert_eq!(facts.roles.include(NameHash::of(NameKind::Role, "clerk")), Some(true));
    assert_eq!(facts.roles.include(NameHash::of(NameKind::Scope, "clerk")), Some(false));
    // printf role:clerk | sha256sum
    assert_eq!(NameHash::of(NameKind::Role, "clerk").to_string(), CLERK);
}

#[test]
fn facts_have_a_bound_whatever_there_is() {
    let roles: Vec<String> = (0..1_000).map(|number| format!("role-{number}")).collect();
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let text = facts(&roles, 400, r#"{"n":1}"#);
    assert!(text.len() <= FACTS_BYTES_MAX && text.contains(",+"), "{} {text}", text.len());
    let facts = Facts::parse(&text).unwrap();
    assert_eq!((facts.conditions_len(), facts.is_cheap), (32, false));
    assert_eq!(facts.roles.include(NameHash::of(NameKind::Role, "nobody-s")), None);
}

#[test]
fn other_texts_are_no_facts() {
    let whole = facts(&["a", "b"], 2, "{}");
    assert!(Facts::parse(&whole).is_ok());
    let swapped = whole.replacen(";u", ";U", 1);
    let later = whole.replacen("1;", "2;", 1);
    for text in
        ["", "1", "1;t1", &swapped, &later, &format!("{whole};"), &format!("{whole};k00"), &whole.replace('t', "+")]
    {
        assert_eq!(Facts::parse(text), Err(InvalidFacts), "{text}");
    }
    for end in 0..whole.len() {
        // A cut in front of what need not be there leaves facts.
        let text = whole.get(..end).unwrap();
        assert!(Facts::parse(text).is_err() || whole.get(end..).unwrap().starts_with([';', ',']), "{text}");
    }
}

/// The facts of a call by alice, decided by a rule of so many conditions.
fn facts(roles: &[&str], conditions: usize, arguments: &str) -> String {
    let rules: Vec<_> = (0..conditions.div_ceil(32))
        .map(|rule| {
            let own = 0..32.min(conditions - 32 * rule);
            let conditions: Vec<_> = own
                .map(|number| json!({"path": format!("$.arguments.x{rule}-{number}").replace('-', "_"), "operator": "NOT_EXISTS"}))
                .collect();
            json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"], "conditions": conditions})
        })
        .collect();
    let policy = json!({"policyId": "P", "tenantId": "acme", "rules": rules}).to_string();
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let asker = Asker::new(&json!({"roles": roles}));
    let document = json::parse(arguments.as_bytes()).unwrap();
    let thing = resource("tool", "a___get").unwrap();
    asker.with_caller(|caller, time| {
        let request = Request::new(caller, thing, Arguments::Known(Some(document.root())), time);
        let decision = decide(Layers::of(&policy), &request, ());
        Facts::of(Layers::of(&policy), None, &request, &decision).unwrap().to_string()
    })
}

const CLERK: &str = "444173ac813746fa";
