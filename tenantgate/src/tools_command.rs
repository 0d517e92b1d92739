//! `tenantgate tools`: pins tools to their definitions, and says what has changed since.

use std::io::{self, IsTerminal, Write};

use clap::{Args, Subcommand};
use policy_model::policy::{DOCUMENT_BYTES_MAX, PINS_MAX};
use policy_model::{Policy, ToolName};

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::input;
use crate::tool_list::{ListedTool, ToolFiles, shown};
use crate::tool_states::{Comparison, compare};
use crate::tools_report;

/// Pin tools to their definitions, and see what has changed since
#[derive(Debug, Subcommand)]
pub(crate) enum ToolsCommand {
    /// Print the "pins" of a policy for the tools of a captured list
    #[command(
        after_long_help = "LIST is a captured response to tools/list (the whole message, its result, or the list itself), or one of the
gateway's search tool. Several files are the pages of one list. Capture them as the target sends them: what the
interceptors hand to a client is filtered.

Each digest is the SHA-256 of the canonical form (RFC 8785) of the whole entry of a tool. The output is JSON, for
the member \"pins\" of a policy:

  tenantgate tools pin list.json > pins.json
  tenantgate tools pin --tool orders___getOrder --tool orders___listOrders page-1.json page-2.json
  jq --slurpfile pins pins.json '.pins = $pins[0]' acme.json

Exit codes:
  0  printed
  2  wrong usage, or a list that cannot be read or pinned"
    )]
    Pin(PinArguments),
    /// Compare a captured list with the pins of a policy
    #[command(after_long_help = "For each tool that is pinned or listed:
  unchanged   its definition is one of those pinned
  changed     it is none of them: the tool is hidden, and calls of it are refused
  missing     it is pinned, or in --was, and not in the list
  not pinned  it is in the list, and any definition of it counts

With --was each member that differs from the older list is shown with its path, the old value (-) and the new one (+).
Characters that nobody sees are written as escapes. A policy in LOG_ONLY pins nothing.

Examples:
  tenantgate tools diff --policy acme.json list.json
  tenantgate tools diff --policy acme.json --was reviewed.json --json list.json

Exit codes:
  0  no pinned tool has changed or is missing, and nothing differs from --was
  1  something does
  2  wrong usage, or a file that cannot be read")]
    Diff(DiffArguments),
}

#[derive(Debug, Args)]
pub(crate) struct PinArguments {
    /// Captured lists; - is standard input
    #[arg(value_name = "LIST", required = true)]
    lists: Vec<String>,
    /// Only this tool; may be repeated
    #[arg(long = "tool", value_name = "NAME")]
    tools: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// Captured lists, the pages of one; - is standard input
    #[arg(value_name = "LIST", required = true)]
    lists: Vec<String>,
    /// The policy whose pins count
    #[arg(long, value_name = "FILE")]
    policy: String,
    /// An older list to show the differences from; may be repeated for its pages
    #[arg(long, value_name = "LIST")]
    was: Vec<String>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(command: &ToolsCommand) -> Result<Verdict, Failure> {
    match command {
        ToolsCommand::Pin(arguments) => pin(arguments),
        ToolsCommand::Diff(arguments) => diff(arguments),
    }
}

fn pin(arguments: &PinArguments) -> Result<Verdict, Failure> {
    input::check_once(arguments.lists.iter().map(String::as_str))?;
    let files = ToolFiles::read(&arguments.lists)?;
    let mut tools = chosen(files.tools()?, &arguments.tools)?;
    tools.sort_by(|left, right| left.name.cmp(&right.name));
    if tools.is_empty() {
        return Err(Failure::input(
            "the list has no tools, so that there is nothing to pin; was it captured for somebody who may see them?",
        ));
    }
    if tools.len() > PINS_MAX {
        return Err(Failure::input(format!(
            "{} tools, and a policy has at most {PINS_MAX} pins; choose with --tool",
            tools.len()
        )));
    }
    let mut pins = Vec::new();
    for tool in &tools {
        if let Err(error) = ToolName::parse(&tool.name) {
            return Err(Failure::input(format!(
                "{}.name: {} is {error}; such a tool is hidden from every list and cannot be pinned: choose the others with --tool",
                tool.place,
                shown(&tool.name)
            )));
        }
        let digest = tool.digest().map_err(|why| {
            Failure::input(format!(
                "{}: {} has no canonical form and cannot be pinned: {why}",
                tool.place,
                shown(&tool.name)
            ))
        })?;
        pins.push(format!("  {{ \"tool\": \"{}\", \"sha256\": [\"{digest}\"] }}", tool.name));
    }
    for tool in tools.iter().filter(|tool| tool.has_unseen()).take(NAMES_SHOWN_MAX) {
        let name = &tool.name;
        note(&format!("{name} has characters that nobody sees; `tenantgate tools diff --was` writes them out"));
    }
    if files.goes_on() {
        note("the list has a nextCursor and goes on; capture the other pages too");
    }
    writeln!(io::stdout().lock(), "[\n{}\n]", pins.join(",\n"))?;
    Ok(Verdict::Success)
}

fn note(text: &str) {
    // Without stderr there is nobody to tell.
    drop(writeln!(io::stderr().lock(), "tenantgate: note: {text}"));
}

/// The tools of these names; all of them where none is named.
fn chosen<'d>(tools: Vec<ListedTool<'d>>, names: &[String]) -> Result<Vec<ListedTool<'d>>, Failure> {
    if let Some(missing) = names.iter().find(|name| !tools.iter().any(|tool| tool.name == **name)) {
        let known: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).take(NAMES_SHOWN_MAX).collect();
        let more = if tools.len() > NAMES_SHOWN_MAX { ", .." } else { "" };
        return Err(Failure::input(format!(
            "no tool {} in the list; it has {}{more}",
            shown(missing),
            visible(&known.join(", "))
        )));
    }
    Ok(tools.into_iter().filter(|tool| names.is_empty() || names.contains(&tool.name)).collect())
}

fn diff(arguments: &DiffArguments) -> Result<Verdict, Failure> {
    let files = arguments.lists.iter().chain(&arguments.was).chain([&arguments.policy]);
    input::check_once(files.map(String::as_str))?;
    let policy = read_policy(&arguments.policy)?;
    let (now, was) = (ToolFiles::read(&arguments.lists)?, ToolFiles::read(&arguments.was)?);
    let (now, was) = (now.tools()?, was.tools()?);
    let comparison: Comparison = compare(&policy, &now, (!arguments.was.is_empty()).then_some(&was));
    let mut out = io::stdout().lock();
    let written = if arguments.json {
        tools_report::write_json(&mut out, &comparison)
    } else {
        let colour = Colour::of(out.is_terminal());
        tools_report::write_text(&mut out, &comparison, colour)
    };
    match written {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if comparison.differs() { Verdict::FailuresFound } else { Verdict::Success })
}

fn read_policy(file: &str) -> Result<Policy, Failure> {
    let text = input::read(file, DOCUMENT_BYTES_MAX, "policy")?;
    Policy::parse(&text).map_err(|error| {
        Failure::input(format!("{} is no policy: {error}; `tenantgate policy lint` shows where", input::name(file)))
    })
}

const NAMES_SHOWN_MAX: usize = 20;
