//! `tenantgate member import`: many members from a file, or none of them.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use policy_model::TenantId;
use policy_registry::operate::{ImportPlan, MemberLine, OperateError};
use policy_registry::record::Membership;
use serde_json::{Value, json};

use crate::answer;
use crate::cli::Verdict;
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::member_file::{self, Defaults, Format, Line, MemberFile};
use crate::operator_desk::{Desk, WriteArguments, tenant};
use crate::progress::Progress;

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The file, of 64 MiB at most; - is standard input
    #[arg(value_name = "FILE")]
    members: String,
    /// How it is written [default: as its name ends, .csv, .jsonl or .ndjson]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The tenant, where a line names none; a line that names another one is refused
    #[arg(long, value_name = "ID", value_parser = tenant)]
    tenant: Option<TenantId>,
    /// The issuer, where a line names none
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Import the other lines where some are refused
    #[arg(long)]
    skip_refused: bool,
    /// Where each refused line is written as {"line": number, "reason": text}, one a line; an empty file says that there were none
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Check everything and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Members that are suspended now may become active; without this they stay suspended, whatever their lines say
    #[arg(long)]
    lift_suspension: bool,
    #[command(flatten)]
    write: WriteArguments,
}

/// Runs the command.
pub(crate) async fn run(arguments: &ImportArguments) -> Result<Verdict, Failure> {
    let defaults = Defaults { issuer: arguments.issuer.clone(), tenant: arguments.tenant.clone() };
    let mut file = member_file::read(&arguments.members, arguments.format, &defaults)?;
    let mut desk = arguments.write.open().await?;
    desk.operator.keep_suspensions(!arguments.lift_suspension);
    refuse_unknown_tenants(&desk, &mut file).await?;
    let plan = check(&desk, &mut file).await?;
    file.refused.sort_by_key(|line| line.number);
    if let Some(path) = &arguments.report {
        write_report(path, &file.refused)?;
    }
    tell(&file.refused, arguments.report.is_some())?;
    let refused = file.refused.len();
    if refused > 0 && !arguments.skip_refused {
        let lines = if refused == 1 { "1 line is".to_owned() } else { format!("{refused} lines are") };
        return Err(Failure::input(format!(
            "{lines} refused, and nothing was imported; correct the file, or leave them out with --skip-refused"
        )));
    }
    let members = file.members.len();
    if arguments.dry_run {
        let tenants: BTreeMap<&str, u64> =
            plan.members.iter().map(|(tenant, count)| (tenant.as_str(), *count)).collect();
        answer::write(arguments.write.json, &json!({"dryRun": true, "members": tenants, "refused": refused}), || {
            format!("{members} members would be imported, {refused} lines are refused; nothing was written")
        })?;
        return Ok(Verdict::Success);
    }
    let mut progress = Progress::new("members imported");
    let done = desk.operator.import_members(&plan, lines(&file.members), arguments.write.comment(), |done| {
        progress.tell(done.done, done.total);
    });
    let done = done.await.map_err(|error| desk.failure(&error))?;
    drop(progress);
    let json = json!({"added": done.added, "replaced": done.replaced, "unchanged": done.unchanged,
        "keptSuspended": done.kept_suspended, "refused": refused});
    answer::write(arguments.write.json, &json, || {
        let kept = match done.kept_suspended {
            0 => String::new(),
            count => format!("; {count} stay suspended without --lift-suspension"),
        };
        format!(
            "imported {members} members: {} added, {} replaced, {} unchanged; {refused} lines refused{kept}",
            done.added, done.replaced, done.unchanged
        )
    })?;
    Ok(Verdict::Success)
}

fn lines(members: &[Line<Membership>]) -> impl Iterator<Item = MemberLine> {
    members.iter().map(|line| MemberLine { number: line.number, member: Ok(line.what.clone()) })
}

/// Each tenant is asked for once.
async fn refuse_unknown_tenants(desk: &Desk, file: &mut MemberFile) -> Result<(), Failure> {
    let tenants: HashSet<TenantId> = file.members.iter().map(|line| line.what.tenant.clone()).collect();
    let mut unknown = HashSet::new();
    for tenant in tenants {
        match desk.operator.tenant(&tenant).await {
            Ok(_) => {}
            Err(OperateError::NotFound(_)) => {
                unknown.insert(tenant);
            }
            Err(error) => return Err(desk.failure(&error)),
        }
    }
    file.refuse(|line| {
        unknown.contains(&line.what.tenant).then(|| format!("tenant {} is not in the registry", line.what.tenant))
    });
    Ok(())
}

/// What the registry itself has against lines, which is nothing unless a tenant went meanwhile. It names some of them at a time.
async fn check(desk: &Desk, file: &mut MemberFile) -> Result<ImportPlan, Failure> {
    loop {
        let plan = desk.operator.check_import(lines(&file.members)).await.map_err(|error| desk.failure(&error))?;
        if plan.refused.is_empty() {
            return Ok(plan);
        }
        let refused: BTreeMap<u64, String> = plan.refused.into_iter().map(|line| (line.number, line.problem)).collect();
        file.refuse(|line| refused.get(&line.number).cloned());
    }
}

fn write_report(path: &Path, refused: &[Line<String>]) -> Result<(), Failure> {
    let cannot =
        |error: io::Error| Failure::input(format!("cannot write {}: {error}; nothing was imported", path.display()));
    let mut out = BufWriter::new(File::create(path).map_err(cannot)?);
    for line in refused {
        let entry: Value = json!({"line": line.number, "reason": line.what});
        writeln!(out, "{entry}").map_err(cannot)?;
    }
    out.flush().map_err(cannot)
}

/// The first of them on stderr.
fn tell(refused: &[Line<String>], is_reported: bool) -> Result<(), Failure> {
    let mut terminal = io::stderr().lock();
    for line in refused.iter().take(REFUSED_SHOWN_MAX) {
        writeln!(terminal, "line {}: {}", line.number, visible(&line.what))?;
    }
    if refused.len() > REFUSED_SHOWN_MAX {
        let remedy = if is_reported { "they are in the report" } else { "--report FILE writes all of them" };
        writeln!(terminal, "and {} more; {remedy}", refused.len() - REFUSED_SHOWN_MAX)?;
    }
    Ok(())
}

const REFUSED_SHOWN_MAX: usize = 20;

/// The help after the options.
pub(crate) const HELP: &str = "CSV: the first line names the columns, of issuer, subject, tenantId, roles, workspaces and status; subject must be there.
Several roles or workspaces stand in one value with ; between them. An empty value is one that is not there.
  subject,roles,status
  alice,clerk;manager,ACTIVE
JSON lines: an object a line, as an entry of members.json, with the same names.
  {\"subject\": \"alice\", \"roles\": [\"clerk\", \"manager\"], \"status\": \"ACTIVE\"}
Without a status a member is ACTIVE.

All lines are read and checked first. One that is refused refuses all, unless --skip-refused is given. Members that are there just
so are left alone, others are replaced: an import that was cut off is completed by the same import.

Examples:
  tenantgate member import members.csv --tenant acme --issuer https://idp.example --dry-run --file registry.db
  tenantgate member import members.jsonl --skip-refused --report refused.jsonl --file registry.db

Exit codes:
  0  imported, or checked (--dry-run); with --skip-refused also where lines were left out
  1  the table refused or cannot be reached: the same again completes it
  2  wrong usage, a file that cannot be read, or lines that are refused";
