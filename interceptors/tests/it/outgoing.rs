//! What goes to a target beside the message, from both real pipelines: verified by what it says of itself, and never the caller's.

use std::collections::BTreeMap;

use interceptors::event::Point;
use interceptors::interceptor::Interceptor;
use interceptors::tenant_context::{ContextSigner, Expected, TenantContext, Unverified, verify};
use interceptors::token::KeySet;
use serde_json::{Value, json};

use crate::context_stage::{CONTEXT_ISSUER, Keys, context, ed25519_pem, key_set, part};
use crate::events;
use crate::received::Received;
use crate::signer::{ISSUER, claims, unix_now};
use crate::stage::{Stage, publish, reply};
use crate::token_endpoint::{self, Reply, TokenEndpoint};

const HEADER: &str = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant-Context";
const ARGUMENT: &str = "_tenant_context";

/// Both interceptors with a key, and its public half.
struct Signed {
    stage: Stage,
    request: Interceptor,
    response: Interceptor,
    keys: KeySet,
    _files: Keys,
}

impl Signed {
    async fn start() -> Signed {
        Signed::with(|_| {}).await
    }

    async fn with(change: impl Fn(&mut Value)) -> Signed {
        let (stage, files) = (Stage::start().await, Keys::new());
        let key = files.add("one", &ed25519_pem());
        let member = json!({"issuer": CONTEXT_ISSUER, "keys": [key],
            "targets": {"orders": {"audience": "https://orders.example", "argument": ARGUMENT}}});
        let keys = key_set(&ContextSigner::new(&context(&member))).await;
        let interceptor = |point| {
            stage.interceptor(point, |settings| {
                settings["tenantContext"] = member.clone();
                change(settings);
            })
        };
        let (request, response) = (interceptor(Point::Request), interceptor(Point::Response));
        Signed { stage, request, response, keys, _files: files }
    }

    async fn send(&self, headers: &Value, message: &str) -> (BTreeMap<String, String>, Value) {
        let event = events::request_with(&self.stage.signer.token("alice", "acme"), headers, message);
        forwarded(&reply(&self.request, event.as_bytes()).await)
    }

    async fn refused(&self, headers: &Value, message: &str) -> bool {
        let event = events::request_with(&self.stage.signer.token("alice", "acme"), headers, message);
        Received::read(&reply(&self.request, event.as_bytes()).await).is_refused()
    }

    fn verify(&self, token: &str, audience: &str) -> Result<TenantContext, Unverified> {
        let expected = Expected { issuer: CONTEXT_ISSUER, audience, leeway: std::time::Duration::ZERO };
        verify(token, &self.keys, &expected, unix_now())
    }
}

fn forwarded(reply: &str) -> (BTreeMap<String, String>, Value) {
    match Received::read(reply) {
        Received::Forwarded { headers, body } => (headers, serde_json::from_str(&body).unwrap()),
        other @ (Received::Answered { .. } | Received::Refused { .. } | Received::Nothing) => panic!("{other:?}"),
    }
}

fn message(method: &str, params: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string()
}

#[tokio::test]
async fn every_request_that_leaves_carries_a_context_for_its_receiver() {
    let signed = Signed::start().await;
    let initialize = message(
        "initialize",
        &json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}),
    );
    let notification = json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string();
    for (text, audience) in [
        (events::call("orders___getOrder"), "https://orders.example"),
        (events::call("crm___getContact"), "crm"),
        (events::list(), "tenantgate"),
        (message("ping", &json!({})), "tenantgate"),
        (initialize, "tenantgate"),
        (notification, "tenantgate"),
    ] {
        let (headers, _) = signed.send(&json!({}), &text).await;
        let found = signed.verify(&headers[HEADER], audience).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!((found.tenant.as_str(), found.user.as_str(), found.user_issuer.as_str()), ("acme", "alice", ISSUER));
        assert_eq!(found.decision_id, "invocation-1");
        assert!(found.actors.is_empty());
        assert_eq!((headers["x-tenant-id"].as_str(), headers["x-user-id"].as_str()), ("acme", "alice"));
        for other in ["orders", "https://crm.example", "*", ""] {
            assert!(signed.verify(&headers[HEADER], other).is_err(), "{other}");
        }
    }
}

#[tokio::test]
async fn a_context_of_the_callers_own_is_overwritten_wherever_it_stands() {
    let signed = Signed::start().await;
    let (headers, _) = signed.send(&json!({}), &events::call("orders___getOrder")).await;
    let forged = headers[HEADER].replace(|digit: char| digit.is_ascii_digit(), "A");
    for name in [HEADER.to_owned(), HEADER.to_lowercase(), HEADER.replace('-', "_")] {
        let sent = json!({name: forged, "X-Tenant-Id": "globex", "x_user_id": "root"});
        let text = events::call_with("orders___getOrder", &json!({"orderId": "A-1", ARGUMENT: forged}));
        let (headers, body) = signed.send(&sent, &text).await;
        let arguments = &body["params"]["arguments"];
        assert_eq!(arguments["orderId"], "A-1");
        for token in [headers[HEADER].as_str(), arguments[ARGUMENT].as_str().unwrap()] {
            let found = signed.verify(token, "https://orders.example").unwrap();
            assert_eq!((found.tenant.as_str(), found.user.as_str()), ("acme", "alice"));
        }
        assert!(headers.values().all(|value| !value.contains(&forged) && value != "globex" && value != "root"));
    }
}

#[tokio::test]
async fn a_target_without_headers_gets_it_in_the_argument_also_of_a_call_without_any() {
    let signed = Signed::start().await;
    for params in [json!({"name": "orders___getOrder"}), json!({"name": "orders___getOrder", "arguments": {}})] {
        let (_, body) = signed.send(&json!({}), &message("tools/call", &params)).await;
        let token = body["params"]["arguments"][ARGUMENT].as_str().unwrap();
        assert!(signed.verify(token, "https://orders.example").is_ok());
    }
    let (_, body) = signed.send(&json!({}), &events::call("crm___getContact")).await;
    assert_eq!(body["params"]["arguments"], json!({"orderId": "A-1001"}), "another target's call stays as it is");
}

#[tokio::test]
async fn a_member_that_could_be_taken_for_the_argument_is_refused() {
    let signed = Signed::start().await;
    for name in [
        "_Tenant_Context",
        "_TENANT_CONTEXT",
        "tenantContext",
        "tenant-context",
        " _tenant_context",
        "_tenant_context\u{0}",
        "_tenant_\u{200b}context",
        "_\u{ff54}enant_context",
    ] {
        let text = events::call_with("orders___getOrder", &json!({name: "x"}));
        assert!(signed.refused(&json!({}), &text).await, "{name}");
        let text = events::call_with("crm___getContact", &json!({name: "x"}));
        assert!(!signed.refused(&json!({}), &text).await, "nothing is reserved there");
    }
}

#[tokio::test]
async fn the_answer_comes_back_whichever_of_the_two_messages_the_event_has() {
    let signed = Signed::start().await;
    let token = signed.stage.signer.token("alice", "acme");
    for arguments in [Some(json!({"orderId": "A-1"})), Some(json!({})), None] {
        let mut sent =
            json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "orders___getOrder"}});
        if let Some(arguments) = &arguments {
            sent["params"]["arguments"] = arguments.clone();
        }
        let (_, went_on) = signed.send(&json!({}), &sent.to_string()).await;
        let answer = events::result(&json!({"content": [{"type": "text", "text": "42"}]}));
        let mut other = went_on.clone();
        other["params"]["arguments"]["orderId"] = json!("B-2");
        for (body, raw, is_taken) in [
            (&sent, Some(&sent), true),
            (&went_on, Some(&sent), true),
            (&went_on, Some(&went_on), true),
            (&went_on, None, true),
            (&other, Some(&sent), false),
        ] {
            let mut event: Value = serde_json::from_str(&events::response(&token, &body.to_string(), &answer)).unwrap();
            if let Some(raw) = raw {
                event["mcp"]["rawGatewayRequest"] = json!({"body": raw.to_string()});
            }
            let received = Received::read(&reply(&signed.response, event.to_string().as_bytes()).await);
            assert_eq!(!received.is_refused(), is_taken, "{body} {raw:?}");
        }
    }
}

#[tokio::test]
async fn lists_do_not_ask_for_the_argument() {
    let signed = Signed::start().await;
    let schema = json!({"type": "object", "properties": {"orderId": {"type": "string"}, ARGUMENT: {"type": "string"}},
                        "required": [ARGUMENT, "orderId"]});
    let tools: Vec<Value> = ["orders___getOrder", "crm___getContact"]
        .iter()
        .map(|name| json!({"name": name, "inputSchema": schema.clone()}))
        .collect();
    let token = signed.stage.signer.token("alice", "acme");
    let event = events::response(&token, &events::list(), &events::result(&json!({"tools": tools})));
    let Received::Answered { body, .. } = Received::read(&reply(&signed.response, event.as_bytes()).await) else {
        panic!("no answer");
    };
    let body: Value = serde_json::from_str(&body).unwrap();
    let shown = |index: usize| body["result"]["tools"][index]["inputSchema"].clone();
    assert_eq!(
        shown(0),
        json!({"type": "object", "properties": {"orderId": {"type": "string"}}, "required": ["orderId"]})
    );
    assert_eq!(shown(1), schema, "nothing is reserved there");
}

#[tokio::test]
async fn the_chain_of_actors_and_the_scopes_that_count_go_along() {
    let signed = Signed::start().await;
    publish(
        &signed.stage.endpoint,
        &json!({"policyId": "POL-ACME", "tenantId": "acme", "rules": [
            {"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___getOrder"], "scopes": ["orders.read"]},
            {"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:crm___getContact"]}]}),
    )
    .await;
    let mut more = claims("alice", "acme");
    more["scope"] = json!("orders.write orders.read");
    more["act"] = json!({"sub": "desk", "act": {"sub": "planner"}});
    let token = signed.stage.signer.sign(&more);
    for (tool, audience, scopes) in [
        ("orders___getOrder", "https://orders.example", ["orders.read"].as_slice()),
        ("crm___getContact", "crm", &["orders.read", "orders.write"]),
    ] {
        let event = events::request(&token, &events::call(tool));
        let (headers, _) = forwarded(&reply(&signed.request, event.as_bytes()).await);
        let found = signed.verify(&headers[HEADER], audience).unwrap();
        assert_eq!(found.scopes, scopes);
        let actors: Vec<&str> = found.actors.iter().map(|actor| actor.as_str()).collect();
        assert_eq!(actors, ["desk", "planner"]);
        assert_eq!(part(&headers[HEADER], 1)["act"], json!({"sub": "desk", "act": {"sub": "planner"}}));
    }
}

#[tokio::test]
async fn without_the_key_nothing_goes_on() {
    let signed = Signed::with(|settings| {
        settings["tenantContext"]["keys"] = json!([{"kid": "away", "endpointUrl": "http://127.0.0.1:1",
            "kms": "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"}]);
    })
    .await;
    assert!(signed.refused(&json!({}), &events::call("orders___getOrder")).await);
    assert!(signed.refused(&json!({}), &events::list()).await);
}

#[tokio::test]
async fn a_target_with_an_exchange_gets_another_token_and_others_get_none() {
    let endpoint = TokenEndpoint::start().await;
    let stage = Stage::start().await;
    let document = token_endpoint::document(endpoint.address());
    let interceptor = stage.interceptor(Point::Request, |settings| settings["tokenExchange"] = document.clone());
    let mut own = claims("alice", "acme");
    own["scope"] = json!("orders.read orders.write");
    let token = stage.signer.sign(&own);
    let event = |tool: &str| events::request(&token, &events::call(tool));
    for _ in 0..2 {
        let (headers, _) = forwarded(&reply(&interceptor, event("orders___getOrder").as_bytes()).await);
        assert_eq!(headers["Authorization"], "Bearer issued-1");
    }
    assert_eq!(endpoint.only().field("subject_token").as_deref(), Some(token.as_str()));
    let (headers, _) = forwarded(&reply(&interceptor, event("support___order-lookup").as_bytes()).await);
    assert!(!headers.contains_key("Authorization"));
    assert_eq!(endpoint.times(), 1);
    endpoint.answer(Reply::Status(400, json!({"error": "invalid_grant"}).to_string()));
    let other = stage.signer.sign(&{
        let mut other = own.clone();
        other["jti"] = json!("2");
        other
    });
    let event = events::request(&other, &events::call("orders___getOrder"));
    assert!(Received::read(&reply(&interceptor, event.as_bytes()).await).is_refused());
}

#[tokio::test]
async fn a_trace_goes_on_and_no_other_word_of_the_callers_does() {
    let stage = Stage::start().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let send = async |headers: Value| {
        let event =
            events::request_with(&stage.signer.token("alice", "acme"), &headers, &events::call("orders___getOrder"));
        forwarded(&stage.reply(Point::Request, event.as_bytes()).await).0
    };
    let headers = send(json!({"Traceparent": format!("00-{trace}-00f067aa0ba902b7-01"), "tracestate": "a=b"})).await;
    assert!(headers["traceparent"].starts_with(&format!("00-{trace}-")));
    assert_eq!(headers.len(), 3, "{headers:?}");
    let headers = send(json!({"traceparent": "x\r\nx-tenant-id: globex"})).await;
    assert_eq!((headers.len(), headers["traceparent"].len()), (3, 55));
    assert_eq!(send(json!({"baggage": "tenant=globex", "X-Amzn-Trace-Id": "Root=1"})).await.len(), 2);
}

#[tokio::test]
async fn a_policy_that_writes_the_argument_itself_refuses_the_call() {
    let signed = Signed::start().await;
    let policy = |path: &str| {
        json!({"policyId": "POL-ACME", "tenantId": "acme",
            "rules": [{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]}],
            "arguments": [{"resources": ["agent:tool:*"], "path": path, "action": "SET", "value": "x"}]})
    };
    publish(&signed.stage.endpoint, &policy("$.arguments._Tenant_Context")).await;
    assert!(signed.refused(&json!({}), &events::call("orders___getOrder")).await);
    assert!(!signed.refused(&json!({}), &events::call("crm___getContact")).await);
}

#[tokio::test]
async fn a_mirrored_header_cannot_say_what_the_argument_says() {
    let signed = Signed::start().await;
    let forged = json!({"Mcp-Param-Tenant-Context": "forged"});
    assert!(signed.refused(&forged, &events::call("orders___getOrder")).await);
    assert!(!signed.refused(&forged, &events::call("crm___getContact")).await);
    let true_one = json!({"Mcp-Param-Order-Id": "A-1"});
    let text = events::call_with("orders___getOrder", &json!({"order_id": "A-1"}));
    assert!(!signed.refused(&true_one, &text).await);
}

#[tokio::test]
async fn an_endpoint_sees_tokens_of_its_issuers_alone() {
    let endpoint = TokenEndpoint::start().await;
    let stage = Stage::start().await;
    let document = token_endpoint::document(endpoint.address());
    let interceptor = stage.interceptor(Point::Request, |settings| {
        let mut other = settings["issuers"][0].clone();
        other["issuer"] = json!("https://issuer.example/other");
        settings["issuers"].as_array_mut().unwrap().push(other);
        settings["tokenExchange"] = document.clone();
        settings["tokenExchange"]["issuers"] = json!(["https://issuer.example/other"]);
    });
    let event = events::request(&stage.signer.token("alice", "acme"), &events::call("orders___getOrder"));
    assert!(Received::read(&reply(&interceptor, event.as_bytes()).await).is_refused());
    assert_eq!(endpoint.times(), 0);
}

#[tokio::test]
async fn the_argument_is_written_into_calls_of_tools_and_into_nothing_else() {
    let signed = Signed::start().await;
    publish(
        &signed.stage.endpoint,
        &json!({"policyId": "POL-ACME", "tenantId": "acme", "rules": [
            {"effect": "ALLOW", "resourceType": "PROMPT", "resources": ["agent:prompt:*"]}]}),
    )
    .await;
    let token = signed.stage.signer.token("alice", "acme");
    for (method, params) in [
        ("prompts/get", json!({"name": "orders___p", "arguments": {ARGUMENT: "forged", "a": "b"}})),
        ("prompts/get", json!({"name": "orders___p"})),
        (
            "completion/complete",
            json!({"ref": {"type": "ref/prompt", "name": "orders___p"}, "argument": {"name": "a", "value": "b"}}),
        ),
    ] {
        let text = message(method, &params);
        let (headers, body) = signed.send(&json!({}), &text).await;
        assert_eq!(body["params"], params, "{method}");
        assert!(signed.verify(&headers[HEADER], "https://orders.example").is_ok());
        let answer = events::result(&json!({"messages": [], "completion": {"values": []}}));
        let mut event: Value = serde_json::from_str(&events::response(&token, &body.to_string(), &answer)).unwrap();
        event["mcp"]["rawGatewayRequest"] = json!({"body": text});
        let received = Received::read(&reply(&signed.response, event.to_string().as_bytes()).await);
        assert!(!received.is_refused(), "{method}: {received:?}");
    }
}
