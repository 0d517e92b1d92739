//! A condition: JSON to [`Condition`].

use std::cell::Cell;
use std::fmt;
use std::ops::Range;

use ipnet::IpNet;
use regex::{Regex, RegexBuilder};

use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::shape::{CONDITION, OPERATORS};
use super::{EXPRESSION_BYTES_MAX, EXPRESSIONS_MAX, VALUE_BYTES_MAX, VALUES_MAX};
use crate::condition::{Bound, Condition, Operand, Scalar, Test};
use crate::json::{Kind, Value};
use crate::pattern::{Glob, WILDCARDS_MAX};
use crate::request::ROOTS;
use crate::selector::Selector;

/// Reads a condition; `expressions` counts the regular expressions of the policy.
pub(super) fn read(value: Value<'_>, place: Place<'_>, expressions: &Cell<usize>) -> Result<Condition, PolicyError> {
    let fields = Fields::read(value, place, CONDITION)?;
    let path = read_path(&fields, "path")?.ok_or_else(|| fields.error(Problem::Missing("path")))?;
    let operator = |word: &str| OPERATORS.iter().copied().find(|known| *known == word);
    let operator =
        fields.word("operator", OPERATORS, operator)?.ok_or_else(|| fields.error(Problem::Missing("operator")))?;
    let given = match (fields.optional("value"), read_path(&fields, "valuePath")?) {
        (Some(_), Some(_)) => return Err(fields.error(Problem::Condition(ConditionError::TwoValues))),
        (Some(value), None) => Given::Value(value),
        (None, Some(path)) => Given::Path(path),
        (None, None) => Given::Nothing,
    };
    let member = match given {
        Given::Path(_) => "valuePath",
        Given::Value(_) | Given::Nothing => "value",
    };
    let test = test(operator, given, expressions).map_err(|error| {
        let is_missing = matches!(error, ConditionError::Missing(..));
        let problem = Problem::Condition(error);
        if is_missing { fields.error(problem) } else { fields.error_at(member, problem) }
    })?;
    Ok(Condition::new(path, test))
}

/// What a condition compares with, as written.
enum Given<'d> {
    Value(Value<'d>),
    Path(Selector),
    Nothing,
}

fn read_path(fields: &Fields<'_, '_>, name: &'static str) -> Result<Option<Selector>, PolicyError> {
    let Some(text) = fields.optional_text(name)? else { return Ok(None) };
    match Selector::parse_rooted(&text, ROOTS) {
        Ok(path) => Ok(Some(path)),
        Err(error) => Err(fields.error_at(name, Problem::NotAPath(text.into_owned(), error))),
    }
}

fn test(operator: &'static str, given: Given<'_>, expressions: &Cell<usize>) -> Result<Test, ConditionError> {
    let order =
        |bound: Bound, given: Given<'_>| Ok(Test::Order(bound, of_kind(operator, given, Kind::Number, "a number")?));
    let text = |given: Given<'_>| -> Result<Operand, ConditionError> {
        match of_kind(operator, given, Kind::String, "a string that is not empty")? {
            Operand::Scalar(Scalar::Text(text)) if text.is_empty() => {
                Err(ConditionError::Wrong(operator, "a string that is not empty"))
            }
            operand @ (Operand::Scalar(_) | Operand::List(_) | Operand::Path(_)) => Ok(operand),
        }
    };
    match operator {
        "EXISTS" => nothing(operator, given).map(|()| Test::Exists),
        "NOT_EXISTS" => nothing(operator, given).map(|()| Test::NotExists),
        "EQUALS" => Ok(Test::Equals(scalar(operator, given)?)),
        "NOT_EQUALS" => Ok(Test::NotEquals(scalar(operator, given)?)),
        "IN" => Ok(Test::In(list(operator, given)?)),
        "NOT_IN" => Ok(Test::NotIn(list(operator, given)?)),
        "LESS_THAN" => order(Bound::Less, given),
        "LESS_THAN_OR_EQUAL" => order(Bound::LessOrEqual, given),
        "GREATER_THAN" => order(Bound::Greater, given),
        "GREATER_THAN_OR_EQUAL" => order(Bound::GreaterOrEqual, given),
        "CONTAINS" => match scalar(operator, given)? {
            Operand::Scalar(Scalar::Text(text)) if text.is_empty() => {
                Err(ConditionError::Wrong(operator, "a value that is not the empty string"))
            }
            operand @ (Operand::Scalar(_) | Operand::List(_) | Operand::Path(_)) => Ok(Test::Contains(operand)),
        },
        "STARTS_WITH" => Ok(Test::StartsWith(text(given)?)),
        "ENDS_WITH" => Ok(Test::EndsWith(text(given)?)),
        "LIKE" => {
            let pattern = written_text(
                operator,
                given,
                VALUE_BYTES_MAX,
                "a string, not empty, with * for any run of characters",
            )?;
            if pattern.matches('*').count() > WILDCARDS_MAX {
                return Err(ConditionError::TooManyWildcards);
            }
            Ok(Test::Like(Glob::new(&pattern)))
        }
        "MATCHES" => {
            expressions.set(expressions.get() + 1);
            if expressions.get() > EXPRESSIONS_MAX {
                return Err(ConditionError::TooManyExpressions);
            }
            let text = written_text(operator, given, EXPRESSION_BYTES_MAX, "a regular expression, not empty")?;
            Ok(Test::Matches(expression(&text)?))
        }
        "IN_CIDR" => networks(operator, given).map(Test::InCidr),
        "BETWEEN" => times(operator, given).map(Test::Between),
        _ => Err(ConditionError::Wrong(operator, "a known operator")),
    }
}

fn nothing(operator: &'static str, given: Given<'_>) -> Result<(), ConditionError> {
    match given {
        Given::Nothing => Ok(()),
        Given::Value(_) | Given::Path(_) => Err(ConditionError::NeedsNone(operator)),
    }
}

fn scalar(operator: &'static str, given: Given<'_>) -> Result<Operand, ConditionError> {
    const EXPECTED: &str = "a string, number, boolean or null";
    match given {
        Given::Nothing => Err(ConditionError::Missing(operator, EXPECTED)),
        Given::Path(path) => Ok(Operand::Path(path)),
        Given::Value(value) => bounded(value)?.map(Operand::Scalar).ok_or(ConditionError::Wrong(operator, EXPECTED)),
    }
}

fn of_kind(
    operator: &'static str,
    given: Given<'_>,
    kind: Kind,
    expected: &'static str,
) -> Result<Operand, ConditionError> {
    match given {
        Given::Nothing => Err(ConditionError::Missing(operator, expected)),
        Given::Value(value) if value.kind() != kind => Err(ConditionError::Wrong(operator, expected)),
        Given::Value(_) | Given::Path(_) => scalar(operator, given),
    }
}

fn list(operator: &'static str, given: Given<'_>) -> Result<Operand, ConditionError> {
    const EXPECTED: &str = "a list, not empty, of strings or of numbers";
    match given {
        Given::Nothing => Err(ConditionError::Missing(operator, EXPECTED)),
        Given::Path(path) => Ok(Operand::Path(path)),
        Given::Value(value) => {
            let kinds = [Kind::String, Kind::Number];
            let is_of = |kind: Kind| value.elements().all(|element| element.kind() == kind);
            if value.is_empty() || value.kind() != Kind::Array || !kinds.into_iter().any(is_of) {
                return Err(ConditionError::Wrong(operator, EXPECTED));
            }
            if value.len() > VALUES_MAX {
                return Err(ConditionError::TooManyValues);
            }
            let scalars = value.elements().filter_map(|element| bounded(element).transpose());
            Ok(Operand::List(scalars.collect::<Result<_, _>>()?))
        }
    }
}

/// A string that is written out: it is compiled with the policy.
fn written_text(
    operator: &'static str,
    given: Given<'_>,
    bytes_max: usize,
    expected: &'static str,
) -> Result<String, ConditionError> {
    match given {
        Given::Nothing => Err(ConditionError::Missing(operator, expected)),
        Given::Path(_) => Err(ConditionError::NotAPath(operator)),
        Given::Value(value) => match value.as_str() {
            Some(text) if text.len() > bytes_max => Err(ConditionError::TooLong(bytes_max)),
            Some(text) if !text.is_empty() => Ok(text.into_owned()),
            Some(_) | None => Err(ConditionError::Wrong(operator, expected)),
        },
    }
}

/// The whole text must fit. The expression is also read alone: it must not close the group that makes it whole.
fn expression(text: &str) -> Result<Regex, ConditionError> {
    let mut parser = regex_syntax::ast::parse::ParserBuilder::new();
    let parsed = parser.nest_limit(EXPRESSION_DEPTH_MAX).build().parse(text);
    parsed.map_err(|error| ConditionError::NotAnExpression(error.kind().to_string()))?;
    let whole = RegexBuilder::new(&format!("\\A(?:{text})\\z"))
        .size_limit(EXPRESSION_SIZE_MAX)
        .dfa_size_limit(EXPRESSION_SIZE_MAX)
        .nest_limit(EXPRESSION_DEPTH_MAX + 1)
        .build();
    whole.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => ConditionError::ExpressionTooBig,
        regex::Error::Syntax(_) | _ => ConditionError::NotAnExpression("it cannot be used as a whole".to_owned()),
    })
}

fn networks(operator: &'static str, given: Given<'_>) -> Result<Box<[IpNet]>, ConditionError> {
    const EXPECTED: &str = "a network as in \"10.0.0.0/8\", or a list of them that is not empty";
    let parse = |value: Value<'_>| -> Result<IpNet, ConditionError> {
        let text = value.as_str().ok_or(ConditionError::Wrong(operator, EXPECTED))?;
        let network: IpNet = text.parse().map_err(|_| ConditionError::Wrong(operator, EXPECTED))?;
        if network.trunc() != network {
            return Err(ConditionError::HostBits(network.trunc().to_string()));
        }
        match network {
            IpNet::V6(mapped) if mapped.network().to_ipv4_mapped().is_some() => Err(ConditionError::MappedNetwork),
            IpNet::V4(_) | IpNet::V6(_) => Ok(network),
        }
    };
    match given {
        Given::Nothing => Err(ConditionError::Missing(operator, EXPECTED)),
        Given::Path(_) => Err(ConditionError::NotAPath(operator)),
        Given::Value(value) if value.kind() == Kind::Array => match value.len() {
            0 => Err(ConditionError::Wrong(operator, EXPECTED)),
            1..=VALUES_MAX => value.elements().map(parse).collect(),
            _ => Err(ConditionError::TooManyValues),
        },
        Given::Value(value) => Ok([parse(value)?].into()),
    }
}

fn times(operator: &'static str, given: Given<'_>) -> Result<Range<u32>, ConditionError> {
    const EXPECTED: &str = "two different times of the day in UTC, as in [\"08:00\", \"18:00\"]";
    let value = match given {
        Given::Nothing => return Err(ConditionError::Missing(operator, EXPECTED)),
        Given::Path(_) => return Err(ConditionError::NotAPath(operator)),
        Given::Value(value) => value,
    };
    let times: Option<Vec<u32>> = value.elements().map(|time| time_of_day(&time.as_str()?)).collect();
    match times.as_deref() {
        Some([from, to]) if from != to => Ok(*from..*to),
        Some(_) | None => Err(ConditionError::Wrong(operator, EXPECTED)),
    }
}

/// `HH:MM` or `HH:MM:SS`, in seconds.
fn time_of_day(text: &str) -> Option<u32> {
    let mut parts = text.split(':').map(|part| {
        let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_plain)
    });
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let is_time = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    is_time.then_some(hour * 3_600 + minute * 60 + second)
}

/// A scalar within bounds; none for lists and objects.
fn bounded(value: Value<'_>) -> Result<Option<Scalar>, ConditionError> {
    if value.text().len() > VALUE_BYTES_MAX {
        return Err(ConditionError::TooLong(VALUE_BYTES_MAX));
    }
    Ok(Scalar::of(value))
}

/// Largest compiled expression, in bytes.
const EXPRESSION_SIZE_MAX: usize = 1 << 18;

/// Deepest nesting in an expression.
const EXPRESSION_DEPTH_MAX: u32 = 32;

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
