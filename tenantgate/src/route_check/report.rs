//! What disagrees, for people and for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Finding;
use crate::colour::Colour;
use crate::finding::plural;
use crate::unseen::escaped;

/// What was compared, in numbers.
pub(crate) struct Compared {
    pub(crate) bindings: usize,
    pub(crate) targets: usize,
}

/// Each finding with its remedy; the last line counts them.
pub(crate) fn write_text(
    out: &mut impl Write,
    findings: &[Finding],
    compared: &Compared,
    colour: Colour,
) -> io::Result<()> {
    for finding in findings {
        finding.write(out, colour)?;
    }
    let (bindings, targets) = (plural(compared.bindings, "binding"), plural(compared.targets, "target"));
    writeln!(out, "{bindings}, {targets}: {}", plural(findings.len(), "finding"))
}

/// One JSON document, in which every character is seen.
pub(crate) fn write_json(
    out: &mut impl Write,
    findings: &[Finding],
    compared: &Compared,
    notes: &[String],
) -> io::Result<()> {
    let findings: Vec<Value> = findings.iter().map(Finding::json).collect();
    let document =
        json!({"bindings": compared.bindings, "targets": compared.targets, "findings": findings, "notes": notes});
    writeln!(out, "{}", escaped(&format!("{document:#}")))
}
