//! The changes for programs.

use std::io::{self, Write};

use serde_json::json;

use super::policies::Policies;
use super::tally::{Tally, Way};

/// One JSON document.
pub(super) fn write(out: &mut impl Write, tally: &Tally, policies: &Policies<'_>) -> io::Result<()> {
    let counts = tally.counts();
    let changes: Vec<_> = tally
        .changes
        .iter()
        .map(|(key, change)| {
            let [kind, name] = key.named.words();
            let way = match key.way {
                Way::Gains => "GAINS",
                Way::Loses => "LOSES",
                Way::MayGain => "MAY_GAIN",
                Way::MayLose => "MAY_LOSE",
            };
            json!({ "tenantId": key.tenant, "change": way, "subject": key.subject, "kind": kind, "name": name,
                    "calls": change.calls, "now": change.now, "decisionId": change.decision })
        })
        .collect();
    let gaps: Vec<_> = tally
        .gaps
        .iter()
        .map(|(why, [denied, allowed])| json!({ "why": why, "denied": denied, "allowed": allowed }))
        .collect();
    let left_out: Vec<_> = tally.left_out.iter().map(|(why, count)| json!({ "why": why, "lines": count })).collect();
    let files: Vec<_> =
        policies.files().iter().map(|(policy, file)| json!({ "policyId": policy, "file": file })).collect();
    let report = json!({
        "complete": tally.untold() == 0 && tally.more_changes == 0,
        "policies": files,
        "lines": tally.lines(),
        "auditLines": tally.audit_lines(),
        "events": tally.events(),
        "decided": tally.decided(),
        "untold": tally.untold(),
        "counts": { "gained": counts.gained, "lost": counts.lost, "mayGain": counts.may_gain, "mayLose": counts.may_lose },
        "changes": changes,
        "unlisted": tally.more_changes,
        "gaps": gaps,
        "leftOut": left_out,
        "notes": tally.notes(),
    });
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}
