//! The `http` family's replies as documented: whatever else an interceptor says is a fault.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;

/// What REQUEST makes of a request.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It goes on, with these headers and this body instead of its own.
    Forward(Headers, Option<Bytes>),
    /// It is answered at once.
    Refuse(Answer),
}

/// What takes the place of an answer's parts; what is none stays as it was.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: Option<u16>,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Headers,
    pub(crate) body: Option<Bytes>,
}

pub(crate) type Headers = BTreeMap<String, String>;

/// Reads a reply to a REQUEST event.
pub(crate) fn verdict(reply: &[u8]) -> Result<Verdict, String> {
    let HttpDocument { transformed_gateway_request: request, transformed_gateway_response: response } = read(reply)?;
    match (request, response) {
        (Some(_), Some(_)) => {
            Err("it forwards and refuses; which of them counts is documented for MCP only".to_owned())
        }
        (None, Some(response)) => {
            let answer = response.answer()?;
            if answer.status.is_none() {
                return Err("a refusal without statusCode".to_owned());
            }
            Ok(Verdict::Refuse(answer))
        }
        (request, None) => {
            let RequestDocument { headers, body } = request.unwrap_or_default();
            Ok(Verdict::Forward(checked(headers)?, decoded(body)?))
        }
    }
}

/// Reads a reply to a RESPONSE event.
pub(crate) fn answer(reply: &[u8]) -> Result<Answer, String> {
    let HttpDocument { transformed_gateway_request: request, transformed_gateway_response: response } = read(reply)?;
    if request.is_some() {
        return Err("transformedGatewayRequest in a reply to a RESPONSE event".to_owned());
    }
    response.unwrap_or_default().answer()
}

fn read(reply: &[u8]) -> Result<HttpDocument, String> {
    let document: ReplyDocument = serde_json::from_slice(reply).map_err(|error| error.to_string())?;
    if document.interceptor_output_version != "1.0" {
        return Err("interceptorOutputVersion is not 1.0".to_owned());
    }
    Ok(document.http)
}

/// Header values as the gateway takes them: printable ASCII, 4 KB at most but for a token.
fn checked(headers: Option<Headers>) -> Result<Headers, String> {
    let headers = headers.unwrap_or_default();
    for (name, value) in &headers {
        let name_fits = (1..=100).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        let long = value.len() > 4096 && !name.eq_ignore_ascii_case("authorization");
        if !name_fits || long || !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(format!("the header {name:?} is none that the gateway takes"));
        }
    }
    Ok(headers)
}

fn decoded(body: Option<String>) -> Result<Option<Bytes>, String> {
    let decode =
        |body| STANDARD.decode(body).map(Bytes::from).map_err(|error| format!("the body is no base64: {error}"));
    body.map(decode).transpose()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReplyDocument {
    interceptor_output_version: String,
    http: HttpDocument,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HttpDocument {
    transformed_gateway_request: Option<RequestDocument>,
    transformed_gateway_response: Option<ResponseDocument>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RequestDocument {
    headers: Option<Headers>,
    body: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResponseDocument {
    status_code: Option<u16>,
    content_type: Option<String>,
    headers: Option<Headers>,
    body: Option<String>,
}

impl ResponseDocument {
    fn answer(self) -> Result<Answer, String> {
        if self.status_code.is_some_and(|status| !(200..600).contains(&status)) {
            return Err("statusCode is no status of an answer".to_owned());
        }
        let (status, content_type) = (self.status_code, self.content_type);
        Ok(Answer { status, content_type, headers: checked(self.headers)?, body: decoded(self.body)? })
    }
}

#[test]
fn a_reply_in_any_other_shape_is_a_fault() {
    let (pass, request) = (r#"{"interceptorOutputVersion":"1.0","http":{}}"#, r#""transformedGatewayRequest":{}"#);
    assert!(matches!(verdict(pass.as_bytes()), Ok(Verdict::Forward(headers, None)) if headers.is_empty()));
    assert!(answer(pass.as_bytes()).is_ok());
    let http = |inner: &str| format!(r#"{{"interceptorOutputVersion":"1.0","http":{{{inner}}}}}"#);
    let refusal = |inner: &str| http(&format!(r#""transformedGatewayResponse":{{{inner}}}"#));
    assert!(matches!(verdict(refusal(r#""statusCode":403,"body":"e30=""#).as_bytes()), Ok(Verdict::Refuse(_))));
    for wrong in [
        String::new(),
        "{}".to_owned(),
        r#"{"http":{}}"#.to_owned(),
        r#"{"interceptorOutputVersion":"2.0","http":{}}"#.to_owned(),
        r#"{"interceptorOutputVersion":"1.0"}"#.to_owned(),
        r#"{"interceptorOutputVersion":"1.0","http":null}"#.to_owned(),
        r#"{"interceptorOutputVersion":"1.0","mcp":{}}"#.to_owned(),
        r#"{"interceptorOutputVersion":"1.0","http":{},"mcp":{}}"#.to_owned(),
        http(r#""gatewayRequest":{}"#),
        http(r#""transformedGatewayRequest":{"path":"/other"}"#),
        http(r#""transformedGatewayRequest":{"headers":{"x-tenant-id":1}}"#),
        http(r#""transformedGatewayRequest":{"headers":{"x-tenant-id":"a\nb"}}"#),
        http(r#""transformedGatewayRequest":{"headers":{"x tenant":"a"}}"#),
        http(r#""transformedGatewayRequest":{"body":{}}"#),
        http(r#""transformedGatewayRequest":{"body":"e30"}"#),
        http(r#""transformedGatewayRequest":{"body":"e3 0="}"#),
        http(r#""transformedGatewayRequest":{"body":"e31="}"#),
        http(&format!(r#"{request},"transformedGatewayResponse":{{"statusCode":403}}"#)),
        refusal(r#""body":"e30=""#),
        refusal(r#""statusCode":"403""#),
        refusal(r#""statusCode":99"#),
    ] {
        assert!(verdict(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert!(answer(http(request).as_bytes()).is_err());
}
