//! The audit line of one decision: whose it is, and whether it is the one expected.

use policy_model::recorded::Facts;

use crate::compare::{self, Difference};
use crate::json::Json;

/// Whether a line of a function's stdout is the audit line of this request.
pub(crate) fn belongs_to(line: &str, request_id: &str) -> bool {
    if !line.contains(request_id) {
        return false;
    }
    let Ok(line) = Json::parse(line.as_bytes()) else {
        return false;
    };
    line.text(&["target"]) == Some(AUDIT_TARGET) && line.text(&["decisionId"]) == Some(request_id)
}

/// What is wrong with an audit line, beginning with its volatile members.
pub fn problems(expected: &Json, line: &Json) -> Vec<String> {
    let volatile = VOLATILE.iter().filter_map(|(name, kind)| match line.member(name) {
        None => Some(format!("audit line: `{name}` is missing")),
        Some(value) if !kind.fits(value) => Some(format!("audit line: `{name}` must be {}", kind.text())),
        Some(_) => None,
    });
    let rest = compare::differences(expected, &settled_beside(expected, line));
    let facts = line.member(FACTS).filter(|facts| facts.as_text().is_none_or(|text| Facts::parse(text).is_err()));
    let facts = facts.map(|_| format!("audit line: `{FACTS}` are not of the form that `simulate` reads"));
    volatile
        .chain(facts)
        .chain(rest.iter().map(|difference: &Difference| format!("audit line differs {difference}")))
        .collect()
}

/// The audit line without its volatile members, as kept in `audit.json`; with its facts only where those are expected, and without
/// their time.
pub fn settled_beside(expected: &Json, line: &Json) -> Json {
    let has_facts = expected.member(FACTS).is_some();
    let line =
        line.without(|name| VOLATILE.iter().any(|(volatile, _)| *volatile == name) || (name == FACTS && !has_facts));
    let Json::Object(members) = line else { return line };
    Json::Object(
        members
            .into_iter()
            .map(|(name, value)| if name == FACTS { (name, timeless(value)) } else { (name, value) })
            .collect(),
    )
}

/// Facts of the year 1970.
fn timeless(facts: Json) -> Json {
    match facts.as_text().map(Facts::parse) {
        Some(Ok(mut facts)) => {
            facts.time = 0;
            Json::Text(facts.to_string())
        }
        Some(Err(_)) | None => facts,
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Info,
    Audit,
    Cache,
    Count,
}

impl Kind {
    fn fits(self, value: &Json) -> bool {
        let text = value.as_text();
        match self {
            Self::Text => text.is_some_and(|text| !text.is_empty()),
            Self::Info => text == Some("INFO"),
            Self::Audit => text == Some(AUDIT_TARGET),
            Self::Cache => matches!(text, Some("HIT" | "MISS" | "NONE")),
            Self::Count => value.as_number().is_some_and(|number| number.parse::<u64>().is_ok()),
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Text => "a text that is not empty",
            Self::Info => "`INFO`",
            Self::Audit => "`tenantgate::audit`",
            Self::Cache => "HIT, MISS or NONE",
            Self::Count => "a whole number",
        }
    }
}

const AUDIT_TARGET: &str = "tenantgate::audit";

const FACTS: &str = "facts";

/// Members that differ from run to run.
const VOLATILE: [(&str, Kind); 6] = [
    ("timestamp", Kind::Text),
    ("level", Kind::Info),
    ("target", Kind::Audit),
    ("decisionId", Kind::Text),
    ("durationUs", Kind::Count),
    ("cache", Kind::Cache),
];

#[cfg(test)]
mod tests {
    use super::{problems, settled_beside};
    use crate::json::Json;

    const LINE: &str = r#"{"timestamp":"2026-01-01T00:00:00Z","level":"INFO","target":"tenantgate::audit",
        "decisionId":"a","durationUs":12,"cache":"MISS","effect":"DENY","reason":"NO_TOKEN"}"#;

    #[test]
    fn volatile_members_may_have_any_value_of_their_type() {
        let expected = Json::parse(br#"{"effect":"DENY","reason":"NO_TOKEN"}"#).unwrap();
        let line = Json::parse(LINE.as_bytes()).unwrap();
        assert!(problems(&expected, &line).is_empty());
        assert_eq!(settled_beside(&expected, &line), expected);
    }

    #[test]
    fn a_volatile_member_must_be_there_with_its_type() {
        let expected = Json::parse(br#"{"effect":"DENY","reason":"NO_TOKEN"}"#).unwrap();
        let line = LINE.replace("12", "1.5").replace(r#""cache":"MISS","#, "");
        let found = problems(&expected, &Json::parse(line.as_bytes()).unwrap());
        assert_eq!(found, ["audit line: `durationUs` must be a whole number", "audit line: `cache` is missing"]);
    }

    #[test]
    fn another_reason_is_a_difference() {
        let expected = Json::parse(br#"{"effect":"DENY","reason":"TOKEN_EXPIRED"}"#).unwrap();
        let found = problems(&expected, &Json::parse(LINE.as_bytes()).unwrap());
        assert_eq!(found, [r#"audit line differs at $.reason: expected "TOKEN_EXPIRED", got "NO_TOKEN""#]);
    }

    #[test]
    fn facts_are_compared_only_where_they_are_expected_and_without_their_time() {
        let of = |time: u32, verdict: char| format!("1;t{time};n2.9.14;v-{verdict}c;u0123456789abcdef");
        let line = |facts: &str| {
            let text = LINE.replace(r#""effect""#, &format!(r#""facts":"{facts}","effect""#));
            Json::parse(text.as_bytes()).unwrap()
        };
        let without = Json::parse(br#"{"effect":"DENY","reason":"NO_TOKEN"}"#).unwrap();
        let with = settled_beside(&line(&of(7, 'n')), &line(&of(7, 'n')));
        assert_eq!(with.text(&["facts"]), Some(of(0, 'n').as_str()));
        assert!(problems(&without, &line(&of(1, 'n'))).is_empty());
        assert!(problems(&with, &line(&of(8, 'n'))).is_empty());
        assert_eq!(problems(&with, &line(&of(7, 'a'))).len(), 1);
        assert_eq!(problems(&with, &Json::parse(LINE.as_bytes()).unwrap()).len(), 1);
        assert_eq!(problems(&without, &line("alice")).len(), 1, "another form");
    }
}
