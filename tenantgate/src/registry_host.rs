//! The registry that functions under test read: embedded, or a table at an endpoint.

use std::path::Path;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use policy_registry::admin;

use crate::client;
use crate::embedded::EmbeddedDynamoDb;
use crate::failure::Failure;

/// A reachable registry table.
#[derive(Debug)]
pub struct RegistryHost {
    configuration: SdkConfig,
    endpoint_url: String,
    table: String,
    _embedded: Option<EmbeddedDynamoDb>,
}

impl RegistryHost {
    /// A table at an endpoint that exists already, or else in a new embedded DynamoDB (then there is no table yet).
    pub async fn start(endpoint_url: Option<&str>, table: &str) -> Result<Self, Failure> {
        let embedded = match endpoint_url {
            Some(_) => None,
            None => Some(EmbeddedDynamoDb::start().await?),
        };
        let endpoint_url = endpoint_url.or(embedded.as_ref().map(EmbeddedDynamoDb::endpoint_url));
        let endpoint_url = endpoint_url.unwrap_or_default().to_owned();
        let configuration = client::configuration(Some(&endpoint_url)).await;
        Ok(Self { configuration, endpoint_url, table: table.to_owned(), _embedded: embedded })
    }

    /// Creates the table and fills it from a directory, if there is one.
    pub async fn fill(&self, directory: Option<&Path>) -> Result<(), Failure> {
        let client = self.client();
        admin::create_table(&client, &self.table)
            .await
            .map_err(|error| Failure::run(format!("cannot create the table {}: {error}", self.table)))?;
        let Some(directory) = directory else { return Ok(()) };
        match admin::load(&client, &self.table, directory).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::input(format!("cannot load {}: {error}", directory.display()))),
        }
    }

    /// Deletes the table.
    pub async fn delete_table(&self) -> Result<(), Failure> {
        match self.client().delete_table().table_name(&self.table).send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = aws_sdk_dynamodb::error::DisplayErrorContext(error);
                Err(Failure::run(format!("cannot delete the table {}: {error}", self.table)))
            }
        }
    }

    /// A client that speaks to it.
    pub fn client(&self) -> Client {
        client::client(&self.configuration)
    }

    /// The variables by which a function process reaches it.
    pub async fn environment(&self) -> Result<Vec<(String, String)>, Failure> {
        client::environment(&self.configuration).await
    }

    /// Where it listens.
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// The name of its table.
    pub fn table(&self) -> &str {
        &self.table
    }
}

/// The table's name where nobody says another.
pub const DEFAULT_TABLE: &str = "tenantgate-registry";
