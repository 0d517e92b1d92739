//! What else must hold for a rule to apply: one path, one operator, one value.

mod check;
mod compare;
mod digest;
mod expression;
mod operand;
mod spelling;
mod truth;
mod work;

use std::cmp::Ordering;
use std::ops::Range;

use ipnet::IpNet;

use crate::decision::Effect;
use crate::json::{Kind, Value};
use crate::pattern::Glob;
use crate::request::{ARGUMENTS, Arguments, CLAIMS, Request};
use crate::selector::{Budget, Origin, Selector, text_work};
pub use check::{Cause, ConditionCheck, Found, Held};
use compare::{address_is_in, contains, equals, is_among, is_like, order, text_test, time_is_between};
pub use digest::ConditionDigest;
pub(crate) use expression::{Expression, InvalidExpression};
use operand::{Choice, Resolved};
pub(crate) use operand::{Operand, Scalar};
pub(crate) use spelling::Spelling;
use truth::{BothEffects, Quantifier};
pub(crate) use truth::{Truth, Truths};

/// A condition, compiled.
#[derive(Debug)]
pub(crate) struct Condition {
    path: Selector,
    test: Test,
    reads: Reads,
    /// How its paths are spelt in the arguments.
    spellings: Box<[Spelling]>,
    digest: ConditionDigest,
}

/// What is asked of the selected values.
#[derive(Debug)]
pub(crate) enum Test {
    Exists,
    NotExists,
    Equals(Operand),
    NotEquals(Operand),
    In(Operand),
    NotIn(Operand),
    Order(Bound, Operand),
    Contains(Operand),
    StartsWith(Operand),
    EndsWith(Operand),
    Like(Glob),
    Matches(Expression),
    InCidr(Box<[IpNet]>),
    /// In seconds of the day in UTC; from later to earlier is over midnight.
    Between(Range<u32>),
}

/// On which side of a number another one is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Which of the roots a condition looks into.
#[derive(Debug, Clone, Copy, Default)]
struct Reads {
    claims: bool,
    arguments: bool,
    facts: bool,
}

impl Condition {
    pub(crate) fn new(path: Selector, test: Test, digest: ConditionDigest) -> Condition {
        let mut reads = Reads::default();
        for root in [Some(&path), test.value_path()].into_iter().flatten().flat_map(Selector::roots) {
            match root {
                ARGUMENTS => reads.arguments = true,
                CLAIMS => reads.claims = true,
                _ => reads.facts = true,
            }
        }
        let paths = [Some(&path), test.value_path()].into_iter().flatten();
        let spellings = paths.filter_map(|path| Spelling::of(path, ARGUMENTS)).collect();
        Condition { path, test, reads, spellings, digest }
    }

    /// Whether it holds in a rule of this effect: for all selected values in an ALLOW, for any in a DENY.
    pub(crate) fn holds(&self, effect: Effect, request: &Request<'_>, budget: &Budget) -> Truth {
        self.look(effect, request, budget)
    }

    /// The same for a rule of either effect; none if the budget does not suffice.
    pub(crate) fn truths(&self, request: &Request<'_>, budget: &Budget) -> Option<Truths> {
        let truths = self.look(BothEffects, request, budget);
        (!budget.is_exhausted()).then_some(truths)
    }

    fn look<Q: Quantifier>(&self, quantifier: Q, request: &Request<'_>, budget: &Budget) -> Q::Truth {
        let settled = |truth| quantifier.settled(truth);
        match request.arguments {
            Arguments::Unknown if self.reads.arguments => return settled(Truth::Open),
            Arguments::Known(Some(arguments)) if self.is_unclear_in(arguments, budget) => {
                return settled(Truth::Indeterminate);
            }
            Arguments::Unknown | Arguments::Known(_) => {}
        }
        let roots = request.roots(self.reads.facts);
        let origin = Origin::Members(&roots);
        let nodes = self.path.select(origin, budget);
        let value = match self.test.operand() {
            None => Ok(None),
            Some(operand) => operand.resolve(origin, budget).map(Some).ok_or(Truth::Indeterminate),
        };
        let choice = match &value {
            Ok(Some(value)) => value.choice(budget),
            Ok(None) | Err(_) => Choice::ONE,
        };
        let is_affordable = |node: &Value<'_>| budget.spend(self.test.work(*node, choice));
        if budget.is_exhausted() || !nodes.iter().all(is_affordable) {
            return settled(Truth::Indeterminate);
        }
        match (&self.test, value) {
            (Test::Exists, _) => settled(Truth::of(!nodes.is_empty())),
            (Test::NotExists, _) => settled(Truth::of(nodes.is_empty())),
            (_, Err(indeterminate)) => settled(indeterminate),
            (_, _) if nodes.is_empty() => settled(Truth::Indeterminate),
            (test, Ok(value)) => {
                let value = value.unwrap_or(Resolved::NONE);
                quantifier.over(nodes.iter().map(|node| test.of(*node, &value)))
            }
        }
    }

    /// By what it is known in records.
    pub(crate) fn digest(&self) -> ConditionDigest {
        self.digest
    }

    /// Whether it looks into nothing but these roots.
    pub(crate) fn reads_only(&self, known: &[&str]) -> bool {
        self.paths().flat_map(Selector::roots).all(|root| known.contains(&root))
    }

    fn is_unclear_in(&self, arguments: Value<'_>, budget: &Budget) -> bool {
        self.spellings.iter().any(|spelling| spelling.is_unclear(arguments, budget))
    }

    /// Its path, and that of its value.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Selector> {
        [Some(&self.path), self.test.value_path()].into_iter().flatten()
    }

    /// Whether it holds for one value; none if that depends on others too.
    pub(crate) fn of_value(&self, node: Value<'_>) -> Option<Truth> {
        let value = match self.test.operand() {
            None => Resolved::NONE,
            Some(Operand::Scalar(scalar)) => Resolved::Scalar(scalar.item()),
            Some(Operand::List(scalars)) => Resolved::Scalars(scalars),
            Some(Operand::Path(_)) => return None,
        };
        Some(self.test.of(node, &value))
    }

    /// What is asked, and of what.
    pub(crate) fn parts(&self) -> (&Selector, &Test) {
        (&self.path, &self.test)
    }

    /// Whether it looks into the claims.
    pub(crate) fn reads_claims(&self) -> bool {
        self.reads.claims
    }

    /// Whether it looks into the arguments.
    pub(crate) fn reads_arguments(&self) -> bool {
        self.reads.arguments
    }
}

impl Test {
    pub(crate) fn operand(&self) -> Option<&Operand> {
        match self {
            Test::Equals(operand)
            | Test::NotEquals(operand)
            | Test::In(operand)
            | Test::NotIn(operand)
            | Test::Order(_, operand)
            | Test::Contains(operand)
            | Test::StartsWith(operand)
            | Test::EndsWith(operand) => Some(operand),
            Test::Exists | Test::NotExists | Test::Like(_) | Test::Matches(_) | Test::InCidr(_) | Test::Between(_) => {
                None
            }
        }
    }

    /// The time of day that it asks for.
    pub(crate) fn time_of_day(&self) -> Option<&Range<u32>> {
        match self {
            Test::Between(times) => Some(times),
            Test::Exists
            | Test::NotExists
            | Test::Equals(_)
            | Test::NotEquals(_)
            | Test::In(_)
            | Test::NotIn(_)
            | Test::Order(..)
            | Test::Contains(_)
            | Test::StartsWith(_)
            | Test::EndsWith(_)
            | Test::Like(_)
            | Test::Matches(_)
            | Test::InCidr(_) => None,
        }
    }

    fn value_path(&self) -> Option<&Selector> {
        self.operand().and_then(Operand::path)
    }

    /// What it takes to look at one selected value, in values looked at.
    fn work(&self, node: Value<'_>, choice: Choice) -> usize {
        let bytes = node.text().len();
        let own = (1 + text_work(bytes)).saturating_add(choice.text_work);
        match self {
            Test::In(_) | Test::NotIn(_) => (1 + text_work(bytes)).saturating_mul(choice.values).saturating_add(own),
            Test::InCidr(networks) => own.saturating_add(networks.len()),
            Test::Matches(expression) => own.saturating_add(expression.work(bytes)),
            // Of a list every element is looked at, each of which takes two bytes at least.
            Test::Contains(_) if node.kind() == Kind::Array => own.saturating_add(bytes / 2),
            Test::Exists
            | Test::NotExists
            | Test::Equals(_)
            | Test::NotEquals(_)
            | Test::Order(..)
            | Test::Contains(_)
            | Test::StartsWith(_)
            | Test::EndsWith(_)
            | Test::Like(_)
            | Test::Between(_) => own,
        }
    }

    /// Whether it holds for one selected value.
    fn of(&self, node: Value<'_>, value: &Resolved<'_>) -> Truth {
        match self {
            Test::Exists => Truth::True,
            Test::NotExists => Truth::False,
            Test::Equals(_) => equals(node, value),
            Test::NotEquals(_) => equals(node, value).not(),
            Test::In(_) => is_among(node, value),
            Test::NotIn(_) => is_among(node, value).not(),
            Test::Order(bound, _) => {
                order(node, value).map_or(Truth::Indeterminate, |order| Truth::of(bound.admits(order)))
            }
            Test::Contains(_) => contains(node, value),
            Test::StartsWith(_) => text_test(node, value, |text, part| text.starts_with(part)),
            Test::EndsWith(_) => text_test(node, value, |text, part| text.ends_with(part)),
            Test::Like(glob) => is_like(node, |text| glob.matches(text)),
            Test::Matches(expression) => is_like(node, |text| expression.is_match(text)),
            Test::InCidr(networks) => address_is_in(node, networks),
            Test::Between(times) => time_is_between(node, times),
        }
    }
}

impl Bound {
    fn admits(self, order: Ordering) -> bool {
        match self {
            Bound::Less => order.is_lt(),
            Bound::LessOrEqual => order.is_le(),
            Bound::Greater => order.is_gt(),
            Bound::GreaterOrEqual => order.is_ge(),
        }
    }
}
