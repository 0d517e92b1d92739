//! What a gateway would make of a reply, read strictly and by other code than wrote it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Received {
    /// The message goes to the target.
    Forwarded { headers: BTreeMap<String, String>, body: String },
    /// The answer goes to the caller.
    Answered { status: Option<String>, body: String },
    /// Neither does.
    Refused { code: Option<i64>, message: String },
    /// There was nothing to answer.
    Nothing,
}

impl Received {
    /// Reads a reply; anything that is not of the documented shape fails the test.
    pub(crate) fn read(reply: &str) -> Received {
        let document: ReplyDocument =
            serde_json::from_str(reply).unwrap_or_else(|error| panic!("{error} in {}", start_of(reply)));
        assert_eq!(document.interceptor_output_version, "1.0");
        let http = document.http.map(HttpPart::read);
        let mcp = document.mcp.map(McpPart::read);
        match (mcp, http) {
            (Some(received), None) | (None, Some(received)) => received,
            (Some(Received::Refused { code, message }), Some(Received::Refused { .. })) => {
                Received::Refused { code, message }
            }
            (mcp, http) => panic!("neither one family nor two refusals: {mcp:?} {http:?}"),
        }
    }

    pub(crate) fn is_refused(&self) -> bool {
        match self {
            Received::Refused { .. } => true,
            Received::Forwarded { .. } | Received::Answered { .. } | Received::Nothing => false,
        }
    }

    /// What a refused caller is told, without a rule's reason.
    pub(crate) fn told(&self) -> Option<&str> {
        match self {
            Received::Refused { message, .. } => message.split(':').next(),
            Received::Forwarded { .. } | Received::Answered { .. } | Received::Nothing => None,
        }
    }

    /// The body that goes on, exactly as written.
    pub(crate) fn body(&self) -> Option<&str> {
        match self {
            Received::Forwarded { body, .. } | Received::Answered { body, .. } => Some(body),
            Received::Refused { .. } | Received::Nothing => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReplyDocument {
    interceptor_output_version: String,
    mcp: Option<McpPart>,
    http: Option<HttpPart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct McpPart {
    transformed_gateway_request: Option<Forward>,
    transformed_gateway_response: Option<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forward {
    headers: BTreeMap<String, String>,
    body: Box<RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Answer {
    status_code: Option<Box<RawValue>>,
    body: Box<RawValue>,
}

impl McpPart {
    fn read(self) -> Received {
        match (self.transformed_gateway_request, self.transformed_gateway_response) {
            (Some(forward), None) => {
                Received::Forwarded { headers: forward.headers, body: forward.body.get().to_owned() }
            }
            (None, Some(answer)) => {
                let status = answer.status_code.map(|status| status.get().to_owned());
                let body = answer.body.get().to_owned();
                refusal(&body).unwrap_or(Received::Answered { status, body })
            }
            (None, None) => Received::Nothing,
            (Some(_), Some(_)) => panic!("a refusal that forwards as well"),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HttpPart {
    transformed_gateway_request: Option<HttpForward>,
    transformed_gateway_response: Option<HttpAnswer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpForward {
    headers: BTreeMap<String, String>,
    body: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HttpAnswer {
    content_type: Option<String>,
    status_code: Option<u16>,
    headers: Option<BTreeMap<String, String>>,
    body: Box<RawValue>,
}

/// The refusal of a request that is no JSON-RPC.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainError {
    #[serde(rename = "type")]
    kind: String,
    message: String,
    error: PlainDetail,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainDetail {
    #[serde(rename = "type")]
    kind: String,
    code: u16,
    status: String,
    message: String,
}

impl HttpPart {
    fn read(self) -> Received {
        match (self.transformed_gateway_request, self.transformed_gateway_response) {
            (Some(forward), None) => {
                let body = forward.body.map(|body| body.get().to_owned()).unwrap_or_default();
                assert!(body.is_empty() || is_base64(&body), "{body}");
                Received::Forwarded { headers: forward.headers, body }
            }
            (None, Some(answer)) => answer.read(),
            (None, None) => Received::Nothing,
            (Some(_), Some(_)) => panic!("a refusal that forwards as well"),
        }
    }
}

impl HttpAnswer {
    /// A refusal says what its body is; an answer of the target is left to be what the target said.
    fn read(self) -> Received {
        let body = self.body.get().to_owned();
        assert!(is_base64(&body), "{body}");
        let Some(content_type) = self.content_type else {
            assert!(self.headers.is_none());
            return Received::Answered { status: self.status_code.map(|status| status.to_string()), body };
        };
        assert_eq!(content_type, "application/json");
        assert!(self.headers.is_some_and(|headers| headers.is_empty()));
        assert!(self.status_code.is_some_and(|status| status == 200 || (400..=415).contains(&status)));
        let body = String::from_utf8(decoded(&body)).unwrap();
        let refused = match serde_json::from_str::<PlainError>(&body) {
            Ok(plain) => {
                assert_eq!(Some(plain.error.code), self.status_code, "{body}");
                plain.read()
            }
            Err(_) => refusal(&body),
        };
        refused.unwrap_or_else(|| panic!("no refusal is said so: {body}"))
    }
}

impl PlainError {
    fn read(self) -> Option<Received> {
        assert_eq!((self.kind.as_str(), &self.message), ("error", &self.error.message));
        let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        assert!(is_word(&self.error.kind) && is_word(&self.error.status));
        refusal(&serde_json::json!({ "message": self.message }).to_string())
    }
}

/// The bytes of a body of the `http` family, as it stands in a reply; none where there is no body.
pub(crate) fn decoded(body: &str) -> Vec<u8> {
    if body.is_empty() {
        return Vec::new();
    }
    STANDARD.decode(serde_json::from_str::<String>(body).unwrap()).unwrap()
}

/// Whether a JSON text is a string of base64 in its one spelling.
fn is_base64(body: &str) -> bool {
    let text = serde_json::from_str::<String>(body).unwrap();
    STANDARD.decode(&text).is_ok_and(|bytes| STANDARD.encode(bytes) == text)
}

/// The refusal that a body is: one of the fixed sentences in one of the fixed shapes, with nothing beside it.
fn refusal(body: &str) -> Option<Received> {
    let body: Value = serde_json::from_str(body).ok()?;
    let members = body.as_object()?;
    let is_of = |names: &[&str]| members.keys().all(|name| names.contains(&name.as_str()));
    let (code, message) = if is_of(&["message"]) {
        (None, body.get("message")?)
    } else if is_of(&["jsonrpc", "id", "error"]) {
        let error = body.get("error")?;
        // Only an unsupported version has data: the supported ones, and what was asked for if that is a short word.
        let data =
            error.get("data").map(|data| (data.as_object()?.len() == 2).then(|| data.pointer("/supported/0"))?);
        let is_version = error.get("code")?.as_i64()? == -32022;
        if error.as_object()?.len() != if is_version { 3 } else { 2 } || data.is_some_and(|data| data.is_none()) {
            return None;
        }
        (Some(error.get("code")?.as_i64()?), error.get("message")?)
    } else if is_of(&["jsonrpc", "id", "result"]) && body.pointer("/result/isError") == Some(&Value::Bool(true)) {
        (None, body.pointer("/result/content/0/text")?)
    } else {
        return None;
    };
    let message = message.as_str()?.to_owned();
    let sentence = message.split(':').next()?;
    SENTENCES.contains(&sentence).then_some(Received::Refused { code, message })
}

fn start_of(text: &str) -> String {
    text.chars().take(400).collect()
}

/// All that a refused caller can be told.
const SENTENCES: &[&str] = &[
    "a member could be read in two ways",
    "a member is not supported",
    "a message is needed",
    "authorization is not available",
    "batches are not supported",
    "method not found",
    "model must be the name of a model",
    "notifications to that address are denied by policy",
    "nothing is found there",
    "only one model can be asked",
    "stream must be true or false",
    "streaming is denied by policy",
    "the agent is denied by policy",
    "the agent is not available",
    "the answer is withheld",
    "the body must be a JSON object, and a GET has none",
    "the bound on tokens must be one whole number",
    "the caller cannot act for another user",
    "the caller is not authenticated",
    "the caller is not authorized",
    "the content type is not supported",
    "the content type must be application/json",
    "the headers disagree with the message",
    "the message cannot be read",
    "the message is not a valid request",
    "the message is too large",
    "the method is not allowed",
    "the method is not supported there",
    "the model is denied by policy",
    "the number of tokens must be stated and is limited by policy",
    "the operation is not supported",
    "the parameters are not valid",
    "the protocol version is not supported",
    "the query is not supported",
    "the request is not supported",
    "the tool call is denied by policy",
    "the prompt is denied by policy",
    "the resource is denied by policy",
    "the completion is denied by policy",
    "the task is not known",
    "the tool has changed and is not approved",
    "tools of remote servers are not supported",
    "what the provider keeps cannot be read",
];
