//! Text to [`Document`]: strict RFC 8259, without recursion.

use std::borrow::Cow;
use std::fmt;

use super::{DEPTH_MAX, Document, Kind, Node, TEXT_BYTES_MAX};

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

/// The nodes of a text that is UTF-8 and not too long.
fn index(bytes: &[u8], depth: usize) -> Result<Vec<Node>, ParseError> {
    let mut parser = Parser { bytes, at: 0, nodes: Vec::with_capacity(bytes.len() / 16 + 1), open: Vec::new(), depth };
    match parser.document() {
        Ok(()) => Ok(parser.nodes),
        Err(kind) => Err(ParseError { offset: parser.at, kind }),
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
            ParseErrorKind::TooLong => "longer than 1 GiB",
        };
        write!(out, "{what} at byte {}", self.offset)
    }
}

impl std::error::Error for ParseError {}

struct Parser<'t> {
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    open: Vec<usize>,
    /// How many may be open.
    depth: usize,
}

type Step = Result<(), ParseErrorKind>;

impl Parser<'_> {
    fn document(&mut self) -> Step {
        loop {
            if self.value()? {
                continue;
            }
            if self.after_value()? {
                return Ok(());
            }
        }
    }

    /// Reads a value, or opens a container that has something in it and says so.
    fn value(&mut self) -> Result<bool, ParseErrorKind> {
        self.white_space();
        match self.peek().ok_or(ParseErrorKind::UnexpectedEnd)? {
            b'{' => {
                self.enter(Kind::Object)?;
                if self.peek_is(b'}') {
                    self.leave();
                    return Ok(false);
                }
                self.name()?;
                Ok(true)
            }
            b'[' => {
                self.enter(Kind::Array)?;
                if self.peek_is(b']') {
                    self.leave();
                    return Ok(false);
                }
                Ok(true)
            }
            b'"' => self.string().map(|()| false),
            b'-' | b'0'..=b'9' => self.number().map(|()| false),
            b't' => self.literal(b"true", Kind::Bool).map(|()| false),
            b'f' => self.literal(b"false", Kind::Bool).map(|()| false),
            b'n' => self.literal(b"null", Kind::Null).map(|()| false),
            _ => Err(ParseErrorKind::UnexpectedByte),
        }
    }

    /// Goes on to the next value; true at the end of the text.
    fn after_value(&mut self) -> Result<bool, ParseErrorKind> {
        loop {
            self.white_space();
            let container = self.open.last().and_then(|index| self.nodes.get(*index)).map(|node| node.kind);
            match (container, self.peek()) {
                (None, None) => return Ok(true),
                (None, Some(_)) => return Err(ParseErrorKind::TrailingText),
                (Some(_), None) => return Err(ParseErrorKind::UnexpectedEnd),
                (Some(Kind::Object), Some(b',')) => {
                    self.at += 1;
                    self.white_space();
                    self.name()?;
                    return Ok(false);
                }
                (Some(Kind::Array), Some(b',')) => {
                    self.at += 1;
                    return Ok(false);
                }
                (Some(Kind::Object), Some(b'}')) | (Some(Kind::Array), Some(b']')) => self.leave(),
                (Some(_), Some(_)) => return Err(ParseErrorKind::UnexpectedByte),
            }
        }
    }

    fn enter(&mut self, kind: Kind) -> Step {
        if self.open.len() == self.depth {
            return Err(ParseErrorKind::TooDeep);
        }
        self.open.push(self.nodes.len());
        self.push(kind, false, self.at, self.at);
        self.at += 1;
        self.white_space();
        Ok(())
    }

    fn leave(&mut self) {
        self.at += 1;
        let next = self.nodes.len() as u32;
        if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index)) {
            node.end = self.at as u32;
            node.next = next;
        }
    }

    fn name(&mut self) -> Step {
        match self.peek() {
            Some(b'"') => self.string()?,
            Some(_) => return Err(ParseErrorKind::UnexpectedByte),
            None => return Err(ParseErrorKind::UnexpectedEnd),
        }
        if let Some(name) = self.nodes.last_mut() {
            name.is_name = true;
        }
        self.white_space();
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(ParseErrorKind::UnexpectedByte),
            None => Err(ParseErrorKind::UnexpectedEnd),
        }
    }

    fn string(&mut self) -> Step {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|byte| !is_plain(*byte));
            self.at += plain.ok_or(ParseErrorKind::UnexpectedEnd)?;
            match self.peek().ok_or(ParseErrorKind::UnexpectedEnd)? {
                b'"' => {
                    self.at += 1;
                    self.push(Kind::String, escaped, start, self.at);
                    return Ok(());
                }
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(ParseErrorKind::ControlCharacter),
            }
        }
    }

    fn escape(&mut self) -> Step {
        self.at += 1;
        match self.peek().ok_or(ParseErrorKind::UnexpectedEnd)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 1;
                Ok(())
            }
            b'u' => {
                self.at += 1;
                match self.hex4()? {
                    0xD800..=0xDBFF => {
                        if self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
                            return Err(ParseErrorKind::LoneSurrogate);
                        }
                        self.at += 2;
                        match self.hex4()? {
                            0xDC00..=0xDFFF => Ok(()),
                            _ => Err(ParseErrorKind::LoneSurrogate),
                        }
                    }
                    0xDC00..=0xDFFF => Err(ParseErrorKind::LoneSurrogate),
                    _ => Ok(()),
                }
            }
            _ => Err(ParseErrorKind::InvalidEscape),
        }
    }

    fn hex4(&mut self) -> Result<u16, ParseErrorKind> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or(ParseErrorKind::UnexpectedEnd)?;
        let mut unit = 0_u16;
        for digit in digits {
            let value = char::from(*digit).to_digit(16).ok_or(ParseErrorKind::InvalidEscape)?;
            unit = unit << 4 | value as u16;
        }
        self.at += 4;
        Ok(unit)
    }

    fn number(&mut self) -> Step {
        let start = self.at;
        if self.peek_is(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            Some(_) => return Err(ParseErrorKind::InvalidNumber),
            None => return Err(ParseErrorKind::UnexpectedEnd),
        }
        if self.peek_is(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if self.peek_is(b'e') || self.peek_is(b'E') {
            self.at += 1;
            if self.peek_is(b'+') || self.peek_is(b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(ParseErrorKind::InvalidNumber);
        }
        self.push(Kind::Number, false, start, self.at);
        Ok(())
    }

    fn digits(&mut self) -> Step {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len()) {
            0 => Err(if rest.is_empty() { ParseErrorKind::UnexpectedEnd } else { ParseErrorKind::InvalidNumber }),
            count => {
                self.at += count;
                Ok(())
            }
        }
    }

    fn literal(&mut self, word: &[u8], kind: Kind) -> Step {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(ParseErrorKind::UnexpectedByte);
        }
        self.push(kind, false, self.at, self.at + word.len());
        self.at += word.len();
        Ok(())
    }

    fn push(&mut self, kind: Kind, escaped: bool, start: usize, end: usize) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, escaped, is_name: false, start: start as u32, end: end as u32, next });
    }

    fn white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_is(&self, byte: u8) -> bool {
        self.peek() == Some(byte)
    }
}

/// Whether a byte stands for itself inside a string.
fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}
