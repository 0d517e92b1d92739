//! Who asked for what: what the answer to an `http` request is judged by.

use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::json::{self, Kind};
use policy_model::{AgentName, TenantId};

use super::attributes::{check_header, header, names, take, take_seconds, take_tenant, take_text, take_texts, text};
use super::route::{RouteProtocol, is_route_id};
use super::{EXPIRES_AT, Item, MalformedItem};
use crate::key::Key;
use crate::principal::PrincipalKind;

/// What REQUEST decided on, kept for RESPONSE, which is told neither who asked nor for what.
#[derive(Clone, PartialEq, Eq)]
pub struct ContextRecord {
    /// The gateway's ARN; empty where it did not say.
    pub gateway: String,
    /// What the gateway calls the request: 1 to 256 printable ASCII characters.
    pub request_id: String,
    /// The caller's tenant.
    pub tenant: TenantId,
    /// User or machine.
    pub kind: PrincipalKind,
    /// Issuer of the caller's token.
    pub issuer: String,
    /// The caller as that issuer names it.
    pub subject: String,
    /// The agent that called on the user's behalf.
    pub agent: Option<String>,
    /// The actors of the token, the nearest first.
    pub actors: Vec<String>,
    /// Roles from the token and from the registry.
    pub roles: Vec<String>,
    /// The scopes that count; none if they are not known.
    pub scopes: Option<Vec<String>>,
    /// The token's claims, the JSON text of an object, where a rule looks into them.
    pub claims: Option<String>,
    /// What is spoken.
    pub protocol: RouteProtocol,
    /// Id of the route's binding.
    pub binding: String,
    /// The binding's application.
    pub app: String,
    /// The binding's agent, an [`AgentName`].
    pub agent_name: String,
    /// The gateway's target.
    pub target: String,
    /// What was asked for.
    pub method: String,
    /// What was decided on, as `agent:model:gpt-5`.
    pub resource: Option<String>,
    /// The id of a JSON-RPC request, as JSON text.
    pub rpc_id: Option<String>,
    /// The last second in which it counts, since 1970. DynamoDB deletes the item some time after it.
    pub expires_at: u64,
}

impl ContextRecord {
    /// The attributes that an item may lack.
    pub(crate) const OPTIONAL: [&str; 6] = ["gateway", "agent", "scopes", "claims", "resource", "rpcId"];

    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::context(&self.gateway, &self.request_id)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "context");
        if !self.gateway.is_empty() {
            item.insert("gateway".into(), text(&self.gateway));
        }
        item.insert("requestId".into(), text(&self.request_id));
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("principalKind".into(), text(word(self.kind)));
        item.insert("issuer".into(), text(&self.issuer));
        item.insert("subject".into(), text(&self.subject));
        item.insert("actors".into(), names(&self.actors));
        item.insert("roles".into(), names(&self.roles));
        item.insert("protocol".into(), text(self.protocol.word()));
        item.insert("bindingId".into(), text(&self.binding));
        item.insert("appId".into(), text(&self.app));
        item.insert("agentName".into(), text(&self.agent_name));
        item.insert("target".into(), text(&self.target));
        item.insert("method".into(), text(&self.method));
        let texts =
            [("agent", &self.agent), ("claims", &self.claims), ("resource", &self.resource), ("rpcId", &self.rpc_id)];
        for (name, value) in texts {
            item.extend(value.as_ref().map(|value| (name.to_owned(), text(value))));
        }
        item.extend(self.scopes.as_ref().map(|scopes| ("scopes".to_owned(), names(scopes))));
        item.insert(EXPIRES_AT.into(), AttributeValue::N(self.expires_at.to_string()));
        item
    }

    /// Takes the item of a gateway's request, which must be about that very one whatever its key says.
    pub(crate) fn from_item(item: &Item, gateway: &str, request_id: &str) -> Result<ContextRecord, MalformedItem> {
        check_header(item, "context")?;
        if take_optional(item, "gateway")?.unwrap_or_default() != gateway || !is_gateway(gateway) {
            return Err(MalformedItem("gateway"));
        }
        if take(item, "requestId")? != request_id || !is_request_id(request_id) {
            return Err(MalformedItem("requestId"));
        }
        let scopes = item.contains_key("scopes").then(|| take_texts(item, "scopes")).transpose()?;
        Ok(ContextRecord {
            gateway: gateway.to_owned(),
            request_id: request_id.to_owned(),
            tenant: take_tenant(item)?,
            kind: from_word(take(item, "principalKind")?).ok_or(MalformedItem("principalKind"))?,
            issuer: take(item, "issuer")?.to_owned(),
            subject: take(item, "subject")?.to_owned(),
            agent: take_optional(item, "agent")?,
            actors: take_texts(item, "actors")?,
            roles: take_texts(item, "roles")?,
            scopes,
            claims: checked(take_optional(item, "claims")?, "claims", |kind| kind == Kind::Object)?,
            protocol: RouteProtocol::from_word(take(item, "protocol")?).ok_or(MalformedItem("protocol"))?,
            binding: Some(take(item, "bindingId")?)
                .filter(|id| is_route_id(id))
                .ok_or(MalformedItem("bindingId"))?
                .to_owned(),
            app: Some(take(item, "appId")?).filter(|id| is_route_id(id)).ok_or(MalformedItem("appId"))?.to_owned(),
            agent_name: AgentName::parse(take(item, "agentName")?)
                .ok_or(MalformedItem("agentName"))?
                .as_str()
                .to_owned(),
            target: take_text(item, "target")?.to_owned(),
            method: take_text(item, "method")?.to_owned(),
            resource: take_optional(item, "resource")?,
            rpc_id: checked(take_optional(item, "rpcId")?, "rpcId", |kind| {
                !matches!(kind, Kind::Object | Kind::Array)
            })?,
            expires_at: take_seconds(item, EXPIRES_AT)?,
        })
    }
}

/// Shows no claim, no id and nobody's name.
impl fmt::Debug for ContextRecord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("ContextRecord");
        out.field("tenant", &self.tenant).field("protocol", &self.protocol).field("binding", &self.binding);
        out.finish_non_exhaustive()
    }
}

/// Whether it fits a key.
pub(crate) fn is_gateway(text: &str) -> bool {
    text.len() <= GATEWAY_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether it fits a key.
pub(crate) fn is_request_id(text: &str) -> bool {
    (1..=REQUEST_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

fn take_optional(item: &Item, name: &'static str) -> Result<Option<String>, MalformedItem> {
    item.contains_key(name).then(|| take_text(item, name).map(str::to_owned)).transpose()
}

/// A text that must be JSON of such a kind.
fn checked(
    text: Option<String>,
    name: &'static str,
    is_right: impl Fn(Kind) -> bool,
) -> Result<Option<String>, MalformedItem> {
    match &text {
        Some(json) if !json::parse(json.as_bytes()).is_ok_and(|document| is_right(document.root().kind())) => {
            Err(MalformedItem(name))
        }
        Some(_) | None => Ok(text),
    }
}

fn word(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::User => "USER",
        PrincipalKind::Client => "CLIENT",
    }
}

fn from_word(text: &str) -> Option<PrincipalKind> {
    [PrincipalKind::User, PrincipalKind::Client].into_iter().find(|kind| word(*kind) == text)
}

/// Longest ARN of a gateway, in bytes: it fits DynamoDB's partition key with the longest id of a request, all encoded.
pub const GATEWAY_BYTES_MAX: usize = 400;

/// Longest id of a request, in bytes.
pub const REQUEST_ID_BYTES_MAX: usize = 256;
