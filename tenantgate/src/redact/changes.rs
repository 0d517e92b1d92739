//! What a redaction has changed in a value, also inside the texts in it.

use std::ops::Range;

use policy_model::json::{Kind, Value, quote};
use policy_model::redaction::MASK;

use super::alignment::align;
use super::change::{Change, Old, Part};
use super::nested::{Nested, segments};
use super::words::{self, Hunk};
use crate::value_path::{element_path, member_path};

/// The places at which a value was changed. `root` is how the path begins.
pub(crate) fn changes(root: &str, old: Value<'_>, new: Option<Value<'_>>) -> Vec<Change> {
    let mut found = Changes { path: vec![root.to_owned()], list: Vec::new() };
    match new {
        Some(new) => found.compare(old, new),
        None => found.note(old, None),
    }
    found.list
}

struct Changes {
    path: Vec<String>,
    list: Vec<Change>,
}

impl Changes {
    fn compare(&mut self, old: Value<'_>, new: Value<'_>) {
        if old.text() == new.text() {
            return;
        }
        match (old.kind(), new.kind()) {
            (Kind::Object, Kind::Object) => {
                let olds: Vec<_> = old.members().map(|member| (member.name.as_str(), member.value)).collect();
                let news: Vec<_> = new.members().map(|member| (member.name.as_str(), member.value)).collect();
                match align(&olds, &news) {
                    Some(pairs) => {
                        for ((name, old), new) in olds.iter().zip(pairs) {
                            self.below(member_path("", name.as_deref().unwrap_or_default()), *old, new);
                        }
                    }
                    None => self.note(old, Some(new)),
                }
            }
            (Kind::Array, Kind::Array) => {
                let olds: Vec<_> = old.elements().map(|element| (None, element)).collect();
                let news: Vec<_> = new.elements().map(|element| (None, element)).collect();
                match align(&olds, &news) {
                    Some(pairs) => {
                        for (number, ((_, old), new)) in olds.iter().zip(pairs).enumerate() {
                            self.below(element_path("", number), *old, new);
                        }
                    }
                    None => self.note(old, Some(new)),
                }
            }
            (Kind::String, Kind::String) => {
                let (before, after) = (old.as_str().unwrap_or_default(), new.as_str().unwrap_or_default());
                self.compare_texts(&before, &after);
            }
            (_, _) => self.note(old, Some(new)),
        }
    }

    fn below(&mut self, step: String, old: Value<'_>, new: Option<Value<'_>>) {
        self.path.push(step);
        match new {
            Some(new) => self.compare(old, new),
            None => self.note(old, None),
        }
        self.path.pop();
    }

    fn compare_texts(&mut self, old: &str, new: &str) {
        if new == MASK {
            return self.note_text(old, new);
        }
        if let (Some(before), Some(after)) = (Nested::parse(old), Nested::parse(new))
            && before.encoding == after.encoding
        {
            return self.below(
                format!(" > {} > $", before.encoding.word()),
                before.document.root(),
                Some(after.document.root()),
            );
        }
        let (before, after) = (segments(old), segments(new));
        if before.len() != after.len() || before.len() < 2 {
            return self.compare_words(old, 0..old.len(), new);
        }
        for (before, after) in before.iter().zip(&after) {
            match (&before.document, &after.document) {
                (Some(inner), Some(other)) => {
                    let kind = if before.is_fenced { "code block" } else { "JSON" };
                    let line = line_of(old, before.range.start).map(|line| format!(" in line {line}"));
                    let step = format!(" > {kind}{} > $", line.unwrap_or_default());
                    self.below(step, inner.root(), Some(other.root()));
                }
                (_, _) => {
                    let new = new.get(after.range.clone()).unwrap_or_default();
                    self.compare_words(old, before.range.clone(), new);
                }
            }
        }
    }

    /// Compares a part of a text with what has become of it.
    fn compare_words(&mut self, whole: &str, part: Range<usize>, new: &str) {
        let old = whole.get(part.clone()).unwrap_or_default();
        for Hunk { old: range, new: text } in words::hunks(old, new) {
            let range = part.start + range.start..part.start + range.end;
            let before = quote(whole.get(range.clone()).unwrap_or_default());
            let part = (range != (0..whole.len())).then(|| Part {
                line: line_of(whole, range.start),
                around: words::around(whole, &range),
                range,
            });
            self.push(part, before, Some(quote(text)), Old::Value);
        }
    }

    fn note_text(&mut self, old: &str, new: &str) {
        let begins = |line: &str| ["data:", "event:"].iter().any(|field| line.trim_start().starts_with(field));
        let kind = if old.lines().any(begins) { Old::Stream } else { Old::Value };
        self.push(None, quote(old), Some(quote(new)), kind);
    }

    fn note(&mut self, old: Value<'_>, new: Option<Value<'_>>) {
        let is_item = old.kind() == Kind::Object && new.is_some_and(|new| new.kind() == Kind::Object);
        let kind = if is_item { Old::Item } else { Old::Value };
        self.push(None, on_one_line(old), new.map(on_one_line), kind);
    }

    fn push(&mut self, part: Option<Part>, before: String, after: Option<String>, old: Old) {
        self.list.push(Change { path: self.path.clone(), part, before, after, old });
    }
}

/// Line breaks stand between values only: within a text they are escaped.
fn on_one_line(value: Value<'_>) -> String {
    value.text().replace(['\n', '\r', '\t'], " ")
}

/// The line of a place, in a text that has several.
fn line_of(text: &str, at: usize) -> Option<usize> {
    let is_long = text.trim_end().contains('\n');
    is_long.then(|| text.get(..at).unwrap_or_default().matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::changes;

    #[test]
    fn each_changed_place_is_told() {
        check(r#"{"a":{"b":1},"c":"x"}"#, r#"{"a":{"b":"****"},"c":"x"}"#, &[("$.a.b", "1", Some("\"****\""))]);
        check(r#"{"a":1,"b c":2}"#, r#"{"a":1}"#, &[("$[\"b c\"]", "2", None)]);
        check("[1,2,3]", "[1,3]", &[("$[1]", "2", None)]);
        check(
            r#"[{"id":1,"s":"a"},{"id":2,"s":"b"}]"#,
            r#"[{"id":2,"s":"****"}]"#,
            &[("$[0]", r#"{"id":1,"s":"a"}"#, None), ("$[1].s", "\"b\"", Some("\"****\""))],
        );
        check(r#"{"a":1,"a":2}"#, r#"{"a":2}"#, &[("$.a", "1", None)]);
    }

    #[test]
    fn texts_are_looked_into() {
        check(
            r#"{"t":"{\"a\":{\"b\":\"x\"}}"}"#,
            r#"{"t":"{\"a\":{\"b\":\"****\"}}"}"#,
            &[("$.t > JSON > $.a.b", "\"x\"", Some("\"****\""))],
        );
        // base64 of {"a":"secret"} and {"a":"****"}
        check(
            r#"["eyJhIjoic2VjcmV0In0="]"#,
            r#"["eyJhIjoiKioqKiJ9"]"#,
            &[("$[0] > base64 > $.a", "\"secret\"", Some("\"****\""))],
        );
        check(
            "[\"See\\n```json\\n{\\\"a\\\":1}\\n``` or {\\\"a\\\":2} for me@x.org\"]",
            "[\"See\\n```json\\n{\\\"a\\\":0}\\n``` or {\\\"a\\\":0} for ****\"]",
            &[
                ("$[0] > code block in line 3 > $.a", "1", Some("0")),
                ("$[0] > JSON in line 4 > $.a", "2", Some("0")),
                ("$[0] > line 4", "\"me@x.org\"", Some("\"****\"")),
            ],
        );
        check(
            r#"["a@b.c and d@e.f"]"#,
            r#"["**** and ****"]"#,
            &[("$[0]", "\"a@b.c\"", Some("\"****\"")), ("$[0]", "\"d@e.f\"", Some("\"****\""))],
        );
        check(r#"["many words"]"#, r#"["****"]"#, &[("$[0]", "\"many words\"", Some("\"****\""))]);
    }

    #[test]
    fn an_item_of_another_type_has_changed_as_a_whole() {
        let old = json::parse(br#"[{"type":"image","data":"AAAA"}]"#).unwrap();
        let new = json::parse(br#"[{"type":"text","text":"****"}]"#).unwrap();
        let found = changes("$", old.root(), Some(new.root()));
        assert_eq!((found.len(), found[0].place().as_str(), found[0].is_opaque()), (1, "$[0]", true));
    }

    fn check(old: &str, new: &str, expected: &[(&str, &str, Option<&str>)]) {
        let (old, new) = (json::parse(old.as_bytes()).unwrap(), json::parse(new.as_bytes()).unwrap());
        let found = changes("$", old.root(), Some(new.root()));
        let found: Vec<_> = found.iter().map(|own| (own.place(), own.before.as_str(), own.after.as_deref())).collect();
        let found: Vec<_> = found.iter().map(|(place, before, after)| (place.as_str(), *before, *after)).collect();
        assert_eq!(found, expected);
    }
}
