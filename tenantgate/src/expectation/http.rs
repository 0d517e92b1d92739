//! The classes of replies to events of the `http` family: bodies are Base64, and a refusal says so in its status.

use super::{Expected, REQUEST, RESPONSE, check_empty, is_refusal};
use crate::compare;
use crate::fixture::{Expect, Point};
use crate::gateway_body;
use crate::json::Json;

/// Checks the class of a reply to an event of this family.
pub(super) fn check(expected: &Expected<'_>, event: &Json, reply: &Json) -> Result<(), String> {
    if reply.member("mcp").is_some() {
        return Err("a reply with `mcp` to an event of the `http` family".to_owned());
    }
    let http = reply.member("http").ok_or("a reply without `http` to an event of that family")?;
    match (expected.expect, expected.point) {
        (Expect::Pass, Point::Request) => check_request(expected, event, http, true),
        (Expect::Rewrite, Point::Request) => check_request(expected, event, http, false),
        (Expect::Pass, Point::Response) => check_response(event, http, true),
        (Expect::Filter | Expect::Redact, Point::Response) => check_response(event, http, false),
        (Expect::Refuse, Point::Request | Point::Response) => check_refuse(expected, event, http),
        (Expect::Empty, Point::Request | Point::Response) => check_empty(reply, "http"),
        (Expect::Filter | Expect::Redact, Point::Request) | (Expect::Rewrite, Point::Response) => {
            Err(format!("an answer, which is never of that class at the point {}", expected.point.text()))
        }
    }
}

fn check_request(expected: &Expected<'_>, event: &Json, http: &Json, is_same: bool) -> Result<(), String> {
    let request = only_part(http, REQUEST, RESPONSE)?;
    for name in [&expected.names.tenant, &expected.names.user] {
        if request.text(&["headers", name]).is_none_or(str::is_empty) {
            return Err(format!("a request without the header {name}"));
        }
    }
    let before = body(event.at(&["http", "gatewayRequest"]))?;
    let after = body(Some(request))?;
    match (before, after, is_same) {
        (None, None, true) => Ok(()),
        (Some(before), Some(after), true) if before == after => Ok(()),
        (Some(before), Some(after), true) => Err(another_body(&before, &after)),
        (None, Some(_), true) => Err(format!("a body in {REQUEST}, but the event has none")),
        (_, None, _) => Err(format!("a reply without a body in {REQUEST}")),
        (before, after, false) if before == after => Err("the body that came in, unchanged".to_owned()),
        (_, Some(_), false) => Ok(()),
    }
}

fn check_response(event: &Json, http: &Json, is_same: bool) -> Result<(), String> {
    let response = only_part(http, RESPONSE, REQUEST)?;
    let [was, is] = [event.at(&["http", "gatewayResponse", "statusCode"]), response.member("statusCode")];
    if is.is_some() && is != was {
        return Err("another status than came in".to_owned());
    }
    let before = body(event.at(&["http", "gatewayResponse"]))?;
    let after = body(Some(response))?;
    match (before, after, is_same) {
        (None, None, true) => Ok(()),
        (None, Some(_), true) => Err(format!("a body in {RESPONSE}, but the event has none")),
        (None, _, false) => Err("an answer to an event that has no body in gatewayResponse".to_owned()),
        // What is left out stays as it was.
        (Some(_), None, _) => Err(format!("a reply without a body in {RESPONSE}")),
        (Some(before), Some(after), true) if same_content(&before, &after) => Ok(()),
        (Some(before), Some(after), true) => Err(another_body(&before, &after)),
        (Some(before), Some(after), false) if same_content(&before, &after) => {
            Err("the body that came in, unchanged".to_owned())
        }
        (Some(before), Some(after), false) if refuses(&after) && !refuses(&before) => Err("a refusal".to_owned()),
        (Some(_), Some(_), false) => Ok(()),
    }
}

fn check_refuse(expected: &Expected<'_>, event: &Json, http: &Json) -> Result<(), String> {
    let response = only_part(http, RESPONSE, REQUEST)?;
    let bytes = body(Some(response))?.ok_or_else(|| format!("a reply without a body in {RESPONSE}"))?;
    let refusal = Json::parse(&bytes).map_err(|_| "a refusal whose body is no JSON")?;
    if !is_refusal(&refusal) || refusal.as_text().is_some() {
        return Err("a body that is no refusal".to_owned());
    }
    let is_json = |kind: &str| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
    };
    if !response.text(&["contentType"]).is_some_and(is_json) {
        return Err("a refusal without a `contentType` of JSON".to_owned());
    }
    let asked = [bodies(event, "gatewayRequest"), bodies(event, "gatewayResponse")];
    let before = expected.before.and_then(|event| bodies(&Json::parse(event).ok()?, "gatewayRequest"));
    let speaks_jsonrpc = refusal.text(&["jsonrpc"]) == Some("2.0")
        && (refusal.member("error").is_some() || refusal.member("result").is_some())
        && asked.iter().chain([&before]).flatten().any(|body| is_jsonrpc(body));
    let status = response.member("statusCode").and_then(Json::as_number).and_then(|status| status.parse::<u16>().ok());
    if !status.is_some_and(|status| (400..600).contains(&status) || (status == 200 && speaks_jsonrpc)) {
        return Err("a refusal whose status is not from 400 to 599".to_owned());
    }
    let said = [String::from_utf8_lossy(&bytes).into_owned(), response.to_string()].concat();
    if asked.iter().flatten().flat_map(|body| words(body)).any(|word| said.contains(&word)) {
        return Err("a refusal with something of the event's body in it".to_owned());
    }
    Ok(())
}

/// The one part that a reply may have.
fn only_part<'a>(http: &'a Json, wanted: &str, unwanted: &str) -> Result<&'a Json, String> {
    if http.member(unwanted).is_some() {
        return Err(format!("a reply with {unwanted}"));
    }
    http.member(wanted)
        .filter(|part| matches!(part, Json::Object(_)))
        .ok_or_else(|| format!("a reply without {wanted}"))
}

/// The decoded body of a request or an answer. Null in a reply would let the original go on, but is the same as empty in an event.
fn body(part: Option<&Json>) -> Result<Option<Vec<u8>>, String> {
    match part.and_then(|part| part.member("body")) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(text)) => {
            let bytes = gateway_body::decode(text).ok_or("a body that is not Base64")?;
            Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
        }
        Some(_) => Err("a body that is no string".to_owned()),
    }
}

/// Whether whoever sent a body reads JSON-RPC, also where it is broken, has a member twice or says another version.
fn is_jsonrpc(body: &[u8]) -> bool {
    let is_in_text = || String::from_utf8_lossy(body).contains("\"jsonrpc\"");
    Json::parse(body).map_or_else(|_| is_in_text(), |body| body.member("jsonrpc").is_some())
}

fn bodies(event: &Json, part: &str) -> Option<Vec<u8>> {
    gateway_body::decode(event.text(&["http", part, "body"])?)
}

fn same_content(one: &[u8], other: &[u8]) -> bool {
    one == other || matches!((Json::parse(one), Json::parse(other)), (Ok(one), Ok(other)) if one == other)
}

fn refuses(body: &[u8]) -> bool {
    Json::parse(body).is_ok_and(|body| body.as_text().is_none() && is_refusal(&body))
}

fn another_body(before: &[u8], after: &[u8]) -> String {
    let shown =
        |bytes: &[u8]| Json::parse(bytes).unwrap_or_else(|_| Json::Text(String::from_utf8_lossy(bytes).into_owned()));
    let differences = compare::differences(&shown(before), &shown(after));
    let first = differences.first().map_or_else(|| "other white space".to_owned(), ToString::to_string);
    format!("another body than came in: {first}")
}

/// The longer strings of a body that is JSON, without the id that an answer repeats; else the body itself.
fn words(body: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    match Json::parse(body) {
        Ok(json) => collect(&json.without(|name| name == "id"), &mut words),
        Err(_) => words.push(String::from_utf8_lossy(body).trim().to_owned()),
    }
    words.retain(|word| word.len() >= WORD_BYTES_MIN);
    words
}

fn collect(value: &Json, words: &mut Vec<String>) {
    match value {
        Json::Text(text) | Json::RawText(text) => words.push(text.clone()),
        Json::Array(elements) => elements.iter().for_each(|element| collect(element, words)),
        Json::Object(members) => members.iter().for_each(|(_, value)| collect(value, words)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// A shorter string would be in a refusal by accident.
const WORD_BYTES_MIN: usize = 16;

#[cfg(test)]
mod tests;
