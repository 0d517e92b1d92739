//! `tenantgate policy`: checks policies before anybody depends on them, publishes them, and keeps their versions.

use std::io::{self, IsTerminal, Write};

use clap::{Args, Subcommand};
use policy_model::lint::{Baseline, ClaimNames, Finding, Severity, Surroundings, lint};
use policy_model::policy::{self, DOCUMENT_BYTES_MAX};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::claim_names;
use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::input;
use crate::lint_report::{self, Checked};
use crate::policy_changes::{self, RetireArguments, RollbackArguments, ShadowCommand};
use crate::policy_diff::{self, DiffArguments};
use crate::policy_publish::{self, PublishArguments};
use crate::policy_versions::{self, ExportArguments, HistoryArguments, ListArguments, ShowArguments};

/// Check, compare, publish and roll back policies
#[derive(Debug, Subcommand)]
#[command(after_long_help = "Examples:
  tenantgate policy lint policies/*.json
  tenantgate policy diff acme@active acme.json --file registry.db
  tenantgate policy shadow set acme.json --file registry.db
  tenantgate policy publish acme.json --comment 'refunds' --file registry.db
  tenantgate policy history acme --file registry.db
  tenantgate policy rollback acme --file registry.db

A version is named by its tenant and number, as acme@3; or acme@active, acme@shadow, acme@0123abcd (its SHA-256), '*@2' (the
baseline's). What is published is in force in every running interceptor within registry.cacheTtlMs (5 s where nothing is said).

Exit codes of all but lint, diff and schema:
  0  done, or so already
  1  errors found, refused, changed by somebody else meanwhile, or the table cannot be reached
  2  wrong usage, a file that cannot be read, or no such tenant or version")]
pub(crate) enum PolicyCommand {
    /// Check policy files: what is wrong, and what was hardly meant
    #[command(after_long_help = "Examples:
  tenantgate policy lint policies/*.json
  tenantgate policy lint --baseline baseline.json --settings settings.json acme.json
  tenantgate policy lint --warnings-as-errors --json - < acme.json

Exit codes:
  0  no errors
  1  errors found, or warnings with --warnings-as-errors
  2  wrong usage, or a file that cannot be read

The codes of the findings are listed in docs/policy.md.")]
    Lint(LintArguments),
    /// Compare two versions of a policy: who gains and who loses what
    #[command(after_long_help = "Examples:
  tenantgate policy diff main/acme.json acme.json
  tenantgate policy diff --baseline baseline.json --fail-on any main/acme.json acme.json
  git show main:acme.json | tenantgate policy diff --format markdown - acme.json
  tenantgate policy diff main/registry registry
  tenantgate policy diff acme@active acme.json --baseline '*@active' --file registry.db
  tenantgate policy diff acme@3 acme@4 --table tenantgate-registry

acme@3 is a version in the registry, unless there is a file of that name.

Exit codes:
  0  no difference of the kind that --fail-on names
  1  such a difference, or what cannot be told or was not compared
  2  wrong usage, a file that cannot be read or is no policy, or no such version

What is compared exactly is said in docs/policy.md.")]
    Diff(DiffArguments),
    /// Check policies, and bring them into force as new versions: all of them or none
    #[command(
        after_long_help = "Each document becomes an immutable version of its tenant's policy, known by a number and by its SHA-256, and is in force.
What is in force already is left alone. Several policies are one change set: all are checked, and every tenant must be there,
before the first is written; up to about 25 come into force in one moment, more tenant by tenant, and what was cut off is
completed by the same command. Two who publish for one tenant at once: one wins, the other is told.

Examples:
  tenantgate policy publish acme.json --comment 'refunds above 100' --file registry.db
  tenantgate policy publish acme.json --expect 7 --by alice --file registry.db
  tenantgate policy publish registry/policies --warnings-as-errors --dry-run --file registry.db

Exit codes:
  0  published, or in force already, or nothing found wrong (--dry-run)
  1  errors found, warnings with --warnings-as-errors, refused, changed by somebody else meanwhile, or the table cannot be reached
  2  wrong usage, a file that cannot be read, or no such tenant"
    )]
    Publish(Box<PublishArguments>),
    /// List the policies in force, or the versions of one tenant's
    #[command(after_long_help = "Examples:
  tenantgate policy list --file registry.db
  tenantgate policy list --tenant acme --file registry.db

Exit codes: as of `tenantgate policy`")]
    List(ListArguments),
    /// Show what is known of a version; with --json its document, too
    #[command(after_long_help = "Exit codes: as of `tenantgate policy`")]
    Show(ShowArguments),
    /// Tell how a tenant's policy, shadow and status were changed, the newest first
    #[command(after_long_help = "Exit codes: as of `tenantgate policy`")]
    History(HistoryArguments),
    /// Bring an older version into force again
    #[command(after_long_help = "No new version is made: the older one is in force again, and the log says so.

Examples:
  tenantgate policy rollback acme --comment 'refunds fail' --file registry.db
  tenantgate policy rollback acme@3 --expect 5 --file registry.db

Exit codes: as of `tenantgate policy`")]
    Rollback(RollbackArguments),
    /// Write the document of a version, byte for byte
    #[command(after_long_help = "Examples:
  tenantgate policy export acme@3 --out acme-3.json --file registry.db
  tenantgate policy export '*' --file registry.db | tenantgate policy lint -

Exit codes: as of `tenantgate policy`")]
    Export(ExportArguments),
    /// Mark a version, so that it comes into force no more
    #[command(after_long_help = "The version is not deleted. One that is in force or the shadow cannot be retired.

Exit codes: as of `tenantgate policy`")]
    Retire(RetireArguments),
    #[command(subcommand)]
    Shadow(ShadowCommand),
    /// Print the JSON Schema of a policy
    #[command(after_long_help = "Example:
  tenantgate policy schema > schema/policy.schema.json

A policy names it for editors: \"$schema\": \"../schema/policy.schema.json\"")]
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct LintArguments {
    /// Policy files; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    /// The interceptors' settings, to know what the issuers call their claims
    #[arg(long, value_name = "FILE")]
    settings: Option<String>,
    /// Another claim that tokens have, besides those of the standards and of --settings; may be repeated
    #[arg(long = "claim", value_name = "NAME", requires = "settings")]
    other_claims: Vec<String>,
    /// The policy for all tenants, to know what it denies
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
    /// End with exit code 1 also where there are only warnings
    #[arg(long)]
    warnings_as_errors: bool,
    /// When it is, for rules that expire [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    now: Option<i64>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) async fn run(command: &PolicyCommand) -> Result<Verdict, Failure> {
    match command {
        PolicyCommand::Lint(arguments) => run_lint(arguments),
        PolicyCommand::Diff(arguments) => policy_diff::run(arguments).await,
        PolicyCommand::Publish(arguments) => policy_publish::run(arguments).await,
        PolicyCommand::List(arguments) => policy_versions::list(arguments).await,
        PolicyCommand::Show(arguments) => policy_versions::show(arguments).await,
        PolicyCommand::History(arguments) => policy_versions::history(arguments).await,
        PolicyCommand::Export(arguments) => policy_versions::export(arguments).await,
        PolicyCommand::Rollback(arguments) => policy_changes::rollback(arguments).await,
        PolicyCommand::Retire(arguments) => policy_changes::retire(arguments).await,
        PolicyCommand::Shadow(command) => policy_changes::shadow(command).await,
        PolicyCommand::Schema => {
            io::stdout().lock().write_all(policy::schema().as_bytes())?;
            Ok(Verdict::Success)
        }
    }
}

fn run_lint(arguments: &LintArguments) -> Result<Verdict, Failure> {
    let baseline = arguments.baseline.as_deref().map(read_baseline).transpose()?;
    let claims: Vec<ClaimNames> = arguments.settings.as_deref().map(claim_names::read).transpose()?.unwrap_or_default();
    let now = arguments.now.unwrap_or_else(|| OffsetDateTime::now_utc().unix_timestamp());
    input::check_once(arguments.files.iter().map(String::as_str))?;
    let surroundings = Surroundings {
        now: Some(now),
        baseline: baseline.as_ref(),
        claims: &claims,
        other_claims: &arguments.other_claims,
    };
    let mut checked = Vec::new();
    for file in &arguments.files {
        let text = read(file)?;
        let findings = lint(&text, &surroundings);
        checked.push(Checked { file: input::name(file).to_owned(), text, findings });
    }
    let mut out = io::stdout().lock();
    let written = if arguments.json {
        lint_report::write_json(&mut out, &checked)
    } else {
        let colour = Colour::of(out.is_terminal());
        lint_report::write_text(&mut out, &checked, colour)
    };
    match written {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    let is_failure = |finding: &Finding| match finding.severity {
        Severity::Error => true,
        Severity::Warning => arguments.warnings_as_errors,
    };
    let is_failed = checked.iter().flat_map(|checked| &checked.findings).any(is_failure);
    Ok(if is_failed { Verdict::FailuresFound } else { Verdict::Success })
}

fn read_baseline(file: &str) -> Result<Baseline, Failure> {
    let baseline = Baseline::parse(&read(file)?).map_err(|errors| {
        Failure::input(format!("the baseline {} is no policy: {}; lint it by itself", input::name(file), errors.first))
    })?;
    if !baseline.is_for_every_tenant() {
        return Err(Failure::input(format!("{} is no baseline: its tenantId is not \"*\"", input::name(file))));
    }
    Ok(baseline)
}

fn read(file: &str) -> Result<Vec<u8>, Failure> {
    input::read(file, DOCUMENT_BYTES_MAX, "policy files")
}

fn parse_time(text: &str) -> Result<i64, String> {
    let time = OffsetDateTime::parse(text, &Rfc3339);
    time.map(OffsetDateTime::unix_timestamp).map_err(|_| "must be a time as in 2026-12-31T23:59:59Z".to_owned())
}
