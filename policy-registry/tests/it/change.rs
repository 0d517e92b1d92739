//! What lists show of pinned tools, and the questions of calls.

use policy_model::{Digest, TenantId, ToolName};
use policy_registry::{ChangeRecord, ChangeRefusal, Registry, Sighting};

use crate::endpoint::Endpoint;
use crate::task::{NOW, deadline};

pub(crate) const ORDERS: &str = "orders___getOrder";

/// A changed definition.
pub(crate) fn changed(letter: char) -> Sighting {
    Sighting::Changed(digest(letter))
}

pub(crate) fn digest(letter: char) -> Option<Digest> {
    Some(Digest::parse(&letter.to_string().repeat(64)).unwrap())
}

pub(crate) async fn note(registry: &Registry, seen: &[(&str, Sighting)]) -> Result<(), ChangeRefusal> {
    note_at(registry, NOW, seen).await
}

pub(crate) async fn note_at(registry: &Registry, now: u64, seen: &[(&str, Sighting)]) -> Result<(), ChangeRefusal> {
    let seen: Vec<(ToolName<'_>, Sighting)> = seen.iter().map(|(tool, seen)| (name(tool), *seen)).collect();
    registry.note_sightings(&tenant("acme"), &seen, now, deadline()).await
}

/// The definition that is recorded, if one is.
pub(crate) async fn find(registry: &Registry, tool: &str) -> Result<Option<Option<Digest>>, ChangeRefusal> {
    let found = registry.find_change(&tenant("acme"), &name(tool), deadline()).await;
    found.map(|record| record.map(|record| record.definition))
}

/// A record of [`ORDERS`] in acme.
pub(crate) fn record(letter: char) -> ChangeRecord {
    ChangeRecord { tenant: tenant("acme"), tool: ORDERS.to_owned(), definition: digest(letter), seen_at: NOW }
}

pub(crate) fn tenant(tenant: &str) -> TenantId {
    TenantId::parse(tenant).unwrap()
}

pub(crate) fn name(tool: &str) -> ToolName<'_> {
    ToolName::parse(tool).unwrap()
}

/// What was asked of the table, in order.
pub(crate) fn operations(endpoint: &Endpoint) -> Vec<String> {
    let operation = |target: &str| target.rsplit('.').next().unwrap().to_owned();
    endpoint.requests().iter().map(|request| operation(request.headers["x-amz-target"].to_str().unwrap())).collect()
}
