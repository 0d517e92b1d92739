//! JSON that is written, with short things on one line.

use std::fmt::Write;

use crate::json::quote;

/// A JSON value to be written.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    Object(Vec<(String, Tree)>),
    List(Vec<Tree>),
    Text(String),
    Number(usize),
    Bool(bool),
}

impl Tree {
    pub(super) fn object<const N: usize>(members: [(&str, Tree); N]) -> Tree {
        Tree::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    pub(super) fn text(text: impl Into<String>) -> Tree {
        Tree::Text(text.into())
    }

    pub(super) fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Tree {
        Tree::List(texts.into_iter().map(Tree::text).collect())
    }

    /// This object with one more member; anything else as it is.
    pub(super) fn with(self, name: &str, value: Tree) -> Tree {
        match self {
            Tree::Object(mut members) => {
                members.push((name.to_owned(), value));
                Tree::Object(members)
            }
            Tree::List(_) | Tree::Text(_) | Tree::Number(_) | Tree::Bool(_) => self,
        }
    }

    /// The text, indented by two spaces a level and ended with a line break.
    pub(super) fn write(&self) -> String {
        let mut out = String::new();
        self.write_at(&mut out, 0);
        out.push('\n');
        out
    }

    fn write_at(&self, out: &mut String, depth: usize) {
        let line = self.line();
        let (open, close) = match self {
            Tree::Object(_) => ('{', '}'),
            Tree::List(_) => ('[', ']'),
            Tree::Text(_) | Tree::Number(_) | Tree::Bool(_) => {
                out.push_str(&line);
                return;
            }
        };
        if line.len() + 2 * depth <= LINE_BYTES_MAX && depth > 0 {
            out.push_str(&line);
            return;
        }
        out.push(open);
        let indent = "  ".repeat(depth + 1);
        let mut separator = "\n";
        match self {
            Tree::Object(members) => {
                for (name, value) in members {
                    out.extend([separator, &indent, &quote(name), ": "]);
                    value.write_at(out, depth + 1);
                    separator = ",\n";
                }
            }
            Tree::List(elements) => {
                for element in elements {
                    out.extend([separator, &indent]);
                    element.write_at(out, depth + 1);
                    separator = ",\n";
                }
            }
            Tree::Text(_) | Tree::Number(_) | Tree::Bool(_) => {}
        }
        out.extend(["\n", &"  ".repeat(depth)]);
        out.push(close);
    }

    fn line(&self) -> String {
        let mut out = String::new();
        match self {
            Tree::Object(members) if members.is_empty() => out.push_str("{}"),
            Tree::Object(members) => {
                let members: Vec<String> =
                    members.iter().map(|(name, value)| format!("{}: {}", quote(name), value.line())).collect();
                out.extend(["{ ", &members.join(", "), " }"]);
            }
            Tree::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Tree::line).collect();
                out.extend(["[", &elements.join(", "), "]"]);
            }
            Tree::Text(text) => out.push_str(&quote(text)),
            // Writing to a string cannot fail.
            Tree::Number(number) => drop(write!(out, "{number}")),
            Tree::Bool(value) => drop(write!(out, "{value}")),
        }
        out
    }
}

const LINE_BYTES_MAX: usize = 120;
