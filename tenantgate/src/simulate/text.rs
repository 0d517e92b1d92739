//! The changes for people.

use std::io::{self, Write};

use super::policies::Policies;
use super::tally::{Change, Key, Tally, Way};
use crate::colour::Colour;
use crate::excerpt::visible;

/// Each caller and thing with a count; the last line counts all.
pub(super) fn write(out: &mut impl Write, tally: &Tally, policies: &Policies<'_>, colour: Colour) -> io::Result<()> {
    for (policy, file) in policies.files() {
        writeln!(out, "{} ({})", visible(policy), visible(file))?;
    }
    let mut tenant = None;
    for (key, change) in &tally.changes {
        if tenant != Some(&key.tenant) {
            writeln!(out, "tenant {}", visible(&key.tenant))?;
            tenant = Some(&key.tenant);
        }
        let (ink, mark) = match key.way {
            Way::Gains => (WIDENED, "+"),
            Way::Loses => (NARROWED, "-"),
            Way::MayGain | Way::MayLose => (UNTOLD, "?"),
        };
        writeln!(out, "  {} {}", colour.ink(ink, mark), visible(&sentence(key, change)))?;
    }
    for (gap, [denied, allowed]) in &tally.gaps {
        let mark = colour.ink(UNTOLD, "?");
        writeln!(out, "{mark} cannot be told: {}: {denied} denied, {allowed} allowed calls", visible(gap))?;
    }
    for (why, count) in &tally.left_out {
        writeln!(out, ". {count} not decided again: {}", visible(why))?;
    }
    for note in tally.notes() {
        writeln!(out, ". {note}")?;
    }
    writeln!(out, "{}", tally.words())
}

/// As in `subject 3f2a gains tool orders___refund: 12 calls (now: allowed by R3; the latest: 7d..)`.
fn sentence(key: &Key, change: &Change) -> String {
    let [kind, name] = key.named.words();
    let calls = if change.calls == 1 { "call" } else { "calls" };
    let latest = change.decision.as_ref().map_or_else(String::new, |decision| format!("; the latest: {decision}"));
    format!(
        "subject {} {} {kind} {name}: {} {calls} (now: {}{latest})",
        key.subject,
        key.way.word(),
        change.calls,
        change.now
    )
}

const WIDENED: &str = "1;31";
const NARROWED: &str = "1;32";
const UNTOLD: &str = "1;33";
