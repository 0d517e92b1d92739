//! The national forms of telephone numbers that have enough structure to be told from other numbers.

use super::super::digit_groups::{DigitGroups, Gap, Group, total};

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
            || is_mobile(groups, first, lead, second))
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

/// A trunk zero and 8 to 11 more digits in two groups or more, or a mobile number of France, Germany or Britain in one.
fn is_with_trunk_zero(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let sizes = || first.iter().map(|group| group.digits);
    let is_single_gap = match first {
        [_, _, rest @ ..] => rest.iter().all(|group| first.last().is_some_and(|last| group.gap == last.gap)),
        _ => true,
    };
    match first {
        [Group { digits, .. }] => {
            MOBILE_WITH_ZERO.iter().any(|(start, length)| length == digits && groups.starts_with(start))
        }
        [Group { digits: 2, .. }, Group { digits: 2, .. }, Group { digits: 4, .. }, ..] => false,
        [area, second, ..] => {
            (9..=12).contains(&total(first))
                && (2..=6).contains(&area.digits)
                && sizes().skip(1).all(|digits| (2..=8).contains(&digits))
                && is_single_gap
                && is_plain(second.gap, first)
        }
        [] => false,
    }
}

/// 00, a country code and a number, in groups.
fn is_with_exit_zeros(groups: &DigitGroups<'_>, first: &[Group]) -> bool {
    let is_country = groups.digits(3).nth(2).is_some_and(|digit| digit != 0);
    let is_grouped = match first {
        [exit, number @ ..] => {
            (2..=6).contains(&exit.digits) && !number.is_empty() && number.iter().all(|group| group.digits >= 2)
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

/// Forms without a trunk digit: mobile numbers of China, India, Brazil, Spain and Italy, and Russian ones after an 8.
fn is_mobile(groups: &DigitGroups<'_>, first: &[Group], lead: u8, second: u8) -> bool {
    let sizes = || first.iter().map(|group| group.digits);
    let is_one_gap = first
        .get(1)
        .is_some_and(|second| is_plain(second.gap, first) && first.iter().skip(1).all(|group| group.gap == second.gap));
    let is_gaps = |wanted: &[Gap]| first.iter().skip(1).map(|group| group.gap).eq(wanted.iter().copied());
    let third = groups.digits(3).nth(2).unwrap_or_default();
    (is_one_gap && sizes().eq([3, 4, 4]) && lead == 1 && second >= 3)
        || (is_gaps(&[Gap::Space]) && sizes().eq([5, 5]) && lead >= 6)
        || (is_gaps(&[Gap::Space, Gap::Dash]) && sizes().eq([2, 5, 4]) && third == 9)
        || (is_gaps(&[Gap::Space, Gap::Space, Gap::Space]) && sizes().eq([3, 2, 2, 2]) && lead >= 6)
        || (is_gaps(&[Gap::Space]) && sizes().eq([3, 7]) && lead == 3)
        || (sizes().eq([1, 3, 3, 2, 2]) && lead == 8 && is_gaps(&[Gap::Space, Gap::Space, Gap::Dash, Gap::Dash]))
}

/// Whether a gap is one that stands within national numbers; a dot only where there is no other.
fn is_plain(gap: Gap, groups: &[Group]) -> bool {
    match gap {
        Gap::Space | Gap::Dash | Gap::Slash | Gap::Close => true,
        Gap::Dot => groups.iter().skip(1).all(|group| group.gap == Gap::Dot),
        Gap::None | Gap::Open | Gap::Wide => false,
    }
}

/// How mobile numbers begin that are often written without separators, and how many digits they have.
const MOBILE_WITH_ZERO: &[(&[u8], usize)] = &[
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
