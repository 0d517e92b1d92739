//! Numbers are compared by their exact value, whatever their spelling and size.
#![cfg(test)]

#[path = "support/random.rs"]
mod random;

use proptest::prelude::any;
use proptest::test_runner::Config;
use proptest::{prop_assert_eq, proptest};

use policy_model::json;
use random::Random;

#[test]
fn spellings_of_one_number_are_equal() {
    for (left, right) in [
        ("1", "1.0"),
        ("1", "10e-1"),
        ("1", "0.1E+1"),
        ("1", "0.00000000000000000001e20"),
        ("100", "1e2"),
        ("0", "-0"),
        ("0", "-0.000e-99"),
        ("0", "0e400"),
        ("-1.50", "-15e-1"),
        ("1e400", "10e399"),
        ("1e400", "0.1e401"),
        ("1e-400", "0.01e-398"),
        ("12345678901234567890", "1234567890123456789.0e1"),
        ("1e99999999999999999999999", "1e99999999999999999999999"),
    ] {
        check(left, right, true);
    }
}

#[test]
fn numbers_that_a_double_cannot_tell_apart_are_not_equal() {
    for (left, right) in [
        ("12345678901234567890", "12345678901234567891"),
        ("9007199254740992", "9007199254740993"),
        ("0.1", "0.1000000000000000055511151231257827"),
        ("1e400", "1e401"),
        ("1e400", "-1e400"),
        ("1e-400", "0"),
        ("1e-400", "1e-401"),
        ("1e9223372036854775807", "1e9223372036854775806"),
        ("1e99999999999999999999999", "1e99999999999999999999998"),
        ("1", "-1"),
        ("1", "10"),
    ] {
        check(left, right, false);
    }
}

#[test]
fn a_number_is_not_the_text_of_it() {
    check("1", "\"1\"", false);
    check("true", "1", false);
    check("null", "0", false);
    check("\"1\"", "\"1\"", true);
}

proptest! {
    #![proptest_config(Config { cases: 5_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn numbers_are_equal_exactly_if_their_digits_and_power_of_ten_are(
        numbers in any::<[(bool, u32, i8); 2]>(), is_same in any::<bool>(), seeds in any::<[u64; 2]>(),
    ) {
        let [left, other] = numbers;
        let right = if is_same { left } else { other };
        let is_equal = canonical(left) == canonical(right);
        let (left, right) = (spell(left, seeds[0]), spell(right, seeds[1]));
        let (left, right) = (json::parse(left.as_bytes()).unwrap(), json::parse(right.as_bytes()).unwrap());
        prop_assert_eq!(left.root().equals(right.root()), is_equal, "{} and {}", left.text(), right.text());
    }
}

/// Sign, digits and power of ten, without zeros at the end of the digits.
fn canonical((is_negative, mut digits, power): (bool, u32, i8)) -> (bool, u32, i32) {
    let mut power = i32::from(power);
    if digits == 0 {
        return (false, 0, 0);
    }
    while digits % 10 == 0 {
        digits /= 10;
        power += 1;
    }
    (is_negative, digits, power)
}

/// `digits * 10^power` with the point, zeros and exponent wherever they may stand.
fn spell((is_negative, digits, power): (bool, u32, i8), seed: u64) -> String {
    let random = &mut Random::new(seed);
    let mut power = i32::from(power);
    let zeros = random.below(4);
    let mut digits = format!("{digits}{}", "0".repeat(zeros));
    power -= zeros as i32;
    let after_point = random.below(digits.len() + 3);
    power += after_point as i32;
    if after_point >= digits.len() {
        digits = format!("{}{digits}", "0".repeat(after_point + 1 - digits.len()));
    }
    let (whole, fraction) = digits.split_at(digits.len() - after_point);
    let whole = if whole.trim_start_matches('0').is_empty() { "0" } else { whole.trim_start_matches('0') };
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if is_negative { "-" } else { "" };
    let exponent = match (power, random.one_of(&[0, 1, 2])) {
        (0, 0) => String::new(),
        (power, 1) => format!("E{power:+}"),
        (power, _) => format!("e{power:03}"),
    };
    format!("{sign}{whole}{point}{fraction}{exponent}")
}

fn check(left: &str, right: &str, is_equal: bool) {
    let (left, right) = (json::parse(left.as_bytes()).unwrap(), json::parse(right.as_bytes()).unwrap());
    assert_eq!(left.root().equals(right.root()), is_equal, "{} and {}", left.text(), right.text());
    assert_eq!(right.root().equals(left.root()), is_equal, "{} and {}", right.text(), left.text());
}
