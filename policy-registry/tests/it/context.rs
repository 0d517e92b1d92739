//! Decision contexts, and the questions about them.

use policy_model::TenantId;
use policy_registry::{ContextRecord, ContextRefusal, PrincipalKind, Registry, RouteProtocol};

use crate::table::{ISSUER, owned};
use crate::task::{NOW, deadline};

pub(crate) const GATEWAY: &str = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/main-abc1234567";

/// All that can be in one.
pub(crate) fn context(request_id: &str) -> ContextRecord {
    ContextRecord {
        gateway: GATEWAY.to_owned(),
        request_id: request_id.to_owned(),
        tenant: TenantId::parse("acme").unwrap(),
        kind: PrincipalKind::User,
        issuer: ISSUER.to_owned(),
        subject: "alice".to_owned(),
        agent: Some("helper".to_owned()),
        actors: owned(&["helper", "desk"]),
        roles: owned(&["admin", ""]),
        scopes: Some(owned(&["orders.read"])),
        claims: Some(r#"{"sub":"alice","n":1.0}"#.to_owned()),
        protocol: RouteProtocol::Inference,
        binding: "inference".to_owned(),
        app: "platform".to_owned(),
        agent_name: "models".to_owned(),
        target: "inference".to_owned(),
        method: "models".to_owned(),
        resource: Some("agent:model:gpt-5".to_owned()),
        rpc_id: Some("\"1\"".to_owned()),
        expires_at: NOW + 60,
    }
}

/// As little as can be in one.
pub(crate) fn least(request_id: &str) -> ContextRecord {
    ContextRecord {
        gateway: String::new(),
        kind: PrincipalKind::Client,
        agent: None,
        actors: Vec::new(),
        roles: Vec::new(),
        scopes: None,
        claims: None,
        target: String::new(),
        method: String::new(),
        resource: None,
        rpc_id: None,
        ..context(request_id)
    }
}

pub(crate) async fn record(registry: &Registry, context: &ContextRecord) -> Result<(), ContextRefusal> {
    registry.record_context(context, deadline()).await
}

pub(crate) async fn find(
    registry: &Registry,
    gateway: &str,
    request_id: &str,
) -> Result<Option<ContextRecord>, ContextRefusal> {
    registry.find_context(gateway, request_id, NOW, deadline()).await
}
