//! Each operator in Cedar: when it is definitely true, and when definitely false. What is neither is indeterminate.

use crate::cedar::ranks::Ranks;
use crate::cedar::source::{string, strings, verbatim};
use crate::json::Json;
use crate::policy::Operator;

/// What a selected value is compared with.
pub(crate) enum Compared<'c> {
    Constant(&'c Json),
    /// The place of another selected value.
    Selected(String),
}

/// `outside` is the place of what Cedar cannot compute.
pub(crate) fn definitely(
    is_true: bool,
    operator: Operator,
    node: &str,
    value: &Compared<'_>,
    outside: &str,
    ranks: &Ranks,
) -> String {
    let not = if is_true { "" } else { "!" };
    match (operator, value) {
        (Operator::NotEquals, _) => definitely(!is_true, Operator::Equals, node, value, outside, ranks),
        (Operator::NotIn, _) => definitely(!is_true, Operator::In, node, value, outside, ranks),
        (Operator::Equals, Compared::Constant(value)) => equals(is_true, node, value, ranks),
        (Operator::Equals, Compared::Selected(value)) => match is_true {
            true => format!("{value}.isScalar && {node}.key == {value}.key"),
            false => format!(
                "{value}.isScalar && {node}.key != {value}.key && ({value}.kind == \"null\" || {node}.kind == {value}.kind)"
            ),
        },
        (Operator::In, Compared::Constant(Json::List(items))) => {
            let texts: Vec<&str> = items.iter().filter_map(Json::as_text).collect();
            if texts.len() == items.len() {
                return format!("{node}.kind == \"string\" && {not}{}.contains({node}.text)", strings(&texts));
            }
            let ranks: Vec<String> = items.iter().map(|item| ranks.of_json(item).to_string()).collect();
            format!("{node}.kind == \"number\" && {not}[{}].contains({node}.rank)", ranks.join(", "))
        }
        (Operator::In, Compared::Selected(value)) => match is_true {
            true => format!("{value}.kind == \"list\" && {value}.items.contains({node}.key)"),
            false => format!(
                "{value}.kind == \"list\" && !{value}.items.contains({node}.key) && [\"null\", {node}.kind].containsAll({value}.kinds)"
            ),
        },
        (Operator::LessThan, _) => ordered(not, "<", node, value, ranks),
        (Operator::LessThanOrEqual, _) => ordered(not, "<=", node, value, ranks),
        (Operator::GreaterThan, _) => ordered(not, ">", node, value, ranks),
        (Operator::GreaterThanOrEqual, _) => ordered(not, ">=", node, value, ranks),
        (Operator::Contains, value) => contains(is_true, node, value, outside, ranks),
        (Operator::StartsWith, Compared::Constant(value)) => like(not, node, &format!("{}*", verbatim(text(value)))),
        (Operator::EndsWith, Compared::Constant(value)) => like(not, node, &format!("*{}", verbatim(text(value)))),
        (Operator::Like, Compared::Constant(value)) => {
            let literals: Vec<String> = text(value).split('*').map(verbatim).collect();
            like(not, node, &literals.join("*"))
        }
        (Operator::StartsWith | Operator::EndsWith, Compared::Selected(value)) => part(not, node, value, outside),
        (Operator::InCidr, Compared::Constant(value)) => {
            let networks =
                if let Json::List(networks) = value { networks.iter().map(text).collect() } else { vec![text(value)] };
            let ranges: Vec<String> =
                networks.iter().map(|network| format!("{node}.ip.isInRange(ip({}))", string(network))).collect();
            format!("{node} has ip && {not}({})", ranges.join(" || "))
        }
        (Operator::Between, Compared::Constant(Json::List(bounds))) => between(not, node, bounds),
        (Operator::In | Operator::Like | Operator::InCidr | Operator::Between, _) => "false".to_owned(),
        (Operator::Matches | Operator::Exists | Operator::NotExists, _) => "false".to_owned(),
    }
}

fn equals(is_true: bool, node: &str, value: &Json, ranks: &Ranks) -> String {
    let operator = if is_true { "==" } else { "!=" };
    match value {
        Json::Null => format!("{node}.kind {operator} \"null\""),
        Json::Bool(value) => format!("{node}.kind == \"bool\" && {node}.flag {operator} {value}"),
        Json::Number(_) => format!("{node}.kind == \"number\" && {node}.rank {operator} {}", ranks.of_json(value)),
        Json::Text(text) => format!("{node}.kind == \"string\" && {node}.text {operator} {}", string(text)),
        Json::List(_) | Json::Object(_) => "false".to_owned(),
    }
}

fn ordered(not: &str, operator: &str, node: &str, value: &Compared<'_>, ranks: &Ranks) -> String {
    match value {
        Compared::Constant(value) => {
            format!("{node}.kind == \"number\" && {not}({node}.rank {operator} {})", ranks.of_json(value))
        }
        Compared::Selected(value) => format!(
            "{node}.kind == \"number\" && {value}.kind == \"number\" && {not}({node}.rank {operator} {value}.rank)"
        ),
    }
}

fn contains(is_true: bool, node: &str, value: &Compared<'_>, outside: &str, ranks: &Ranks) -> String {
    let not = if is_true { "" } else { "!" };
    let (in_text, is_scalar, key, kind) = match value {
        Compared::Constant(value) => {
            let in_text = value.as_text().map(|part| like(not, node, &format!("*{}*", verbatim(part))));
            let in_text = in_text.unwrap_or_else(|| "false".to_owned());
            let (kind, content) = match value {
                Json::Null | Json::List(_) | Json::Object(_) => ("null", "\"\"".to_owned()),
                Json::Bool(value) => ("bool", value.to_string()),
                Json::Number(_) => ("number", ranks.of_json(value).to_string()),
                Json::Text(text) => ("string", string(text)),
            };
            (in_text, "true".to_owned(), format!("{{kind: \"{kind}\", content: {content}}}"), format!("\"{kind}\""))
        }
        Compared::Selected(value) => (
            part(not, node, value, outside),
            format!("{value}.isScalar"),
            format!("{value}.key"),
            format!("{value}.kind"),
        ),
    };
    let in_list = match is_true {
        true => format!("{node}.items.contains({key})"),
        false => format!("!{node}.items.contains({key}) && ({kind} == \"null\" || [{kind}].containsAll({node}.kinds))"),
    };
    format!("({in_text}) || ({node}.kind == \"list\" && {is_scalar} && {in_list})")
}

/// The empty string is a part of every text, and says nothing.
fn part(not: &str, node: &str, value: &str, outside: &str) -> String {
    format!("{value}.kind == \"string\" && {value}.text != \"\" && {node}.kind == \"string\" && {not}{outside}")
}

fn like(not: &str, node: &str, pattern: &str) -> String {
    format!("{node}.kind == \"string\" && {not}({node}.text like \"{pattern}\")")
}

fn between(not: &str, node: &str, bounds: &[Json]) -> String {
    let [first, end] = bounds else { return "false".to_owned() };
    let (first, end) = (text(first), text(end));
    let duration = |clock: &str| {
        let (hours, minutes) = clock.split_once(':').unwrap();
        format!("duration(\"{}h{}m\")", hours, minutes)
    };
    // Over midnight it is one or the other.
    let joined = if first <= end { "&&" } else { "||" };
    let time = format!("{node}.time.toTime()");
    format!("{node} has time && {not}({time} >= {} {joined} {time} < {})", duration(first), duration(end))
}

fn text(value: &Json) -> &str {
    value.as_text().unwrap_or_default()
}
