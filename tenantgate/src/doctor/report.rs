//! What was found, for people and for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::code::Severity;
use super::examination::{Diagnosis, Examination, Unchecked};
use crate::colour::Colour;
use crate::excerpt::visible;
use crate::finding::plural;
use crate::unseen::escaped;

/// Each mistake with its remedy, then what was not checked and what was; the last line counts them.
pub(super) fn write_text(out: &mut impl Write, examination: &Examination, colour: Colour) -> io::Result<()> {
    for Diagnosis { severity, finding } in &examination.found {
        let word = colour.ink(ink(*severity), severity.word());
        writeln!(out, "{word} [{}] {}: {}", finding.code, visible(&finding.place), visible(&finding.what))?;
        writeln!(out, "    remedy: {}", visible(&finding.remedy))?;
    }
    for Unchecked { what, why, how } in &examination.unchecked {
        writeln!(out, "{}: {}: {}", colour.ink("1;36", "not checked"), visible(what), visible(why))?;
        writeln!(out, "    to check it: {}", visible(how))?;
    }
    for what in &examination.looked_at {
        writeln!(out, "checked: {}", visible(what))?;
    }
    let count = |severity, noun| plural(examination.count(severity), noun);
    let (errors, warnings) = (count(Severity::Error, "error"), count(Severity::Warning, "warning"));
    let notes = count(Severity::Note, "note");
    writeln!(out, "{errors}, {warnings}, {notes}, {} not checked", examination.unchecked.len())
}

fn ink(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Note => "1;34",
    }
}

/// One JSON document, in which every character is seen.
pub(super) fn write_json(out: &mut impl Write, examination: &Examination) -> io::Result<()> {
    let found = |diagnosis: &Diagnosis| {
        let mut value = diagnosis.finding.json();
        if let Some(members) = value.as_object_mut() {
            members.insert("severity".to_owned(), diagnosis.severity.word().into());
        }
        value
    };
    let unchecked = |Unchecked { what, why, how }: &Unchecked| json!({"what": what, "why": why, "how": how});
    let document = json!({
        "errors": examination.count(Severity::Error),
        "warnings": examination.count(Severity::Warning),
        "notes": examination.count(Severity::Note),
        "findings": examination.found.iter().map(found).collect::<Vec<Value>>(),
        "notChecked": examination.unchecked.iter().map(unchecked).collect::<Vec<Value>>(),
        "checked": examination.looked_at,
    });
    writeln!(out, "{}", escaped(&format!("{document:#}")))
}
