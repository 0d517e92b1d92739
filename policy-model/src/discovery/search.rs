//! The search for arguments to which some rules apply, and others do not.

use std::collections::HashMap;

use super::arguments::{Assignment, write};
use super::pool::{Value, ask, pool};
use super::problem::{Literal, Problem};
use super::{Finding, Work};
use crate::request::Request;

/// Looks for arguments that solve a problem, and asks the decision about them: `accepts` is whether it answers as it should.
pub(super) fn search(
    accepts: &dyn Fn(&Request<'_>) -> bool,
    request: &Request<'_>,
    problem: &Problem<'_>,
    work: &Work,
    at_unclear: AtUnclear,
) -> Finding {
    let mut pools = Vec::with_capacity(problem.variables.len());
    for variable in 0..problem.variables.len() {
        let Some(pool) = pool(problem, variable, request, work) else { return Finding::Unclear };
        if pool.is_empty() {
            return Finding::Nothing;
        }
        pools.push(pool);
    }
    narrow(problem, &mut pools);
    // The rules that a variable or a later one may still keep clear of.
    let mut reach = problem.open_clauses;
    let mut reaches = Vec::with_capacity(pools.len());
    for (variable, pool) in pools.iter().enumerate().rev() {
        reach |= pool.iter().fold(0, |reach, value| reach | value.covers);
        reach |= problem.pairs(variable).fold(0, |reach, (_, literal, _)| reach | literal.role.bits());
        reaches.push(reach);
    }
    reaches.reverse();
    let (chosen, pairs) = (Vec::new(), HashMap::new());
    let mut search =
        Search { accepts, request, problem, pools: &pools, reaches: &reaches, work, at_unclear, chosen, pairs };
    search.step(problem.open_clauses)
}

/// Takes away what leaves no room for any value above or below, and whatever cannot be the arguments as a whole: these are an
/// object, or missing.
fn narrow(problem: &Problem<'_>, pools: &mut [Vec<Value>]) {
    for (variable, pool) in problem.variables.iter().zip(pools.iter_mut()) {
        if variable.path.len() == 1 {
            pool.retain(|value| value.is_object() || value.is_missing());
        }
    }
    for (above, upper) in problem.variables.iter().enumerate() {
        for (below, lower) in problem.variables.iter().enumerate() {
            if above == below || !lower.path.starts_with(&upper.path) {
                continue;
            }
            let is_any = |pool: usize, is: fn(&Value) -> bool| pools.get(pool).is_some_and(|pool| pool.iter().any(is));
            let (may_be_object, may_be_missing) = (is_any(above, Value::is_object), is_any(below, Value::is_missing));
            if let Some(pool) = pools.get_mut(above).filter(|_| !may_be_missing) {
                pool.retain(Value::is_object);
            }
            if let Some(pool) = pools.get_mut(below).filter(|_| !may_be_object) {
                pool.retain(Value::is_missing);
            }
        }
    }
}

/// What is done where it cannot be told whether something is a solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtUnclear {
    Stop,
    /// There may be one that is clear.
    GoOn,
}

struct Search<'s, 'p> {
    accepts: &'s dyn Fn(&Request<'_>) -> bool,
    request: &'s Request<'s>,
    problem: &'s Problem<'p>,
    pools: &'s [Vec<Value>],
    reaches: &'s [u128],
    work: &'s Work,
    at_unclear: AtUnclear,
    /// Values for the first variables.
    chosen: Vec<&'s Value>,
    /// What comparisons came to, by their numbers and those of the values.
    pairs: HashMap<(usize, usize, usize), bool>,
}

impl<'s> Search<'s, '_> {
    /// Goes on from the values chosen so far, which keep clear of these rules.
    fn step(&mut self, covered: u128) -> Finding {
        let number = self.chosen.len();
        let missing = self.problem.clauses & !covered;
        if missing == 0 && number >= self.problem.needed {
            return self.propose();
        }
        let (pools, reaches) = (self.pools, self.reaches);
        let (Some(pool), Some(reach)) = (pools.get(number), reaches.get(number)) else { return Finding::Nothing };
        if missing & !reach != 0 {
            return Finding::Nothing;
        }
        let is_bound = self.problem.variables.get(number).is_none_or(|variable| variable.is_bound);
        let mut tried: Vec<u128> = Vec::new();
        let mut settled = Finding::Nothing;
        for value in pool {
            // Where only this counts, a value does no better than one that kept clear of as much and did not lead on.
            let use_of_it = value.covers & missing;
            if !is_bound && tried.iter().any(|better| use_of_it & !better == 0) {
                continue;
            }
            tried.push(use_of_it);
            if !self.work.charge(1) {
                return Finding::Unclear;
            }
            self.chosen.push(value);
            let finding = match self.pairs_cover(number) {
                Some(covers) if self.fits(number) => self.step(covered | value.covers | covers),
                Some(_) | None => Finding::Nothing,
            };
            self.chosen.pop();
            match (finding, self.at_unclear) {
                (Finding::Nothing, _) => {}
                (Finding::Unclear, AtUnclear::GoOn) => settled = Finding::Unclear,
                (Finding::Witness | Finding::Unclear, _) => return finding,
            }
        }
        settled
    }

    /// Whether what is above and below the last variable leaves room for its value.
    fn fits(&self, last: usize) -> bool {
        let place = |number: usize| Some((&self.problem.variables.get(number)?.path, *self.chosen.get(number)?));
        let Some((path, value)) = place(last) else { return false };
        let leaves_room = |above: &Value, below: &Value| below.is_missing() || above.is_object();
        (0..last).filter_map(place).all(|(other, other_value)| {
            if path.starts_with(other) {
                leaves_room(other_value, value)
            } else if other.starts_with(path) {
                leaves_room(value, other_value)
            } else {
                true
            }
        })
    }

    /// The rules that comparisons of the last variable with earlier ones keep clear of; none if a rule that must apply has one
    /// that does not let it.
    fn pairs_cover(&mut self, last: usize) -> Option<u128> {
        let problem = self.problem;
        let mut covers = 0;
        for (number, literal, with) in problem.pairs(last) {
            let (Some(left), Some(right)) = (self.chosen.get(with), self.chosen.get(last)) else { return None };
            let key = (number, left.number, right.number);
            let is_good = match self.pairs.get(&key) {
                Some(is_good) => *is_good,
                None => {
                    let is_good = left.is_unknown() || right.is_unknown() || self.is_good(literal, [with, last]);
                    self.pairs.insert(key, is_good);
                    is_good
                }
            };
            match is_good {
                true => covers |= literal.role.bits(),
                false if literal.role.is_needed() => return None,
                false => {}
            }
        }
        Some(covers)
    }

    fn is_good(&self, literal: &Literal<'_>, pair: [usize; 2]) -> bool {
        ask(self.request, write(&self.assignments(pair.into_iter())), |request| literal.is_good(request, self.work))
    }

    /// Asks the decision about the chosen values, if these are all that matters.
    fn propose(&self) -> Finding {
        let problem = self.problem;
        let is_open = problem.is_open || problem.open_clauses != 0 || problem.has_spellings;
        let is_loose = || self.chosen.iter().any(|value| value.is_loose);
        match ask(self.request, write(&self.assignments(0..self.chosen.len())), self.accepts) {
            true => Finding::Witness,
            false if is_open || is_loose() => Finding::Unclear,
            false => Finding::Nothing,
        }
    }

    fn assignments(&self, numbers: impl Iterator<Item = usize>) -> Vec<Assignment<'_>> {
        let assignment = |number: usize| {
            let (variable, value) = (self.problem.variables.get(number)?, self.chosen.get(number)?);
            Some(Assignment { path: &variable.path, text: value.candidate.text.as_deref() })
        };
        numbers.filter_map(assignment).collect()
    }
}

impl<'p> Problem<'p> {
    /// The comparisons of a variable with an earlier one, and their numbers.
    fn pairs(&self, variable: usize) -> impl Iterator<Item = (usize, &Literal<'p>, usize)> {
        let own = self.literals.iter().enumerate().filter(move |(_, literal)| literal.variable == variable);
        own.filter_map(move |(number, literal)| {
            let with = literal.with.filter(|with| *with != variable)?;
            Some((number, literal, with))
        })
    }
}
