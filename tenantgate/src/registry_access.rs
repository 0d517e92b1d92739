//! The registry that a command works on: on AWS, at an endpoint, or in a file.

use std::path::PathBuf;

use aws_sdk_dynamodb::Client;
use clap::Args;

use crate::client;
use crate::failure::Failure;
use crate::registry_file::RegistryFile;
use crate::registry_host::DEFAULT_TABLE;

/// Where the registry is. A command that has these has no other argument with the id `table`, `endpoint_url` or `file`.
#[derive(Clone, Debug, Args)]
pub(crate) struct RegistryArguments {
    /// The registry's table
    #[arg(long, value_name = "NAME", default_value = DEFAULT_TABLE, help_heading = "Registry")]
    table: String,
    /// The URL of a DynamoDB of your own [default: AWS]
    #[arg(long, value_name = "URL", help_heading = "Registry")]
    endpoint_url: Option<String>,
    /// A registry in a file, as `registry create --file` makes it; no other command has it open meanwhile
    #[arg(long, value_name = "PATH", conflicts_with = "endpoint_url", help_heading = "Registry")]
    file: Option<PathBuf>,
}

/// A registry that can be reached, as long as this lives.
#[derive(Debug)]
pub(crate) struct RegistryAccess {
    /// What speaks to it.
    pub(crate) client: Client,
    /// The name of its table.
    pub(crate) table: String,
    /// Where it is, for messages.
    pub(crate) place: String,
    _file: Option<RegistryFile>,
}

impl RegistryArguments {
    /// Whether another registry than the default one on AWS is named.
    pub(crate) fn is_named(&self) -> bool {
        self.file.is_some() || self.endpoint_url.is_some() || self.table != DEFAULT_TABLE
    }

    /// The same, where nobody says another, with the table and address of the interceptors' settings. In a file the table has the name
    /// that it was made with.
    pub(crate) fn or_of_settings(&self, table: &str, endpoint_url: Option<&str>) -> RegistryArguments {
        let mut own = self.clone();
        if !self.is_in_file() {
            if own.table == DEFAULT_TABLE {
                table.clone_into(&mut own.table);
            }
            own.endpoint_url = own.endpoint_url.or_else(|| endpoint_url.map(str::to_owned));
        }
        own
    }

    /// Whether nothing of it is on AWS: it is in a file, or on this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.is_in_file() || self.endpoint_url.as_deref().is_some_and(client::is_loopback)
    }

    /// Whether it is in a file.
    pub(crate) fn is_in_file(&self) -> bool {
        self.file.is_some()
    }

    /// Reaches the registry. That there are credentials is checked at once, as their absence has many faces later; whether the
    /// table is there is not.
    pub(crate) async fn open(&self) -> Result<RegistryAccess, Failure> {
        match &self.file {
            Some(path) => self.in_file(RegistryFile::open(path).await?, path).await,
            None => self.elsewhere().await,
        }
    }

    /// Reaches the place where the table is to be made; a file is made where there is none.
    pub(crate) async fn open_to_create(&self) -> Result<RegistryAccess, Failure> {
        match &self.file {
            Some(path) => self.in_file(RegistryFile::create(path).await?, path).await,
            None => self.elsewhere().await,
        }
    }

    async fn in_file(&self, file: RegistryFile, path: &std::path::Path) -> Result<RegistryAccess, Failure> {
        let client = client::client(&client::configuration(Some(file.endpoint_url())).await);
        let place = format!("the table {} in {}", self.table, path.display());
        Ok(RegistryAccess { client, table: self.table.clone(), place, _file: Some(file) })
    }

    async fn elsewhere(&self) -> Result<RegistryAccess, Failure> {
        let configuration = client::configuration(self.endpoint_url.as_deref()).await;
        client::environment(&configuration).await.map_err(|failure| {
            Failure::run(format!(
                "{failure}; or name a DynamoDB of your own with --endpoint-url, or a file with --file"
            ))
        })?;
        let place = match &self.endpoint_url {
            Some(url) => format!("the table {} at {url}", self.table),
            None => format!("the table {}", self.table),
        };
        Ok(RegistryAccess { client: client::client(&configuration), table: self.table.clone(), place, _file: None })
    }
}
