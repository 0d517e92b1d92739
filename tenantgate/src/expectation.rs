//! Whether a reply is of the class that its case expects.

mod http;

use interceptors::settings::HeaderNames;

use crate::fixture::{Expect, Point};
use crate::gateway_body;
use crate::json::Json;

/// What a reply is to be.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Its class.
    pub expect: Expect,
    /// Which interceptor gives it.
    pub point: Point,
    /// The headers that a request goes on with.
    pub names: &'a HeaderNames,
    /// The event of the request that went before it, if one did.
    pub before: Option<&'a [u8]>,
}

/// Checks the class of a reply; the error says what it is instead.
pub fn check(expected: &Expected<'_>, event: &[u8], reply: &Json) -> Result<(), String> {
    let Expected { expect, point, names: _, before: _ } = *expected;
    if reply.text(&["interceptorOutputVersion"]) != Some("1.0") {
        return Err("a reply without `interceptorOutputVersion` 1.0".to_owned());
    }
    let event = Json::parse(event).ok();
    let event = event.as_ref();
    // An event of both families or none is answered in both.
    let has = |family: &str| event.is_some_and(|event| event.member(family).is_some());
    if let (Some(event), true, false) = (event, has("http"), has("mcp")) {
        return http::check(expected, event, reply);
    }
    if has("mcp") && !has("http") && reply.member("http").is_some() {
        return Err("a reply with `http` to an event of the `mcp` family".to_owned());
    }
    match expect {
        Expect::Pass => check_pass(point, event, reply),
        Expect::Rewrite => check_rewrite(event, reply),
        Expect::Refuse => check_refuse(reply),
        Expect::Filter | Expect::Redact => check_change(event, reply),
        Expect::Empty => check_empty(reply, "mcp"),
    }
}

fn check_pass(point: Point, event: Option<&Json>, reply: &Json) -> Result<(), String> {
    let (incoming, outgoing, unwanted) = match point {
        Point::Request => ("gatewayRequest", REQUEST, RESPONSE),
        Point::Response => ("gatewayResponse", RESPONSE, REQUEST),
    };
    let wanted = event.and_then(|event| in_family(event, &[incoming, "body"]));
    let passed = in_family(reply, &[outgoing, "body"]);
    match (wanted, passed) {
        _ if in_family(reply, &[unwanted]).is_some() => Err(format!("a reply with {unwanted}")),
        (_, None) => Err(format!("a reply without a body in {outgoing}")),
        (None, Some(_)) => Err(format!("a body in {outgoing}, but the event has none in {incoming}")),
        (Some(wanted), Some(passed)) if wanted != passed => {
            let differences = crate::compare::differences(wanted, passed);
            let first = differences.first().map(ToString::to_string).unwrap_or_default();
            Err(format!("another body than came in: {first}"))
        }
        (Some(_), Some(_)) => Ok(()),
    }
}

fn check_rewrite(event: Option<&Json>, reply: &Json) -> Result<(), String> {
    let wanted = event.and_then(|event| in_family(event, &["gatewayRequest", "body"]));
    let before = wanted.ok_or("the event has no body in gatewayRequest")?;
    let after = in_family(reply, &[REQUEST, "body"]).ok_or_else(|| format!("a reply without a body in {REQUEST}"))?;
    if in_family(reply, &[RESPONSE]).is_some() {
        return Err(format!("a reply with {RESPONSE}"));
    }
    if before == after {
        return Err("the body that came in, unchanged".to_owned());
    }
    let (before, after) = (without_arguments(before), without_arguments(after));
    match crate::compare::differences(&before, &after).first() {
        Some(first) => Err(format!("more than other arguments: {first}")),
        None => Ok(()),
    }
}

fn without_arguments(body: &Json) -> Json {
    let mut body = body.clone();
    if let Json::Object(members) = &mut body
        && let Some(Json::Object(params)) =
            members.iter_mut().find(|(name, _)| *name == "params").map(|(_, value)| value)
    {
        params.retain(|(name, _)| *name != "arguments");
    }
    body
}

fn check_refuse(reply: &Json) -> Result<(), String> {
    let families: Vec<&Json> = FAMILIES.iter().filter_map(|family| reply.member(family)).collect();
    if families.is_empty() {
        return Err("a reply of no family".to_owned());
    }
    for family in families {
        if family.member(REQUEST).is_some() {
            return Err(format!("a reply with {REQUEST}"));
        }
        let body = family.at(&[RESPONSE, "body"]).ok_or_else(|| format!("a reply without a body in {RESPONSE}"))?;
        if !is_refusal(body) {
            return Err("a body that is no refusal".to_owned());
        }
    }
    Ok(())
}

fn check_change(event: Option<&Json>, reply: &Json) -> Result<(), String> {
    let wanted = event.and_then(|event| in_family(event, &["gatewayResponse", "body"]));
    let before = wanted.ok_or("the event has no body in gatewayResponse")?;
    let after = in_family(reply, &[RESPONSE, "body"]).ok_or_else(|| format!("a reply without a body in {RESPONSE}"))?;
    if before == after {
        return Err("the body that came in, unchanged".to_owned());
    }
    if is_refusal(after) && !is_refusal(before) {
        return Err("a refusal".to_owned());
    }
    Ok(())
}

fn check_empty(reply: &Json, family: &str) -> Result<(), String> {
    match reply.member(family) {
        Some(Json::Object(members)) if members.is_empty() => Ok(()),
        Some(_) | None => Err(format!("a reply whose `{family}` is not `{{}}`")),
    }
}

/// A JSON-RPC error, a failed tool result, or a plain message; in the `http` family encoded in Base64.
fn is_refusal(body: &Json) -> bool {
    if let Some(text) = body.as_text() {
        let decoded = gateway_body::decode(text).and_then(|bytes| Json::parse(&bytes).ok());
        return decoded.is_some_and(|body| matches!(body, Json::Object(_)) && is_refusal(&body));
    }
    matches!(body.member("error"), Some(Json::Object(_)))
        || body.text(&["message"]).is_some()
        || body.at(&["result", "isError"]) == Some(&Json::Bool(true))
}

fn in_family<'a>(value: &'a Json, path: &[&str]) -> Option<&'a Json> {
    FAMILIES.iter().find_map(|family| value.member(family)?.at(path))
}

const FAMILIES: [&str; 2] = ["mcp", "http"];
const REQUEST: &str = "transformedGatewayRequest";
const RESPONSE: &str = "transformedGatewayResponse";

#[cfg(test)]
mod tests {
    use interceptors::settings::HeaderNames;

    use super::Expected;
    use crate::fixture::{Expect, Point};
    use crate::json::Json;

    const REQUEST_EVENT: &str = r#"{"mcp":{"gatewayRequest":{"body":{"id":1,"method":"ping"}}}}"#;
    const RESPONSE_EVENT: &str =
        r#"{"mcp":{"gatewayRequest":{"body":{}},"gatewayResponse":{"body":{"id":1,"result":{"a":2}}}}}"#;

    fn check(expect: Expect, point: Point, event: &[u8], reply: &Json) -> Result<(), String> {
        super::check(&Expected { expect, point, names: &HeaderNames::default(), before: None }, event, reply)
    }

    fn class(expect: Expect, point: Point, family: &str) -> Result<(), String> {
        let event = if point == Point::Request { REQUEST_EVENT } else { RESPONSE_EVENT };
        let reply = format!(r#"{{"interceptorOutputVersion":"1.0",{family}}}"#);
        check(expect, point, event.as_bytes(), &Json::parse(reply.as_bytes()).unwrap())
    }

    fn request(body: &str) -> String {
        format!(r#""mcp":{{"transformedGatewayRequest":{{"body":{body}}}}}"#)
    }

    fn response(body: &str) -> String {
        format!(r#""mcp":{{"transformedGatewayResponse":{{"body":{body}}}}}"#)
    }

    #[test]
    fn a_pass_has_exactly_the_body_that_came_in() {
        let same = r#"{"method":"ping","id":1}"#;
        assert!(class(Expect::Pass, Point::Request, &request(same)).is_ok());
        assert!(class(Expect::Pass, Point::Response, &response(r#"{"id":1,"result":{"a":2}}"#)).is_ok());
        assert!(class(Expect::Pass, Point::Request, &request(r#"{"method":"ping","id":1.0}"#)).is_err());
        assert!(class(Expect::Pass, Point::Request, &response(same)).is_err());
        assert!(class(Expect::Pass, Point::Request, r#""mcp":{}"#).is_err());
    }

    #[test]
    fn a_rewritten_request_has_other_arguments_and_nothing_else() {
        let event = br#"{"mcp":{"gatewayRequest":{"body":{"id":1,"params":{"name":"a","arguments":{"b":1}}}}}}"#;
        let check = |body: &str| {
            let reply = format!(r#"{{"interceptorOutputVersion":"1.0",{}}}"#, request(body));
            check(Expect::Rewrite, Point::Request, event, &Json::parse(reply.as_bytes()).unwrap())
        };
        assert!(check(r#"{"id":1,"params":{"name":"a","arguments":{"b":2}}}"#).is_ok());
        assert!(check(r#"{"id":1,"params":{"name":"a"}}"#).is_ok());
        assert!(check(r#"{"id":1,"params":{"name":"a","arguments":{"b":1}}}"#).is_err());
        assert!(check(r#"{"id":1,"params":{"name":"c","arguments":{"b":2}}}"#).is_err());
        assert!(check(r#"{"id":2,"params":{"name":"a","arguments":{"b":2}}}"#).is_err());
    }

    #[test]
    fn a_refusal_is_an_error_a_message_or_a_failed_result() {
        for body in [r#"{"error":{"code":-32002}}"#, r#"{"message":"no"}"#, r#"{"result":{"isError":true}}"#] {
            assert!(class(Expect::Refuse, Point::Request, &response(body)).is_ok(), "{body}");
        }
        assert!(class(Expect::Refuse, Point::Request, &response(r#"{"result":{}}"#)).is_err());
        assert!(class(Expect::Refuse, Point::Request, &request(r#"{"message":"no"}"#)).is_err());
    }

    #[test]
    fn a_refusal_in_both_families_must_be_one_in_both() {
        let http = |body| format!(r#""http":{{"transformedGatewayResponse":{{"body":{body}}}}}"#);
        let both = |body| format!("{},{}", response(r#"{"message":"no"}"#), http(body));
        let class = |event: &str, body| {
            let reply = format!(r#"{{"interceptorOutputVersion":"1.0",{}}}"#, both(body));
            check(Expect::Refuse, Point::Request, event.as_bytes(), &Json::parse(reply.as_bytes()).unwrap())
        };
        let refusal = r#""eyJtZXNzYWdlIjoibm8ifQ==""#;
        for unclear in ["no JSON", "{}", r#"{"mcp":null,"http":{}}"#] {
            assert!(class(unclear, refusal).is_ok(), "{unclear}");
            assert!(class(unclear, r#""e30=""#).is_err(), "{unclear}");
            assert!(class(unclear, r#""eyJtZXNzYWdlIjoibm8ifQ""#).is_err(), "{unclear}");
        }
        for clear in [REQUEST_EVENT, r#"{"http":{}}"#] {
            assert!(class(clear, refusal).is_err(), "{clear}");
        }
    }

    #[test]
    fn a_filtered_reply_is_changed_but_no_refusal() {
        for expect in [Expect::Filter, Expect::Redact] {
            assert!(class(expect, Point::Response, &response(r#"{"id":1,"result":{}}"#)).is_ok());
            assert!(class(expect, Point::Response, &response(r#"{"id":1,"result":{"a":2}}"#)).is_err());
            assert!(class(expect, Point::Response, &response(r#"{"id":1,"error":{}}"#)).is_err());
        }
    }

    #[test]
    fn an_empty_reply_says_nothing() {
        assert!(class(Expect::Empty, Point::Response, r#""mcp":{}"#).is_ok());
        assert!(class(Expect::Empty, Point::Response, &response("{}")).is_err());
    }

    #[test]
    fn a_reply_without_its_version_is_of_no_class() {
        let reply = Json::parse(br#"{"mcp":{}}"#).unwrap();
        assert!(check(Expect::Empty, Point::Response, b"{}", &reply).is_err());
    }
}
