//! The differences for a pull request.

use std::io::{self, Write};

use policy_model::comparison::{Change, Weight};

use super::section::{Counts, Section};
use super::text::{NO_EXAMPLE, example, when};
use crate::markdown::code;

/// A table for each policy, and what the numbers are.
pub(super) fn write(out: &mut impl Write, sections: &[Section], counts: &Counts) -> io::Result<()> {
    writeln!(out, "**{}**", counts.words())?;
    for section in sections.iter().filter(|section| !section.is_empty()) {
        writeln!(out, "\n### {}\n", code(&section.title()))?;
        if !section.comparison.differences.is_empty() {
            writeln!(out, "| | who | what | when | was | is | for example |")?;
            writeln!(out, "|---|---|---|---|---|---|---|")?;
        }
        for difference in &section.comparison.differences {
            let change = match (difference.change, &difference.settled) {
                (Change::Widened, Some(_)) => "**gains**",
                (Change::Widened, None) => "**may gain**",
                (Change::Narrowed, Some(_)) => "loses",
                (Change::Narrowed, None) => "may lose",
            };
            let when = when(difference).map_or("always".to_owned(), |when| code(&when));
            let [before, now, example] = match &difference.settled {
                Some(settled) => [code(&settled.before), code(&settled.now), code(&example(&settled.example))],
                None => ["?".to_owned(), "?".to_owned(), NO_EXAMPLE.to_owned()],
            };
            writeln!(
                out,
                "| {change} | {} | {} | {when} | {before} | {now} | {example} |",
                code(&difference.callers),
                code(&difference.resource)
            )?;
        }
        if !(section.entries.is_empty() && section.comparison.gaps.is_empty()) {
            writeln!(out)?;
        }
        for entry in &section.entries {
            let weight = match entry.weight {
                Weight::Widens => "**widens**",
                Weight::Narrows => "narrows",
                Weight::Changes => "**may widen**",
                Weight::OnlyLogs => "only logs",
            };
            writeln!(out, "- {weight}: {} {}", entry.member, code(&entry.text))?;
        }
        for gap in &section.comparison.gaps {
            writeln!(out, "- **not compared**: {}", code(gap))?;
        }
    }
    Ok(())
}
