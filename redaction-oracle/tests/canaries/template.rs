//! A JSON text before and after its redactions.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::random::Random;

/// A value that is written twice: as the target sends it, and as it must come back.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// Stays as it is written.
    Kept(String),
    /// JSON that becomes other JSON.
    Swapped(String, String),
    /// All of it becomes this JSON.
    Whole(Box<Node>, &'static str),
    /// As a member or element it goes.
    Gone(String),
    /// Members by their names as JSON.
    Object(Vec<(String, Node)>, &'static str),
    Array(Vec<Node>, &'static str),
    /// A string.
    Text(Vec<Part>),
}

/// What stands in a string.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Kept(String),
    Swapped(String, String),
    Json(Node),
    Base64(Node, bool),
}

/// Which of the two texts is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

impl Node {
    pub(crate) fn write(&self, side: Side) -> String {
        let mut out = String::new();
        self.write_to(side, &mut out);
        out
    }

    fn write_to(&self, side: Side, out: &mut String) {
        match (self, side) {
            (Node::Kept(json) | Node::Gone(json), _) => out.push_str(json),
            (Node::Swapped(before, _), Side::Before) => out.push_str(before),
            (Node::Swapped(_, after), Side::After) => out.push_str(after),
            (Node::Whole(inner, _), Side::Before) => inner.write_to(side, out),
            (Node::Whole(_, after), Side::After) => out.push_str(after),
            (Node::Object(members, space), _) => {
                out.push('{');
                let mut is_first = true;
                for (name, value) in members.iter().filter(|(_, value)| value.is_there(side)) {
                    out.push_str(if is_first { space } else { "," });
                    is_first = false;
                    out.push_str(name);
                    out.push(':');
                    out.push_str(space);
                    value.write_to(side, out);
                }
                out.push('}');
            }
            (Node::Array(items, space), _) => {
                out.push('[');
                let mut is_first = true;
                for item in items.iter().filter(|item| item.is_there(side)) {
                    out.push_str(if is_first { space } else { "," });
                    is_first = false;
                    item.write_to(side, out);
                }
                out.push(']');
            }
            (Node::Text(parts), _) => {
                let before = content(parts, Side::Before);
                match side {
                    Side::Before => out.push_str(&spelt(&before)),
                    Side::After => {
                        let after = content(parts, Side::After);
                        // A string in which something was changed is written anew.
                        out.push_str(&if after == before { spelt(&before) } else { quote(&after) });
                    }
                }
            }
        }
    }

    fn is_there(&self, side: Side) -> bool {
        !(matches!(self, Node::Gone(_)) && side == Side::After)
    }
}

fn content(parts: &[Part], side: Side) -> String {
    let mut out = String::new();
    for part in parts {
        match (part, side) {
            (Part::Kept(text), _) | (Part::Swapped(text, _), Side::Before) | (Part::Swapped(_, text), Side::After) => {
                out.push_str(text);
            }
            (Part::Json(node), _) => node.write_to(side, &mut out),
            (Part::Base64(node, is_url), _) => {
                out.push_str(&base64(node, side, *is_url));
            }
        }
    }
    out
}

/// In the encoding in which the text before is read first.
fn base64(node: &Node, side: Side, is_url: bool) -> String {
    let before = node.write(Side::Before);
    let before = if is_url { URL_SAFE_NO_PAD.encode(before) } else { STANDARD.encode(before) };
    let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
    let engine = engines.into_iter().find(|engine| engine.decode(&before).is_ok()).unwrap();
    match side {
        Side::Before => before,
        Side::After => engine.encode(node.write(Side::After)),
    }
}

/// A string as JSON, with what must be escaped.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            plain => out.push(plain),
        }
    }
    out.push('"');
    out
}

/// The same with some escapes more, always the same ones.
fn spelt(text: &str) -> String {
    let random = &mut Random::new(text.len() as u64);
    if random.chance(70) {
        return quote(text);
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        if letter == '/' {
            out.push_str("\\/");
        } else if letter < ' ' || letter == '"' || letter == '\\' || random.chance(10) {
            letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04X}")));
        } else {
            out.push(letter);
        }
    }
    out.push('"');
    out
}
