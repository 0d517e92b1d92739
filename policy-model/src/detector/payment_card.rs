//! Numbers of payment cards: a known issuer's first digits, its lengths, Luhn's checksum.

use std::ops::{Range, RangeInclusive};

use super::digit_groups::{DigitGroups, Gap, Group};
use super::text::Text;

pub(super) fn find(text: Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut free = 0;
    let mut groups = DigitGroups::of(text);
    while groups.advance() {
        let start = groups.start();
        if start >= free
            && let Some(end) = card_end(&groups)
        {
            found.push(start..end);
            free = end;
        }
    }
}

/// The end of the longest card number that begins here.
fn card_end(groups: &DigitGroups<'_>) -> Option<usize> {
    let first_six = groups.digits(6).fold(0, |number: u32, digit| number * 10 + u32::from(digit));
    let mut issuers = ISSUERS.iter().filter(|(numbers, _)| numbers.contains(&first_six)).peekable();
    issuers.peek()?;
    let mut total = 0;
    let mut end = None;
    for (index, last) in groups.groups().iter().enumerate() {
        total += last.digits;
        if total > DIGITS_MAX {
            break;
        }
        if issuers.clone().any(|(_, lengths)| lengths.contains(&total))
            && is_card_shape(groups.groups().get(..=index).unwrap_or_default())
            && groups.stand_alone(last.end)
            && has_luhn(groups, total)
        {
            end = Some(last.end);
        }
    }
    end
}

/// One separator throughout, and groups as on a card: all of one digit, or a first of 4, 6 or 8 and no others of one or two
/// but the last.
fn is_card_shape(groups: &[Group]) -> bool {
    let [first, rest @ ..] = groups else { return false };
    let Some((last, middle)) = rest.split_last() else { return true };
    let is_one_gap = rest.iter().all(|group| group.gap == last.gap);
    let is_gap = match last.gap {
        Gap::Space | Gap::Dash | Gap::Dot | Gap::Slash => true,
        Gap::None | Gap::Open | Gap::Close | Gap::Wide => false,
    };
    let is_single_digits = groups.iter().all(|group| group.digits == 1);
    let is_grouped = matches!(first.digits, 4 | 6 | 8) && middle.iter().all(|group| group.digits >= 3);
    is_one_gap && is_gap && (is_single_digits || is_grouped)
}

fn has_luhn(groups: &DigitGroups<'_>, total: usize) -> bool {
    let sum: u32 = groups
        .digits(total)
        .enumerate()
        .map(|(index, digit)| {
            let digit = u32::from(digit);
            let doubled = 2 * digit;
            if (total - index).is_multiple_of(2) { doubled / 10 + doubled % 10 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

const DIGITS_MAX: usize = 19;

/// First six digits and lengths: ISO/IEC 7812 ranges as the networks publish them.
const ISSUERS: &[(RangeInclusive<u32>, RangeInclusive<usize>)] = &[
    // Visa.
    (400_000..=499_999, 13..=13),
    (400_000..=499_999, 16..=16),
    (400_000..=499_999, 19..=19),
    // Mastercard.
    (510_000..=559_999, 16..=16),
    (222_100..=272_099, 16..=16),
    // American Express.
    (340_000..=349_999, 15..=15),
    (370_000..=379_999, 15..=15),
    // Diners Club.
    (300_000..=305_999, 14..=19),
    (309_500..=309_599, 14..=19),
    (360_000..=369_999, 14..=19),
    (380_000..=399_999, 14..=19),
    // Discover.
    (601_100..=601_199, 16..=19),
    (644_000..=659_999, 16..=19),
    // JCB.
    (352_800..=358_999, 16..=19),
    (180_000..=180_099, 15..=15),
    (213_100..=213_199, 15..=15),
    // UnionPay.
    (620_000..=629_999, 16..=19),
    (810_000..=817_199, 16..=19),
    // Maestro.
    (500_000..=509_999, 12..=19),
    (560_000..=589_999, 12..=19),
    (630_400..=630_499, 12..=19),
    (639_000..=639_099, 12..=19),
    (670_000..=679_999, 12..=19),
    // Mir.
    (220_000..=220_499, 16..=19),
    // RuPay.
    (600_000..=609_999, 16..=16),
    (817_200..=829_999, 16..=16),
];
