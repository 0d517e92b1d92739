//! What rules say, in words.

use super::version::{Version, WrittenRule};
use crate::json::{Value, quote};

/// A name as it is, in quotation marks where it could be read as several.
pub(super) fn name(name: &str) -> String {
    let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    if is_plain { name.to_owned() } else { quote(name) }
}

/// The conditions and times of a rule, each in words.
pub(super) fn conditions(version: &Version<'_>, rule: &WrittenRule) -> Vec<String> {
    let Some(json) = version.json(rule) else { return Vec::new() };
    let time = |member: &str, word: &str| {
        json.get(member).and_then(Value::as_str).map(|time| format!("the time is {word} {time}"))
    };
    let conditions = json.get("conditions").into_iter().flat_map(Value::elements).map(condition);
    conditions.chain(time("notBefore", "from")).chain(time("notAfter", "until")).collect()
}

/// A condition as in `$.arguments.amount <= 500`.
fn condition(json: Value<'_>) -> String {
    let text = |member: &str| json.get(member).and_then(Value::as_str).unwrap_or_default();
    let path = text("path");
    let operator = match text("operator").as_ref() {
        "EXISTS" => return format!("{path} is there"),
        "NOT_EXISTS" => return format!("{path} is missing"),
        "EQUALS" => "=".to_owned(),
        "NOT_EQUALS" => "!=".to_owned(),
        "LESS_THAN" => "<".to_owned(),
        "LESS_THAN_OR_EQUAL" => "<=".to_owned(),
        "GREATER_THAN" => ">".to_owned(),
        "GREATER_THAN_OR_EQUAL" => ">=".to_owned(),
        other => other.to_owned(),
    };
    let value = match json.get("value") {
        Some(value) => value.canonical().unwrap_or_else(|_| value.text().to_owned()),
        None => text("valuePath").into_owned(),
    };
    format!("{path} {operator} {value}")
}
