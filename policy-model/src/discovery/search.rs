//! The search for arguments that one ALLOW rule allows and no DENY rule denies.

use std::collections::HashMap;

use super::arguments::{Assignment, write};
use super::pool::{Value, ask, pool};
use super::problem::{Literal, Problem, Role};
use super::{Finding, Work};
use crate::decision::{Decision, Layers, decide};
use crate::request::Request;

/// Looks for arguments that solve a problem, and asks the decision about them.
pub(super) fn search(layers: Layers<'_>, request: &Request<'_>, problem: &Problem<'_>, work: &Work) -> Finding {
    let mut pools = Vec::with_capacity(problem.variables.len());
    for variable in 0..problem.variables.len() {
        let Some(pool) = pool(problem, variable, request, work) else { return Finding::Unclear };
        if pool.is_empty() {
            return Finding::Nothing;
        }
        pools.push(pool);
    }
    narrow(problem, &mut pools);
    // The clauses that a variable or a later one may still cover.
    let mut reach = problem.open_clauses;
    let mut reaches = Vec::with_capacity(pools.len());
    for (variable, pool) in pools.iter().enumerate().rev() {
        reach |= pool.iter().fold(0, |reach, value| reach | value.covers);
        reach |= problem.pairs(variable).fold(0, |reach, (_, literal, _)| reach | literal.role.bits());
        reaches.push(reach);
    }
    reaches.reverse();
    let (chosen, pairs) = (Vec::new(), HashMap::new());
    let mut search = Search { layers, request, problem, pools: &pools, reaches: &reaches, work, chosen, pairs };
    search.step(problem.open_clauses)
}

/// Takes away what leaves no room for any value above or below, and whatever cannot be the arguments as a whole: these are an
/// object, or missing.
fn narrow(problem: &Problem<'_>, pools: &mut [Vec<Value>]) {
    for (variable, pool) in problem.variables.iter().zip(pools.iter_mut()) {
        if variable.path.is_empty() {
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

struct Search<'s, 'p> {
    layers: Layers<'s>,
    request: &'s Request<'s>,
    problem: &'s Problem<'p>,
    pools: &'s [Vec<Value>],
    reaches: &'s [u128],
    work: &'s Work,
    /// Values for the first variables.
    chosen: Vec<&'s Value>,
    /// What comparisons came to, by their numbers and those of the values.
    pairs: HashMap<(usize, usize, usize), bool>,
}

impl<'s> Search<'s, '_> {
    /// Goes on from the values chosen so far, which keep clear of these DENY rules.
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
            match finding {
                Finding::Nothing => {}
                Finding::Witness | Finding::Unclear => return finding,
            }
        }
        Finding::Nothing
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

    /// The DENY rules that comparisons of the last variable with earlier ones keep clear of; none if the ALLOW rule has one that
    /// does not hold.
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
            match literal.role {
                Role::Needed if !is_good => return None,
                Role::Needed | Role::Excuse(_) if is_good => covers |= literal.role.bits(),
                Role::Needed | Role::Excuse(_) => {}
            }
        }
        Some(covers)
    }

    fn is_good(&self, literal: &Literal<'_>, pair: [usize; 2]) -> bool {
        ask(self.request, write(&self.assignments(pair.into_iter())), |request| literal.is_good(request, self.work))
    }

    /// Asks the decision about the chosen values, if these are all that matters.
    fn propose(&self) -> Finding {
        let is_open = self.problem.is_open || self.problem.open_clauses != 0;
        if is_open || self.chosen.iter().any(|value| value.is_loose) {
            return Finding::Unclear;
        }
        let is_allowed = ask(self.request, write(&self.assignments(0..self.chosen.len())), |request| {
            match decide(self.layers, request, ()) {
                Decision::Permit(_) => true,
                Decision::Denial(_) => false,
            }
        });
        match is_allowed {
            true => Finding::Witness,
            false if self.problem.has_spellings => Finding::Unclear,
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
