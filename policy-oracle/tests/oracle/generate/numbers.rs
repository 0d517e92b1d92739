//! Families of numbers: equal in several spellings, and apart by one in the last place.

use num_bigint::BigInt;

use crate::random::Random;

/// A dozen numbers that are near each other, and a few that are far.
pub(crate) fn draw_numbers(random: &mut Random) -> Vec<String> {
    let bases = [
        ("500", 0),
        ("0", 0),
        ("1", 0),
        ("5", -1),
        ("-7", 0),
        ("100", -2),
        ("9007199254740992", 0),
        ("9223372036854775807", 0),
        ("18446744073709551615", 0),
        ("1", 30),
        ("1", -30),
        ("123456789012345678901234567890", -15),
        ("1", 308),
        ("5", -324),
        ("-1", 400),
    ];
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let (digits, exponent) = random.one_of(&bases);
        let base: BigInt = digits.parse().unwrap();
        // Sometimes the neighbour is far behind the last digit, where a double cannot see it.
        let fine = random.one_of(&[0, 0, 1, 22]);
        let base = base * BigInt::from(10).pow(fine);
        for step in [-1, 0, 0, 0, 1] {
            numbers.push(spelled(random, &(&base + step), exponent - fine as i32));
        }
    }
    numbers.push(random.one_of(&["0", "-0", "0.0", "-0e5", "0e-7", "1", "-1"]).to_owned());
    if random.chance(15) {
        numbers.extend(
            ["1e1000000000", "10e1000000000", "1E+1000000001", "-1e1000000000", "1e-1000000000"].map(str::to_owned),
        );
    }
    numbers
}

/// `digits * 10^exponent`, in one of its spellings.
fn spelled(random: &mut Random, digits: &BigInt, exponent: i32) -> String {
    match random.below(5) {
        0 | 1 if exponent.abs() <= 40 => plain(digits, exponent),
        2 if exponent.abs() <= 40 => {
            let number = plain(digits, exponent);
            if number.contains('.') { format!("{number}0") } else { format!("{number}.00") }
        }
        3 => format!("{}E{}", digits * 1_000, exponent - 3),
        4 => format!("{}e+0{}", plain(digits, -3), exponent + 3).replace("+0-", "-0"),
        _ => format!("{digits}e{exponent}"),
    }
}

/// Without exponent.
fn plain(digits: &BigInt, exponent: i32) -> String {
    let text = digits.to_string();
    let (sign, size) = text.strip_prefix('-').map_or(("", text.as_str()), |size| ("-", size));
    if exponent >= 0 {
        return if size == "0" { text } else { format!("{text}{}", "0".repeat(exponent as usize)) };
    }
    let places = exponent.unsigned_abs() as usize;
    let size = format!("{size:0>width$}", width = places + 1);
    let (whole, fraction) = size.split_at(size.len() - places);
    format!("{sign}{whole}.{fraction}")
}
