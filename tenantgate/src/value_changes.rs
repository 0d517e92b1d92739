//! What differs between two JSON values, member by member.

use std::collections::HashMap;

use policy_model::json::{Kind, Value};

use crate::value_path::{element_path, member_path};

/// One place at which two values differ; the texts are JSON on one line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) path: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// The places at which they differ, the first so many of them; a member of which there are two is compared by its first.
pub(crate) fn changes(old: Value<'_>, new: Value<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    collect("$", old, new, &mut found);
    found
}

fn collect(path: &str, old: Value<'_>, new: Value<'_>, found: &mut Vec<Change>) {
    if found.len() >= CHANGES_MAX || old.equals(new) {
        return;
    }
    match (old.kind(), new.kind()) {
        (Kind::Object, Kind::Object) => collect_members(path, old, new, found),
        (Kind::Array, Kind::Array) => {
            let (mut olds, mut news) = (old.elements(), new.elements());
            for number in 0.. {
                let path = element_path(path, number);
                match (olds.next(), news.next()) {
                    (Some(old), Some(new)) => collect(&path, old, new, found),
                    (None, None) => break,
                    (old, new) => note(path, old, new, found),
                }
            }
        }
        (_, _) => note(path.to_owned(), Some(old), Some(new), found),
    }
}

fn collect_members(path: &str, old: Value<'_>, new: Value<'_>, found: &mut Vec<Change>) {
    let (olds, news) = (members(old), members(new));
    for member in old.members() {
        let name = member.name.as_str().unwrap_or_default();
        let is_first = olds.get(name.as_ref()).is_some_and(|first| first.id() == member.value.id());
        let path = member_path(path, &name);
        match news.get(name.as_ref()) {
            Some(new) if is_first => collect(&path, member.value, *new, found),
            Some(_) | None => note(path, Some(member.value), None, found),
        }
    }
    for member in new.members() {
        let name = member.name.as_str().unwrap_or_default();
        let is_first = news.get(name.as_ref()).is_some_and(|first| first.id() == member.value.id());
        if !is_first || !olds.contains_key(name.as_ref()) {
            note(member_path(path, &name), None, Some(member.value), found);
        }
    }
}

/// The first member of each name.
fn members(object: Value<'_>) -> HashMap<String, Value<'_>> {
    let mut members = HashMap::new();
    for member in object.members() {
        members.entry(member.name.as_str().unwrap_or_default().into_owned()).or_insert(member.value);
    }
    members
}

fn note(path: String, old: Option<Value<'_>>, new: Option<Value<'_>>, found: &mut Vec<Change>) {
    if found.len() < CHANGES_MAX {
        found.push(Change { path, old: old.map(on_one_line), new: new.map(on_one_line) });
    }
}

/// Line breaks stand between values only: within a text they are escaped.
fn on_one_line(value: Value<'_>) -> String {
    value.canonical().unwrap_or_else(|_| value.text().replace(['\n', '\r', '\t'], " "))
}

/// Most places that are told of one tool.
const CHANGES_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::changes;

    #[test]
    fn each_place_is_told_with_both_sides() {
        check(r#"{"a":1,"b":[1,2]}"#, r#"{ "b": [1, 2.0], "a": 1.0 }"#, &[]);
        check(
            r#"{"a":{"b c":"x"},"gone":null,"l":[1,2]}"#,
            r#"{"a":{"b c":"y"},"l":[1],"new":{"z":1,"a":2}}"#,
            &[
                ("$.a[\"b c\"]", Some("\"x\""), Some("\"y\"")),
                ("$.gone", Some("null"), None),
                ("$.l[1]", Some("2"), None),
                ("$.new", None, Some(r#"{"a":2,"z":1}"#)),
            ],
        );
        check("[1]", "{}", &[("$", Some("[1]"), Some("{}"))]);
        check(r#"{"a":"x"}"#, "{\"a\":\"x\u{200b}\"}", &[("$.a", Some("\"x\""), Some("\"x\u{200b}\""))]);
        check("{\"\u{200b}\":1}", "{}", &[("$[\"\\u200b\"]", Some("1"), None)]);
    }

    #[test]
    fn a_member_that_stands_twice_is_told() {
        check(r#"{"a":1}"#, r#"{"a":1,"a":2}"#, &[("$.a", None, Some("2"))]);
        check(r#"{"a":1,"a":1}"#, r#"{"a":1}"#, &[("$.a", Some("1"), None)]);
        check("9007199254740993", "9007199254740992", &[("$", Some("9007199254740993"), Some("9007199254740992"))]);
    }

    #[test]
    fn many_places_are_cut() {
        let list = |element: &str| format!("[{}]", vec![element; 500].join(","));
        let (old, new) = (list("1"), list("2"));
        let (old, new) = (json::parse(old.as_bytes()).unwrap(), json::parse(new.as_bytes()).unwrap());
        assert_eq!(changes(old.root(), new.root()).len(), 200);
    }

    fn check(old: &str, new: &str, expected: &[(&str, Option<&str>, Option<&str>)]) {
        let (old, new) = (json::parse(old.as_bytes()).unwrap(), json::parse(new.as_bytes()).unwrap());
        let found = changes(old.root(), new.root());
        let found: Vec<(&str, Option<&str>, Option<&str>)> =
            found.iter().map(|change| (change.path.as_str(), change.old.as_deref(), change.new.as_deref())).collect();
        assert_eq!(found, expected);
    }
}
