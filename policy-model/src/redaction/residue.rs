//! Proof after the fact: what was taken out of a result stands nowhere else in it, plain or encoded.

mod decoding;
mod filter;
mod protocol;
mod values;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use super::EMBEDDED_DEPTH_MAX;
use super::taken_out::TakenOut;
use crate::json::{canonical_number, unescape};
use memchr::memchr;

use decoding::Encoding;
use filter::{Filter, HEAD_BYTES};
use protocol::is_of_protocol;
use values::Values;

/// Looks for what was taken out.
pub(super) struct Residue<'t> {
    filter: Filter,
    values: Values<'t>,
    numbers: HashSet<&'t str>,
    /// What is read at a place.
    read: RefCell<Vec<u8>>,
    /// What may still be compared, in bytes.
    work: Cell<usize>,
}

impl<'t> Residue<'t> {
    /// Nothing if there is nothing to look for.
    pub(super) fn new(taken_out: &'t TakenOut) -> Option<Residue<'t>> {
        (!taken_out.is_empty()).then(|| Residue::of(taken_out))
    }

    /// The same also where there is nothing to look for: then a text is all that can be found which goes on and on.
    pub(super) fn of(taken_out: &'t TakenOut) -> Residue<'t> {
        Residue {
            filter: Filter::of(taken_out),
            values: Values::of(taken_out),
            numbers: taken_out.numbers(),
            read: RefCell::default(),
            work: Cell::new(RESIDUE_WORK_MAX),
        }
    }

    /// Whether the search took longer than it may: then it has found something, whatever it is.
    pub(super) fn is_exhausted(&self) -> bool {
        self.work.get() == 0
    }

    /// Takes note of work; true if it was too much.
    fn spend(&self, bytes: usize) -> bool {
        self.work.set(self.work.get().saturating_sub(bytes));
        self.is_exhausted()
    }

    /// Whether something of it is in a JSON text: anywhere in it as it is written, in the content of its strings, or in what
    /// that content encodes.
    pub(super) fn is_in(&self, json: &str) -> bool {
        self.stands_in(json, Layer::Json) || self.has_number(json) || self.is_in_strings(json)
    }

    /// Strings that have an escape are looked at once more as what they say.
    fn is_in_strings(&self, json: &str) -> bool {
        let mut rest = json;
        while let Some(escape) = memchr(b'\\', rest.as_bytes()) {
            let (before, after) = rest.split_at_checked(escape).unwrap_or_default();
            // Nothing before it is escaped, so that the quotation mark is the string's.
            let start = before.rfind('"').map_or(0, |quote| quote + 1);
            let head = before.get(start..).unwrap_or_default();
            let end = string_end(after);
            let (tail, next) = after.split_at_checked(end).unwrap_or((after, ""));
            let content = unescape(&format!("{head}{tail}"));
            if self.is_in_text(&content, EMBEDDED_DEPTH_MAX + 1) {
                return true;
            }
            rest = next;
        }
        self.is_in_percent(json)
    }

    /// Whether it is in a text, or in what is left of it without its escapes.
    fn is_in_text(&self, text: &str, layers: usize) -> bool {
        if self.stands_in(text, Layer::Text) || self.has_number(text) || self.is_in_percent(text) {
            return true;
        }
        if let Some(joined) = without_line_breaks(text)
            && self.stands_in(&joined, Layer::Text)
        {
            return true;
        }
        layers > 0 && text.contains('\\') && self.is_in_text(&unescape(text), layers - 1)
    }

    fn is_in_percent(&self, text: &str) -> bool {
        if memchr(b'%', text.as_bytes()).is_none() {
            return false;
        }
        let has_plus = memchr(b'+', text.as_bytes()).is_some();
        let pluses: &[Plus] = if has_plus { &[Plus::Space, Plus::Itself] } else { &[Plus::Itself] };
        pluses.iter().any(|plus| self.is_in_percent_with(text, *plus))
    }

    fn is_in_percent_with(&self, text: &str, plus: Plus) -> bool {
        let mut decoded = percent_decoded(text, plus);
        for _ in 0..PERCENT_LAYERS_MAX {
            let Some(text) = decoded else { return false };
            if self.stands_in(&text, Layer::Text) {
                return true;
            }
            decoded = percent_decoded(&text, plus);
        }
        // It goes on and on.
        decoded.is_some()
    }

    fn stands_in(&self, text: &str, layer: Layer) -> bool {
        self.filter.any(text.as_bytes(), |at| {
            Encoding::ALL.into_iter().any(|encoding| self.begins_at(text, at, encoding, layer))
        })
    }

    /// Whether a value begins at a place. So much is read as the longest value has that goes on like the text.
    fn begins_at(&self, text: &str, at: usize, encoding: Encoding, layer: Layer) -> bool {
        let mut read = self.read.borrow_mut();
        let is_one = |value: &[u8]| match (encoding, layer) {
            (Encoding::Plain, _) if value.iter().all(u8::is_ascii_digit) => !is_inside_digits(text, at, value.len()),
            (Encoding::Plain, Layer::Json) => !is_of_protocol(text, at, value.len()),
            (Encoding::Plain, Layer::Text) | (Encoding::Hexadecimal | Encoding::Base64 { .. }, _) => true,
        };
        let mut most = HEAD_BYTES;
        loop {
            encoding.read(text.as_bytes(), at, most, &mut read);
            let goes_on = match most {
                HEAD_BYTES => self.values.begin_with(&read),
                _ if self.spend(most) => return true,
                _ => {
                    if self.values.starting(&read).any(|value| self.spend(value.len()) || is_one(value)) {
                        return true;
                    }
                    read.len() == most && self.values.go_on_from(&read)
                }
            };
            if !goes_on {
                return false;
            }
            most *= READ_GROWTH;
        }
    }

    /// Whether a number is there in another spelling: one with a fraction or an exponent.
    fn has_number(&self, text: &str) -> bool {
        if self.numbers.is_empty() {
            return false;
        }
        let bytes = text.as_bytes();
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let is_written_so = |three: &[u8]| {
            matches!(three, [before, b'.' | b'e' | b'E', after]
                if is_digit(*before) && (is_digit(*after) || matches!(after, b'+' | b'-')))
        };
        bytes.windows(3).enumerate().filter(|(_, three)| is_written_so(three)).any(|(at, _)| {
            let number = number_around(text, at);
            self.spend(number.len())
                || canonical_number(number).is_some_and(|number| self.numbers.contains(number.as_str()))
        })
    }
}

/// The longest number around a digit.
fn number_around(text: &str, at: usize) -> &str {
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    let bytes = text.as_bytes();
    let before = bytes.get(..at).unwrap_or_default().iter().rev().take_while(|byte| is_part(byte)).count();
    let after = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_part(byte)).count();
    let number = text.get(at - before..at + after).unwrap_or_default();
    number.trim_start_matches(['+', '.', 'e', 'E']).trim_end_matches(['.', 'e', 'E', '+', '-'])
}

/// What a text is in which something is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// JSON as it is written.
    Json,
    /// What a string says.
    Text,
}

/// The length of a string's rest, up to its quotation mark.
fn string_end(rest: &str) -> usize {
    let mut is_escaped = false;
    let end = rest.bytes().position(|byte| match (is_escaped, byte) {
        (true, _) => {
            is_escaped = false;
            false
        }
        (false, b'\\') => {
            is_escaped = true;
            false
        }
        (false, byte) => byte == b'"',
    });
    end.unwrap_or(rest.len())
}

/// What a plus sign is beside percent signs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Plus {
    /// As forms write it.
    Space,
    /// As in paths, and wherever else reserved characters stay.
    Itself,
}

/// The text with `%41` and the like read; nothing if there is none of it. What is no UTF-8 then stands for itself.
pub(super) fn percent_decoded(text: &str, plus: Plus) -> Option<String> {
    memchr(b'%', text.as_bytes())?;
    let hex = |digit: Option<&u8>| digit.and_then(|digit| char::from(*digit).to_digit(16));
    let bytes = text.as_bytes();
    let mut out: Vec<u8> = Vec::new();
    let (mut at, mut is_any) = (0, false);
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%'
            && let (Some(high), Some(low)) = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2)))
        {
            is_any = true;
            out.push((high << 4 | low) as u8);
            at += 3;
            continue;
        }
        out.push(match (plus, *byte) {
            (Plus::Space, b'+') => b' ',
            (Plus::Space | Plus::Itself, byte) => byte,
        });
        at += 1;
    }
    is_any.then(|| String::from_utf8_lossy(&out).into_owned())
}

/// The text as one line, if it has long lines without a space, as base64 in mails has.
fn without_line_breaks(text: &str) -> Option<String> {
    let is_long = |line: &str| line.len() >= WRAPPED_LINE_BYTES_MIN && !line.contains(' ');
    (text.contains('\n') && text.lines().any(is_long)).then(|| text.split(['\r', '\n']).collect())
}

/// A number inside a longer number is not that number.
fn is_inside_digits(text: &str, at: usize, length: usize) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
    is_digit(before) || is_digit(text.as_bytes().get(at + length))
}

/// Most bytes that are compared with what was taken out: a fraction of a second.
const RESIDUE_WORK_MAX: usize = 1 << 26;

/// So much more is read where what was read is not all of it.
const READ_GROWTH: usize = 8;

/// Most times that a text is percent-decoded.
const PERCENT_LAYERS_MAX: usize = 4;

/// Lines of base64 in mails have 76 characters, in PEM 64, elsewhere fewer.
const WRAPPED_LINE_BYTES_MIN: usize = 16;
