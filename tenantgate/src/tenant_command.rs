//! `tenantgate tenant`: who may use the gateway at all.

use clap::{Args, Subcommand};
use policy_model::TenantId;
use policy_registry::operate::{OperateError, PolicyState, RemovalStage};
use policy_registry::record::Status;
use serde_json::{Value, json};

use crate::answer;
use crate::cli::Verdict;
use crate::confirm::ConfirmArguments;
use crate::failure::Failure;
use crate::operator_desk::{ReadArguments, WriteArguments, readable, tenant};
use crate::policy_changes::read_document;
use crate::policy_versions::{state_json, state_row};
use crate::progress::Progress;

/// Add, show, list, suspend, resume and remove tenants
#[derive(Debug, Subcommand)]
#[command(after_long_help = "Examples:
  tenantgate tenant add acme --policy acme.json --file registry.db
  tenantgate tenant suspend acme --comment 'invoice 4711' --file registry.db
  tenantgate tenant remove acme --yes --file registry.db

What is changed here is in force in every running interceptor within registry.cacheTtlMs (5 s where nothing is said).

Exit codes:
  0  done, or so already
  1  refused, changed by somebody else meanwhile, or the table cannot be reached
  2  wrong usage, no such tenant, or a file that cannot be used")]
pub(crate) enum TenantCommand {
    /// Add a tenant, active
    #[command(after_long_help = "Exit codes: as of `tenantgate tenant`")]
    Add {
        #[arg(value_name = "ID", value_parser = tenant, help = "The tenant: 1 to 63 of A-Z a-z 0-9 . _ -")]
        tenant: TenantId,
        /// Its policy [default: one without rules, which allows nothing]
        #[arg(long, value_name = "FILE")]
        policy: Option<String>,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Show a tenant as it stands
    #[command(after_long_help = "Exit codes: as of `tenantgate tenant`")]
    Show {
        #[arg(value_name = "ID", value_parser = tenant, help = "The tenant")]
        tenant: TenantId,
        /// Count its members and clients, which reads all of them
        #[arg(long)]
        count: bool,
        #[command(flatten)]
        read: ReadArguments,
    },
    /// List all tenants
    #[command(after_long_help = "Exit codes: as of `tenantgate tenant`")]
    List {
        /// Only those that are suspended
        #[arg(long)]
        suspended: bool,
        #[command(flatten)]
        read: ReadArguments,
    },
    /// Suspend a tenant: its users may call nothing
    #[command(after_long_help = "Exit codes: as of `tenantgate tenant`")]
    Suspend(ChangeArguments),
    /// End a suspension
    #[command(after_long_help = "Exit codes: as of `tenantgate tenant`")]
    Resume(ChangeArguments),
    /// Remove a tenant with its members and clients; versions of its policies and its log stay
    #[command(after_long_help = "Where it was cut off, the same again completes it.

Exit codes: as of `tenantgate tenant`")]
    Remove {
        #[command(flatten)]
        confirm: ConfirmArguments,
        #[command(flatten)]
        change: ChangeArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ChangeArguments {
    #[arg(value_name = "ID", value_parser = tenant, help = "The tenant")]
    tenant: TenantId,
    #[command(flatten)]
    write: WriteArguments,
}

/// Runs the command.
pub(crate) async fn run(command: &TenantCommand) -> Result<Verdict, Failure> {
    match command {
        TenantCommand::Add { tenant, policy, write } => add(tenant, policy.as_deref(), write).await?,
        TenantCommand::Show { tenant, count, read } => show(tenant, *count, read).await?,
        TenantCommand::List { suspended, read } => list(*suspended, read).await?,
        TenantCommand::Suspend(arguments) => set_status(arguments, Status::Suspended).await?,
        TenantCommand::Resume(arguments) => set_status(arguments, Status::Active).await?,
        TenantCommand::Remove { confirm, change } => remove(change, *confirm).await?,
    }
    Ok(Verdict::Success)
}

async fn add(tenant: &TenantId, policy: Option<&str>, write: &WriteArguments) -> Result<(), Failure> {
    let document = policy.map(read_document).transpose()?;
    if let (Some(file), Some(document)) = (policy, &document)
        && document.scope().tenant() != Some(tenant)
    {
        return Err(Failure::input(format!("{file} is for {}, not for tenant {tenant}", document.scope())));
    }
    let desk = write.open().await?;
    let state = desk.operator.add_tenant(tenant, document.as_ref(), write.comment()).await;
    let state = state.map_err(|error| desk.failure(&error))?;
    answer::write(write.json, &state_json(&state), || {
        let what = if document.is_some() { "" } else { ", without rules: it allows nothing" };
        format!("added tenant {tenant} with {} of {}{what}", state.version_text(), state.policy.policy)
    })
}

async fn show(tenant: &TenantId, is_counted: bool, read: &ReadArguments) -> Result<(), Failure> {
    let desk = read.open().await?;
    let fail = |error: OperateError| desk.failure(&error);
    let state = desk.operator.tenant(tenant).await.map_err(fail)?;
    let counted = if is_counted { Some(desk.operator.plan_removal(tenant).await.map_err(fail)?) } else { None };
    let mut json = state_json(&state);
    if let (Some(object), Some(counted)) = (json.as_object_mut(), counted) {
        object.insert("members".to_owned(), counted.members.into());
        object.insert("clients".to_owned(), counted.clients.into());
    }
    answer::write(read.json, &json, || {
        let [_, status, version, policy, _, shadow] = state_row(&state);
        let mut rows = vec![
            ["tenant", tenant.as_str()].map(str::to_owned),
            ["status".to_owned(), status],
            ["policy".to_owned(), policy],
            ["version".to_owned(), version],
            ["sha256".to_owned(), state.policy.sha256.clone()],
            ["shadow".to_owned(), shadow],
            ["revision".to_owned(), state.revision.to_string()],
        ];
        if let Some(counted) = counted {
            rows.push(["members".to_owned(), counted.members.to_string()]);
            rows.push(["clients".to_owned(), counted.clients.to_string()]);
        }
        answer::columns(rows)
    })
}

async fn list(is_suspended_only: bool, read: &ReadArguments) -> Result<(), Failure> {
    let desk = read.open().await?;
    let mut pages = desk.operator.tenants();
    let mut states: Vec<PolicyState> = Vec::new();
    while let Some(page) = pages.next().await.map_err(|error| desk.failure(&error))? {
        states
            .extend(readable(page).into_iter().filter(|state| !is_suspended_only || state.status == Status::Suspended));
    }
    answer::write(read.json, &Value::Array(states.iter().map(state_json).collect()), || {
        let head = ["TENANT", "STATUS", "VERSION", "POLICY", "SHA256", "SHADOW"].map(str::to_owned);
        answer::columns([head].into_iter().chain(states.iter().map(state_row)))
    })
}

async fn set_status(arguments: &ChangeArguments, status: Status) -> Result<(), Failure> {
    let ChangeArguments { tenant, write } = arguments;
    let desk = write.open().await?;
    let change = match status {
        Status::Suspended => desk.operator.suspend_tenant(tenant, write.comment()).await,
        Status::Active => desk.operator.resume_tenant(tenant, write.comment()).await,
    };
    let change = change.map_err(|error| desk.failure(&error))?;
    let json = json!({"tenantId": tenant.as_str(), "status": change.state.status.word(), "changed": change.is_changed});
    answer::write(write.json, &json, || {
        let word = match status {
            Status::Suspended => "suspended",
            Status::Active => "active",
        };
        let already = if change.is_changed { "" } else { " already" };
        format!("tenant {tenant} is {word}{already}")
    })
}

async fn remove(arguments: &ChangeArguments, confirm: ConfirmArguments) -> Result<(), Failure> {
    let ChangeArguments { tenant, write } = arguments;
    let desk = write.open().await?;
    let fail = |error: OperateError| desk.failure(&error);
    let plan = desk.operator.plan_removal(tenant).await.map_err(fail)?;
    if !plan.has_tenant && plan.members + plan.clients == 0 {
        return Err(fail(OperateError::NotFound(format!("tenant {tenant}"))));
    }
    confirm.ask(&format!(
        "Remove tenant {tenant} with {} members and {} clients from {}?",
        plan.members, plan.clients, desk.registry.place
    ))?;
    let mut progress = Progress::new("members and clients removed");
    let done = desk.operator.remove_tenant(tenant, write.comment(), |stage| match stage {
        RemovalStage::Tenant => {}
        RemovalStage::Members(done) => progress.tell(done, plan.members + plan.clients),
    });
    let done = done.await.map_err(fail)?;
    let json = json!({"tenantId": tenant.as_str(), "members": done.members, "clients": done.clients});
    answer::write(write.json, &json, || {
        format!("removed tenant {tenant} with {} members and {} clients", done.members, done.clients)
    })
}
