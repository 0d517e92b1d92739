//! Whose conversation with an agent is.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{AgentName, TenantId};

use super::attributes::{header, text};
use super::{EXPIRES_AT, Item};
use crate::key::Key;
use crate::principal::Principal;
use crate::task_id::TaskId;

/// What messages to an agent have in common, and whose they are. An agent's ids count for all tenants, as the agent knows them so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRecord {
    agent: String,
    id: TaskId,
    tenant: TenantId,
    issuer: String,
    subject: String,
    expires_at: u64,
}

impl ConversationRecord {
    /// The record of a caller's conversation; `expires_at` is the last second in which it counts, since 1970.
    pub fn new(owner: &Principal, agent: &AgentName<'_>, id: TaskId, expires_at: u64) -> ConversationRecord {
        ConversationRecord {
            agent: agent.as_str().to_owned(),
            id,
            tenant: owner.tenant.clone(),
            issuer: owner.issuer.as_ref().to_owned(),
            subject: owner.subject.as_str().to_owned(),
            expires_at,
        }
    }

    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::conversation(&self.agent, &self.id)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "conversation");
        item.insert("agentName".into(), text(&self.agent));
        item.insert("contextId".into(), text(self.id.as_str()));
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("issuer".into(), text(&self.issuer));
        item.insert("subject".into(), text(&self.subject));
        item.insert(EXPIRES_AT.into(), AttributeValue::N(self.expires_at.to_string()));
        item
    }
}
