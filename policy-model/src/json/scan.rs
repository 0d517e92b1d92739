//! One pass over a JSON text: strict RFC 8259, without recursion. What is found goes to a [`Visitor`].

use memchr::memchr2;

use super::parse::ParseErrorKind;
use super::{DEPTH_MAX, Kind};

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

/// Reads a string, and looks for signs of data in it if it is a value.
#[inline]
fn string<const IS_VALUE: bool>(bytes: &[u8], start: usize) -> Result<Token, Fault> {
    let (mut may_be_data, mut may_have_label, mut is_escaped) = (false, false, false);
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.first_chunk() {
            Some(eight) => {
                let eight = Eight::of(*eight);
                let stops = eight.stops();
                if IS_VALUE {
                    let inside = before_first(stops);
                    may_be_data |= eight.data() & inside != 0;
                    may_have_label |= eight.signs() & inside != 0;
                }
                if stops == 0 {
                    at += 8;
                    if at - start > SHORT_BYTES {
                        let long = rest.get(8..).unwrap_or_default();
                        let end =
                            memchr2(b'"', b'\\', long).ok_or(fault(bytes.len(), ParseErrorKind::UnexpectedEnd))?;
                        let seen = Seen::in_bytes(long.get(..end).unwrap_or_default());
                        if seen.control {
                            return Err(fault(at, ParseErrorKind::ControlCharacter));
                        }
                        may_be_data |= seen.data;
                        may_have_label |= seen.sign;
                        at += end;
                    } else {
                        continue;
                    }
                } else {
                    at += (stops.trailing_zeros() / 8) as usize;
                }
            }
            None => {
                let stop = rest.iter().position(|byte| is_stop(*byte));
                let stop = stop.ok_or(fault(bytes.len(), ParseErrorKind::UnexpectedEnd))?;
                may_be_data |= rest.iter().take(stop).any(|byte| is_data(*byte));
                may_have_label |= rest.iter().take(stop).any(|byte| is_sign(*byte));
                at += stop;
            }
        }
        match bytes.get(at) {
            Some(b'"') => {
                let (start, end) = (start as u32, at as u32 + 1);
                let may_be_data = may_be_data || is_escaped;
                return Ok(Token { kind: Kind::String, is_escaped, may_be_data, may_have_label, start, end });
            }
            Some(b'\\') => {
                is_escaped = true;
                at = escape(bytes, at)?;
            }
            _ => return Err(fault(at, ParseErrorKind::ControlCharacter)),
        }
    }
}

/// An escape: where it ends.
fn escape(bytes: &[u8], at: usize) -> Result<usize, Fault> {
    match bytes.get(at + 1).ok_or(fault(at + 1, ParseErrorKind::UnexpectedEnd))? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(at + 2),
        b'u' => match hex4(bytes, at + 2)? {
            0xD800..=0xDBFF => {
                if bytes.get(at + 6..at + 8) != Some(b"\\u") {
                    return Err(fault(at + 6, ParseErrorKind::LoneSurrogate));
                }
                match hex4(bytes, at + 8)? {
                    0xDC00..=0xDFFF => Ok(at + 12),
                    _ => Err(fault(at + 12, ParseErrorKind::LoneSurrogate)),
                }
            }
            0xDC00..=0xDFFF => Err(fault(at + 6, ParseErrorKind::LoneSurrogate)),
            _ => Ok(at + 6),
        },
        _ => Err(fault(at + 1, ParseErrorKind::InvalidEscape)),
    }
}

fn hex4(bytes: &[u8], at: usize) -> Result<u16, Fault> {
    let digits = bytes.get(at..at + 4).ok_or(fault(at, ParseErrorKind::UnexpectedEnd))?;
    digits.iter().try_fold(0, |unit, digit| {
        let value = char::from(*digit).to_digit(16).ok_or(fault(at, ParseErrorKind::InvalidEscape))?;
        Ok(unit << 4 | value as u16)
    })
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

/// Whether a byte ends a string, begins an escape, or may not stand there.
fn is_stop(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Whether data of another language may begin with a byte.
fn is_data(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'&' | b'%')
}

/// Whether a byte stands between a label and what it is about.
fn is_sign(byte: u8) -> bool {
    matches!(byte, b':'..=b'>')
}

/// What there is among the bytes of a longer string.
struct Seen {
    control: bool,
    data: bool,
    sign: bool,
}

impl Seen {
    fn in_bytes(bytes: &[u8]) -> Seen {
        // Three times without a branch is faster than once with one: many bytes are compared at a time.
        let any = |is: fn(u8) -> bool| bytes.iter().fold(false, |any, byte| any | is(*byte));
        Seen {
            control: any(|byte| byte < 0x20),
            data: any(|byte| (byte | 0x20 == b'{') | (byte == b'&') | (byte == b'%')),
            sign: any(|byte| byte.wrapping_sub(b':') < 5),
        }
    }
}

/// A string that goes on behind so many bytes is long.
const SHORT_BYTES: usize = 16;

/// Eight bytes of a string at once. What is said of a byte is said in its highest bit; the first byte is the lowest. Where a
/// byte is what is looked for, a later one may be taken for it as well, an earlier one never.
#[derive(Clone, Copy)]
struct Eight(u64);

impl Eight {
    fn of(bytes: [u8; 8]) -> Eight {
        Eight(u64::from_le_bytes(bytes))
    }

    fn stops(self) -> u64 {
        self.is(b'"') | self.is(b'\\') | (self.0.wrapping_sub(EACH * 0x20) & !self.0 & HIGHEST)
    }

    fn data(self) -> u64 {
        // The two brackets differ in one bit.
        Eight(self.0 | (EACH * 0x20)).is(b'{') | self.is(b'&') | self.is(b'%')
    }

    fn signs(self) -> u64 {
        let low = self.0 & !HIGHEST;
        let (from, after) = (low + EACH * u64::from(0x80 - b':'), low + EACH * u64::from(0x7f - b'>'));
        from & !after & !self.0 & HIGHEST
    }

    fn is(self, byte: u8) -> u64 {
        let differences = self.0 ^ (EACH * u64::from(byte));
        differences.wrapping_sub(EACH) & !differences & HIGHEST
    }
}

/// All bits below the lowest that is set.
fn before_first(bits: u64) -> u64 {
    !bits & bits.wrapping_sub(1)
}

const EACH: u64 = 0x0101_0101_0101_0101;

const HIGHEST: u64 = EACH << 7;
