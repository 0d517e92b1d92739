//! `tenantgate kill`: what is stopped at once, and started again.

use clap::{Args, Subcommand};
use policy_model::TenantId;
use policy_registry::operate::{Kill, KillTarget, Killed, OperateError};
use serde_json::{Value, json};

use crate::answer;
use crate::cli::Verdict;
use crate::confirm::ConfirmArguments;
use crate::failure::Failure;
use crate::operator_desk::{Desk, WriteArguments, tenant};

/// Stop a tenant, a tool or everything, and lift that again
#[derive(Debug, Subcommand)]
#[command(after_long_help = "Examples:
  tenantgate kill tenant acme --reason 'stolen key' --file registry.db
  tenantgate kill tool orders___refund --file registry.db
  tenantgate kill tool orders___refund --tenant acme --file registry.db
  tenantgate kill all --yes --file registry.db
  tenantgate kill lift K1 --file registry.db
  tenantgate status --file registry.db

Where neither TENANTGATE_BY nor USER is set, as in containers, --by NAME has to say who does it.

A kill is in force in every running interceptor within registry.cacheTtlMs (5 s where nothing is said) after it is written, and
so is its end. What the gateway had let pass by then may still be answered.

Exit codes:
  0  stopped, or lifted
  1  refused, or the table cannot be reached
  2  wrong usage, or no such kill")]
pub(crate) enum KillCommand {
    /// Stop everybody of a tenant
    #[command(after_long_help = "Exit codes: as of `tenantgate kill`")]
    Tenant {
        #[arg(value_name = "ID", value_parser = tenant, help = "The tenant")]
        tenant: TenantId,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Stop a tool, for all tenants or for one
    #[command(after_long_help = "Exit codes: as of `tenantgate kill`")]
    Tool {
        /// The tool, as orders___refund or orders___*; or what else a rule can deny, as it names it: agent:agent:support
        #[arg(value_name = "NAME", value_parser = tool)]
        tool: String,
        /// For this tenant alone
        #[arg(long, value_name = "ID", value_parser = tenant)]
        tenant: Option<TenantId>,
        #[command(flatten)]
        confirm: ConfirmArguments,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Stop everything for everybody
    #[command(after_long_help = "Exit codes: as of `tenantgate kill`")]
    All {
        #[command(flatten)]
        confirm: ConfirmArguments,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Let what was stopped go on
    #[command(after_long_help = "Exit codes: as of `tenantgate kill`")]
    Lift(LiftArguments),
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("which").required(true).args(["id", "all"])))]
pub(crate) struct LiftArguments {
    /// The kill, as `tenantgate status` names it
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// All of them
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    confirm: ConfirmArguments,
    #[command(flatten)]
    write: WriteArguments,
}

/// Runs the command.
pub(crate) async fn run(command: &KillCommand) -> Result<Verdict, Failure> {
    match command {
        KillCommand::Tenant { tenant, write } => kill(&KillTarget::Tenant(tenant.clone()), write, None).await?,
        KillCommand::Tool { tool, tenant, confirm, write } => {
            let is_every = tenant.is_none() && EVERY_TOOL.contains(&tool.as_str());
            let target = KillTarget::Tool { tool: tool.clone(), tenant: tenant.clone() };
            kill(&target, write, is_every.then_some(*confirm)).await?;
        }
        KillCommand::All { confirm, write } => kill(&KillTarget::All, write, Some(*confirm)).await?,
        KillCommand::Lift(arguments) => lift(arguments).await?,
    }
    Ok(Verdict::Success)
}

async fn kill(target: &KillTarget, write: &WriteArguments, confirm: Option<ConfirmArguments>) -> Result<(), Failure> {
    let desk = write.open().await?;
    if let Some(confirm) = confirm {
        confirm.ask(&format!("Stop {} for everybody by {}?", target_text(target), desk.registry.place))?;
    }
    check_tenant(target, &desk).await?;
    let kill = desk.operator.kill(target, write.comment().unwrap_or(NO_REASON)).await;
    let Killed { kill, is_new } = kill.map_err(|error| desk.failure(&error))?;
    let mut json = kill_json(&kill);
    if let Some(object) = json.as_object_mut() {
        object.insert("changed".to_owned(), is_new.into());
    }
    answer::write(write.json, &json, || {
        let lift = format!("lift it with `tenantgate kill lift {}`", kill.id);
        let target = target_text(&kill.target);
        if is_new {
            return format!("{target} is stopped; {lift}");
        }
        format!("{target} was stopped before, by {} at {}: {}; {lift}", kill.by, answer::time(kill.at), kill.reason)
    })
}

/// A tenant that is not there is misspelt. One that cannot be read can be stopped all the same.
async fn check_tenant(target: &KillTarget, desk: &Desk) -> Result<(), Failure> {
    let tenant = match target {
        KillTarget::Tenant(tenant) | KillTarget::Tool { tenant: Some(tenant), .. } => tenant,
        KillTarget::All | KillTarget::Tool { tenant: None, .. } => return Ok(()),
    };
    match desk.operator.tenant(tenant).await {
        Err(OperateError::NotFound(_)) => {
            Err(Failure::input(format!("tenant {tenant} is not in the registry, and nothing was stopped")))
        }
        Ok(_)
        | Err(
            OperateError::Conflict { .. }
            | OperateError::NotExpected { .. }
            | OperateError::Refused(_)
            | OperateError::Malformed(_)
            | OperateError::Table(_),
        ) => Ok(()),
    }
}

async fn lift(arguments: &LiftArguments) -> Result<(), Failure> {
    let desk = arguments.write.open().await?;
    let ids = match &arguments.id {
        Some(id) => vec![id.clone()],
        None => {
            let kills = match desk.operator.kills().await {
                Err(OperateError::Malformed(what)) => return replace(&desk, &what, arguments).await,
                kills => kills.map_err(|error| desk.failure(&error))?,
            };
            if kills.len() > 1 {
                arguments.confirm.ask(&format!("Lift all {} kills in {}?", kills.len(), desk.registry.place))?;
            }
            kills.into_iter().map(|kill| kill.id).collect()
        }
    };
    let mut lifted = Vec::new();
    for id in ids {
        lifted.push(desk.operator.lift(&id, arguments.write.comment()).await.map_err(|error| desk.failure(&error))?);
    }
    answer::write(arguments.write.json, &Value::Array(lifted.iter().map(kill_json).collect()), || {
        let lines = lifted.iter().map(|kill| format!("{} goes on: {} is lifted\n", target_text(&kill.target), kill.id));
        if lifted.is_empty() { "nothing is stopped".to_owned() } else { lines.collect() }
    })
}

/// Lifts what cannot be read.
async fn replace(desk: &Desk, what: &str, arguments: &LiftArguments) -> Result<(), Failure> {
    let question =
        format!("{what}; everybody is refused. Lift whatever it stops, and begin anew in {}?", desk.registry.place);
    arguments.confirm.ask(&question)?;
    let replaced = desk.operator.replace_unreadable_kills(arguments.write.comment()).await;
    let is_replaced = replaced.map_err(|error| desk.failure(&error))?;
    answer::write(arguments.write.json, &json!([]), || {
        let what = if is_replaced { "the kills could not be read and were replaced: " } else { "" };
        format!("{what}nothing is stopped")
    })
}

/// A tool that can be stopped, as an argument.
fn tool(text: &str) -> Result<String, String> {
    KillTarget::Tool { tool: text.to_owned(), tenant: None }.check().map(|()| text.to_owned())
}

/// A kill for programs.
pub(crate) fn kill_json(kill: &Kill) -> Value {
    let target = match &kill.target {
        KillTarget::All => json!({"all": true}),
        KillTarget::Tenant(tenant) => json!({"tenantId": tenant.as_str()}),
        KillTarget::Tool { tool, tenant } => json!({"tool": tool, "tenantId": tenant.as_ref().map(TenantId::as_str)}),
    };
    json!({"id": kill.id, "target": target, "reason": kill.reason, "by": kill.by, "at": answer::time(kill.at)})
}

/// What a kill stops.
pub(crate) fn target_text(target: &KillTarget) -> String {
    match target {
        KillTarget::All => "everything".to_owned(),
        KillTarget::Tenant(tenant) => format!("tenant {tenant}"),
        KillTarget::Tool { tool, tenant: None } => format!("tool {tool}"),
        KillTarget::Tool { tool, tenant: Some(tenant) } => format!("tool {tool} of tenant {tenant}"),
    }
}

/// Names of all tools, which to stop is like stopping all.
const EVERY_TOOL: [&str; 2] = ["*", "agent:tool:*"];

const NO_REASON: &str = "no reason given";
