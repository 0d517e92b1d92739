//! An answer of which nobody knows whose it is, where the settings would rather show it than withhold it: the baseline's redactions,
//! from which nobody is exempt, and whatever any detector finds.

use std::sync::LazyLock;

use policy_model::json::{self, Kind, Value};
use policy_model::spelling::folds_to;
use policy_model::{Layers, Policy};

use super::event::HttpResponse;
use super::response::{Read, has_no_body, reply};
use super::seen::{See, redact_document};
use crate::audit::{Passed, Trail};
use crate::inference::{is_base64, is_blob};
use crate::interceptor::Working;
use crate::outgoing::Sending;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Outcome;

pub(crate) async fn see(
    working: &Working,
    response: &HttpResponse<'_>,
    sending: Sending<'_>,
    trail: &mut Trail,
) -> Outcome {
    let detectors = DETECTORS.as_ref().map_err(|()| Refusal::Answer)?;
    let baseline = working.registry.baseline(sending.deadline).await.map_err(Refusal::Registry)?;
    let layers = Layers { kills: None, baseline: baseline.as_deref(), policy: detectors };
    trail.policy(detectors.id());
    let body = match response.body {
        None if has_no_body(response) => return Ok((Reply::http_nothing(), Passed::Unchanged)),
        None => return Err(Refusal::NoAnswer),
        Some(body) => body,
    };
    let read = Read::of(response, body)?;
    if read.is_empty() {
        return Ok(reply(response, body, See::AsItCame));
    }
    let document = read.document()?;
    let answered = read.answered(document.as_ref().map(json::Document::root));
    if answered.json.is_some_and(is_list) {
        return Err(Refusal::Answer);
    }
    if answered.json.is_some_and(has_bytes) {
        return Err(Refusal::Opaque);
    }
    // Nobody's exemptions. Hashes cannot be made without a tenant.
    let redactor = layers.redactor(None, None);
    if redactor.lacks_key() {
        return Err(Refusal::HashKey);
    }
    Ok(reply(response, body, redact_document(&redactor, &answered)?))
}

/// Whether an answer lists tools, skills or models: what may be seen of these, only a caller's policies say.
fn is_list(root: Value<'_>) -> bool {
    let result = root.get("result");
    let places = [Some(root), result].into_iter().flatten();
    places.filter(|place| place.kind() == Kind::Object).any(|place| {
        let list = |name: &str| place.get(name).filter(|value| value.kind() == Kind::Array);
        let is_model = |entry: Value<'_>| ["object", "type"].iter().any(|name| says_model(entry, name));
        LISTS.iter().any(|name| list(name).is_some())
            || list("data").into_iter().flat_map(Value::elements).any(is_model)
    })
}

fn says_model(entry: Value<'_>, name: &str) -> bool {
    entry.get(name).is_some_and(|value| value.is_str("model"))
}

/// Whether there are bytes in a document, into which no detector looks: files, pictures, sound.
fn has_bytes(root: Value<'_>) -> bool {
    root.descendants().any(|value| match value.kind() {
        Kind::Object => value.members().any(|member| {
            let name = member.name.as_str().unwrap_or_default();
            let are_bytes = BYTES.iter().any(|word| folds_to(&name, word))
                || (folds_to(&name, "data") && MEDIA_TYPES.iter().any(|name| value.get(name).is_some()));
            are_bytes && member.value.as_str().is_some_and(|text| !text.is_empty() && is_base64(&text))
        }),
        Kind::String => value.as_str().is_some_and(|text| is_blob(&text) || is_data_url(&text)),
        Kind::Null | Kind::Bool | Kind::Number | Kind::Array => false,
    })
}

fn is_data_url(text: &str) -> bool {
    let is_scheme = text.get(.."data:".len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    is_scheme && text.to_ascii_lowercase().contains(";base64,")
}

/// The members in which protocols have bytes, in lower case.
const BYTES: &[&str] =
    &["b64_json", "blob", "bytes", "encrypted_content", "file_data", "filewithbytes", "partial_image_b64", "raw"];

/// Beside which `data` are bytes.
const MEDIA_TYPES: &[&str] = &["media_type", "mediaType", "mimeType"];

/// The members in which protocols list things that a policy decides on.
const LISTS: &[&str] = &["tools", "skills", "prompts", "resources", "resourceTemplates", "tasks"];

/// All detectors, over everything.
static DETECTORS: LazyLock<Result<Policy, ()>> = LazyLock::new(|| Policy::parse(STRICTEST.as_bytes()).map_err(|_| ()));

const STRICTEST: &str = r#"{
  "policyId": "STRICTEST", "tenantId": "none", "rules": [], "freeText": "GUARD", "opaqueContent": "BLOCK",
  "redactions": [ { "resources": ["agent:tool:*", "agent:prompt:*", "agent:resource:*", "agent:agent:*", "agent:model:*"],
    "detect": ["EMAIL", "PHONE", "PAYMENT_CARD", "IBAN", "US_SSN", "IP_ADDRESS", "JWT", "AWS_KEY", "PRIVATE_KEY", "BEARER_TOKEN",
      "URL_CREDENTIALS"], "action": "MASK" } ] }"#;

#[cfg(test)]
mod tests {
    use policy_model::json::quote;

    use super::*;

    #[test]
    fn bytes_are_seen_where_protocols_have_them() {
        let long = "QUJD".repeat(64);
        for (text, expected) in [
            (r#"{"parts":[{"raw":"Y2FuYXJ5"}]}"#, true),
            (r#"{"result":{"parts":[{"kind":"file","file":{"bytes":"Y2FuYXJ5","name":"a"}}]}}"#, true),
            (r#"{"file":{"fileWithBytes":"Y2FuYXJ5"}}"#, true),
            (r#"{"file":{"FileWithBytes":"Y2FuYXJ5"}}"#, true),
            (r#"{"contents":[{"uri":"a:b","blob":"Y2FuYXJ5"}]}"#, true),
            (r#"{"content":[{"type":"image","data":"Y2FuYXJ5","mimeType":"image/png"}]}"#, true),
            (r#"{"data":[{"b64_json":"Y2FuYXJ5"}]}"#, true),
            (r#"{"image_url":{"url":"DATA:image/png;BASE64,Y2FuYXJ5"}}"#, true),
            (r#""data:text/plain;base64,Y2FuYXJ5""#, true),
            (&quote(&long), true),
            (&format!("[[{}]]", quote(&long)), true),
            (r#"{"parts":[{"raw":""}]}"#, false),
            (r#"{"parts":[{"data":{"order":"A-7"}},{"text":"raw bytes"}]}"#, false),
            (r#"{"data":"done","bytes":7,"raw":"as it was said"}"#, false),
            (r#"{"id":"383df6b6-82b4-496b-bb67-e9e6983e7d5a","url":"https://files.example/data:a"}"#, false),
        ] {
            assert_eq!(has_bytes(json::parse(text.as_bytes()).unwrap().root()), expected, "{text}");
        }
    }
}
