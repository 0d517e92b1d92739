//! Numbers by their exact value: 1, 1.0 and 10e-1 are one number, at any size.

use std::cmp::Ordering;

/// One spelling for all JSON number literals of a value; `None` for exponents beyond 64 bits.
pub fn canonical_number(literal: &str) -> Option<String> {
    let number = Decimal::parse(literal)?;
    let digits: String = number.digits.iter().copied().map(char::from).collect();
    let sign = if number.negative { "-" } else { "" };
    Some(format!("{sign}{digits}e{}", number.exponent))
}

/// The order of two JSON number literals by value; `None` for exponents beyond 64 bits.
pub fn compare_numbers(left: &str, right: &str) -> Option<Ordering> {
    if left == right {
        return Some(Ordering::Equal);
    }
    let (left, right) = (Decimal::parse(left)?, Decimal::parse(right)?);
    Some(match (left.negative, right.negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => left.compare_magnitude(&right)?,
        (true, true) => right.compare_magnitude(&left)?,
    })
}

/// Whether two JSON number literals have the same value. An exponent beyond 64 bits equals only its own spelling.
pub(super) fn equal(left: &str, right: &str) -> bool {
    left == right || matches!((Decimal::parse(left), Decimal::parse(right)), (Some(left), Some(right)) if left == right)
}

/// Sign, digits without zeros at either end, and the power of ten of the last digit.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn compare_magnitude(&self, other: &Decimal) -> Option<Ordering> {
        let highest = |number: &Decimal| number.exponent.checked_add(i64::try_from(number.digits.len()).ok()?);
        Some(match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Digits carry no zeros at their ends, so that after the highest power they compare like words.
            (false, false) => highest(self)?.cmp(&highest(other)?).then_with(|| self.digits.cmp(&other.digits)),
        })
    }

    fn parse(literal: &str) -> Option<Decimal> {
        let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
        let (sign, magnitude) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        let mut exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
        exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0').collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
            exponent = exponent.checked_add(1)?;
        }
        if digits.is_empty() {
            return Some(Decimal { negative: false, digits, exponent: 0 });
        }
        Some(Decimal { negative: sign, digits, exponent })
    }
}
