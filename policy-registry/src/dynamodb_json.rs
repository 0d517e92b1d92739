//! Items as DynamoDB's own JSON (`{"S": "text"}`), for files.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

use crate::record::Item;

/// Takes an item; the error names the attribute.
pub(crate) fn read_item(value: &Value) -> Result<Item, String> {
    let members = value.as_object().ok_or("expected an object of attributes")?;
    members
        .iter()
        .map(|(name, value)| Ok((name.clone(), read(value).map_err(|error| format!("{name}: {error}"))?)))
        .collect()
}

/// The item with its attributes in the order of their names.
pub(crate) fn write_item(item: &Item) -> Value {
    let mut names: Vec<&String> = item.keys().collect();
    names.sort();
    let members = names.into_iter().filter_map(|name| Some((name.clone(), write(item.get(name)?))));
    Value::Object(members.collect::<Map<String, Value>>())
}

fn read(value: &Value) -> Result<AttributeValue, String> {
    let expected =
        "expected one of {\"S\": text}, {\"N\": text}, {\"BOOL\": ..}, {\"NULL\": true}, {\"L\": [..]}, {\"M\": {..}}";
    let mut members = value.as_object().ok_or(expected)?.iter();
    let (Some((kind, content)), None) = (members.next(), members.next()) else { return Err(expected.to_owned()) };
    match (kind.as_str(), content) {
        ("S", Value::String(text)) => Ok(AttributeValue::S(text.clone())),
        ("N", Value::String(number)) if number.parse::<f64>().is_ok_and(f64::is_finite) => {
            Ok(AttributeValue::N(number.clone()))
        }
        ("BOOL", Value::Bool(is_true)) => Ok(AttributeValue::Bool(*is_true)),
        ("NULL", Value::Bool(true)) => Ok(AttributeValue::Null(true)),
        ("L", Value::Array(elements)) => Ok(AttributeValue::L(elements.iter().map(read).collect::<Result<_, _>>()?)),
        ("M", Value::Object(_)) => Ok(AttributeValue::M(read_item(content)?)),
        _ => Err(expected.to_owned()),
    }
}

fn write(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(is_true) => json!({ "BOOL": is_true }),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::L(elements) => json!({ "L": elements.iter().map(write).collect::<Vec<Value>>() }),
        AttributeValue::M(members) => {
            json!({ "M": write_item(&members.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<HashMap<_, _>>()) })
        }
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        // The registry writes none of these; a dump shows that something is there.
        AttributeValue::B(_) | AttributeValue::Bs(_) | _ => json!({ "UNSHOWN": "binary or unknown" }),
    }
}
