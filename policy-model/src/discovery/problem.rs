//! What arguments have to do to be allowed by one rule.

use std::collections::HashMap;

use super::constants::{Constants, Side};
use crate::condition::{Condition, Operand, Test};
use crate::decision::Effect;
use crate::request::Request;
use crate::selector::Selector;
use crate::spelling::is_other_spelling;

/// Most paths whose values are looked for together; conditions on others are taken to be what they should be.
pub(super) const VARIABLES_MAX: usize = 64;

/// Most rules that are kept clear of; others are taken to be.
pub(super) const CLAUSES_MAX: usize = 128;

/// The conditions of rules that must apply, and those of rules that must not, of each of which one must fail.
///
/// In discovery these are an ALLOW rule and all DENY rules; when two policies are compared, what settles a matter in one of them and not in
/// the other.
pub(super) struct Problem<'p> {
    pub(super) variables: Vec<Variable<'p>>,
    pub(super) literals: Vec<Literal<'p>>,
    /// How many of the variables the rules that must apply look into: they come first.
    pub(super) needed: usize,
    /// A bit for each rule that must not apply.
    pub(super) clauses: u128,
    /// Those that hold a condition whose truth is not looked for.
    pub(super) open_clauses: u128,
    /// Whether a rule that must apply has such a condition, or not all others are here.
    pub(super) is_open: bool,
    /// Whether two paths differ in the spelling of a name: the presence of one value is then what makes a condition on the
    /// other one indeterminate, which is not looked for.
    pub(super) has_spellings: bool,
}

/// A value in the arguments, or in what else is open.
pub(super) struct Variable<'p> {
    /// The names on the way to it, the root's first.
    pub(super) path: Vec<&'p str>,
    /// Variables whose values are compared with each other have the same group.
    pub(super) group: usize,
    /// Whether another variable is above or below it, or in its group.
    pub(super) is_bound: bool,
}

/// A condition that must let a rule of this effect apply.
pub(super) type Needed<'p> = (Effect, &'p Condition);

/// The conditions of a rule of this effect that must not apply.
pub(super) type Clause<'p> = (Effect, Vec<&'p Condition>);

/// A condition on variables.
pub(super) struct Literal<'p> {
    pub(super) condition: &'p Condition,
    pub(super) side: Side,
    /// The later one, if it reads two.
    pub(super) variable: usize,
    /// The earlier one, or the same.
    pub(super) with: Option<usize>,
    pub(super) role: Role,
}

/// What a condition is good for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It must let a rule of this effect apply: be true in an ALLOW, and not false in a DENY.
    Needed(Effect),
    /// It keeps clear of these rules, one bit, of this effect, if it does not.
    Excuse(Effect, u128),
}

impl<'p> Problem<'p> {
    /// `needed` are the conditions that look into what is open of the rules that must apply, `excuses` those of each rule that must not.
    pub(super) fn read(needed: &[Needed<'p>], excuses: &[Clause<'p>], open: &'static [&'static str]) -> Problem<'p> {
        let mut names = Names { open, paths: Vec::new(), numbers: HashMap::new() };
        let mut problem = Problem {
            variables: Vec::new(),
            literals: Vec::new(),
            needed: 0,
            clauses: 0,
            open_clauses: 0,
            is_open: excuses.len() > CLAUSES_MAX,
            has_spellings: false,
        };
        for (effect, condition) in needed {
            match names.literal(condition, Role::Needed(*effect)) {
                Some(literal) => problem.literals.push(literal),
                None => problem.is_open = true,
            }
        }
        problem.needed = names.paths.len();
        for (number, (effect, conditions)) in excuses.iter().take(CLAUSES_MAX).enumerate() {
            let bit = 1 << number;
            problem.clauses |= bit;
            for condition in conditions {
                match names.literal(condition, Role::Excuse(*effect, bit)) {
                    Some(literal) => problem.literals.push(literal),
                    None => problem.open_clauses |= bit,
                }
            }
        }
        problem.has_spellings = names.have_spellings();
        problem.variables = problem.bind(names.paths);
        problem
    }

    /// The constants that the values of a group are compared with, and how many of its values are compared with each other.
    pub(super) fn constants(&self, group: usize, request: &Request<'_>) -> (Constants<'p>, usize) {
        let mut constants = Constants::default();
        let is_in = |variable: usize| self.variables.get(variable).is_some_and(|variable| variable.group == group);
        for literal in self.literals.iter().filter(|literal| is_in(literal.variable)) {
            match literal.with {
                Some(_) => constants.are_linked = true,
                None => constants.add(literal.condition, literal.side, request),
            }
        }
        (constants, self.variables.iter().filter(|variable| variable.group == group).count())
    }

    fn bind(&self, paths: Vec<Vec<&'p str>>) -> Vec<Variable<'p>> {
        let mut groups: Vec<usize> = (0..paths.len()).collect();
        for literal in &self.literals {
            let group = |variable: usize| groups.get(variable).copied();
            if let (Some(from), Some(to)) = (group(literal.variable), literal.with.and_then(group)) {
                groups.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
        let is_bound = |number: usize, path: &[&str], group: usize| {
            paths.iter().zip(&groups).enumerate().any(|(other, (other_path, other_group))| {
                other != number
                    && (other_path.starts_with(path) || path.starts_with(other_path) || *other_group == group)
            })
        };
        let bound: Vec<bool> = paths
            .iter()
            .zip(&groups)
            .enumerate()
            .map(|(number, (path, group))| is_bound(number, path, *group))
            .collect();
        let variables = paths.into_iter().zip(groups).zip(bound);
        variables.map(|((path, group), is_bound)| Variable { path, group, is_bound }).collect()
    }
}

/// The numbers of paths.
struct Names<'p> {
    /// The roots of what is open.
    open: &'static [&'static str],
    paths: Vec<Vec<&'p str>>,
    numbers: HashMap<Vec<&'p str>, usize>,
}

impl<'p> Names<'p> {
    /// A condition on one variable, or a comparison of two; none for others, whose truth is not looked for.
    fn literal(&mut self, condition: &'p Condition, role: Role) -> Option<Literal<'p>> {
        let (path, test) = condition.parts();
        let value = test.operand().and_then(Operand::path).filter(|value| self.is_open(value));
        let (side, variable, with) = match (self.is_open(path).then_some(path), value) {
            (Some(path), None) => (Side::Path, self.variable(path)?, None),
            (None, Some(value)) => (Side::Value, self.variable(value)?, None),
            (Some(path), Some(value)) if compares(test) => {
                let (path, value) = (self.variable(path)?, self.variable(value)?);
                (Side::Path, path.max(value), Some(path.min(value)))
            }
            (Some(_), Some(_)) | (None, None) => return None,
        };
        Some(Literal { condition, side, variable, with, role })
    }

    fn have_spellings(&self) -> bool {
        let differ = |path: &[&str], other: &[&str]| {
            let first = path.iter().zip(other).find(|(name, other)| name != other);
            first.is_some_and(|(name, other)| is_other_spelling(name, other))
        };
        self.paths
            .iter()
            .enumerate()
            .any(|(number, path)| self.paths.iter().take(number).any(|other| differ(path, other)))
    }

    fn is_open(&self, path: &Selector) -> bool {
        path.roots().iter().any(|root| self.open.contains(root))
    }

    fn variable(&mut self, path: &'p Selector) -> Option<usize> {
        let names = path.names()?.to_vec();
        if let Some(number) = self.numbers.get(&names) {
            return Some(*number);
        }
        let number = self.paths.len();
        if number >= VARIABLES_MAX {
            return None;
        }
        self.paths.push(names.clone());
        self.numbers.insert(names, number);
        Some(number)
    }
}

/// Whether two values are compared as a whole.
fn compares(test: &Test) -> bool {
    matches!(test, Test::Equals(_) | Test::NotEquals(_) | Test::Order(..))
}

impl Role {
    /// The effect of the rule that the condition is in.
    pub(super) fn effect(self) -> Effect {
        match self {
            Role::Needed(effect) | Role::Excuse(effect, _) => effect,
        }
    }
}
