//! The decision context: what the REQUEST point leaves behind, under the gateway's id of the request, for an answer that does not
//! say whose it is.

use std::sync::Arc;

use policy_model::json;
use policy_model::{Resource, TenantId, UserId};
use policy_registry::{ContextRecord, Member, Principal, RouteBinding};

use super::HttpFault;
use crate::interceptor::{Working, unix_now};
use crate::outgoing::Sending;
use crate::refusal::Refusal;
use crate::resolve::Known;
use crate::settings::{TenantBinding, TenantSelection};
use crate::token::Caller;

/// What a request asked, as far as its answer depends on it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Note {
    /// In the words of its protocol.
    pub(crate) method: String,
    /// As a policy names it, if it is one thing.
    pub(crate) resource: Option<String>,
    /// The id of a JSON-RPC request as written.
    pub(crate) rpc_id: Option<String>,
}

impl Working {
    /// Leaves the context of a request behind. The same once more, as after a retry of the gateway, is the same.
    pub(crate) async fn remember(
        &self,
        known: &Known,
        binding: &RouteBinding,
        target: &str,
        note: Note,
        sending: Sending<'_>,
    ) -> Result<(), Refusal> {
        let request_id = sending.gateway.request_id.ok_or(HttpFault::RequestId)?;
        let Principal { kind, issuer, subject, tenant, .. } = &known.principal;
        let caller = &known.caller;
        let record = ContextRecord {
            gateway: sending.gateway.gateway_arn.unwrap_or_default().to_owned(),
            request_id: request_id.to_owned(),
            tenant: tenant.clone(),
            kind: *kind,
            issuer: issuer.as_ref().to_owned(),
            subject: subject.as_str().to_owned(),
            agent: known.principal.agent.as_ref().map(|agent| agent.as_str().to_owned()),
            actors: caller.actors.iter().map(|actor| actor.as_str().to_owned()).collect(),
            roles: caller.roles.clone(),
            scopes: caller.scopes.clone(),
            claims: known.reads_claims().then(|| caller.claims.text().to_owned()),
            protocol: binding.protocol,
            binding: binding.binding_id.clone(),
            app: binding.app_id.clone(),
            agent_name: binding.agent_name.clone(),
            target: target.to_owned(),
            method: note.method,
            resource: note.resource,
            rpc_id: note.rpc_id.filter(|id| id.len() <= RPC_ID_BYTES_MAX),
            expires_at: unix_now().saturating_add(CONTEXT_SECONDS),
        };
        self.registry.record_context(&record, sending.deadline).await.map_err(Refusal::Decision)
    }

    /// Finds the context of the request that an answer belongs to.
    pub(crate) async fn recall(&self, sending: Sending<'_>) -> Result<Option<ContextRecord>, Refusal> {
        let Some(request_id) = sending.gateway.request_id else { return Ok(None) };
        let gateway = sending.gateway.gateway_arn.unwrap_or_default();
        let found = self.registry.find_context(gateway, request_id, unix_now(), sending.deadline).await;
        found.map_err(Refusal::Decision)
    }
}

/// Who sent the request, as the REQUEST point verified it.
pub(crate) fn caller_of(record: &ContextRecord) -> Option<(Caller, TenantId)> {
    let claims = record.claims.clone().unwrap_or_else(|| "{}".to_owned());
    let actors: Option<Vec<UserId>> = record.actors.iter().map(|actor| UserId::parse(actor).ok()).collect();
    let member = Member {
        kind: record.kind,
        issuer: Arc::from(record.issuer.as_str()),
        subject: UserId::parse(&record.subject).ok()?,
    };
    let caller = Caller {
        member,
        tenant: Some(record.tenant.clone()),
        tenants: TenantBinding::Memberships,
        tenant_selection: TenantSelection::Claim,
        roles: record.roles.clone(),
        scopes: record.scopes.clone(),
        actors: actors?,
        claims: json::parse_owned(claims).ok()?,
        expires: record.expires_at,
    };
    Some((caller, record.tenant.clone()))
}

/// A resource as a policy names it.
pub(crate) fn resource_text(resource: &Resource<'_>) -> String {
    match resource {
        Resource::Tool(name) => format!("agent:tool:{}", name.as_str()),
        Resource::Prompt(name) => format!("agent:prompt:{}", name.as_str()),
        Resource::Uri(uri) => format!("agent:resource:{}", uri.as_str()),
        Resource::Template(template) => format!("agent:resource:{}", template.as_str()),
        Resource::Agent(name) => format!("agent:agent:{}", name.as_str()),
        Resource::Model(name) => format!("agent:model:{}", name.as_str()),
    }
}

/// How long a context counts: a gateway waits 15 minutes for an answer at most.
const CONTEXT_SECONDS: u64 = 16 * 60;

/// Longest id of a JSON-RPC request that is kept for a refusal of its answer.
const RPC_ID_BYTES_MAX: usize = 256;
