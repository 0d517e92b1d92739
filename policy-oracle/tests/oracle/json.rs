//! JSON values whose numbers are what was written.

use std::fmt::{self, Write as _};

/// A JSON value; numbers of any size, in their own spelling.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    pub(crate) fn texts<T: AsRef<str>>(texts: &[T]) -> Json {
        Json::List(texts.iter().map(|text| Json::text(text.as_ref())).collect())
    }

    pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
        Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The content of a string.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_) => None,
        }
    }

    /// A string, number, boolean or null.
    pub(crate) fn is_scalar(&self) -> bool {
        match self {
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => true,
            Json::List(_) | Json::Object(_) => false,
        }
    }

    /// What stands directly below, with its name or its place from the start.
    pub(crate) fn children(&self) -> Vec<(Key<'_>, &Json)> {
        match self {
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => Vec::new(),
            Json::List(items) => {
                items.iter().enumerate().map(|(nth, item)| (Key::Nth(nth, items.len()), item)).collect()
            }
            Json::Object(members) => members.iter().map(|(name, value)| (Key::Name(name), value)).collect(),
        }
    }

    /// Calls `visit` with each number in it.
    pub(crate) fn each_number<'j>(&'j self, visit: &mut dyn FnMut(&'j str)) {
        if let Json::Number(literal) = self {
            visit(literal);
        }
        for (_, child) in self.children() {
            child.each_number(visit);
        }
    }
}

/// How a value hangs in its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'j> {
    Name(&'j str),
    /// The place, and how many there are.
    Nth(usize, usize),
}

impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => out.write_str("null"),
            Json::Bool(value) => write!(out, "{value}"),
            Json::Number(literal) => out.write_str(literal),
            Json::Text(text) => quote(text, out),
            Json::List(items) => {
                out.write_char('[')?;
                for (nth, item) in items.iter().enumerate() {
                    write!(out, "{}{item}", if nth == 0 { "" } else { "," })?;
                }
                out.write_char(']')
            }
            Json::Object(members) => {
                out.write_char('{')?;
                for (nth, (name, value)) in members.iter().enumerate() {
                    out.write_str(if nth == 0 { "" } else { "," })?;
                    quote(name, out)?;
                    write!(out, ":{value}")?;
                }
                out.write_char('}')
            }
        }
    }
}

/// Some letters are written as escapes, so that texts are compared by what they mean.
fn quote(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    out.write_char('"')?;
    for (nth, letter) in text.chars().enumerate() {
        let is_escaped = letter < ' ' || letter == '"' || letter == '\\' || (letter == 'b' && nth % 2 == 1);
        if is_escaped { write!(out, "\\u{:04x}", u32::from(letter))? } else { out.write_char(letter)? }
    }
    out.write_char('"')
}
