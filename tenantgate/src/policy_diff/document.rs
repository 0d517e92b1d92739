//! The differences for programs.

use std::io::{self, Write};

use policy_model::comparison::{Change, Difference, Weight};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::section::{Counts, Section};
use super::text::time;

/// One JSON document.
pub(super) fn write(out: &mut impl Write, sections: &[Section], counts: &Counts) -> io::Result<()> {
    let report = Report {
        is_complete: counts.gaps == 0,
        counts: json!({
            "widened": counts.widened, "narrowed": counts.narrowed, "changed": counts.changed, "onlyLogged": counts.logged,
        }),
        policies: sections.iter().map(policy).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Report<'s> {
    #[serde(rename = "complete")]
    is_complete: bool,
    counts: Value,
    policies: Vec<PolicyReport<'s>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyReport<'s> {
    tenant_id: &'s str,
    policy_id: &'s str,
    old: Option<&'s str>,
    new: Option<&'s str>,
    differences: Vec<DifferenceReport<'s>>,
    entries: Vec<Value>,
    not_compared: Vec<&'s str>,
}

#[derive(Serialize)]
struct DifferenceReport<'s> {
    change: &'static str,
    resource: &'s str,
    callers: &'s str,
    conditions: &'s [String],
    before: Option<&'s str>,
    now: Option<&'s str>,
    example: Option<ExampleReport<'s>>,
}

#[derive(Serialize)]
struct ExampleReport<'s> {
    name: &'s str,
    caller: Option<&'s RawValue>,
    claims: Option<&'s RawValue>,
    arguments: Option<&'s RawValue>,
    time: Option<String>,
}

fn policy(section: &Section) -> PolicyReport<'_> {
    let entry = |entry: &policy_model::comparison::Entry| {
        let weight = match entry.weight {
            Weight::Widens => "WIDENED",
            Weight::Narrows => "NARROWED",
            Weight::Changes => "CHANGED",
            Weight::OnlyLogs => "ONLY_LOGS",
        };
        json!({ "member": entry.member, "change": weight, "text": entry.text })
    };
    PolicyReport {
        tenant_id: &section.tenant,
        policy_id: &section.policy,
        old: section.old.as_deref(),
        new: section.new.as_deref(),
        differences: section.comparison.differences.iter().map(difference).collect(),
        entries: section.entries.iter().map(entry).collect(),
        not_compared: section.comparison.gaps.iter().map(String::as_str).collect(),
    }
}

/// What was written is what was asked: the exact text of numbers counts.
fn raw(text: &str) -> Option<&RawValue> {
    serde_json::from_str(text).ok()
}

fn difference(difference: &Difference) -> DifferenceReport<'_> {
    let settled = difference.settled.as_ref();
    DifferenceReport {
        change: match difference.change {
            Change::Widened => "WIDENED",
            Change::Narrowed => "NARROWED",
        },
        resource: &difference.resource,
        callers: &difference.callers,
        conditions: &difference.conditions,
        before: settled.map(|settled| settled.before.as_str()),
        now: settled.map(|settled| settled.now.as_str()),
        example: settled.map(|settled| ExampleReport {
            name: &settled.example.name,
            caller: raw(&settled.example.caller),
            claims: settled.example.claims.as_deref().and_then(raw),
            arguments: settled.example.arguments.as_deref().and_then(raw),
            time: time(&settled.example),
        }),
    }
}
