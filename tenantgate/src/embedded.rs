//! An embedded DynamoDB, in memory or in a file, spoken to over real HTTP.

use std::net::Ipv4Addr;

use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::failure::Failure;

/// An embedded DynamoDB; it listens until it is dropped.
#[derive(Debug)]
pub struct EmbeddedDynamoDb {
    endpoint_url: String,
    server: JoinHandle<()>,
}

impl EmbeddedDynamoDb {
    /// Starts an empty one in memory on a free port.
    pub async fn start() -> Result<Self, Failure> {
        let database = Database::memory()
            .map_err(|error| Failure::run(format!("cannot create the embedded DynamoDB: {error}")))?;
        let cannot_listen = |error| Failure::run(format!("cannot listen on a loopback port: {error}"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(cannot_listen)?;
        EmbeddedDynamoDb::serve(listener, database)
    }

    /// Serves a database to whoever connects.
    pub(crate) fn serve(listener: TcpListener, database: Database) -> Result<Self, Failure> {
        let address = listener.local_addr().map_err(|error| Failure::run(format!("cannot listen: {error}")))?;
        let server = tokio::spawn(async move {
            // It ends with the task; what it says then is of no use.
            drop(dynoxide::server::serve_with_shutdown(listener, database, std::future::pending()).await);
        });
        Ok(Self { endpoint_url: format!("http://{address}"), server })
    }

    /// Where it listens.
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }
}

impl Drop for EmbeddedDynamoDb {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    };

    use super::EmbeddedDynamoDb;
    use crate::client;

    #[tokio::test]
    async fn what_is_put_over_http_can_be_read_over_http() {
        let database = EmbeddedDynamoDb::start().await.unwrap();
        let client = client::client(&client::configuration(Some(database.endpoint_url())).await);
        let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap();
        let text = ScalarAttributeType::S;
        let attribute = AttributeDefinition::builder().attribute_name("pk").attribute_type(text).build().unwrap();
        let table = client.create_table().table_name("registry").key_schema(key).attribute_definitions(attribute);
        table.billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
        let value = AttributeValue::S("a".to_owned());
        client.put_item().table_name("registry").item("pk", value.clone()).send().await.unwrap();
        let found = client.get_item().table_name("registry").key("pk", value.clone()).send().await.unwrap();
        assert_eq!(found.item.unwrap()["pk"], value);
    }
}
