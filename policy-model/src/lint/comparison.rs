//! Conditions that never hold, since what they look at is never of the type that they compare.

use super::facts::{Fact, fact};
use super::subject::{ConditionView, Subject};
use super::{Finding, Warning};
use crate::condition::{Operand, Scalar, Test};
use crate::decision::Effect;
use crate::pattern::{Pattern, ResourceType};
use crate::selector::Selector;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for rule in &subject.rules {
        let Some(kind) = rule.rule.resources.first().map(Pattern::kind) else { continue };
        for condition in rule.conditions() {
            let of_path = fault_of_path(&condition, kind).map(|fault| ("path", fault));
            let fault = of_path.or_else(|| fault_of_value(&condition, kind).map(|fault| ("valuePath", fault)));
            let Some((member, Fault { why, is_false })) = fault else { continue };
            let consequence = match (rule.effect(), is_false) {
                (Effect::Allow, _) => "the rule never applies",
                (Effect::Deny, true) => "the rule never applies",
                (Effect::Deny, false) => "what cannot be evaluated counts as true in a DENY",
            };
            let place = format!("{}.{member}", condition.place);
            let message = format!("this never holds: {why}; {consequence}");
            findings.push(subject.warning(Warning::NeverTrue, place, condition.member(member), message));
        }
    }
}

/// Why a condition never holds.
struct Fault {
    why: String,
    /// Whether it is false; otherwise it cannot be evaluated.
    is_false: bool,
}

fn fault_of_path(condition: &ConditionView<'_>, kind: ResourceType) -> Option<Fault> {
    let (path, test) = condition.condition.parts();
    let names = path.leading_names();
    let fact = fact_at(path, kind)?;
    // There are calls without an agent or arguments, and unprefixed tools.
    let is_always_there = !matches!(names.as_slice(), ["tool", "target"] | ["agent" | "arguments", ..]);
    let indeterminate = |why: String| Some(Fault { why, is_false: false });
    match (fact, test) {
        (Fact::Nothing(known), Test::Exists) => Some(Fault { why: known.to_owned(), is_false: true }),
        (Fact::Nothing(_), Test::NotExists) => None,
        (Fact::Nothing(known), _) => indeterminate(known.to_owned()),
        (_, Test::Exists) => None,
        (Fact::Object(_) | Fact::Text | Fact::List | Fact::Time, Test::NotExists) => {
            is_always_there.then(|| Fault { why: format!("{} is always there", condition.path()), is_false: true })
        }
        (_, Test::Equals(Operand::Scalar(Scalar::Null))) => {
            Some(Fault { why: format!("{} is never null", condition.path()), is_false: is_always_there })
        }
        (_, Test::NotEquals(Operand::Scalar(Scalar::Null))) => None,
        (Fact::Object(meant), _) => {
            let meant = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
            indeterminate(format!("{} is an object, which compares with nothing{meant}", condition.path()))
        }
        (Fact::List, Test::Contains(operand)) => {
            is_no_text(operand).then(|| Fault { why: format!("{} has texts", condition.path()), is_false: false })
        }
        (Fact::List, _) => {
            indeterminate(format!("{} is a list; did you mean CONTAINS, or {}[*]?", condition.path(), condition.path()))
        }
        (Fact::Time, Test::Order(..)) => indeterminate(
            "$.time is a text; use notBefore and notAfter of the rule, or BETWEEN for the time of day".to_owned(),
        ),
        (Fact::Text, Test::Order(..)) => {
            indeterminate(format!("{} is a text, and {} compares numbers", condition.path(), condition.operator()))
        }
        (Fact::Text, Test::Between(_)) => {
            indeterminate(format!("{} is no time; did you mean $.time?", condition.path()))
        }
        (Fact::Time, Test::InCidr(_)) => indeterminate("$.time is no address".to_owned()),
        (
            Fact::Text | Fact::Time,
            Test::Equals(operand)
            | Test::NotEquals(operand)
            | Test::In(operand)
            | Test::NotIn(operand)
            | Test::Contains(operand),
        ) => is_no_text(operand).then(|| Fault {
            why: format!("{} is a text, which only texts compare with", condition.path()),
            is_false: false,
        }),
        (Fact::Text | Fact::Time, _) => None,
    }
}

/// What stands at a path; of one that goes on behind its names only whether nothing does.
fn fact_at(path: &Selector, kind: ResourceType) -> Option<Fact> {
    let fact = fact(&path.leading_names(), kind)?;
    match (fact, path.names()) {
        (Fact::Nothing(_), _) | (_, Some(_)) => Some(fact),
        (Fact::Object(_) | Fact::Text | Fact::Time | Fact::List, None) => None,
    }
}

/// Whether it is written out and something else than texts.
fn is_no_text(operand: &Operand) -> bool {
    let is_text = |scalar: &Scalar| match scalar {
        Scalar::Text(_) => true,
        Scalar::Null | Scalar::Bool(_) | Scalar::Number(_) => false,
    };
    match operand {
        Operand::Scalar(scalar) => !is_text(scalar),
        Operand::List(scalars) => !scalars.iter().all(is_text),
        Operand::Path(_) => false,
    }
}

/// A `valuePath` at which there never is what the operator compares with.
fn fault_of_value(condition: &ConditionView<'_>, kind: ResourceType) -> Option<Fault> {
    let (_, test) = condition.condition.parts();
    let value_path = test.operand().and_then(Operand::path)?;
    let path = condition.member("valuePath").as_str().unwrap_or_default();
    let wants_list = matches!(test, Test::In(_) | Test::NotIn(_));
    let is_order = matches!(test, Test::Order(..));
    let why = match fact_at(value_path, kind)? {
        Fact::Nothing(known) => known.to_owned(),
        Fact::Object(meant) => {
            let meant = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
            format!("{path} is an object, which compares with nothing{meant}")
        }
        Fact::List if wants_list => return None,
        Fact::List => format!("{path} is a list, and {} compares with one value", condition.operator()),
        Fact::Text | Fact::Time if wants_list => {
            format!("{path} is a text, and {} needs a list; did you mean EQUALS?", condition.operator())
        }
        Fact::Text | Fact::Time if is_order => {
            format!("{path} is a text, and {} compares numbers", condition.operator())
        }
        Fact::Text | Fact::Time => return None,
    };
    Some(Fault { why, is_false: false })
}
