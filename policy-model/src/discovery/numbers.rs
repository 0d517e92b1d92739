//! Numbers that stand for all others.

use std::cmp::Ordering;

use crate::json::{canonical_number, compare_numbers};

/// Numbers among which every number has one that compares in the same way with each of some constants; `count` of them
/// wherever there is room. None if there is an exponent at the end of the 64 bits.
///
/// Complete: comparing with constants sees no more of a number than the constant it equals, or the two between which it lies,
/// and so do `count` numbers that are also compared with each other, as between two decimals there is always another one.
pub(super) fn representatives(constants: &[&str], count: usize) -> Option<Vec<String>> {
    // What has an exponent beyond 64 bits compares with its own spelling alone.
    let mut points: Vec<(&str, Decimal)> =
        constants.iter().filter_map(|constant| Some((*constant, Decimal::parse(constant)?))).collect();
    points.sort_by(|left, right| compare_numbers(left.0, right.0).unwrap_or(Ordering::Equal));
    let mut found = Vec::new();
    match (points.first(), points.last()) {
        (Some((_, least)), Some((_, greatest))) => {
            fill(&mut found, count, least, Decimal::below)?;
            fill(&mut found, count, greatest, Decimal::above)?;
        }
        (_, _) => {
            found.push("0".to_owned());
            fill(&mut found, count.saturating_sub(1), &Decimal::zero(), Decimal::above)?;
        }
    }
    for (low, high) in points.iter().zip(points.iter().skip(1)) {
        match compare_numbers(low.0, high.0) {
            Some(Ordering::Less) => fill(&mut found, count, &high.1, |high| low.1.between(high))?,
            Some(Ordering::Equal | Ordering::Greater) | None => {}
        }
    }
    found.extend(constants.iter().map(|constant| (*constant).to_owned()));
    Some(found)
}

/// `count` numbers, each made from the one before.
fn fill(
    found: &mut Vec<String>,
    count: usize,
    start: &Decimal,
    next: impl Fn(&Decimal) -> Option<Decimal>,
) -> Option<()> {
    let mut last = start.clone();
    for _ in 0..count {
        last = next(&last)?;
        found.push(last.text());
    }
    Some(())
}

/// Sign, digits without zeros at either end, and the power of ten of the last digit.
#[derive(Clone)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn zero() -> Decimal {
        Decimal { is_negative: false, digits: String::new(), exponent: 0 }
    }

    fn parse(literal: &str) -> Option<Decimal> {
        let canonical = canonical_number(literal)?;
        let (mantissa, exponent) = canonical.split_once('e')?;
        let (is_negative, digits) = mantissa.strip_prefix('-').map_or((false, mantissa), |digits| (true, digits));
        Some(Decimal { is_negative, digits: digits.to_owned(), exponent: exponent.parse().ok()? })
    }

    fn text(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let digits = if self.is_zero() { "0" } else { &self.digits };
        format!("{sign}{digits}e{}", self.exponent)
    }

    fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    fn negated(&self) -> Decimal {
        Decimal { is_negative: !self.is_negative && !self.is_zero(), ..self.clone() }
    }

    fn above(&self) -> Option<Decimal> {
        if self.is_negative {
            return Some(Decimal::zero());
        }
        // The next power of ten, as 1000 after 999 and 1 after 0.
        let exponent = self.exponent.checked_add(i64::try_from(self.digits.len()).ok()?)?;
        Some(Decimal { is_negative: false, digits: "1".to_owned(), exponent })
    }

    fn below(&self) -> Option<Decimal> {
        Some(self.negated().above()?.negated())
    }

    /// A number between this one and a greater one.
    fn between(&self, high: &Decimal) -> Option<Decimal> {
        match (self.is_negative, high.is_negative) {
            (true, false) if !high.is_zero() => Some(Decimal::zero()),
            (true, _) => Some(high.negated().between_magnitudes(&self.negated())?.negated()),
            (false, _) => self.between_magnitudes(high),
        }
    }

    fn between_magnitudes(&self, high: &Decimal) -> Option<Decimal> {
        if self.is_zero() {
            return Some(Decimal { exponent: high.exponent.checked_sub(1)?, ..high.clone() });
        }
        // With the lower one's digits first it stays below where the other's are greater; where they only go on, it is less than
        // they are by as many zeros.
        let zeros = high.digits.len().saturating_sub(self.digits.len());
        let digits = format!("{}{}1", self.digits, "0".repeat(zeros));
        let exponent = self.exponent.checked_sub(i64::try_from(zeros).ok()?)?.checked_sub(1)?;
        Some(Decimal { is_negative: false, digits, exponent })
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::representatives;
    use crate::json::compare_numbers;

    #[test]
    fn there_are_numbers_around_and_between_all_constants() {
        let constants = [
            "-1e400",
            "-1000",
            "-12.5",
            "-12",
            "-0.001",
            "0",
            "1e-300",
            "0.1",
            "0.10001",
            "0.1001",
            "1",
            "1.0001",
            "9",
            "9.99",
            "10",
            "11",
            "100",
            "1e9000000000000000000",
        ];
        let count = 3;
        let found = representatives(&constants, count).unwrap();
        let between = |low: Option<&str>, high: Option<&str>| {
            let is_between = |number: &&String| {
                low.is_none_or(|low| compare_numbers(low, number) == Some(Ordering::Less))
                    && high.is_none_or(|high| compare_numbers(number, high) == Some(Ordering::Less))
            };
            let mut inside: Vec<&String> = found.iter().filter(is_between).collect();
            inside.sort_by(|left, right| compare_numbers(left, right).unwrap());
            inside.dedup_by(|left, right| compare_numbers(left, right) == Some(Ordering::Equal));
            inside.len()
        };
        assert_eq!(between(None, Some(constants[0])), count);
        assert_eq!(between(constants.last().copied(), None), count);
        for pair in constants.windows(2) {
            assert_eq!(between(Some(pair[0]), Some(pair[1])), count, "{pair:?}");
        }
    }

    #[test]
    fn without_constants_there_are_as_many_numbers_as_asked_for() {
        assert_eq!(representatives(&[], 3).unwrap(), ["0", "1e0", "1e1"]);
    }

    #[test]
    fn at_the_end_of_the_exponents_there_is_no_answer() {
        assert_eq!(representatives(&["1e9223372036854775807"], 1), None);
        assert_eq!(representatives(&["0", "1e-9223372036854775808"], 1), None);
        assert!(
            representatives(&["1e99999999999999999999"], 1).unwrap().contains(&"1e99999999999999999999".to_owned())
        );
    }
}
