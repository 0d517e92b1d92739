//! What disagrees, for people and for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Finding;
use crate::colour::Colour;
use crate::excerpt::visible;
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
    for Finding { code, place, what, remedy } in findings {
        writeln!(out, "{}  {}: {}", colour.ink("1;31", code), visible(place), visible(what))?;
        writeln!(out, "    {}", visible(remedy))?;
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
    let finding = |Finding { code, place, what, remedy }: &Finding| -> Value {
        json!({"code": code, "where": place, "what": what, "remedy": remedy})
    };
    let findings: Vec<Value> = findings.iter().map(finding).collect();
    let document =
        json!({"bindings": compared.bindings, "targets": compared.targets, "findings": findings, "notes": notes});
    writeln!(out, "{}", escaped(&format!("{document:#}")))
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
