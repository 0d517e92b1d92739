//! What the gateway sends.

use std::sync::LazyLock;
use std::time::Duration;

use interceptors::event::{Event, Point};
use interceptors::gateway_context::GatewayContext;
use interceptors::interceptor::{Interceptor, Invocation};
use interceptors::message::Message;
use interceptors::redacting::{Said, redact};
use interceptors::settings::Settings;
use policy_model::{Layers, Policy, json};
use policy_registry::AwsEnvironment;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

/// Whatever comes is answered with a reply of the documented shape, and what a target says is redacted to JSON.
pub(crate) fn run(bytes: &[u8]) {
    for (interceptor, member) in INTERCEPTORS.iter().zip(["transformedGatewayResponse", "transformedGatewayResponse"]) {
        let reply = reply(interceptor, bytes);
        let value: Option<Value> = reply.and_then(|reply| serde_json::from_str(&reply).ok());
        let value = value.unwrap_or_default();
        assert!(value.get("interceptorOutputVersion").is_some_and(|version| version == "1.0"), "{value}");
        let families = ["mcp", "http"];
        assert!(families.iter().any(|family| value.pointer(&format!("/{family}/{member}")).is_some()), "{value}");
    }
    let Ok(document) = json::parse(bytes) else { return };
    let Ok(event) = Event::parse(&document) else { return };
    // An error is an answer too.
    drop(Message::parse(&event));
    if let Some(body) = event.response.and_then(|response| response.body) {
        redact_all(body);
    }
}

fn reply(interceptor: &Interceptor, bytes: &[u8]) -> Option<String> {
    let runtime = RUNTIME.as_ref()?;
    runtime.block_on(async {
        let invocation = Invocation {
            id: "1",
            deadline: Instant::now() + Duration::from_secs(3),
            gateway: GatewayContext::default(),
        };
        Some(interceptor.intercept(bytes, invocation).await.into_string())
    })
}

fn redact_all(body: json::Value<'_>) {
    let Some(policy) = POLICY.as_ref() else { return };
    let [result, error, params] = ["result", "error", "params"].map(|name| body.get(name));
    let said =
        [result.map(Said::Result), result.map(Said::Task), error.map(Said::Error), params.map(Said::ServerRequest)];
    for said in said.into_iter().flatten() {
        let redactor = Layers::of(policy).redactor(None, None);
        if let Ok(Some(text)) = redact(&redactor, body, said) {
            assert!(json::parse(text.as_bytes()).is_ok(), "{text} came out of {}", body.text());
        }
    }
}

static INTERCEPTORS: LazyLock<[Interceptor; 2]> = LazyLock::new(|| {
    [Point::Request, Point::Response]
        .map(|point| Interceptor::new(point, Settings::parse("", AwsEnvironment::of_process())))
});

static RUNTIME: LazyLock<Option<Runtime>> = LazyLock::new(|| Builder::new_current_thread().enable_time().build().ok());

static POLICY: LazyLock<Option<Policy>> = LazyLock::new(|| Policy::parse(POLICY_TEXT).ok());

const POLICY_TEXT: &[u8] = br#"{"policyId":"p","tenantId":"t","rules":[],"redactions":[
    {"resources":["agent:tool:*"],"path":"$..ssn","action":"REMOVE"},
    {"resources":["agent:tool:*"],"path":"$..['text','body']","action":"TRUNCATE","length":4},
    {"resources":["agent:tool:*"],"path":"$.content[-1]","action":"MASK"},
    {"resources":["agent:tool:*"],"path":"$..[?@.email]","action":"MASK","preserveType":true},
    {"resources":["agent:tool:*"],"detect":["EMAIL","PHONE","JWT"],"action":"REMOVE"}]}"#;
