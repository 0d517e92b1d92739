//! Telephone numbers: international ones, the national forms of many countries, and any number that is called one.

mod national;

use std::ops::Range;

use super::characters::is_word;
use super::digit_groups::{DigitGroups, Gap, Group, total};
use super::text::Text;
use national::is_national;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut free = 0;
    let mut groups = DigitGroups::of(text);
    while groups.advance() {
        let start = start(&groups);
        if start >= free
            && let Some(end) = number_end(&groups, start)
        {
            free = extension_end(text, end).unwrap_or(end);
            found.push(start..free);
        }
    }
}

/// A plus sign or an opening parenthesis before the first digit belongs to the number.
fn start(groups: &DigitGroups<'_>) -> usize {
    let (text, start) = (groups.text(), groups.start());
    let is_closed = groups.groups().get(1).is_some_and(|group| group.gap == Gap::Close);
    match (text.before(start, 2), text.before(start, 1)) {
        (b'(', b'+') | (b'+', b'(') if is_closed => start - 2,
        (_, b'+') => start - 1,
        (_, b'(') if is_closed => start - 1,
        _ => start,
    }
}

fn number_end(groups: &DigitGroups<'_>, start: usize) -> Option<usize> {
    let text = groups.text();
    if total(groups.groups()) < DIGITS_MIN {
        return None;
    }
    if text.slice(start..groups.start()).contains(&b'+') {
        return longest(groups, is_international).filter(|_| !text.before(start, 1).is_ascii_digit());
    }
    if !begins_number(text, start) {
        return None;
    }
    longest(groups, is_national).or_else(|| longest(groups, is_any).filter(|_| is_called_phone(text, start)))
}

/// The end of the most groups from here that are a number of a form.
fn longest(groups: &DigitGroups<'_>, is_form: fn(&DigitGroups<'_>, &[Group]) -> bool) -> Option<usize> {
    let mut digits = 0;
    let mut longest = None;
    for (index, last) in groups.groups().iter().take(GROUPS_MAX).enumerate() {
        digits += last.digits;
        if digits > DIGITS_MAX {
            break;
        }
        let first = groups.groups().get(..=index).unwrap_or_default();
        if digits >= DIGITS_MIN && is_form(groups, first) && ends_number(groups.text(), last.end) {
            longest = Some(last.end);
        }
    }
    longest
}

/// E.164: a country code that does not begin with zero, 8 to 15 digits in all, 11 of them in North America.
fn is_international(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let total = total(first);
    let mut digits = groups.digits(2);
    let is_total = match digits.next() {
        Some(0) | None => false,
        Some(1) => total == 11,
        Some(_) => (8..=15).contains(&total),
    };
    is_total && first.iter().all(|group| group.gap != Gap::Wide)
}

/// A number of 7 to 15 digits, in any form that is not a date's or an address's.
fn is_any(_: &DigitGroups<'_>, first: &[Group]) -> bool {
    let sizes = first.iter().map(|group| group.digits);
    let is_date = sizes.clone().eq([4, 2, 2]) || sizes.clone().eq([2, 2, 4]);
    let is_dotted = first.len() == 4 && first.iter().skip(1).all(|group| group.gap == Gap::Dot);
    let is_short = first.len() <= 6 && sizes.clone().skip(1).all(|digits| digits >= 2);
    let is_wide = first.iter().any(|group| group.gap == Gap::Wide);
    total(first) <= 15 && is_short && !is_date && !is_dotted && !is_wide
}

/// Whether nothing before it makes these digits a part of something else: a word, an amount, a time, a path, a number of an order.
fn begins_number(text: Text<'_>, start: usize) -> bool {
    let (second, first) = (text.before(start, 2), text.before(start, 1));
    let is_continued = match first {
        b'-' | b'.' => is_word(second) || second == first,
        b':' => second.is_ascii_digit(),
        b'/' | b'#' | b'$' | b'+' | b'*' | b'@' | b'%' | b'&' => true,
        b'_' | b'0'..=b'9' => true,
        _ => text.is_inside_word(start),
    };
    !is_continued
}

fn ends_number(text: Text<'_>, end: usize) -> bool {
    let next = text.at(end + 1);
    let goes_on = match text.at(end) {
        b'@' | b'%' => true,
        b'.' | b':' => next.is_ascii_digit(),
        b'-' | b'_' => next.is_ascii_alphanumeric(),
        _ => text.is_inside_word(end) && extension_end(text, end).is_none(),
    };
    !goes_on
}

/// `x123`, ` ext. 123`.
fn extension_end(text: Text<'_>, end: usize) -> Option<usize> {
    let word = text.end_of(end, |byte| matches!(byte, b' ' | b','));
    let length = EXTENSIONS.iter().find(|extension| text.reads_at(word, extension))?.len();
    let digits = text.end_of(word + length, |byte| matches!(byte, b' ' | b'.' | b':'));
    if word - end > 2 || digits - word - length > 2 {
        return None;
    }
    let last = text.end_of(digits, |byte| byte.is_ascii_digit());
    ((1..=6).contains(&(last - digits)) && !text.is_inside_word(last)).then_some(last)
}

/// Whether a word shortly before says that this is a telephone number.
fn is_called_phone(text: Text<'_>, start: usize) -> bool {
    let before = text.last_before(start, WORD_DISTANCE_MAX);
    let after_digits = before.iter().rposition(u8::is_ascii_digit).map(|digit| digit + 1).unwrap_or_default();
    let before = before.get(after_digits..).unwrap_or_default();
    let is_letter = |place: Option<usize>| place.and_then(|p| before.get(p)).is_some_and(u8::is_ascii_alphabetic);
    WORDS.iter().any(|(word, is_whole)| {
        before.windows(word.len()).enumerate().any(|(place, window)| {
            window.eq_ignore_ascii_case(word)
                && !(*is_whole && (is_letter(place.checked_sub(1)) || is_letter(Some(place + word.len()))))
        })
    })
}

/// Fewest and most digits of a number, prefixes included.
const DIGITS_MIN: usize = 7;
const DIGITS_MAX: usize = 17;

/// Most groups of a number.
const GROUPS_MAX: usize = 8;

/// How far before a number a word may stand, in bytes.
const WORD_DISTANCE_MAX: usize = 24;

/// Words for a telephone, and whether they count only as whole words.
const WORDS: &[(&[u8], bool)] = &[
    (b"phone", false),
    (b"telefon", false),
    (b"mobile", false),
    (b"mobil", true),
    (b"handy", true),
    (b"celular", true),
    (b"whatsapp", false),
    (b"tel", true),
    (b"cell", true),
    (b"call", true),
    (b"callback", true),
    (b"landline", true),
    (b"dial", true),
    (b"fax", true),
    (b"sms", true),
];

const EXTENSIONS: &[&[u8]] = &[b"extension", b"ext", b"x"];
