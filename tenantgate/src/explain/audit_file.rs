//! Finding an audit line: in a file, on standard input, or as it is given.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use clap::Args;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::input;

/// Which decision.
#[derive(Debug, Args)]
pub(super) struct RecordedArguments {
    /// Tell what the audit line of this decision records
    #[arg(
        long,
        value_name = "ID",
        requires = "audit",
        conflicts_with = "audit_line",
        help_heading = "From an audit line"
    )]
    decision_id: Option<String>,
    /// Audit lines, one JSON object a line; - is standard input
    #[arg(long, value_name = "FILE", help_heading = "From an audit line")]
    audit: Option<String>,
    /// The audit line itself: JSON, or - for standard input
    #[arg(long, value_name = "JSON", help_heading = "From an audit line")]
    audit_line: Option<String>,
}

/// The lines of a decision: REQUEST and RESPONSE have the same id.
pub(super) struct Record {
    pub(super) line: Map<String, Value>,
    /// How many more lines have its id.
    pub(super) others: usize,
}

impl RecordedArguments {
    /// The line, if one is asked for.
    pub(super) fn read(&self) -> Result<Option<Record>, Failure> {
        if let Some(text) = &self.audit_line {
            let text = if text == input::STANDARD_INPUT {
                String::from_utf8_lossy(&input::read(text, LINE_BYTES_MAX, "audit lines")?).into_owned()
            } else {
                text.clone()
            };
            let line = audit_line(&text).ok_or_else(|| {
                Failure::input("--audit-line is not the JSON object of an audit line, with a decisionId and an effect")
            })?;
            return Ok(Some(Record { line, others: 0 }));
        }
        let (Some(id), Some(file)) = (&self.decision_id, &self.audit) else { return Ok(None) };
        find(id, file).map(Some)
    }
}

/// Line by line: the file may be large. The first line is told, and a denial before an allow.
fn find(id: &str, file: &str) -> Result<Record, Failure> {
    let cannot = |error: io::Error| Failure::input(format!("cannot read {}: {error}", input::name(file)));
    let mut reader: Box<dyn BufRead> = if file == input::STANDARD_INPUT {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::new(File::open(file).map_err(cannot)?))
    };
    let mut found: Vec<Map<String, Value>> = Vec::new();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = reader.by_ref().take(LINE_BYTES_MAX as u64).read_until(b'\n', &mut bytes).map_err(cannot)?;
        if read == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&bytes);
        // Most lines are others'.
        if text.contains(id) {
            let line = audit_line(&text).filter(|line| line.get("decisionId").and_then(Value::as_str) == Some(id));
            found.extend(line.filter(|_| found.len() < LINES_MAX));
        }
    }
    let others = found.len().saturating_sub(1);
    let denial = found.iter().position(|line| line.get("effect").and_then(Value::as_str) == Some("DENY"));
    let chosen = denial.unwrap_or(0);
    if chosen >= found.len() {
        let id = crate::excerpt::visible(id);
        return Err(Failure::input(format!(
            "{} has no audit line with the decisionId {id:?}; lines are JSON objects with the target tenantgate::audit",
            input::name(file)
        )));
    }
    Ok(Record { line: found.swap_remove(chosen), others })
}

/// The line itself, or one that a log collector has wrapped as text.
fn audit_line(text: &str) -> Option<Map<String, Value>> {
    let Value::Object(line) = serde_json::from_str(text.trim()).ok()? else { return None };
    let is_line = |line: &Map<String, Value>| line.contains_key("decisionId") && line.contains_key("effect");
    if is_line(&line) {
        return Some(line);
    }
    let inner = line.get("message").or_else(|| line.get("@message"))?;
    match inner {
        Value::String(text) => match serde_json::from_str(text).ok()? {
            Value::Object(inner) => Some(inner).filter(is_line),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
        },
        Value::Object(inner) => Some(inner.clone()).filter(is_line),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

/// Longest line that is read.
const LINE_BYTES_MAX: usize = 1024 * 1024;

/// Most lines of one decision.
const LINES_MAX: usize = 100;
