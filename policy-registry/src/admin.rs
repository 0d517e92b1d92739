//! Creating, loading and dumping a registry table: the operator's side.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::client::Waiters;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use policy_model::{Policy, TenantId, UserId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::dynamodb_json::{read_item, write_item};
use crate::key::{PK, SK};
use crate::record::{Item, Membership, PolicyRecord, Status, Tenant, sha256_hex};

/// Longest policy document that fits an item (DynamoDB's limit is 400 KB with names and keys), in bytes.
pub const ITEM_DOCUMENT_BYTES_MAX: usize = 380_000;

/// Creates the table, on demand and with both keys, and waits until it can be used.
///
/// # Errors
/// What DynamoDB says, also when the table is there already.
pub async fn create_table(client: &Client, table: &str) -> Result<(), AdminError> {
    let attribute =
        |name: &str| AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build();
    let key = |name: &str, kind: KeyType| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let built = |error: aws_sdk_dynamodb::error::BuildError| AdminError::Table(error.to_string());
    client
        .create_table()
        .table_name(table)
        .attribute_definitions(attribute(PK).map_err(built)?)
        .attribute_definitions(attribute(SK).map_err(built)?)
        .key_schema(key(PK, KeyType::Hash).map_err(built)?)
        .key_schema(key(SK, KeyType::Range).map_err(built)?)
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .map_err(table_error)?;
    client
        .wait_until_table_exists()
        .table_name(table)
        .wait(std::time::Duration::from_secs(60))
        .await
        .map_err(|error| AdminError::Table(format!("table {table} did not become active: {error}")))?;
    Ok(())
}

/// What [`load`] wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Tenants.
    pub tenants: usize,
    /// Memberships.
    pub members: usize,
    /// Policies.
    pub policies: usize,
    /// Raw items.
    pub items: usize,
}

/// Writes what a folder describes: `tenants.json`, `members.json`, `policies/*.json` and, for tests, one raw item in each
/// of `items/*.json`.
/// Nothing is written before all of it has been read and checked.
///
/// # Errors
/// The file and place of the first thing that is wrong, or what DynamoDB says.
pub async fn load(client: &Client, table: &str, folder: &Path) -> Result<LoadReport, AdminError> {
    let (items, report) = read_folder(folder)?;
    for item in items {
        client.put_item().table_name(table).set_item(Some(item)).send().await.map_err(table_error)?;
    }
    Ok(report)
}

/// All items of the table as DynamoDB JSON, in the order of their keys.
///
/// # Errors
/// What DynamoDB says.
pub async fn dump(client: &Client, table: &str) -> Result<Vec<Value>, AdminError> {
    let mut pages = client.scan().table_name(table).consistent_read(true).into_paginator().items().send();
    let mut items: Vec<Item> = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.map_err(table_error)?);
    }
    let part = |item: &Item, name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    items.sort_by_cached_key(|item| (part(item, PK), part(item, SK)));
    Ok(items.iter().map(write_item).collect())
}

fn read_folder(folder: &Path) -> Result<(Vec<Item>, LoadReport), AdminError> {
    if !folder.is_dir() {
        return Err(AdminError::file(
            folder,
            "not a folder; expected one with tenants.json, members.json and policies/",
        ));
    }
    let mut report = LoadReport::default();
    let mut items = Vec::new();
    let mut policies: HashMap<String, (PathBuf, PolicyRecord)> = HashMap::new();
    for path in json_files(&folder.join("policies"))? {
        let record = read_policy(&path)?;
        let id = record.policy.as_str().to_owned();
        if let Some((other, _)) = policies.insert(id, (path.clone(), record)) {
            return Err(AdminError::file(
                &path,
                &format!("has the policyId of {}; give each policy its own", other.display()),
            ));
        }
    }
    let mut tenants = HashSet::new();
    let path = folder.join("tenants.json");
    for (index, document) in read_list::<TenantDocument>(&path)?.into_iter().enumerate() {
        let wrong = |what: &str| AdminError::file(&path, &format!("[{index}]: {what}"));
        let tenant = TenantId::parse(&document.tenant_id).map_err(|error| wrong(&format!("tenantId is {error}")))?;
        let status =
            Status::from_word(&document.status).ok_or_else(|| wrong("status is neither ACTIVE nor SUSPENDED"))?;
        let (_, record) = policies
            .get(&document.policy_id)
            .ok_or_else(|| wrong(&format!("no file in policies/ has the policyId {:?}", document.policy_id)))?;
        if record.tenant != tenant {
            return Err(wrong(&format!("policy {:?} is for tenant {:?}", document.policy_id, record.tenant.as_str())));
        }
        if !tenants.insert(tenant.clone()) {
            return Err(wrong(&format!("tenant {:?} is listed before; keep one", tenant.as_str())));
        }
        let tenant = Tenant { tenant, status, policy: record.policy.clone(), policy_sha256: record.sha256.clone() };
        items.push(tenant.to_item());
        items.push(record.to_item());
        report.tenants += 1;
        report.policies += 1;
    }
    let mut members = HashSet::new();
    let path = folder.join("members.json");
    for (index, document) in read_list::<MemberDocument>(&path)?.into_iter().enumerate() {
        let wrong = |what: &str| AdminError::file(&path, &format!("[{index}]: {what}"));
        let membership = document.membership().map_err(|what| wrong(&what))?;
        if !members.insert(membership.key()) {
            return Err(wrong(&format!(
                "{:?} is listed before as a member of that tenant; keep one",
                membership.subject
            )));
        }
        items.push(membership.to_item());
        report.members += 1;
    }
    for path in json_files(&folder.join("items"))? {
        let value: Value =
            serde_json::from_str(&read_text(&path)?).map_err(|error| AdminError::file(&path, &error.to_string()))?;
        let item = read_item(&value).map_err(|error| AdminError::file(&path, &error))?;
        for name in [PK, SK] {
            let is_key = item.get(name).and_then(|value| value.as_s().ok()).is_some_and(|text| !text.is_empty());
            if !is_key {
                return Err(AdminError::file(&path, &format!("{name}: expected a key, {{\"S\": text}}, not empty")));
            }
        }
        items.push(item);
        report.items += 1;
    }
    Ok((items, report))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TenantDocument {
    tenant_id: String,
    status: String,
    policy_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MemberDocument {
    issuer: String,
    subject: String,
    tenant_id: String,
    #[serde(default)]
    roles: Vec<String>,
    status: String,
}

impl MemberDocument {
    fn membership(self) -> Result<Membership, String> {
        if self.issuer.is_empty() || self.issuer.len() > ISSUER_BYTES_MAX {
            return Err(format!("issuer is not 1 to {ISSUER_BYTES_MAX} bytes long"));
        }
        UserId::parse(&self.subject).map_err(|error| format!("subject is {error}"))?;
        let tenant = TenantId::parse(&self.tenant_id).map_err(|error| format!("tenantId is {error}"))?;
        let status = Status::from_word(&self.status).ok_or("status is neither ACTIVE nor SUSPENDED")?;
        if self.roles.iter().any(String::is_empty) {
            return Err("a role is empty".to_owned());
        }
        Ok(Membership { issuer: self.issuer, subject: self.subject, tenant, roles: self.roles, status })
    }
}

/// Longest issuer, in bytes: with the longest subject it fits DynamoDB's partition key when every byte is encoded.
pub const ISSUER_BYTES_MAX: usize = 400;

fn read_policy(path: &Path) -> Result<PolicyRecord, AdminError> {
    let document = read_text(path)?;
    let policy = Policy::parse(document.as_bytes()).map_err(|error| AdminError::file(path, &error.to_string()))?;
    if document.len() > ITEM_DOCUMENT_BYTES_MAX {
        return Err(AdminError::file(
            path,
            &format!("longer than {ITEM_DOCUMENT_BYTES_MAX} bytes, which one item can hold"),
        ));
    }
    let sha256 = sha256_hex(document.as_bytes());
    Ok(PolicyRecord { tenant: policy.tenant().clone(), policy: policy.id().clone(), sha256, document })
}

/// The elements of a list in a file; none if there is no such file.
fn read_list<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, AdminError> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    serde_json::from_str(&read_text(path)?).map_err(|error| AdminError::file(path, &error.to_string()))
}

fn read_text(path: &Path) -> Result<String, AdminError> {
    std::fs::read_to_string(path).map_err(|error| AdminError::file(path, &error.to_string()))
}

/// The `*.json` files of a folder in the order of their names; none if there is no such folder.
fn json_files(folder: &Path) -> Result<Vec<PathBuf>, AdminError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(|error| AdminError::file(folder, &error.to_string()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| AdminError::file(folder, &error.to_string()))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// What went wrong for the operator.
#[derive(Debug)]
pub enum AdminError {
    /// A file that does not say what it should.
    File {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it, where, and what would be right.
        problem: String,
    },
    /// DynamoDB refused or did not answer.
    Table(String),
}

impl AdminError {
    fn file(path: &Path, problem: &str) -> AdminError {
        AdminError::File { path: path.to_owned(), problem: problem.to_owned() }
    }
}

impl fmt::Display for AdminError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AdminError::File { path, problem } => write!(out, "{}: {problem}", path.display()),
            AdminError::Table(problem) => write!(out, "DynamoDB: {problem}"),
        }
    }
}

impl std::error::Error for AdminError {}

/// The error and its causes in one line, each once.
fn table_error<E, R>(error: SdkError<E, R>) -> AdminError
where
    E: std::error::Error + 'static,
    R: fmt::Debug + 'static,
{
    let mut line = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        let text = next.to_string();
        if !line.ends_with(&text) {
            line = format!("{line}: {text}");
        }
        cause = next.source();
    }
    AdminError::Table(line)
}
