//! Results that the rules of acme find something in, in any arrangement.

use proptest::prelude::{Strategy, any, prop};
use proptest::prop_oneof;
use proptest::sample::select;
use serde_json::{Value, json};

/// A result with names that the rules of acme mean, in any arrangement.
pub(crate) fn result() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i32>().prop_map(Value::from),
        "[a-z ]{0,8}".prop_map(Value::from),
        select(vec![
            json!(null),
            json!(true),
            json!("****"),
            json!(1.5),
            json!("{\"ssn\":\"123456789\"}"),
            json!("{\"x")
        ]),
    ];
    leaf.prop_recursive(5, 30, 4, |inner| {
        let members = prop::collection::btree_map(select(NAMES), inner.clone(), 0..5);
        let object = members.prop_map(|members| {
            Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        });
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            object.clone(),
            object.prop_map(|object| Value::from(object.to_string())),
        ]
    })
}

const NAMES: &[&str] = &[
    "ssn",
    "email",
    "card.number",
    "it's",
    "a/b",
    "c~d",
    "say \"hi\"",
    "back\\slash",
    "lines",
    "internal",
    "cost",
    "customer",
    "taxId",
    "iban",
    "content",
    "structuredContent",
    "_meta",
    "type",
    "text",
    "resource",
    "blob",
    "uri",
    "data",
    "tools",
    "name",
    "isError",
    "ttlMs",
    "cacheScope",
    "resultType",
];
