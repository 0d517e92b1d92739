//! What is wrong with what a condition compares with, said to its author.

use std::fmt;

use super::{EXPRESSIONS_MAX, VALUES_MAX};
use crate::pattern::WILDCARDS_MAX;

/// What is wrong with what a condition compares with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionError {
    /// Both `value` and `valuePath`.
    TwoValues,
    /// Neither, for this operator, which needs this.
    Missing(&'static str, &'static str),
    /// A value, for an operator that takes none.
    NeedsNone(&'static str),
    /// A `valuePath`, for an operator that is compiled with the policy.
    NotAPath(&'static str),
    /// Something else than this operator needs.
    Wrong(&'static str, &'static str),
    /// More bytes than the limit.
    TooLong(usize),
    /// More than [`VALUES_MAX`] values.
    TooManyValues,
    /// More than [`WILDCARDS_MAX`] `*`.
    TooManyWildcards,
    /// More than [`EXPRESSIONS_MAX`] regular expressions in the policy.
    TooManyExpressions,
    /// Not a regular expression: why.
    NotAnExpression(String),
    /// A regular expression that would be too large.
    ExpressionTooBig,
    /// A network with bits behind its prefix; without them it is this.
    HostBits(String),
    /// A network of IPv4 addresses in their IPv6 form.
    MappedNetwork,
}

impl fmt::Display for ConditionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConditionError::TwoValues => out.write_str("\"value\" and \"valuePath\" are both there; keep one"),
            ConditionError::Missing(operator, expected) => write!(out, "{operator} needs \"value\": {expected}"),
            ConditionError::NeedsNone(operator) => write!(out, "{operator} takes no value; leave it out"),
            ConditionError::NotAPath(operator) => write!(out, "{operator} takes a \"value\", not a \"valuePath\""),
            ConditionError::Wrong(operator, expected) => write!(out, "{operator} needs {expected}"),
            ConditionError::TooLong(limit) => write!(out, "longer than {limit} bytes"),
            ConditionError::TooManyValues => write!(out, "more than {VALUES_MAX} values"),
            ConditionError::TooManyWildcards => write!(out, "more than {WILDCARDS_MAX} wildcards"),
            ConditionError::TooManyExpressions => write!(out, "more than {EXPRESSIONS_MAX} MATCHES in the policy"),
            ConditionError::NotAnExpression(why) => write!(out, "not a regular expression: {why}"),
            ConditionError::ExpressionTooBig => {
                out.write_str("the regular expression is too large when compiled; use smaller repetitions and classes")
            }
            ConditionError::HostBits(network) => {
                write!(out, "bits are set behind the prefix; did you mean {network:?}?")
            }
            ConditionError::MappedNetwork => out.write_str("write networks of IPv4 addresses in their IPv4 form"),
        }
    }
}
