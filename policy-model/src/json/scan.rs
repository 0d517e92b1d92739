//! One pass over a JSON text: strict RFC 8259, without recursion. What is found goes to a [`Visitor`].

mod eight;
mod string;

use super::parse::ParseErrorKind;
use super::{DEPTH_MAX, Kind};
use string::string;

/// Takes what stands in a text, in its order. Of a text that turns out to be no JSON it has then seen a part.
pub(crate) trait Visitor {
    /// The name of a member; its value comes next.
    fn name(&mut self, name: Token);
    /// A value that has nothing in it.
    fn scalar(&mut self, value: Token);
    /// An array or object begins.
    fn enter(&mut self, kind: Kind, start: usize);
    /// It ends; the closing bracket is before `end`.
    fn leave(&mut self, end: usize);
}

/// A scalar or name and where it stands, quotes included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Of a string: whether something in it is escaped.
    pub(crate) is_escaped: bool,
    /// Of a string: whether a byte of it is one of those without which no other language's data is written.
    pub(crate) may_be_data: bool,
    /// Of a string: whether one of `: ; < = >` is in it, which stand between a label and what it is about.
    pub(crate) may_have_label: bool,
    start: u32,
    end: u32,
}

impl Token {
    fn plain(kind: Kind, start: usize, end: usize) -> Token {
        let (start, end) = (start as u32, end as u32);
        Token { kind, is_escaped: false, may_be_data: false, may_have_label: false, start, end }
    }

    pub(crate) fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) fn end(self) -> usize {
        self.end as usize
    }
}

/// Reads bytes that are UTF-8.
pub(super) fn scan(bytes: &[u8], depth: usize, visitor: &mut impl Visitor) -> Result<(), (usize, ParseErrorKind)> {
    let end = value(bytes, depth.min(DEPTH_MAX), visitor).map_err(|fault| (fault.at as usize, fault.kind))?;
    match skip_white_space(bytes, end) {
        (_, None) => Ok(()),
        (at, Some(_)) => Err((at, ParseErrorKind::TrailingText)),
    }
}

/// Reads one value at the start of bytes that are UTF-8: how far it came, and whether it found the value's end.
pub(super) fn scan_first(bytes: &[u8], depth: usize, visitor: &mut impl Visitor) -> (usize, bool) {
    match value(bytes, depth.min(DEPTH_MAX), visitor) {
        Ok(end) => (end, true),
        Err(fault) => (fault.at as usize, false),
    }
}

/// What is wrong, and where.
struct Fault {
    at: u32,
    kind: ParseErrorKind,
}

fn fault(at: usize, kind: ParseErrorKind) -> Fault {
    Fault { at: at as u32, kind }
}

/// One value, with all that is in it: where it ends.
fn value(bytes: &[u8], depth: usize, visitor: &mut impl Visitor) -> Result<usize, Fault> {
    // The kinds of the open containers, the innermost lowest: a bit is set for an object.
    let mut objects = 0_u128;
    let mut open = 0;
    let mut at = 0;
    loop {
        let (start, first) = skip_white_space(bytes, at);
        at = start;
        match first {
            Some(b'"') => {
                let token = string::<true>(bytes, at)?;
                visitor.scalar(token);
                at = token.end();
            }
            Some(bracket @ (b'{' | b'[')) => {
                if open == depth {
                    return Err(fault(at, ParseErrorKind::TooDeep));
                }
                let is_object = bracket == b'{';
                open += 1;
                objects = objects << 1 | u128::from(is_object);
                visitor.enter(if is_object { Kind::Object } else { Kind::Array }, at);
                let (inside, next) = skip_white_space(bytes, at + 1);
                at = inside;
                match (is_object, next) {
                    (true, Some(b'}')) | (false, Some(b']')) => {
                        at += 1;
                        open -= 1;
                        objects >>= 1;
                        visitor.leave(at);
                    }
                    (true, _) => {
                        at = name(bytes, at, visitor)?;
                        continue;
                    }
                    (false, _) => continue,
                }
            }
            Some(b'-' | b'0'..=b'9') => at = number(bytes, at, visitor)?,
            Some(b't') => at = literal(bytes, at, b"true", Kind::Bool, visitor)?,
            Some(b'f') => at = literal(bytes, at, b"false", Kind::Bool, visitor)?,
            Some(b'n') => at = literal(bytes, at, b"null", Kind::Null, visitor)?,
            Some(_) => return Err(fault(at, ParseErrorKind::UnexpectedByte)),
            None => return Err(fault(at, ParseErrorKind::UnexpectedEnd)),
        }
        // After a value: on to the next one.
        loop {
            if open == 0 {
                return Ok(at);
            }
            let (after, next) = skip_white_space(bytes, at);
            at = after;
            match (next, objects & 1 == 1) {
                (Some(b','), true) => {
                    at = name(bytes, skip_white_space(bytes, at + 1).0, visitor)?;
                    break;
                }
                (Some(b','), false) => {
                    at += 1;
                    break;
                }
                (Some(b'}'), true) | (Some(b']'), false) => {
                    at += 1;
                    open -= 1;
                    objects >>= 1;
                    visitor.leave(at);
                }
                (Some(_), _) => return Err(fault(at, ParseErrorKind::UnexpectedByte)),
                (None, _) => return Err(fault(at, ParseErrorKind::UnexpectedEnd)),
            }
        }
    }
}

/// A member's name and the colon behind it: where that ends.
#[inline]
fn name(bytes: &[u8], at: usize, visitor: &mut impl Visitor) -> Result<usize, Fault> {
    match bytes.get(at) {
        Some(b'"') => {}
        Some(_) => return Err(fault(at, ParseErrorKind::UnexpectedByte)),
        None => return Err(fault(at, ParseErrorKind::UnexpectedEnd)),
    }
    let token = string::<false>(bytes, at)?;
    visitor.name(token);
    match skip_white_space(bytes, token.end()) {
        (colon, Some(b':')) => Ok(colon + 1),
        (at, Some(_)) => Err(fault(at, ParseErrorKind::UnexpectedByte)),
        (at, None) => Err(fault(at, ParseErrorKind::UnexpectedEnd)),
    }
}

/// A number: where it ends.
fn number(bytes: &[u8], start: usize, visitor: &mut impl Visitor) -> Result<usize, Fault> {
    let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
    at = match bytes.get(at) {
        Some(b'0') => at + 1,
        Some(b'1'..=b'9') => digits(bytes, at)?,
        Some(_) => return Err(fault(at, ParseErrorKind::InvalidNumber)),
        None => return Err(fault(at, ParseErrorKind::UnexpectedEnd)),
    };
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        at = digits(bytes, at)?;
    }
    if bytes.get(at).is_some_and(u8::is_ascii_digit) {
        return Err(fault(at, ParseErrorKind::InvalidNumber));
    }
    visitor.scalar(Token::plain(Kind::Number, start, at));
    Ok(at)
}

/// One digit or more: where they end.
fn digits(bytes: &[u8], start: usize) -> Result<usize, Fault> {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len()) {
        0 if rest.is_empty() => Err(fault(start, ParseErrorKind::UnexpectedEnd)),
        0 => Err(fault(start, ParseErrorKind::InvalidNumber)),
        count => Ok(start + count),
    }
}

fn literal(bytes: &[u8], start: usize, word: &[u8], kind: Kind, visitor: &mut impl Visitor) -> Result<usize, Fault> {
    if !bytes.get(start..).unwrap_or_default().starts_with(word) {
        return Err(fault(start, ParseErrorKind::UnexpectedByte));
    }
    let end = start + word.len();
    visitor.scalar(Token::plain(kind, start, end));
    Ok(end)
}

/// The next byte that is not white space, and where it is.
#[inline]
fn skip_white_space(bytes: &[u8], start: usize) -> (usize, Option<u8>) {
    let mut at = start;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
            other => return (at, other.copied()),
        }
    }
}
