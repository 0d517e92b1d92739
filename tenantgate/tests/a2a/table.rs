//! The table behind the interceptors, as its operators and DynamoDB itself change it.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::admin;
use serde_json::Value;
use tempfile::TempDir;
use tenantgate::registry_host::{DEFAULT_TABLE, RegistryHost};

use crate::registry;

/// A table in an embedded DynamoDB, and the folder that it was filled from.
pub(crate) struct Table {
    host: RegistryHost,
    folder: TempDir,
}

impl Table {
    pub(crate) async fn filled() -> Table {
        let folder = TempDir::new().unwrap();
        registry::write(folder.path());
        let host = RegistryHost::start(None, DEFAULT_TABLE).await.unwrap();
        host.fill(Some(folder.path())).await.unwrap();
        Table { host, folder }
    }

    pub(crate) fn name(&self) -> &str {
        self.host.table()
    }

    /// Where its DynamoDB listens.
    pub(crate) fn url(&self) -> &str {
        self.host.endpoint_url()
    }

    pub(crate) async fn environment(&self) -> Vec<(String, String)> {
        self.host.environment().await.unwrap()
    }

    /// Writes a document of the folder anew, and the whole folder into the table.
    pub(crate) async fn load(&self, name: &str, document: Value) {
        registry::put(self.folder.path(), name, document);
        admin::load(&self.host.client(), self.name(), self.folder.path()).await.unwrap();
    }

    /// The lengths of the decision contexts, as DynamoDB counts them.
    pub(crate) async fn context_lengths(&self) -> Vec<usize> {
        self.contexts()
            .await
            .iter()
            .map(|item| item.iter().map(|(name, value)| name.len() + length(value)).sum())
            .collect()
    }

    /// Deletes all decision contexts, as DynamoDB does when they are over; gives their number.
    pub(crate) async fn forget(&self) -> usize {
        let contexts = self.contexts().await;
        for item in &contexts {
            let delete = self.host.client().delete_item().table_name(self.name());
            delete.key("pk", item["pk"].clone()).key("sk", item["sk"].clone()).send().await.unwrap();
        }
        contexts.len()
    }

    async fn contexts(&self) -> Vec<Item> {
        let all = self.host.client().scan().table_name(self.name()).consistent_read(true).send().await.unwrap();
        assert_eq!(all.last_evaluated_key, None, "one page has them all");
        let is_context = |item: &Item| item["pk"].as_s().unwrap().starts_with("CONTEXT#");
        all.items.unwrap().into_iter().filter(is_context).collect()
    }
}

type Item = std::collections::HashMap<String, AttributeValue>;

/// Of the three kinds of values that a context has.
fn length(value: &AttributeValue) -> usize {
    if let Ok(text) = value.as_s() {
        return text.len();
    }
    if let Ok(digits) = value.as_n() {
        // Two digits are a byte, and the number itself is one.
        return digits.len().div_ceil(2) + 1;
    }
    3 + value.as_l().unwrap().iter().map(|value| 1 + length(value)).sum::<usize>()
}
