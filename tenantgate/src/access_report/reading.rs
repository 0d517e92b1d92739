//! What the table says of tenants: each with its policy, and policies of one content once.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use policy_model::outline::{OutlinedRule, outline};
use policy_model::{Policy, PolicyId, TenantId};
use policy_registry::examine::{Examined, examine, key_of, policy_at};
use policy_registry::key::{DIRECTORY, Key, LISTED_IN, PK, Place, SK};
use policy_registry::record::{Item, KillSwitch, PolicyPointer, Status};
use serde_json::Value;
use tokio::time::{Duration, sleep};

use crate::client::with_sources;
use crate::failure::Failure;

/// All that is read of a table.
#[derive(Debug, Default)]
pub(super) struct Registry {
    /// In the order of their ids.
    pub(super) tenants: Vec<Tenant>,
    pub(super) contents: Vec<Content>,
    /// Why the baseline cannot be used, or the baseline.
    pub(super) baseline: Option<Result<Baseline, String>>,
    /// What operators stopped, or that it cannot be read.
    pub(super) kills: Option<Result<KillSwitch, String>>,
    /// Items of the list of tenants that are none.
    pub(super) malformed: Vec<String>,
}

/// A tenant.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) id: TenantId,
    pub(super) status: Status,
    pub(super) policy: PolicyId,
    /// Which of the contents it is under, or why under none.
    pub(super) content: Result<usize, String>,
}

/// A policy, whatever its tenant and its id.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) policy: Policy,
    pub(super) rules: Vec<OutlinedRule>,
    pub(super) tenants: usize,
}

/// The policy over all tenants.
#[derive(Debug)]
pub(super) struct Baseline {
    pub(super) policy: Policy,
    pub(super) rules: Vec<OutlinedRule>,
    pub(super) sha256: String,
    pub(super) version: Option<String>,
}

/// Reads the tenants through the index, or, where there is none, by a scan; then their policies.
pub(super) async fn read(client: &Client, table: &str) -> Result<Registry, Failure> {
    let mut registry = Registry::default();
    let mut pointers: BTreeMap<TenantId, (Status, PolicyPointer)> = BTreeMap::new();
    for item in tenants(client, table).await? {
        match examine(&item) {
            Ok(Examined::Tenant(tenant)) => {
                pointers.insert(tenant.tenant, (tenant.status, tenant.policy));
            }
            Ok(_) | Err(_) => registry.malformed.push(key_of(&item).pk),
        }
    }
    let keys: Vec<Key> = pointers.keys().map(|tenant| Key::policy(&Place::Active(tenant.clone()))).collect();
    let mut known: HashMap<String, usize> = HashMap::new();
    for keys in keys.chunks(BATCH_KEYS) {
        for item in batch(client, table, keys).await? {
            let (place, record) = match examine(&item) {
                Ok(Examined::Policy(place, record)) => (place, record),
                Ok(_) | Err(_) => continue,
            };
            let Some(id) = place.tenant().cloned() else { continue };
            let Some((status, pointer)) = pointers.remove(&id) else { continue };
            let policy = if record.pointer() == pointer {
                policy_at(&place, &record)
            } else {
                Err("pointer and policy do not agree".to_owned())
            };
            let content = policy.map(|policy| {
                let index = *known.entry(content_of(&record.document)).or_insert_with(|| {
                    let rules = outline(record.document.as_bytes());
                    registry.contents.push(Content { policy, rules, tenants: 0 });
                    registry.contents.len() - 1
                });
                if let Some(content) = registry.contents.get_mut(index) {
                    content.tenants += 1;
                }
                index
            });
            registry.tenants.push(Tenant { id, status, policy: pointer.policy, content });
        }
    }
    let without = pointers.into_iter().map(|(id, (status, pointer))| {
        let content = Err("its policy is not there, or cannot be read".to_owned());
        Tenant { id, status, policy: pointer.policy, content }
    });
    registry.tenants.extend(without);
    registry.tenants.sort_by(|one, other| one.id.cmp(&other.id));
    registry.baseline = baseline(client, table).await?;
    let switch = batch(client, table, &[KillSwitch::key()]).await?;
    registry.kills = switch.first().map(|item| {
        KillSwitch::from_item(item).map_err(|malformed| format!("{} is not what it should be", malformed.0))
    });
    Ok(registry)
}

/// The document without what is only its tenant's.
fn content_of(document: &str) -> String {
    let Ok(Value::Object(mut members)) = serde_json::from_str::<Value>(document) else { return document.to_owned() };
    for name in ["tenantId", "policyId", "description"] {
        members.remove(name);
    }
    Value::Object(members).to_string()
}

async fn tenants(client: &Client, table: &str) -> Result<Vec<Item>, Failure> {
    let listed = client
        .query()
        .table_name(table)
        .index_name(DIRECTORY)
        .key_condition_expression("#list = :list")
        .expression_attribute_names("#list", LISTED_IN)
        .expression_attribute_values(":list", AttributeValue::S("TENANTS".to_owned()));
    let mut pages = listed.into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        match item {
            Ok(item) => items.push(item),
            // Older tables have no index.
            Err(_) if items.is_empty() => return scanned(client, table).await,
            Err(error) => return Err(unreadable(table, &error)),
        }
    }
    if items.is_empty() { scanned(client, table).await } else { Ok(items) }
}

/// Reads the whole table for it.
async fn scanned(client: &Client, table: &str) -> Result<Vec<Item>, Failure> {
    let scan = client
        .scan()
        .table_name(table)
        .filter_expression("begins_with(#pk, :tenant) AND #sk = :sk")
        .expression_attribute_names("#pk", PK)
        .expression_attribute_names("#sk", SK)
        .expression_attribute_values(":tenant", AttributeValue::S("TENANT#".to_owned()))
        .expression_attribute_values(":sk", AttributeValue::S("TENANT".to_owned()));
    let mut pages = scan.into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.map_err(|error| unreadable(table, &error))?);
    }
    Ok(items)
}

async fn baseline(client: &Client, table: &str) -> Result<Option<Result<Baseline, String>>, Failure> {
    let items = batch(client, table, &[Key::baseline(), Key::policy(&Place::Baseline)]).await?;
    let (mut pointer, mut record, mut version) = (None, None, None);
    for item in &items {
        match examine(item) {
            Ok(Examined::Baseline(own)) => {
                pointer = Some(own.policy);
                version = item.get("policyVersion").and_then(|version| version.as_n().ok()).cloned();
            }
            Ok(Examined::Policy(_, own)) => record = Some(own),
            Ok(_) => {}
            Err(_) => return Ok(Some(Err("an item of it is malformed".to_owned()))),
        }
    }
    let Some(pointer) = pointer else { return Ok(None) };
    let Some(record) = record.filter(|record| record.pointer() == pointer) else {
        return Ok(Some(Err("pointer and policy do not agree".to_owned())));
    };
    let rules = outline(record.document.as_bytes());
    let policy = policy_at(&Place::Baseline, &record);
    Ok(Some(policy.map(|policy| Baseline { policy, rules, sha256: record.sha256, version })))
}

/// All items of these keys that are there.
async fn batch(client: &Client, table: &str, keys: &[Key]) -> Result<Vec<Item>, Failure> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let key = |key: &Key| HashMap::from([(PK.to_owned(), text(&key.pk)), (SK.to_owned(), text(&key.sk))]);
    let built =
        KeysAndAttributes::builder().consistent_read(true).set_keys(Some(keys.iter().map(key).collect())).build();
    let built = built.map_err(|error| Failure::run(error.to_string()))?;
    let mut left = Some(HashMap::from([(table.to_owned(), built)]));
    let mut items = Vec::new();
    for attempt in 0..ATTEMPTS_MAX {
        let Some(wanted) = left.take().filter(|left| !left.is_empty()) else { return Ok(items) };
        if attempt > 0 {
            sleep(Duration::from_millis(100 << attempt)).await;
        }
        let answer = client.batch_get_item().set_request_items(Some(wanted)).send().await;
        let answer = answer.map_err(|error| unreadable(table, &error))?;
        items.extend(answer.responses.unwrap_or_default().into_values().flatten());
        left = answer.unprocessed_keys;
    }
    match left.filter(|left| !left.is_empty()) {
        None => Ok(items),
        Some(_) => Err(Failure::run(format!("the table {table} is throttled; try again later"))),
    }
}

fn unreadable(table: &str, error: &dyn std::error::Error) -> Failure {
    Failure::run(format!("cannot read the table {table}: {}", with_sources(error)))
}

/// Policies may have 380 KB, and an answer has 16 MB at most.
const BATCH_KEYS: usize = 40;

const ATTEMPTS_MAX: u32 = 8;
