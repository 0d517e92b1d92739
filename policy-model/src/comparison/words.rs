//! What rules say, in words.

use std::borrow::Cow;

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

/// Whether a rule looks into name, caller or time in a way that a few values do not exhaust: not only whether one is equal, or in a
/// span of time.
pub(super) fn is_sampled(version: &Version<'_>, rule: &WrittenRule) -> bool {
    let Some(json) = version.json(rule) else { return false };
    let conditions = json.get("conditions").into_iter().flat_map(Value::elements);
    let text = |condition: Value<'_>, member: &str| condition.get(member).and_then(Value::as_str).map(Cow::into_owned);
    let own = conditions.filter(|condition| {
        let path = text(*condition, "path").unwrap_or_default();
        !OPEN_OR_FIXED.iter().any(|root| path.starts_with(root))
    });
    let operators: Vec<String> = own.map(|condition| text(condition, "operator").unwrap_or_default()).collect();
    operators.len() > 1 || operators.iter().any(|operator| !EXHAUSTED.contains(&operator.as_str()))
}

/// A condition as in `$.arguments.amount <= 500`.
pub(super) fn condition(json: Value<'_>) -> String {
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

/// What is looked for and found, or is the same for all.
const OPEN_OR_FIXED: [&str; 3] = ["$.claims", "$.arguments", "$.tenant"];

/// Operators of which each outcome is met by a value that is tried.
const EXHAUSTED: [&str; 5] = ["EQUALS", "NOT_EQUALS", "EXISTS", "NOT_EXISTS", "BETWEEN"];
