//! Numbers as an integer and a power of ten.

use num_bigint::BigInt;

/// An integer and the power of ten that it is multiplied by.
pub(crate) fn parts(literal: &str) -> (BigInt, i64) {
    let lower = literal.to_ascii_lowercase();
    let mut halves = lower.split('e');
    let mantissa = halves.next().unwrap();
    let exponent: i64 = halves.next().map_or(0, |exponent| exponent.parse().unwrap());
    let fraction = mantissa.find('.').map_or(0, |point| mantissa.len() - point - 1);
    let digits: BigInt = mantissa.replace('.', "").parse().unwrap();
    (digits, exponent - fraction as i64)
}

/// The nearest numbers with one digit more.
pub(crate) fn neighbours(literal: &str) -> [String; 2] {
    let (digits, exponent) = parts(literal);
    [-1, 1].map(|step| format!("{}e{}", &digits * 10 + step, exponent - 1))
}
