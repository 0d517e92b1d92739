//! The national forms of telephone numbers that have enough structure to be told from other numbers.

use super::super::digit_groups::{DigitGroups, Gap, Group, total};
use super::super::label::last_word;

/// Whether the first groups of a number are one of the forms.
pub(super) fn is_national(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let mut digits = groups.digits(2);
    let (lead, second) = (digits.next().unwrap_or_default(), digits.next().unwrap_or_default());
    let is_wide = first.iter().any(|group| group.gap == Gap::Wide);
    !is_wide
        && (is_north_american(groups, first)
            || (lead == 0 && second != 0 && is_with_trunk_zero(groups, first))
            || (lead == 0 && second == 0 && is_with_exit_zeros(groups, first))
            || is_area_in_parentheses(groups, first)
            || is_mobile(groups, first, lead, second)
            || is_bare_mobile(groups, first))
}

/// NANP: area and exchange begin with 2 to 9; a 1 or 001 may stand before.
fn is_north_american(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let (prefix, number) = match first {
        [Group { digits: 1, .. }, number @ ..] if groups.starts_with(&[1]) => (1, number),
        [Group { digits: 3, .. }, number @ ..] if groups.starts_with(&[0, 0, 1]) => (3, number),
        number => (0, number),
    };
    let [Group { digits: 3, .. }, exchange @ Group { digits: 3, .. }, line @ Group { digits: 4, .. }] = number else {
        return false;
    };
    let is_gaps = match (exchange.gap, line.gap) {
        (Gap::Close | Gap::Slash, Gap::Space | Gap::Dash | Gap::Dot) => true,
        (Gap::Space, Gap::Space | Gap::Dash) | (Gap::Dash, Gap::Dash) | (Gap::Dot, Gap::Dot) => true,
        (Gap::Space | Gap::Dash | Gap::Dot | Gap::Close | Gap::Slash, _) => false,
        (Gap::None | Gap::Open | Gap::Wide, _) => false,
    };
    let is_given_out = |index| groups.digits(index + 1).nth(index).is_some_and(|digit| digit >= 2);
    is_gaps && is_given_out(prefix) && is_given_out(prefix + 3)
}

/// A trunk zero and 8 to 11 more digits in two groups or more; the groups of a social security number and of a ZIP code are
/// none.
fn is_with_trunk_zero(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let [area, second, rest @ ..] = first else { return false };
    let total = total(first);
    let sizes = || first.iter().map(|group| group.digits);
    let is_one_gap = rest.iter().all(|group| rest.first().is_some_and(|third| group.gap == third.gap));
    let is_swedish = second.gap == Gap::Dash && rest.first().is_some_and(|third| third.gap == Gap::Space);
    let is_other =
        sizes().take(3).eq([2, 2, 4]) || sizes().eq([3, 2, 4]) || (sizes().eq([5, 4]) && second.gap == Gap::Dash);
    ((9..=12).contains(&total) || (total == 8 && is_swedish))
        && (2..=6).contains(&area.digits)
        && sizes().skip(1).all(|digits| (2..=8).contains(&digits))
        && is_one_gap
        && is_plain(second.gap, first)
        && !is_other
        && !is_after_group(groups, area)
}

/// Whether a group of four comes after a group and a space, as in account and card numbers.
fn is_after_group(groups: &DigitGroups<'_>, area: &Group) -> bool {
    let (text, start) = (groups.text(), groups.start());
    area.digits == 4 && text.before(start, 1) == b' ' && text.before(start, 2).is_ascii_digit()
}

/// 00, a country code and a number, in groups.
fn is_with_exit_zeros(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let is_country = groups.digits(3).nth(2).is_some_and(|digit| digit != 0);
    let is_grouped = match first {
        [exit, number @ ..] => {
            (2..=6).contains(&exit.digits)
                && !is_after_group(groups, exit)
                && !number.is_empty()
                && number.iter().all(|group| group.digits >= 2)
        }
        [] => false,
    };
    is_country && is_grouped && (11..=17).contains(&total(first))
}

/// `(11) 91234-5678`, `(030) 901820`, `8 (495) 123-45-67`.
fn is_area_in_parentheses(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let is_opened = groups.text().before(groups.start(), 1) == b'(';
    let (area, number) = match first {
        [area, number @ ..] if is_opened => (area, number),
        [trunk, area, number @ ..] if trunk.digits == 1 && area.gap == Gap::Open && !is_opened => (area, number),
        _ => return false,
    };
    let Some(next) = number.first() else { return false };
    let is_area = match area.digits {
        2 => true,
        3 => groups.starts_with(&[0]) || !area_is_north_american(number),
        4 | 5 => groups.starts_with(&[0]),
        _ => false,
    };
    is_area
        && next.gap == Gap::Close
        && (9..=12).contains(&total(first))
        && number.iter().all(|group| (2..=8).contains(&group.digits))
        && number.iter().skip(1).all(|group| is_plain(group.gap, number))
}

/// Such a number has rules of its own.
fn area_is_north_american(number: &[Group]) -> bool {
    number.iter().map(|group| group.digits).eq([3, 4])
}

/// Forms without a trunk zero: mobile numbers of China, India, Spain and Italy, Brazilian numbers, Russian ones after an 8.
fn is_mobile(groups: &DigitGroups<'_>, first: &[Group], lead: u8, second: u8) -> bool {
    let sizes = || first.iter().map(|group| group.digits);
    let is_gaps = |wanted: &[Gap]| first.iter().skip(1).map(|group| group.gap).eq(wanted.iter().copied());
    let is_one_gap = is_gaps(&[Gap::Space, Gap::Space]) || is_gaps(&[Gap::Dash, Gap::Dash]);
    let third = groups.digits(3).nth(2).unwrap_or_default();
    (is_one_gap && sizes().eq([3, 4, 4]) && lead == 1 && second >= 3)
        || (is_gaps(&[Gap::Space]) && sizes().eq([5, 5]) && lead >= 6)
        || (is_gaps(&[Gap::Space, Gap::Dash]) && sizes().eq([2, 5, 4]) && third == 9)
        || (is_gaps(&[Gap::Space, Gap::Dash]) && sizes().eq([2, 4, 4]))
        || (is_gaps(&[Gap::Space, Gap::Space, Gap::Space]) && sizes().eq([3, 2, 2, 2]) && lead >= 6)
        || (is_gaps(&[Gap::Space]) && sizes().eq([3, 7]) && lead == 3)
        || (lead == 8 && is_after_eight(first))
}

/// `8 495 123-45-67`, `8 (495) 1234567`.
fn is_after_eight(first: &[Group]) -> bool {
    match first {
        [Group { digits: 1, .. }, area @ Group { digits: 3 | 4, .. }, number @ ..] => {
            let is_gap = match area.gap {
                Gap::Space | Gap::Open | Gap::Dash => true,
                Gap::None | Gap::Dot | Gap::Slash | Gap::Close | Gap::Wide => false,
            };
            is_gap && total(first) == 11 && !number.is_empty() && number.iter().all(|group| group.digits >= 2)
        }
        _ => false,
    }
}

/// Mobile numbers of China, France, Germany and Britain, which are often written in one group.
fn is_bare_mobile(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let [Group { digits, .. }] = first else { return false };
    let is_number = BARE_MOBILE.iter().any(|(start, length)| length == digits && groups.starts_with(start));
    let word = || last_word(groups.text(), groups.start());
    is_number && !OTHER_NUMBERS.iter().any(|other| word().eq_ignore_ascii_case(other))
}

/// Whether a gap is one that stands within national numbers; a dot only where there is no other.
fn is_plain(gap: Gap, groups: &[Group]) -> bool {
    match gap {
        Gap::Space | Gap::Dash | Gap::Slash | Gap::Close => true,
        Gap::Dot => groups.iter().skip(1).all(|group| group.gap == Gap::Dot),
        Gap::None | Gap::Open | Gap::Wide => false,
    }
}

/// How such numbers begin, and how many digits they have.
const BARE_MOBILE: &[(&[u8], usize)] = &[
    (&[1, 3], 11),
    (&[1, 4], 11),
    (&[1, 5], 11),
    (&[1, 6], 11),
    (&[1, 7], 11),
    (&[1, 8], 11),
    (&[1, 9], 11),
    (&[0, 6], 10),
    (&[0, 7], 10),
    (&[0, 7], 11),
    (&[0, 1, 5], 11),
    (&[0, 1, 5], 12),
    (&[0, 1, 6], 11),
    (&[0, 1, 6], 12),
    (&[0, 1, 7], 11),
    (&[0, 1, 7], 12),
];

/// Words before numbers of another kind.
const OTHER_NUMBERS: &[&[u8]] = &[b"isbn", b"order", b"invoice", b"id", b"account", b"ref"];
