//! `tenantgate client`: machines and agents of tenants.

use clap::{Args, Subcommand};
use policy_model::TenantId;
use policy_registry::operate::Subject;
use policy_registry::record::{Client, ScopeBound, Status};
use serde_json::{Value, json};

use crate::answer;
use crate::cli::Verdict;
use crate::confirm::ConfirmArguments;
use crate::failure::Failure;
use crate::member_command::outcome;
use crate::member_file::check_name;
use crate::operator_desk::{ReadArguments, WriteArguments, readable, tenant};

/// Add, list and remove the machine clients and agents of tenants
#[derive(Debug, Subcommand)]
#[command(after_long_help = "Examples:
  tenantgate client add batch --tenant acme --issuer https://idp.example --role batch --scope orders.read --file registry.db
  tenantgate client add support-agent --tenant acme --issuer https://idp.example --all-scopes --file registry.db
  tenantgate client list --tenant acme --file registry.db

What is changed here is in force in every running interceptor within registry.cacheTtlMs (5 s where nothing is said).

Exit codes:
  0  done, or so already
  1  refused, changed by somebody else meanwhile, or the table cannot be reached
  2  wrong usage, or no such tenant or client")]
pub(crate) enum ClientCommand {
    /// Add a client, or change what it may
    #[command(after_long_help = "Exit codes: as of `tenantgate client`")]
    Add(AddArguments),
    /// List the clients of a tenant; with --json one object a line
    #[command(after_long_help = "Exit codes: as of `tenantgate client`")]
    List {
        /// The tenant
        #[arg(long, value_name = "ID", value_parser = tenant)]
        tenant: TenantId,
        #[command(flatten)]
        read: ReadArguments,
    },
    /// Remove a client from a tenant
    #[command(after_long_help = "Exit codes: as of `tenantgate client`")]
    Remove {
        #[command(flatten)]
        client: NameArguments,
        #[command(flatten)]
        confirm: ConfirmArguments,
        #[command(flatten)]
        write: WriteArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct NameArguments {
    /// The client, as its issuer names it
    #[arg(value_name = "ID")]
    client: String,
    /// The tenant
    #[arg(long, value_name = "ID", value_parser = tenant)]
    tenant: TenantId,
    /// The issuer of its tokens, exactly as in the settings; aws:iam for AWS principals
    #[arg(long, value_name = "URL")]
    issuer: String,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("scope-bound").required(true).args(["scopes", "all_scopes", "no_scopes"])))]
pub(crate) struct AddArguments {
    #[command(flatten)]
    name: NameArguments,
    /// A role that it has; may be repeated
    #[arg(long = "role", value_name = "NAME")]
    roles: Vec<String>,
    /// A workspace that it is in; may be repeated
    #[arg(long = "workspace", value_name = "NAME")]
    workspaces: Vec<String>,
    /// A scope that counts in calls that it makes, and no others; may be repeated
    #[arg(long = "scope", value_name = "NAME")]
    scopes: Vec<String>,
    /// All scopes of a token count
    #[arg(long)]
    all_scopes: bool,
    /// No scope of a token counts
    #[arg(long)]
    no_scopes: bool,
    /// It may call nothing
    #[arg(long)]
    suspended: bool,
    /// It may be suspended now, and is active again; without this it stays suspended, and the command is refused
    #[arg(long, conflicts_with = "suspended")]
    lift_suspension: bool,
    #[command(flatten)]
    write: WriteArguments,
}

/// Runs the command.
pub(crate) async fn run(command: &ClientCommand) -> Result<Verdict, Failure> {
    match command {
        ClientCommand::Add(arguments) => add(arguments).await?,
        ClientCommand::List { tenant, read } => list(tenant, read).await?,
        ClientCommand::Remove { client, confirm, write } => remove(client, *confirm, write).await?,
    }
    Ok(Verdict::Success)
}

async fn add(arguments: &AddArguments) -> Result<(), Failure> {
    let AddArguments { name, roles, workspaces, scopes, all_scopes, no_scopes: _, suspended, lift_suspension, write } =
        arguments;
    let scopes = if *all_scopes {
        ScopeBound::Any
    } else {
        let bound = ScopeBound::of(scopes.clone()).filter(|bound| *bound != ScopeBound::Any);
        bound.ok_or_else(|| Failure::input("--scope '*' is no scope; give --all-scopes for all"))?
    };
    let texts = [("the client", &name.client), ("the issuer", &name.issuer)];
    let names =
        roles.iter().map(|role| ("a role", role)).chain(workspaces.iter().map(|workspace| ("a workspace", workspace)));
    texts.into_iter().chain(names).try_for_each(|(what, text)| check_name(what, text)).map_err(Failure::input)?;
    let client = Client {
        issuer: name.issuer.clone(),
        client: name.client.clone(),
        tenant: name.tenant.clone(),
        roles: roles.clone(),
        workspaces: workspaces.clone(),
        scopes,
        status: if *suspended { Status::Suspended } else { Status::Active },
    };
    policy_registry::admin::check_client(&client).map_err(Failure::input)?;
    let mut desk = write.open().await?;
    desk.operator.keep_suspensions(!lift_suspension);
    let done = desk.operator.add_client(&client, write.comment()).await.map_err(|error| desk.failure(&error))?;
    let mut json = client_json(&client);
    if let Some(object) = json.as_object_mut() {
        object.insert("outcome".to_owned(), outcome(done).0.into());
    }
    answer::write(write.json, &json, || {
        format!("client {} of tenant {}: {}", client.client, client.tenant, outcome(done).1)
    })
}

async fn list(tenant: &TenantId, read: &ReadArguments) -> Result<(), Failure> {
    let desk = read.open().await?;
    desk.operator.tenant(tenant).await.map_err(|error| desk.failure(&error))?;
    let mut pages = desk.operator.clients(tenant);
    let mut list = answer::List::new(read.json);
    while let Some(page) = pages.next().await.map_err(|error| desk.failure(&error))? {
        let clients = readable(page);
        list.page(clients.iter().map(client_json), || clients.iter().map(row).collect())?;
    }
    list.end("no clients")
}

async fn remove(name: &NameArguments, confirm: ConfirmArguments, write: &WriteArguments) -> Result<(), Failure> {
    let desk = write.open().await?;
    let NameArguments { client, tenant, issuer } = name;
    let subject = Subject { issuer: issuer.clone(), name: client.clone() };
    confirm.ask(&format!(
        "Remove client {client:?} of issuer {issuer:?} from tenant {tenant} in {}?",
        desk.registry.place
    ))?;
    let done = desk.operator.remove_client(tenant, &subject, write.comment()).await;
    done.map_err(|error| desk.failure(&error))?;
    answer::write(write.json, &json!({"clientId": client, "tenantId": tenant.as_str(), "issuer": issuer}), || {
        format!("removed client {client} from tenant {tenant}")
    })
}

fn scope_words(client: &Client) -> Vec<String> {
    match &client.scopes {
        ScopeBound::Any => vec!["*".to_owned()],
        ScopeBound::OneOf(scopes) => scopes.clone(),
    }
}

/// As an entry of `clients.json`.
fn client_json(client: &Client) -> Value {
    json!({
        "issuer": client.issuer, "clientId": client.client, "tenantId": client.tenant.as_str(), "roles": client.roles,
        "workspaces": client.workspaces, "scopes": scope_words(client), "status": client.status.word(),
    })
}

fn row(client: &Client) -> [String; 5] {
    let scopes = scope_words(client).join(" ");
    [
        client.client.clone(),
        client.status.word().to_owned(),
        client.roles.join(";"),
        format!("[{scopes}]"),
        client.issuer.clone(),
    ]
}
