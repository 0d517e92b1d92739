//! Times that stand for all others.

use std::collections::BTreeSet;

use crate::condition::Condition;
use crate::rule::Rule;

/// Most times that are tried.
const MOMENTS_MAX: usize = 128;

/// Times, in seconds since 1970, of which every time has one at which the same of the rules are in force, and at which the same
/// conditions on the time of day hold, as long as a rule begins or ends at most once a day. None if there are too many.
pub(super) fn moments(rules: &[&Rule], conditions: &[&Condition]) -> Option<Vec<i64>> {
    let starts = rules.iter().map(|rule| *rule.in_force.start()).filter(|start| *start != i64::MIN);
    let ends = rules.iter().map(|rule| *rule.in_force.end()).filter(|end| *end != i64::MAX);
    let changes: BTreeSet<i64> = starts.chain(ends.map(|end| end.saturating_add(1))).collect();
    let before = changes.first().map_or(DEFAULT, |first| first.saturating_sub(DAY));
    let times_of_day = conditions.iter().filter_map(|condition| condition.parts().1.time_of_day());
    let seconds: BTreeSet<i64> =
        times_of_day.flat_map(|times| [i64::from(times.start), i64::from(times.end)]).collect();
    let mut all = BTreeSet::new();
    for start in changes.iter().copied().chain([before]) {
        all.insert(start);
        all.extend(seconds.iter().map(|second| start.saturating_add((second - start).rem_euclid(DAY))));
    }
    (all.len() <= MOMENTS_MAX).then(|| all.into_iter().collect())
}

const DAY: i64 = 86_400;

/// Noon of 1 January 2026, in UTC.
const DEFAULT: i64 = 1_767_268_800;
