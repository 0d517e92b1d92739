//! The caller's headers: nobody's words about anything but the token, and never read twice in two ways.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::json::Value;

/// The headers of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Headers<'d> {
    object: Option<Value<'d>>,
}

/// What came of looking for one header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<T> {
    /// It is not there.
    Nothing,
    /// It is there once, as a string.
    One(T),
    /// It is there in several spellings or as something else than a string: no reading of it is right.
    Ambiguous,
}

impl<'d> Headers<'d> {
    pub(crate) fn new(object: Option<Value<'d>>) -> Headers<'d> {
        Headers { object }
    }

    /// Looks for a header, given in lower case. Case, surrounding white space and `_` for `-` make no other header of it.
    pub fn find(&self, name: &str) -> Found<Cow<'d, str>> {
        let mut found = Found::Nothing;
        for member in self.object.into_iter().flat_map(Value::members) {
            if !member.name.as_str().is_some_and(|spelling| is_spelling_of(&spelling, name)) {
                continue;
            }
            found = match (found, member.value.as_str()) {
                (Found::Nothing, Some(value)) => Found::One(value),
                (Found::Nothing | Found::One(_) | Found::Ambiguous, _) => Found::Ambiguous,
            };
        }
        found
    }

    /// The headers whose name begins so, in lower case: the rest of each name, lower-cased, and its value. `None` stands for a
    /// value that is no string.
    pub fn with_prefix(&self, prefix: &str) -> Vec<(String, Option<Cow<'d, str>>)> {
        let members = self.object.into_iter().flat_map(Value::members);
        members
            .filter_map(|member| {
                let name = normal(&member.name.as_str()?);
                Some((name.strip_prefix(prefix)?.to_owned(), member.value.as_str()))
            })
            .collect()
    }
}

/// A mirrored header's value: trimmed, and decoded from `=?base64?..?=` where it has that form; `None` if that is broken.
pub fn decoded(value: &str) -> Option<String> {
    let value = value.trim_matches([' ', '\t']);
    match value.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?=")) {
        Some(encoded) => String::from_utf8(STANDARD.decode(encoded).ok()?).ok(),
        None => Some(value.to_owned()),
    }
}

fn is_spelling_of(spelling: &str, name: &str) -> bool {
    normal(spelling) == name
}

fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace('_', "-")
}
