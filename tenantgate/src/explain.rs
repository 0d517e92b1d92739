//! `tenantgate explain`: why a request is decided as it is.
//!
//! In reading order: `source` is where policies and members are, `wanted` what is asked for, `asker` who asks, `told` what is decided and
//! why, `tree` and `document` tell it to people and programs, `words` is how rules are put into words; `audit_file` finds
//! an audit line, `recorded` tells it, `reasons` are the codes.

pub(crate) mod asker;
mod audit_file;
mod document;
pub(crate) mod reasons;
mod recorded;
pub(crate) mod source;
mod told;
pub(crate) mod tree;
pub(crate) mod wanted;
pub(crate) mod words;

use std::io::{self, IsTerminal, Write};

use clap::Args;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::input;
use asker::AskerArguments;
use audit_file::RecordedArguments;
use source::SourceArguments;
use wanted::Wanted;

/// Why a caller may or may not do something: every rule that was considered, and what of it fits
#[derive(Debug, Args)]
#[command(after_long_help = "METHOD and NAME are one of
  tools/call TOOL      prompts/get PROMPT    resources/read URI    agents AGENT    models MODEL
  tools/list TOOL      prompts/list PROMPT   whether it is listed, whatever the arguments

Examples:
  tenantgate explain --as alice --tenant acme tools/call orders___refund --arguments '{\"amount\": 700}'
  tenantgate explain --as alice --tenant acme --scope orders --claims @claims.json --registry DIR tools/list orders___get
  tenantgate explain --client nightly --tenant acme --file registry.db agents billing
  tenantgate explain --as alice --role clerk --policy acme.json --baseline baseline.json tools/call orders___get
  tenantgate explain --decision-id 7f3a.. --audit audit.jsonl --file registry.db
  tenantgate explain --reason NO_RULE

What the token says is given here: --role, --scope, --claims, --agent. Without --claims and --arguments there are none.

Exit codes:
  0  allowed, or told
  1  denied
  2  wrong usage, or a file that cannot be read")]
pub(crate) struct ExplainArguments {
    #[command(flatten)]
    asker: AskerArguments,
    #[command(flatten)]
    recorded: RecordedArguments,
    /// The arguments of the call: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON", requires = "name")]
    arguments: Option<String>,
    /// When it is asked [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    time: Option<i64>,
    /// Tell what a reason code of an audit line means and what to do; without CODE, all of them
    #[arg(long, value_name = "CODE", num_args = 0..=1)]
    reason: Option<Option<String>>,
    /// Write JSON
    #[arg(long)]
    json: bool,
    /// What is asked for
    #[arg(value_name = "METHOD", requires = "name", conflicts_with_all = ["decision_id", "audit_line", "reason"])]
    method: Option<String>,
    /// Of which name
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    source: SourceArguments,
}

/// Runs the command.
pub(crate) async fn run(arguments: &ExplainArguments) -> Result<Verdict, Failure> {
    if let Some(code) = &arguments.reason {
        reasons::write(&mut io::stdout().lock(), code.as_deref(), arguments.json)?;
        return Ok(Verdict::Success);
    }
    if let Some(record) = arguments.recorded.read()? {
        let told = recorded::tell(&record, &arguments.source, &arguments.asker).await?;
        emit(arguments.json, || recorded::json(&told), |colour| recorded::text(&told, colour))?;
        return Ok(Verdict::Success);
    }
    let (Some(method), Some(name)) = (&arguments.method, &arguments.name) else {
        return Err(Failure::input(
            "say what is asked for, as in tools/call orders___refund; or --decision-id, --audit-line or --reason. See --help",
        ));
    };
    let wanted = Wanted::parse(method, name)?;
    let sent = arguments.arguments.as_deref().map(|text| read_value(text, "arguments")).transpose()?;
    let time = arguments.time.unwrap_or_else(|| OffsetDateTime::now_utc().unix_timestamp());
    let told = told::tell(&wanted, sent.as_ref(), time, &arguments.asker, &arguments.source).await?;
    emit(arguments.json, || told.json.clone(), |colour| told.text(colour))?;
    Ok(if told.is_allowed { Verdict::Success } else { Verdict::FailuresFound })
}

/// Writes one or the other.
pub(crate) fn emit(
    is_json: bool,
    json: impl FnOnce() -> serde_json::Value,
    text: impl FnOnce(Colour) -> String,
) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = if is_json {
        writeln!(out, "{:#}", json())
    } else {
        let colour = Colour::of(out.is_terminal());
        write!(out, "{}", text(colour))
    };
    match written.and_then(|()| out.flush()) {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// JSON as it is, from a file (`@FILE`) or from standard input (`-`).
pub(crate) fn read_value(text: &str, what: &str) -> Result<policy_model::json::Document<'static>, Failure> {
    let file = if text == input::STANDARD_INPUT { Some(text) } else { text.strip_prefix('@') };
    let text = match file {
        None => text.as_bytes().to_vec(),
        Some(file) => input::read(file, VALUE_BYTES_MAX, "JSON files")?,
    };
    if text.len() > VALUE_BYTES_MAX {
        return Err(Failure::input(format!(
            "the {what} are longer than {VALUE_BYTES_MAX} bytes, which no event can hold"
        )));
    }
    let text = String::from_utf8(text).map_err(|error| {
        Failure::input(format!("the {what} are no UTF-8 at byte {}", error.utf8_error().valid_up_to()))
    })?;
    policy_model::json::parse_owned(text).map_err(|error| {
        Failure::input(format!("the {what} are not JSON: {error}; as in '{{\"amount\": 7}}' or @FILE"))
    })
}

/// A time, as an argument.
pub(crate) fn parse_time(text: &str) -> Result<i64, String> {
    let time = OffsetDateTime::parse(text, &Rfc3339);
    time.map(OffsetDateTime::unix_timestamp).map_err(|_| "must be a time as in 2026-12-31T23:59:59Z".to_owned())
}

/// Largest JSON that is read: Lambda takes no larger event.
const VALUE_BYTES_MAX: usize = 6 * 1024 * 1024;
