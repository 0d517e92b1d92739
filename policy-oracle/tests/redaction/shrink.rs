//! The least rules and document that still show something.

use serde_json::Value;

use crate::rule::Rule;

/// Takes out what can be taken out, one thing at a time, as long as `shows` holds.
pub(crate) fn shrink(rules: &[Rule], document: &Value, shows: &dyn Fn(&[Rule], &Value) -> bool) -> (Vec<Rule>, Value) {
    let (mut rules, mut document) = (rules.to_vec(), document.clone());
    loop {
        // Without rules nothing is looked into.
        let fewer = (0..rules.len()).filter(|_| rules.len() > 1).map(|nth| {
            let mut fewer = rules.clone();
            fewer.remove(nth);
            fewer
        });
        if let Some(fewer) = fewer.into_iter().find(|fewer| shows(fewer, &document)) {
            rules = fewer;
        } else if let Some(smaller) = smaller(&document).into_iter().find(|smaller| shows(&rules, smaller)) {
            document = smaller;
        } else {
            return (rules, document);
        }
    }
}

/// The value without one of its parts, or with one of them smaller.
fn smaller(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Array(items) => {
            all.extend(items.iter().filter(|item| item.is_array() || item.is_object()).cloned());
            for (nth, item) in items.iter().enumerate() {
                let mut fewer = items.clone();
                fewer.remove(nth);
                all.push(Value::Array(fewer));
                all.extend(smaller(item).into_iter().map(|item| {
                    let mut items = items.clone();
                    items[nth] = item;
                    Value::Array(items)
                }));
            }
        }
        Value::Object(members) => {
            all.extend(members.values().filter(|member| member.is_array() || member.is_object()).cloned());
            for (name, member) in members {
                let mut fewer = members.clone();
                fewer.remove(name);
                all.push(Value::Object(fewer));
                all.extend(smaller(member).into_iter().map(|member| {
                    let mut members = members.clone();
                    members.insert(name.clone(), member);
                    Value::Object(members)
                }));
            }
        }
        Value::String(text) => {
            let inner = serde_json::from_str::<Value>(text).ok().filter(|inner| !inner.is_number());
            all.extend(inner.iter().flat_map(smaller).map(|inner| Value::String(inner.to_string())));
            // Spelt plainly.
            let plain = inner.map(|inner| inner.to_string()).filter(|plain| plain != text);
            all.extend(plain.map(Value::String));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    all
}
