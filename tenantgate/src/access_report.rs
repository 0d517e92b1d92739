//! `tenantgate report`: who may do what, which grants are wide, which rules nobody needs, and what changed.
//!
//! In reading order: `reading` is what the table says, `usage` what audit lines say, `matrix` what each tenant's callers may do, `span` the same of many
//! tools at once, `book` all that is told, `html` and `markdown` tell it.

mod book;
mod html;
mod markdown;
mod matrix;
mod reading;
mod span;
mod usage;

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use policy_registry::operate::Operator;
use policy_registry::record::{KillScope, KillSwitch, LogEntry, Status};
use serde_json::Value;
use tempfile::NamedTempFile;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::Verdict;
use crate::failure::Failure;
use crate::input;
use crate::registry_access::RegistryArguments;
use crate::registry_host::{DEFAULT_TABLE, RegistryHost};
use crate::route_check;
use book::{Book, Change, Listed, Over};
use reading::Registry;
use usage::Usage;

/// Tell who may do what: a page for people, or Markdown for pull requests
#[derive(Debug, Args)]
#[command(after_long_help = "The page has everything in it and asks for nothing, not even the network. It has
  tenants and tools    what every member may (yes), what depends on caller, token, arguments or time (if), what nobody
                       may (no), each with the rule that says so; tenants of whom the same is said share a row
  wide grants          rules that allow all tools, all of a target, or some of several targets
  unused rules         rules that settled nothing in the audit lines of --audit
  recent changes       the registry's log
  suspended tenants, stops that are in force, the baseline

Tools are those that policies name, those of --audit, and those of --tools. Patterns stand for all that fits them, and
`(any other)` for what nobody names: where rules say different things of such tools, it is `if`.
At most 150 tools and 300 groups of tenants are shown; what is left out is said.

Examples:
  tenantgate report --out report.html
  tenantgate report --out report.html --audit audit.jsonl --tools tools.json
  tenantgate report --registry registry --format markdown
  tenantgate report --file registry.db --format markdown --out report.md

Exit codes:
  0  written
  1  the registry cannot be read, or the report cannot be written
  2  wrong usage, or a file that cannot be read")]
pub(crate) struct ReportArguments {
    /// Where to write it [default for Markdown: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What to write
    #[arg(long, value_name = "FORMAT", default_value = "html")]
    format: Format,
    /// Audit lines, one JSON document a line; - is standard input; may be repeated
    #[arg(long, value_name = "FILE")]
    audit: Vec<String>,
    /// Tools to show: a captured answer to tools/list, or a list of names; may be repeated
    #[arg(long, value_name = "FILE")]
    tools: Vec<String>,
    /// Of how many days changes are told
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=366))]
    days: u64,
    /// A folder that a registry would be loaded from, in the place of a registry
    #[arg(long, value_name = "DIR", conflicts_with_all = ["endpoint_url", "file"])]
    registry: Option<PathBuf>,
    #[command(flatten)]
    place: RegistryArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One page for people
    Html,
    /// For pull requests
    Markdown,
}

/// Runs the command.
pub(crate) async fn run(arguments: &ReportArguments) -> Result<Verdict, Failure> {
    input::check_once(arguments.audit.iter().chain(&arguments.tools).map(String::as_str))?;
    if arguments.out.is_none() && arguments.format == Format::Html {
        return Err(Failure::input(
            "the page is a file; name it with --out, as report.html, or give --format markdown",
        ));
    }
    let usage = Usage::read(&arguments.audit)?;
    let mut tools: BTreeSet<String> = BTreeSet::new();
    for file in &arguments.tools {
        tools.extend(tools_of(file)?);
    }
    let book = match &arguments.registry {
        Some(folder) => {
            let host = RegistryHost::start(None, DEFAULT_TABLE).await?;
            host.fill(Some(folder)).await?;
            arguments.book(&host.client(), DEFAULT_TABLE, &folder.display().to_string(), usage, tools).await?
        }
        None => {
            let access = arguments.place.open().await?;
            arguments.book(&access.client, &access.table, &access.place, usage, tools).await?
        }
    };
    match &arguments.out {
        Some(file) => save(file, |out| arguments.write(out, &book))?,
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            arguments.write(&mut out, &book).and_then(|()| out.flush())?;
        }
    }
    Ok(Verdict::Success)
}

impl ReportArguments {
    fn write(&self, out: &mut impl Write, book: &Book) -> io::Result<()> {
        match self.format {
            Format::Html => html::write(out, book),
            Format::Markdown => markdown::write(out, book),
        }
    }

    async fn book(
        &self,
        client: &aws_sdk_dynamodb::Client,
        table: &str,
        source: &str,
        usage: Option<Usage>,
        tools: BTreeSet<String>,
    ) -> Result<Book, Failure> {
        let registry = reading::read(client, table).await?;
        let told = |error: policy_registry::operate::OperateError| {
            Failure::run(format!("cannot read the table {table}: {error}"))
        };
        let operator = Operator::new(client.clone(), table, "report").map_err(told)?;
        let nothing = KillSwitch::default();
        let kills = registry.kills.as_ref().map_or(Ok(&nothing), |kills| kills.as_ref().map_err(String::as_str));
        let mut notes = notes(&registry, usage.as_ref());
        let entries = match operator.recent_log(self.days, CHANGES_MAX + 1).await {
            Ok(entries) => entries,
            Err(error) => {
                notes.push(format!("recent changes could not be read: {error}"));
                Vec::new()
            }
        };
        let malformed = entries.iter().filter(|entry| entry.is_err()).count();
        if malformed > 0 {
            notes.push(format!("{malformed} entries of the log are malformed and left out"));
        }
        let changes: Vec<Change> = entries.into_iter().flatten().map(change).collect();
        let now = OffsetDateTime::now_utc();
        let others = tools.into_iter().chain(usage.iter().flat_map(|usage| usage.tools.iter().cloned()));
        let columns = matrix::columns(&registry, others);
        let matrix = matrix::matrix(&registry, columns, kills, now.unix_timestamp());
        let names = book::tenants_of(&registry);
        let stops = match kills {
            Ok(switch) => switch.kills.clone(),
            Err(why) => {
                notes.push(format!("what operators stopped cannot be read, and everybody is refused: {why}"));
                Vec::new()
            }
        };
        let suspended = registry.tenants.iter().filter(|tenant| match tenant.status {
            Status::Suspended => true,
            Status::Active => false,
        });
        Ok(Book {
            source: source.to_owned(),
            time: time(u64::try_from(now.unix_timestamp()).unwrap_or_default()),
            tenants: registry.tenants.len(),
            suspended: suspended.map(|tenant| tenant.id.to_string()).collect(),
            policies: registry.contents.len(),
            matrix,
            wide: book::wide(&registry, &names),
            unused: usage.as_ref().map(|usage| book::unused(&registry, &names, usage)),
            changes: Listed::first(changes, CHANGES_MAX),
            days: self.days,
            baseline: registry.baseline.map(|baseline| {
                baseline.map(|own| Over {
                    policy: own.policy.id().to_string(),
                    sha256: own.sha256,
                    version: own.version.map_or("never published".to_owned(), |version| format!("version {version}")),
                    rules: own.rules,
                })
            }),
            kills: stops,
            notes,
        })
    }
}

/// What no report says, and what this one could not.
fn notes(registry: &Registry, usage: Option<&Usage>) -> Vec<String> {
    let mut notes = vec![
        "It is about tools. Prompts, resources, agents and models are decided by rules, too; `tenantgate what-can` says more of one caller.".to_owned(),
        "Bounds on arguments, pins and redactions are not in the matrix: a call that is allowed may still be refused for them.".to_owned(),
        "Whoever is no member, or suspended, may nothing.".to_owned(),
    ];
    for key in registry.malformed.iter().take(NOTES_MAX) {
        notes.push(format!("the item {key:?} is no tenant, and its callers are refused"));
    }
    if let Some(usage) = usage {
        if usage.others > 0 {
            notes.push(format!("{} lines of the files given with --audit are no audit lines", usage.others));
        }
        if !usage.is_whole() {
            notes.push(
                "the audit lines name more tools or rules than are counted; some rules may wrongly count as unused"
                    .to_owned(),
            );
        }
    }
    notes
}

fn change(entry: LogEntry) -> Change {
    let mut what = vec![entry.tenant.as_ref().map_or("all tenants".to_owned(), |tenant| format!("tenant {tenant}"))];
    match (entry.from_version, entry.to_version) {
        (Some(from), Some(to)) => what.push(format!("version {from} to {to}")),
        (Some(version), None) | (None, Some(version)) => what.push(format!("version {version}")),
        (None, None) => {}
    }
    what.extend(entry.details.iter().map(|(name, value)| format!("{name} {value}")));
    what.extend(entry.change_set.iter().map(|id| format!("change set {id}")));
    Change {
        time: time(entry.at),
        author: entry.author,
        action: entry.action.word(),
        what: what.join(", "),
        comment: entry.comment.unwrap_or_default(),
    }
}

/// What a kill stops, in words.
fn kill_scope(scope: &KillScope) -> String {
    match scope {
        KillScope::All => "everything".to_owned(),
        KillScope::Tenant(tenant) => format!("tenant {tenant}"),
        KillScope::Resource { resource, tenant: None } => resource.clone(),
        KillScope::Resource { resource, tenant: Some(tenant) } => format!("{resource} of tenant {tenant}"),
    }
}

fn time(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| seconds.to_string())
}

/// The names in an answer to `tools/list`, in its `result`, or in a list.
fn tools_of(file: &str) -> Result<Vec<String>, Failure> {
    let document = route_check::targets::document(file)?;
    let list = [document.pointer("/result/tools"), document.get("tools"), Some(&document)];
    let list = list.into_iter().flatten().find_map(Value::as_array).ok_or_else(|| {
        let name = input::name(file);
        Failure::input(format!("{name} has no tools; expected an answer to tools/list, or a list of names"))
    })?;
    let name = |tool: &Value| tool.as_str().or(tool.get("name").and_then(Value::as_str)).map(str::to_owned);
    Ok(list.iter().filter_map(name).collect())
}

/// Its name is there only when it is whole.
fn save(file: &Path, write: impl FnOnce(&mut BufWriter<&mut NamedTempFile>) -> io::Result<()>) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::run(format!("cannot write {}: {error}", file.display()));
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = NamedTempFile::new_in(directory).map_err(failed)?;
    let mut out = BufWriter::new(&mut temporary);
    write(&mut out).and_then(|()| out.flush()).map_err(failed)?;
    drop(out);
    temporary.persist(file).map_err(|error| failed(error.error))?;
    writeln!(io::stderr().lock(), "tenantgate: wrote {}", file.display())?;
    Ok(())
}

const CHANGES_MAX: usize = 100;

const NOTES_MAX: usize = 20;
