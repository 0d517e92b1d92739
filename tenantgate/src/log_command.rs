//! `tenantgate log`: what operators did.

use clap::Args;
use policy_model::TenantId;
use policy_registry::operate::LogScope;
use policy_registry::record::LogEntry;
use serde_json::{Value, json};

use crate::answer;
use crate::cli::Verdict;
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::operator_desk::{Desk, ReadArguments, readable, tenant};

/// Tell what was changed in the registry, the newest first
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  tenantgate log --file registry.db
  tenantgate log --tenant acme --limit 100
  tenantgate log --platform --json

The log says who they said they were (--by); who it was is in CloudTrail.

Exit codes:
  0  done
  1  the table cannot be read
  2  wrong usage, or no such tenant")]
pub(crate) struct LogArguments {
    /// What concerns this tenant alone, also one that was removed
    #[arg(long, value_name = "ID", value_parser = tenant, conflicts_with_all = ["platform", "days"])]
    tenant: Option<TenantId>,
    /// What concerns no tenant alone: the baseline, routes and kills
    #[arg(long, conflicts_with = "days")]
    platform: bool,
    /// Of everything, what was changed in so many days; of policies that were published as a set one line
    #[arg(long, value_name = "NUMBER", default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..=366))]
    days: u64,
    /// At most so many changes
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    #[command(flatten)]
    read: ReadArguments,
}

/// Runs the command.
pub(crate) async fn run(arguments: &LogArguments) -> Result<Verdict, Failure> {
    let desk = arguments.read.open().await?;
    let limit = usize::try_from(arguments.limit).unwrap_or(usize::MAX);
    let entries = match (&arguments.tenant, arguments.platform) {
        (Some(tenant), _) => desk.operator.log(&LogScope::Tenant(tenant.clone()), limit).await,
        (None, true) => desk.operator.log(&LogScope::Platform, limit).await,
        (None, false) => desk.operator.recent_log(arguments.days, limit).await,
    };
    let entries = readable(entries.map_err(|error| desk.failure(&error))?);
    if entries.is_empty() {
        check_is_known(&desk, arguments.tenant.as_ref()).await?;
    }
    write(arguments.read.json, &entries)?;
    Ok(Verdict::Success)
}

/// Refuses a tenant that is not there; of one that was removed the log has something to say.
pub(crate) async fn check_is_known(desk: &Desk, tenant: Option<&TenantId>) -> Result<(), Failure> {
    match tenant {
        Some(tenant) => desk.operator.tenant(tenant).await.map(drop).map_err(|error| desk.failure(&error)),
        None => Ok(()),
    }
}

/// Writes entries, in the order given.
pub(crate) fn write(is_json: bool, entries: &[LogEntry]) -> Result<(), Failure> {
    let json = entries.iter().map(entry_json).collect();
    answer::write(is_json, &Value::Array(json), || {
        if entries.is_empty() {
            return "nothing was changed".to_owned();
        }
        let head = ["AT", "BY", "TENANT", "WHAT", "COMMENT"].map(str::to_owned);
        answer::columns([head].into_iter().chain(entries.iter().map(row)))
    })
}

fn row(entry: &LogEntry) -> [String; 5] {
    let tenant = entry.tenant.as_ref().map_or("-".to_owned(), ToString::to_string);
    let mut what = entry.action.word().to_owned();
    match (entry.from_version, entry.to_version) {
        (Some(from), Some(to)) => what += &format!(" {from} -> {to}"),
        (None, Some(to)) => what += &format!(" {to}"),
        (Some(from), None) => what += &format!(" {from}"),
        (None, None) => {}
    }
    for (name, value) in entry.details.iter().filter(|(name, _)| *name != "sha256") {
        what += &format!(" {name}={}", visible(value));
    }
    if let Some(set) = &entry.change_set {
        what += &format!(" changeSet={}", visible(set));
    }
    let comment = entry.comment.clone().unwrap_or_else(|| "-".to_owned());
    [answer::time(entry.at), entry.author.clone(), tenant, what, comment]
}

fn entry_json(entry: &LogEntry) -> Value {
    json!({
        "at": answer::time(entry.at), "author": entry.author, "tenantId": entry.tenant.as_ref().map(TenantId::as_str),
        "action": entry.action.word(), "fromVersion": entry.from_version, "toVersion": entry.to_version,
        "revision": entry.revision(), "changeSet": entry.change_set, "comment": entry.comment, "details": entry.details,
    })
}
