//! The order of JSON numbers, found by comparing digits.

use std::cmp::Ordering;

pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (Decimal::read(left), Decimal::read(right));
    match (left.sign, right.sign) {
        (1, 1) => left.compare_size(&right),
        (-1, -1) => right.compare_size(&left),
        (left, right) => left.cmp(&right),
    }
}

/// `0.d1 d2 d3.. * 10^magnitude`, where `d1` is not 0.
struct Decimal {
    sign: i8,
    digits: String,
    magnitude: i64,
}

impl Decimal {
    fn read(literal: &str) -> Decimal {
        let (sign, size) = literal.strip_prefix('-').map_or((1, literal), |size| (-1, size));
        let (mantissa, exponent) = size.split_once(['e', 'E']).unwrap_or((size, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_start_matches('0');
        let zeros = digits.len() - significant.len();
        let exponent: i64 = exponent.trim_start_matches('+').parse().unwrap();
        Decimal {
            sign: if significant.is_empty() { 0 } else { sign },
            digits: significant.trim_end_matches('0').to_owned(),
            magnitude: whole.len() as i64 - zeros as i64 + exponent,
        }
    }

    /// Digits of the same magnitude are ordered like words: what is missing at the end is less than any digit but 0.
    fn compare_size(&self, other: &Decimal) -> Ordering {
        self.magnitude.cmp(&other.magnitude).then_with(|| self.digits.cmp(&other.digits))
    }
}
