//! What a string in a document holds: JSON, text, or something that may be data in a form that no path can follow.

use crate::json::{self, Document, Kind, Value};

/// What a string holds.
pub(super) enum Embedded<'t> {
    /// A JSON object or array, or a JSON string with one of them inside.
    Json(Document<'t>),
    /// Neither JSON nor anything that looks like data.
    Text,
    /// Something that looks like data: JSON among other text, broken or encoded once more, or nested too deep.
    Unclear,
}

/// Looks into a string, and into JSON strings inside it, at most `layers` deep.
pub(super) fn embedded(text: &str, layers: usize) -> Embedded<'_> {
    let trimmed = text.trim();
    if trimmed.starts_with(['{', '[', '"']) {
        if layers == 0 {
            return Embedded::Unclear;
        }
        if let Ok(document) = json::parse(trimmed.as_bytes()) {
            return match document.root().kind() {
                Kind::Object | Kind::Array => Embedded::Json(document),
                Kind::String => match document.root().as_str().map(|inner| is_data(&inner, layers - 1)) {
                    Some(true) => Embedded::Json(document),
                    Some(false) | None => Embedded::Text,
                },
                Kind::Null | Kind::Bool | Kind::Number => Embedded::Text,
            };
        }
    }
    if has_object_start(text) || is_array_start(trimmed) || looks_like_data(text) {
        Embedded::Unclear
    } else {
        Embedded::Text
    }
}

/// The bodies of a Lambda proxy result that says its body is base64; there may be two of a name.
pub(super) fn base64_proxy_bodies(value: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let is_called = |name: Value<'_>, wanted: &str| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    let says_no = |flag: Value<'_>| ["false", "null", "\"false\"", "\"\""].contains(&flag.text());
    let mut flags = value.members().filter(|member| is_called(member.name, "isBase64Encoded"));
    let is_encoded = flags.any(|flag| !says_no(flag.value));
    value.members().filter(move |member| is_encoded && is_called(member.name, "body")).map(|member| member.value)
}

fn is_data(text: &str, layers: usize) -> bool {
    match embedded(text, layers) {
        Embedded::Json(_) | Embedded::Unclear => true,
        Embedded::Text => false,
    }
}

/// Whether a brace is followed by a quotation mark as at the start of a JSON object, plain or encoded once more.
fn has_object_start(text: &str) -> bool {
    text.split('{').skip(1).any(|after| {
        let mut rest = after;
        loop {
            rest = rest.trim_start();
            let escape = rest.trim_start_matches('\\');
            if escape.len() == rest.len() {
                return rest.starts_with('"');
            }
            if escape.starts_with('"') || escape.starts_with("u0022") {
                return true;
            }
            match WHITE_SPACE_ESCAPES.iter().find_map(|white| escape.strip_prefix(white)) {
                Some(after) => rest = after,
                None => return false,
            }
        }
    })
}

/// Whether a text that is not JSON begins like a JSON array, and not like a word in brackets.
fn is_array_start(text: &str) -> bool {
    let inside = text.strip_prefix('[').map(str::trim_start);
    inside.is_some_and(|inside| {
        let is_value =
            inside.starts_with(['"', '[', '{', ']', '-']) || inside.starts_with(|first: char| first.is_ascii_digit());
        is_value || ["true", "false", "null"].iter().any(|word| inside.starts_with(word))
    })
}

/// Data as other languages, loggers and web pages write it: `{name: value}`, `['a', 'b']`, `"name": value`, `&quot;name&quot;`,
/// `%7B%22name%22`.
fn looks_like_data(text: &str) -> bool {
    let has_escape =
        |escape: &str| text.as_bytes().windows(escape.len()).any(|part| part.eq_ignore_ascii_case(escape.as_bytes()));
    stand_in_order(text, &["{", ":", "}"])
        || stand_in_order(text, &["{", "=", "}"])
        || stand_in_order(text, &["[", "\"", "]"])
        || stand_in_order(text, &["[", "'", "]"])
        || text.contains("\":")
        || text.contains("\" :")
        || stand_in_order(text, &["{", "\"", ":"])
        || stand_in_order(text, &["&quot;", ":"])
        || stand_in_order(text, &["&#", ";", "&#"])
        || has_escape("%7b%22")
        || has_escape("%22%3a")
}

fn stand_in_order(text: &str, parts: &[&str]) -> bool {
    let after = |rest: &str, part: &&str| rest.find(*part).map(|start| start + part.len());
    let mut rest = text;
    parts.iter().all(|part| match after(rest, part) {
        Some(end) => {
            rest = rest.get(end..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// What follows the backslash where white space is encoded.
const WHITE_SPACE_ESCAPES: &[&str] = &["n", "r", "t", "u000a", "u000A", "u000d", "u000D", "u0009", "u0020"];
