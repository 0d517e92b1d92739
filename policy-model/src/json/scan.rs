//! One pass over a JSON text: strict RFC 8259, without recursion. What is found goes to a [`Visitor`].

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
    pub(crate) fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) fn end(self) -> usize {
        self.end as usize
    }
}

/// Reads bytes that are UTF-8.
pub(super) fn scan(bytes: &[u8], depth: usize, visitor: &mut impl Visitor) -> Result<(), (usize, ParseErrorKind)> {
    let mut scanner = Scanner { bytes, at: 0, objects: 0, open: 0, depth: depth.min(DEPTH_MAX), visitor };
    scanner.value_and_what_follows().and_then(|()| scanner.nothing_more()).map_err(|kind| (scanner.at, kind))
}

/// Reads one value at the start of bytes that are UTF-8: how far it came, and whether it found the value's end.
pub(super) fn scan_first(bytes: &[u8], depth: usize, visitor: &mut impl Visitor) -> (usize, bool) {
    let mut scanner = Scanner { bytes, at: 0, objects: 0, open: 0, depth: depth.min(DEPTH_MAX), visitor };
    let is_value = scanner.value_and_what_follows().is_ok();
    (scanner.at, is_value)
}

struct Scanner<'t, 'v, V> {
    bytes: &'t [u8],
    at: usize,
    /// The kinds of the open containers, the innermost lowest: a bit is set for an object.
    objects: u128,
    /// How many are open.
    open: usize,
    /// How many may be.
    depth: usize,
    visitor: &'v mut V,
}

type Step = Result<(), ParseErrorKind>;

impl<V: Visitor> Scanner<'_, '_, V> {
    /// One value, with all that is in it.
    fn value_and_what_follows(&mut self) -> Step {
        loop {
            if self.value()? {
                continue;
            }
            if self.after_value()? {
                return Ok(());
            }
        }
    }

    fn nothing_more(&mut self) -> Step {
        match self.next_byte() {
            None => Ok(()),
            Some(_) => Err(ParseErrorKind::TrailingText),
        }
    }

    /// Reads a value, or opens a container that has something in it and says so.
    fn value(&mut self) -> Result<bool, ParseErrorKind> {
        match self.next_byte().ok_or(ParseErrorKind::UnexpectedEnd)? {
            b'"' => {
                let token = self.string()?;
                self.visitor.scalar(token);
                Ok(false)
            }
            b'{' => {
                self.enter(Kind::Object)?;
                if self.next_byte() == Some(b'}') {
                    self.leave();
                    return Ok(false);
                }
                self.name()?;
                Ok(true)
            }
            b'[' => {
                self.enter(Kind::Array)?;
                if self.next_byte() == Some(b']') {
                    self.leave();
                    return Ok(false);
                }
                Ok(true)
            }
            b'-' | b'0'..=b'9' => self.number().map(|()| false),
            b't' => self.literal(b"true", Kind::Bool).map(|()| false),
            b'f' => self.literal(b"false", Kind::Bool).map(|()| false),
            b'n' => self.literal(b"null", Kind::Null).map(|()| false),
            _ => Err(ParseErrorKind::UnexpectedByte),
        }
    }

    /// Goes on to the next value; true at the end of the outermost one.
    fn after_value(&mut self) -> Result<bool, ParseErrorKind> {
        while self.open > 0 {
            let is_object = self.objects & 1 == 1;
            match (self.next_byte(), is_object) {
                (Some(b','), true) => {
                    self.at += 1;
                    self.next_byte();
                    self.name()?;
                    return Ok(false);
                }
                (Some(b','), false) => {
                    self.at += 1;
                    return Ok(false);
                }
                (Some(b'}'), true) | (Some(b']'), false) => self.leave(),
                (Some(_), _) => return Err(ParseErrorKind::UnexpectedByte),
                (None, _) => return Err(ParseErrorKind::UnexpectedEnd),
            }
        }
        Ok(true)
    }

    fn enter(&mut self, kind: Kind) -> Step {
        if self.open == self.depth {
            return Err(ParseErrorKind::TooDeep);
        }
        self.open += 1;
        self.objects = self.objects << 1 | u128::from(kind == Kind::Object);
        self.visitor.enter(kind, self.at);
        self.at += 1;
        Ok(())
    }

    fn leave(&mut self) {
        self.at += 1;
        self.open -= 1;
        self.objects >>= 1;
        self.visitor.leave(self.at);
    }

    fn name(&mut self) -> Step {
        match self.peek() {
            Some(b'"') => {
                let token = self.string()?;
                self.visitor.name(token);
            }
            Some(_) => return Err(ParseErrorKind::UnexpectedByte),
            None => return Err(ParseErrorKind::UnexpectedEnd),
        }
        match self.next_byte() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(ParseErrorKind::UnexpectedByte),
            None => Err(ParseErrorKind::UnexpectedEnd),
        }
    }

    fn string(&mut self) -> Result<Token, ParseErrorKind> {
        let start = self.at;
        let (mut may_be_data, mut may_have_label, mut is_escaped) = (false, false, false);
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let stop = match rest.first_chunk() {
                Some(eight) => {
                    let eight = Eight::of(*eight);
                    let stops = eight.stops();
                    let inside = before_first(stops);
                    may_be_data |= eight.data() & inside != 0;
                    may_have_label |= eight.signs() & inside != 0;
                    if stops == 0 {
                        self.at += 8;
                        continue;
                    }
                    (stops.trailing_zeros() / 8) as usize
                }
                None => {
                    let stop = rest.iter().position(|byte| is_stop(*byte)).ok_or(ParseErrorKind::UnexpectedEnd)?;
                    may_be_data |= rest.iter().take(stop).any(|byte| is_data(*byte));
                    may_have_label |= rest.iter().take(stop).any(|byte| is_sign(*byte));
                    stop
                }
            };
            self.at += stop;
            match self.peek().ok_or(ParseErrorKind::UnexpectedEnd)? {
                b'"' => {
                    self.at += 1;
                    let may_be_data = may_be_data || is_escaped;
                    let (start, end) = (start as u32, self.at as u32);
                    return Ok(Token { kind: Kind::String, is_escaped, may_be_data, may_have_label, start, end });
                }
                b'\\' => {
                    is_escaped = true;
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
        self.plain(Kind::Number, start);
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
        let start = self.at;
        if !self.bytes.get(start..).unwrap_or_default().starts_with(word) {
            return Err(ParseErrorKind::UnexpectedByte);
        }
        self.at += word.len();
        self.plain(kind, start);
        Ok(())
    }

    fn plain(&mut self, kind: Kind, start: usize) {
        let (start, end) = (start as u32, self.at as u32);
        self.visitor.scalar(Token { kind, is_escaped: false, may_be_data: false, may_have_label: false, start, end });
    }

    /// The next byte that is not white space.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                other => return other,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_is(&self, byte: u8) -> bool {
        self.peek() == Some(byte)
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
        Eight(self.0 | EACH * 0x20).is(b'{') | self.is(b'&') | self.is(b'%')
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
