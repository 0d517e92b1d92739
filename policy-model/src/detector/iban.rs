//! Account numbers: a country's length and the checksum of ISO 7064 (mod 97-10).

use std::ops::Range;

use super::characters::is_word;
use super::text::Text;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut place = 0;
    while let Some(digit) = text.next(place, |byte| byte.is_ascii_digit()) {
        place = text.end_of(digit, |byte| byte.is_ascii_digit());
        if let Some(start) = start_before(text, digit)
            && let Some(end) = account_end(text, start)
        {
            found.push(start..end);
            place = end;
        }
    }
}

/// Where the letters of the country stand, if they are two and begin a word.
fn start_before(text: Text<'_>, digit: usize) -> Option<usize> {
    let is_country = text.before(digit, 1).is_ascii_alphabetic() && text.before(digit, 2).is_ascii_alphabetic();
    (is_country && text.at(digit + 1).is_ascii_digit() && !is_word(text.before(digit, 3))).then(|| digit - 2)
}

fn account_end(text: Text<'_>, start: usize) -> Option<usize> {
    let country = [text.at(start), text.at(start + 1)].map(|letter| letter.to_ascii_uppercase());
    let index = LENGTHS.binary_search_by(|(code, _)| code.as_bytes().cmp(&country)).ok()?;
    let (_, length) = LENGTHS.get(index)?;
    let mut characters = [0; LENGTH_MAX];
    let mut place = start;
    for slot in characters.iter_mut().take(*length) {
        if place > start && is_separator(text.at(place)) {
            place += 1;
        }
        *slot = text.at(place);
        place += 1;
        if !slot.is_ascii_alphanumeric() {
            return None;
        }
    }
    let characters = characters.get(..*length)?;
    (!is_word(text.at(place)) && has_checksum(characters)).then_some(place)
}

fn has_checksum(characters: &[u8]) -> bool {
    let Some((head, rest)) = characters.split_at_checked(4) else { return false };
    let remainder = rest.iter().chain(head).fold(0, |remainder: u32, character| match character {
        b'0'..=b'9' => (remainder * 10 + u32::from(character - b'0')) % 97,
        _ => (remainder * 100 + u32::from(character.to_ascii_uppercase() - b'A') + 10) % 97,
    });
    remainder == 1
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.')
}

const LENGTH_MAX: usize = 34;

/// The lengths of the IBAN registry (SWIFT), in the order of countries; territories and countries that use the form without being in it included.
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AO", 25),
    ("AT", 20),
    ("AX", 18),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BF", 28),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BJ", 28),
    ("BL", 27),
    ("BR", 29),
    ("BY", 28),
    ("CF", 27),
    ("CG", 27),
    ("CH", 21),
    ("CI", 28),
    ("CM", 27),
    ("CR", 22),
    ("CV", 25),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("DZ", 26),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GA", 27),
    ("GB", 22),
    ("GE", 22),
    ("GF", 27),
    ("GG", 22),
    ("GI", 23),
    ("GL", 18),
    ("GP", 27),
    ("GQ", 27),
    ("GR", 27),
    ("GT", 28),
    ("GW", 25),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IM", 22),
    ("IQ", 23),
    ("IR", 26),
    ("IS", 26),
    ("IT", 27),
    ("JE", 22),
    ("JO", 30),
    ("KM", 27),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MA", 28),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MF", 27),
    ("MG", 27),
    ("MK", 19),
    ("ML", 28),
    ("MN", 20),
    ("MQ", 27),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("MZ", 25),
    ("NC", 27),
    ("NE", 28),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PF", 27),
    ("PK", 24),
    ("PL", 28),
    ("PM", 27),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RE", 27),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SN", 28),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TD", 27),
    ("TF", 27),
    ("TG", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("WF", 27),
    ("XK", 20),
    ("YE", 30),
    ("YT", 27),
];
