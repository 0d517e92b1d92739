//! Numbers by their exact value: 1, 1.0 and 10e-1 are one number, at any size.

use std::cmp::Ordering;

/// One spelling for all JSON number literals of a value; `None` for exponents beyond 64 bits.
pub fn canonical_number(literal: &str) -> Option<String> {
    let number = Decimal::parse(literal)?;
    let sign = if number.negative { "-" } else { "" };
    Some(format!("{sign}{}{}e{}", number.whole, number.fraction, number.exponent))
}

/// The order of two JSON number literals by value; `None` for exponents beyond 64 bits.
pub fn compare_numbers(left: &str, right: &str) -> Option<Ordering> {
    if left == right {
        return Some(Ordering::Equal);
    }
    // What is no whole number of 64 bits is written with a point, an exponent or more digits.
    if let (Ok(left), Ok(right)) = (left.parse::<i64>(), right.parse()) {
        return Some(left.cmp(&right));
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
struct Decimal<'l> {
    negative: bool,
    /// The digits are these, and then those of `fraction`.
    whole: &'l str,
    fraction: &'l str,
    exponent: i64,
}

impl<'l> Decimal<'l> {
    fn parse(literal: &'l str) -> Option<Decimal<'l>> {
        let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
        let (negative, magnitude) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        let exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
        let exponent = exponent.checked_sub(length(fraction)?)?;

        let whole = whole.trim_start_matches('0');
        let fraction = if whole.is_empty() { fraction.trim_start_matches('0') } else { fraction };
        let digits = length(whole)? + length(fraction)?;
        let fraction = fraction.trim_end_matches('0');
        let whole = if fraction.is_empty() { whole.trim_end_matches('0') } else { whole };
        let number = Decimal { negative, whole, fraction, exponent };
        match number.digits_count()? {
            0 => Some(Decimal { negative: false, exponent: 0, ..number }),
            left => Some(Decimal { exponent: exponent.checked_add(digits - left)?, ..number }),
        }
    }

    fn compare_magnitude(&self, other: &Decimal<'_>) -> Option<Ordering> {
        let highest = |number: &Decimal<'_>| number.exponent.checked_add(number.digits_count()?);
        Some(match (self.digits_count()?, other.digits_count()?) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            // Digits carry no zeros at their ends, so that after the highest power they compare like words.
            (_, _) => highest(self)?.cmp(&highest(other)?).then_with(|| self.digits().cmp(other.digits())),
        })
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.bytes().chain(self.fraction.bytes())
    }

    fn digits_count(&self) -> Option<i64> {
        Some(length(self.whole)? + length(self.fraction)?)
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Decimal<'_>) -> bool {
        self.negative == other.negative && self.exponent == other.exponent && self.digits().eq(other.digits())
    }
}

fn length(digits: &str) -> Option<i64> {
    i64::try_from(digits.len()).ok()
}
