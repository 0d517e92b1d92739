//! Times of day, while the same rules are in force.

use std::collections::BTreeSet;

use crate::condition::Condition;
use crate::rule::Rule;
use crate::selector::Selector;

/// Times, in seconds since 1970, of which every time at which the same of the rules are in force as at `time` has one at which the same
/// conditions on the time of day hold; none where conditions ask something else of the time, or there are too many.
pub(super) fn moments(rules: &[&Rule], conditions: &[&Condition], time: i64) -> Option<Vec<i64>> {
    let mut seconds = BTreeSet::new();
    for condition in conditions {
        let (path, test) = condition.parts();
        match test.time_of_day() {
            Some(times) if path.names().is_some_and(|names| names == ["time"]) => {
                seconds.extend([i64::from(times.start), i64::from(times.end)]);
            }
            _ if condition.paths().flat_map(Selector::roots).any(|root| root == "time") => return None,
            _ => {}
        }
    }
    if seconds.is_empty() {
        return Some(vec![time]);
    }
    let midnight = time.saturating_sub(time.rem_euclid(DAY));
    let days = [midnight.saturating_sub(DAY), midnight, midnight.saturating_add(DAY)];
    let mut all: BTreeSet<i64> =
        seconds.iter().flat_map(|second| days.map(|day| day.saturating_add(*second))).collect();
    // The first and last second of rules, as a time of day may begin before they do.
    for rule in rules {
        let (start, end) = (*rule.in_force.start(), *rule.in_force.end());
        all.extend([start, start.saturating_sub(1), end, end.saturating_add(1)]);
    }
    let is_alike = |other: &i64| {
        rules.iter().all(|rule| rule.in_force.contains(other) == rule.in_force.contains(&time))
            && time.abs_diff(*other) <= DAY as u64
    };
    let all: Vec<i64> = std::iter::once(time).chain(all.into_iter().filter(is_alike)).collect();
    (all.len() <= MOMENTS_MAX).then_some(all)
}

const DAY: i64 = 86_400;

/// Most times that are tried.
const MOMENTS_MAX: usize = 128;
