//! Taking control characters out of arguments, whatever they are and however they are escaped.
#![cfg(test)]

use policy_model::json;
use policy_model::rewriting::{Unresolved, without_controls};
use proptest::prelude::*;
use serde_json::Value;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_left_is_what_a_plain_walk_leaves(value in values(), is_escaped in any::<bool>()) {
        let text = written(&value, is_escaped);
        let document = json::parse(text.as_bytes()).unwrap();
        match (without(&value), without_controls(document.root())) {
            (None, told) => prop_assert_eq!(told, Err(Unresolved::ControlCharacter)),
            (Some(expected), Ok(None)) => prop_assert_eq!(&expected, &value),
            (Some(expected), Ok(Some(told))) => {
                prop_assert_ne!(&expected, &value);
                prop_assert_eq!(&told, &written(&expected, is_escaped));
                let again = json::parse(told.as_bytes()).unwrap();
                prop_assert_eq!(without_controls(again.root()), Ok(None));
            }
            (Some(_), Err(error)) => panic!("{error}"),
        }
    }
}

/// `None` if the name of a member has a control character.
fn without(value: &Value) -> Option<Value> {
    let is_unwanted = |character: char| matches!(character as u32, 0..=8 | 11 | 12 | 14..=31 | 127..=159);
    Some(match value {
        Value::String(text) => {
            Value::from(text.chars().filter(|character| !is_unwanted(*character)).collect::<String>())
        }
        Value::Array(list) => Value::Array(list.iter().map(without).collect::<Option<_>>()?),
        Value::Object(members) if members.keys().any(|name| name.contains(is_unwanted)) => return None,
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| Some((name.clone(), without(value)?)));
            Value::Object(members.collect::<Option<_>>()?)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    })
}

fn written(value: &Value, is_escaped: bool) -> String {
    let text = value.to_string();
    if !is_escaped {
        return text;
    }
    let escape = |character: char| match character {
        '\u{7f}'.. => format!("\\u{:04X}", character as u32),
        plain => plain.to_string(),
    };
    text.chars().map(escape).collect()
}

fn values() -> impl Strategy<Value = Value> {
    let text = "[ax\\\\\"\t\n\r\u{0}\u{8}\u{b}\u{1f}\u{7e}\u{7f}\u{80}\u{9f}\u{a0}é]{0,6}";
    let leaf = prop_oneof![Just(Value::Null), any::<i8>().prop_map(Value::from), text.prop_map(Value::from)];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[ab\t]{0,2}|a\u{1}|\u{85}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
