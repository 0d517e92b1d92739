//! `tenantgate replay`: every case of the fixtures against the real binaries.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::fixture::{self, Case};
use crate::junit;
use crate::registry_host::{DEFAULT_TABLE, RegistryHost};
use crate::report::{self, CaseResult};
use crate::stage::{Role, Stage};
use crate::trial::{self, Golden};

/// Send every event of the fixtures to the real interceptors and compare what comes back
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  tenantgate replay
  tenantgate replay fixtures/exchanges/tokens --filter expired
  tenantgate replay --binaries target/package/x86_64 --junit replay.xml
  tenantgate replay fixtures/exchanges/tool-names/new-case --bless

A case is a folder with case.json, event.json, reply.json and audit.json, and request.json if it comes after one.
Exit codes: 0 all cases passed, 1 some failed, 2 no case found or the fixtures are broken.")]
pub(crate) struct ReplayArguments {
    /// Folders with cases, or single cases
    #[arg(default_value = "fixtures", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only cases whose name contains TEXT
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Write reply.json and audit.json from what came, if its class is the expected one
    #[arg(long)]
    bless: bool,
    /// Write one JSON document instead of the table
    #[arg(long)]
    json: bool,
    /// Also write a JUnit XML report to FILE
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Where the interceptor binaries are [default: beside this one]
    #[arg(long, value_name = "DIR")]
    binaries: Option<PathBuf>,
    /// Use the DynamoDB at URL (a new table, deleted afterwards) instead of the embedded one
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// The folder with callers.json, settings and registry [default: the nearest above PATH]
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
}

/// Runs the command.
pub(crate) async fn run(arguments: &ReplayArguments) -> Result<Verdict, Failure> {
    let root = match (&arguments.fixtures, arguments.paths.first()) {
        (Some(fixtures), _) => fixture::root_of(fixtures)?,
        (None, Some(path)) => fixture::root_of(path)?,
        (None, None) => fixture::root_of(Path::new("fixtures"))?,
    };
    let cases = select(arguments, &root)?;
    let golden = if arguments.bless { Golden::Bless } else { Golden::Compare };
    let registry = RegistryHost::start(arguments.endpoint_url.as_deref(), &table(arguments)).await?;
    registry.fill(Some(&root.join("registry"))).await?;
    let mut stage = Stage::new(&root, arguments.binaries.as_deref(), registry)?;
    let results = run_cases(&mut stage, &cases, golden).await;
    let (leaks, registry) = stage.close().await;
    if arguments.endpoint_url.is_some() {
        registry.delete_table().await?;
    }
    let mut results = results?;
    blame(&cases, &mut results, leaks);
    emit(arguments, &results)?;
    let (_, failed) = report::count(&results);
    Ok(if failed == 0 { Verdict::Success } else { Verdict::FailuresFound })
}

fn select(arguments: &ReplayArguments, root: &Path) -> Result<Vec<Case>, Failure> {
    let mut cases = fixture::discover(root, &arguments.paths)?;
    let paths: Vec<String> = arguments.paths.iter().map(|path| path.display().to_string()).collect();
    let paths = paths.join(", ");
    if cases.is_empty() {
        return Err(Failure::input(format!("no case found below {paths}; a case is a folder with a case.json")));
    }
    if let Some(filter) = &arguments.filter {
        let count = cases.len();
        cases.retain(|case| case.name.contains(filter));
        if cases.is_empty() {
            return Err(Failure::input(format!("none of the {count} cases below {paths} has {filter:?} in its name")));
        }
    }
    Ok(cases)
}

/// A table of our own where others may be.
fn table(arguments: &ReplayArguments) -> String {
    match arguments.endpoint_url {
        Some(_) => format!("{DEFAULT_TABLE}-replay-{}", std::process::id()),
        None => DEFAULT_TABLE.to_owned(),
    }
}

async fn run_cases(stage: &mut Stage, cases: &[Case], golden: Golden) -> Result<Vec<CaseResult>, Failure> {
    let mut results = Vec::with_capacity(cases.len());
    for case in cases {
        results.push(trial::run(stage, case, golden).await?);
    }
    Ok(results)
}

/// What a function gave away with its last words counts against its last case.
fn blame(cases: &[Case], results: &mut [CaseResult], leaks: Vec<(Role, String)>) {
    for (role, leak) in leaks {
        let last = cases
            .iter()
            .zip(results.iter_mut())
            .rev()
            .find(|(case, _)| Role::of(case) == role || Role::before(case).as_ref() == Some(&role));
        if let Some((_, result)) = last {
            result.problems.push(leak);
        }
    }
}

fn emit(arguments: &ReplayArguments, results: &[CaseResult]) -> Result<(), Failure> {
    if let Some(path) = &arguments.junit {
        fs::write(path, junit::document(results))
            .map_err(|error| Failure::run(format!("cannot write {}: {error}", path.display())))?;
    }
    let mut out = io::stdout().lock();
    let colour = Colour::of(out.is_terminal());
    let written = if arguments.json {
        report::write_json(&mut out, results)
    } else {
        report::write_table(&mut out, results, colour)
    };
    match written {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
