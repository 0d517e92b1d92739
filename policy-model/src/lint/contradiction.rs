//! Conditions of one rule, on one path, that no value meets.
//!
//! In an ALLOW every selected value must meet all of them. In a DENY any value may meet any of them, so that only a path of
//! names, which selects one value, is looked at; a request that the conditions cannot be evaluated for is denied all the same.

use super::subject::{ConditionView, RuleView, Subject};
use super::{Finding, Warning};
use crate::condition::{Bound, Operand, Scalar, Test, Truth};
use crate::decision::Effect;
use crate::json::{Kind, Value, compare_numbers};
use crate::pattern::Glob;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for rule in &subject.rules {
        let mut open: Vec<ConditionView<'_>> = rule.conditions().collect();
        while let Some(first) = open.first().map(key) {
            let (group, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|condition| key(condition) == first);
            open = others;
            if let Some((condition, why)) = contradiction(subject, rule, &group) {
                let advice = if group.len() > 1 { "; take one of them out, or write two rules" } else { "" };
                let message = format!("{why}; {}{advice}", consequence(rule.effect()));
                let place = condition.place.clone();
                findings.push(subject.warning(Warning::UnsatisfiableConditions, place, condition.json, message));
            }
        }
    }
}

fn consequence(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "the rule never applies",
        Effect::Deny => "the rule applies at most where they cannot be evaluated, as for a missing value",
    }
}

/// The path in one spelling, if it has one.
fn key(condition: &ConditionView<'_>) -> String {
    let (path, _) = condition.condition.parts();
    path.names().map_or_else(|| condition.path().into_owned(), |names| format!("names {names:?}"))
}

/// The condition that is one too many, and why.
fn contradiction<'c, 's>(
    subject: &Subject<'_>,
    rule: &RuleView<'_>,
    group: &'c [ConditionView<'s>],
) -> Option<(&'c ConditionView<'s>, String)> {
    let path = group.first()?.condition.parts().0;
    let is_one_value = path.names().is_some();
    let absence = group.iter().find(|condition| is(condition, |test| matches!(test, Test::NotExists)));
    let presence = group.iter().find(|condition| match (condition.condition.parts().1, rule.effect()) {
        (Test::NotExists, _) => false,
        (Test::Exists, _) => true,
        // Where nothing is selected the others cannot be evaluated, which is enough for a DENY.
        (_, Effect::Allow) => true,
        (_, Effect::Deny) => false,
    });
    if let (Some(_), Some(presence)) = (absence, presence) {
        return Some((presence, format!("{} cannot both be there and not", presence.path())));
    }
    match (rule.effect(), is_one_value) {
        (Effect::Deny, false) => return None,
        (Effect::Allow, _) | (Effect::Deny, true) => {}
    }
    if let Some(found) = against_tenant(subject, group) {
        return Some(found);
    }
    if let Some((from, values)) = group.iter().find_map(written_values) {
        let others = || group.iter().filter(|other| other.place != from.place);
        let fits = |value: &Value<'_>| others().all(|other| may_hold(other, *value));
        if values.iter().any(fits) {
            return None;
        }
        let culprit = others().find(|other| !values.iter().any(|value| may_hold(other, *value)));
        let culprit = culprit.or_else(|| others().next_back())?;
        return Some((culprit, format!("{} is to be {}, which does not meet this", from.path(), some_of(&values))));
    }
    let pair = |condition: &'c ConditionView<'s>| {
        let before = group.iter().take_while(|other| other.place != condition.place);
        before.map(move |before| (before, condition))
    };
    let (first, second) = group.iter().flat_map(pair).find(|(first, second)| exclude(first, second))?;
    Some((second, format!("no value of {} meets this and {} in {}", second.path(), first.operator(), first.place)))
}

/// The tenant of a tenant's policy is known.
fn against_tenant<'c, 's>(
    subject: &Subject<'_>,
    group: &'c [ConditionView<'s>],
) -> Option<(&'c ConditionView<'s>, String)> {
    let is_tenant = group.first()?.condition.parts().0.names()? == ["tenant", "id"];
    let tenant = subject.document.root().get("tenantId").filter(|_| is_tenant && subject.written.tenant.is_some())?;
    let is_false =
        |condition: &&ConditionView<'_>| match (condition.condition.of_value(tenant), condition.condition.parts().1) {
            // That it is always there is said elsewhere.
            (_, Test::NotExists) => false,
            (Some(truth), _) => truth == Truth::False,
            (None, _) => false,
        };
    let condition = group.iter().find(is_false)?;
    Some((condition, format!("in this policy $.tenant.id is always {}", tenant.text())))
}

fn some_of(values: &[Value<'_>]) -> String {
    let texts: Vec<&str> = values.iter().take(3).map(|value| value.text()).collect();
    let more = if values.len() > texts.len() { ", .." } else { "" };
    format!("{}{more}", texts.join(" or "))
}

fn is(condition: &ConditionView<'_>, test: fn(&Test) -> bool) -> bool {
    test(condition.condition.parts().1)
}

fn may_hold(condition: &ConditionView<'_>, value: Value<'_>) -> bool {
    match condition.condition.of_value(value) {
        Some(Truth::False | Truth::Indeterminate) => false,
        Some(Truth::True | Truth::Open) | None => true,
    }
}

/// The only values that a condition lets through, if it writes them out.
fn written_values<'c, 's>(condition: &'c ConditionView<'s>) -> Option<(&'c ConditionView<'s>, Vec<Value<'s>>)> {
    let value = condition.json.get("value")?;
    let test = condition.condition.parts().1;
    if matches!(test, Test::Equals(Operand::Scalar(_))) {
        return Some((condition, vec![value]));
    }
    matches!(test, Test::In(Operand::List(_))).then(|| (condition, value.elements().collect()))
}

/// Whether no value meets both.
fn exclude(left: &ConditionView<'_>, right: &ConditionView<'_>) -> bool {
    let (left, right) = (left.condition.parts().1, right.condition.parts().1);
    let have_types = types(left).iter().any(|kind| types(right).contains(kind));
    if !have_types {
        return true;
    }
    if let (Some(left), Some(right)) = (as_glob(left), as_glob(right)) {
        return !left.intersects(&right);
    }
    match (left, right) {
        (
            Test::Order(left, Operand::Scalar(Scalar::Number(first))),
            Test::Order(right, Operand::Scalar(Scalar::Number(second))),
        ) => ranges_exclude((*left, first), (*right, second)) || ranges_exclude((*right, second), (*left, first)),
        (Test::InCidr(left), Test::InCidr(right)) => {
            let overlaps = |one: &ipnet::IpNet, other: &ipnet::IpNet| one.contains(other) || other.contains(one);
            !left.iter().any(|one| right.iter().any(|other| overlaps(one, other)))
        }
        (Test::Between(left), Test::Between(right)) => {
            let has = |times: &std::ops::Range<u32>, time: u32| match times.start <= times.end {
                true => times.contains(&time),
                false => time >= times.start || time < times.end,
            };
            !has(left, right.start) && !has(right, left.start)
        }
        (_, _) => false,
    }
}

/// Whether nothing is at once above the first and below the second.
fn ranges_exclude((lower, from): (Bound, &str), (upper, to): (Bound, &str)) -> bool {
    let (is_lower_open, is_upper_open) = match (lower, upper) {
        (Bound::Greater, Bound::Less | Bound::LessOrEqual) => (true, upper == Bound::Less),
        (Bound::GreaterOrEqual, Bound::Less | Bound::LessOrEqual) => (false, upper == Bound::Less),
        (Bound::Less | Bound::LessOrEqual | Bound::Greater | Bound::GreaterOrEqual, _) => return false,
    };
    compare_numbers(from, to).is_some_and(|order| order.is_gt() || (order.is_eq() && (is_lower_open || is_upper_open)))
}

/// A pattern that all texts which meet a condition fit.
fn as_glob(test: &Test) -> Option<Glob> {
    match test {
        Test::Like(glob) => Some(glob.clone()),
        Test::StartsWith(Operand::Scalar(Scalar::Text(text))) => Some(Glob::new(&format!("{text}*"))),
        Test::EndsWith(Operand::Scalar(Scalar::Text(text))) => Some(Glob::new(&format!("*{text}"))),
        Test::StartsWith(_) | Test::EndsWith(_) => None,
        Test::Exists
        | Test::NotExists
        | Test::Equals(_)
        | Test::NotEquals(_)
        | Test::In(_)
        | Test::NotIn(_)
        | Test::Order(..)
        | Test::Contains(_)
        | Test::Matches(_)
        | Test::InCidr(_)
        | Test::Between(_) => None,
    }
}

/// The types of the values that a condition can hold for.
fn types(test: &Test) -> &'static [Kind] {
    const ALL: &[Kind] = &[Kind::Null, Kind::Bool, Kind::Number, Kind::String, Kind::Array, Kind::Object];
    const NOT_NULL: &[Kind] = &[Kind::Bool, Kind::Number, Kind::String, Kind::Array, Kind::Object];
    const SCALARS: &[Kind] = &[Kind::Null, Kind::Bool, Kind::Number, Kind::String];
    let of = |scalar: &Scalar| -> &'static [Kind] {
        match scalar {
            Scalar::Null => &[Kind::Null],
            Scalar::Bool(_) => &[Kind::Bool],
            Scalar::Number(_) => &[Kind::Number],
            Scalar::Text(_) => &[Kind::String],
        }
    };
    match test {
        Test::Exists | Test::NotExists => ALL,
        Test::NotEquals(Operand::Scalar(Scalar::Null)) => NOT_NULL,
        // What stands at a path may be null, and all but null differs from that.
        Test::NotEquals(Operand::Path(_)) | Test::NotIn(Operand::Path(_)) => ALL,
        Test::Equals(Operand::Scalar(scalar)) | Test::NotEquals(Operand::Scalar(scalar)) => of(scalar),
        Test::In(Operand::List(list)) | Test::NotIn(Operand::List(list)) => list.first().map_or(ALL, of),
        Test::Equals(_) | Test::In(_) => SCALARS,
        Test::NotEquals(Operand::List(_)) | Test::NotIn(Operand::Scalar(_)) => ALL,
        Test::Order(..) => &[Kind::Number],
        Test::Contains(Operand::Scalar(Scalar::Text(_)) | Operand::Path(_) | Operand::List(_)) => {
            &[Kind::String, Kind::Array]
        }
        Test::Contains(Operand::Scalar(Scalar::Null | Scalar::Bool(_) | Scalar::Number(_))) => &[Kind::Array],
        Test::StartsWith(_)
        | Test::EndsWith(_)
        | Test::Like(_)
        | Test::Matches(_)
        | Test::InCidr(_)
        | Test::Between(_) => &[Kind::String],
    }
}
