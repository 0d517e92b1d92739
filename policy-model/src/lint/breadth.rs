//! Grants that are wider than they look.

use super::spread::{host_spread, name_spread};
use super::subject::{ConditionView, RuleView, Subject};
use super::{Finding, Warning};
use crate::condition::{Operand, Scalar, Test};
use crate::decision::Effect;
use crate::pattern::{AgentPattern, Pattern, ToolPattern, UriPattern};
use crate::request::ARGUMENTS;
use crate::tool_name::is_target;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for rule in &subject.rules {
        for (number, pattern, at) in rule.resources() {
            let warning = match rule.effect() {
                Effect::Allow => everything(subject, rule, pattern).or_else(|| wide_wildcard(pattern)),
                Effect::Deny => wide_denial(pattern),
            };
            if let Some((kind, message)) = warning {
                findings.push(subject.warning(kind, format!("{}.resources[{number}]", rule.place()), at, message));
            }
        }
        let conditions: Vec<ConditionView<'_>> = rule.conditions().collect();
        for condition in &conditions {
            if let Some(message) = matches_everything(condition) {
                let place = format!("{}.value", condition.place);
                let at = condition.member("value");
                findings.push(subject.warning(Warning::MatchesEverything, place, at, message));
            }
            if let Some(message) = allows_all_others(rule, condition, &conditions) {
                let place = condition.place.clone();
                findings.push(subject.warning(Warning::AllowsAllOthers, place, condition.json, message));
            }
        }
    }
}

fn everything(subject: &Subject<'_>, rule: &RuleView<'_>, pattern: &Pattern) -> Option<(Warning, String)> {
    let things = match pattern {
        Pattern::Tool(ToolPattern::All) => "tools of all targets",
        Pattern::Prompt(ToolPattern::All) => "prompts of all targets",
        Pattern::Uri(UriPattern::All) => "resources of all targets",
        Pattern::Agent(AgentPattern::Whole(name)) if name.is_any() => "agents",
        Pattern::Agent(AgentPattern::Skill { agent, skill }) if agent.is_any() && skill.is_any() => {
            "skills of all agents"
        }
        Pattern::Model(name) if name.is_any() => "models",
        Pattern::Tool(_) | Pattern::Prompt(_) | Pattern::Uri(_) | Pattern::Agent(_) | Pattern::Model(_) => return None,
    };
    let message = format!(
        "every caller of the tenant may use all {things}, also those that are added later; name what is needed, or limit the \
         rule with principals, scopes or conditions"
    );
    rule.is_unlimited(subject.surroundings.now).then_some((Warning::GrantsEverything, message))
}

fn wide_wildcard(pattern: &Pattern) -> Option<(Warning, String)> {
    let message = match pattern {
        Pattern::Tool(ToolPattern::Prefixed { target, .. }) | Pattern::Prompt(ToolPattern::Prefixed { target, .. }) => {
            name_spread("target", target)?
        }
        Pattern::Agent(AgentPattern::Skill { agent, .. }) => name_spread("agent", agent)?,
        Pattern::Uri(UriPattern::Parts { scheme, authority: Some(authority), .. }) => host_spread(scheme, authority)?,
        Pattern::Tool(_) | Pattern::Prompt(_) | Pattern::Uri(_) => return None,
        Pattern::Agent(AgentPattern::Whole(_)) | Pattern::Model(_) => return None,
    };
    Some((Warning::WideWildcard, message))
}

/// What a bare wildcard in a DENY or redaction reaches besides the tools that it seems to be about.
pub(super) fn wide_denial(pattern: &Pattern) -> Option<(Warning, String)> {
    let (Pattern::Tool(ToolPattern::Bare(name)) | Pattern::Prompt(ToolPattern::Bare(name))) = pattern else {
        return None;
    };
    let first = name.first();
    if name.literal().is_some() || !name.ends_open() || !is_target(first) {
        return None;
    }
    let message = format!(
        "this reaches {name} on every target, and also all of every target whose name begins with {first}; write \
         <target>___{name} for one target, *___{name} for the names on every target alone"
    );
    Some((Warning::WideDenial, message))
}

fn matches_everything(condition: &ConditionView<'_>) -> Option<String> {
    let (_, test) = condition.condition.parts();
    let value = condition.member("value").as_str().unwrap_or_default();
    match test {
        Test::Like(glob) if glob.is_any() => {}
        Test::Matches(_) if ALL_TEXTS.contains(&value.trim_start_matches('^').trim_end_matches('$')) => {}
        Test::Like(_)
        | Test::Matches(_)
        | Test::Exists
        | Test::NotExists
        | Test::Equals(_)
        | Test::NotEquals(_)
        | Test::In(_)
        | Test::NotIn(_)
        | Test::Order(..)
        | Test::Contains(_)
        | Test::StartsWith(_)
        | Test::EndsWith(_)
        | Test::InCidr(_)
        | Test::Between(_) => return None,
    }
    Some("this holds for every text, or every line of text; say what the text must be, or use EXISTS".to_owned())
}

/// A list of what may not be, where nothing says what may.
fn allows_all_others(rule: &RuleView<'_>, condition: &ConditionView<'_>, all: &[ConditionView<'_>]) -> Option<String> {
    match rule.effect() {
        Effect::Allow => {}
        Effect::Deny => return None,
    }
    let (path, test) = condition.condition.parts();
    if !excludes(test) || path.leading_names().first() != Some(&ARGUMENTS) {
        return None;
    }
    let is_bounded = all.iter().any(|other| other.path() == condition.path() && bounds(other.condition.parts().1));
    let message = format!(
        "every other value of {} is allowed, also those that nobody thought of; if the good values are known, list them with \
         IN or EQUALS",
        condition.path()
    );
    (!is_bounded).then_some(message)
}

/// Whether it excludes values that are written out.
fn excludes(test: &Test) -> bool {
    let excludes_null_only = matches!(test, Test::NotEquals(Operand::Scalar(Scalar::Null)));
    matches!(test, Test::NotEquals(Operand::Scalar(_)) | Test::NotIn(Operand::List(_))) && !excludes_null_only
}

/// Whether it says what a value may be.
fn bounds(test: &Test) -> bool {
    !matches!(test, Test::Exists | Test::NotExists | Test::NotEquals(_) | Test::NotIn(_))
}

const ALL_TEXTS: &[&str] =
    &[".*", ".+", "(.*)", "(.+)", "(?s).*", "(?s).+", "(?s:.*)", "(?s:.+)", "[\\s\\S]*", "[\\s\\S]+"];
