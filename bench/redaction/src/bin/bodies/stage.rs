//! A registry with two tenants that differ in their redactions alone, in a DynamoDB in this process.

use std::error::Error;
use std::path::Path;

use interceptors::event::Point;
use interceptors::gateway_context::GatewayContext;
use interceptors::interceptor::{Interceptor, Invocation};
use interceptors::settings::Settings;
use policy_registry::AwsEnvironment;
use serde_json::{Value, json};
use tempfile::TempDir;
use tenantgate::keys::{KeyName, KeyRing};
use tenantgate::registry_host::RegistryHost;
use tenantgate::settings::{DEVELOPMENT, Substitution};
use tenantgate::token::{self, Caller, DEFAULT_ISSUER, TENANT_CLAIM, TokenKey};

use crate::documents::redactions;

pub(crate) struct Stage {
    _registry: RegistryHost,
    settings: Value,
    /// By tenant.
    tokens: [(&'static str, String); 2],
}

impl Stage {
    pub(crate) async fn new() -> Result<Stage, Box<dyn Error>> {
        let ring = KeyRing::generate().map_err(|failure| failure.to_string())?;
        let folder = TempDir::new()?;
        write(folder.path())?;
        let registry = RegistryHost::start(None, "bench").await.map_err(|failure| failure.to_string())?;
        registry.fill(Some(folder.path())).await.map_err(|failure| failure.to_string())?;
        let substitution = Substitution { table: registry.table(), endpoint_url: registry.endpoint_url(), ring: &ring };
        let mut settings: Value = serde_json::from_str(&substitution.apply(DEVELOPMENT)?)?;
        // Answers are kept for the whole run: what is measured is the cached path.
        if let Some(registry) = settings.get_mut("registry").and_then(Value::as_object_mut) {
            registry.insert("cacheTtlMs".to_owned(), json!(300_000));
        }
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
        let mint = |tenant: &'static str| {
            let mut caller = Caller { key: TokenKey::Ring(KeyName::Es256), ..Caller::default() };
            caller.claims.insert(TENANT_CLAIM.to_owned(), json!(tenant));
            token::mint(USER, &caller, &ring, now).map(|token| (tenant, token))
        };
        let tokens = [mint(REDACTED)?, mint(PLAIN)?];
        Ok(Stage { _registry: registry, settings, tokens })
    }

    pub(crate) fn token(&self, tenant: &str) -> &str {
        self.tokens.iter().find(|(own, _)| *own == tenant).map(|(_, token)| token.as_str()).unwrap_or_default()
    }

    /// The settings with this `http.unknownCaller`.
    pub(crate) fn settings(&self, unknown_caller: &str) -> Result<Settings, Box<dyn Error>> {
        let mut settings = self.settings.clone();
        if let Some(members) = settings.as_object_mut() {
            members.insert("http".to_owned(), json!({"unknownCaller": unknown_caller}));
        }
        let aws = AwsEnvironment {
            region: Some("us-east-1".to_owned()),
            access_key_id: Some("bench".to_owned()),
            secret_access_key: Some("bench".to_owned()),
            session_token: None,
        };
        Ok(Settings::parse(&settings.to_string(), aws)?)
    }

    pub(crate) fn interceptor(&self, point: Point, unknown_caller: &str) -> Result<Interceptor, Box<dyn Error>> {
        Ok(Interceptor::new(point, Ok(self.settings(unknown_caller)?)))
    }
}

/// The reply to an event of a request with this id.
pub(crate) async fn reply(interceptor: &Interceptor, event: &str, request_id: &str) -> String {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    let gateway = GatewayContext { gateway_arn: Some(GATEWAY), request_id: Some(request_id) };
    interceptor.intercept(event.as_bytes(), Invocation { id: "bench", deadline, gateway }).await.into_string()
}

/// The event that brings a body to a path.
pub(crate) fn request(path: &str, token: &str, body: &str) -> String {
    json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": {
        "path": path, "httpMethod": "POST", "body": body,
        "headers": {"Content-Type": "application/json", "Authorization": format!("Bearer {token}")}}}})
    .to_string()
}

/// The event that brings an answer.
pub(crate) fn response(body: &str) -> String {
    json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": null, "gatewayResponse": {
        "statusCode": 200, "headers": null, "contentType": "application/json", "body": body}}})
    .to_string()
}

fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    let write = |name: &str, document: Value| std::fs::write(folder.join(name), document.to_string());
    std::fs::create_dir(folder.join("policies"))?;
    let tenants = [REDACTED, PLAIN];
    let status = |tenant: &str| json!({"tenantId": tenant, "status": "ACTIVE", "policyId": tenant});
    write("tenants.json", json!(tenants.map(status)))?;
    let member = |tenant: &str| json!({"issuer": DEFAULT_ISSUER, "subject": USER, "tenantId": tenant, "roles": [], "status": "ACTIVE"});
    write("members.json", json!(tenants.map(member)))?;
    let route = |path: &str, protocol: &str| json!({"bindingId": protocol, "path": path, "protocol": protocol, "agentName": "agent", "appId": "bench"});
    write("routes.json", json!([route("/support", "A2A"), route("/llm", "INFERENCE"), route("/shop", "HTTP")]))?;
    for tenant in tenants {
        let rules = json!([
            {"effect": "ALLOW", "resourceType": "AGENT", "resources": ["agent:agent:*"]},
            {"effect": "ALLOW", "resourceType": "MODEL", "resources": ["agent:model:*"]}]);
        let redactions = if tenant == REDACTED { redactions() } else { json!([]) };
        let policy = json!({"policyId": tenant, "tenantId": tenant, "rules": rules, "redactions": redactions});
        write(&format!("policies/{tenant}.json"), policy)?;
    }
    Ok(())
}

/// The tenant from whose answers values are taken out.
pub(crate) const REDACTED: &str = "redacted";

/// The one that sees all.
pub(crate) const PLAIN: &str = "plain";

const USER: &str = "alice";

pub(crate) const GATEWAY: &str = "arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/bench-AbC123";
