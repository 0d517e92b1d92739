//! Whether some arguments could be allowed, when rules look into them.
//!
//! The decision itself is asked about arguments that are made for it: whether they are allowed is never found out here. What is here
//! proposes. The same search serves the comparison of two policies (`witness`). In reading order: `problem` is what arguments have to do, `search` tries values for the paths that the rules look into,
//! `pool` are those worth a try, of `candidates`, so chosen that one does as well as any other would (`constants`, `numbers`,
//! `texts`, `points` are what they are made of), `arguments` writes them down.

mod arguments;
mod candidates;
mod constants;
mod numbers;
mod points;
mod pool;
mod problem;
mod search;
mod texts;
mod witness;

use std::cell::Cell;

use crate::condition::{Condition, Truth};
use crate::decision::{CONDITION_WORK_MAX, Decision, Effect, Layers, candidates, decide};
use crate::request::{ARGUMENTS, Request};
use crate::rule::Rule;
use crate::selector::Budget;
use problem::{Clause, Needed, Problem};
use search::{AtUnclear, search};
pub(crate) use witness::find_witness;

/// Most work in the search for arguments that are allowed, in conditions and values tried.
const SEARCH_WORK_MAX: u32 = 20_000;

/// Work that several questions share, so that a long list of them cannot take longer than one may.
#[derive(Debug)]
pub struct SearchWork {
    left: Cell<u32>,
    /// Rules that may still be asked.
    rules: Cell<u64>,
}

impl SearchWork {
    /// For as many questions as a list may have, half a second of work at most.
    pub fn for_a_list() -> SearchWork {
        SearchWork { left: Cell::new(LIST_WORK_MAX), rules: Cell::new(LIST_RULES_MAX) }
    }

    /// Takes off what asking rules took.
    pub(crate) fn ask(&self, rules: u64) {
        self.rules.set(self.rules.get().saturating_sub(rules));
    }

    /// Whether no more rules may be asked: whatever else there is in the list is not allowed.
    pub(crate) fn is_over(&self) -> bool {
        self.rules.get() == 0
    }
}

/// Most rules that are asked for one list; eight steps with a template count as one.
const LIST_RULES_MAX: u64 = 20_000_000;

/// Most work in the searches for one list.
const LIST_WORK_MAX: u32 = 1_000_000;

/// Whether some arguments could be allowed; yes, where it cannot be told: hiding what can be called would be worse than showing what
/// cannot, and a call is decided on its own.
pub(crate) fn could_be_allowed(layers: Layers<'_>, request: &Request<'_>) -> bool {
    match find(layers, request) {
        Finding::Witness | Finding::Unclear => true,
        Finding::Nothing => false,
    }
}

/// What came of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// Arguments that the decision allows.
    Witness,
    /// The proof that there are none.
    Nothing,
    /// Neither, as values would have to be tried that are not, or too many.
    Unclear,
}

fn find(layers: Layers<'_>, request: &Request<'_>) -> Finding {
    let budget = Budget::new(CONDITION_WORK_MAX);
    let applies = |rule: &Rule| rule.applies(request, &budget);
    let mut denies = Vec::new();
    for policy in layers.baseline.into_iter().chain([layers.policy]) {
        for rule in candidates(policy, Effect::Deny, request) {
            match applies(rule) {
                Truth::False => {}
                Truth::Open => denies.push((Effect::Deny, open_conditions(rule))),
                Truth::True | Truth::Indeterminate => return Finding::Nothing,
            }
        }
    }
    let shared = request.search.map_or(SEARCH_WORK_MAX, |work| work.left.get());
    let limit = shared.min(SEARCH_WORK_MAX);
    let work = Work(Cell::new(limit));
    let finding = match limit {
        0 => Finding::Unclear,
        _ => find_allowed(layers, request, &denies, &applies, &work),
    };
    if let Some(shared) = request.search {
        shared.left.set(shared.left.get().saturating_sub(limit - work.0.get()));
    }
    // A call may have less to look at, as it passes over what its arguments settle.
    if budget.is_exhausted() { Finding::Unclear } else { finding }
}

fn find_allowed(
    layers: Layers<'_>,
    request: &Request<'_>,
    denies: &[Clause<'_>],
    applies: &dyn Fn(&Rule) -> Truth,
    work: &Work,
) -> Finding {
    let accepts = |request: &Request<'_>| match decide(layers, request, ()) {
        Decision::Permit(_) => true,
        Decision::Denial(_) => false,
    };
    for rule in candidates(layers.policy, Effect::Allow, request) {
        let conditions = match applies(rule) {
            Truth::True => Vec::new(),
            Truth::Open => open_conditions(rule),
            Truth::False | Truth::Indeterminate => continue,
        };
        let needed: Vec<Needed<'_>> = conditions.into_iter().map(|condition| (Effect::Allow, condition)).collect();
        match search(&accepts, request, &Problem::read(&needed, denies, &[ARGUMENTS]), work, AtUnclear::Stop) {
            Finding::Nothing => {}
            found @ (Finding::Witness | Finding::Unclear) => return found,
        }
    }
    Finding::Nothing
}

/// The conditions that depend on the arguments. The others of an ALLOW rule are true if these leave it open, and those of a DENY rule
/// are not false.
fn open_conditions(rule: &Rule) -> Vec<&Condition> {
    rule.conditions.iter().filter(|condition| condition.reads_arguments()).collect()
}

/// Work that may still be done.
struct Work(Cell<u32>);

impl Work {
    /// Takes work off; false if nothing is left.
    fn charge(&self, work: usize) -> bool {
        let left = self.0.get().saturating_sub(u32::try_from(work).unwrap_or(u32::MAX));
        self.0.set(left);
        left > 0
    }
}
