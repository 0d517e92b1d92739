//! Text to [`Document`]: strict RFC 8259, without recursion.

use std::borrow::Cow;
use std::fmt;

use super::scan::{Token, Visitor, scan, scan_first};
use super::{DEPTH_MAX, Document, Kind, Node, Shape, TEXT_BYTES_MAX};

/// Parses one JSON text. UTF-8 without byte-order mark, no lone surrogates, at most [`DEPTH_MAX`] deep.
///
/// # Errors
/// The first thing that is wrong and its offset.
pub fn parse(bytes: &[u8]) -> Result<Document<'_>, ParseError> {
    if bytes.len() > TEXT_BYTES_MAX {
        return Err(ParseError { offset: TEXT_BYTES_MAX, kind: ParseErrorKind::TooLong });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| ParseError { offset: error.valid_up_to(), kind: ParseErrorKind::InvalidUtf8 })?;
    Ok(Document { text: Cow::Borrowed(text), nodes: index(bytes, DEPTH_MAX)? })
}

/// As [`parse`], for a document that is kept longer than the text would be.
///
/// # Errors
/// As [`parse`].
pub fn parse_owned(text: String) -> Result<Document<'static>, ParseError> {
    parse_within(text, DEPTH_MAX)
}

/// As [`parse_owned`], for what is to stand inside of other JSON: only so deep, and never deeper than [`DEPTH_MAX`].
///
/// # Errors
/// As [`parse`].
pub fn parse_within(text: String, depth: usize) -> Result<Document<'static>, ParseError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(ParseError { offset: TEXT_BYTES_MAX, kind: ParseErrorKind::TooLong });
    }
    let mut nodes = index(text.as_bytes(), depth.min(DEPTH_MAX))?;
    nodes.shrink_to_fit();
    Ok(Document { text: Cow::Owned(text), nodes })
}

/// Reads one JSON text without writing anything down.
///
/// # Errors
/// As [`parse`]; the visitor has then seen a part of it.
pub(crate) fn read(text: &str, visitor: &mut impl Visitor) -> Result<(), ParseError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(ParseError { offset: TEXT_BYTES_MAX, kind: ParseErrorKind::TooLong });
    }
    scan(text.as_bytes(), DEPTH_MAX, visitor).map_err(|(offset, kind)| ParseError { offset, kind })
}

/// Reads the array or object with which a text begins, and gives where it ends and whether it was one.
pub(crate) fn first_value(text: &str, visitor: &mut impl Visitor) -> (usize, bool) {
    scan_first(text.as_bytes(), DEPTH_MAX, visitor)
}

/// The nodes of a text that is UTF-8 and not too long.
fn index(bytes: &[u8], depth: usize) -> Result<Vec<Node>, ParseError> {
    let mut index = Index { nodes: Vec::with_capacity(bytes.len() / 16 + 1), open: Vec::new() };
    match scan(bytes, depth, &mut index) {
        Ok(()) => Ok(index.nodes),
        Err((offset, kind)) => Err(ParseError { offset, kind }),
    }
}

/// Writes down the nodes of a text.
struct Index {
    nodes: Vec<Node>,
    open: Vec<usize>,
}

impl Visitor for Index {
    fn name(&mut self, name: Token) {
        self.push(if name.is_escaped { Shape::EscapedName } else { Shape::Name }, name.start(), name.end());
    }

    fn scalar(&mut self, value: Token) {
        let shape = match value.kind {
            Kind::String if value.is_escaped => Shape::EscapedString,
            Kind::String => Shape::String,
            Kind::Number => Shape::Number,
            Kind::Bool => Shape::Bool,
            Kind::Null | Kind::Array | Kind::Object => Shape::Null,
        };
        self.push(shape, value.start(), value.end());
    }

    fn enter(&mut self, kind: Kind, start: usize) {
        self.open.push(self.nodes.len());
        self.push(if kind == Kind::Object { Shape::Object } else { Shape::Array }, start, start);
    }

    fn leave(&mut self, end: usize) {
        let next = self.nodes.len() as u32;
        if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index)) {
            *node = Node::new(node.shape(), node.start as usize, end, next);
        }
    }
}

impl Index {
    fn push(&mut self, shape: Shape, start: usize, end: usize) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node::new(shape, start, end, next));
    }
}

/// Why a text is not the JSON that [`parse`] takes, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseError {
    /// Byte offset from the start of the text.
    pub offset: usize,
    /// What is wrong there.
    pub kind: ParseErrorKind,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// The text ends inside a value.
    UnexpectedEnd,
    /// A byte that cannot stand here.
    UnexpectedByte,
    /// Something follows the value.
    TrailingText,
    /// An escape that JSON does not have.
    InvalidEscape,
    /// A `\u` escape for half a character.
    LoneSurrogate,
    /// A control character inside a string.
    ControlCharacter,
    /// A number with a leading zero, or without digits where JSON wants some.
    InvalidNumber,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// More than [`DEPTH_MAX`] arrays and objects inside each other.
    TooDeep,
    /// More than [`TEXT_BYTES_MAX`] bytes.
    TooLong,
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ParseErrorKind::UnexpectedEnd => "the text ends inside a value",
            ParseErrorKind::UnexpectedByte => "unexpected character",
            ParseErrorKind::TrailingText => "text after the value",
            ParseErrorKind::InvalidEscape => "invalid escape",
            ParseErrorKind::LoneSurrogate => "lone surrogate in a \\u escape",
            ParseErrorKind::ControlCharacter => "unescaped control character in a string",
            ParseErrorKind::InvalidNumber => "invalid number",
            ParseErrorKind::InvalidUtf8 => "invalid UTF-8",
            ParseErrorKind::TooDeep => "nested deeper than 127 levels",
            ParseErrorKind::TooLong => "longer than 128 MiB",
        };
        write!(out, "{what} at byte {}", self.offset)
    }
}

impl std::error::Error for ParseError {}
