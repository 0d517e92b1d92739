//! What a member may do with one thing, in words.

use policy_model::reach::{Reach, Standing, Way, Whose};
use serde_json::{Value, json};

use crate::explain::source::Read;
use crate::explain::tree::{Line, Mark};
use crate::explain::words;

/// A word for programs.
pub(crate) fn word(standing: Standing<'_>) -> &'static str {
    match standing {
        Standing::Always(_) => "ALWAYS",
        Standing::Sometimes { is_shown: true } => "SOMETIMES",
        Standing::Sometimes { is_shown: false } => "PERHAPS",
        Standing::Denied(..) | Standing::NothingAllows | Standing::Contradicted => "NEVER",
    }
}

/// In a line.
pub(crate) fn title(reach: &Reach<'_>) -> String {
    let agent = if reach.needs_agent { ", through an agent" } else { "" };
    match reach.standing {
        Standing::Always(rule) => format!("may always{agent}, by {rule}"),
        Standing::Sometimes { is_shown: true } => format!("may under conditions{agent}"),
        Standing::Sometimes { is_shown: false } => {
            format!("may under conditions{agent}, or never: it cannot be told whether they exclude each other")
        }
        Standing::Denied(rule, Whose::Kill) => format!("may not: an operator stopped it by kill {rule}"),
        Standing::Denied(rule, Whose::Baseline) => format!("may not: {rule} of the baseline always denies it"),
        Standing::Denied(rule, Whose::Tenant) => format!("may not: {rule} always denies it"),
        Standing::NothingAllows => "may not: no ALLOW rule can apply".to_owned(),
        Standing::Contradicted => "may not: its rules exclude each other, whatever the token says".to_owned(),
    }
}

/// The rules that matter for it.
pub(crate) fn rules(reach: &Reach<'_>, read: &Read<'_>) -> Vec<String> {
    let told = |way: &Way<'_>, verb: &str| {
        let wording = words::wording(read, way.layer, way.number);
        format!("{verb} by {} of {} {}", way.rule, way.policy, words::needs(way, wording.as_ref()))
    };
    match reach.standing {
        Standing::Always(_) | Standing::NothingAllows => Vec::new(),
        Standing::Denied(..) => Vec::new(),
        Standing::Sometimes { .. } | Standing::Contradicted => {
            let allows = reach.allows.iter().map(|way| told(way, "allowed"));
            allows.chain(reach.denies.iter().map(|way| told(way, "denied"))).collect()
        }
    }
}

/// All that is told of it.
pub(crate) fn lines(reach: &Reach<'_>, read: &Read<'_>, depth: usize) -> Vec<Line> {
    let mark = match reach.standing {
        Standing::Always(_) => Mark::Yes,
        Standing::Sometimes { .. } => Mark::Unsure,
        Standing::Denied(..) | Standing::NothingAllows | Standing::Contradicted => Mark::No,
    };
    let mut lines = vec![Line::new(depth, mark, title(reach))];
    lines.extend(rules(reach, read).into_iter().map(|rule| Line::new(depth + 1, Mark::None, rule)));
    for own in &reach.excluded {
        let wording = words::wording(read, own.layer, own.number);
        let why = words::exclusion(&own.by, wording.as_ref());
        lines.push(Line::new(
            depth + 1,
            Mark::No,
            format!("{} {} of {} cannot apply: {why}", own.effect, own.rule, own.policy),
        ));
    }
    lines
}

/// For programs.
pub(crate) fn json(reach: &Reach<'_>, read: &Read<'_>) -> Value {
    let excluded: Vec<Value> = (reach.excluded.iter())
        .map(|own| {
            let wording = words::wording(read, own.layer, own.number);
            json!({"layer": words::layer(own.layer), "policyId": own.policy.as_str(), "ruleId": own.rule.as_str(),
                "effect": own.effect.word(), "why": words::exclusion(&own.by, wording.as_ref())})
        })
        .collect();
    let ways = |ways: &[Way<'_>]| ways.iter().map(|own| way(own, read)).collect::<Vec<Value>>();
    json!({"standing": word(reach.standing), "words": title(reach), "needsAgent": reach.needs_agent,
        "allows": ways(&reach.allows), "denies": ways(&reach.denies), "cannotApply": excluded})
}

/// A rule that can apply, for programs.
pub(crate) fn way(way: &Way<'_>, read: &Read<'_>) -> Value {
    let wording = words::wording(read, way.layer, way.number);
    let needs: Vec<String> = way.needs.iter().map(|own| words::need(own, wording.as_ref())).collect();
    json!({"layer": words::layer(way.layer), "policyId": way.policy.as_str(), "ruleId": way.rule.as_str(), "effect": way.effect.word(),
        "needs": needs, "until": way.last.map(words::time)})
}
