//! What becomes of a selected or detected value, and of one that several redactions are about.
#![cfg(test)]

#[path = "support/random.rs"]
mod random;
#[path = "support/redactions.rs"]
mod redactions;

use policy_model::redaction::{HASH_PREFIX, HashKey, HashKeys};
use policy_model::{Caller, Layers, Policy, TenantId, UserId};
use random::Random;
use redactions::policy;

#[test]
fn mask_keeps_characters_at_either_end() {
    let last = r#""path":"$.a","action":"MASK","keepLast":4"#;
    check(last, r#"{"a":"4111111111111234"}"#, r#"{"a":"****1234"}"#);
    check(last, r#"{"a":"12345"}"#, r#"{"a":"****2345"}"#);
    check(last, r#"{"a":"1234"}"#, r#"{"a":"****"}"#);
    check(last, r#"{"a":""}"#, r#"{"a":"****"}"#);
    check(last, r#"{"a":"äöüß\u00e9x"}"#, r#"{"a":"****üßéx"}"#);
    check(last, r#"{"a":41111234}"#, r#"{"a":"****"}"#);
    check(r#""path":"$.a","action":"MASK","keepFirst":2,"keepLast":1"#, r#"{"a":"abcdef"}"#, r#"{"a":"ab****f"}"#);
    check(r#""path":"$.a","action":"MASK","keepFirst":2"#, r#"{"a":"ab"}"#, r#"{"a":"****"}"#);
}

#[test]
fn mask_keeps_the_type_where_it_is_wanted() {
    let typed = r#""path":"$.a","action":"MASK","preserveType":true"#;
    for (value, masked) in [
        ("\"x\"", "\"****\""),
        ("17.5", "0"),
        ("true", "false"),
        ("null", "null"),
        ("[1,\"x\",[true]]", "[0,\"****\",[false]]"),
        (r#"{ "b" : 1, "c":{"d":"x"} }"#, r#"{ "b" : 0, "c":{"d":"****"} }"#),
        ("[]", "[]"),
    ] {
        check(typed, &format!("{{\"a\":{value},\"z\":1}}"), &format!("{{\"a\":{masked},\"z\":1}}"));
    }
}

#[test]
fn replace_puts_any_scalar_there() {
    for with in ["\"gone\"", "0", "-1.50", "false", "null", "\"\""] {
        for value in ["1", "\"x\"", "[1]", "{\"b\":1}", "null"] {
            let replace = format!(r#""path":"$.a","action":"REPLACE","with":{with}"#);
            check(&replace, &format!("{{\"a\":{value}}}"), &format!("{{\"a\":{with}}}"));
        }
    }
}

#[test]
fn truncate_leaves_the_beginning_of_a_text() {
    let truncate = r#""path":"$.a","action":"TRUNCATE","length":3"#;
    check(truncate, r#"{"a":"abcdef"}"#, "{\"a\":\"abc\u{2026}\"}");
    check(truncate, r#"{"a":"abc"}"#, r#"{"a":"abc"}"#);
    check(truncate, r#"{"a":"\u00e4\u00e4\u00e4\u00e4"}"#, "{\"a\":\"äää\u{2026}\"}");
    check(truncate, r#"{"a":12345}"#, r#"{"a":"****"}"#);
    // What is in it is not cut in the middle.
    check(truncate, r#"{"a":"{\"ssn\":1"}"#, r#"{"a":"****"}"#);
}

#[test]
fn hash_is_keyed_by_tenant_and_joins_equal_values() {
    let hash = [r#""path":"$..a","action":"HASH""#];
    let once = redacted(&policy(&hash), r#"[{"a":"x"},{"a":"x"},{"a":"y"},{"a":17},{"a":17.0},{"a":"17"},{"a":true}]"#);
    let values: Vec<String> = serde_json::from_str::<Vec<serde_json::Value>>(&once)
        .unwrap()
        .iter()
        .map(|row| row["a"].as_str().unwrap().to_owned())
        .collect();
    assert!(values[..6].iter().all(|value| value.starts_with(HASH_PREFIX)), "{values:?}");
    assert_eq!(values[0], values[1]);
    assert_eq!(values[3], values[4]);
    assert_ne!(values[0], values[2]);
    assert_ne!(values[3], values[5]);
    assert_eq!(values[6], "****");

    let other = HashKey::of_tenant(&[7; 32], &TenantId::parse("other").unwrap());
    let other = HashKeys { tenant: other, ..HashKeys::default() };
    let of_other = redacted_with(&policy(&hash), r#"[{"a":"x"}]"#, other);
    assert!(!of_other.contains(&values[0]), "{of_other}");
    // Whoever guesses how a hash looks cannot pass a value off as one.
    let forged = format!("{{\"a\":\"{HASH_PREFIX}{}\"}}", "0".repeat(48));
    assert_ne!(redacted(&policy(&hash), &forged), forged);
    assert_eq!(redacted_with(&policy(&hash), r#"{"a":"x"}"#, HashKeys::default()), r#"{"a":"****"}"#);
    assert!(HashKey::of_tenant(&[7; 31], &TenantId::parse("short").unwrap()).is_none());
}

#[test]
fn what_is_detected_is_treated_where_it_stands() {
    let cards = r#""detect":["PAYMENT_CARD","EMAIL"],"action":"MASK","keepLast":4"#;
    check(
        cards,
        r#"{"note":"pay 4111 1111 1111 1111 by ana@example.com","n":4111111111111111,"id":17}"#,
        r#"{"note":"pay ****1111 by ****.com","n":"****","id":17}"#,
    );
    check(r#""detect":["EMAIL"],"action":"REMOVE""#, r#"["to ana@example.com."]"#, r#"["to ."]"#);
    check(
        r#""detect":["EMAIL"],"action":"REPLACE","with":"(mail)""#,
        r#"["a@b.co, c@d.org"]"#,
        r#"["(mail), (mail)"]"#,
    );
    check(r#""detect":["EMAIL"],"action":"MASK""#, r#"["{\"to\":\"a\u0040b.co\"}"]"#, r#"["{\"to\":\"****\"}"]"#);
    check(r#""detect":["US_SSN"],"action":"MASK""#, r#"["a@b.co"]"#, r#"["a@b.co"]"#);
}

#[test]
fn names_match_in_any_case_where_it_is_wanted() {
    let any = r#""path":"$..ssn","action":"MASK","caseInsensitiveKeys":true"#;
    check(any, r#"{"SSN":1,"Ssn":2,"\u017fsn":3,"ssm":4}"#, r#"{"SSN":"****","Ssn":"****","\u017fsn":"****","ssm":4}"#);
    let filtered = r#""path":"$[?@.Kind=='x'].ssn","action":"MASK","caseInsensitiveKeys":true"#;
    check(
        filtered,
        r#"[{"KIND":"x","SSN":1},{"KIND":"y","SSN":1}]"#,
        r#"[{"KIND":"x","SSN":"****"},{"KIND":"y","SSN":1}]"#,
    );
    check(r#""path":"$..ssn","action":"MASK""#, r#"{"SSN":1}"#, r#"{"SSN":1}"#);
}

#[test]
fn whoever_has_a_role_or_scope_that_is_exempt_sees_the_value() {
    let policy =
        policy(&[r#""path":"$.a","action":"MASK","unless":{"roles":["auditor","officer"],"scopes":["pii:read"]}"#]);
    let sees = |roles: &[&str], scopes: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let (roles, scopes) = (owned(roles), owned(scopes));
        let (tenant, user) = (TenantId::parse("t").unwrap(), UserId::parse("u").unwrap());
        let caller = Caller {
            tenant: &tenant,
            user: &user,
            issuer: "i",
            agent: None,
            roles: [&[], &roles],
            workspaces: &[],
            scopes: &scopes,
            claims: None,
        };
        Layers::of(&policy).redactor(None, Some(&caller)).redact_json(r#"{"a":1}"#).is_none()
    };
    assert!(sees(&["auditor"], &[]));
    assert!(sees(&["x", "officer"], &[]));
    assert!(sees(&[], &["a", "pii:read"]));
    assert!(!sees(&["Auditor", "pii:read"], &["auditor"]));
    assert!(!sees(&[], &[]));
    assert!(Layers::of(&policy).redactor(None, None).redact_json(r#"{"a":1}"#).is_some());
}

/// From the strictest on.
#[test]
fn of_two_redactions_the_stricter_holds_in_any_order() {
    let actions = [
        (r#""action":"REMOVE""#, "{}"),
        (r#""action":"MASK""#, r#"{"a":"****"}"#),
        (r#""action":"MASK","preserveType":true"#, r#"{"a":"****"}"#),
        (r#""action":"REPLACE","with":"!""#, r#"{"a":"!"}"#),
        (r#""action":"REPLACE","with":"?""#, r#"{"a":"?"}"#),
        (r#""action":"HASH""#, ""),
        (r#""action":"MASK","keepLast":1"#, r#"{"a":"****f"}"#),
        (r#""action":"MASK","keepLast":2"#, r#"{"a":"****ef"}"#),
    ];
    for (nth, (strict, expected)) in actions.iter().enumerate() {
        for (other, _) in &actions[nth..] {
            for rules in [[strict, other], [other, strict]] {
                let rules = rules.map(|action| format!(r#""path":"$.a",{action}"#));
                let once = redacted(&policy(&rules.each_ref().map(String::as_str)), r#"{"a":"abcdef"}"#);
                assert!(once == *expected || expected.is_empty(), "{rules:?}: {once}");
            }
        }
    }
    // What one of them hides of a container, the names of its members, the other does not show.
    for other in [r#""action":"HASH""#, r#""action":"MASK","keepLast":4"#, r#""action":"REPLACE","with":"?""#] {
        let both =
            [r#""path":"$.a","action":"MASK","preserveType":true"#.to_owned(), format!(r#""path":"$.a",{other}"#)];
        for rules in [[&both[0], &both[1]], [&both[1], &both[0]]] {
            let once = redacted(&policy(&rules.map(String::as_str)), r#"{"a":{"secret name":1}}"#);
            assert_eq!(once, r#"{"a":"****"}"#, "{rules:?}");
        }
    }
    let both = [r#""path":"$.a","action":"MASK","keepFirst":3"#, r#""path":"$.a","action":"TRUNCATE","length":2"#];
    assert_eq!(redacted(&policy(&both), r#"{"a":"abcdef"}"#), r#"{"a":"ab****"}"#);
}

#[test]
fn any_redactions_in_any_order_and_twice_give_one_result() {
    let paths = ["$.a", "$..a", "$..b.c", "$.a.*", "$[*].a", "$.*", "$['a','c']", "$..[?@.a].b", "$..[-1].b"];
    let actions = [
        r#""action":"REMOVE""#,
        r#""action":"MASK""#,
        r#""action":"MASK","preserveType":true"#,
        r#""action":"MASK","keepLast":2"#,
        r#""action":"MASK","keepFirst":1,"keepLast":1,"preserveType":true"#,
        r#""action":"HASH""#,
        r#""action":"REPLACE","with":"gone""#,
        r#""action":"REPLACE","with":0"#,
        r#""action":"TRUNCATE","length":3"#,
    ];
    let detectors = [r#""EMAIL""#, r#""PAYMENT_CARD","PHONE""#, r#""URL_CREDENTIALS","EMAIL""#, r#""IP_ADDRESS""#];
    let mut changed = 0;
    for seed in 0..4_000 {
        let random = &mut Random::new(seed);
        let document = document(random, 4);
        let mut rules: Vec<String> = (0..1 + random.below(4))
            .map(|_| match random.below(3) {
                0 => format!(r#""detect":[{}],{}"#, random.one_of(&detectors), random.one_of(&actions)),
                _ => {
                    let path = random.one_of(&paths);
                    // A value that another rule changed may no longer be what a filter asks for, or the last.
                    let actions = if path.contains(['?', '-']) { &actions[1..4] } else { &actions[..] };
                    format!(r#""path":"{path}",{}"#, random.one_of(actions))
                }
            })
            .filter(|rule| !(rule.contains("detect") && rule.contains("\"with\":0")))
            .collect();
        if rules.iter().any(|rule| rule.contains(['?', '-'])) && rules.iter().any(|rule| rule.contains("REMOVE")) {
            continue;
        }
        let texts = |rules: &[String]| policy(&rules.iter().map(String::as_str).collect::<Vec<&str>>());
        let once = redacted(&texts(&rules), &document);
        assert_eq!(redacted(&texts(&rules), &once), once, "{rules:?} twice on {document}");
        rules.reverse();
        assert_eq!(redacted(&texts(&rules), &document), once, "{rules:?} on {document}");
        changed += usize::from(once != document);
    }
    assert!(changed >= 1_000, "{changed} documents were changed");
}

fn document(random: &mut Random, depth: usize) -> String {
    let count = random.below(4);
    let scalars = [
        "1",
        "\"x\"",
        "null",
        "true",
        "1.0e0",
        "\"{\\\"a\\\":1}\"",
        "\"abcdefgh\"",
        "\"ana@example.com\"",
        "\"pay 4111 1111 1111 1111, call +1 212 555 0123\"",
        "4111111111111111",
        "\"https://ana:secret@10.0.0.1/x ana@b.co\"",
        "\"see {\\\"a\\\":\\\"ana@example.com\\\"} there\"",
    ];
    match random.below(if depth == 0 { 1 } else { 3 }) {
        0 => random.one_of(&scalars).to_owned(),
        1 => format!("[{}]", (0..count).map(|_| document(random, depth - 1)).collect::<Vec<_>>().join(",")),
        _ => {
            let mut member = |name: &str| format!("\"{name}\":{}", document(random, depth - 1));
            format!("{{{}}}", ["a", "b", "c"][..count].iter().map(|name| member(name)).collect::<Vec<_>>().join(","))
        }
    }
}

fn check(redaction: &str, document: &str, expected: &str) {
    let policy = policy(&[redaction]);
    let once = redacted(&policy, document);
    assert_eq!(once, expected, "{redaction} on {document}");
    assert_eq!(redacted(&policy, &once), once, "{redaction} twice on {document}");
}

/// A document with its redactions made.
fn redacted(policy: &Policy, document: &str) -> String {
    let tenant = HashKey::of_tenant(&[7; 32], &TenantId::parse("t").unwrap());
    redacted_with(policy, document, HashKeys { tenant, ..HashKeys::default() })
}

/// The same with other keys.
fn redacted_with(policy: &Policy, document: &str, keys: HashKeys) -> String {
    let redactor = Layers::of(policy).redactor(None, None).with_keys(keys);
    redactor.redact_json(document).unwrap_or_else(|| document.to_owned())
}
