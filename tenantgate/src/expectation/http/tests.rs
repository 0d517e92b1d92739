use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interceptors::settings::HeaderNames;
use serde_json::{Value, json};

use crate::expectation::Expected;
use crate::fixture::{Expect, Point};
use crate::json::Json;

const ASKED: &str = r#"{"prompt":"what did I order, and when?"}"#;
const SAID: &str = r#"{"answer":"an umbrella, in the spring"}"#;
const REFUSAL: &str = r#"{"message":"access is denied"}"#;

fn encode(text: &str) -> Value {
    json!(STANDARD.encode(text))
}

fn request_event(body: Value) -> Value {
    json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": {"path": "/a/invocations", "body": body}}})
}

fn response_event(body: Value) -> Value {
    json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": null, "gatewayResponse": {
        "statusCode": 200, "headers": null, "contentType": "application/json", "body": body}}})
}

fn check(expect: Expect, point: Point, event: &Value, http: &Value) -> Result<(), String> {
    let reply = json!({"interceptorOutputVersion": "1.0", "http": http}).to_string();
    check_reply(expect, point, event, &reply)
}

fn check_reply(expect: Expect, point: Point, event: &Value, reply: &str) -> Result<(), String> {
    let expected = Expected { expect, point, names: &HeaderNames::default(), before: None };
    crate::expectation::check(&expected, event.to_string().as_bytes(), &Json::parse(reply.as_bytes()).unwrap())
}

/// A request that goes on, changed by what is merged over it.
fn request(body: Option<Value>) -> Value {
    let mut request = json!({"headers": {"x-tenant-id": "acme", "x-user-id": "alice"}});
    if let Some(body) = body {
        request["body"] = body;
    }
    json!({"transformedGatewayRequest": request})
}

fn refusal(status: u16, body: &str) -> Value {
    json!({"transformedGatewayResponse": {
        "contentType": "application/json", "statusCode": status, "headers": {}, "body": encode(body)}})
}

fn answer(body: &str) -> Value {
    json!({"transformedGatewayResponse": {"statusCode": 200, "contentType": "application/json", "body": encode(body)}})
}

#[test]
fn a_request_passes_with_its_headers_and_the_same_body() {
    let pass = |event: &Value, http: &Value| check(Expect::Pass, Point::Request, event, http);
    let event = request_event(encode(ASKED));
    assert_eq!(pass(&event, &request(Some(encode(ASKED)))), Ok(()));
    // The same content in another text is another body: the caller's goes on.
    let spaced = r#"{ "prompt":"what did I order, and when?"}"#;
    for (body, words) in [
        (Some(encode(spaced)), "other white space"),
        (Some(encode(r#"{"prompt":"what?"}"#)), "$.prompt"),
        (Some(json!(ASKED)), "not Base64"),
        (Some(json!(STANDARD.encode(ASKED).trim_end_matches('='))), "not Base64"),
        (Some(json!({})), "no string"),
        (Some(Value::Null), "without a body"),
        (Some(json!("")), "without a body"),
        (None, "without a body"),
    ] {
        let error = pass(&event, &request(body)).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
    for name in ["x-tenant-id", "x-user-id"] {
        for value in [json!(null), json!(""), json!(["acme"])] {
            let mut without = request(Some(encode(ASKED)));
            without["transformedGatewayRequest"]["headers"][name] = value;
            assert!(pass(&event, &without).unwrap_err().contains(name));
        }
    }
    let mut both = request(Some(encode(ASKED)));
    both["transformedGatewayResponse"] = refusal(403, REFUSAL)["transformedGatewayResponse"].clone();
    assert!(pass(&event, &both).is_err());
    assert!(pass(&event, &json!({})).is_err());
    assert!(pass(&event, &refusal(403, REFUSAL)).is_err());
}

#[test]
fn a_request_without_a_body_passes_without_one() {
    for empty in [json!(null), json!("")] {
        let event = request_event(empty.clone());
        let pass = |body| check(Expect::Pass, Point::Request, &event, &request(body));
        assert_eq!(pass(None), Ok(()));
        assert_eq!(pass(Some(empty)), Ok(()));
        assert!(pass(Some(encode("{}"))).unwrap_err().contains("has none"));
    }
}

#[test]
fn a_rewritten_request_has_another_body() {
    let event = request_event(encode(ASKED));
    let rewrite = |body| check(Expect::Rewrite, Point::Request, &event, &request(body));
    assert_eq!(rewrite(Some(encode("{}"))), Ok(()));
    assert!(rewrite(Some(encode(ASKED))).unwrap_err().contains("unchanged"));
    assert!(rewrite(None).is_err());
    let event = request_event(json!(null));
    assert!(check(Expect::Rewrite, Point::Request, &event, &request(None)).is_err());
}

#[test]
fn a_refusal_is_json_with_a_status_that_says_so() {
    let event = request_event(encode(ASKED));
    let refuse = |http: &Value| check(Expect::Refuse, Point::Request, &event, http);
    for status in [400, 403, 404, 503] {
        assert_eq!(refuse(&refusal(status, REFUSAL)), Ok(()));
    }
    for status in [0, 200, 204, 302, 399, 600] {
        assert!(refuse(&refusal(status, REFUSAL)).unwrap_err().contains("status"), "{status}");
    }
    for body in ["", "no", r#""eyJtZXNzYWdlIjoibm8ifQ==""#, "{}", SAID, r#"{"error":"no"}"#] {
        assert!(refuse(&refusal(403, body)).is_err(), "{body}");
    }
    for (member, value) in [
        ("contentType", json!(null)),
        ("contentType", json!("text/plain")),
        ("contentType", json!("application/jsonp")),
        ("statusCode", json!("403")),
        ("statusCode", json!(null)),
        ("body", json!(REFUSAL)),
        ("body", json!(null)),
    ] {
        let mut http = refusal(403, REFUSAL);
        http["transformedGatewayResponse"][member] = value;
        assert!(refuse(&http).is_err(), "{http}");
    }
    for kind in ["application/json; charset=utf-8", "application/problem+json"] {
        let mut http = refusal(403, REFUSAL);
        http["transformedGatewayResponse"]["contentType"] = json!(kind);
        assert_eq!(refuse(&http), Ok(()));
    }
    let mut both = refusal(403, REFUSAL);
    both["transformedGatewayRequest"] = request(Some(encode(ASKED)))["transformedGatewayRequest"].clone();
    assert!(refuse(&both).is_err());
    assert!(refuse(&json!({})).is_err());
    assert_eq!(check(Expect::Refuse, Point::Response, &response_event(encode(SAID)), &refusal(403, REFUSAL)), Ok(()));
}

#[test]
fn a_json_rpc_error_may_have_status_200_where_json_rpc_was_spoken() {
    let error = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"access is denied"}}"#;
    let asked = r#"{"jsonrpc":"2.0","id":1,"method":"message/send"}"#;
    let refuse = |asked: &str, http: &Value| check(Expect::Refuse, Point::Request, &request_event(encode(asked)), http);
    assert_eq!(refuse(asked, &refusal(200, error)), Ok(()));
    assert!(refuse(ASKED, &refusal(200, error)).is_err());
    assert!(refuse(asked, &refusal(200, REFUSAL)).is_err());
    assert!(refuse(asked, &refusal(200, &error.replace("2.0", "1.0"))).is_err());
    let said = response_event(encode(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#));
    assert_eq!(check(Expect::Refuse, Point::Response, &said, &refusal(200, error)), Ok(()));
    for broken in [r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"ping"}"#, r#"{"jsonrpc":1.0,"method":"ping"}"#]
    {
        assert_eq!(refuse(broken, &refusal(200, error)), Ok(()), "{broken}");
    }
    let relayed = r#"{"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[]}}"#;
    assert_eq!(refuse(asked, &refusal(200, relayed)), Ok(()));
    assert!(refuse(ASKED, &refusal(200, relayed)).is_err());
}

#[test]
fn what_went_before_may_have_spoken_json_rpc() {
    let error = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"the answer is withheld"}}"#;
    let reply = json!({"interceptorOutputVersion": "1.0", "http": refusal(200, error)}).to_string();
    let event = response_event(encode("upstream timed out")).to_string();
    let refuse = |asked: &str| {
        let before = request_event(encode(asked)).to_string();
        let names = HeaderNames::default();
        let expected =
            Expected { expect: Expect::Refuse, point: Point::Response, names: &names, before: Some(before.as_bytes()) };
        crate::expectation::check(&expected, event.as_bytes(), &Json::parse(reply.as_bytes()).unwrap())
    };
    assert_eq!(refuse(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#), Ok(()));
    assert!(refuse(ASKED).is_err());
}

#[test]
fn a_refusal_has_nothing_of_the_event_in_it_but_its_id() {
    let id = "a-rather-long-id-of-a-request";
    let asked = format!(r#"{{"jsonrpc":"2.0","id":"{id}","params":[{{"text":"what did I order?"}}]}}"#);
    let refuse = |asked: &str, body: &str| {
        check(Expect::Refuse, Point::Request, &request_event(encode(asked)), &refusal(403, body))
    };
    let error =
        |message: &str| format!(r#"{{"jsonrpc":"2.0","id":"{id}","error":{{"code":1,"message":"{message}"}}}}"#);
    assert_eq!(refuse(&asked, &error("access is denied")), Ok(()));
    assert!(refuse(&asked, &error("denied: what did I order?")).unwrap_err().contains("event's body"));
    let text = "plain words that are no JSON";
    assert!(refuse(text, &format!(r#"{{"message":"{text}"}}"#)).is_err());
    assert_eq!(refuse(text, REFUSAL), Ok(()));
    let said = response_event(encode(SAID));
    let refuse = |http: &Value| check(Expect::Refuse, Point::Response, &said, http);
    assert!(refuse(&refusal(403, r#"{"message":"an umbrella, in the spring"}"#)).is_err());
    let mut header = refusal(403, REFUSAL);
    header["transformedGatewayResponse"]["headers"] = json!({"x-why": "an umbrella, in the spring"});
    assert!(refuse(&header).is_err());
}

#[test]
fn an_answer_passes_with_the_same_content() {
    let pass = |event: &Value, http: &Value| check(Expect::Pass, Point::Response, event, http);
    let event = response_event(encode(SAID));
    assert_eq!(pass(&event, &answer(SAID)), Ok(()));
    assert_eq!(pass(&event, &answer(&SAID.replace(':', ": "))), Ok(()));
    assert!(pass(&event, &answer("{}")).unwrap_err().contains("$.answer"));
    // Left out or null, the original would come back unseen.
    for body in [json!(null), json!("")] {
        assert!(pass(&event, &json!({"transformedGatewayResponse": {"body": body}})).is_err());
    }
    assert!(pass(&event, &json!({"transformedGatewayResponse": {}})).is_err());
    let mut other_status = answer(SAID);
    other_status["transformedGatewayResponse"]["statusCode"] = json!(201);
    assert!(pass(&event, &other_status).unwrap_err().contains("status"));
    let event = response_event(json!(null));
    assert_eq!(pass(&event, &json!({"transformedGatewayResponse": {"statusCode": 200}})), Ok(()));
    assert!(pass(&event, &answer(SAID)).is_err());
    let event = response_event(encode("plain"));
    assert_eq!(pass(&event, &answer("plain")), Ok(()));
    assert!(pass(&event, &answer("plainer")).is_err());
}

#[test]
fn a_redacted_answer_is_another_and_no_refusal() {
    let event = response_event(encode(SAID));
    for expect in [Expect::Redact, Expect::Filter] {
        let redact = |http: &Value| check(expect, Point::Response, &event, http);
        assert_eq!(redact(&answer(r#"{"answer":"***"}"#)), Ok(()));
        assert!(redact(&answer(SAID)).unwrap_err().contains("unchanged"));
        assert!(redact(&answer(&SAID.replace(':', ": "))).unwrap_err().contains("unchanged"));
        assert!(redact(&answer(REFUSAL)).unwrap_err().contains("refusal"));
        assert!(redact(&request(Some(encode(SAID)))).is_err());
        assert!(check(expect, Point::Request, &event, &answer("{}")).is_err());
        assert!(check(expect, Point::Response, &response_event(json!(null)), &answer("{}")).is_err());
    }
    let event = response_event(encode(r#"{"message":"no, 123-45-6789"}"#));
    assert_eq!(check(Expect::Redact, Point::Response, &event, &answer(r#"{"message":"no, ***"}"#)), Ok(()));
}

#[test]
fn nothing_to_answer_is_an_empty_member_of_the_family() {
    let event = response_event(json!(null));
    assert_eq!(check(Expect::Empty, Point::Response, &event, &json!({})), Ok(()));
    assert!(check(Expect::Empty, Point::Response, &event, &answer("{}")).is_err());
    assert!(check(Expect::Empty, Point::Response, &event, &json!(null)).is_err());
}

#[test]
fn no_reply_is_in_the_shape_of_the_other_family() {
    let event = request_event(encode(ASKED));
    let http = refusal(403, REFUSAL);
    let body = json!({"transformedGatewayResponse": {"body": {"message": "no"}}});
    for reply in [
        json!({"interceptorOutputVersion": "1.0", "http": http, "mcp": body}),
        json!({"interceptorOutputVersion": "1.0", "http": http, "mcp": null}),
        json!({"interceptorOutputVersion": "1.0", "mcp": body}),
    ] {
        assert!(check_reply(Expect::Refuse, Point::Request, &event, &reply.to_string()).is_err(), "{reply}");
    }
}
