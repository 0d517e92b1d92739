//! Tasks of calls, and the questions about them.

use std::collections::HashMap;
use std::time::Duration;

use policy_model::ToolName;
use policy_registry::{Principal, Registry, TaskId, TaskRecord, TaskRefusal};
use tokio::time::Instant;

use crate::table::principal;

/// When the tests take place, in seconds since 1970.
pub(crate) const NOW: u64 = 1_795_255_200;

/// A task of a call, made now and good for a minute.
pub(crate) fn task(tenant: &str, subject: &str, name: &str) -> TaskRecord {
    let tool = ToolName::parse("orders___getOrder").unwrap();
    TaskRecord::of_call(&principal(tenant, subject), id(name), &tool, NOW + 60)
}

pub(crate) fn id(name: &str) -> TaskId {
    TaskId::parse(name).unwrap()
}

pub(crate) async fn record(registry: &Registry, task: &TaskRecord) -> Result<(), TaskRefusal> {
    registry.record_task(task, deadline()).await
}

pub(crate) async fn find(registry: &Registry, owner: &Principal, name: &str) -> Result<TaskRecord, TaskRefusal> {
    registry.find_task(owner, &id(name), NOW, deadline()).await
}

pub(crate) async fn find_all(
    registry: &Registry,
    owner: &Principal,
    names: &[String],
) -> Result<HashMap<TaskId, TaskRecord>, TaskRefusal> {
    registry.find_tasks(owner, names.iter().map(|name| id(name)), NOW, deadline()).await
}

pub(crate) fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(60)
}
