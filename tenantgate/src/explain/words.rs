//! Rules, checks and conditions in words.

use policy_model::comparison::{Version, Wording};
use policy_model::explanation::{Cause, Check, ConditionCheck, Found, Held, InForce, List, Wanted, Whose};
use policy_model::reach::{Exclusion, Need, Proof, Way};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::source::Read;

/// The words of a rule, by its layer and its place; none of rules that are in no document.
pub(crate) fn wording(read: &Read<'_>, layer: Whose, number: usize) -> Option<Wording> {
    let version: Option<&Version<'_>> = match layer {
        Whose::Kill => None,
        Whose::Baseline => read.baseline.as_ref(),
        Whose::Tenant => Some(&read.policy),
    };
    version?.wording(number)
}

/// Whose rules these are.
pub(crate) fn layer(layer: Whose) -> &'static str {
    match layer {
        Whose::Kill => "KILL",
        Whose::Baseline => "BASELINE",
        Whose::Tenant => "TENANT",
    }
}

/// A condition's own text.
pub(crate) fn condition(wording: Option<&Wording>, number: usize) -> String {
    let text = wording.and_then(|wording| wording.conditions.get(number)).cloned();
    text.unwrap_or_else(|| format!("condition {number}"))
}

/// What a check found, as in `roles: clerk, of clerk or manager`.
pub(crate) fn check(check: &Check<'_>) -> String {
    match check {
        Check::Names { list, wanted, matching, holds } => {
            let name = list_name(*list);
            match (wanted, holds) {
                (Wanted::Any, true) => format!("{name}: any, and there is one"),
                (Wanted::Any, false) => format!("{name}: any, and there is none"),
                (Wanted::OneOf(names), true) => format!("{name}: {}, of {}", matching.join(" and "), or(names)),
                (Wanted::OneOf(names), false) => format!("{name}: not {}", or(names)),
            }
        }
        Check::Scopes { wanted, lacking } if lacking.is_empty() => format!("scopes: {}", and(wanted)),
        Check::Scopes { wanted, lacking } => format!("scopes: {} missing of {}", lacking.join(" and "), and(wanted)),
        Check::Time { first, last, in_force } => {
            let state = match in_force {
                InForce::Yes => "in force",
                InForce::NotYet => "not yet in force",
                InForce::NoLonger => "no longer in force",
            };
            format!("time: {state}, {}", span(*first, *last))
        }
    }
}

/// Seconds since 1970 as a time in UTC.
pub(crate) fn time(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|time| time.format(&Rfc3339).ok());
    time.unwrap_or_else(|| seconds.to_string())
}

/// When, as in `from .. until ..`.
pub(crate) fn span(first: Option<i64>, last: Option<i64>) -> String {
    let from = first.map(|first| format!("from {}", time(first)));
    let until = last.map(|last| format!("until {}", time(last)));
    from.into_iter().chain(until).collect::<Vec<String>>().join(" ")
}

pub(crate) fn list_name(list: List) -> &'static str {
    match list {
        List::Users => "users",
        List::Roles => "roles",
        List::Workspaces => "workspaces",
        List::Agents => "agents",
    }
}

/// What became of a condition, behind its text.
pub(crate) fn held(check: &ConditionCheck) -> String {
    let found = match (&check.found, &check.compared_with) {
        (found, None) => format!("found {found}"),
        (found, Some(value)) => format!("found {found}, beside {value}"),
    };
    match check.held {
        Held::True => format!("holds: {found}"),
        Held::False => format!("does not hold: {found}"),
        Held::Open => match check.found {
            Found::Unknown | Found::Values(_) | Found::NotLookedAt => "depends on the arguments".to_owned(),
        },
        Held::Indeterminate(why) => format!("cannot be evaluated: {found}; {}", cause(why)),
    }
}

/// Why a condition cannot be evaluated.
pub(crate) fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Missing => "the path finds nothing, and missing is not null",
        Cause::NotComparable => "the operator does not compare that: there is no conversion between types",
        Cause::NoValue => "valuePath does not find exactly one value",
        Cause::OtherSpelling => "the arguments have a name that differs in case only",
        Cause::Work => "it takes more work than a decision may",
    }
}

/// A word for programs.
pub(crate) fn cause_word(cause: Cause) -> &'static str {
    match cause {
        Cause::Missing => "MISSING",
        Cause::NotComparable => "NOT_COMPARABLE",
        Cause::NoValue => "NO_VALUE",
        Cause::OtherSpelling => "OTHER_SPELLING",
        Cause::Work => "WORK",
    }
}

/// Something that is not known of a member, as in `the token has the role clerk or manager`.
pub(crate) fn need(need: &Need<'_>, wording: Option<&Wording>) -> String {
    match need {
        Need::Role(Wanted::Any) => "the token has any role".to_owned(),
        Need::Role(Wanted::OneOf(names)) => format!("the token has the role {}", or(names)),
        Need::Agent(Wanted::Any) => "an agent calls".to_owned(),
        Need::Agent(Wanted::OneOf(names)) => format!("the agent {} calls", or(names)),
        Need::Scopes(scopes) => format!("the token has the scope {}", and(scopes)),
        Need::Condition(number) => condition(wording, *number),
    }
}

/// All that a rule needs, as in `if .. and ..`; of one that needs nothing, `always`.
pub(crate) fn needs(way: &Way<'_>, wording: Option<&Wording>) -> String {
    let needs: Vec<String> = way.needs.iter().map(|own| need(own, wording)).collect();
    let mut text = if needs.is_empty() { "always".to_owned() } else { format!("if {}", needs.join(" and ")) };
    if let Some(last) = way.last {
        text += &format!(", until {}", time(last));
    }
    match way.proof {
        Some(Proof::Excluded) => text += " (but DENY rules leave nothing of it)",
        Some(Proof::Unclear) => text += " (whether anything is left of it by DENY rules cannot be told)",
        Some(Proof::Shown) | None => {}
    }
    text
}

/// Why a rule cannot apply.
pub(crate) fn exclusion(exclusion: &Exclusion<'_>, wording: Option<&Wording>) -> String {
    match exclusion {
        Exclusion::Users => "it is about other users".to_owned(),
        Exclusion::Workspaces => "it is about other workspaces".to_owned(),
        Exclusion::Scopes(scopes) => format!("the scope {} does not count for it", scopes.join(" and ")),
        Exclusion::NotYet(first) => format!("it is not in force before {}", time(*first)),
        Exclusion::NoLonger(last) => format!("it was in force until {}", time(*last)),
        Exclusion::Condition(number, check) => format!("{}: {}", condition(wording, *number), held(check)),
    }
}

/// As in `1 rule`, `2 rules`.
pub(crate) fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Names of which one is enough; of many only the first.
pub(crate) fn or(names: &[Box<str>]) -> String {
    joined(names, " or ")
}

fn and(names: &[Box<str>]) -> String {
    joined(names, " and ")
}

fn joined(names: &[Box<str>], word: &str) -> String {
    let first: Vec<&str> = names.iter().take(NAMES_TOLD_MAX).map(|name| &**name).collect();
    match names.len().checked_sub(first.len()) {
        None | Some(0) => first.join(word),
        Some(more) => format!("{} and {more} more", first.join(", ")),
    }
}

const NAMES_TOLD_MAX: usize = 12;
