//! Rewriting arguments, whatever they are and in whatever order the entries stand.
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
use policy_model::{Layers, Policy, json};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rewriting::rewrite;
use serde_json::Value;

fn arguments() -> impl Strategy<Value = Value> {
    let name = || select(vec!["a", "b", "c", "A", "ctx"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i8>().prop_map(Value::from),
        select(vec![
            "x",
            "****",
            "acme",
            "ann@example.com",
            "at 10.1.2.3 or ann@example.com",
            "{\"a\": \"ann@example.com\"}",
            "see [\"10.1.2.3\", 4111111111111111]",
            "eyJhIjoiYW5uQGV4YW1wbGUuY29tIn0=",
        ])
        .prop_map(Value::from),
        Just(Value::from(4_111_111_111_111_111_u64)),
    ];
    let value = leaf.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map(name(), inner, 0..3).prop_map(|members| Value::Object(
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
    });
    proptest::collection::btree_map(name(), value, 0..4)
        .prop_map(|members| Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

fn entries() -> Vec<String> {
    let mut entries = vec![
        set("$.arguments.a", "1"),
        set("$.arguments.a", "2"),
        set("$.arguments.ctx.b", "{\"c\": [0]}"),
        set("$.arguments.ctx.b.c", "null"),
        set_from("$.arguments.c", "$.claims.tenant"),
    ];
    for action in ["REMOVE", "MASK"] {
        for path in [
            "$.arguments.a",
            "$.arguments..b",
            "$.arguments.ctx.*",
            "$.arguments..[?@ == 'x']",
            "$.arguments[?!@.b]",
            "$.arguments.c[*].a",
        ] {
            entries.push(entry(action, path, ""));
        }
    }
    entries.push(entry("MASK", "$.arguments.b[0]", ""));
    for action in ["MASK", "REFUSE"] {
        entries
            .push(format!(r#"{{"resources":["agent:tool:t"],"action":"{action}","detect":["EMAIL","PAYMENT_CARD"]}}"#));
        entries.push(entry(action, "$.arguments.ctx", r#","detect":["EMAIL"]"#));
        entries.push(entry(action, "$.arguments..c", r#","detect":["IP_ADDRESS","EMAIL"]"#));
    }
    entries.push(set("$.arguments.c", "\"ann@example.com\""));
    entries.push(entry("REFUSE", "$.arguments..A", ""));
    entries
}

fn rewritten(policy: &Policy, baseline: &Policy, arguments: &str) -> Result<String, String> {
    let special = serde_json::json!({"claims": {"tenant": "acme"}});
    let layers = Layers { kills: None, baseline: Some(baseline), policy };
    match rewrite(layers, &special, "tool", "t", Some(arguments)) {
        Ok(text) => Ok(text.unwrap_or_else(|| arguments.to_owned())),
        Err(error) => Err(error.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn twice_is_as_once_and_the_order_of_entries_means_nothing(
        arguments in arguments(),
        tenant in subsequence(entries(), 0..5),
        baseline in subsequence(entries(), 0..3),
    ) {
        let text = arguments.to_string();
        let reversed = |entries: &[String]| entries.iter().rev().cloned().collect::<Vec<String>>().join(",");
        let (own, platform) = (parse("acme", &tenant.join(",")), parse("*", &baseline.join(",")));
        let once = rewritten(&own, &platform, &text);
        let other = rewritten(&parse("acme", &reversed(&tenant)), &parse("*", &reversed(&baseline)), &text);
        prop_assert_eq!(once.as_ref().ok(), other.as_ref().ok());
        if let Ok(once) = once {
            prop_assert!(json::parse(once.as_bytes()).unwrap().root().duplicate_name().is_none());
            // What is removed and set again goes to the end: the order of members may differ.
            let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            prop_assert_eq!(rewritten(&own, &platform, &once).map(|again| value(&again)), Ok(value(&once)));
        }
    }

    #[test]
    fn what_is_set_is_there_and_what_is_removed_is_not(arguments in arguments()) {
        let policy = parse("acme", &[set("$.arguments.ctx.b", "[7]"), entry("REMOVE", "$.arguments..a", "")].join(","));
        let empty = parse("*", "");
        if let Ok(text) = rewritten(&policy, &empty, &arguments.to_string()) {
            let after: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&after["ctx"]["b"], &serde_json::json!([7]));
            prop_assert!(!text.contains("\"a\":"));
        }
    }

    #[test]
    fn nothing_that_is_found_is_left_and_every_other_text_is_as_it_was(arguments in arguments()) {
        let mask = r#"{"resources":["agent:tool:t"],"action":"MASK","detect":["EMAIL","IP_ADDRESS","PAYMENT_CARD"]}"#;
        let refuse = mask.replace("MASK", "REFUSE");
        let (masking, refusing) = (parse("acme", mask), parse("acme", &refuse));
        let (empty, text) = (parse("*", ""), arguments.to_string());
        // No name in these arguments has anything in it.
        let masked = rewritten(&masking, &empty, &text).unwrap();
        prop_assert_eq!(rewritten(&refusing, &empty, &text).is_ok(), masked == text);
        prop_assert!(rewritten(&refusing, &empty, &masked).is_ok());
        for found in ["example.com", "10.1.2.3", "41111111", "YW5uQ"] {
            prop_assert!(!masked.contains(found), "{}", masked);
        }
        if !["example.com", "10.1.2.3", "41111111", "YW5uQ"].iter().any(|found| text.contains(found)) {
            prop_assert_eq!(masked, text);
        }
    }
}
