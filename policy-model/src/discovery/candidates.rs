//! Values among which there is one for every kind of value that conditions tell apart.

use std::borrow::Cow;

use super::constants::Constants;
use super::{Work, numbers, points, texts};
use crate::condition::{Scalar, Test};
use crate::json::quote;

/// Most constants of which every combination is tried as a list.
pub(super) const LIST_MEMBERS_MAX: usize = 6;

/// A value that an argument may have.
pub(super) struct Candidate {
    /// JSON; missing if there is none.
    pub(super) text: Option<String>,
    pub(super) loose: Loose,
}

/// The conditions in which a candidate does not stand for all values of its kind: some of these may answer otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loose {
    Nothing,
    /// Regular expressions.
    Expressions,
    /// They, and networks and times.
    Points,
    /// They, and the patterns of texts.
    Patterns,
    /// Those that look into a list.
    Members,
    Everything,
}

impl Loose {
    pub(super) fn leaves_open(self, test: &Test) -> bool {
        match test {
            Test::Exists | Test::NotExists | Test::Equals(_) | Test::NotEquals(_) | Test::Order(..) => match self {
                Loose::Everything => true,
                Loose::Nothing | Loose::Expressions | Loose::Points | Loose::Patterns | Loose::Members => false,
            },
            Test::In(_) | Test::NotIn(_) => match self {
                Loose::Members | Loose::Everything => true,
                Loose::Nothing | Loose::Expressions | Loose::Points | Loose::Patterns => false,
            },
            Test::Contains(_) => match self {
                Loose::Patterns | Loose::Members | Loose::Everything => true,
                Loose::Nothing | Loose::Expressions | Loose::Points => false,
            },
            Test::StartsWith(_) | Test::EndsWith(_) | Test::Like(_) => match self {
                Loose::Patterns | Loose::Everything => true,
                Loose::Nothing | Loose::Expressions | Loose::Points | Loose::Members => false,
            },
            Test::InCidr(_) | Test::Between(_) => match self {
                Loose::Points | Loose::Patterns | Loose::Everything => true,
                Loose::Nothing | Loose::Expressions | Loose::Members => false,
            },
            Test::Matches(_) => match self {
                Loose::Expressions | Loose::Points | Loose::Patterns | Loose::Everything => true,
                Loose::Nothing | Loose::Members => false,
            },
        }
    }
}

/// The values most worth a try, at little cost.
pub(super) fn likely(constants: &Constants<'_>) -> Vec<Candidate> {
    let texts = constants.texts.iter().take(LIKELY_MAX).map(|text| quote(text));
    let instances = constants.patterns.iter().map(|pattern| quote(&pattern.instance()));
    texts.chain(instances).map(exact).collect()
}

const LIKELY_MAX: usize = 4;

/// Values among which every value has one that does as well in all conditions with these constants, and `count` such if they are
/// compared with each other.
///
/// Complete, but for what a candidate says of itself. The kinds of value: missing; null; true and false, which without a constant
/// of that type do as an object does, that is, nothing; numbers, texts, addresses and times as told where they are made; lists,
/// of which only the elements that are constants can help.
pub(super) fn complete(constants: &Constants<'_>, count: usize, work: &Work) -> Vec<Candidate> {
    let mut pool = Vec::new();
    add_numbers(&mut pool, constants, count);
    add_texts(&mut pool, constants, count, work);
    add_lists(&mut pool, constants);
    let are_bools_told_apart = constants.has_bools || constants.are_linked;
    pool.extend(["true", "false"].into_iter().filter(|_| are_bools_told_apart).map(exact));
    pool.extend(["{}", "null"].map(exact));
    pool.push(MISSING);
    pool
}

/// The arguments themselves are an object, or missing.
pub(super) fn of_root() -> Vec<Candidate> {
    vec![exact("{}"), MISSING]
}

fn add_numbers(pool: &mut Vec<Candidate>, constants: &Constants<'_>, count: usize) {
    if constants.numbers.is_empty() && !constants.are_linked {
        return;
    }
    match numbers::representatives(&borrowed(&constants.numbers), count) {
        Some(numbers) => pool.extend(numbers.into_iter().map(exact)),
        None => pool.push(Candidate { text: Some("0".to_owned()), loose: Loose::Everything }),
    }
}

fn add_texts(pool: &mut Vec<Candidate>, constants: &Constants<'_>, count: usize, work: &Work) {
    let has_points = !constants.networks.is_empty() || !constants.times.is_empty();
    if constants.texts.is_empty()
        && constants.patterns.is_empty()
        && !has_points
        && !constants.has_expressions
        && !constants.are_linked
    {
        return;
    }
    let texts = borrowed(&constants.texts);
    pool.extend(texts.iter().map(|text| exact(quote(text))));
    // An expression may hold for any text that is no constant, or for none.
    let loose = if constants.has_expressions { Loose::Expressions } else { Loose::Nothing };
    let is_plain = constants.patterns.is_empty() && !constants.are_linked;
    let addresses = points::addresses(&constants.networks, &texts).filter(|_| is_plain);
    let times = points::times(&constants.times, &texts).filter(|_| is_plain);
    let loose = match (addresses, times) {
        (Some(addresses), Some(times)) if has_points => {
            pool.extend(addresses.iter().chain(&times).map(|text| Candidate { text: Some(quote(text)), loose }));
            loose
        }
        (_, _) if has_points => Loose::Points,
        (_, _) => loose,
    };
    let (found, loose) = match texts::representatives(&constants.patterns, &texts, count, work) {
        Some(found) => (Some(found), loose),
        None => (texts::representatives(&[], &texts, count, work), Loose::Patterns),
    };
    pool.extend(found.into_iter().flatten().map(|text| Candidate { text: Some(quote(&text)), loose }));
}

/// Every list does as well as the list of only those of its elements that are constants.
fn add_lists(pool: &mut Vec<Candidate>, constants: &Constants<'_>) {
    if !constants.has_lists {
        return;
    }
    let mut members: Vec<Cow<'_, str>> = constants.members.iter().map(|member| json(member)).collect();
    members.sort_unstable();
    members.dedup();
    let list = |members: &[&str]| format!("[{}]", members.join(","));
    if members.len() > LIST_MEMBERS_MAX {
        pool.push(exact(list(&borrowed(&members))));
        pool.push(Candidate { text: Some("[]".to_owned()), loose: Loose::Members });
        return;
    }
    for chosen in 0..1_usize << members.len() {
        let is_chosen = |number: &usize| chosen >> number & 1 == 1;
        let members = members.iter().enumerate().filter(|(number, _)| is_chosen(number)).map(|(_, member)| &**member);
        pool.push(exact(list(&members.collect::<Vec<_>>())));
    }
}

const MISSING: Candidate = Candidate { text: None, loose: Loose::Nothing };

fn exact(text: impl Into<String>) -> Candidate {
    Candidate { text: Some(text.into()), loose: Loose::Nothing }
}

fn borrowed<'s>(texts: &'s [Cow<'_, str>]) -> Vec<&'s str> {
    let mut texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

fn json(scalar: &Scalar) -> Cow<'_, str> {
    match scalar {
        Scalar::Null => Cow::Borrowed("null"),
        Scalar::Bool(true) => Cow::Borrowed("true"),
        Scalar::Bool(false) => Cow::Borrowed("false"),
        Scalar::Number(text) => Cow::Borrowed(text),
        Scalar::Text(text) => Cow::Owned(quote(text)),
    }
}
