//! What holds inside: the glance leaves nothing out, digits of all scripts are known.

use proptest::prelude::*;
use proptest::sample::select;
use regex::Regex;

use super::characters::fold;
use super::{Detector, Detectors};

const PIECES: &[&str] = &[
    "a",
    "b",
    "B",
    "Bearer ",
    "basic ",
    "@",
    "＠",
    "﹫",
    ".",
    "．",
    "｡",
    ":",
    "：",
    "-",
    "–",
    "−",
    "=",
    "＝",
    "&",
    "?",
    "//",
    " ",
    "\u{a0}",
    "1",
    "12",
    "4111",
    "٤",
    "１",
    "𝟏",
    "९",
    "\u{200b}",
    "\u{ad}",
    "\u{feff}",
    "\u{e0041}",
    "é",
    "漢",
    "-----BEGIN PRIVATE KEY-----",
    "eyJhbGciOiJub25lIn0.e30.",
    "AKIAIOSFODNN7EXAMPLE",
    "glpat-abcdefghij0123456789",
    "secret=",
    "ＡＫＩＡ",
    "de",
    "::",
    "fe80",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_a_glance_leaves_out_would_have_found_nothing(pieces in proptest::collection::vec(select(PIECES), 0..30)) {
        let text = pieces.concat();
        prop_assert_eq!(Detectors::all().find(&text), Detectors::all().scan(&text));
    }
}

#[test]
fn every_decimal_digit_of_unicode_folds_to_its_value() {
    let is_digit = Regex::new(r"^\p{Nd}$").unwrap();
    let digits: Vec<char> = ('\u{80}'..=char::MAX).filter(|digit| is_digit.is_match(&digit.to_string())).collect();
    assert!(digits.len() > 600);
    for ten in digits.chunks(10) {
        let values: Vec<Option<u8>> = ten.iter().map(|digit| fold(*digit)).collect();
        assert_eq!(values, (b'0'..=b'9').map(Some).collect::<Vec<_>>(), "{ten:?}");
    }
}

#[test]
fn words_and_detectors_are_the_same_list() {
    let words: Vec<&str> = Detector::ALL.iter().map(|detector| detector.word()).collect();
    assert_eq!(words, Detector::WORDS);
    for detector in Detector::ALL {
        assert_eq!(Detector::of(detector.word()), Some(*detector));
    }
    assert_eq!(Detector::of("email"), None);
}

#[test]
fn sets_hold_what_was_put_into_them() {
    let two: Detectors = [Detector::Email, Detector::UrlCredentials].into_iter().collect();
    assert!(two.contains(Detector::Email) && !two.contains(Detector::Phone) && !two.is_empty());
    assert_eq!(two.intersection(Detectors::NONE.with(Detector::Email)).iter().collect::<Vec<_>>(), [Detector::Email]);
    assert_eq!(two.union(Detectors::all()), Detectors::all());
    assert!(Detectors::NONE.is_empty() && Detectors::NONE.find("a@b.de").is_empty());
}
