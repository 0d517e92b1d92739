//! The values that are worth a try for each path.

use super::Work;
use super::arguments::{Assignment, write};
use super::candidates::{Candidate, Loose, complete, likely, of_root};
use super::problem::{Literal, Problem, Role};
use crate::condition::{Operand, Test, Truth};
use crate::decision::{CONDITION_WORK_MAX, Effect};
use crate::json;
use crate::request::{ARGUMENTS, Arguments, CLAIMS, Caller, Request};
use crate::selector::Budget;

/// A candidate that the rules which must apply take, as far as it looks at this variable alone.
pub(super) struct Value {
    /// Its place among those of the variable.
    pub(super) number: usize,
    pub(super) candidate: Candidate,
    /// The rules that it keeps clear of alone.
    pub(super) covers: u128,
    /// Whether it stands for values that may do worse.
    pub(super) is_loose: bool,
}

/// The candidates for a variable, without those that another one is no worse than; none if the work is used up.
pub(super) fn pool(problem: &Problem<'_>, number: usize, request: &Request<'_>, work: &Work) -> Option<Vec<Value>> {
    let variable = problem.variables.get(number)?;
    let own: Vec<&Literal<'_>> = problem.literals.iter().filter(|literal| literal.reads_only(number)).collect();
    let goal = own.iter().fold(0, |goal, literal| goal | literal.role.bits());
    let (constants, count) = problem.constants(variable.group, request);
    let mut pool: Vec<Value> = Vec::new();
    let tries = if variable.is_bound { Vec::new() } else { likely(&constants) };
    let all = || if variable.path.len() == 1 { of_root() } else { complete(&constants, count, work) };
    for candidate in tries.into_iter().chain(std::iter::once_with(all).flatten()).enumerate() {
        if !work.charge(1 + problem.literals.len() / 8) {
            return None;
        }
        let Some(value) = weigh(candidate, &own, &variable.path, request, work) else { continue };
        if variable.is_bound {
            pool.push(value);
        } else if pool.iter().all(|better| value.covers & !better.covers != 0) {
            pool.retain(|worse| worse.covers & !value.covers != 0);
            let is_best = value.covers == goal;
            pool.push(value);
            if is_best {
                break;
            }
        }
    }
    Some(pool)
}

/// What a candidate is good for; none if the rules that must apply do not take it.
fn weigh(
    (number, candidate): (usize, Candidate),
    literals: &[&Literal<'_>],
    path: &[&str],
    request: &Request<'_>,
    work: &Work,
) -> Option<Value> {
    let text = write(&[Assignment { path, text: candidate.text.as_deref() }]);
    let (mut covers, mut is_loose) = (0, false);
    ask(request, text, |request| {
        literals.iter().all(|literal| {
            let is_open = candidate.loose.leaves_open(literal.condition.parts().1);
            is_loose |= is_open;
            let is_good = is_open || literal.is_good(request, work);
            covers |= if is_good { literal.role.bits() } else { 0 };
            is_good || !literal.role.is_needed()
        })
    })
    .then_some(())?;
    Some(Value { number, candidate, covers, is_loose })
}

impl Value {
    pub(super) fn is_missing(&self) -> bool {
        self.candidate.text.is_none()
    }

    pub(super) fn is_object(&self) -> bool {
        self.candidate.text.as_deref() == Some("{}")
    }

    /// Whether it stands for values that nothing is known of.
    pub(super) fn is_unknown(&self) -> bool {
        self.candidate.loose == Loose::Everything
    }
}

/// Asks something of the same question about these arguments, and claims if there are any.
pub(super) fn ask(request: &Request<'_>, roots: String, question: impl FnOnce(&Request<'_>) -> bool) -> bool {
    // What is no document is deeper than a call may be.
    let Ok(document) = json::parse_owned(roots) else { return false };
    let root = document.root();
    // Only tools and prompts have arguments.
    let arguments = match request.arguments {
        Arguments::Unknown => root.get(ARGUMENTS),
        Arguments::Known(known) => known,
    };
    let caller = Caller { claims: root.get(CLAIMS).or(request.caller.claims), ..*request.caller };
    question(&request.with_arguments(&caller, arguments))
}

impl Literal<'_> {
    fn reads_only(&self, variable: usize) -> bool {
        self.variable == variable && self.with.is_none_or(|with| with == variable)
    }

    /// Whether it lets its rule apply where that must, and does not where it must not.
    pub(super) fn is_good(&self, request: &Request<'_>, work: &Work) -> bool {
        let (_, test) = self.condition.parts();
        let values = match (test, test.operand()) {
            (_, Some(Operand::List(values))) => values.len(),
            (Test::InCidr(networks), _) => networks.len(),
            (_, Some(Operand::Scalar(_) | Operand::Path(_)) | None) => 1,
        };
        // The budget's end shows where the search goes on.
        let _is_left = work.charge(1 + values / 16);
        let truth = self.condition.holds(self.role.effect(), request, &Budget::new(CONDITION_WORK_MAX));
        let applies = match (self.role.effect(), truth) {
            (_, Truth::True) | (Effect::Deny, Truth::Indeterminate) => true,
            (_, Truth::False) | (Effect::Allow, Truth::Indeterminate) => false,
            (_, Truth::Open) => return false,
        };
        applies == self.role.is_needed()
    }
}

impl Role {
    pub(super) fn bits(self) -> u128 {
        match self {
            Role::Needed(_) => 0,
            Role::Excuse(_, bits) => bits,
        }
    }

    pub(super) fn is_needed(self) -> bool {
        match self {
            Role::Needed(_) => true,
            Role::Excuse(..) => false,
        }
    }
}
