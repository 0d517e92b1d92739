//! `tenantgate registry`: the table of memberships, tenants and policies.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use policy_registry::admin::{self, AdminError, LoadReport};
use serde_json::{Value, json};

use crate::cli::Verdict;
use crate::failure::Failure;
use crate::registry_access::RegistryArguments;
use crate::registry_file::RegistryFile;

/// Create, fill, read and serve the registry table, on AWS, at --endpoint-url or in --file
#[derive(Debug, Subcommand)]
#[command(after_long_help = "Examples:
  tenantgate registry create --file registry.db
  tenantgate registry load fixtures/registry --file registry.db
  tenantgate registry serve --file registry.db --listen 127.0.0.1:8000
  tenantgate registry create --endpoint-url http://127.0.0.1:8000
  AWS_PROFILE=staging tenantgate registry dump --json

Without --endpoint-url and --file these commands speak to AWS, with the usual profiles, SSO and AWS_* variables.
The embedded registry of replay and invoke lives only as long as those commands.

A registry in a file is one for trials, tests and a single machine. While a command has it open it is served on a loopback
port, which whoever is logged in to the machine can reach, and other commands wait for it.

Exit codes:
  0  done
  1  the table refused or could not be reached
  2  wrong usage, or a file or folder that is not what it should be")]
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
    /// Serve a registry in a file to interceptors on this machine, until interrupted
    #[command(
        after_long_help = "Anybody on this machine can then read and write the registry: it knows no credentials.

Example:
  tenantgate registry serve --file registry.db --listen 127.0.0.1:8000

Exit codes: as of `tenantgate registry`"
    )]
    Serve {
        /// The file, as `registry create --file` makes it
        #[arg(long, value_name = "PATH")]
        file: PathBuf,
        /// The loopback address and port to listen on; port 0 takes a free one
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000", value_parser = loopback)]
        listen: SocketAddr,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TableArguments {
    #[command(flatten)]
    registry: RegistryArguments,
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
        RegistryCommand::Serve { file, listen } => serve(file, *listen).await?,
    }
    Ok(Verdict::Success)
}

async fn create(arguments: &TableArguments) -> Result<(), Failure> {
    let registry = arguments.registry.open_to_create().await?;
    admin::create_table(&registry.client, &registry.table)
        .await
        .map_err(|error| Failure::run(format!("cannot create {}: {error}", registry.place)))?;
    emit(arguments, &json!({ "table": registry.table }), || format!("created {}", registry.place))
}

async fn load(directory: &Path, arguments: &TableArguments) -> Result<(), Failure> {
    if !directory.is_dir() {
        return Err(Failure::input(format!("{} is no folder", directory.display())));
    }
    let registry = arguments.registry.open().await?;
    let loaded = admin::load(&registry.client, &registry.table, directory).await.map_err(|error| {
        let text = format!("cannot load {} into {}: {error}", directory.display(), registry.place);
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
    let registry = arguments.registry.open().await?;
    let items = admin::dump(&registry.client, &registry.table)
        .await
        .map_err(|error| Failure::run(format!("cannot read {}: {error}", registry.place)))?;
    let lines: Vec<String> = items.iter().map(summary).collect();
    emit(arguments, &Value::Array(items), || lines.join("\n"))
}

/// The line on stdout says where it listens, once it does.
async fn serve(path: &Path, address: SocketAddr) -> Result<(), Failure> {
    let file = RegistryFile::open_at(path, address).await?;
    let mut out = io::stdout().lock();
    writeln!(out, "serving {} at {}", path.display(), file.endpoint_url())?;
    out.flush()?;
    drop(out);
    tokio::signal::ctrl_c().await.map_err(|error| Failure::run(format!("cannot wait for an interrupt: {error}")))
}

/// There are no credentials to ask for, so nobody from elsewhere is let in.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "must be an address and a port, as 127.0.0.1:8000".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("must be a loopback address, as 127.0.0.1:8000".to_owned())
    }
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
