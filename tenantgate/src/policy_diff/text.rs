//! The differences for people.

use std::io::{self, Write};

use policy_model::comparison::{Change, Difference, Example, Weight};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::section::{Counts, Section};
use crate::colour::Colour;
use crate::excerpt::visible;

/// Each difference with an example; the last line counts them.
pub(super) fn write(out: &mut impl Write, sections: &[Section], counts: &Counts, colour: Colour) -> io::Result<()> {
    for section in sections.iter().filter(|section| !section.is_empty()) {
        writeln!(out, "{}", visible(&section.title()))?;
        for difference in &section.comparison.differences {
            let (ink, mark) = match difference.change {
                Change::Widened => (WIDENED, "+"),
                Change::Narrowed => (NARROWED, "-"),
            };
            writeln!(out, "  {} {}", colour.ink(ink, mark), visible(&difference.to_string()))?;
            match &difference.settled {
                Some(settled) => writeln!(out, "      for example {}", visible(&example(&settled.example)))?,
                None => writeln!(out, "      {NO_EXAMPLE}")?,
            }
        }
        for entry in &section.entries {
            let (ink, mark) = match entry.weight {
                Weight::Widens => (WIDENED, "+"),
                Weight::Narrows => (NARROWED, "-"),
                Weight::Changes => (CHANGED, "~"),
                Weight::OnlyLogs => (ONLY_LOGS, "."),
            };
            writeln!(out, "  {} {}: {}", colour.ink(ink, mark), entry.member, visible(&entry.text))?;
        }
        for gap in &section.comparison.gaps {
            writeln!(out, "  {} not compared: {}", colour.ink(CHANGED, "?"), visible(gap))?;
        }
    }
    writeln!(out, "{}", counts.words())
}

pub(super) fn when(difference: &Difference) -> Option<String> {
    (!difference.conditions.is_empty()).then(|| difference.conditions.join(" and "))
}

pub(super) fn example(example: &Example) -> String {
    let mut text = example.name.clone();
    if let Some(arguments) = &example.arguments {
        text.push_str(&format!(" {arguments}"));
    }
    text.push_str(&format!(" by {}", example.caller));
    if let Some(claims) = &example.claims {
        text.push_str(&format!(" with claims {claims}"));
    }
    if let Some(time) = time(example) {
        text.push_str(&format!(" at {time}"));
    }
    text
}

pub(super) fn time(example: &Example) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(example.time?).ok()?;
    time.format(&Rfc3339).ok()
}

/// What is said where a difference is not shown by a call.
pub(super) const NO_EXAMPLE: &str = "no example was found, nor a proof that there is none: it counts as a difference";

const WIDENED: &str = "1;31";
const NARROWED: &str = "1;32";
const CHANGED: &str = "1;33";
const ONLY_LOGS: &str = "2";
