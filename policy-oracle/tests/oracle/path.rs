//! Where a condition looks.

use std::fmt;

use crate::json::Json;

/// An RFC 9535 path of a few forms: `$`, the name of a root, and steps.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Path {
    pub(crate) root: &'static str,
    pub(crate) steps: Vec<Step>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// `.name`
    Name(&'static str),
    /// `[2]`, `[-1]`
    Nth(i64),
    /// `[1:]`
    From(usize),
    /// `.*`, `[*]`
    All,
    /// `..name`
    Descend(&'static str),
    /// `[?..]`
    Where(Filter),
}

/// What a filter asks of a child's member.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Filter {
    pub(crate) member: &'static str,
    pub(crate) test: Test,
}

/// What is asked of the member.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    /// `[?@.a]`
    Exists,
    /// `[?@.a == 1]`
    Equals(Json),
    /// `[?@.a != 1]`
    Differs(Json),
    /// `[?@.a < 1]`, of numbers
    IsBelow(Json),
    /// `[?@.a == $.user.id]`, of that root and name
    IsSameAs(&'static str, &'static str),
}

impl Path {
    pub(crate) fn new(root: &'static str, steps: &[Step]) -> Path {
        Path { root, steps: steps.to_vec() }
    }

    /// Calls `visit` with each number in its filters.
    pub(crate) fn each_number<'p>(&'p self, visit: &mut dyn FnMut(&'p str)) {
        for step in &self.steps {
            if let Step::Where(Filter {
                test: Test::Equals(value) | Test::Differs(value) | Test::IsBelow(value), ..
            }) = step
            {
                value.each_number(visit);
            }
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Both ways to write a name are in use.
        if self.steps.len().is_multiple_of(2) {
            write!(out, "$.{}", self.root)?
        } else {
            write!(out, "$['{}']", self.root)?
        }
        self.steps.iter().try_for_each(|step| write!(out, "{step}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Name(name) if name.chars().all(char::is_alphanumeric) => write!(out, ".{name}"),
            Step::Name(name) => write!(out, "[\"{name}\"]"),
            Step::Nth(place) => write!(out, "[{place}]"),
            Step::From(place) => write!(out, "[{place}:]"),
            Step::All => write!(out, "[*]"),
            Step::Descend(name) => write!(out, "..{name}"),
            Step::Where(Filter { member, test }) => match test {
                Test::Exists => write!(out, "[?@.{member}]"),
                Test::Equals(value) => write!(out, "[?@.{member}=={value}]"),
                Test::Differs(value) => write!(out, "[? @.{member} != {value}]"),
                Test::IsBelow(value) => write!(out, "[?@.{member}<{value}]"),
                Test::IsSameAs(root, name) => write!(out, "[?@.{member} == $.{root}.{name}]"),
            },
        }
    }
}
