//! Redactions that take nothing out, and wildcards in them that reach further than they look.

use super::breadth::wide_denial;
use super::emptiness::SELECTS_NOTHING;
use super::reach::{Denied, names_nothing};
use super::subject::Subject;
use super::{Finding, Warning};
use crate::json::Value;
use crate::pattern::{AgentPattern, Pattern, Reach};
use crate::selector::Selector;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let denied = Denied::by(subject);
    let values: Vec<Value<'_>> =
        subject.document.root().get("redactions").into_iter().flat_map(Value::elements).collect();
    for redaction in &subject.written.redactions {
        let Some(json) = values.get(redaction.number) else { continue };
        let place = format!("redactions[{}]", redaction.number);
        if redaction.redaction.what.path().is_some_and(Selector::selects_nothing) {
            let at = json.get("path").unwrap_or(*json);
            let place = format!("{place}.path");
            findings.push(subject.warning(Warning::NeverSelects, place, at, SELECTS_NOTHING.to_owned()));
        }
        look_at_resources(subject, &denied, (*json, &place), &redaction.resources, "no results to redact", findings);
        look_at_skills(subject, (*json, &place), &redaction.resources, findings);
    }
}

/// What an agent answers does not say which of its skills made it.
fn look_at_skills(
    subject: &Subject<'_>,
    (json, place): (Value<'_>, &str),
    patterns: &[Pattern],
    findings: &mut Vec<Finding>,
) {
    let resources = json.get("resources").into_iter().flat_map(Value::elements);
    for (number, (pattern, at)) in patterns.iter().zip(resources).enumerate() {
        let Pattern::Agent(AgentPattern::Skill { agent, .. }) = pattern else { continue };
        let message = format!(
            "an answer of an agent does not say which skill made it, so that none is redacted for this; name the agent, \
             agent:agent:{agent}"
        );
        findings.push(subject.warning(Warning::NeverSelects, format!("{place}.resources[{number}]"), at, message));
    }
}

/// The resources of something that is about them in the wide sense, without being a rule; `nothing` is what there is of what is denied.
pub(super) fn look_at_resources(
    subject: &Subject<'_>,
    denied: &Denied,
    (json, place): (Value<'_>, &str),
    patterns: &[Pattern],
    nothing: &str,
    findings: &mut Vec<Finding>,
) {
    let resources = json.get("resources").into_iter().flat_map(Value::elements);
    for (number, (pattern, at)) in patterns.iter().zip(resources).enumerate() {
        let warning = in_vain(denied, pattern, nothing)
            .map(|message| (Warning::NeverSelects, message))
            .or_else(|| wide_denial(pattern));
        if let Some((kind, message)) = warning {
            findings.push(subject.warning(kind, format!("{place}.resources[{number}]"), at, message));
        }
    }
}

fn in_vain(denied: &Denied, pattern: &Pattern, nothing: &str) -> Option<String> {
    if names_nothing(pattern) {
        return Some("longer than every name, which has at most 256 characters, so that nothing fits".to_owned());
    }
    let by = denied.all_of(pattern, Reach::Wide)?;
    Some(format!("{by} denies all of this to everybody, so that there are {nothing}; take one of the two out"))
}
