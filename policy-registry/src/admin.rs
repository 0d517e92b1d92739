//! Creating, loading and dumping a registry table: the operator's side.

mod folder;
mod member;
mod route;

use std::fmt;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::client::Waiters;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TimeToLiveSpecification,
};
use serde_json::Value;

pub use member::{ISSUER_BYTES_MAX, NAME_BYTES_MAX, check_client, check_membership, parse_membership};
pub use route::check_route;

use crate::dynamodb_json::write_item;
use crate::key::{DIRECTORY, Key, LISTED_IN, PK, ROUTE_PREFIX, SK};
use crate::record::{EXPIRES_AT, Item, RouteBinding};

/// Longest policy document that fits an item (DynamoDB's limit is 400 KB with names and keys), in bytes.
pub const ITEM_DOCUMENT_BYTES_MAX: usize = 380_000;

/// Creates the table, on demand, with both keys and the index `directory`, and waits until it can be used. DynamoDB deletes what
/// has expired.
///
/// # Errors
/// What DynamoDB says, also when the table is there already.
pub async fn create_table(client: &Client, table: &str) -> Result<(), AdminError> {
    let attribute =
        |name: &str| AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build();
    let key = |name: &str, kind: KeyType| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let built = |error: aws_sdk_dynamodb::error::BuildError| AdminError::Table(error.to_string());
    let directory = GlobalSecondaryIndex::builder()
        .index_name(DIRECTORY)
        .key_schema(key(LISTED_IN, KeyType::Hash).map_err(built)?)
        .key_schema(key(PK, KeyType::Range).map_err(built)?)
        .projection(Projection::builder().projection_type(ProjectionType::All).build());
    client
        .create_table()
        .table_name(table)
        .attribute_definitions(attribute(LISTED_IN).map_err(built)?)
        .global_secondary_indexes(directory.build().map_err(built)?)
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
    let expiry = TimeToLiveSpecification::builder().enabled(true).attribute_name(EXPIRES_AT).build().map_err(built)?;
    client
        .update_time_to_live()
        .table_name(table)
        .time_to_live_specification(expiry)
        .send()
        .await
        .map_err(table_error)?;
    Ok(())
}

/// What [`load`] wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Tenants.
    pub tenants: usize,
    /// Memberships.
    pub members: usize,
    /// Memberships of clients.
    pub clients: usize,
    /// Bindings of paths.
    pub routes: usize,
    /// Policies in force for a tenant.
    pub policies: usize,
    /// Shadow policies.
    pub shadows: usize,
    /// Baselines, one at most.
    pub baselines: usize,
    /// Raw items.
    pub items: usize,
}

/// Writes what a folder describes: `tenants.json`, `members.json`, `clients.json`, `routes.json`, `policies/*.json` and, for tests, one raw
/// item in each of `items/*.json`.
/// Nothing is written before all of it has been read and checked.
///
/// # Errors
/// The file and place of the first thing that is wrong, or what DynamoDB says.
pub async fn load(client: &Client, table: &str, folder: &Path) -> Result<LoadReport, AdminError> {
    let (items, report) = folder::read(folder)?;
    for item in items {
        client.put_item().table_name(table).set_item(Some(item)).send().await.map_err(table_error)?;
    }
    Ok(report)
}

/// The bindings of `routes.json` in a folder, the longer paths first; none if there is no such file.
///
/// # Errors
/// The place of the first thing that is wrong.
pub fn read_routes(folder: &Path) -> Result<Vec<RouteBinding>, AdminError> {
    route::read_routes(&folder.join(ROUTES_FILE))
}

/// A binding as it stands in a table; or of an item that is none both keys, with a space between them, and the attribute that is
/// wrong.
pub type ListedRoute = Result<RouteBinding, (String, &'static str)>;

/// The bindings of a table, in the order of their keys. The whole table is read for it.
///
/// # Errors
/// What DynamoDB says.
pub async fn list_routes(client: &Client, table: &str) -> Result<Vec<ListedRoute>, AdminError> {
    let scan = client
        .scan()
        .table_name(table)
        .consistent_read(true)
        .filter_expression("begins_with(#pk, :route)")
        .expression_attribute_names("#pk", PK)
        .expression_attribute_values(":route", AttributeValue::S(ROUTE_PREFIX.to_owned()));
    let mut pages = scan.into_paginator().items().send();
    let mut routes = Vec::new();
    while let Some(item) = pages.next().await {
        let item = item.map_err(table_error)?;
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default();
        let key = Key { pk: text(PK), sk: text(SK) };
        let route = RouteBinding::from_item(&item);
        let route = route.map_err(|malformed| (format!("{} {}", key.pk, key.sk), malformed.0));
        routes.push((key, route));
    }
    routes.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(routes.into_iter().map(|(_, route)| route).collect())
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

/// The file of a folder that has the bindings of paths.
pub const ROUTES_FILE: &str = "routes.json";
