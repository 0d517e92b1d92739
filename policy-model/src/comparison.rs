//! Who gains and who loses what between two versions of a policy.
//!
//! The decision itself is asked on both sides; what is here proposes questions. A difference is always due to rules that one side has
//! and the other has not: somebody gains only by an ALLOW that is new, or by the loss of a DENY where some ALLOW applies. So for each
//! such rule, or pair, the callers, names, times, claims and arguments are looked for with which it matters. In reading order:
//! `version` is a side, `causes` goes through the rules that differ, `trial` asks about one caller and one name, with those of
//! `callers`, `names` and `moments`, `words` is how it is told, `entries` compares all that is no rule.

mod callers;
mod causes;
mod entries;
mod moments;
mod names;
mod trial;
mod version;
mod words;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

pub(crate) use callers::{Who, varied};
pub use entries::{Entry, Weight, compare_entries};
pub(crate) use names::{meet, whole};
pub(crate) use version::WrittenRule;
pub use version::{Version, Wording};

use crate::decision::Layers;
use causes::{Causes, WORK_MAX};

/// The policies that a caller is under, in one version.
#[derive(Debug, Clone, Copy)]
pub struct Side<'v> {
    /// The platform's.
    pub baseline: Option<&'v Version<'v>>,
    /// The tenant's own.
    pub policy: &'v Version<'v>,
}

/// What two versions decide otherwise.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Who gains and loses what, in a fixed order.
    pub differences: BTreeSet<Difference>,
    /// What was not compared, in sentences: where there is one, there may be more differences.
    pub gaps: BTreeSet<String>,
}

/// One thing that some callers may do in one version, and not in the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What is named, as in a rule.
    pub resource: String,
    /// Whether the newer version allows it.
    pub change: Change,
    /// Who, in words.
    pub callers: String,
    /// When, in words: all of them hold.
    pub conditions: Vec<String>,
    /// What settled it before and what settles it now; none if no example was found, although there may be one.
    pub settled: Option<Settled>,
}

/// Which way something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// What was denied is allowed.
    Widened,
    /// What was allowed is denied.
    Narrowed,
}

/// A call on which the versions differ, and by which rules.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Settled {
    /// By what the older version settles it, in words.
    pub before: String,
    /// By what the newer one does.
    pub now: String,
    /// The call.
    pub example: Example,
}

/// A call, asked of both versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Example {
    /// What is called.
    pub name: String,
    /// Who calls, as a JSON object.
    pub caller: String,
    /// The claims of the token, as JSON, if they matter.
    pub claims: Option<String>,
    /// The arguments, as JSON, if there are any.
    pub arguments: Option<String>,
    /// When, in seconds since 1970, if it matters.
    pub time: Option<i64>,
}

/// Compares what two versions decide.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Comparison {
    let mut comparison = Comparison::default();
    let work = || Cell::new(WORK_MAX);
    Causes { denying: old, allowing: new, change: Change::Widened, work: work() }.look(&mut comparison);
    Causes { denying: new, allowing: old, change: Change::Narrowed, work: work() }.look(&mut comparison);
    comparison
}

/// As in `role manager gains agent:tool:orders___refund when $.arguments.amount <= 500 (was: no rule allows it; now: allowed by R3)`.
impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match (self.change, &self.settled) {
            (Change::Widened, Some(_)) => "gains",
            (Change::Widened, None) => "may gain",
            (Change::Narrowed, Some(_)) => "loses",
            (Change::Narrowed, None) => "may lose",
        };
        write!(out, "{} {verb} {}", self.callers, self.resource)?;
        if !self.conditions.is_empty() {
            write!(out, " when {}", self.conditions.join(" and "))?;
        }
        match &self.settled {
            Some(settled) => write!(out, " (was: {}; now: {})", settled.before, settled.now),
            None => Ok(()),
        }
    }
}

impl<'v> Side<'v> {
    /// Both, as they are decided on.
    pub fn layers(self) -> Layers<'v> {
        Layers { kills: None, baseline: self.baseline.map(|version| &version.policy), policy: &self.policy.policy }
    }

    fn versions(self) -> impl Iterator<Item = &'v Version<'v>> {
        self.baseline.into_iter().chain([self.policy])
    }
}
