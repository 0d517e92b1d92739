//! Where two JSON values differ; `1` and `1.0` do, the order of members does not count. Bodies of the `http` family are shown decoded.

use std::fmt;

use crate::gateway_body;
use crate::json::Json;

/// One place at which two values differ.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    path: String,
    expected: Option<String>,
    got: Option<String>,
}

/// The first places at which two values differ, at most five.
pub fn differences(expected: &Json, got: &Json) -> Vec<Difference> {
    let mut found = Vec::new();
    collect("$", Some(expected), Some(got), &mut found);
    found
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        write!(f, "at {}: expected {}, got {}", self.path, text(&self.expected), text(&self.got))
    }
}

fn collect(path: &str, expected: Option<&Json>, got: Option<&Json>, found: &mut Vec<Difference>) {
    if found.len() >= DIFFERENCES_MAX || expected == got {
        return;
    }
    match (expected, got) {
        (Some(Json::Object(expected)), Some(Json::Object(got))) => {
            for (name, value) in expected {
                collect(&member_path(path, name), Some(value), value_of(got, name), found);
            }
            for (name, value) in got.iter().filter(|(name, _)| value_of(expected, name).is_none()) {
                collect(&member_path(path, name), None, Some(value), found);
            }
        }
        (Some(Json::Array(expected)), Some(Json::Array(got))) => {
            for index in 0..expected.len().max(got.len()) {
                collect(&format!("{path}[{index}]"), expected.get(index), got.get(index), found);
            }
        }
        (Some(Json::Text(expected_text)), Some(Json::Text(got_text))) if gateway_body::stands_at(path) => {
            let [before, after] = [expected_text, got_text].map(|text| gateway_body::content(text));
            if before == after || before.is_none() || after.is_none() {
                // What cannot be decoded, or means the same, differs in its text.
                found.push(Difference {
                    path: path.to_owned(),
                    expected: expected.map(shortened),
                    got: got.map(shortened),
                });
            } else {
                collect(&format!("base64({path})"), before.as_ref(), after.as_ref(), found);
            }
        }
        (expected, got) => {
            found.push(Difference { path: path.to_owned(), expected: expected.map(shortened), got: got.map(shortened) })
        }
    }
}

fn value_of<'a>(members: &'a [(String, Json)], name: &str) -> Option<&'a Json> {
    members.iter().find_map(|(member, value)| (member == name).then_some(value))
}

fn member_path(path: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if plain { format!("{path}.{name}") } else { format!("{path}[{name:?}]") }
}

fn shortened(value: &Json) -> String {
    let text = value.to_string();
    let mut short: String = text.chars().take(SHOWN_CHARACTERS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

const DIFFERENCES_MAX: usize = 5;
const SHOWN_CHARACTERS_MAX: usize = 160;

#[cfg(test)]
mod tests {
    use super::differences;
    use crate::json::Json;

    fn check(expected: &str, got: &str, texts: &[&str]) {
        let parse = |text: &str| Json::parse(text.as_bytes()).unwrap();
        let found = differences(&parse(expected), &parse(got));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, texts);
    }

    #[test]
    fn the_order_of_members_does_not_count() {
        check(r#"{"a":1,"b":[2]}"#, r#"{"b":[2],"a":1}"#, &[]);
    }

    #[test]
    fn escapes_do_not_count() {
        check(r#"["\u00e9"]"#, r#"["é"]"#, &[]);
    }

    #[test]
    fn the_text_of_a_number_counts() {
        check(r#"{"id":1}"#, r#"{"id":1.0}"#, &["at $.id: expected 1, got 1.0"]);
        check(
            "12345678901234567890",
            "12345678901234567891",
            &["at $: expected 12345678901234567890, got 12345678901234567891"],
        );
    }

    #[test]
    fn missing_and_added_values_are_named() {
        check(
            r#"{"a":[1,2]}"#,
            r#"{"a":[1],"x-y z":null}"#,
            &["at $.a[1]: expected 2, got nothing", r#"at $["x-y z"]: expected nothing, got null"#],
        );
    }

    #[test]
    fn bodies_of_the_http_family_are_shown_decoded() {
        let reply = |body: &str| format!(r#"{{"http":{{"transformedGatewayResponse":{{"body":"{body}"}}}}}}"#);
        let place = "$.http.transformedGatewayResponse.body";
        // {"a":[1]}, {"a":[2]} and { "a":[1]}
        let (one, two, spaced) = ("eyJhIjpbMV19", "eyJhIjpbMl19", "eyAiYSI6WzFdfQ==");
        check(&reply(one), &reply(two), &[&format!("at base64({place}).a[0]: expected 1, got 2")]);
        check(&reply(one), &reply(spaced), &[&format!("at {place}: expected \"{one}\", got \"{spaced}\"")]);
        check(&reply(one), &reply("!"), &[&format!("at {place}: expected \"{one}\", got \"!\"")]);
        check(&reply("eWVz"), &reply("bm8="), &[&format!("at base64({place}): expected \"yes\", got \"no\"")]);
        check(r#"{"body":"eWVz"}"#, r#"{"body":"bm8="}"#, &[r#"at $.body: expected "eWVz", got "bm8=""#]);
    }

    #[test]
    fn no_more_than_five_differences_are_reported() {
        let found = differences(&Json::parse(b"[1,1,1,1,1,1,1]").unwrap(), &Json::parse(b"[]").unwrap());
        assert_eq!(found.len(), 5);
    }
}
