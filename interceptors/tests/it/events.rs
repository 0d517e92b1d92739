//! Gateway events, put together from a token and messages.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A REQUEST event with a message as JSON text.
pub(crate) fn request(token: &str, message: &str) -> String {
    request_with(token, &json!({}), message)
}

/// The same with more headers.
pub(crate) fn request_with(token: &str, headers: &Value, message: &str) -> String {
    format!("{{\"interceptorInputVersion\":\"1.0\",\"mcp\":{{{}}}}}", gateway_request(token, headers, message))
}

/// A RESPONSE event with the message and its answer as JSON text.
pub(crate) fn response(token: &str, message: &str, answer: &str) -> String {
    response_with(token, &json!({}), message, answer)
}

/// The same with more headers.
pub(crate) fn response_with(token: &str, headers: &Value, message: &str, answer: &str) -> String {
    format!(
        "{{\"interceptorInputVersion\":\"1.0\",\"mcp\":{{{},\"gatewayResponse\":{{\"statusCode\":200,\"headers\":{{}},\"body\":{answer}}}}}}}",
        gateway_request(token, headers, message)
    )
}

fn gateway_request(token: &str, headers: &Value, message: &str) -> String {
    let mut all = BTreeMap::from([("Authorization".to_owned(), json!(format!("Bearer {token}")))]);
    all.extend(headers.as_object().unwrap().clone());
    let headers = serde_json::to_string(&all).unwrap();
    format!("\"gatewayRequest\":{{\"path\":\"/mcp\",\"httpMethod\":\"POST\",\"headers\":{headers},\"body\":{message}}}")
}

/// A `tools/call` as JSON text.
pub(crate) fn call(tool: &str) -> String {
    call_with(tool, &json!({"orderId": "A-1001"}))
}

/// The same with these arguments.
pub(crate) fn call_with(tool: &str, arguments: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})
        .to_string()
}

/// A `tools/list` as JSON text.
pub(crate) fn list() -> String {
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string()
}

/// The answer with this result, as JSON text.
pub(crate) fn result(result: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": 1, "result": result}).to_string()
}

/// The message of an event exactly as written there.
pub(crate) fn message_text(event: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Event {
        mcp: Mcp,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Mcp {
        gateway_request: GatewayRequest,
    }
    #[derive(Deserialize)]
    struct GatewayRequest {
        body: Box<RawValue>,
    }
    let event: Event = serde_json::from_slice(event).ok()?;
    Some(event.mcp.gateway_request.body.get().to_owned())
}
