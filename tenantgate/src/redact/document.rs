//! What has come out, for programs: one JSON document in which every character is seen.

use std::io::{self, Write};

use policy_model::json::quote;

use super::remains::{Remain, Remains};
use super::report::why;
use super::rules::Said;
use super::sample::Frame;
use super::trial::{Cause, State, Told, Trial, Tried, Verdict};
use crate::unseen::escaped;

/// The facts of the report.
pub(crate) fn write_json(out: &mut impl Write, trial: &Trial, frame: Frame, notes: &[String]) -> io::Result<()> {
    let changes: Vec<String> = trial.changes.iter().map(|told| change(trial, told)).collect();
    let rules: Vec<String> = trial.rules.iter().map(rule).collect();
    let notes: Vec<String> = notes.iter().map(|note| quote(note)).collect();
    let mut members = Vec::new();
    match &trial.verdict {
        Verdict::GoesOn => members.push(member("verdict", "\"GOES_ON\"")),
        Verdict::Withheld(refusal, remains) => {
            members.push(member("verdict", "\"WITHHELD\""));
            members.push(member("reason", &quote(refusal.code())));
            members.push(member("why", &quote(why(refusal))));
            match remains {
                Remains::None => {}
                Remains::Unreadable(what) => members.push(member("detail", &quote(what))),
                Remains::Endless => members.push(member("isPercentEncodedWithoutEnd", "true")),
                Remains::Values(values) => {
                    let values: Vec<String> = values.iter().map(|value| remain(trial, value)).collect();
                    members.push(member("foundAgain", &list(&values)));
                }
            }
        }
    }
    members.push(member("warnings", &list(&notes)));
    members.push(member("redactions", &list(&rules)));
    members.push(member("changes", &list(&changes)));
    if let Some(left) = &trial.left {
        let is_text = match frame {
            Frame::Text => true,
            Frame::Message | Frame::Result | Frame::Structured => false,
        };
        let left = if is_text { quote(left) } else { left.clone() };
        members.push(member("message", &left));
    }
    writeln!(out, "{{\n  {}\n}}", escaped(&members.join(",\n  ")))
}

fn change(trial: &Trial, told: &Told) -> String {
    let mut members = vec![member("place", &quote(&told.change.place())), member("before", &told.change.before)];
    members.extend(told.change.after.as_deref().map(|after| member("after", after)));
    members.push(member("redactions", &row(&places(trial, &told.by))));
    let cause = match told.cause {
        Cause::Value => "\"VALUE\"",
        Cause::FreeText => "\"FREE_TEXT\"",
        Cause::Unseen => "\"UNSEEN\"",
    };
    members.push(member("cause", cause));
    object(&members)
}

fn rule(rule: &Tried) -> String {
    let Said { policy, number, action, what, .. } = &rule.said;
    let mut members = vec![
        member("policyId", &quote(policy)),
        member("number", &number.to_string()),
        member("action", &quote(action)),
        member("what", &quote(what)),
    ];
    match rule.state {
        State::Exempt => members.push(member("state", "\"EXEMPT\"")),
        State::Changed(count) => {
            members.push(member("state", if count == 0 { "\"CHANGED_NOTHING\"" } else { "\"CHANGED\"" }));
            members.push(member("changes", &count.to_string()));
        }
        State::OnlyTexts => members.push(member("state", "\"ONLY_TEXTS\"")),
        State::TooMuchWork => members.push(member("state", "\"TOO_MUCH_WORK\"")),
    }
    object(&members)
}

fn remain(trial: &Trial, remain: &Remain) -> String {
    let place = |(place, form): &(String, &'static str)| {
        object(&[member("place", &quote(place)), member("form", &quote(form))])
    };
    let found: Vec<String> = remain.places.iter().map(place).collect();
    object(&[
        member("value", &quote(&remain.value)),
        member("redactions", &row(&places(trial, &remain.by))),
        member("places", &row(&found)),
    ])
}

/// Where redactions are in their policies.
fn places(trial: &Trial, by: &[usize]) -> Vec<String> {
    by.iter().filter_map(|number| trial.rules.get(*number)).map(|rule| quote(&rule.said.place())).collect()
}

fn member(name: &str, value: &str) -> String {
    format!("\"{name}\": {value}")
}

fn object(members: &[String]) -> String {
    format!("{{ {} }}", members.join(", "))
}

fn list(elements: &[String]) -> String {
    if elements.is_empty() { "[]".to_owned() } else { format!("[\n    {}\n  ]", elements.join(",\n    ")) }
}

fn row(elements: &[String]) -> String {
    format!("[{}]", elements.join(", "))
}
