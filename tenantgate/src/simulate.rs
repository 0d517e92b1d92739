//! `tenantgate simulate`: recorded calls, decided again under policies that are not in force yet.
//!
//! In reading order: `policies` are those, `lines` reads files of any length, `line` is what an audit line says,
//! `event` what a recorded event asked, `tally` is who gains and who loses, `text`, `markdown` and `document` tell it.

mod document;
mod event;
mod line;
mod lines;
mod markdown;
mod policies;
mod tally;
mod text;

use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::input;
use crate::progress::Progress;
use event::{EventArguments, Events};
use line::AuditLine;
use lines::{Lines, Record};
use policies::Policies;
use tally::Tally;

/// Decide recorded calls again: who would gain and who would lose access under new policies
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  tenantgate simulate --policy acme.json --against audit.jsonl
  tenantgate simulate --policy acme.json --baseline baseline.json --against audit.jsonl --format markdown
  tenantgate simulate --baseline baseline.json --against - --fail-on any < audit.jsonl
  tenantgate simulate --policy acme.json --against events.jsonl --registry DIR
  tenantgate simulate --policy acme.json --old main/acme.json --against events.jsonl --settings settings.json --file registry.db
  aws logs filter-log-events --log-group-name /aws/lambda/tenantgate-request --filter-pattern '{ $.facts = * }' \\
    | tenantgate simulate --policy acme.json --against -

Audit lines are read as the interceptors write them, one a line, also after a time stamp, or as CloudWatch hands them out
({\"message\": ..}, the document of filter-log-events). Without --baseline the baseline counts as unchanged.

Events are read as `tenantgate invoke request` takes them, one a line, also among audit lines. They are decided under the policies
in force (--old, or the registry's) and under the new ones. Their tokens are NOT verified: whoever wrote the file says who called.
Roles, workspaces and memberships are those that the registry has now: the one of --registry, --file, --endpoint-url or --table,
or else of --settings. Without any of these events are refused.

Exit codes:
  0  no change of the kind that --fail-on names
  1  such a change, or what cannot be told
  2  wrong usage, a file that cannot be read or is no policy, events and no registry, or no recorded call of these tenants

What cannot be decided again is said in docs/simulation.md.")]
pub(crate) struct SimulateArguments {
    /// New policies, each of another tenant
    #[arg(long = "policy", value_name = "FILE", num_args = 1.., required_unless_present = "baseline")]
    policies: Vec<String>,
    /// The new policy for all tenants [default: the one of then]
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
    /// Audit lines, or recorded events; - is standard input
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    against: Vec<String>,
    /// What ends with exit code 1
    #[arg(long, value_name = "WHAT", default_value = "widen")]
    fail_on: FailOn,
    /// How it is told
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    events: EventArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A call would be allowed that was denied, or it cannot be told
    Widen,
    /// A call would be denied that was allowed, or it cannot be told
    Narrow,
    /// Either
    Any,
    /// Nothing
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For pull requests
    Markdown,
}

/// Runs the command.
pub(crate) async fn run(arguments: &SimulateArguments) -> Result<Verdict, Failure> {
    let files =
        arguments.policies.iter().chain(&arguments.baseline).chain(&arguments.against).chain(&arguments.events.old);
    input::check_once(files.map(String::as_str))?;
    let documents = policies::read(&arguments.policies, arguments.baseline.as_deref())?;
    let policies = Policies::new(&documents)?;
    let old = arguments.events.old()?;
    let events = if arguments.events.names_registry() { Some(arguments.events.open(&old).await?) } else { None };
    let mut tally = Tally::default();
    let mut progress = Progress::new("lines read");
    for file in &arguments.against {
        for record in Lines::open(file)? {
            match record? {
                Record::Text(text) => match AuditLine::parse(&text) {
                    Some(line) => tally.add(&line, &policies),
                    None if line::is_unreadable(&text) && !event::is_event(&text) => tally.untell_line(),
                    None => add_event(&text, file, events.as_ref(), &mut tally, &policies).await?,
                },
                Record::TooLong => tally.skip_long(),
            }
            progress.tell_open(tally.lines());
        }
    }
    drop(progress);
    if tally.decided() == 0 && tally.untold() == tally.unreadable() {
        return Err(Failure::input(nothing(&tally)));
    }
    let mut out = io::stdout().lock();
    let written = match arguments.format {
        Format::Text => {
            let colour = Colour::of(out.is_terminal());
            text::write(&mut out, &tally, &policies, colour)
        }
        Format::Json => document::write(&mut out, &tally, &policies),
        Format::Markdown => markdown::write(&mut out, &tally, &policies),
    };
    match written.and_then(|()| out.flush()) {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if arguments.fail_on.fails(&tally) { Verdict::FailuresFound } else { Verdict::Success })
}

impl FailOn {
    /// What cannot be told counts as the worst that it may be.
    fn fails(self, tally: &Tally) -> bool {
        let counts = tally.counts();
        let widens = counts.gained + counts.may_gain > 0;
        let narrows = counts.lost + counts.may_lose > 0;
        match self {
            FailOn::Widen => widens,
            FailOn::Narrow => narrows,
            FailOn::Any => widens || narrows,
            FailOn::Never => false,
        }
    }
}

/// Decides an event again; whatever is none is counted.
async fn add_event(
    text: &str,
    file: &str,
    events: Option<&Events<'_>>,
    tally: &mut Tally,
    policies: &Policies<'_>,
) -> Result<(), Failure> {
    match events {
        Some(events) => events.add(text, tally, policies).await,
        None if event::is_event(text) => Err(Failure::input(format!(
            "{} has recorded events: name the registry whose roles and memberships count for them, with --registry DIR, --file, --endpoint-url, --table or --settings",
            input::name(file)
        ))),
        None => {
            tally.skip();
            Ok(())
        }
    }
}

fn nothing(tally: &Tally) -> String {
    let what = if tally.events() > 0 {
        let (lines, events) = (tally.audit_lines(), tally.events());
        let why: Vec<String> = tally.left_out.iter().map(|(why, count)| format!("{count} {why}")).collect();
        format!(
            "none of {lines} audit lines and {events} events is of a decided call of these policies' tenants ({})",
            why.join("; ")
        )
    } else if tally.audit_lines() == 0 {
        "no audit line was found: expected lines of the target tenantgate::audit, or recorded events".to_owned()
    } else {
        format!("none of {} audit lines is of a decided call of these policies' tenants", tally.audit_lines())
    };
    let unreadable = match tally.unreadable() {
        0 => String::new(),
        count => format!("; {count} lines cannot be read"),
    };
    format!("{what}{unreadable}; nothing was decided again")
}
