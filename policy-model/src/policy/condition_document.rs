//! A condition: JSON to [`Condition`].

use std::cell::Cell;
use std::ops::Range;

use ipnet::IpNet;

use super::condition_error::ConditionError;
use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::operator::{Needs, OPERATORS, Operator};
use super::shape::CONDITION;
use super::{EXPRESSION_BYTES_MAX, EXPRESSIONS_MAX, VALUE_BYTES_MAX, VALUES_MAX};
use crate::condition::{Bound, Condition, ConditionDigest, Expression, InvalidExpression, Operand, Scalar, Test};
use crate::json::{Kind, Value};
use crate::pattern::{Glob, WILDCARDS_MAX};
use crate::request::ROOTS;
use crate::selector::Selector;

/// Reads a condition; `expressions` counts the regular expressions of the policy.
pub(super) fn read(value: Value<'_>, place: Place<'_>, expressions: &Cell<usize>) -> Result<Condition, PolicyError> {
    let fields = Fields::read(value, place, CONDITION)?;
    let path = read_path(&fields, "path")?.ok_or_else(|| fields.error(Problem::Missing("path")))?;
    let operator =
        fields.word("operator", OPERATORS, Operator::of)?.ok_or_else(|| fields.error(Problem::Missing("operator")))?;
    let (value, written_path) = (fields.optional("value"), fields.optional_text("valuePath")?);
    let digest = ConditionDigest::of(&fields.text("path")?, operator.word(), value, written_path.as_deref());
    let given = match (value, read_path(&fields, "valuePath")?) {
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
    Ok(Condition::new(path, test, digest))
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

fn test(operator: Operator, given: Given<'_>, expressions: &Cell<usize>) -> Result<Test, ConditionError> {
    match operator {
        Operator::Exists => nothing(operator, &given).map(|()| Test::Exists),
        Operator::NotExists => nothing(operator, &given).map(|()| Test::NotExists),
        Operator::Equals => Ok(Test::Equals(operand(operator, given)?)),
        Operator::NotEquals => Ok(Test::NotEquals(operand(operator, given)?)),
        Operator::In => Ok(Test::In(operand(operator, given)?)),
        Operator::NotIn => Ok(Test::NotIn(operand(operator, given)?)),
        Operator::LessThan => Ok(Test::Order(Bound::Less, operand(operator, given)?)),
        Operator::LessThanOrEqual => Ok(Test::Order(Bound::LessOrEqual, operand(operator, given)?)),
        Operator::GreaterThan => Ok(Test::Order(Bound::Greater, operand(operator, given)?)),
        Operator::GreaterThanOrEqual => Ok(Test::Order(Bound::GreaterOrEqual, operand(operator, given)?)),
        Operator::Contains => Ok(Test::Contains(operand(operator, given)?)),
        Operator::StartsWith => Ok(Test::StartsWith(operand(operator, given)?)),
        Operator::EndsWith => Ok(Test::EndsWith(operand(operator, given)?)),
        Operator::Like => {
            let pattern = written_text(operator, given, VALUE_BYTES_MAX)?;
            if pattern.matches('*').count() > WILDCARDS_MAX {
                return Err(ConditionError::TooManyWildcards);
            }
            Ok(Test::Like(Glob::new(&pattern)))
        }
        Operator::Matches => {
            expressions.set(expressions.get() + 1);
            if expressions.get() > EXPRESSIONS_MAX {
                return Err(ConditionError::TooManyExpressions);
            }
            Ok(Test::Matches(expression(&written_text(operator, given, EXPRESSION_BYTES_MAX)?)?))
        }
        Operator::InCidr => networks(operator, given).map(Test::InCidr),
        Operator::Between => times(operator, given).map(Test::Between),
    }
}

fn nothing(operator: Operator, given: &Given<'_>) -> Result<(), ConditionError> {
    match given {
        Given::Nothing => Ok(()),
        Given::Value(_) | Given::Path(_) => Err(ConditionError::NeedsNone(operator.word())),
    }
}

/// A value, or where one stands.
fn operand(operator: Operator, given: Given<'_>) -> Result<Operand, ConditionError> {
    let value = match given {
        Given::Nothing => return Err(missing(operator)),
        Given::Path(path) if operator.needs().takes_path() => return Ok(Operand::Path(path)),
        Given::Path(_) => return Err(ConditionError::NotAPath(operator.word())),
        Given::Value(value) => value,
    };
    let is_empty_text = value.kind() == Kind::String && value.as_str().is_some_and(|text| text.is_empty());
    let fits = match operator.needs() {
        Needs::List => return list(operator, value),
        Needs::Scalar => true,
        Needs::Part => !is_empty_text,
        Needs::Number => value.kind() == Kind::Number,
        Needs::Text => value.kind() == Kind::String && !is_empty_text,
        Needs::Nothing | Needs::Like | Needs::Expression | Needs::Networks | Needs::Times => false,
    };
    let scalar = if fits { bounded(value)? } else { None };
    scalar.map(Operand::Scalar).ok_or(wrong(operator))
}

fn list(operator: Operator, value: Value<'_>) -> Result<Operand, ConditionError> {
    let kinds = [Kind::String, Kind::Number];
    let is_of = |kind: Kind| value.elements().all(|element| element.kind() == kind);
    if value.is_empty() || value.kind() != Kind::Array || !kinds.into_iter().any(is_of) {
        return Err(wrong(operator));
    }
    if value.len() > VALUES_MAX {
        return Err(ConditionError::TooManyValues);
    }
    let scalars = value.elements().filter_map(|element| bounded(element).transpose());
    Ok(Operand::List(scalars.collect::<Result<_, _>>()?))
}

/// A value that is written out: it is compiled with the policy.
fn written<'d>(operator: Operator, given: Given<'d>) -> Result<Value<'d>, ConditionError> {
    match given {
        Given::Nothing => Err(missing(operator)),
        Given::Path(_) => Err(ConditionError::NotAPath(operator.word())),
        Given::Value(value) => Ok(value),
    }
}

fn written_text(operator: Operator, given: Given<'_>, bytes_max: usize) -> Result<String, ConditionError> {
    match written(operator, given)?.as_str() {
        Some(text) if text.len() > bytes_max => Err(ConditionError::TooLong(bytes_max)),
        Some(text) if !text.is_empty() => Ok(text.into_owned()),
        Some(_) | None => Err(wrong(operator)),
    }
}

fn missing(operator: Operator) -> ConditionError {
    ConditionError::Missing(operator.word(), operator.needs().expected())
}

fn wrong(operator: Operator) -> ConditionError {
    ConditionError::Wrong(operator.word(), operator.needs().expected())
}

fn expression(text: &str) -> Result<Expression, ConditionError> {
    Expression::parse(text).map_err(|error| match error {
        InvalidExpression::Syntax(why) => ConditionError::NotAnExpression(why),
        InvalidExpression::TooBig => ConditionError::ExpressionTooBig,
    })
}

fn networks(operator: Operator, given: Given<'_>) -> Result<Box<[IpNet]>, ConditionError> {
    let parse = |value: Value<'_>| -> Result<IpNet, ConditionError> {
        let text = value.as_str().ok_or(wrong(operator))?;
        let network: IpNet = text.parse().map_err(|_| wrong(operator))?;
        if network.trunc() != network {
            return Err(ConditionError::HostBits(network.trunc().to_string()));
        }
        match network {
            IpNet::V6(mapped) if mapped.network().to_ipv4_mapped().is_some() => Err(ConditionError::MappedNetwork),
            IpNet::V4(_) | IpNet::V6(_) => Ok(network),
        }
    };
    let value = written(operator, given)?;
    if value.kind() != Kind::Array {
        return Ok([parse(value)?].into());
    }
    match value.len() {
        0 => Err(wrong(operator)),
        1..=VALUES_MAX => value.elements().map(parse).collect(),
        _ => Err(ConditionError::TooManyValues),
    }
}

fn times(operator: Operator, given: Given<'_>) -> Result<Range<u32>, ConditionError> {
    let value = written(operator, given)?;
    let times: Option<Vec<u32>> = value.elements().map(|time| time_of_day(&time.as_str()?)).collect();
    match times.as_deref() {
        Some([from, to]) if from != to => Ok(*from..*to),
        Some(_) | None => Err(wrong(operator)),
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
    match Scalar::of(value) {
        Some(scalar) if scalar.bytes() > VALUE_BYTES_MAX => Err(ConditionError::TooLong(VALUE_BYTES_MAX)),
        scalar => Ok(scalar),
    }
}
