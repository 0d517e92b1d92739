//! JSON text as an index over the original bytes.
//!
//! A [`Document`] keeps the text and a flat list of nodes with their spans. Nothing is converted: numbers keep their exact
//! digits, strings their escapes, objects their order and their duplicate members. What a caller sent can therefore be
//! checked and sent on byte for byte, and what a target sent can be edited without touching the rest.

mod canonical;
mod decimal;
mod equal;
mod parse;
mod rewrite;
mod scan;
mod text;

use std::borrow::Cow;
use std::ops::Range;

pub use canonical::{CanonicalFault, NotCanonical};
pub use decimal::{canonical_number, compare_numbers};
pub use parse::{ParseError, ParseErrorKind, parse, parse_owned, parse_within};
pub(crate) use parse::{first_value, read};
pub use rewrite::{Edit, Edits};
pub(crate) use scan::{Token, Visitor};
pub(crate) use text::unescape;
pub use text::{Characters, quote};

/// Deepest nesting of arrays and objects that [`parse()`] follows; also the limit of serde_json, which other programs on the way
/// may use.
pub const DEPTH_MAX: usize = 127;

/// Longest text that [`parse()`] takes, in bytes: a node has 28 bits for its place in the index.
pub const TEXT_BYTES_MAX: usize = 1 << 27;

/// A checked JSON text.
#[derive(Debug, Clone)]
pub struct Document<'t> {
    text: Cow<'t, str>,
    nodes: Vec<Node>,
}

impl Document<'_> {
    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value { document: self, index: 0 }
    }

    /// The text that was parsed, white space around the value included.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn between(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    fn node(&self, index: u32) -> Node {
        self.nodes.get(index as usize).copied().unwrap_or(Node::OUTSIDE)
    }
}

/// One value in a [`Document`].
#[derive(Debug, Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    index: u32,
}

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number of any size and precision.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A value's place in its document: equal for the same value only, and ordered as in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl<'d> Value<'d> {
    /// The type.
    pub fn kind(self) -> Kind {
        self.node().kind()
    }

    /// The place in the document.
    pub fn id(self) -> NodeId {
        NodeId(self.index)
    }

    /// The value exactly as written.
    pub fn text(self) -> &'d str {
        let node = self.node();
        self.document.between(node.start, node.end)
    }

    /// Where it stands in the document's text, in bytes.
    pub fn span(self) -> Range<usize> {
        let node = self.node();
        node.start as usize..node.end as usize
    }

    /// The whole text that it stands in.
    pub fn source(self) -> &'d str {
        &self.document.text
    }

    /// A string's content, unescaped; `None` for other types.
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        let node = self.node();
        match node.kind() {
            Kind::String => {
                let inner = self.document.text.get(node.start as usize + 1..node.end as usize - 1)?;
                Some(if node.is_escaped() { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) })
            }
            Kind::Null | Kind::Bool | Kind::Number | Kind::Array | Kind::Object => None,
        }
    }

    /// Whether this is the string `expected`.
    pub fn is_str(self, expected: &str) -> bool {
        self.as_str().is_some_and(|text| text == expected)
    }

    /// An object's members in order, duplicates included; nothing for other types.
    pub fn members(self) -> Members<'d> {
        let node = self.node();
        match node.kind() {
            Kind::Object => Members { document: self.document, at: self.index + 1, end: node.next() },
            Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Array => {
                Members { document: self.document, at: 0, end: 0 }
            }
        }
    }

    /// An array's elements in order; nothing for other types.
    pub fn elements(self) -> Elements<'d> {
        let node = self.node();
        match node.kind() {
            Kind::Array => Elements { document: self.document, at: self.index + 1, end: node.next() },
            Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Object => {
                Elements { document: self.document, at: 0, end: 0 }
            }
        }
    }

    /// The first member of that name; `None` if there is none or this is not an object.
    pub fn get(self, name: &str) -> Option<Value<'d>> {
        self.members().find(|member| member.name.is_str(name)).map(|member| member.value)
    }

    /// The number of elements or members.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Array => self.elements().count(),
            Kind::Object => self.members().count(),
            Kind::Null | Kind::Bool | Kind::Number | Kind::String => 0,
        }
    }

    /// Whether there are no elements or members.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// This value and all below it, in the order of the text; member names are left out.
    pub fn descendants(self) -> Descendants<'d> {
        Descendants { document: self.document, at: self.index, end: self.node().next() }
    }

    /// Whether another value of the same document is this one or below it.
    pub fn contains(self, other: Value<'_>) -> bool {
        (self.index..self.node().next()).contains(&other.index)
    }

    /// Whether both have the same value: numbers exactly, strings unescaped, members in any order.
    pub fn equals(self, other: Value<'_>) -> bool {
        equal::equal(self, other)
    }

    /// The name of a member that stands twice in one object, here or below.
    pub fn duplicate_name(self) -> Option<Cow<'d, str>> {
        equal::duplicate_name(self)
    }

    /// The name of a member that stands twice in this very object.
    pub fn own_duplicate_name(self) -> Option<Cow<'d, str>> {
        equal::own_duplicate_name(self)
    }

    /// The canonical form (RFC 8785): one text for all spellings of this value, whatever the order of members and the white space.
    ///
    /// # Errors
    /// [`NotCanonical`] if there is none that says exactly this.
    pub fn canonical(self) -> Result<String, NotCanonical<'d>> {
        canonical::canonical(self)
    }

    fn node(self) -> Node {
        self.document.node(self.index)
    }
}

/// A member of an object.
#[derive(Debug, Clone, Copy)]
pub struct Member<'d> {
    /// The name, a string value.
    pub name: Value<'d>,
    /// The value.
    pub value: Value<'d>,
}

/// The members of an object.
#[derive(Debug, Clone)]
pub struct Members<'d> {
    document: &'d Document<'d>,
    at: u32,
    end: u32,
}

impl<'d> Iterator for Members<'d> {
    type Item = Member<'d>;

    fn next(&mut self) -> Option<Member<'d>> {
        if self.at >= self.end {
            return None;
        }
        let name = Value { document: self.document, index: self.at };
        let value = Value { document: self.document, index: self.at + 1 };
        self.at = value.node().next();
        Some(Member { name, value })
    }
}

/// The elements of an array.
#[derive(Debug, Clone)]
pub struct Elements<'d> {
    document: &'d Document<'d>,
    at: u32,
    end: u32,
}

impl<'d> Iterator for Elements<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Value<'d>> {
        if self.at >= self.end {
            return None;
        }
        let value = Value { document: self.document, index: self.at };
        self.at = value.node().next();
        Some(value)
    }
}

/// A value and all below it.
#[derive(Debug, Clone)]
pub struct Descendants<'d> {
    document: &'d Document<'d>,
    at: u32,
    end: u32,
}

impl<'d> Iterator for Descendants<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Value<'d>> {
        while self.at < self.end {
            let value = Value { document: self.document, index: self.at };
            self.at += 1;
            if !value.node().is_name() {
                return Some(value);
            }
        }
        None
    }
}

/// Nodes stand in the order of the text: a container, then all that is in it; a member's name, then its value.
#[derive(Debug, Clone, Copy)]
struct Node {
    start: u32,
    end: u32,
    /// The index after the last node of this subtree, and above it the shape.
    next_and_shape: u32,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Null,
    Bool,
    Number,
    String,
    EscapedString,
    Name,
    EscapedName,
    Array,
    Object,
}

impl Node {
    const OUTSIDE: Node = Node { start: 0, end: 0, next_and_shape: NEXT_MASK };

    fn new(shape: Shape, start: usize, end: usize, next: u32) -> Node {
        Node {
            start: start as u32,
            end: end as u32,
            next_and_shape: next & NEXT_MASK | (shape as u32) << NEXT_MASK.count_ones(),
        }
    }

    fn next(self) -> u32 {
        self.next_and_shape & NEXT_MASK
    }

    fn shape(self) -> Shape {
        match self.next_and_shape >> NEXT_MASK.count_ones() {
            1 => Shape::Bool,
            2 => Shape::Number,
            3 => Shape::String,
            4 => Shape::EscapedString,
            5 => Shape::Name,
            6 => Shape::EscapedName,
            7 => Shape::Array,
            8 => Shape::Object,
            _ => Shape::Null,
        }
    }

    fn kind(self) -> Kind {
        match self.shape() {
            Shape::Null => Kind::Null,
            Shape::Bool => Kind::Bool,
            Shape::Number => Kind::Number,
            Shape::String | Shape::EscapedString | Shape::Name | Shape::EscapedName => Kind::String,
            Shape::Array => Kind::Array,
            Shape::Object => Kind::Object,
        }
    }

    fn is_name(self) -> bool {
        matches!(self.shape(), Shape::Name | Shape::EscapedName)
    }

    fn is_escaped(self) -> bool {
        matches!(self.shape(), Shape::EscapedString | Shape::EscapedName)
    }
}

const NEXT_MASK: u32 = (1 << 28) - 1;
