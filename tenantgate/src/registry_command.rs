//! `tenantgate registry`: the table of memberships, tenants and policies.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::Client;
use clap::{Args, Subcommand};
use policy_registry::admin::{self, AdminError, LoadReport};
use serde_json::{Value, json};

use crate::cli::Verdict;
use crate::client;
use crate::failure::Failure;
use crate::registry_host::DEFAULT_TABLE;

/// Create, fill and read the registry table, on AWS or at --endpoint-url
#[derive(Debug, Subcommand)]
#[command(after_long_help = "Examples:
  tenantgate registry create --endpoint-url http://127.0.0.1:8000
  tenantgate registry load fixtures/registry --endpoint-url http://127.0.0.1:8000
  AWS_PROFILE=staging tenantgate registry dump --json

Without --endpoint-url these commands speak to AWS, with the usual profiles, SSO and AWS_* variables.
The embedded registry of replay and invoke lives only as long as those commands.")]
pub(crate) enum RegistryCommand {
    /// Create the table
    Create(TableArguments),
    /// Put the tenants, members, clients, routes, policies and raw items of DIR into the table
    Load {
        /// A folder like fixtures/registry
        #[arg(value_name = "DIR")]
        directory: PathBuf,
        #[command(flatten)]
        table: TableArguments,
    },
    /// Write every item of the table, sorted by key
    Dump(TableArguments),
}

#[derive(Debug, Args)]
pub(crate) struct TableArguments {
    /// The registry's table
    #[arg(long, value_name = "NAME", default_value = DEFAULT_TABLE)]
    table: String,
    /// The URL of a DynamoDB of your own [default: AWS]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) async fn run(command: &RegistryCommand) -> Result<Verdict, Failure> {
    match command {
        RegistryCommand::Create(arguments) => create(arguments).await?,
        RegistryCommand::Load { directory, table } => load(directory, table).await?,
        RegistryCommand::Dump(arguments) => dump(arguments).await?,
    }
    Ok(Verdict::Success)
}

async fn create(arguments: &TableArguments) -> Result<(), Failure> {
    let client = connect(arguments.endpoint_url.as_deref()).await?;
    let table = &arguments.table;
    admin::create_table(&client, table)
        .await
        .map_err(|error| Failure::run(format!("cannot create the table {table}: {error}")))?;
    emit(arguments, &json!({ "table": table }), || format!("created the table {table}"))
}

async fn load(directory: &Path, arguments: &TableArguments) -> Result<(), Failure> {
    if !directory.is_dir() {
        return Err(Failure::input(format!("{} is no folder", directory.display())));
    }
    let client = connect(arguments.endpoint_url.as_deref()).await?;
    let loaded = admin::load(&client, &arguments.table, directory).await.map_err(|error| {
        let text = format!("cannot load {} into the table {}: {error}", directory.display(), arguments.table);
        match error {
            AdminError::File { .. } => Failure::input(text),
            AdminError::Table(_) => Failure::run(text),
        }
    })?;
    let LoadReport { tenants, members, clients, routes, policies, shadows, baselines, items } = loaded;
    let counts = json!({"tenants": tenants, "members": members, "clients": clients, "routes": routes, "policies": policies, "shadows": shadows,
                        "baselines": baselines, "items": items});
    emit(arguments, &counts, || {
        format!(
            "loaded {tenants} tenants, {members} members, {clients} clients, {routes} routes, {policies} policies, {shadows} shadow policies, {baselines} baselines \
             and {items} raw items"
        )
    })
}

async fn dump(arguments: &TableArguments) -> Result<(), Failure> {
    let client = connect(arguments.endpoint_url.as_deref()).await?;
    let items = admin::dump(&client, &arguments.table)
        .await
        .map_err(|error| Failure::run(format!("cannot read the table {}: {error}", arguments.table)))?;
    let lines: Vec<String> = items.iter().map(summary).collect();
    emit(arguments, &Value::Array(items), || lines.join("\n"))
}

/// Checks first that there are credentials, as their absence has many faces later.
pub(crate) async fn connect(endpoint_url: Option<&str>) -> Result<Client, Failure> {
    let configuration = client::configuration(endpoint_url).await;
    client::environment(&configuration)
        .await
        .map_err(|failure| Failure::run(format!("{failure}; or name a DynamoDB of your own with --endpoint-url")))?;
    Ok(client::client(&configuration))
}

fn emit(arguments: &TableArguments, json: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if arguments.json {
        writeln!(out, "{json:#}")?
    } else {
        writeln!(out, "{}", text())?
    }
    Ok(())
}

/// Keys and the short attributes of one item on a line.
fn summary(item: &Value) -> String {
    let text = |name: &str| item.get(name).and_then(|value| value.get("S")).and_then(Value::as_str);
    let mut line = format!("{}  {}", text("pk").unwrap_or("?"), text("sk").unwrap_or("?"));
    for name in ["status", "policyId", "sha256"] {
        if let Some(value) = text(name) {
            line += &format!("  {name}={value}");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn an_item_is_summed_up_on_one_line() {
        let item =
            json!({"pk": {"S": "TENANT#acme"}, "sk": {"S": "TENANT"}, "schema": {"N": "1"}, "status": {"S": "ACTIVE"}});
        assert_eq!(super::summary(&item), "TENANT#acme  TENANT  status=ACTIVE");
        assert_eq!(super::summary(&json!({"pk": {"N": "1"}})), "?  ?");
    }
}
