//! Values of a document as Cedar compares them.

use cedar_policy::RestrictedExpression as Expression;

use crate::cedar::numbered::Needs;
use crate::cedar::ranks::Ranks;
use crate::cedar::texts::{address, time};
use crate::json::Json;

/// The values that a path selected, how many there are, and whether there would be others in another spelling.
pub(crate) fn nodes(values: &[&Json], is_respelled: bool, needs: Needs, ranks: &Ranks) -> Expression {
    let nodes = values.iter().enumerate().map(|(nth, value)| (format!("n{nth}"), node(value, needs, ranks)));
    let count = ("count".to_owned(), Expression::new_long(values.len() as i64));
    record(nodes.chain([count, ("isRespelled".to_owned(), Expression::new_bool(is_respelled))]))
}

/// A value by its kind; `key` is equal for equal scalars.
fn node(value: &Json, needs: Needs, ranks: &Ranks) -> Expression {
    let (kind, content) = content(value, ranks);
    let member = match value {
        Json::Null | Json::Object(_) | Json::List(_) => None,
        Json::Bool(_) => Some("flag"),
        Json::Number(_) => Some("rank"),
        Json::Text(_) => Some("text"),
    };
    let mut members = vec![("kind".to_owned(), string(kind))];
    members.extend(member.map(|member| (member.to_owned(), content)));
    if needs.key {
        members.push(("isScalar".to_owned(), Expression::new_bool(value.is_scalar())));
        members.push(("key".to_owned(), key(value, ranks)));
    }
    match value {
        Json::Text(text) => {
            if let Some(address) = address(text).filter(|_| needs.address) {
                members.push(("ip".to_owned(), Expression::new_ip(address)));
            }
            if let Some(time) = Some(text).filter(|_| needs.time).and_then(|text| time(text)) {
                members.push(("time".to_owned(), Expression::new_datetime(time)));
            }
        }
        Json::List(items) if needs.key => {
            let keys = items.iter().filter(|item| item.is_scalar()).map(|item| key(item, ranks));
            let kinds =
                items.iter().map(|item| if item.is_scalar() { self::content(item, ranks).0 } else { "container" });
            members.push(("items".to_owned(), Expression::new_set(keys)));
            members.push(("kinds".to_owned(), Expression::new_set(kinds.map(string))));
        }
        Json::List(_) | Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => {}
    }
    record(members)
}

fn key(value: &Json, ranks: &Ranks) -> Expression {
    let (kind, content) = content(value, ranks);
    record([("kind".to_owned(), string(kind)), ("content".to_owned(), content)])
}

fn content(value: &Json, ranks: &Ranks) -> (&'static str, Expression) {
    match value {
        Json::Null => ("null", string("")),
        Json::Bool(value) => ("bool", Expression::new_bool(*value)),
        Json::Number(literal) => ("number", Expression::new_long(ranks.of_literal(literal))),
        Json::Text(text) => ("string", string(text)),
        Json::List(_) => ("list", string("")),
        Json::Object(_) => ("object", string("")),
    }
}

pub(crate) fn string(text: &str) -> Expression {
    Expression::new_string(text.to_owned())
}

pub(crate) fn set(texts: &[String]) -> Expression {
    Expression::new_set(texts.iter().map(|text| string(text)))
}

pub(crate) fn record(members: impl IntoIterator<Item = (String, Expression)>) -> Expression {
    Expression::new_record(members).unwrap()
}
