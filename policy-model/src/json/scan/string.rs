//! Strings: where they end, and whether there are signs of data in them.

use memchr::memchr2;

use super::eight::{Eight, before_first};
use super::{Fault, Token, fault};
use crate::json::Kind;
use crate::json::parse::ParseErrorKind;

/// Reads a string, and looks for signs of data in it if it is a value.
#[inline(always)]
pub(super) fn string<const IS_VALUE: bool>(bytes: &[u8], start: usize) -> Result<Token, Fault> {
    // Most names end within eight bytes, many values within sixteen.
    let rest = bytes.get(start + 1..).unwrap_or_default();
    let end = |length: usize| {
        let at = start + 1 + length;
        (bytes.get(at) == Some(&b'"')).then_some(at as u32 + 1)
    };
    if IS_VALUE {
        if let Some([a, b, c, d, e, f, g, h, rest @ ..]) = rest.first_chunk::<16>() {
            let (first, second) = (Eight::of([*a, *b, *c, *d, *e, *f, *g, *h]), Eight::of(*rest));
            let stops = u128::from(first.stops()) | u128::from(second.stops()) << 64;
            if stops != 0
                && let Some(end) = end((stops.trailing_zeros() / 8) as usize)
            {
                let both = |first: u64, second: u64| u128::from(first) | u128::from(second) << 64;
                let inside = !stops & stops.wrapping_sub(1);
                return Ok(Token {
                    kind: Kind::String,
                    is_escaped: false,
                    may_be_data: both(first.data(), second.data()) & inside != 0,
                    may_have_label: both(first.signs(), second.signs()) & inside != 0,
                    start: start as u32,
                    end,
                });
            }
        }
    } else if let Some(eight) = rest.first_chunk() {
        let stops = Eight::of(*eight).stops();
        if stops != 0
            && let Some(end) = end((stops.trailing_zeros() / 8) as usize)
        {
            return Ok(Token { end, ..Token::plain(Kind::String, start, start) });
        }
    }
    longer::<IS_VALUE>(bytes, start)
}

#[inline(never)]
fn longer<const IS_VALUE: bool>(bytes: &[u8], start: usize) -> Result<Token, Fault> {
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
