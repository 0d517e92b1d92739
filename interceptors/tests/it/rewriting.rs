//! Arguments and headers of policies through both interceptors: what goes on is exactly what was decided on.

use std::collections::BTreeMap;

use interceptors::event::Point;
use serde_json::json;

use crate::events;
use crate::received::Received;
use crate::signer::claims;
use crate::stage::{Stage, reply};

/// A call of willy's as it stands on the wire.
fn call(tool: &str, params: &str) -> String {
    format!(r#"{{ "jsonrpc":"2.0" , "id" : 17, "method":"tools/call","params":{{"name":"{tool}"{params}}} }}"#)
}

/// Willy's, with the claim that a header of wonka needs.
fn token(stage: &Stage) -> String {
    let mut claims = claims("willy", "wonka");
    claims["department"] = json!("sweets");
    stage.signer.sign(&claims)
}

async fn send(stage: &Stage, message: &str) -> Received {
    stage.send(Point::Request, events::request(&token(stage), message).as_bytes()).await
}

#[tokio::test]
async fn the_body_that_goes_on_is_the_one_that_came_but_for_its_arguments() {
    let stage = Stage::start().await;
    for (before, after) in [
        (
            r#", "arguments" : { "q":"f\u0075dge" , "tenant_id" : "acme", "n":1.50 }"#,
            r#", "arguments" : { "q":"f\u0075dge" , "tenant_id" : "wonka", "n":1.50 }"#,
        ),
        (
            r#", "_meta":{ "progressToken":1e2 }"#,
            r#", "_meta":{ "progressToken":1e2 },"arguments":{"tenant_id":"wonka"}"#,
        ),
        (r#","arguments":{"force":true}"#, r#","arguments":{"tenant_id":"wonka"}"#),
        (r#","\u0061rguments":{"tenant_id":"wonka"}"#, r#","\u0061rguments":{"tenant_id":"wonka"}"#),
        (r#","\u0061rguments":{"tenant_id":1}"#, r#","\u0061rguments":{"tenant_id":"wonka"}"#),
    ] {
        let received = send(&stage, &call("recipes___find", before)).await;
        assert_eq!(received.body(), Some(call("recipes___find", after).as_str()), "{before}: {received:?}");
    }
}

#[tokio::test]
async fn the_rules_decide_on_the_arguments_that_go_on() {
    let stage = Stage::start().await;
    // The ALLOW wants the tenant of the token, the DENY no `force`.
    let passed = send(&stage, &call("recipes___find", r#","arguments":{"tenant_id":"acme","force":1}"#)).await;
    assert_eq!(passed.body(), Some(call("recipes___find", r#","arguments":{"tenant_id":"wonka"}"#).as_str()));
    // What cannot be rewritten is told like any denied call.
    let denied = send(&stage, &call("recipes___secretOf", r#","arguments":{}"#)).await;
    let unresolved = send(&stage, &call("shop___byPlant", r#","arguments":{"plant":"mine"}"#)).await;
    assert_eq!(denied.told(), Some("the tool call is denied by policy"));
    assert_eq!(
        unresolved,
        Received::Refused { code: Some(-32002), message: "the tool call is denied by policy".to_owned() }
    );
}

#[tokio::test]
async fn control_characters_go_before_the_policies_look_and_every_other_byte_stays() {
    let stage = Stage::start().await;
    let arguments =
        |q: &str| format!(r#", "arguments" : {{ "q":"{q}" , "n":1.50,"tenant_id":"wonka" }}, "_meta":{{}}"#);
    let call = |q: &str| call("recipes___find", &arguments(q));
    let send = async |mode: &str, message: &str| {
        let change = |settings: &mut serde_json::Value| settings["arguments"] = json!({"controlCharacters": mode});
        let interceptor = stage.interceptor(Point::Request, change);
        Received::read(&reply(&interceptor, events::request(&token(&stage), message).as_bytes()).await)
    };
    for (before, after) in [
        (r"f\u0000ud\u001bge\u00e9\/", r"fudge\u00e9\/"),
        ("fud\u{7f}ge\u{85}\u{a0}", "fudge\u{a0}"),
        (r"\t\n\r\u200b", r"\t\n\r\u200b"),
    ] {
        assert_eq!(send("STRIP", &call(before)).await.body(), Some(call(after).as_str()), "{before}");
        assert_eq!(send("KEEP", &call(before)).await.body(), Some(call(before).as_str()), "{before}");
        assert_eq!(send("REFUSE", &call(before)).await.is_refused(), before != after, "{before}");
    }
    // The entry for `force` finds the member that a target would read, whatever the settings.
    let hidden = call("x").replace(r#""n":1.50"#, r#""forc\u0000e":1"#);
    for mode in ["STRIP", "REFUSE"] {
        assert_eq!(send(mode, &hidden).await.told(), Some("the tool call is denied by policy"), "{mode}");
    }
    assert!(!send("KEEP", &hidden).await.is_refused());
}

#[tokio::test]
async fn the_headers_stand_on_whatever_goes_on() {
    let stage = Stage::start().await;
    let expected: BTreeMap<String, String> = [
        ("X-Department", "sweets"),
        ("x-tenant-id", "wonka"),
        ("x-user-id", "willy"),
        ("x-workspace", "chocolate river"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    let request = |method: &str, params: serde_json::Value| {
        json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string()
    };
    let messages = [
        call("recipes___find", ""),
        call("shop___list", ""),
        events::list(),
        request("prompts/list", json!({})),
        request("resources/templates/list", json!({})),
        request("prompts/get", json!({"name": "recipes___bake"})),
        request("resources/read", json!({"uri": "file:///recipes/fudge"})),
        request(
            "completion/complete",
            json!({"ref": {"type": "ref/prompt", "name": "menus___today"}, "argument": {"name": "a", "value": ""}}),
        ),
        request("ping", json!({})),
        request(
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}),
        ),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string(),
        json!({"jsonrpc": "2.0", "id": "s", "result": {}}).to_string(),
    ];
    let plain = stage.signer.token("willy", "wonka");
    for message in messages {
        let received = send(&stage, &message).await;
        let Received::Forwarded { headers, .. } = &received else { panic!("{message}: {received:?}") };
        assert_eq!(*headers, expected, "{message}");
        // Without the claim that a header needs none of them goes on.
        let refused = stage.send(Point::Request, events::request(&plain, &message).as_bytes()).await;
        assert_eq!(refused.told(), Some("authorization is not available"), "{message}");
    }
}

#[tokio::test]
async fn a_header_of_the_policy_never_stands_where_an_identity_header_does() {
    let stage = Stage::start().await;
    let token = token(&stage);
    let event = events::request(&token, &events::list());
    for (member, name, is_refused) in
        [("tenant", "X-WORKSPACE", true), ("user", "x_department", true), ("user", "x-departments", false)]
    {
        let interceptor = stage.interceptor(Point::Request, |settings| settings["headers"] = json!({member: name}));
        let received = Received::read(&reply(&interceptor, event.as_bytes()).await);
        assert_eq!(received.is_refused(), is_refused, "{name}");
    }
}

#[tokio::test]
async fn the_answer_passes_whichever_request_the_gateway_hands_over() {
    let stage = Stage::start().await;
    let token = token(&stage);
    let sent = call("recipes___find", r#","arguments":{"tenant_id":"acme","force":true}"#);
    let went_on = call("recipes___find", r#","arguments":{"tenant_id":"wonka"}"#);
    let other = call("recipes___find", r#","arguments":{"tenant_id":"wonka","q":"x"}"#);
    let answer = events::result(&json!({"content": []}));
    for (raw, body, is_refused) in [
        (None, &sent, false),
        (None, &went_on, false),
        (Some(&sent), &sent, false),
        (Some(&went_on), &went_on, false),
        (Some(&sent), &went_on, false),
        (Some(&sent), &other, true),
        (Some(&went_on), &sent, true),
        (Some(&sent), &call("recipes___list", r#","arguments":{"tenant_id":"wonka"}"#), true),
    ] {
        for point in [Point::Request, Point::Response] {
            let event = events::response(&token, body, &answer);
            let event = match raw {
                None => event,
                Some(raw) => event.replacen(
                    "\"mcp\":{",
                    &format!("\"mcp\":{{\"rawGatewayRequest\":{{\"body\":{}}},", json!(raw)),
                    1,
                ),
            };
            let received = stage.send(point, event.as_bytes()).await;
            // At REQUEST the two are one message, or none.
            let is_refused = match point {
                Point::Request => raw.is_some_and(|raw| raw != body),
                Point::Response => is_refused,
            };
            assert_eq!(received.is_refused(), is_refused, "{point:?} {raw:?} {body}");
        }
    }
}
