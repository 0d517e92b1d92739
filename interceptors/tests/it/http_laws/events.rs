//! Events of the `http` family, put together from what a caller sends and a target answers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// What a caller sends.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) verb: &'static str,
    pub(super) path: String,
    /// Without the credential.
    pub(super) headers: Value,
    /// The bytes; none where there is no body.
    pub(super) body: Option<Vec<u8>>,
}

impl Asked {
    /// The event that brings it, with the credential of a caller.
    pub(super) fn event(&self, token: &str) -> Value {
        self.event_with(token, self.body.as_deref().map(|body| STANDARD.encode(body)).as_deref())
    }

    /// The same with this text in the place of the body's base64.
    pub(super) fn event_with(&self, token: &str, body: Option<&str>) -> Value {
        let mut headers = self.headers.clone();
        headers["Authorization"] = json!(format!("Bearer {token}"));
        let mut request = json!({"path": self.path, "httpMethod": self.verb, "headers": headers});
        if let Some(body) = body {
            request["body"] = json!(body);
        }
        json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": request}})
    }
}

/// The event that brings an answer.
pub(super) fn answer(content_type: &str, body: &[u8]) -> Value {
    answer_with(content_type, &STANDARD.encode(body))
}

/// The same with this text in the place of the body's base64.
pub(super) fn answer_with(content_type: &str, body: &str) -> Value {
    json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": null, "gatewayResponse": {
        "statusCode": 200, "headers": null, "contentType": content_type, "body": body}}})
}

/// The body of an event as it stands there, in its quotes; empty where there is none.
pub(super) fn body_text(event: &Value) -> String {
    let http = &event["http"];
    let of = |part: &str| http[part].get("body").map(Value::to_string);
    of("gatewayResponse").or_else(|| of("gatewayRequest")).unwrap_or_default()
}
