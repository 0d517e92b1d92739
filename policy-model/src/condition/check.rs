//! What a condition found, and why it does not hold: of values only their JSON types.

use super::{Condition, Truth};
use crate::decision::Effect;
use crate::json::{Kind, Value};
use crate::request::{ARGUMENTS, Arguments, Request};
use crate::selector::{Budget, Origin, Selector};

/// A condition that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionCheck {
    /// Whether it holds: for all selected values in an ALLOW, for any in a DENY.
    pub held: Held,
    /// What its path found.
    pub found: Found,
    /// What its `valuePath` found, if it has one.
    pub compared_with: Option<Found>,
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It does.
    True,
    /// It does not.
    False,
    /// It cannot be evaluated.
    Indeterminate(Cause),
    /// It depends on arguments that are not known.
    Open,
}

/// Why a condition cannot be evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Its path finds nothing.
    Missing,
    /// What it found is not of a type that its operator compares, or not what the operator reads.
    NotComparable,
    /// Its `valuePath` does not find exactly one value.
    NoValue,
    /// The arguments have a member whose name differs from one on its path in case only.
    OtherSpelling,
    /// Looking at it takes more work than may be done.
    Work,
}

/// What a path found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// So many values of each JSON type; empty if there are none.
    Values(Vec<(Kind, usize)>),
    /// It looks into arguments that are not known.
    Unknown,
    /// Looking takes more work than may be done.
    NotLookedAt,
}

impl Condition {
    /// What [`Condition::holds`] says with `budget`; what it found is looked at with `spare`.
    pub(crate) fn check(
        &self,
        effect: Effect,
        request: &Request<'_>,
        budget: &Budget,
        spare: &Budget,
    ) -> (Truth, ConditionCheck) {
        let truth = self.holds(effect, request, budget);
        let is_over = budget.is_exhausted();
        let roots = request.roots(self.reads.facts);
        let origin = Origin::Members(&roots);
        let found = Found::of(&self.path, request, origin, spare);
        let compared_with = self.test.value_path().map(|path| Found::of(path, request, origin, spare));
        let held = match truth {
            Truth::True => Held::True,
            Truth::False => Held::False,
            Truth::Open => Held::Open,
            Truth::Indeterminate if is_over => Held::Indeterminate(Cause::Work),
            Truth::Indeterminate => Held::Indeterminate(self.cause(request, &found, compared_with.as_ref(), spare)),
        };
        (truth, ConditionCheck { held, found, compared_with })
    }

    fn cause(&self, request: &Request<'_>, found: &Found, value: Option<&Found>, spare: &Budget) -> Cause {
        let is_unclear = match request.arguments {
            Arguments::Known(Some(arguments)) => self.is_unclear_in(arguments, spare),
            Arguments::Known(None) | Arguments::Unknown => false,
        };
        match (found.count(), value.map(Found::count)) {
            _ if spare.is_exhausted() => Cause::Work,
            _ if is_unclear => Cause::OtherSpelling,
            (Some(0), _) => Cause::Missing,
            (_, None | Some(Some(1))) => Cause::NotComparable,
            (_, Some(_)) => Cause::NoValue,
        }
    }
}

impl Found {
    fn of(path: &Selector, request: &Request<'_>, origin: Origin<'_, '_>, spare: &Budget) -> Found {
        match request.arguments {
            Arguments::Unknown if path.roots().contains(&ARGUMENTS) => return Found::Unknown,
            Arguments::Unknown | Arguments::Known(_) => {}
        }
        let nodes = path.select(origin, spare);
        if spare.is_exhausted() { Found::NotLookedAt } else { Found::of_types(&nodes) }
    }

    fn of_types(nodes: &[Value<'_>]) -> Found {
        let kinds = [Kind::String, Kind::Number, Kind::Bool, Kind::Null, Kind::Array, Kind::Object];
        let count = |kind: Kind| nodes.iter().filter(|node| node.kind() == kind).count();
        Found::Values(kinds.map(|kind| (kind, count(kind))).into_iter().filter(|(_, count)| *count > 0).collect())
    }

    fn count(&self) -> Option<usize> {
        match self {
            Found::Values(types) => Some(types.iter().map(|(_, count)| count).sum()),
            Found::Unknown | Found::NotLookedAt => None,
        }
    }
}

/// As in `a string`, `nothing`, `3 values (2 strings, a number)`: JSON types and no value.
impl std::fmt::Display for Found {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let types = match self {
            Found::Values(types) => types,
            Found::Unknown => return out.write_str("what is not known"),
            Found::NotLookedAt => return out.write_str("more than can be looked at"),
        };
        let words: Vec<String> = types.iter().map(|(kind, count)| counted(*kind, *count)).collect();
        match (words.as_slice(), self.count()) {
            ([], _) => out.write_str("nothing"),
            ([only], _) => out.write_str(only),
            (words, count) => write!(out, "{} values ({})", count.unwrap_or(0), words.join(", ")),
        }
    }
}

fn counted(kind: Kind, count: usize) -> String {
    let (one, many) = match kind {
        Kind::Null => ("a null", "nulls"),
        Kind::Bool => ("a boolean", "booleans"),
        Kind::Number => ("a number", "numbers"),
        Kind::String => ("a string", "strings"),
        Kind::Array => ("an array", "arrays"),
        Kind::Object => ("an object", "objects"),
    };
    if count == 1 { one.to_owned() } else { format!("{count} {many}") }
}
