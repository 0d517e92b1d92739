//! The changes for a pull request.

use std::io::{self, Write};

use super::policies::Policies;
use super::tally::{Tally, Way};
use crate::markdown::code;

/// A table of the changes, and what the numbers are.
pub(super) fn write(out: &mut impl Write, tally: &Tally, policies: &Policies<'_>) -> io::Result<()> {
    writeln!(out, "**{}**", tally.words())?;
    let files: Vec<String> =
        policies.files().iter().map(|(policy, file)| format!("{} ({})", code(policy), code(file))).collect();
    writeln!(out, "\nUnder {}.", files.join(", "))?;
    if !tally.changes.is_empty() {
        writeln!(out, "\n| tenant | | caller | what | calls | now | the latest |")?;
        writeln!(out, "|---|---|---|---|---|---|---|")?;
    }
    for (key, change) in tally.changes.iter().take(ROWS_MAX) {
        let way = match key.way {
            Way::Gains | Way::MayGain => format!("**{}**", key.way.word()),
            Way::Loses | Way::MayLose => key.way.word().to_owned(),
        };
        writeln!(
            out,
            "| {} | {way} | {} | {} | {} | {} | {} |",
            code(&key.tenant),
            code(&key.subject),
            code(&key.named.words().join(" ")),
            change.calls,
            code(&change.now),
            change.decision.as_deref().map_or_else(String::new, code)
        )?;
    }
    if let Some(more) = tally.changes.len().checked_sub(ROWS_MAX).filter(|more| *more > 0) {
        writeln!(out, "\n{more} more callers and things are not listed here.")?;
    }
    let gaps = tally.gaps.iter().map(|(gap, [denied, allowed])| {
        format!("**cannot be told**: {}: {denied} denied, {allowed} allowed calls", code(gap))
    });
    let left_out = tally.left_out.iter().map(|(why, count)| format!("{count} not decided again: {why}"));
    let points: Vec<String> = gaps.chain(left_out).chain(tally.notes()).collect();
    if !points.is_empty() {
        writeln!(out)?;
    }
    points.iter().try_for_each(|point| writeln!(out, "- {point}"))
}

/// Most rows: what a pull request shows is bounded, too.
const ROWS_MAX: usize = 200;
